//! A throw-away home: its own HOME and XDG folders, and an environment that lets nothing else in.

use crate::{Context, Result};
use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// What is taken over from whoever runs the tests; everything else stays outside.
const SYSTEM_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// A home that is gone when this is dropped.
#[derive(Debug)]
pub struct Home {
    root: TempDir,
}

impl Home {
    /// Makes the folders, each for this user alone.
    pub fn make() -> Result<Self> {
        let root = tempfile::Builder::new().prefix("daypass-").tempdir();
        let home = Self {
            root: root.context("making a throw-away home")?,
        };
        for name in [
            "home", "config", "data", "cache", "state", "run", "tmp", "logs",
        ] {
            make_private(&home.root().join(name))?;
        }
        Ok(home)
    }

    /// The folder that holds everything, logs included.
    pub fn root(&self) -> &Path {
        self.root.path()
    }

    /// `$HOME`.
    pub fn home(&self) -> PathBuf {
        self.root().join("home")
    }

    /// `$XDG_CONFIG_HOME`.
    pub fn config(&self) -> PathBuf {
        self.root().join("config")
    }

    /// `$XDG_DATA_HOME`.
    pub fn data(&self) -> PathBuf {
        self.root().join("data")
    }

    /// `$XDG_CACHE_HOME`.
    pub fn cache(&self) -> PathBuf {
        self.root().join("cache")
    }

    /// `$XDG_STATE_HOME`.
    pub fn state(&self) -> PathBuf {
        self.root().join("state")
    }

    /// `$XDG_RUNTIME_DIR`.
    pub fn run(&self) -> PathBuf {
        self.root().join("run")
    }

    /// Where the output of every program of this home goes.
    pub fn logs(&self) -> PathBuf {
        self.root().join("logs")
    }

    /// `~/.aws/config`.
    pub fn aws_config(&self) -> PathBuf {
        self.home().join(".aws/config")
    }

    /// The access token cache that AWS's own tools share.
    pub fn sso_cache(&self) -> PathBuf {
        self.home().join(".aws/sso/cache")
    }

    /// Writes `~/.aws/config`.
    pub fn write_aws_config(&self, bytes: impl AsRef<[u8]>) -> Result<()> {
        let path = self.aws_config();
        make_private(path.parent().context("a config file without a folder")?)?;
        fs::write(&path, bytes).with_context(|| format!("writing {}", path.display()))
    }

    /// The bytes of `~/.aws/config`.
    pub fn read_aws_config(&self) -> Result<Vec<u8>> {
        let path = self.aws_config();
        fs::read(&path).with_context(|| format!("reading {}", path.display()))
    }

    /// The whole environment of a program that lives here.
    pub fn env(&self) -> Vec<(String, String)> {
        let folders = [
            ("HOME", self.home()),
            ("XDG_CONFIG_HOME", self.config()),
            ("XDG_DATA_HOME", self.data()),
            ("XDG_CACHE_HOME", self.cache()),
            ("XDG_STATE_HOME", self.state()),
            ("XDG_RUNTIME_DIR", self.run()),
            ("TMPDIR", self.root().join("tmp")),
        ];
        let fixed = [
            ("PATH", SYSTEM_PATH),
            ("LANG", "C.UTF-8"),
            ("TZ", "UTC"),
            ("USER", "daypass-test"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
            // Tests often run in containers, which is not what they are about.
            ("DAYPASS_SIGN_IN", "browser"),
        ];
        let folders = folders.map(|(name, path)| (name.to_owned(), path.display().to_string()));
        let fixed = fixed.map(|(name, value)| (name.to_owned(), value.to_owned()));
        fixed.into_iter().chain(folders).collect()
    }
}

/// Makes a folder, and those above it, with mode 0700.
pub fn make_private(folder: &Path) -> Result<()> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.with_context(|| format!("making {}", folder.display()))
}
