//! A clock that runs many times as fast: programs below libfaketime see it wherever they ask for the time
//! (of the day, or since the start of the machine) and wherever they wait.

use crate::home::Home;
use crate::places::{repository, tool};
use crate::programs::output;
use crate::{Context, Result, ensure};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

/// Where libfaketime tells children when their parents began, in files that end with a process id.
const SHARED: &str = "/dev/shm";
const LEFT: [&str; 2] = ["faketime_shm_", "sem.faketime_sem_"];

/// The clock; all programs that were given it see the same time, to a second or two.
#[derive(Debug)]
pub struct FastClock {
    libraries: String,
    begin: Instant,
    rate: u32,
}

impl FastClock {
    /// It starts at the time that it is; what it needs is built in that home.
    ///
    /// # Errors
    /// Where libfaketime or a compiler is not installed.
    pub fn start(home: &Home, rate: u32) -> Result<Self> {
        ensure!(rate > 0, "a clock that stands still shows nothing");
        let (waits, time) = (fast_waits(home)?, faketime()?);
        Ok(Self {
            // In this order: the first asks the second for the time.
            libraries: format!("{}:{}", waits.display(), time.display()),
            begin: Instant::now(),
            rate,
        })
    }

    /// How much time has passed on it.
    pub fn elapsed(&self) -> Duration {
        self.begin.elapsed() * self.rate
    }

    /// Waits until so much has passed on it.
    pub fn wait_until(&self, elapsed: Duration) {
        let left = elapsed.saturating_sub(self.elapsed());
        thread::sleep(left / self.rate);
    }

    /// The variables of a program that is started at once, and of its children.
    pub fn env(&self) -> Vec<(String, String)> {
        let ahead = self.begin.elapsed() * (self.rate - 1);
        let set = |name: &str, value: String| (name.to_owned(), value);
        vec![
            set("LD_PRELOAD", self.libraries.clone()),
            set(
                "FAKETIME",
                format!("+{:.3} x{}", ahead.as_secs_f64(), self.rate),
            ),
            set("FAST_CLOCK_RATE", self.rate.to_string()),
            // The times of files are left as they are.
            set("NO_FAKE_STAT", "1".to_owned()),
        ]
    }

    /// The same as words before a command.
    pub fn words(&self) -> Vec<String> {
        let set = |(name, value): (String, String)| format!("{name}={value}");
        let env = self.env().into_iter().map(set);
        std::iter::once("/usr/bin/env".to_owned())
            .chain(env)
            .collect()
    }
}

impl Drop for FastClock {
    /// A program that is ended by a signal leaves what it shares with its children: it goes with the clock.
    fn drop(&mut self) {
        for entry in fs::read_dir(SHARED).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let owner = LEFT.iter().find_map(|begin| name.strip_prefix(begin));
            let ended = owner.is_some_and(|id| !Path::new("/proc").join(id).exists());
            if ended {
                // Another's, which may not be removed, is no harm.
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

/// Debian has it in a folder that is named after the processor.
fn faketime() -> Result<PathBuf> {
    let folders = fs::read_dir("/usr/lib")?.flatten().map(|it| it.path());
    let mut paths = folders.map(|it| it.join("faketime/libfaketimeMT.so.1"));
    paths
        .find(|it| it.is_file())
        .context("libfaketime is missing: install the Debian package libfaketime")
}

/// The waits that libfaketime does not know.
fn fast_waits(home: &Home) -> Result<PathBuf> {
    let source = repository().join("tests/interop/fast_waits.c");
    let target = home.root().join("fast_waits.so");
    let words = ["-O2", "-shared", "-fPIC", "-o"].map(OsStr::new);
    let files = [target.as_os_str(), source.as_os_str()];
    let compiler = tool("cc", "build-essential")?;
    output(&compiler, words.iter().chain(&files), &home.env())?;
    Ok(target)
}
