//! Where files are: AWS's own by its rules, Daypass's own by the platform's.

use std::path::{Path, PathBuf};

use directories::ProjectDirs;

use super::Env;
use crate::{Code, Error, Result};

/// Folders and files that Daypass reads or writes; all absolute.
#[derive(Clone, Debug)]
pub struct Paths {
    /// The user's home folder.
    pub home: PathBuf,
    /// The user's AWS config file.
    pub aws_config: PathBuf,
    /// The user's AWS credentials file; read, never written.
    pub aws_credentials: PathBuf,
    /// AWS's token cache; no variable moves it.
    pub sso_cache: PathBuf,
    /// The AWS CLI's cache of role credentials.
    pub cli_cache: PathBuf,
    /// Daypass's settings.
    pub config: PathBuf,
    /// What can be read again: the copy of the account list.
    pub cache: PathBuf,
    /// What cannot: locks, backups, marks.
    pub state: PathBuf,
    /// Where the window keeps what belongs to it alone; named by the application's identifier.
    pub window: Vec<PathBuf>,
    /// The settings of an organisation, which only an administrator can write; read, never written.
    pub organisation: PathBuf,
    /// The user id that such a file has to belong to.
    pub administrator: u32,
    /// The root of the system, where container engines leave their marks.
    pub system: PathBuf,
}

/// Where an organisation puts its settings. No variable moves it: whoever may set the variables of a
/// user's programs is not the organisation.
#[cfg(target_os = "macos")]
const ORGANISATION: &str = "/Library/Application Support/Daypass/settings.toml";
#[cfg(windows)]
const ORGANISATION: &str = r"C:\ProgramData\Daypass\settings.toml";
#[cfg(not(any(target_os = "macos", windows)))]
const ORGANISATION: &str = "/etc/daypass/settings.toml";

impl Paths {
    /// By the environment and the platform.
    ///
    /// # Errors
    /// No home folder can be found.
    pub fn find(env: &Env) -> Result<Paths> {
        let home = home(env)
            .ok_or_else(|| Error::new(Code::StorageFailed, "no home folder: HOME is not set"))?;
        let own = ProjectDirs::from("app", "Daypass", "daypass");
        let own = own.ok_or_else(|| Error::new(Code::StorageFailed, "no folder for settings"))?;
        let place = |variable: &str, platform: &Path| {
            env.get(variable)
                .map(|text| expand(&home, &text))
                .unwrap_or(platform.to_path_buf())
        };
        let state = own.state_dir().unwrap_or(own.data_local_dir());
        Ok(Paths {
            home: home.clone(),
            aws_config: place("AWS_CONFIG_FILE", &home.join(".aws/config")),
            aws_credentials: place(
                "AWS_SHARED_CREDENTIALS_FILE",
                &home.join(".aws/credentials"),
            ),
            sso_cache: home.join(".aws/sso/cache"),
            cli_cache: home.join(".aws/cli/cache"),
            config: place("DAYPASS_CONFIG_DIR", own.config_dir()),
            cache: place("DAYPASS_CACHE_DIR", own.cache_dir()),
            state: place("DAYPASS_STATE_DIR", state),
            window: window(),
            organisation: PathBuf::from(ORGANISATION),
            administrator: 0,
            system: PathBuf::from("/"),
        })
    }

    /// Whether a container engine has marked this system as its own, apart from the network and the
    /// screen of the machine around it. Toolboxes have the mark and share both.
    pub fn is_container(&self) -> bool {
        let marked = |mark: &str| self.system.join(mark).exists();
        !marked("run/.toolboxenv") && [".dockerenv", "run/.containerenv"].into_iter().any(marked)
    }

    /// All below one folder, for tests.
    pub fn below(folder: &Path) -> Paths {
        Paths {
            home: folder.to_path_buf(),
            aws_config: folder.join(".aws/config"),
            aws_credentials: folder.join(".aws/credentials"),
            sso_cache: folder.join(".aws/sso/cache"),
            cli_cache: folder.join(".aws/cli/cache"),
            config: folder.join("config"),
            cache: folder.join("cache"),
            state: folder.join("state"),
            window: vec![folder.join("window")],
            organisation: folder.join("organisation/settings.toml"),
            administrator: super::files::own_user(),
            system: folder.join("system"),
        }
    }
}

/// `HOME` first on every system, as the JavaScript and Rust SDKs look.
fn home(env: &Env) -> Option<PathBuf> {
    let first = env
        .get("HOME")
        .or_else(|| env.get("USERPROFILE"))
        .map(PathBuf::from);
    first.or_else(|| directories::BaseDirs::new().map(|dirs| dirs.home_dir().to_path_buf()))
}

/// The web view keeps its data in one or the other, by system.
fn window() -> Vec<PathBuf> {
    const IDENTIFIER: &str = "app.daypass.desktop";
    let Some(dirs) = directories::BaseDirs::new() else {
        return Vec::new();
    };
    let mut folders = vec![dirs.data_local_dir().to_path_buf(), dirs.data_dir().into()];
    folders.push(dirs.cache_dir().to_path_buf());
    folders.push(dirs.config_dir().to_path_buf());
    folders.sort();
    folders.dedup();
    folders.iter().map(|it| it.join(IDENTIFIER)).collect()
}

/// A leading `~` is the home folder; a relative path is taken from it too.
fn expand(home: &Path, text: &str) -> PathBuf {
    match text.strip_prefix("~/") {
        Some(rest) => home.join(rest),
        None => std::path::absolute(text).unwrap_or_else(|_| home.join(text)),
    }
}

/// The `daypass` beside the running program; the command line and the application are installed together.
pub(super) fn command_line_program() -> PathBuf {
    let name = if cfg!(windows) {
        "daypass.exe"
    } else {
        "daypass"
    };
    let own = std::env::current_exe().unwrap_or_default();
    own.with_file_name(name)
}
