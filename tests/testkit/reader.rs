//! One person who reads a whole organisation: Daypass in this process, on a disk of its own, against a
//! real portal; and the same disk opened again, as after a restart.

use crate::home::Home;
use crate::portal::Portal;
use crate::virtual_day::{NAME, follow, session_at};
use crate::{Context, Result, ensure};
use daypass_core::accounts::AccountList;
use daypass_core::daypass::{Daypass, Reading, Snapshot};
use daypass_core::host::{Clock, Env, Host};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};

/// How long anything that is waited for may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Somebody with one session, `work`, in storage `shared`; signed in.
pub struct Reader {
    /// What a front end holds.
    pub daypass: Daypass,
    /// The access portal.
    pub portal: Portal,
    host: Host,
    folder: PathBuf,
    _home: Home,
}

/// How a list stands, in figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Accounts that are listed.
    pub accounts: usize,
    /// Assignments that are known.
    pub assignments: usize,
    /// Accounts whose permission sets nobody has read.
    pub unread: usize,
    /// Accounts that the last reading failed for.
    pub failed: usize,
    /// Whether the list says that it is complete.
    pub complete: bool,
}

/// What a portal was asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Asked {
    /// Pages of accounts and lists of permission sets.
    pub requests: u64,
    /// How many of those were refused for being one too many.
    pub refused: u64,
}

impl Reader {
    /// A portal with these options, and somebody who has signed in there.
    pub async fn at(options: &[&str]) -> Result<Self> {
        let home = Home::make()?;
        let options = [&["--browser", "auto"], options].concat();
        let portal = Portal::start(&home, &options)?;
        let folder = home.home();
        let host = host(&folder);
        let daypass = Daypass::open(host.clone())?;
        daypass.add_session(session_at(&portal, None)).await?;
        follow(&host, &daypass).await?;
        Ok(Self {
            daypass,
            portal,
            host,
            folder,
            _home: home,
        })
    }

    /// Daypass started anew on the same disk, beside the one before.
    pub fn restarted(&self) -> Result<Daypass> {
        open(&self.folder)
    }

    /// Starts Daypass anew in the place of the one before.
    pub fn restart(&mut self) -> Result<()> {
        self.host = host(&self.folder);
        self.daypass = Daypass::open(self.host.clone())?;
        Ok(())
    }

    /// The folder below which everything lies.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The copy of the list on disk.
    pub fn copy(&self) -> PathBuf {
        self.folder
            .join("cache/accounts")
            .join(format!("{NAME}.json"))
    }

    /// Signs in again.
    pub async fn sign_in(&self) -> Result<()> {
        follow(&self.host, &self.daypass).await
    }

    /// Reads the whole list.
    pub async fn read(&self) -> daypass_core::Result<()> {
        self.daypass.read_accounts(NAME).await
    }

    /// Reads, and does something once so many accounts are done; how the reading ended.
    pub async fn read_and(
        &self,
        done: usize,
        then: impl AsyncFnOnce() -> Result<()>,
    ) -> Result<daypass_core::Result<()>> {
        let act = async {
            self.until_done(done).await?;
            then().await
        };
        let (read, acted) = tokio::join!(self.read(), act);
        acted.map(|()| read)
    }

    /// Lets that share of the portal's answers go wrong.
    pub fn faults(&self, faults: &[&str], rate: f64) -> Result<()> {
        let wish = json!({ "faults": faults, "fault_rate": rate });
        self.portal.tell("set", &wish).map(drop)
    }

    /// Holds the list to be whole, as the portal has it.
    pub fn is_whole(&self) -> Result<()> {
        let accounts = self.portal.ask("accounts")?;
        let accounts = accounts["accounts"].as_array().context("no accounts")?;
        let roles = |it: &Value| it["roles"].as_array().map_or(0, Vec::len);
        let expected = (accounts.len(), accounts.iter().map(roles).sum());
        let figures = self.figures();
        let seen = (figures.accounts, figures.assignments);
        ensure!(seen == expected, "{seen:?} instead of {expected:?}");
        ensure!(figures.complete && figures.failed == 0, "{figures:?}");
        ensure!(self.reading().is_none(), "{:?}", self.reading());
        Ok(())
    }

    /// The list as it is shown.
    pub fn list(&self) -> Arc<AccountList> {
        list(&self.daypass)
    }

    /// The same in figures.
    pub fn figures(&self) -> Figures {
        figures(&self.list())
    }

    /// How the reading goes, as it is shown.
    pub fn reading(&self) -> Option<Reading> {
        self.daypass.snapshot().readings.get(NAME).cloned()
    }

    /// How many accounts the reading has done.
    pub fn done(&self) -> usize {
        done(&self.daypass.snapshot())
    }

    /// Waits until the reading has done so many accounts.
    pub async fn until_done(&self, accounts: usize) -> Result<()> {
        let enough = |snapshot: &Snapshot| done(snapshot) >= accounts;
        self.until(&format!("{accounts} accounts"), enough).await
    }

    /// Waits until something is shown.
    pub async fn until(&self, what: &str, shown: impl Fn(&Snapshot) -> bool) -> Result<()> {
        let mut snapshots = self.daypass.snapshots();
        let shown = snapshots.wait_for(|snapshot| shown(snapshot));
        let shown = timeout(PATIENCE, shown).await;
        shown.with_context(|| format!("waited for {what} in vain"))??;
        Ok(())
    }

    /// What the portal was asked for of its lists so far.
    pub fn asked(&self) -> Result<Asked> {
        let operations = &self.portal.ask("stats")?["operations"];
        let sum = |of: &dyn Fn(&Value) -> u64| {
            let names = ["ListAccounts", "ListAccountRoles"];
            names.iter().map(|name| of(&operations[name])).sum()
        };
        let refused = |it: &Value| {
            it["errors"]["TooManyRequestsException"]
                .as_u64()
                .unwrap_or(0)
        };
        Ok(Asked {
            requests: sum(&|it| it["requests"].as_u64().unwrap_or(0)),
            refused: sum(&refused),
        })
    }

    /// Waits until the portal is asked no more; how many requests came meanwhile.
    pub async fn until_quiet(&self) -> Result<u64> {
        let before = self.asked()?.requests;
        let (mut last, start) = (before, Instant::now());
        while start.elapsed() < PATIENCE {
            sleep(Duration::from_millis(300)).await;
            let now = self.asked()?.requests;
            if now == last {
                return Ok(now - before);
            }
            last = now;
        }
        crate::bail!("the portal is asked for ever")
    }
}

impl Asked {
    /// What came since.
    pub fn since(self, before: Self) -> Self {
        Self {
            requests: self.requests - before.requests,
            refused: self.refused - before.refused,
        }
    }
}

/// Daypass on the disk below that folder.
pub fn open(folder: &Path) -> Result<Daypass> {
    Ok(Daypass::open(host(folder))?)
}

/// The session's list.
pub fn list(daypass: &Daypass) -> Arc<AccountList> {
    let snapshot = daypass.snapshot();
    snapshot.lists.get(NAME).cloned().unwrap_or_default()
}

/// A list in figures.
pub fn figures(list: &AccountList) -> Figures {
    let unread = list.accounts.iter();
    let unread = unread.filter(|it| it.roles == daypass_core::accounts::Roles::Unread);
    Figures {
        accounts: list.accounts.len(),
        assignments: list.pairs().count(),
        unread: unread.count(),
        failed: list.failed(),
        complete: list.complete,
    }
}

fn done(snapshot: &Snapshot) -> usize {
    match snapshot.readings.get(NAME) {
        Some(Reading::Progress { done, .. }) => *done,
        Some(Reading::Failed(_)) | None => 0,
    }
}

fn host(folder: &Path) -> Host {
    Host::fake(folder, Env::table::<String, String>([]), Clock::real())
}
