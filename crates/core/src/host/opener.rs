//! Opens an address in the user's browser: an absolute program, a clean environment, one argument.

use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};

use url::{Host, Url};

use super::Env;
use crate::{Code, Error, Result};

/// What opens addresses. Clones share it.
#[derive(Clone, Debug)]
pub struct Opener(Kind);

#[derive(Clone, Debug)]
enum Kind {
    System(Env),
    Recording(Arc<Mutex<Vec<String>>>),
}

/// Variables of a package's own run time that would break the browser.
const UNWANTED: [&str; 8] = [
    "LD_LIBRARY_PATH",
    "LD_PRELOAD",
    "APPDIR",
    "APPIMAGE",
    "GIO_MODULE_DIR",
    "GTK_PATH",
    "GDK_BACKEND",
    "WEBKIT_DISABLE_DMABUF_RENDERER",
];

impl Opener {
    /// The system's default browser.
    pub fn system(env: Env) -> Opener {
        Opener(Kind::System(env))
    }

    /// Opens nothing and remembers the addresses, for tests.
    pub fn recording() -> Opener {
        Opener(Kind::Recording(Arc::default()))
    }

    /// The addresses that a recording opener was asked for.
    pub fn recorded(&self) -> Vec<String> {
        match &self.0 {
            Kind::System(_) => Vec::new(),
            Kind::Recording(seen) => seen.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        }
    }

    /// Opens an address in the user's browser.
    ///
    /// # Errors
    /// `BrowserMissing` where nothing could be started; `Internal` for an address that is neither
    /// https nor on this machine.
    pub fn open(&self, address: &Url) -> Result<()> {
        refuse_unfit(address)?;
        match &self.0 {
            Kind::System(env) => start(address, env),
            Kind::Recording(seen) => {
                seen.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(address.to_string());
                Ok(())
            }
        }
    }

    /// Whether there is a browser to open; the reason where there is none.
    ///
    /// # Errors
    /// A short reason for the user.
    pub fn available(&self) -> std::result::Result<(), &'static str> {
        match &self.0 {
            Kind::System(env) => look(env),
            Kind::Recording(_) => Ok(()),
        }
    }
}

/// Only https, or http on this machine; nothing before the host.
fn refuse_unfit(address: &Url) -> Result<()> {
    let local = match address.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    let scheme_fits = address.scheme() == "https" || (address.scheme() == "http" && local);
    let plain = address.username().is_empty() && address.password().is_none();
    if scheme_fits && plain && address.has_host() {
        return Ok(());
    }
    Err(Error::new(
        Code::Internal,
        "Daypass does not open this kind of address",
    ))
}

#[cfg(target_os = "linux")]
const PROGRAM: &str = "/usr/bin/xdg-open";
#[cfg(target_os = "macos")]
const PROGRAM: &str = "/usr/bin/open";
#[cfg(windows)]
const PROGRAM: &str = r"C:\Windows\System32\rundll32.exe";

#[cfg(target_os = "linux")]
fn look(env: &Env) -> std::result::Result<(), &'static str> {
    let shows = ["DISPLAY", "WAYLAND_DISPLAY", "BROWSER"]
        .iter()
        .any(|name| env.has(name));
    match (shows, std::path::Path::new(PROGRAM).exists()) {
        (true, true) => Ok(()),
        (false, _) => Err("There is no screen here to open a browser on."),
        (true, false) => Err("There is no xdg-open here to find the browser with."),
    }
}

#[cfg(not(target_os = "linux"))]
fn look(_env: &Env) -> std::result::Result<(), &'static str> {
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that starts the browser"
)]
fn start(address: &Url, env: &Env) -> Result<()> {
    look(env).map_err(|reason| Error::new(Code::BrowserMissing, reason))?;
    let mut command = std::process::Command::new(PROGRAM);
    if cfg!(windows) {
        command.arg("url.dll,FileProtocolHandler");
    }
    command
        .arg(address.as_str())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    UNWANTED.iter().for_each(|name| {
        command.env_remove(name);
    });
    let mut child = command.spawn().map_err(|error| {
        Error::new(
            Code::BrowserMissing,
            format!("{PROGRAM} could not be started"),
        )
        .because(error)
    })?;
    // Some openers live as long as the browser: wait elsewhere, so that no zombie is left.
    std::thread::spawn(move || child.wait());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_and_this_machine_are_opened() {
        let opener = Opener::recording();
        for good in [
            "https://a.awsapps.com/start",
            "http://127.0.0.1:1/x",
            "http://localhost:1/",
        ] {
            assert!(opener.open(&Url::parse(good).unwrap()).is_ok(), "{good}");
        }
        for bad in [
            "http://example.com/",
            "file:///etc/passwd",
            "smb://host/share",
            "https://user@example.com/",
            "https://user:secret@example.com/",
            "javascript:alert(1)",
            "http://127.0.0.1.example.com/",
        ] {
            assert!(opener.open(&Url::parse(bad).unwrap()).is_err(), "{bad}");
        }
        assert_eq!(opener.recorded().len(), 3);
    }
}
