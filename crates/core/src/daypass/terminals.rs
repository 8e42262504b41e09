//! Terminals: the user's own, with the credentials of an assignment in the environment of its shell.
//! What the terminal is told to run is `daypass exec`, so that no secret is on a command line, in a
//! file, or on its way through a terminal's server.

use super::{Consent, Daypass};
use crate::accounts::Assignment;
use crate::host::terminal;
use crate::{Code, Error, Result};

impl Daypass {
    /// Opens a terminal in the home folder; returns when it was started.
    ///
    /// # Errors
    /// `Protected` where the user has to agree first, `TerminalMissing`, and those of `credentials`:
    /// what cannot be had is told here, not in a window that closes.
    pub async fn open_terminal(&self, assignment: &Assignment, consent: Consent) -> Result<()> {
        self.guard(assignment, consent, "a terminal with the credentials")?;
        let host = self.host();
        let chosen = self.world().settings.terminal.clone();
        let command = self.shell_of(assignment)?;
        let launch = terminal::launch(host, chosen.as_deref(), &command)?;
        self.credentials(assignment).await?;
        let opened = host.opener.open_terminal(&launch, &host.paths.home);
        opened.await?;
        self.used(assignment).await;
        Ok(())
    }

    /// The command that starts the user's shell with the credentials. Names stand behind an equals sign:
    /// one that begins with a dash is no flag there.
    fn shell_of(&self, assignment: &Assignment) -> Result<Vec<String>> {
        let program = &self.host().program;
        let missing = || {
            let message = format!("the command {} is not there", program.display());
            Error::new(Code::TerminalMissing, message)
                .with_hint("install Daypass with its command line")
        };
        let here = program.to_str().filter(|_| program.is_file());
        let program = here.ok_or_else(missing)?;
        let Assignment {
            session,
            account_id,
            role,
        } = assignment;
        Ok(vec![
            program.to_owned(),
            "exec".to_owned(),
            format!("--session={session}"),
            format!("--account={account_id}"),
            format!("--role={role}"),
            "--".to_owned(),
            terminal::shell(self.host()),
        ])
    }
}
