//! `daypass`: reads the words, runs the verb, and ends with its exit code.

mod args;
mod cmd;
mod render;

use std::ffi::OsString;
use std::future::Future;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use daypass_core::daypass::Daypass;
use daypass_core::host::{Env, Host, logs, memory};
use daypass_core::session::renew;
use daypass_core::{Code, Error, Result};

use args::{Arguments, Manners, Verb};
use cmd::Run;
use render::Screen;

/// How long the keychain may take where nobody sits there to unlock it: the answer is there within
/// three seconds.
const UNATTENDED: Duration = Duration::from_millis(2_400);
/// How long a renewal that has begun may take after an interruption: whoever asks a program to end
/// waits two seconds for it.
const AFTER_INTERRUPTION: Duration = Duration::from_millis(1_700);
/// What a shell makes of Ctrl-C.
const INTERRUPTED: u8 = 130;

fn main() -> ExitCode {
    memory::close();
    let words: Vec<OsString> = std::env::args_os().collect();
    let env = Env::real();
    logs::start(&env, None);
    let code = match Arguments::try_parse_from(&words) {
        Ok(arguments) => {
            let screen = Screen::new(&env, arguments.manners, asks_for(&words, "--json"));
            begin(arguments, screen)
        }
        Err(refused) => {
            let manners = Manners {
                no_color: asks_for(&words, "--no-color"),
                ..Manners::default()
            };
            Screen::new(&env, manners, asks_for(&words, "--json")).words(&refused)
        }
    };
    ExitCode::from(code)
}

/// Asked of the bare words, so that words which make no sense are answered in the wanted form too.
fn asks_for(words: &[OsString], flag: &str) -> bool {
    words
        .iter()
        .take_while(|word| *word != "--")
        .any(|word| word == flag)
}

fn begin(arguments: Arguments, screen: Screen) -> u8 {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            let message = "the program could not be set up";
            screen.error(&Error::new(Code::Internal, message).because(error));
            return Code::Internal.exit_code();
        }
    };
    let ended = match arguments.verb.runs_a_command() {
        true => Some(runtime.block_on(work(arguments, screen))),
        false => runtime.block_on(until_interrupted(work(arguments, screen))),
    };
    // A prompt or a keychain that still waits is not waited for.
    runtime.shutdown_background();
    match ended {
        Some(Ok(code)) => code,
        Some(Err(error)) => {
            screen.error(&error);
            error.code().exit_code()
        }
        None => {
            screen.progress_ends();
            screen.say("interrupted");
            INTERRUPTED
        }
    }
}

/// The work's end, or `None` where it was interrupted. A renewal that has begun is finished first:
/// cut in two, it would cost the sign-in.
async fn until_interrupted<T>(work: impl Future<Output = T>) -> Option<T> {
    tokio::pin!(work);
    tokio::select! {
        biased;
        () = interruption() => {}
        ended = &mut work => return Some(ended),
    }
    let latest = tokio::time::Instant::now() + AFTER_INTERRUPTION;
    while renew::is_spending() && tokio::time::Instant::now() < latest {
        tokio::select! {
            _ = &mut work => break,
            () = tokio::time::sleep(Duration::from_millis(10)) => {}
        }
    }
    None
}

/// Ctrl-C, or the polite request of another program to end.
async fn interruption() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut end) = signal(SignalKind::terminate()) {
            tokio::select! {
                Ok(()) = tokio::signal::ctrl_c() => return,
                Some(()) = end.recv() => return,
                else => {}
            }
        }
    }
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

async fn work(arguments: Arguments, screen: Screen) -> Result<u8> {
    let mut host = Host::real()?;
    if !screen.can_ask() {
        host.keychain_patience = UNATTENDED;
    }
    // These work, and help, where nothing else does.
    match arguments.verb {
        Verb::Doctor(words) => {
            return cmd::doctor::run(&host, screen, words, arguments.manners.yes).await;
        }
        Verb::Open => return cmd::open::run(&host),
        _ => {}
    }
    let daypass = match arguments.verb.needs_lists() {
        true => Daypass::open(host.clone())?,
        false => Daypass::open_without_lists(host.clone())?,
    };
    let run = Run {
        daypass,
        host,
        screen,
        yes: arguments.manners.yes,
    };
    let ended = cmd::carry_out(&run, arguments.verb).await;
    ended.map_err(|error| run.explained(error))
}
