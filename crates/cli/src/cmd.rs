//! What each verb does.

mod browsers;
mod chain;
mod console;
mod credentials;
pub(crate) mod doctor;
mod exec;
mod import;
mod label;
mod list;
mod login;
mod logout;
pub(crate) mod open;
mod pages;
mod profile;
mod serve;
mod session;
mod status;
mod terminal;
pub(crate) mod uninstall;

use daypass_core::accounts::Assignment;
use daypass_core::accounts::chains::shown;
use daypass_core::daypass::{Consent, Daypass};
use daypass_core::host::Host;
use daypass_core::{Code, Error, Result};

use crate::args::{Verb, Whose};
use crate::render::Screen;

/// So many of a number of assignments are named one by one.
const FEW: usize = 10;

/// What a verb works with.
pub(crate) struct Run {
    pub(crate) daypass: Daypass,
    pub(crate) host: Host,
    pub(crate) screen: Screen,
    /// Whether every question is answered with yes.
    pub(crate) yes: bool,
}

impl Run {
    /// The assignment that is meant.
    async fn assignment(&self, whose: &Whose) -> Result<Assignment> {
        let target = whose.target()?;
        let resolving = self.daypass.resolve(&target, whose.session.as_deref());
        // On the heap: what is asked of the portal on the way would make every verb's future deep.
        Box::pin(resolving).await
    }

    /// The session that a verb with a session's name as its word is about.
    fn session(&self, verb: &str, given: Option<&str>) -> Result<String> {
        self.daypass.only_session(given).map_err(|error| {
            let ambiguous = error.code() == Code::SessionAmbiguous;
            match ambiguous {
                true => error.with_hint(format!("say which one: `daypass {verb} SESSION`")),
                false => error,
            }
        })
    }

    /// An error for people: candidates with the names of their accounts.
    pub(crate) fn explained(&self, error: Error) -> Error {
        if error.code() != Code::TargetAmbiguous || self.screen.is_json() {
            return error;
        }
        let candidates = error.candidates().iter();
        let candidates = candidates.map(|it| self.with_account_name(it)).collect();
        error.with_candidates(candidates)
    }

    fn with_account_name(&self, candidate: &str) -> String {
        let id = candidate.split('/').next().unwrap_or_default();
        let snapshot = self.daypass.snapshot();
        let account = snapshot.lists.values().find_map(|list| list.account(id));
        match account.and_then(|it| it.name.as_deref()) {
            Some(name) => format!("{candidate}  {name}"),
            None => candidate.to_owned(),
        }
    }

    /// The consent to use a protected assignment: given by `--yes`, or asked for where somebody sits
    /// there. Without either, the guard says what to do.
    ///
    /// # Errors
    /// `Protected` where the answer was no.
    fn consent(&self, assignment: &Assignment, what: &str) -> Result<Consent> {
        let look = self.daypass.look_of(assignment);
        let label = look.label.as_ref().map(|it| it.word.as_str());
        let label = label.unwrap_or("protected");
        let question = format!("{what} {} ({label})?", self.named(assignment));
        self.agreed(look.protected, &[question])
    }

    /// The same for the first profiles of many at once.
    ///
    /// # Errors
    /// As of `consent`.
    fn consent_to_all(&self, protected: &[Assignment]) -> Result<Consent> {
        let few = protected.iter().take(FEW);
        let mut lines: Vec<String> = few.map(|it| format!("  {}", self.named(it))).collect();
        if protected.len() > FEW {
            lines.push(format!("  and {} more", protected.len() - FEW));
        }
        lines.push(match protected.len() {
            1 => "It is protected: write a first profile of it?".to_owned(),
            number => format!("They are protected: write first profiles of these {number}?"),
        });
        self.agreed(!protected.is_empty(), &lines)
    }

    fn agreed(&self, needed: bool, question: &[String]) -> Result<Consent> {
        if self.yes {
            return Ok(Consent::Given);
        }
        if !needed || !self.screen.can_ask() {
            return Ok(Consent::NotAsked);
        }
        match self.screen.ask(question)? {
            true => Ok(Consent::Given),
            false => {
                let message = "nothing was done: the answer was not yes";
                Err(Error::new(Code::Protected, message))
            }
        }
    }

    /// An assignment for people: the account by name, where it is known.
    fn named(&self, assignment: &Assignment) -> String {
        let Assignment {
            session,
            account_id,
            role,
        } = assignment;
        let (snapshot, role) = (self.daypass.snapshot(), shown(role));
        let account = snapshot
            .lists
            .get(session)
            .and_then(|it| it.account(account_id));
        let name = account.and_then(|it| it.name.as_deref());
        match (self.daypass.look_of(assignment).alias, name) {
            (Some(alias), Some(name)) => format!("{alias} ({name}, {account_id}) as {role}"),
            (Some(name), None) => format!("{name} ({account_id}) as {role}"),
            (None, Some(name)) => format!("{name} ({account_id}) as {role}"),
            (None, None) => format!("{account_id} as {role}"),
        }
    }
}

/// Carries a verb out; the exit code follows.
///
/// # Errors
/// Those of the verb.
pub(crate) async fn carry_out(run: &Run, verb: Verb) -> Result<u8> {
    match verb {
        Verb::Session(verb) => session::run(run, verb).await,
        Verb::Login(words) => login::run(run, words).await,
        Verb::Logout(words) => logout::run(run, words).await,
        Verb::Status(words) => status::run(run, words).await,
        Verb::List(words) => list::run(run, words).await,
        Verb::Browsers(words) => browsers::run(run, &words),
        Verb::Console(words) => console::run(run, words).await,
        Verb::Profile(verb) => profile::run(run, verb).await,
        Verb::Label(verb) => label::run(run, verb).await,
        Verb::Chain(verb) => chain::run(run, verb).await,
        Verb::Credentials(words) => credentials::run(run, words).await,
        Verb::Exec(words) => exec::run(run, words).await,
        Verb::Terminal(words) => terminal::run(run, words).await,
        Verb::Open => open::run(&run.host),
        Verb::Doctor(words) => doctor::run(&run.host, run.screen, words, run.yes).await,
        Verb::Serve(words) => serve::run(run, words).await,
        Verb::Completions(words) => pages::completions(run, &words),
        Verb::Man(words) => pages::manual(run, &words),
        Verb::Uninstall(words) => uninstall::run(run, words).await,
    }
}
