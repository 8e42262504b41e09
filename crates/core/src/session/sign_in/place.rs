//! Which way in works here: a browser on another machine cannot come back to this one's loopback.

use crate::host::Host;
use crate::portal::Flow;

/// The way in, and why it is not the usual one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The way.
    pub flow: Flow,
    /// Why a code; empty for the browser.
    pub reason: &'static str,
}

/// Chooses. `opens_browser` is false where the user opens the address by hand.
pub fn choose(host: &Host, opens_browser: bool) -> Choice {
    let device = |reason| Choice {
        flow: Flow::Device,
        reason,
    };
    let env = &host.env;
    if env.has("SSH_CONNECTION") || env.has("SSH_TTY") {
        return device("You are connected over SSH, so a browser here could not report back.");
    }
    if env.has("WSL_DISTRO_NAME") {
        return device("In WSL, a browser on Windows cannot always report back.");
    }
    match host.opener.available() {
        Err(reason) if opens_browser => device(reason),
        _ => Choice {
            flow: Flow::Browser,
            reason: "",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{Clock, Env, Opener};

    #[test]
    fn places() {
        for (variables, opens_browser, expected) in [
            (&[("DISPLAY", ":0")][..], true, Flow::Browser),
            (
                &[("DISPLAY", ":0"), ("SSH_CONNECTION", "a b c d")],
                true,
                Flow::Device,
            ),
            (&[("SSH_TTY", "/dev/pts/1")], false, Flow::Device),
            (
                &[("WSL_DISTRO_NAME", "Debian"), ("DISPLAY", ":0")],
                true,
                Flow::Device,
            ),
            (&[], false, Flow::Browser),
        ] {
            let env = Env::table(variables.iter().copied());
            let mut host = Host::fake(std::path::Path::new("/nowhere"), env.clone(), Clock::real());
            host.opener = Opener::recording();
            assert_eq!(choose(&host, opens_browser).flow, expected, "{variables:?}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn without_a_screen_a_code_is_offered_with_the_reason() {
        let env = Env::table::<String, String>([]);
        let mut host = Host::fake(std::path::Path::new("/nowhere"), env.clone(), Clock::real());
        host.opener = Opener::system(env);
        let choice = choose(&host, true);
        assert_eq!(choice.flow, Flow::Device);
        assert!(choice.reason.contains("screen"));
    }
}
