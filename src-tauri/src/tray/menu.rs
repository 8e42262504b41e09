//! What the tray shows, as pure functions of the snapshot: a face, and the lines of the menu.

use daypass_core::accounts::Assignment;
use daypass_core::accounts::chains::shown;
use daypass_core::daypass::{Served, SessionStatus, Snapshot};
use daypass_core::session::State;

use super::offered;
use crate::language::Key;
use crate::words::{self, Here};

/// The four faces, told apart by their shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Face {
    Ok,
    Attention,
    SignedOut,
    Offline,
}

/// One line of the menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    Text(String),
    Line,
    Do(String, Action),
}

/// What a line does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Open,
    Search,
    SignIn(String),
    Console(Assignment),
    StopServing(Assignment),
    Mute,
    Unmute,
    Settings,
    Quit,
}

impl Action {
    /// By which the menu knows it. A menu may be rebuilt while somebody clicks in it: the line's
    /// number could then be that of another.
    pub(super) fn id(&self) -> String {
        format!("{self:?}")
    }
}

/// What the line of this id does, where there still is one.
pub(super) fn action(items: &[Item], id: &str) -> Option<Action> {
    items.iter().find_map(|item| match item {
        Item::Do(_, action) if action.id() == id => Some(action.clone()),
        Item::Do(..) | Item::Text(_) | Item::Line => None,
    })
}

/// The worst state wins.
pub(super) fn face(snapshot: &Snapshot) -> Face {
    let sessions = &snapshot.sessions;
    if sessions.iter().any(wants_attention) {
        Face::Attention
    } else if !sessions.iter().any(|it| it.state.is_usable()) {
        Face::SignedOut
    } else if sessions.iter().any(|it| it.state.is_usable() && !it.online) {
        Face::Offline
    } else {
        Face::Ok
    }
}

/// Whether only the user can help: the end is near or past, or something here is in the way.
fn wants_attention(session: &SessionStatus) -> bool {
    let in_the_way = session.trouble.as_ref();
    session.state == State::Lapsed
        || session.notice.is_some()
        || in_the_way.is_some_and(|it| !it.code.is_trouble_on_the_way())
}

pub(super) fn items(snapshot: &Snapshot, here: &Here) -> Vec<Item> {
    let status = |it| Item::Text(words::status(it, here));
    let sign_in =
        |it: &SessionStatus| Item::Do(words::sign_in(it, here), Action::SignIn(it.name.clone()));
    let console = |(line, it)| Item::Do(line, Action::Console(it));
    let needs_sign_in = snapshot.sessions.iter().filter(|it| needs_sign_in(it));
    let sections: [Vec<Item>; 6] = [
        snapshot.sessions.iter().map(status).collect(),
        ways_in(snapshot, here),
        offered::lines(snapshot).into_iter().map(console).collect(),
        needs_sign_in.map(sign_in).collect(),
        serving(snapshot, here),
        notifications(snapshot, here),
    ];
    let mut items = Vec::new();
    for section in sections.into_iter().filter(|it| !it.is_empty()) {
        items.extend(section);
        items.push(Item::Line);
    }
    items.push(Item::Do(here.language.say(Key::Settings), Action::Settings));
    items.push(Item::Do(here.language.say(Key::Quit), Action::Quit));
    items
}

/// What is handed out on this machine, each with its end.
fn serving(snapshot: &Snapshot, here: &Here) -> Vec<Item> {
    let line = |it: &Served| {
        let name = offered::name_of(snapshot, &it.assignment);
        let words = words::stop_serving(&name, shown(&it.assignment.role), it.until, here);
        Item::Do(words, Action::StopServing(it.assignment.clone()))
    };
    snapshot.served.iter().map(line).collect()
}

/// There is something to search once there is a session.
fn ways_in(snapshot: &Snapshot, here: &Here) -> Vec<Item> {
    let search = (Key::Search, Action::Search);
    let search = (!snapshot.sessions.is_empty()).then_some(search);
    let ways = [Some((Key::Open, Action::Open)), search];
    let item = |(key, action)| Item::Do(here.language.say(key), action);
    ways.into_iter().flatten().map(item).collect()
}

/// The heading of the icon: what the worst session does, as far as a tooltip is wide.
pub(super) fn tooltip(snapshot: &Snapshot, here: &Here) -> String {
    let first = |fits: fn(&SessionStatus) -> bool| snapshot.sessions.iter().find(|it| fits(it));
    let worst = first(wants_attention)
        .or_else(|| first(|it| it.state.is_usable() && !it.online))
        .or_else(|| first(|it| it.state.is_usable()))
        .or_else(|| first(|_| true));
    worst.map_or_else(
        || words::NAME.to_owned(),
        |it| words::tooltip(&words::status(it, here)),
    )
}

fn needs_sign_in(session: &SessionStatus) -> bool {
    session.sign_in.is_none() && (!session.state.is_usable() || session.notice.is_some())
}

/// Where there is something that could be notified.
fn notifications(snapshot: &Snapshot, here: &Here) -> Vec<Item> {
    match snapshot.muted_until {
        Some(until) => vec![
            Item::Text(words::muted(until, here)),
            Item::Do(here.language.say(Key::Unmute), Action::Unmute),
        ],
        None if snapshot.sessions.is_empty() => Vec::new(),
        None => vec![Item::Do(here.language.say(Key::Mute), Action::Mute)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use daypass_core::Code;
    use daypass_core::daypass::Failure;
    use daypass_core::notice::{Notice, Stage};
    use jiff::Timestamp;
    use jiff::tz::TimeZone;

    fn at(text: &str) -> Timestamp {
        format!("2026-03-02T{text}Z").parse().unwrap()
    }

    fn here() -> Here {
        Here {
            now: at("17:25:30"),
            zone: TimeZone::UTC,
            language: crate::language::Language::English,
        }
    }

    fn session(name: &str, state: State) -> SessionStatus {
        SessionStatus {
            name: name.into(),
            partition: "aws",
            state,
            online: true,
            renewable: true,
            looked_at: true,
            ..SessionStatus::default()
        }
    }

    fn ends(
        mut of: SessionStatus,
        stage: Option<Stage>,
        at: Timestamp,
        is_estimate: bool,
    ) -> SessionStatus {
        (of.ends_at, of.ends_at_is_estimate) = (Some(at), is_estimate);
        of.notice = stage.map(|stage| Notice {
            session: of.name.clone(),
            stage,
            ends_at: of.ends_at,
            is_estimate,
        });
        of
    }

    fn in_trouble(mut of: SessionStatus, code: Code) -> SessionStatus {
        of.online = !code.is_trouble_on_the_way();
        of.retry_at = Some(at("17:30:00"));
        of.trouble = Some(Failure {
            code,
            message: String::new(),
            hint: String::new(),
        });
        of
    }

    fn snapshot(sessions: Vec<SessionStatus>) -> Snapshot {
        Snapshot {
            sessions,
            ..Snapshot::default()
        }
    }

    fn lines(snapshot: &Snapshot) -> Vec<String> {
        let line = |item| match item {
            Item::Text(text) => format!("({text})"),
            Item::Line => "-".to_owned(),
            Item::Do(text, _) => text,
        };
        items(snapshot, &here()).into_iter().map(line).collect()
    }

    #[test]
    fn faces_and_words_of_a_session() {
        let active = || session("work", State::Active);
        let fading = || session("work", State::Fading);
        let (near, far) = (at("17:40:00"), at("21:00:00"));
        let known_user = SessionStatus {
            user: Some("mara".into()),
            ..active()
        };
        for (session, face_of_it, line, again) in [
            (
                session("work", State::SignedOut),
                Face::SignedOut,
                "work: signed out",
                "Sign in to work",
            ),
            (
                session("work", State::SigningIn),
                Face::SignedOut,
                "work: signing in…",
                "Sign in to work",
            ),
            (
                session("work", State::Lapsed),
                Face::Attention,
                "work: has ended",
                "Sign in again to work",
            ),
            (
                active(),
                Face::Ok,
                "work: signed in, renews automatically",
                "",
            ),
            (
                known_user,
                Face::Ok,
                "work (mara): signed in, renews automatically",
                "",
            ),
            (
                ends(active(), None, far, true),
                Face::Ok,
                "work: signed in, usually ends around 21:00",
                "",
            ),
            (
                ends(active(), None, far, false),
                Face::Ok,
                "work: signed in, ends at 21:00",
                "",
            ),
            (
                ends(fading(), Some(Stage::EndsSoon), near, true),
                Face::Attention,
                "work: usually ends around 17:40",
                "Sign in again to work",
            ),
            (
                ends(fading(), Some(Stage::EndsSoon), near, false),
                Face::Attention,
                "work: ends at 17:40",
                "Sign in again to work",
            ),
            (
                ends(fading(), Some(Stage::EndsVerySoon), at("17:30:00"), false),
                Face::Attention,
                "work: ends within 5 min",
                "Sign in again to work",
            ),
            (
                ends(fading(), Some(Stage::EndsVerySoon), at("17:20:00"), true),
                Face::Attention,
                "work: usually ends around 17:20",
                "Sign in again to work",
            ),
            (
                in_trouble(fading(), Code::Offline),
                Face::Offline,
                "work: cannot reach AWS, next try 17:30",
                "",
            ),
            (
                in_trouble(session("work", State::SignedOut), Code::KeychainLocked),
                Face::Attention,
                "work: cannot be read now",
                "Sign in to work",
            ),
            (
                in_trouble(active(), Code::KeychainLocked),
                Face::Attention,
                "work: needs a look: open Daypass",
                "",
            ),
        ] {
            let snapshot = snapshot(vec![session]);
            assert_eq!(face(&snapshot), face_of_it, "{line}");
            let lines = lines(&snapshot);
            assert_eq!(lines[0], format!("({line})"));
            let sign_in = lines.iter().find(|it| it.starts_with("Sign in"));
            assert_eq!(sign_in.map_or("", |it| it), again, "{line}");
        }
    }

    #[test]
    fn the_worst_state_wins() {
        let offline = in_trouble(session("a", State::Fading), Code::Offline);
        let lapsed = session("b", State::Lapsed);
        let fine = session("c", State::Active);
        assert_eq!(face(&snapshot(vec![])), Face::SignedOut);
        assert_eq!(
            face(&snapshot(vec![fine.clone(), offline.clone()])),
            Face::Offline
        );
        assert_eq!(
            face(&snapshot(vec![fine, offline, lapsed])),
            Face::Attention
        );
    }

    #[test]
    fn a_click_does_what_its_line_said_although_the_menu_has_changed() {
        let before = items(&snapshot(vec![session("a", State::Lapsed)]), &here());
        let sessions = ["a", "b"].map(|name| session(name, State::Lapsed));
        let after = items(&snapshot(sessions.to_vec()), &here());
        for item in &before {
            if let Item::Do(_, wanted) = item {
                assert_eq!(action(&after, &wanted.id()).as_ref(), Some(wanted));
            }
        }
        let gone = Action::SignIn("c".into());
        assert_eq!(action(&after, &gone.id()), None);
    }

    #[test]
    fn what_is_served_is_said_and_stopped() {
        let assignment = Assignment {
            session: "work".into(),
            account_id: "111122223333".into(),
            role: "ReadOnly".into(),
        };
        let mut some = snapshot(vec![session("work", State::Active)]);
        some.served = vec![Served {
            assignment: assignment.clone(),
            until: at("18:25:00"),
            failure: None,
        }];
        let line = "Serving 111122223333 as ReadOnly until 18:25: stop";
        assert!(
            lines(&some).contains(&line.to_owned()),
            "{:?}",
            lines(&some)
        );
        let stop = Action::StopServing(assignment);
        assert_eq!(action(&items(&some, &here()), &stop.id()), Some(stop));
    }

    #[test]
    fn notifications_are_muted_and_shown_again() {
        let empty = snapshot(vec![]);
        assert_eq!(
            lines(&empty),
            ["Open Daypass", "-", "Settings…", "Quit Daypass"]
        );
        let mut some = snapshot(vec![session("work", State::Active)]);
        assert!(lines(&some).contains(&"Mute notifications for 8 hours".to_owned()));
        some.muted_until = Some(at("23:00:00"));
        let lines = lines(&some);
        assert!(lines.contains(&"(Notifications are muted until 23:00)".to_owned()));
        assert!(lines.contains(&"Show notifications again".to_owned()));
    }
}
