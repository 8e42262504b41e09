//! Programs of others: where a shell would find one, and which version it says it is.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use super::Env;

/// How long a program may take to say its version: some are started for the first time.
const PATIENCE: Duration = Duration::from_secs(8);

/// Where `PATH` leads for a name without folders; only absolute folders count.
pub fn find(env: &Env, name: &str) -> Option<PathBuf> {
    let path = env.get("PATH")?;
    let folders = std::env::split_paths(&path).filter(|folder| folder.is_absolute());
    folders.map(|it| it.join(name)).find(|it| it.is_file())
}

/// The first line that a program prints when it is asked for its version; `None` where it says
/// nothing, fails, or takes too long.
#[expect(clippy::disallowed_methods, reason = "asks a program for its version")]
pub async fn version(program: &Path) -> Option<String> {
    let mut command = tokio::process::Command::from(std::process::Command::new(program));
    command
        .arg("--version")
        .stdin(Stdio::null())
        .kill_on_drop(true);
    let output = tokio::time::timeout(PATIENCE, command.output()).await;
    let output = output.ok()?.ok().filter(|it| it.status.success())?;
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text);
    text.lines().next().map(str::to_owned)
}

/// Starts a program that goes on by itself: neither Ctrl-C in this terminal nor the end of this
/// process ends it.
///
/// # Errors
/// Whatever the system says.
#[expect(clippy::disallowed_methods, reason = "starts the application")]
pub fn start(program: &Path, arguments: &[&str]) -> std::io::Result<()> {
    let mut command = std::process::Command::new(program);
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map(drop)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_shells_first_find_counts() {
        let folder = tempfile::tempdir().unwrap();
        let make = |name: &str| {
            let folder = folder.path().join(name);
            std::fs::create_dir(&folder).unwrap();
            folder
        };
        let [first, second] = ["first", "second"].map(make);
        std::fs::File::create_new(second.join("aws")).unwrap();
        let path = format!("relative:{}:{}", first.display(), second.display());
        let env = Env::table([("PATH", path)]);
        assert_eq!(find(&env, "aws"), Some(second.join("aws")));
        assert_eq!(find(&env, "other"), None);
    }

    #[tokio::test]
    async fn a_program_says_its_version_in_one_line() {
        let said = version(Path::new("/bin/bash")).await.unwrap();
        assert!(said.contains("bash"), "{said}");
        assert_eq!(version(Path::new("/bin/false")).await, None);
        assert_eq!(version(Path::new("/nowhere/at/all")).await, None);
    }
}
