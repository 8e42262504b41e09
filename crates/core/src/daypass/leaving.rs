//! What Daypass has on this machine, and the way to take all of it away. The programs themselves belong to
//! whatever installed them.

use std::path::PathBuf;

use super::Daypass;
use super::profiles::blocking;
use crate::aws_config::{self, Leaving, Plan};
use crate::host::remains::{self, Remain};
use crate::secrets::Storage;
use crate::{Code, Error, Result};

/// All that would go.
#[derive(Debug)]
pub struct Belongings {
    /// The sessions, each with its tokens, role credentials and list.
    pub sessions: Vec<(String, Storage)>,
    /// What becomes of the profiles that Daypass wrote.
    pub profiles: Plan,
    /// Files and folders.
    pub remains: Vec<Remain>,
}

impl Belongings {
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.sessions.is_empty() && self.profiles.is_empty() && self.remains.is_empty()
    }
}

/// What was taken away.
#[derive(Debug)]
pub struct Left {
    /// What the file of profiles came to.
    pub profiles: Plan,
    /// Sessions whose portal could not be told, and why: its side lives on until its own end.
    pub pending: Vec<(String, Error)>,
    /// Items that the keychain held beside those of the sessions.
    pub strays: usize,
    /// Folders of Daypass that stay because of what others put there.
    pub staying: Vec<PathBuf>,
}

impl Daypass {
    /// Looks at everything that Daypass has here; nothing is changed.
    ///
    /// # Errors
    /// `ConfigBroken`, `ConfigNotWritable` for the AWS config file.
    pub async fn belongings(&self, leaving: Leaving) -> Result<Belongings> {
        let places = self.places();
        let profiles = blocking(move || aws_config::plan_leaving(&places, leaving)).await?;
        let sessions = self.world().settings.sessions.clone();
        Ok(Belongings {
            sessions: sessions
                .into_iter()
                .map(|it| (it.name, it.storage))
                .collect(),
            profiles,
            remains: remains::all(&self.host().paths),
        })
    }

    /// Takes all of it away: first what may be refused, then each session with its sign-in, then the files.
    /// Where a session cannot be erased the files stay, so that it can be tried again.
    ///
    /// # Errors
    /// `StorageFailed` while the application runs or where a file cannot be removed; those of `apply_plan`,
    /// and the vault's.
    pub async fn leave(&self, belongings: Belongings) -> Result<Left> {
        not_while_running().await?;
        let profiles = match belongings.profiles.is_empty() {
            true => belongings.profiles,
            false => self.apply_plan(belongings.profiles).await?.plan,
        };
        let pending = self.remove_all_sessions().await?;
        let strays = self.vault().remove_strays().await?;
        let staying = self.remove_files().await?;
        Ok(Left {
            profiles,
            pending,
            strays,
            staying,
        })
    }

    /// One that cannot be erased does not keep the others; its error is the answer.
    async fn remove_all_sessions(&self) -> Result<Vec<(String, Error)>> {
        let sessions = self.world().settings.sessions.clone();
        let (mut pending, mut failed) = (Vec::new(), None);
        for session in sessions {
            match self.remove_session(&session.name).await {
                Ok(ended) => pending.extend(ended.remote_failure.map(|it| (session.name, it))),
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        failed.map_or(Ok(pending), Err)
    }

    /// What is there now: signing out has written records too.
    async fn remove_files(&self) -> Result<Vec<PathBuf>> {
        let paths = self.host().paths.clone();
        blocking(move || {
            remains::remove(&paths, &remains::all(&paths)).map_err(|error| {
                let message = "not everything could be removed";
                let hint = "make it writable for you, then run this again; what is gone stays gone";
                let failed = Error::new(Code::StorageFailed, message).with_hint(hint);
                failed.because(error)
            })
        })
        .await
    }
}

/// The application would write its files anew. Only where there is a message bus can it be asked for.
async fn not_while_running() -> Result<()> {
    #[cfg(target_os = "linux")]
    {
        const APPLICATION: &str = "app.daypass.desktop.SingleInstance";
        let present = crate::host::bus::present(&[APPLICATION]).await;
        if present.is_some_and(|it| !it.is_empty()) {
            let message = "nothing was removed: the desktop application runs";
            let hint = "quit it from its menu, then run this again";
            return Err(Error::new(Code::StorageFailed, message).with_hint(hint));
        }
    }
    Ok(())
}
