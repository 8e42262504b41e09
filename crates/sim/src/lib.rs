//! An AWS access portal (IAM Identity Center) on your own machine, for tests and
//! demonstrations: sign-in, accounts, role credentials, console links and `GetCallerIdentity`,
//! over real HTTP on 127.0.0.1, with the refusals of the real one.
//!
//! ```no_run
//! let sim = daypass_sim::Sim::start(daypass_sim::Options::default())?;
//! println!("{}", sim.start_url());
//! # std::io::Result::Ok(())
//! ```
//!
//! `sim` holds a running portal, `server` its socket, `dispatch` the table of operations;
//! `oidc`, `authorize`, `portal`, `federation` and `sts` answer them from the `world`.
//! Nothing is kept on disk, and no other machine is ever contacted.

mod authorize;
mod body;
mod clock;
mod control;
mod destination;
mod dispatch;
mod faults;
mod federation;
mod log;
mod mint;
mod names;
mod oidc;
mod operation;
mod options;
mod organisation;
mod pages;
mod portal;
mod reply;
mod request;
mod server;
mod sigv4;
mod sim;
mod sts;
mod throttle;
mod trust;
pub mod web;
mod world;

pub use control::Expire;
pub use faults::{Fault, FaultRule};
pub use log::{Count, LogEntry, Renewals, Renewer};
pub use options::{Browser, LastToken, Options, Rotation};
pub use organisation::{Account, Organisation};
pub use sim::Sim;
pub use trust::TrustingRole;
