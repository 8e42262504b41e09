//! The token cache on disk: names by digest, and files written as the AWS CLI writes them.

use serde_json::Value;
use sha1::{Digest, Sha1};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;
use testkit::{Context, Result};

/// The folders below `~/.aws`.
pub(crate) struct Cache {
    /// Tokens and registrations.
    pub(crate) sso: PathBuf,
    /// Role credentials.
    pub(crate) roles: PathBuf,
}

/// What a file held.
pub(crate) enum Found {
    /// A JSON document.
    Whole(Value),
    /// Something that is none, such as half of one.
    Torn(usize),
    /// No file.
    Missing,
}

impl Cache {
    /// The cache of that home.
    pub(crate) fn of(home: &Path) -> Self {
        Self {
            sso: home.join(".aws/sso/cache"),
            roles: home.join(".aws/cli/cache"),
        }
    }

    /// The token file of a session name.
    pub(crate) fn token(&self, session: &str) -> PathBuf {
        self.named(session)
    }

    /// The registration for that session at that portal: the digest of a document with Python's
    /// own spacing.
    pub(crate) fn registration(&self, session: &str, start_url: &str, region: &str) -> PathBuf {
        let text = |text: &str| Value::from(text).to_string();
        self.named(&format!(
            "{{\"region\": {}, \"scopes\": [\"sso:account:access\"], \"session_name\": {}, \
             \"startUrl\": {}, \"tool\": \"botocore\"}}",
            text(region),
            text(session),
            text(start_url)
        ))
    }

    fn named(&self, key: &str) -> PathBuf {
        let digest = hex::encode(Sha1::digest(key.as_bytes()));
        self.sso.join(format!("{digest}.json"))
    }
}

/// Reads a file once: that tool does not look twice.
pub(crate) fn read(path: &Path) -> Result<Found> {
    match fs::read(path) {
        Ok(bytes) => Ok(match serde_json::from_slice(&bytes) {
            Ok(document) => Found::Whole(document),
            Err(_) => Found::Torn(bytes.len()),
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Found::Missing),
        Err(error) => Err(error).with_context(|| format!("reading {}", path.display())),
    }
}

/// Truncates the file in place and writes it anew; with a `pause` in the middle.
pub(crate) fn write(path: &Path, document: &Value, pause: Duration) -> Result<()> {
    let mut file = open(path).with_context(|| format!("opening {}", path.display()))?;
    let text = document.to_string();
    let (first, second) = text.as_bytes().split_at(text.len() / 2);
    file.set_len(0)?;
    file.write_all(first)?;
    if !pause.is_zero() {
        thread::sleep(pause);
    }
    file.write_all(second)
        .with_context(|| format!("writing {}", path.display()))
}

fn open(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false).mode(0o600);
    options.open(path)
}
