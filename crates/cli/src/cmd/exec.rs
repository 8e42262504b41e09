//! `exec`: runs a command with role credentials in its environment.

use std::ffi::OsString;
use std::process::Command;

use daypass_core::{Code, Error, Result, credentials};

use super::Run;
use crate::args::Exec;

/// Beside credentials these would lead some tools to other ones.
const IN_THE_WAY: [&str; 2] = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"];

pub(super) async fn run(run: &Run, words: Exec) -> Result<u8> {
    let assignment = run.assignment(&words.whose).await?;
    let keys = run.daypass.credentials(&assignment).await?;
    let mut command = command(&words.command)?;
    for (name, value) in &credentials::variables(&keys)? {
        command.env(name, value.as_str());
    }
    IN_THE_WAY.iter().for_each(|name| {
        command.env_remove(name);
    });
    lead_to(&mut command, words.region.as_deref());
    hand_over(command)
}

/// The Region in both variables: tools read the one or the other.
pub(super) fn lead_to(command: &mut Command, region: Option<&str>) {
    if let Some(region) = region {
        command.env("AWS_REGION", region);
        command.env("AWS_DEFAULT_REGION", region);
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the command that the user asked for, on this very terminal"
)]
pub(super) fn command(words: &[OsString]) -> Result<Command> {
    let (program, arguments) = words
        .split_first()
        .ok_or_else(|| Error::new(Code::Usage, "say which command to run, after --"))?;
    let mut command = Command::new(program);
    command.args(arguments);
    Ok(command)
}

/// The command takes this process over: signals and the exit code are its own.
#[cfg(unix)]
fn hand_over(mut command: Command) -> Result<u8> {
    use std::os::unix::process::CommandExt;
    daypass_core::host::memory::reopen();
    let error = command.exec();
    Err(not_started(&command, error))
}

#[cfg(not(unix))]
fn hand_over(mut command: Command) -> Result<u8> {
    let ended = command.status();
    let ended = ended.map_err(|error| not_started(&command, error))?;
    Ok(ended
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .unwrap_or(1))
}

pub(super) fn not_started(command: &Command, error: std::io::Error) -> Error {
    let program = command.get_program().to_string_lossy();
    let (message, hint) = match error.kind() {
        std::io::ErrorKind::NotFound => (
            format!("the command `{program}` was not found"),
            "check its name and your PATH",
        ),
        _ => (
            format!("the command `{program}` could not be started"),
            "check that you may run it",
        ),
    };
    // Nothing that a front end acts on: the command is the user's own.
    Error::new(Code::StorageFailed, message)
        .with_hint(hint)
        .because(error)
}
