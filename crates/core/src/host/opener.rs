//! Opens an address in the user's browser, or a terminal: an absolute program, a clean environment.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use url::{Host, Url};

use super::Env;
use crate::{Code, Error, Result};

/// What opens addresses. Clones share it.
#[derive(Clone, Debug)]
pub struct Opener(Kind);

/// A program and its arguments; the address is one of them, or within one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Launch {
    /// Absolute.
    pub program: PathBuf,
    /// In order.
    pub arguments: Vec<String>,
}

#[derive(Clone, Debug)]
enum Kind {
    System(Env),
    Recording(Arc<Mutex<Vec<String>>>),
}

/// Variables of a package's own run time that would break another program.
const UNWANTED: [&str; 20] = [
    "LD_LIBRARY_PATH",
    "LD_PRELOAD",
    "APPDIR",
    "APPIMAGE",
    "ARGV0",
    "OWD",
    "GIO_MODULE_DIR",
    "GIO_EXTRA_MODULES",
    "GSETTINGS_SCHEMA_DIR",
    "GTK_PATH",
    "GTK_EXE_PREFIX",
    "GTK_DATA_PREFIX",
    "GTK_IM_MODULE_FILE",
    "GDK_BACKEND",
    "GDK_PIXBUF_MODULE_FILE",
    "GDK_PIXBUF_MODULEDIR",
    "GST_PLUGIN_SYSTEM_PATH",
    "PYTHONHOME",
    "QT_PLUGIN_PATH",
    "WEBKIT_DISABLE_DMABUF_RENDERER",
];
/// A window that does not open is told of within this time.
const FIRST_MOMENT: Duration = Duration::from_millis(700);
/// Lists of folders, in which a package puts its own before the system's.
const LISTS: [&str; 2] = ["PATH", "XDG_DATA_DIRS"];

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

    /// Opens an address by a program of the user's choice.
    ///
    /// # Errors
    /// As of `open`; `Internal` for a program that is not named by its whole path.
    pub fn open_by(&self, launch: &Launch, address: &Url) -> Result<()> {
        refuse_unfit(address)?;
        if !launch.program.is_absolute() {
            let message = "a browser has to be named by its whole path";
            return Err(Error::new(Code::Internal, message));
        }
        match &self.0 {
            Kind::System(env) => {
                look_for_screen(env).map_err(|reason| Error::new(Code::BrowserMissing, reason))?;
                spawn(launch, env)
            }
            Kind::Recording(_) => self.note(launch),
        }
    }

    /// Opens a text file in the user's editor for such files.
    ///
    /// # Errors
    /// `BrowserMissing` where there is no screen, or no program for it.
    pub async fn open_file(&self, file: &Path) -> Result<()> {
        let launch = opens(&file.display().to_string());
        let env = match &self.0 {
            Kind::System(env) => env,
            Kind::Recording(_) => return self.note(&launch),
        };
        let missing = |reason: &str| {
            Error::new(Code::BrowserMissing, reason)
                .with_hint(format!("open {} in an editor", file.display()))
        };
        look_for_screen(env).map_err(|_| missing("there is no screen to open a file on"))?;
        let folder = file.parent().unwrap_or(Path::new("/"));
        let child = spawn_in(folder, &launch, env).map_err(|error| {
            missing("the program that opens files could not be started").because(error)
        })?;
        match failed_at_once(child).await {
            false => Ok(()),
            true => Err(missing("no program for files of this kind was found")),
        }
    }

    /// Opens a terminal that starts in a folder and goes on by itself.
    ///
    /// # Errors
    /// `TerminalMissing` where there is no screen, it could not be started, or it failed at once.
    pub async fn open_terminal(&self, launch: &Launch, folder: &Path) -> Result<()> {
        let missing = |message: String| Error::new(Code::TerminalMissing, message);
        let env = match &self.0 {
            Kind::System(env) => env,
            Kind::Recording(_) => return self.note(launch),
        };
        look_for_screen(env)
            .map_err(|_| missing("there is no screen to open a terminal on".into()))?;
        let name = launch.program.display();
        let child = spawn_in(folder, launch, env)
            .map_err(|error| missing(format!("{name} could not be started")).because(error))?;
        match failed_at_once(child).await {
            false => Ok(()),
            true => Err(missing(format!("{name} was started and failed at once"))),
        }
    }

    fn note(&self, launch: &Launch) -> Result<()> {
        if let Kind::Recording(seen) = &self.0 {
            let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
            let Launch { program, arguments } = launch;
            seen.push(format!("{} {arguments:?}", program.display()));
        }
        Ok(())
    }

    /// Whether there is a screen to show anything on; the reason where there is none.
    ///
    /// # Errors
    /// A short reason for the user.
    pub fn has_screen(&self) -> std::result::Result<(), &'static str> {
        match &self.0 {
            Kind::System(env) => look_for_screen(env),
            Kind::Recording(_) => Ok(()),
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
    look_for_screen(env)?;
    if std::path::Path::new(PROGRAM).exists() {
        return Ok(());
    }
    Err("There is no xdg-open here to find the browser with.")
}

#[cfg(target_os = "linux")]
fn look_for_screen(env: &Env) -> std::result::Result<(), &'static str> {
    let shows = ["DISPLAY", "WAYLAND_DISPLAY", "BROWSER"];
    if shows.iter().any(|name| env.has(name)) {
        return Ok(());
    }
    Err("There is no screen here to open a browser on.")
}

#[cfg(not(target_os = "linux"))]
fn look(_env: &Env) -> std::result::Result<(), &'static str> {
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn look_for_screen(_env: &Env) -> std::result::Result<(), &'static str> {
    Ok(())
}

fn start(address: &Url, env: &Env) -> Result<()> {
    look(env).map_err(|reason| Error::new(Code::BrowserMissing, reason))?;
    spawn(&opens(address.as_str()), env)
}

/// What opens an address, or a file by its whole path.
fn opens(what: &str) -> Launch {
    let first = cfg!(windows).then(|| "url.dll,FileProtocolHandler".to_owned());
    Launch {
        program: PathBuf::from(PROGRAM),
        arguments: first.into_iter().chain([what.to_owned()]).collect(),
    }
}

/// The lists of folders without those of the package that Daypass runs from, where it runs from one.
fn lists_of_the_system(env: &Env) -> Vec<(&'static str, OsString)> {
    let Some(package) = env.get("APPDIR").filter(|it| !it.is_empty()) else {
        return Vec::new();
    };
    let ours = |folder: &PathBuf| folder.starts_with(&package);
    let cleaned = LISTS.iter().filter_map(|name| {
        let list = env.get(name)?;
        let folders = std::env::split_paths(&list).filter(|it| !ours(it));
        Some((*name, std::env::join_paths(folders).ok()?))
    });
    cleaned.collect()
}

fn spawn(launch: &Launch, env: &Env) -> Result<()> {
    let mut child = command(launch, env).spawn().map_err(|error| {
        Error::new(
            Code::BrowserMissing,
            format!("{} could not be started", launch.program.display()),
        )
        .because(error)
    })?;
    // Some openers live as long as the browser: wait elsewhere, so that no zombie is left.
    std::thread::spawn(move || child.wait());
    Ok(())
}

/// In a group of its own: Ctrl-C where Daypass runs does not end it.
fn spawn_in(folder: &Path, launch: &Launch, env: &Env) -> std::io::Result<Child> {
    let mut command = command(launch, env);
    command.current_dir(folder);
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    // What only starts a window on Windows shows none of its own.
    #[cfg(windows)]
    std::os::windows::process::CommandExt::creation_flags(&mut command, 0x0800_0000);
    command.spawn()
}

/// Whether a program ended within a moment, and not well. Else it is waited for elsewhere.
async fn failed_at_once(mut child: Child) -> bool {
    let (over, ended) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || over.send(child.wait()));
    match tokio::time::timeout(FIRST_MOMENT, ended).await {
        Ok(Ok(Ok(status))) => !status.success(),
        Ok(Ok(Err(_)) | Err(_)) | Err(_) => false,
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that starts browsers and terminals"
)]
fn command(launch: &Launch, env: &Env) -> Command {
    let mut command = Command::new(&launch.program);
    command
        .args(&launch.arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    UNWANTED.iter().for_each(|name| {
        command.env_remove(name);
    });
    command.envs(lists_of_the_system(env));
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_packages_own_folders_are_taken_out_of_lists() {
        let env = Env::table([
            ("APPDIR", "/tmp/.mount_x"),
            ("PATH", "/tmp/.mount_x/usr/bin:/usr/bin:/tmp/.mount_xy:/bin"),
        ]);
        let cleaned = lists_of_the_system(&env);
        assert_eq!(cleaned, [("PATH", "/usr/bin:/tmp/.mount_xy:/bin".into())]);
        let installed = Env::table([("PATH", "/usr/bin:/bin")]);
        assert!(lists_of_the_system(&installed).is_empty());
    }

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
