//! Logs on stderr, where they are asked for. Only what Daypass itself says: the libraries below may
//! print requests with the tokens in them.

use std::io::IsTerminal;

use tracing_subscriber::filter::{Targets, filter_fn};
use tracing_subscriber::fmt;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

use super::Env;

/// Starts logging by `DAYPASS_LOG`; without it by `default`, such as `warn`, or not at all.
pub fn start(env: &Env, default: Option<&str>) {
    let Some(wanted) = env.get("DAYPASS_LOG").or(default.map(str::to_owned)) else {
        return;
    };
    let lines = fmt::layer()
        .with_ansi(std::io::stderr().is_terminal() && !env.has("NO_COLOR"))
        .with_writer(std::io::stderr)
        .with_filter(filter(&wanted))
        .with_filter(filter_fn(|about| about.target().starts_with("daypass")));
    // A second start changes nothing.
    let _ = tracing_subscriber::registry().with(lines).try_init();
}

/// Levels, for all or by the place that speaks; parts that make no sense are left out.
fn filter(wanted: &str) -> Targets {
    let parts = wanted
        .split(',')
        .filter_map(|part| part.trim().parse().ok());
    parts.fold(Targets::new(), |all, part: Targets| {
        let level = part.default_level();
        let all = match level {
            Some(level) => all.with_default(level),
            None => all,
        };
        all.with_targets(part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing_subscriber::filter::LevelFilter;

    #[test]
    fn levels_are_read_for_all_and_by_place() {
        let both = filter("warn, daypass_core::vault=trace,no=such=thing");
        assert_eq!(both.default_level(), Some(LevelFilter::WARN));
        assert!(both.would_enable("daypass_core::vault::shared", &tracing::Level::TRACE));
        assert!(!both.would_enable("daypass_core::portal", &tracing::Level::INFO));
        assert_eq!(filter("debug").default_level(), Some(LevelFilter::DEBUG));
    }
}
