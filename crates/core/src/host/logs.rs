//! Logs on stderr, where they are asked for. Only what Daypass itself says: the libraries below may
//! print requests with the tokens in them.

use std::io::IsTerminal;

use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, fmt};

use super::Env;

/// Starts logging by `DAYPASS_LOG`; without it by `default`, such as `warn`, or not at all.
pub fn start(env: &Env, default: Option<&str>) {
    let Some(wanted) = env.get("DAYPASS_LOG").or(default.map(str::to_owned)) else {
        return;
    };
    let lines = fmt::layer()
        .with_ansi(std::io::stderr().is_terminal() && !env.has("NO_COLOR"))
        .with_writer(std::io::stderr)
        .with_filter(EnvFilter::new(wanted))
        .with_filter(filter_fn(|about| about.target().starts_with("daypass")));
    // A second start changes nothing.
    let _ = tracing_subscriber::registry().with(lines).try_init();
}
