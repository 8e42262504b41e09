//! Many short lives beside one long one: the command starts and ends, the application is stopped and
//! goes on as a machine that sleeps and wakes; nothing may be left behind.

use crate::application;
use crate::browser::Following;
use crate::canary::files_below;
use crate::desktop::Desktop;
use crate::home::Home;
use crate::locks;
use crate::notifications::Buttons;
use crate::programs::Running;
use crate::scene::{Scene, Storage};
use crate::vitals::{self, Vitals};
use crate::waiting::{PATIENCE, until_true};
use crate::{Result, ensure};
use rustix::process::Signal;
use std::fs;
use std::time::Duration;

/// Open files more than before that are still the same number: a connection may be open or not.
const SLACK: usize = 4;

/// What came of it.
#[derive(Clone, Copy, Debug)]
pub struct Starts {
    /// How often the command ran, and how often the application slept.
    pub cycles: usize,
    /// The application before and after.
    pub application: [Vitals; 2],
    /// How many files Daypass keeps, before and after.
    pub files: [usize; 2],
    /// How many locks there are, all of them free.
    pub locks: usize,
    /// The slowest run of the command.
    pub slowest: Duration,
}

/// Runs that many cycles.
pub fn run(cycles: usize) -> Result<Starts> {
    let desktop = Desktop::with_keyring()?
        .and_screen("900x700")?
        .and_browser(Following::Nothing)?
        .and_notifications(Buttons::Shown)?
        .and_tray_host()?;
    let scene = Scene::empty(desktop, &["--accounts", "4"])?;
    scene.add_session("work", Storage::Shared)?;
    scene.daypass.sign_in("work")?;
    let mut app = application::start_alone(&scene.desktop, &scene.portal.env())?;
    scene.desktop.tray_host()?.item()?;
    until_settled(&scene)?;
    let (before, files) = (vitals::of(app.id())?, kept(scene.home())?);
    let mut slowest = Duration::ZERO;
    for _ in 0..cycles {
        app.signal(Signal::STOP)?;
        let ran = scene.daypass.run_silently(&["status"])?.code(0)?;
        app.signal(Signal::CONT)?;
        slowest = slowest.max(ran.took);
    }
    until_settled(&scene)?;
    let after = vitals::of(app.id())?;
    ensure!(app.ended()?.is_none(), "the application ended");
    app.stop();
    nobody_is_left(scene.home(), &app)?;
    Ok(Starts {
        cycles,
        application: [before, after],
        files: [files, kept(scene.home())?],
        locks: locks::all_free(scene.home())?,
        slowest,
    })
}

/// The application has read the accounts and asks for nothing more.
pub(crate) fn until_settled(scene: &Scene) -> Result<()> {
    let mut last = None;
    until_true(PATIENCE, "the end of its questions", || {
        let requests = scene.portal.ask("stats")?["requests"].as_u64();
        let same = last == requests && requests > Some(3);
        last = requests;
        std::thread::sleep(Duration::from_millis(400));
        Ok(same)
    })
}

/// How many files there are outside of the logs.
fn kept(home: &Home) -> Result<usize> {
    let folders = [home.config(), home.state(), home.cache(), home.sso_cache()];
    let counts = folders
        .iter()
        .map(|folder| Ok(files_below(folder)?.len()))
        .collect::<Result<Vec<_>>>()?;
    Ok(counts.iter().sum())
}

/// Holds all processes of Daypass in that home to have ended.
fn nobody_is_left(home: &Home, application: &Running) -> Result<()> {
    let root = home.root().display().to_string();
    for process in fs::read_dir("/proc")?.flatten() {
        let read = |name: &str| fs::read(process.path().join(name)).unwrap_or_default();
        let (line, env) = (read("cmdline"), read("environ"));
        let ours = crate::canary::contains(&env, root.as_bytes());
        let line = String::from_utf8_lossy(&line).replace('\0', " ");
        let daypass = line
            .split_whitespace()
            .next()
            .is_some_and(|name| name.ends_with("/daypass") || name.ends_with("/daypass-desktop"));
        ensure!(
            !(ours && daypass),
            "`{line}` outlived the application {}",
            application.id()
        );
    }
    Ok(())
}

impl Starts {
    /// Holds it to what was promised.
    pub fn holds(&self) -> Result<()> {
        let [before, after] = self.application;
        ensure!(
            after.files <= before.files + SLACK,
            "the application had {} open files and has {}",
            before.files,
            after.files
        );
        ensure!(
            self.files[1] <= self.files[0] + 1,
            "there were {} files and are {}",
            self.files[0],
            self.files[1]
        );
        ensure!(self.locks > 0, "there was nothing to be locked");
        Ok(())
    }

    /// The figures, as a person reads them.
    pub fn line(&self) -> String {
        format!(
            "{} runs of the command and as many sleeps of the application: {} before, {} after; {} \
             files before, {} after; {} locks, all free; the slowest run took {} ms",
            self.cycles,
            self.application[0],
            self.application[1],
            self.files[0],
            self.files[1],
            self.locks,
            self.slowest.as_millis()
        )
    }
}
