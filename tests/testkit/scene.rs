//! The usual beginning of a journey on the command line: a desktop, a portal, a session.

use crate::canary::Canaries;
use crate::cli::Daypass;
use crate::desktop::Desktop;
use crate::home::Home;
use crate::portal::Portal;
use crate::{Context, Result, ensure};
use serde_json::Value;
use std::fs;
use std::path::PathBuf;

/// Where a session keeps its tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// The keychain of the operating system.
    Keychain,
    /// The cache that AWS's own tools share.
    Shared,
}

impl Storage {
    /// Both.
    pub const BOTH: [Self; 2] = [Self::Keychain, Self::Shared];

    /// The word on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Keychain => "keychain",
            Self::Shared => "shared",
        }
    }
}

/// A desktop with the command line on it, and a portal that approves every sign-in.
///
/// Fields are dropped in this order.
#[derive(Debug)]
pub struct Scene {
    /// The command line, led to the portal.
    pub daypass: Daypass,
    /// The portal.
    pub portal: Portal,
    /// The desktop.
    pub desktop: Desktop,
}

/// One assignment of the portal, for a test to use.
#[derive(Clone, Debug)]
pub struct Assignment {
    /// The account's id.
    pub account: String,
    /// The account's name.
    pub name: String,
    /// The permission set.
    pub role: String,
}

impl Assignment {
    /// `ACCOUNT/ROLE`.
    pub fn target(&self) -> String {
        format!("{}/{}", self.account, self.role)
    }
}

impl Scene {
    /// Nobody is registered yet; `options` go to the portal beside `--browser auto`.
    pub fn empty(desktop: Desktop, options: &[&str]) -> Result<Self> {
        let approving = [&["--browser", "auto"], options].concat();
        let portal = Portal::start(desktop.home(), &approving)?;
        let daypass = Daypass::on(&desktop)?.at(&portal);
        Ok(Self {
            daypass,
            portal,
            desktop,
        })
    }

    /// A session `work` of that storage; not signed in.
    pub fn registered(storage: Storage, options: &[&str]) -> Result<Self> {
        let scene = Self::empty(Desktop::with_keyring()?, options)?;
        scene.add_session("work", storage)?;
        Ok(scene)
    }

    /// A session `work` of that storage; signed in.
    pub fn signed_in(storage: Storage, options: &[&str]) -> Result<Self> {
        let scene = Self::registered(storage, options)?;
        scene.daypass.sign_in("work")?;
        Ok(scene)
    }

    /// Registers the portal under that name.
    pub fn add_session(&self, name: &str, storage: Storage) -> Result<()> {
        self.add(name, storage, self.portal.start_url())
    }

    /// Registers that start URL under that name.
    pub fn add(&self, name: &str, storage: Storage, start_url: &str) -> Result<()> {
        let words = ["session", "add", name, "--start-url", start_url];
        let further = ["--region", "eu-central-1", "--storage", storage.word()];
        let own = ["--allow-custom-portal"];
        self.daypass
            .ok(&[&words[..], &further[..], &own[..]].concat())
            .map(drop)
    }

    /// Writes these rules into the settings in place of others, as somebody does in an editor.
    pub fn rules(&self, text: &str) -> Result<()> {
        let path = self.home().config().join("daypass/settings.toml");
        let settings = fs::read_to_string(&path).context("reading the settings")?;
        let kept = settings.split("[[rules]]").next().unwrap_or_default();
        fs::write(&path, format!("{kept}\n{text}")).context("writing the settings")
    }

    /// The home.
    pub fn home(&self) -> &Home {
        self.desktop.home()
    }

    /// The accounts of the portal, as its control API tells them.
    pub fn accounts(&self) -> Result<Vec<Value>> {
        let answer = self.portal.ask("accounts")?;
        Ok(answer["accounts"]
            .as_array()
            .context("the portal tells no accounts")?
            .clone())
    }

    /// The first assignment whose account has a name and a permission set `ReadOnly`.
    pub fn read_only(&self) -> Result<Assignment> {
        self.assignment("ReadOnly")
    }

    /// The first assignment of a permission set in an account that has a name.
    pub fn assignment(&self, role: &str) -> Result<Assignment> {
        let accounts = self.accounts()?;
        let has = |account: &&Value| {
            let roles = account["roles"].as_array().into_iter().flatten();
            account["name"].is_string() && roles.into_iter().any(|known| known == role)
        };
        let account = accounts
            .iter()
            .find(has)
            .with_context(|| format!("nobody has {role}"))?;
        let text = |key: &str| account[key].as_str().unwrap_or_default().to_owned();
        Ok(Assignment {
            account: text("id"),
            name: text("name"),
            role: role.to_owned(),
        })
    }

    /// One assignment of each account that has any.
    pub fn one_of_each_account(&self) -> Result<Vec<Assignment>> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let first = |account: &Value| {
            let role = account["roles"].get(0)?;
            Some(Assignment {
                account: text(&account["id"]),
                name: text(&account["name"]),
                role: text(role),
            })
        };
        Ok(self.accounts()?.iter().filter_map(first).collect())
    }

    /// The state of one session, as `daypass status --json` tells it.
    pub fn status(&self, session: &str) -> Result<Value> {
        let ran = self.daypass.run(&["status", "--json"])?;
        let document = ran.json()?;
        ensure!(document["version"] == 1, "another version: {document}");
        let sessions = document["sessions"].as_array().context("no sessions")?;
        let found = sessions.iter().find(|one| one["name"] == session);
        found
            .cloned()
            .with_context(|| format!("{session} is not in {document}"))
    }

    /// How often the portal was asked for an operation.
    pub fn asked(&self, operation: &str) -> Result<u64> {
        let stats = self.portal.ask("stats")?;
        let counts = &stats["operations"][operation];
        Ok(counts
            .as_u64()
            .or_else(|| counts["requests"].as_u64())
            .unwrap_or_default())
    }

    /// Everything that must not leak, as far as it can be seen from outside.
    pub fn canaries(&self) -> Result<Canaries> {
        let mut canaries = Canaries::default();
        if let Ok(keyring) = self.desktop.keyring() {
            canaries.learn_keyring(keyring)?;
        }
        self.token_folders()
            .iter()
            .try_for_each(|folder| canaries.learn_folder(folder))?;
        Ok(canaries)
    }

    /// Searches the whole home for those secrets; AWS's own caches may hold them, and so may the
    /// keyring's file, which is encrypted anyway.
    pub fn search(&self, canaries: &Canaries) -> Result<()> {
        canaries.search(self.home(), &self.token_folders())
    }

    fn token_folders(&self) -> Vec<PathBuf> {
        vec![
            self.home().sso_cache(),
            self.home().home().join(".aws/cli/cache"),
        ]
    }
}
