//! Everything outside as one value: clock, environment, paths, randomness, files, network, browser.
//! Concrete types, cheap to clone: front ends ask for the real one, tests build their own.

#[cfg(target_os = "linux")]
pub mod bus;
mod clipboard;
mod clock;
mod env;
pub mod files;
pub mod folders;
pub mod lock;
pub mod logs;
pub mod loopback;
pub mod memory;
pub mod net;
mod opener;
mod paths;
pub mod programs;
pub mod random;
pub mod remains;
pub mod terminal;
pub mod watch;
pub mod who;

use std::path::PathBuf;
use std::time::Duration;

pub use clipboard::{Clipboard, Sensitivity};
pub use clock::Clock;
pub use env::Env;
pub use net::Net;
pub use opener::{Launch, Opener};
pub use paths::Paths;

/// The world outside, as this process may see and change it.
#[derive(Clone, Debug)]
pub struct Host {
    /// Tells the time.
    pub clock: Clock,
    /// The environment variables.
    pub env: Env,
    /// Reaches other machines.
    pub net: Net,
    /// Where files are.
    pub paths: Paths,
    /// Opens addresses in the user's browser.
    pub opener: Opener,
    /// The clipboard, where there is one.
    pub clipboard: Clipboard,
    /// The absolute path of the `daypass` command, for profiles that call it.
    pub program: PathBuf,
    /// How long the keychain may take, a question to the user included.
    pub keychain_patience: Duration,
}

impl Host {
    /// The real world of this process.
    ///
    /// # Errors
    /// No home folder can be found.
    pub fn real() -> crate::Result<Host> {
        let (env, clock) = (Env::real(), Clock::real());
        Ok(Host {
            net: Net::new(env.clone(), clock.clone()),
            clock,
            paths: Paths::find(&env)?,
            opener: Opener::system(env.clone()),
            clipboard: Clipboard::none(),
            program: paths::command_line_program(),
            keychain_patience: Duration::from_secs(60),
            env,
        })
    }

    /// A world below one folder, with an environment and a clock that the test sets.
    pub fn fake(folder: &std::path::Path, env: Env, clock: Clock) -> Host {
        Host {
            net: Net::new(env.clone(), clock.clone()),
            clock,
            paths: Paths::below(folder),
            opener: Opener::recording(),
            clipboard: Clipboard::none(),
            program: folder.join("bin/daypass"),
            keychain_patience: Duration::from_secs(3),
            env,
        }
    }
}
