//! `serve`: hands credentials out on this machine, to whoever gets the two variables, or to one command
//! and what it starts. It ends with its time, with the command, or when it is interrupted.

use std::process::ExitStatus;

use daypass_core::daypass::Serving;
use daypass_core::host::memory;
use daypass_core::{Code, Error, Result};
use tokio::process::Child;

use super::{Run, exec};
use crate::args::Serve;
use crate::render::end_of;

/// Any of these would have tools look elsewhere.
const IN_THE_WAY: [&str; 7] = [
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
];

pub(super) async fn run(run: &Run, words: Serve) -> Result<u8> {
    let assignment = run.assignment(&words.whose).await?;
    let consent = run.consent(&assignment, "Serve the credentials of")?;
    let serving = run
        .daypass
        .serve(&assignment, words.lifetime, consent)
        .await?;
    let until = end_of(serving.until(), run.daypass.now());
    let named = run.named(&assignment);
    if !words.command.is_empty() {
        return beside(run, words, serving).await;
    }
    let lines = serving.lines(words.format);
    run.screen.data(lines.expose().as_bytes())?;
    run.screen.say(&format!(
        "Serving {named} on this machine until {until}. Whoever has these lines gets the credentials; \
         Ctrl-C stops it."
    ));
    serving.ended().await;
    run.screen
        .say("The time is over: nothing is served any more.");
    Ok(0)
}

/// The command and what it starts get the variables; nobody else sees them.
async fn beside(run: &Run, words: Serve, serving: Serving) -> Result<u8> {
    let mut command = exec::command(&words.command)?;
    for name in IN_THE_WAY {
        command.env_remove(name);
    }
    for (name, value) in serving.variables() {
        command.env(name, value.expose());
    }
    exec::lead_to(&mut command, words.region.as_deref());
    memory::reopen();
    let mut command = tokio::process::Command::from(command);
    let started = command.spawn();
    memory::leave_no_core();
    let mut child = started.map_err(|error| exec::not_started(command.as_std(), error))?;
    let over = serving.ended();
    tokio::pin!(over);
    tokio::select! {
        ended = ended(&mut child) => return code_of(ended),
        () = &mut over => {}
    }
    run.screen
        .insist("The time is over: nothing is served any more. The command goes on.");
    code_of(ended(&mut child).await)
}

/// Waits for the command. Who interrupts at the keyboard interrupts it too; a request to end is handed on.
#[cfg(unix)]
async fn ended(child: &mut Child) -> std::io::Result<ExitStatus> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut ends = signal(SignalKind::terminate())?;
    let mut interruptions = signal(SignalKind::interrupt())?;
    loop {
        tokio::select! {
            status = child.wait() => return status,
            _ = interruptions.recv() => {}
            _ = ends.recv() => hand_on(child),
        }
    }
}

#[cfg(unix)]
fn hand_on(child: &Child) {
    let id = child.id().and_then(|id| i32::try_from(id).ok());
    if let Some(id) = id.and_then(rustix::process::Pid::from_raw) {
        // One that has just ended needs no request.
        let _ = rustix::process::kill_process(id, rustix::process::Signal::TERM);
    }
}

#[cfg(not(unix))]
async fn ended(child: &mut Child) -> std::io::Result<ExitStatus> {
    loop {
        tokio::select! {
            status = child.wait() => return status,
            _ = tokio::signal::ctrl_c() => {}
        }
    }
}

/// The command's own; 128 and more where a signal ended it, as a shell has it.
fn code_of(ended: std::io::Result<ExitStatus>) -> Result<u8> {
    let status = ended.map_err(|error| {
        Error::new(Code::StorageFailed, "the command could not be waited for").because(error)
    })?;
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status).map(|it| 128 + it);
    #[cfg(not(unix))]
    let signal = None;
    let code = status.code().or(signal).unwrap_or(1);
    Ok(u8::try_from(code & 0xff).unwrap_or(1))
}
