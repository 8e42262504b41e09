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

/// Why a code, where nobody can listen on this machine.
pub const BLOCKED: &str =
    "No port on 127.0.0.1 can be opened here, so a browser could not report back.";

const SSH: &str = "You are connected over SSH, so a browser here could not report back.";
const WSL: &str = "In WSL, a browser on Windows cannot always report back.";
const WORKSPACE: &str = "This is a workspace in a container: your browser is on another machine.";
const CONTAINER: &str = "This is a container: a browser outside of it could not report back.";

/// Set in workspaces whose browser is always elsewhere, whatever they have to open addresses with.
const WORKSPACES: [&str; 4] = [
    "CODESPACES",
    "GITPOD_WORKSPACE_ID",
    "REMOTE_CONTAINERS",
    "KUBERNETES_SERVICE_HOST",
];

/// Chooses. `opens_browser` is false where the user opens the address by hand.
/// `DAYPASS_SIGN_IN=browser` or `code` is the user's own word, for places that look like others.
pub fn choose(host: &Host, opens_browser: bool) -> Choice {
    let device = |reason| Choice {
        flow: Flow::Device,
        reason,
    };
    let browser = Choice {
        flow: Flow::Browser,
        reason: "",
    };
    match host.env.get("DAYPASS_SIGN_IN").as_deref() {
        Some("browser") => return browser,
        Some("code") => return device(""),
        _ => {}
    }
    if let Some(reason) = elsewhere(host, opens_browser) {
        return device(reason);
    }
    match host.opener.available() {
        Err(reason) if opens_browser => device(reason),
        _ => browser,
    }
}

/// Why the browser is probably not on this machine.
fn elsewhere(host: &Host, opens_browser: bool) -> Option<&'static str> {
    let env = &host.env;
    let has = |name: &&str| env.has(name);
    if ["SSH_CONNECTION", "SSH_TTY"].iter().any(has) {
        return Some(SSH);
    }
    if env.has("WSL_DISTRO_NAME") {
        return Some(WSL);
    }
    if WORKSPACES.iter().any(has) {
        return Some(WORKSPACE);
    }
    // A container with a screen of its own has its browser inside.
    let screen = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(has);
    (is_container(host) && !(screen && opens_browser)).then_some(CONTAINER)
}

/// Flatpak and Snap also set the variable: they share the network with the browser.
fn is_container(host: &Host) -> bool {
    let named = host.env.get("container");
    let apart = named.is_some_and(|it| !matches!(it.as_str(), "flatpak" | "snap"));
    apart || host.paths.is_container()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{Clock, Env, Opener};

    fn host(variables: &[(&str, &str)]) -> Host {
        let env = Env::table(variables.iter().copied());
        let mut host = Host::fake(std::path::Path::new("/nowhere"), env, Clock::real());
        host.opener = Opener::recording();
        host
    }

    #[test]
    fn places() {
        let screen = ("DISPLAY", ":0");
        for (variables, opens_browser, reason) in [
            (&[screen][..], true, None),
            (&[screen, ("SSH_CONNECTION", "a b c d")], true, Some(SSH)),
            (&[("SSH_TTY", "/dev/pts/1")], false, Some(SSH)),
            (&[("WSL_DISTRO_NAME", "Debian"), screen], true, Some(WSL)),
            (&[], false, None),
            (&[("CODESPACES", "true")], true, Some(WORKSPACE)),
            (&[("GITPOD_WORKSPACE_ID", "a")], false, Some(WORKSPACE)),
            (
                &[("REMOTE_CONTAINERS", "true"), screen],
                true,
                Some(WORKSPACE),
            ),
            (
                &[("KUBERNETES_SERVICE_HOST", "10.0.0.1")],
                true,
                Some(WORKSPACE),
            ),
            (&[("container", "podman")], true, Some(CONTAINER)),
            (&[("container", "podman"), screen], true, None),
            (&[("container", "podman"), screen], false, Some(CONTAINER)),
            (&[("container", "flatpak")], true, None),
            (
                &[("CODESPACES", "true"), ("DAYPASS_SIGN_IN", "browser")],
                true,
                None,
            ),
            (&[screen, ("DAYPASS_SIGN_IN", "code")], true, Some("")),
            (&[screen, ("DAYPASS_SIGN_IN", "nonsense")], true, None),
        ] {
            let choice = choose(&host(variables), opens_browser);
            let expected = reason.map_or(Flow::Browser, |_| Flow::Device);
            assert_eq!(choice.flow, expected, "{variables:?}");
            assert_eq!(choice.reason, reason.unwrap_or_default(), "{variables:?}");
        }
    }

    #[test]
    fn container_engines_leave_marks() {
        for (marks, expected) in [
            (&[][..], Flow::Browser),
            (&[".dockerenv"], Flow::Device),
            (&["run/.containerenv"], Flow::Device),
            (&["run/.containerenv", "run/.toolboxenv"], Flow::Browser),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let env = Env::table::<String, String>([]);
            let host = Host::fake(folder.path(), env, Clock::real());
            for mark in marks {
                let mark = host.paths.system.join(mark);
                std::fs::create_dir_all(mark.parent().unwrap()).unwrap();
                crate::host::files::replace(&mark, b"", crate::host::files::Mode::Keep).unwrap();
            }
            assert_eq!(choose(&host, true).flow, expected, "{marks:?}");
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
