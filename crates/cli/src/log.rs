//! The log, for those who ask for it with DAYPASS_LOG: to standard error, and of Daypass alone,
//! since the libraries below it write requests with their secrets.

use daypass_core::host::Env;
use tracing_subscriber::filter::{EnvFilter, filter_fn};
use tracing_subscriber::prelude::*;

/// Starts the log where one is wanted; else nothing is set up at all.
pub(crate) fn start(env: &Env) {
    let Some(wanted) = env.get("DAYPASS_LOG") else {
        return;
    };
    let ours = filter_fn(|about| about.target().starts_with("daypass"));
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .with_filter(EnvFilter::builder().parse_lossy(wanted))
        .with_filter(ours);
    // Only a second log could be in the way, and there is none.
    let _ = tracing_subscriber::registry().with(lines).try_init();
}
