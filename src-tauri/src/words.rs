//! The words of the tray and of notifications, in one place and pure; the page has a table of its own.

use daypass_core::accounts::labels::{Label, Shape};
use daypass_core::daypass::SessionStatus;
use daypass_core::notice::{Notice, Stage};
use daypass_core::session::State;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::language::Value::{self, Number, Text};
use crate::language::{Key, Language, month};

/// Longer names are cut.
const LONGEST: usize = 40;
/// How many sessions a notification names.
const NAMED: usize = 6;

pub(crate) const NAME: &str = "Daypass";
/// The moment and the place that times are told for.
#[derive(Clone)]
pub(crate) struct Here {
    /// Now.
    pub(crate) now: Timestamp,
    /// Where the user's clock stands.
    pub(crate) zone: TimeZone,
    /// In which words.
    pub(crate) language: Language,
}

impl Here {
    /// On this machine.
    pub(crate) fn at(now: Timestamp) -> Here {
        Here {
            now,
            zone: TimeZone::system(),
            language: Language::spoken(),
        }
    }

    fn say(&self, key: Key) -> String {
        self.language.say(key)
    }

    fn fill(&self, key: Key, given: &[(&str, Value<'_>)]) -> String {
        self.language.fill(key, given)
    }

    /// A message about one moment: `today` of its clock time, `otherwise` of its day too.
    fn moment(&self, at: Timestamp, today: Option<Key>, otherwise: Key) -> String {
        let at = at.to_zoned(self.zone.clone());
        let clock = at.strftime("%H:%M").to_string();
        let is_today = at.date() == self.now.to_zoned(self.zone.clone()).date();
        let (day, month) = (at.day().to_string(), self.say(month(at.month())));
        let (clock, day, month) = (Text(&clock), Text(&day), Text(&month));
        match (is_today, today) {
            (true, Some(key)) => self.fill(key, &[("clock", clock)]),
            (true, None) => at.strftime("%H:%M").to_string(),
            (false, _) => self.fill(
                otherwise,
                &[("day", day), ("month", month), ("clock", clock)],
            ),
        }
    }

    /// A moment on the user's own clock: `17:40` today, `3 March 17:40` otherwise.
    fn clock(&self, at: Timestamp) -> String {
        self.moment(at, None, Key::DayAndClock)
    }

    /// `at 17:40`, as it goes on after "ends".
    fn at_clock(&self, at: Timestamp) -> String {
        self.moment(at, Some(Key::AtClock), Key::AtDay)
    }

    /// `around 17:40`, where nobody knows exactly.
    fn around(&self, at: Timestamp) -> String {
        self.moment(at, Some(Key::AroundClock), Key::AroundDay)
    }
}

/// Title and lines of a notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) title: String,
    pub(crate) lines: Vec<String>,
}

/// What is told of the sessions that stand, as one text; `None` where none stands.
pub(crate) fn notification(standing: &[Notice], here: &Here) -> Option<Told> {
    match standing {
        [] => None,
        [notice] => Some(of_one(notice, here)),
        several => Some(of_several(several, here)),
    }
}

fn of_one(notice: &Notice, here: &Here) -> Told {
    let (what, line) = match notice.stage {
        Stage::EndsSoon => (ends(notice, here), here.say(Key::GoOn)),
        Stage::EndsVerySoon => {
            let ends = ends(notice, here);
            let line = here.fill(Key::ItWhat, &[("what", Text(&ends))]);
            (ends_very_soon(notice, here), line)
        }
        Stage::Ended => (here.say(Key::HasEnded), here.say(Key::SignInWhenNeeded)),
    };
    Told {
        title: name_what(notice, &what, here),
        lines: vec![line],
    }
}

fn name_what(notice: &Notice, what: &str, here: &Here) -> String {
    let name = plain(&notice.session);
    here.fill(
        Key::NameWhat,
        &[("name", Text(&name)), ("what", Text(what))],
    )
}

fn ends(notice: &Notice, here: &Here) -> String {
    let told = |key, when: String| here.fill(key, &[("when", Text(&when))]);
    match (notice.ends_at, notice.is_estimate) {
        (Some(at), true) => told(Key::UsuallyEnds, here.around(at)),
        (Some(at), false) => told(Key::Ends, here.at_clock(at)),
        (None, _) => here.say(Key::EndsSoon),
    }
}

/// A guess may lie behind us; nothing is counted down then.
fn ends_very_soon(notice: &Notice, here: &Here) -> String {
    let key = if notice.is_estimate {
        Key::MayEndIn
    } else {
        Key::EndsIn
    };
    let minutes = notice.minutes_left(here.now);
    match minutes.and_then(|it| usize::try_from(it).ok()) {
        None => ends(notice, here),
        Some(minutes) => here.fill(key, &[("count", Number(minutes))]),
    }
}

fn of_several(standing: &[Notice], here: &Here) -> Told {
    let ended = standing.iter().filter(|it| it.stage == Stage::Ended);
    let ended = ended.count();
    let title = match (ended, standing.len() - ended) {
        (0, ending) => here.fill(Key::SeveralEnd, &[("count", Number(ending))]),
        (ended, 0) => here.fill(Key::SeveralEnded, &[("count", Number(ended))]),
        (ended, ending) => here.fill(
            Key::EndedAndEnding,
            &[("ended", Number(ended)), ("ending", Number(ending))],
        ),
    };
    let line = |notice: &Notice| {
        let how = match notice.stage {
            Stage::EndsSoon | Stage::EndsVerySoon => ends(notice, here),
            Stage::Ended => here.say(Key::HasEnded),
        };
        name_what(notice, &how, here)
    };
    let mut lines: Vec<_> = standing.iter().take(NAMED).map(line).collect();
    if standing.len() > NAMED {
        let more = Number(standing.len() - NAMED);
        lines.push(here.fill(Key::AndMore, &[("count", more)]));
    }
    Told { title, lines }
}

/// One line of the tray about a session.
pub(crate) fn status(session: &SessionStatus, here: &Here) -> String {
    let (name, state) = (plain(&session.name), state(session, here));
    let (name, state) = (("name", Text(&name)), ("state", Text(&state)));
    let user = session
        .user
        .as_deref()
        .filter(|_| session.state.is_usable());
    match user {
        Some(user) => here.fill(
            Key::StatusOfUser,
            &[name, ("user", Text(&plain(user))), state],
        ),
        None => here.fill(Key::Status, &[name, state]),
    }
}

fn state(session: &SessionStatus, here: &Here) -> String {
    match session.state {
        State::SignedOut if session.trouble.is_some() => here.say(Key::CannotBeRead),
        State::SignedOut => here.say(Key::SignedOut),
        State::SigningIn => here.say(Key::SigningIn),
        State::Lapsed => here.say(Key::HasEnded),
        State::Active | State::Fading => match &session.notice {
            Some(notice) => nearing(notice, here),
            None => trouble(session, here).unwrap_or_else(|| clocks(session, here)),
        },
    }
}

/// The line stands for minutes, so it counts none of them down.
fn nearing(notice: &Notice, here: &Here) -> String {
    match (notice.stage, notice.minutes_left(here.now)) {
        (Stage::EndsVerySoon, Some(_)) if !notice.is_estimate => here.say(Key::EndsWithin5),
        (Stage::EndsSoon | Stage::EndsVerySoon | Stage::Ended, _) => ends(notice, here),
    }
}

fn trouble(session: &SessionStatus, here: &Here) -> Option<String> {
    let on_the_way = match &session.trouble {
        Some(trouble) => trouble.code.is_trouble_on_the_way(),
        None if session.online => return None,
        None => true,
    };
    Some(match session.retry_at {
        Some(at) if on_the_way => {
            let when = here.clock(at);
            here.fill(Key::CannotReachNext, &[("when", Text(&when))])
        }
        Some(_) | None if on_the_way => here.say(Key::CannotReach),
        Some(_) | None => here.say(Key::NeedsALook),
    })
}

fn clocks(session: &SessionStatus, here: &Here) -> String {
    let told = |key, when: String| here.fill(key, &[("when", Text(&when))]);
    match (session.ends_at, session.ends_at_is_estimate) {
        (Some(at), true) => told(Key::SignedInUsuallyEnds, here.around(at)),
        (Some(at), false) => told(Key::SignedInEnds, here.at_clock(at)),
        (None, _) if session.renewable => here.say(Key::SignedInRenews),
        (None, _) => here.say(Key::SignedIn),
    }
}

/// That nothing is notified, and until when.
pub(crate) fn muted(until: Timestamp, here: &Here) -> String {
    let when = here.clock(until);
    here.fill(Key::MutedUntil, &[("when", Text(&when))])
}

/// What is handed out on this machine, and that a click ends it.
pub(crate) fn stop_serving(name: &str, role: &str, until: Timestamp, here: &Here) -> String {
    let (name, role, until) = (plain(name), plain(role), here.clock(until));
    here.fill(
        Key::StopServing,
        &[
            ("name", Text(&name)),
            ("role", Text(&role)),
            ("when", Text(&until)),
        ],
    )
}

/// What signs in to a session.
pub(crate) fn sign_in(session: &SessionStatus, here: &Here) -> String {
    let key = match session.state {
        State::SignedOut | State::SigningIn => Key::SignInTo,
        State::Active | State::Fading | State::Lapsed => Key::SignInAgainTo,
    };
    here.fill(key, &[("name", Text(&plain(&session.name)))])
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
            language: Language::English,
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
    fn another_language_says_the_same() {
        use Stage::{Ended, EndsSoon, EndsVerySoon};
        let here = Here {
            language: Language::German,
            ..here()
        };
        let soon = notice("work", EndsSoon, "17:40:00", true);
        let very = notice("work", EndsVerySoon, "17:26:00", false);
        let over = notice("home", Ended, "17:20:00", false);
        for (standing, title, line) in [
            (
                vec![soon.clone()],
                "work endet meist gegen 18:40",
                "Melden Sie sich erneut an, um ohne Unterbrechung weiterzuarbeiten.",
            ),
            (
                vec![very],
                "work endet innerhalb einer Minute",
                "Sie endet um 18:26. Melden Sie sich erneut an, um ohne Unterbrechung weiterzuarbeiten.",
            ),
            (
                vec![over, soon],
                "1 Anmeldung ist abgelaufen, 1 weitere endet bald",
                "home ist abgelaufen",
            ),
        ] {
            let told = notification(&standing, &here).unwrap();
            assert_eq!((told.title.as_str(), told.lines[0].as_str()), (title, line));
        }
        let at: Timestamp = "2026-03-02T23:10:00Z".parse().unwrap();
        assert_eq!(here.at_clock(at), "am 3. März um 00:10");
        assert_eq!(here.clock(at), "3. März, 00:10");
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
