//! The words of the tray and of notifications, in one place and pure; the page has a table of its own.

use daypass_core::accounts::labels::{Label, Shape};
use daypass_core::daypass::SessionStatus;
use daypass_core::notice::{Notice, Stage};
use daypass_core::session::State;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Longer names are cut.
const LONGEST: usize = 40;
/// How many sessions a notification names.
const NAMED: usize = 6;

pub(crate) const NAME: &str = "Daypass";
pub(crate) const OPEN: &str = "Open Daypass";
pub(crate) const SEARCH: &str = "Search…";
pub(crate) const SETTINGS: &str = "Settings…";
pub(crate) const QUIT: &str = "Quit Daypass";
pub(crate) const SIGN_IN_AGAIN: &str = "Sign in again";
pub(crate) const SNOOZE: &str = "Snooze";
pub(crate) const MUTE: &str = "Mute notifications for 8 hours";
pub(crate) const UNMUTE: &str = "Show notifications again";
/// Where a notification cannot have buttons.
pub(crate) const WITHOUT_BUTTONS: &str = "Open Daypass to sign in.";

/// The moment and the place that times are told for.
#[derive(Clone)]
pub(crate) struct Here {
    /// Now.
    pub(crate) now: Timestamp,
    /// Where the user's clock stands.
    pub(crate) zone: TimeZone,
}

impl Here {
    /// On this machine.
    pub(crate) fn at(now: Timestamp) -> Here {
        Here {
            now,
            zone: TimeZone::system(),
        }
    }

    /// A moment on the user's own clock: `17:40` today, `3 March 17:40` otherwise.
    fn clock(&self, at: Timestamp) -> String {
        let at = at.to_zoned(self.zone.clone());
        let today = self.now.to_zoned(self.zone.clone()).date();
        let format = if at.date() == today {
            "%H:%M"
        } else {
            "%-d %B %H:%M"
        };
        at.strftime(format).to_string()
    }
}

/// Title and lines of a notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) title: String,
    pub(crate) lines: Vec<String>,
}

/// What is told of the sessions that stand, as one text; `None` where none stands.
pub(crate) fn notification(standing: &[Notice], here: &Here) -> Option<Text> {
    match standing {
        [] => None,
        [notice] => Some(of_one(notice, here)),
        several => Some(of_several(several, here)),
    }
}

fn of_one(notice: &Notice, here: &Here) -> Text {
    let name = plain(&notice.session);
    let (title, line) = match notice.stage {
        Stage::EndsSoon => (format!("{name} {}", ends(notice, here)), GO_ON.to_owned()),
        Stage::EndsVerySoon => (
            format!("{name} {}", ends_very_soon(notice, here)),
            format!("It {}. {GO_ON}", ends(notice, here)),
        ),
        Stage::Ended => (
            format!("{name} has ended"),
            "Sign in when you need it.".to_owned(),
        ),
    };
    Text {
        title,
        lines: vec![line],
    }
}

const GO_ON: &str = "Sign in again to go on without a break.";

fn ends(notice: &Notice, here: &Here) -> String {
    match (notice.ends_at, notice.is_estimate) {
        (Some(at), true) => format!("usually ends around {}", here.clock(at)),
        (Some(at), false) => format!("ends at {}", here.clock(at)),
        (None, _) => "ends soon".to_owned(),
    }
}

/// A guess may lie behind us; nothing is counted down then.
fn ends_very_soon(notice: &Notice, here: &Here) -> String {
    let verb = if notice.is_estimate {
        "may end"
    } else {
        "ends"
    };
    match notice.minutes_left(here.now) {
        None => ends(notice, here),
        Some(1) => format!("{verb} within a minute"),
        Some(minutes) => format!("{verb} in {minutes} minutes"),
    }
}

fn of_several(standing: &[Notice], here: &Here) -> Text {
    let ended = standing.iter().filter(|it| it.stage == Stage::Ended);
    let ended = ended.count();
    let title = match (ended, standing.len() - ended) {
        (0, ending) => format!("{ending} sign-ins end soon"),
        (ended, 0) => format!("{ended} sign-ins have ended"),
        (1, ending) => format!("1 sign-in has ended, {ending} more will soon"),
        (ended, ending) => format!("{ended} sign-ins have ended, {ending} more will soon"),
    };
    let line = |notice: &Notice| {
        let how = match notice.stage {
            Stage::EndsSoon | Stage::EndsVerySoon => ends(notice, here),
            Stage::Ended => "has ended".to_owned(),
        };
        format!("{} {how}", plain(&notice.session))
    };
    let mut lines: Vec<_> = standing.iter().take(NAMED).map(line).collect();
    if standing.len() > NAMED {
        lines.push(format!("and {} more", standing.len() - NAMED));
    }
    Text { title, lines }
}

/// One line of the tray about a session.
pub(crate) fn status(session: &SessionStatus, here: &Here) -> String {
    let name = plain(&session.name);
    let user = session
        .user
        .as_deref()
        .filter(|_| session.state.is_usable());
    match user {
        Some(user) => format!("{name} ({}): {}", plain(user), state(session, here)),
        None => format!("{name}: {}", state(session, here)),
    }
}

fn state(session: &SessionStatus, here: &Here) -> String {
    match session.state {
        State::SignedOut if session.trouble.is_some() => "cannot be read now".to_owned(),
        State::SignedOut => "signed out".to_owned(),
        State::SigningIn => "signing in…".to_owned(),
        State::Lapsed => "has ended".to_owned(),
        State::Active | State::Fading => match &session.notice {
            Some(notice) => nearing(notice, here),
            None => trouble(session, here).unwrap_or_else(|| clocks(session, here)),
        },
    }
}

/// The line stands for minutes, so it counts none of them down.
fn nearing(notice: &Notice, here: &Here) -> String {
    match (notice.stage, notice.minutes_left(here.now)) {
        (Stage::EndsVerySoon, Some(_)) if !notice.is_estimate => "ends within 5 min".to_owned(),
        (Stage::EndsSoon | Stage::EndsVerySoon | Stage::Ended, _) => ends(notice, here),
    }
}

fn trouble(session: &SessionStatus, here: &Here) -> Option<String> {
    let on_the_way = match &session.trouble {
        Some(trouble) => trouble.code.is_trouble_on_the_way(),
        None if session.online => return None,
        None => true,
    };
    let what = if on_the_way {
        "cannot reach AWS"
    } else {
        "needs a look: open Daypass"
    };
    Some(match session.retry_at {
        Some(at) if on_the_way => format!("{what}, next try {}", here.clock(at)),
        Some(_) | None => what.to_owned(),
    })
}

fn clocks(session: &SessionStatus, here: &Here) -> String {
    match (session.ends_at, session.ends_at_is_estimate) {
        (Some(at), true) => format!("signed in, usually ends around {}", here.clock(at)),
        (Some(at), false) => format!("signed in, ends at {}", here.clock(at)),
        (None, _) if session.renewable => "signed in, renews automatically".to_owned(),
        (None, _) => "signed in".to_owned(),
    }
}

/// That nothing is notified, and until when.
pub(crate) fn muted(until: Timestamp, here: &Here) -> String {
    format!("Notifications are muted until {}", here.clock(until))
}

/// What is handed out on this machine, and that a click ends it.
pub(crate) fn stop_serving(name: &str, role: &str, until: Timestamp, here: &Here) -> String {
    let (name, role, until) = (plain(name), plain(role), here.clock(until));
    format!("Serving {name} as {role} until {until}: stop")
}

/// What signs in to a session.
pub(crate) fn sign_in(session: &SessionStatus) -> String {
    let name = plain(&session.name);
    match session.state {
        State::SignedOut | State::SigningIn => format!("Sign in to {name}"),
        State::Active | State::Fading | State::Lapsed => format!("{SIGN_IN_AGAIN} to {name}"),
    }
}

/// An assignment on one line: the label's shape leads and its word trails, dots say that it asks first.
pub(crate) fn assignment(name: &str, role: &str, label: Option<&Label>, asks: bool) -> String {
    let (shape, word) = match label {
        Some(label) => (
            format!("{} ", glyph(label.shape)),
            format!(" · {}", plain(&label.word)),
        ),
        None => Default::default(),
    };
    let dots = if asks { "…" } else { "" };
    format!("{shape}{} · {}{word}{dots}", plain(name), plain(role))
}

/// The line with its session, where another would look the same.
pub(crate) fn of_session(line: &str, session: &str) -> String {
    match line.strip_suffix('…') {
        Some(line) => format!("{line} · {}…", plain(session)),
        None => format!("{line} · {}", plain(session)),
    }
}

/// The shapes of labels as letters draw them.
fn glyph(shape: Shape) -> char {
    match shape {
        Shape::Square => '■',
        Shape::Diamond => '◆',
        Shape::Ring => '○',
        Shape::Triangle => '△',
        Shape::Bar => '▬',
        Shape::RingDot => '◉',
    }
}

/// The words beside the icon; Windows shows no more of them than this.
pub(crate) fn tooltip(status: &str) -> String {
    cut(format!("{NAME}: {status}").chars().map(String::from), 62)
}

/// A name from outside as one line can show it: what cannot be seen, turns the reading direction or
/// breaks the line is shown by its number; endless lines are cut.
pub(crate) fn plain(name: &str) -> String {
    let shown = |it: char| match is_unseen(it) {
        true => format!("[U+{:04X}]", u32::from(it)),
        false => it.to_string(),
    };
    cut(name.chars().map(shown), LONGEST)
}

/// As many of the pieces as so many characters hold; three dots where there were more.
fn cut(mut pieces: impl Iterator<Item = String>, most: usize) -> String {
    let (mut text, mut length) = (String::new(), 0);
    let over = pieces.find(|piece| {
        length += piece.chars().count();
        if length <= most {
            text.push_str(piece);
        }
        length > most
    });
    if over.is_some() {
        text.push('…');
    }
    text
}

/// Control characters, marks that turn the reading direction, and what takes no room.
fn is_unseen(it: char) -> bool {
    let unseen = matches!(it,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}');
    it.is_control() || unseen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn here() -> Here {
        Here {
            now: "2026-03-02T17:25:30Z".parse().unwrap(),
            zone: TimeZone::fixed(jiff::tz::offset(1)),
        }
    }

    fn notice(session: &str, stage: Stage, ends: &str, is_estimate: bool) -> Notice {
        Notice {
            session: session.into(),
            stage,
            ends_at: (!ends.is_empty()).then(|| format!("2026-03-02T{ends}Z").parse().unwrap()),
            is_estimate,
        }
    }

    fn told(standing: &[Notice]) -> String {
        let text = notification(standing, &here()).unwrap();
        format!("{}\n{}", text.title, text.lines.join("\n"))
    }

    #[test]
    fn one_session() {
        use Stage::{Ended, EndsSoon, EndsVerySoon};
        for (stage, ends, is_estimate, text) in [
            (
                EndsSoon,
                "17:40:00",
                false,
                "work ends at 18:40\nSign in again to go on without a break.",
            ),
            (
                EndsSoon,
                "17:40:00",
                true,
                "work usually ends around 18:40\nSign in again to go on without a break.",
            ),
            (
                EndsVerySoon,
                "17:30:00",
                false,
                "work ends in 5 minutes\nIt ends at 18:30. Sign in again to go on without a break.",
            ),
            (
                EndsVerySoon,
                "17:30:00",
                true,
                "work may end in 5 minutes\nIt usually ends around 18:30. Sign in again to go on without a break.",
            ),
            (
                EndsVerySoon,
                "17:26:00",
                false,
                "work ends within a minute\nIt ends at 18:26. Sign in again to go on without a break.",
            ),
            // The guess was wrong so far.
            (
                EndsVerySoon,
                "17:20:00",
                true,
                "work usually ends around 18:20\nIt usually ends around 18:20. Sign in again to go on without a break.",
            ),
            (
                Ended,
                "17:20:00",
                false,
                "work has ended\nSign in when you need it.",
            ),
            (
                Ended,
                "",
                false,
                "work has ended\nSign in when you need it.",
            ),
        ] {
            assert_eq!(told(&[notice("work", stage, ends, is_estimate)]), text);
        }
    }

    #[test]
    fn several_sessions_are_one_text() {
        use Stage::{Ended, EndsSoon, EndsVerySoon};
        let ended = notice("work", Ended, "17:20:00", false);
        let soon = notice("home", EndsSoon, "17:40:00", true);
        let sooner = notice("shop", EndsVerySoon, "17:30:00", false);
        let both = [ended.clone(), soon.clone()];
        let expected =
            "1 sign-in has ended, 1 more will soon\nwork has ended\nhome usually ends around 18:40";
        assert_eq!(told(&both), expected);
        let expected = "2 sign-ins end soon\nhome usually ends around 18:40\nshop ends at 18:30";
        assert_eq!(told(&[soon, sooner]), expected);
        let many = vec![ended; 9];
        let expected = format!(
            "9 sign-ins have ended{}\nand 3 more",
            "\nwork has ended".repeat(6)
        );
        assert_eq!(told(&many), expected);
        assert_eq!(notification(&[], &here()), None);
    }

    #[test]
    fn another_day_has_a_date() {
        let at: Timestamp = "2026-03-02T23:10:00Z".parse().unwrap();
        assert_eq!(here().clock(at), "3 March 00:10");
    }

    #[test]
    fn names_are_shown_as_plain_text() {
        for (name, shown) in [
            ("payments", "payments"),
            ("a\nb\u{1b}[31m", "a[U+000A]b[U+001B][31m"),
            ("\u{202e}evil", "[U+202E]evil"),
            ("zero\u{200b}width", "zero[U+200B]width"),
            ("Łódź 🏗️", "Łódź 🏗️"),
        ] {
            assert_eq!(plain(name), shown);
        }
        assert_eq!(plain(&"x".repeat(10_000)).chars().count(), 41);
        assert_eq!(plain(&"x".repeat(40)).chars().count(), 40);
        // A number is shown whole or not at all.
        let end = format!("{}\u{202e}more", "x".repeat(35));
        assert_eq!(plain(&end), format!("{}…", "x".repeat(35)));
    }

    #[test]
    fn each_shape_has_a_letter_of_its_own() {
        let mut glyphs = Shape::ALL.map(glyph);
        glyphs.sort_unstable();
        assert!(glyphs.windows(2).all(|pair| pair[0] != pair[1]));
        let label = |shape| Label {
            word: "live".into(),
            shape,
            colour: daypass_core::accounts::labels::Colour::Blue,
            protected: true,
            opens: Default::default(),
        };
        let line = assignment("a", "Admin", Some(&label(Shape::Bar)), true);
        assert_eq!(line, "▬ a · Admin · live…");
        assert_eq!(of_session(&line, "work"), "▬ a · Admin · live · work…");
    }

    #[test]
    fn a_tooltip_fits() {
        let tip = tooltip(&"work: signed in ".repeat(9));
        assert_eq!(tip.chars().count(), 63);
        assert!(tip.starts_with("Daypass: work") && tip.ends_with('…'));
    }
}
