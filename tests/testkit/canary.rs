//! The search for leaked secrets: what must not stand in any log, file or command line.

use crate::home::Home;
use crate::keyring::Keyring;
use crate::{Context, Result, bail, ensure};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Shorter strings would be found by chance.
const SHORTEST: usize = 12;

/// The secrets of one test.
#[derive(Clone, Debug, Default)]
pub struct Canaries {
    secrets: BTreeSet<String>,
}

impl Canaries {
    /// Learns one secret.
    pub fn learn(&mut self, secret: &str) {
        if secret.len() >= SHORTEST {
            self.secrets.insert(secret.to_owned());
        }
    }

    /// Learns every value of a JSON document whose name says that it is secret.
    pub fn learn_json(&mut self, document: &Value) {
        match document {
            Value::Object(fields) => fields.iter().for_each(|(name, value)| match value {
                Value::String(text) if is_secret(name) => self.learn(text),
                other => self.learn_json(other),
            }),
            Value::Array(values) => values.iter().for_each(|value| self.learn_json(value)),
            _ => {}
        }
    }

    /// Learns what rests in the keyring.
    pub fn learn_keyring(&mut self, keyring: &Keyring) -> Result<()> {
        for item in keyring.items()? {
            match serde_json::from_slice(&item.value) {
                Ok(document) => self.learn_json(&document),
                Err(_) => self.learn(&String::from_utf8_lossy(&item.value)),
            }
        }
        Ok(())
    }

    /// Learns the secrets of every JSON file below a folder: AWS's own caches.
    pub fn learn_folder(&mut self, folder: &Path) -> Result<()> {
        for path in files_below(folder)? {
            if let Ok(document) = serde_json::from_slice(&fs::read(&path)?) {
                self.learn_json(&document);
            }
        }
        Ok(())
    }

    /// Learns those items of the keyring that hold an access token.
    pub fn learn_tokens(&mut self, keyring: &Keyring) -> Result<()> {
        for item in keyring.items()? {
            if let Ok(document) = serde_json::from_slice::<Value>(&item.value)
                && document["accessToken"].is_string()
            {
                self.learn_json(&document);
            }
        }
        Ok(())
    }

    /// Learns what others know.
    pub fn learn_all(&mut self, others: &Self) {
        self.secrets.extend(others.secrets.iter().cloned());
    }

    /// How many secrets are known; a search for none proves nothing.
    pub fn count(&self) -> usize {
        self.secrets.len()
    }

    /// Searches a whole throw-away home, logs included, except below `allowed`.
    pub fn search(&self, home: &Home, allowed: &[PathBuf]) -> Result<()> {
        ensure!(
            self.count() > 0,
            "no secret was learned, so nothing can be searched for"
        );
        let allowed = |path: &Path| allowed.iter().any(|folder| path.starts_with(folder));
        for path in files_below(home.root())?
            .into_iter()
            .filter(|path| !allowed(path))
        {
            let bytes = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
            if let Some(secret) = self.first_in(&bytes) {
                bail!(
                    "{} holds a secret that begins with {}",
                    path.display(),
                    beginning(secret)
                );
            }
        }
        Ok(())
    }

    /// Holds a text to be free of secrets.
    pub fn absent_from(&self, what: &str, text: &str) -> Result<()> {
        match self.first_in(text.as_bytes()) {
            Some(secret) => bail!(
                "{what} holds a secret that begins with {}",
                beginning(secret)
            ),
            None => Ok(()),
        }
    }

    /// Those that stand in some bytes.
    #[must_use]
    pub fn among(&self, bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let found = self.secrets.iter();
        let found = found.filter(|secret| text.contains(secret.as_str()));
        Self {
            secrets: found.cloned().collect(),
        }
    }

    /// How they begin: enough to tell of which kind they are.
    pub fn beginnings(&self) -> Vec<String> {
        self.secrets
            .iter()
            .map(|secret| beginning(secret))
            .collect()
    }

    fn first_in(&self, bytes: &[u8]) -> Option<&String> {
        // The standard library searches texts far faster than a loop of our own, built for debugging.
        let text = String::from_utf8_lossy(bytes);
        self.secrets
            .iter()
            .find(|secret| text.contains(secret.as_str()))
    }
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace(['_', '-'], "");
    ["token", "secret", "accesskeyid", "sessionkey"]
        .iter()
        .any(|word| name.contains(word))
        && !name.contains("expires")
        && name != "tokentype"
}

fn beginning(secret: &str) -> String {
    secret.chars().take(6).collect()
}

/// Whether `needle` stands in `bytes`.
pub fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

/// Every regular file below a folder; links are not followed, sockets are left out.
pub fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(found);
    };
    for entry in entries {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            found.extend(files_below(&entry.path())?);
        } else if kind.is_file() {
            found.push(entry.path());
        }
    }
    Ok(found)
}

/// Reads the command lines and environments of all processes, again and again, for a word that must not
/// be there.
#[derive(Debug)]
pub struct CommandLines {
    done: Arc<AtomicBool>,
    watcher: JoinHandle<(usize, Option<String>)>,
}

impl CommandLines {
    /// Begins to watch.
    pub fn watch(word: &str) -> Self {
        let done = Arc::new(AtomicBool::new(false));
        let (word, until) = (word.to_owned(), Arc::clone(&done));
        let watcher = thread::spawn(move || {
            let (mut looks, mut seen) = (0, None);
            while !until.load(Ordering::Relaxed) {
                seen = seen.or_else(|| command_line_with(&word));
                looks += 1;
                thread::sleep(Duration::from_millis(1));
            }
            (looks, seen)
        });
        Self { done, watcher }
    }

    /// Ends the watch; fails where the word was seen.
    pub fn clean(self) -> Result<()> {
        self.done.store(true, Ordering::Relaxed);
        let Ok((looks, seen)) = self.watcher.join() else {
            bail!("the watch broke off")
        };
        ensure!(looks > 1, "there was no time to look");
        match seen {
            Some(line) => bail!("a command line or an environment held it: {line}"),
            None => Ok(()),
        }
    }
}

fn command_line_with(word: &str) -> Option<String> {
    let processes = fs::read_dir("/proc").ok()?.flatten();
    let of_each = |process: fs::DirEntry| {
        ["cmdline", "environ"].map(|name| fs::read(process.path().join(name)).unwrap_or_default())
    };
    processes
        .flat_map(of_each)
        .map(|line| String::from_utf8_lossy(&line).replace('\0', " "))
        .find(|line| line.contains(word))
}
