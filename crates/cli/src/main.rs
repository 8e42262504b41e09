//! `daypass`: reads the words, runs the verb, and ends with its exit code.

mod args;
mod cmd;
mod log;
mod memory;
mod render;

use std::ffi::OsString;
use std::future::Future;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use daypass_core::daypass::Daypass;
use daypass_core::host::{Env, Host};
use daypass_core::{Code, Error, Result};

use args::{Arguments, Manners};
use cmd::Run;
use render::Screen;

/// How long the keychain may take where nobody sits there to unlock it.
const UNATTENDED: Duration = Duration::from_millis(2_800);
/// What a shell makes of Ctrl-C.
const INTERRUPTED: u8 = 130;

fn main() -> ExitCode {
    memory::close();
    let words: Vec<OsString> = std::env::args_os().collect();
    let env = Env::real();
    log::start(&env);
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
    let ended = runtime.block_on(until_interrupted(work(arguments, screen)));
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

async fn until_interrupted<T>(work: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        biased;
        Ok(()) = tokio::signal::ctrl_c() => None,
        ended = work => Some(ended),
    }
}

async fn work(arguments: Arguments, screen: Screen) -> Result<u8> {
    let mut host = Host::real()?;
    if !screen.can_ask() {
        host.keychain_patience = UNATTENDED;
    }
    let run = Run {
        daypass: Daypass::open(host.clone())?,
        host,
        screen,
        yes: arguments.manners.yes,
    };
    let ended = cmd::carry_out(&run, arguments.verb).await;
    ended.map_err(|error| run.explained(error))
}
