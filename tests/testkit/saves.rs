//! The config file's save path under faults: the real command is held at its lock, a tracer takes hold of
//! the thread that waits there, and the call that was chosen kills it or fails.

use crate::places::tool;
use crate::programs::{Running, command};
use crate::scene::{Scene, Storage};
use crate::waiting::until;
use crate::{Context, Result, bail, ensure};
use rustix::fs::{FlockOperation, flock};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

/// Calls by which a file changes, or by which the way to that is prepared.
const KINDS: [&str; 13] = [
    "openat",
    "read",
    "readlink",
    "write",
    "fsync",
    "close",
    "rename",
    "renameat",
    "renameat2",
    "unlink",
    "fchmod",
    "statx",
    "getdents64",
];
/// What a disk, a mount or a signal may say to each of them.
const ERRORS: [&str; 6] = ["EIO", "ENOSPC", "EACCES", "EXDEV", "EROFS", "EINTR"];
const PATIENCE: Duration = Duration::from_secs(30);
/// The number of `flock` among the calls of the kernel.
const FLOCK: &str = if cfg!(target_arch = "x86_64") {
    "73 "
} else {
    "32 "
};

/// What the file holds before.
const OLD: &str = "\
# mine
[default]
region = eu-west-1

[profile other]
region = us-east-1
s3 =
    addressing_style = path
";
const WORDS: [&str; 8] = [
    "profile",
    "add",
    "--account",
    "111122223333",
    "--role",
    "ReadOnly",
    "--name",
    "new",
];

/// A place in the save path.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// The call.
    kind: &'static str,
    /// Which one of its kind, from 1.
    number: usize,
}

/// What came of many faults.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// How many calls the save path has, by kind.
    pub calls: BTreeMap<&'static str, usize>,
    /// How many processes were killed.
    pub kills: usize,
    /// How many of them left the new bytes.
    pub new_after_kill: usize,
    /// How many left a file that was being written; never more than one at once.
    pub strays: usize,
    /// How many calls were made to fail.
    pub errors: usize,
    /// How many of them were told, with the old bytes in place.
    pub told: usize,
    /// How many cost nothing: the change was made all the same.
    pub survived: usize,
}

/// A home with a config file that is saved again and again.
#[derive(Debug)]
pub struct Saves {
    scene: Scene,
    strace: PathBuf,
    new: Vec<u8>,
    calls: Vec<Call>,
    told: Told,
}

impl Saves {
    /// Saves once undisturbed, and once more to see the calls of it.
    pub fn prepare() -> Result<Self> {
        let scene = Scene::registered(Storage::Shared, &["--accounts", "2"])?;
        let mut saves = Self {
            scene,
            strace: tool("strace", "strace")?,
            new: Vec::new(),
            calls: Vec::new(),
            told: Told::default(),
        };
        saves.reset()?;
        saves.scene.daypass.ok(&WORDS)?;
        saves.new = saves.bytes()?;
        // The number of backups, and with it of calls, comes to rest.
        for _ in 0..11 {
            saves.reset()?;
            saves.scene.daypass.run_silently(&WORDS)?.code(0)?;
        }
        saves.learn_calls()?;
        Ok(saves)
    }

    fn learn_calls(&mut self) -> Result<()> {
        self.reset()?;
        let ended = self.save(&[format!("trace={}", KINDS.join(","))])?;
        ensure!(
            ended.code == 0 && self.bytes()? == self.new,
            "{}",
            ended.talk
        );
        let home = self.scene.home().root().display().to_string();
        for kind in KINDS {
            let begin = format!("{kind}(");
            let all = ended.trace.lines().filter(|line| line.starts_with(&begin));
            // The others are talk between threads, not about files.
            let ours = all.zip(1..).filter(|(line, _)| line.contains(&home));
            let calls: Vec<_> = ours.map(|(_, number)| Call { kind, number }).collect();
            if !calls.is_empty() {
                self.told.calls.insert(kind, calls.len());
            }
            self.calls.extend(calls);
        }
        let of = |kind| self.told.calls.get(kind).copied().unwrap_or(0);
        ensure!(
            of("write") >= 2
                && of("fsync") >= 2
                && of("rename") + of("renameat") + of("renameat2") >= 2,
            "{:?}",
            self.told.calls
        );
        Ok(())
    }

    /// Kills at so many calls, evenly spread over the path and again from its beginning.
    pub fn kill(&mut self, times: usize) -> Result<()> {
        for call in spread(&self.calls, times) {
            self.kill_at(call)
                .with_context(|| format!("killed at {call:?}"))?;
        }
        Ok(())
    }

    fn kill_at(&mut self, call: Call) -> Result<()> {
        self.reset()?;
        let Call { kind, number } = call;
        let ended = self.save(&[format!("inject={kind}:signal=KILL:when={number}")])?;
        ensure!(
            ended.code == 137,
            "it was not killed: {} {}",
            ended.code,
            ended.talk
        );
        self.told.kills += 1;
        let bytes = self.bytes()?;
        ensure!(
            bytes == OLD.as_bytes() || bytes == self.new,
            "torn: {:?}",
            String::from_utf8_lossy(&bytes)
        );
        self.told.new_after_kill += usize::from(bytes == self.new);
        self.backups_are_whole()?;
        let strays = self.strays()?;
        ensure!(strays.len() <= 1, "{strays:?}");
        self.told.strays += strays.len();
        // The next one, which is not disturbed, does what was asked and tidies up.
        self.reset()?;
        self.scene.daypass.run_silently(&WORDS)?.code(0)?;
        ensure!(self.bytes()? == self.new, "the next save did not do it");
        let strays = self.strays()?;
        ensure!(strays.is_empty(), "still there: {strays:?}");
        Ok(())
    }

    /// Makes so many calls fail, each in every way in turn.
    pub fn fail(&mut self, times: usize) -> Result<()> {
        let all: Vec<_> = self
            .calls
            .iter()
            .flat_map(|call| ERRORS.map(|error| (*call, error)))
            .filter(|(call, error)| *error != "EINTR" || call.kind != "close")
            .collect();
        for (call, error) in spread(&all, times) {
            self.fail_at(call, error)
                .with_context(|| format!("{error} at {call:?}"))?;
        }
        Ok(())
    }

    fn fail_at(&mut self, call: Call, error: &str) -> Result<()> {
        self.reset()?;
        let Call { kind, number } = call;
        let ended = self.save(&[format!("inject={kind}:error={error}:when={number}")])?;
        self.told.errors += 1;
        let bytes = self.bytes()?;
        match ended.code {
            0 => {
                ensure!(bytes == self.new, "it says that it is done: {}", ended.talk);
                self.told.survived += 1;
            }
            code => {
                let said = ended.talk.contains("error: ") && ended.talk.contains("hint: ");
                ensure!(said, "{code}: {}", ended.talk);
                ensure!(
                    bytes == OLD.as_bytes(),
                    "{code}, but changed: {}",
                    ended.talk
                );
                self.told.told += 1;
            }
        }
        self.backups_are_whole()?;
        let strays = self.strays()?;
        ensure!(strays.len() <= 1, "{strays:?}");
        Ok(())
    }

    /// One save: held at the lock until the tracer is there.
    fn save(&self, options: &[String]) -> Result<Ended> {
        let lock = File::create(self.backups().join(".lock"))?;
        flock(&lock, FlockOperation::LockExclusive)?;
        let mut daypass = self.scene.daypass.command(&[], &WORDS);
        daypass.stdout(Stdio::null()).stderr(Stdio::piped());
        let mut daypass = Running::start_as_is("daypass", &mut daypass)?;
        let thread = until(PATIENCE, "a thread at the lock", || {
            thread_at_lock(daypass.id())
        })?;
        let trace = self.scene.home().root().join("trace");
        let mut strace = command(&self.strace);
        strace.arg("-y");
        strace
            .arg("-p")
            .arg(thread.to_string())
            .arg("-o")
            .arg(&trace);
        for option in options {
            strace.arg("-e").arg(option);
        }
        let mut strace = Running::start_as_is("strace", strace.stderr(Stdio::piped()))?;
        let mut words = BufReader::new(strace.take_stderr()?);
        let mut line = String::new();
        words.read_line(&mut line)?;
        ensure!(line.contains("attached"), "strace: {line}");
        drop(lock);
        let mut talk = String::new();
        daypass.take_stderr()?.read_to_string(&mut talk)?;
        let code = crate::cli::code(daypass.wait(PATIENCE)?);
        words.read_to_string(&mut line)?;
        strace.wait(PATIENCE)?;
        Ok(Ended {
            code,
            talk,
            trace: fs::read_to_string(trace)?,
        })
    }

    fn reset(&self) -> Result<()> {
        self.scene.home().write_aws_config(OLD).map(drop)
    }

    fn bytes(&self) -> Result<Vec<u8>> {
        self.scene.home().read_aws_config()
    }

    fn backups(&self) -> PathBuf {
        self.scene.home().state().join("daypass/backups")
    }

    fn backups_are_whole(&self) -> Result<()> {
        for path in names(&self.backups(), |name| name.ends_with(".bak"))? {
            ensure!(
                fs::read(&path)? == OLD.as_bytes(),
                "{} is torn",
                path.display()
            );
        }
        Ok(())
    }

    /// Files that were being written when it ended.
    fn strays(&self) -> Result<Vec<PathBuf>> {
        let stray = |name: &str| name.starts_with(".daypass-") && name.ends_with(".tmp");
        let aws = self.scene.home().aws_config();
        let aws = aws.parent().context("no folder")?;
        Ok([names(aws, stray)?, names(&self.backups(), stray)?].concat())
    }

    /// What came of it.
    pub fn told(&self) -> &Told {
        &self.told
    }
}

/// How a save ended.
#[derive(Debug)]
struct Ended {
    code: i32,
    talk: String,
    trace: String,
}

impl Told {
    /// The figures, as a person reads them.
    pub fn line(&self) -> String {
        let calls: usize = self.calls.values().sum();
        format!(
            "{calls} calls in the save path of the config file ({:?}); killed {} times, new bytes after {} \
             of them, old bytes after the others, {} left one file that was being written, gone with the \
             next save; {} failing calls: {} told with the old bytes in place, {} without consequence",
            self.calls,
            self.kills,
            self.new_after_kill,
            self.strays,
            self.errors,
            self.told,
            self.survived
        )
    }
}

/// So many of these, evenly spread; from the beginning again where there are not enough.
fn spread<T: Copy>(all: &[T], times: usize) -> Vec<T> {
    (0..times)
        .map(|index| {
            if times >= all.len() {
                all[index % all.len()]
            } else {
                all[index * all.len() / times]
            }
        })
        .collect()
}

fn names(folder: &Path, wanted: impl Fn(&str) -> bool) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?.collect::<std::io::Result<Vec<_>>>()?;
    let named = entries
        .into_iter()
        .filter(|it| wanted(&it.file_name().to_string_lossy()));
    Ok(named.map(|it| it.path()).collect())
}

/// The thread of that process that waits for a lock.
fn thread_at_lock(process: u32) -> Result<Option<u32>> {
    let Ok(threads) = fs::read_dir(format!("/proc/{process}/task")) else {
        bail!("it ended before it came to the lock");
    };
    for thread in threads.flatten() {
        let call = fs::read_to_string(thread.path().join("syscall")).unwrap_or_default();
        if call.starts_with(FLOCK) {
            return Ok(thread.file_name().to_string_lossy().parse().ok());
        }
    }
    Ok(None)
}
