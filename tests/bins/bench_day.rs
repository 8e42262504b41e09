//! What `cargo xtask bench day` runs: the application for a whole day on a clock that runs many times as
//! fast, signed in, twice at once: with a caller each hour, and with a panel each hour too.
//!
//!     daypass-bench-day [--hours 24] [--rate 80] [--accounts 500]

use std::env;
use std::fmt;
use std::fs;
use std::io::Write;
use std::thread::sleep;
use std::time::Duration;
use testkit::application::start_alone;
use testkit::browser::Following;
use testkit::budgets::Budgets;
use testkit::cli::Daypass;
use testkit::desktop::Desktop;
use testkit::eye::Eye;
use testkit::fast_clock::FastClock;
use testkit::household;
use testkit::ledger::Ledger;
use testkit::notifications::Buttons;
use testkit::portal::Portal;
use testkit::programs::Running;
use testkit::scene::{Scene, Storage};
use testkit::vitals;
use testkit::waiting::{PATIENCE, until_true};
use testkit::{Context, Result, bail, ensure};

const HOUR: Duration = Duration::from_secs(3_600);
/// The life of an access token, as AWS's are.
const TOKEN: f64 = 3_600.0;
/// How long the panel is looked at, by the clock on the wall.
const LOOK: Duration = Duration::from_secs(1);
/// By the end of this hour all that comes once has come.
const WARM: usize = 2;
/// So many hours at either end are compared.
const SPAN: usize = 3;
/// A reading of the accounts may be under way at the end of an hour: so many looks, the least counts.
const LOOKS: usize = 5;
const BETWEEN: Duration = Duration::from_millis(300);
/// The exit code of the command where no answer came in time, and how often it is tried again.
const NO_ANSWER: i32 = 5;
const TRIES: usize = 3;
/// What web views share with the program, by the beginning of its name; it is WebKit's to close.
const WEB_VIEW: &str = "/memfd:WebKit";

struct Wish {
    hours: usize,
    rate: u32,
    accounts: usize,
}

/// The application on its desktop; dropped in this order.
struct Day {
    name: &'static str,
    held: Vec<Held>,
    application: Running,
    eye: Eye,
    target: String,
    unanswered: usize,
    ledger: Ledger,
    scene: Scene,
    clock: FastClock,
}

/// What all of the application's processes hold together.
#[derive(Clone, Copy, Debug)]
struct Held {
    /// KiB that are in no file.
    own: u64,
    /// KiB with their part of libraries and other files.
    all: u64,
    files: usize,
    /// Open files that WebKit keeps.
    web_view: usize,
    threads: u64,
    processes: usize,
}

fn main() -> Result<()> {
    let wish = wish()?;
    say(&format!(
        "{} hours at {} times their pace, {} accounts",
        wish.hours, wish.rate, wish.accounts
    ));
    let mut tray = Day::begin(&wish, "tray")?;
    let mut panels = Day::begin(&wish, "panels")?;
    for hour in 1..=wish.hours {
        tray.hour(hour)?;
        panels.hour(hour)?;
        panels.one_panel()?;
    }
    tray.end()?;
    panels.end()?;
    let mut budgets = Budgets::of("day")?;
    tray.compare(&mut budgets)?;
    panels.compare(&mut budgets)?;
    left_by_a_panel(&panels.held, &mut budgets)?;
    budgets.finish()
}

fn wish() -> Result<Wish> {
    let words: Vec<String> = env::args().skip(1).collect();
    let mut wish = Wish {
        hours: 24,
        rate: 80,
        accounts: 500,
    };
    for pair in words.chunks(2) {
        match pair {
            [name, value] if name == "--hours" => wish.hours = value.parse()?,
            [name, value] if name == "--rate" => wish.rate = value.parse()?,
            [name, value] if name == "--accounts" => wish.accounts = value.parse()?,
            _ => bail!("{} is not understood, or needs a value", pair[0]),
        }
    }
    let least = WARM + 2 * SPAN - 1;
    ensure!(wish.hours >= least, "it takes {least} hours at least");
    Ok(wish)
}

impl Day {
    /// Signed in, with a list on disk; the application has just been started.
    fn begin(wish: &Wish, name: &'static str) -> Result<Self> {
        let desktop = Desktop::with_keyring()?
            .and_screen("1280x800")?
            .and_browser(Following::Nothing)?
            .and_notifications(Buttons::Shown)?
            .and_tray_host()?;
        let clock = FastClock::start(desktop.home(), wish.rate)?;
        let scene = scene(desktop, wish.accounts, &clock)?;
        scene.add_session("work", Storage::Shared)?;
        typed(&scene, &clock).sign_in("work")?;
        // Five hundred answers need the time that they need.
        scene.daypass.ok(&["list", "--refresh"])?;
        let env = [scene.portal.env(), clock.env()].concat();
        let application = start_alone(&scene.desktop, &env)?;
        scene.desktop.tray_host()?.item()?;
        Ok(Self {
            name,
            held: Vec::new(),
            application,
            eye: Eye::on(&scene.desktop)?,
            target: scene.read_only()?.target(),
            unanswered: 0,
            ledger: Ledger::default(),
            scene,
            clock,
        })
    }

    /// To the end of an hour, with a caller then.
    fn hour(&mut self, hour: usize) -> Result<()> {
        self.clock.wait_until(HOUR * u32::try_from(hour)?);
        if let Some(status) = self.application.ended()? {
            bail!("in hour {hour} the application ended: {status}");
        }
        self.look(hour)?;
        self.one_caller()
    }

    /// What is held with nothing but the tray.
    fn look(&mut self, hour: usize) -> Result<()> {
        let mut held = Held::by(self.application.id())?;
        for _ in 1..LOOKS {
            sleep(BETWEEN);
            held = held.least(Held::by(self.application.id())?);
        }
        self.held.push(held);
        self.ledger.read(&self.scene.portal)?;
        let renewals = self.ledger.renewals().count();
        let requests = self.scene.portal.ask("stats")?["requests"].clone();
        say(&format!(
            "  {}, hour {hour:2}: {held}; so far {renewals} renewals, {requests} requests",
            self.name
        ));
        Ok(())
    }

    /// Asks for role credentials; what the network may take is little by the clock on the wall.
    fn one_caller(&mut self) -> Result<()> {
        let words = ["credentials", self.target.as_str()];
        for _ in 0..TRIES {
            let ran = typed(&self.scene, &self.clock).run_silently(&words)?;
            match ran.code {
                0 => return Ok(()),
                NO_ANSWER => self.unanswered += 1,
                _ => return ran.code(0).map(drop),
            }
        }
        bail!("{TRIES} times no answer: use a lower --rate")
    }

    /// Opens the panel, and closes it.
    fn one_panel(&self) -> Result<()> {
        let host = self.scene.desktop.tray_host()?;
        host.activate(&host.items().pop().context("no tray item")?)?;
        until_true(PATIENCE, "the panel", || self.eye.sees_text())?;
        sleep(LOOK);
        self.eye.close()?;
        until_true(PATIENCE, "the panel to go", || {
            Ok(!self.eye.sees_a_window()?)
        })
    }

    /// Holds the day to have been one: signed in to its end, and every token renewed in its time.
    fn end(&mut self) -> Result<()> {
        let words = ["status", "work", "--json"];
        let told = typed(&self.scene, &self.clock).json(&words)?;
        let state = &told["sessions"][0]["state"];
        ensure!(state == "active", "at the end it is {state}");
        self.ledger.read(&self.scene.portal)?;
        self.ledger.one_per_period(TOKEN)?;
        let minutes = self.ledger.periods().into_iter().map(|it| it / 60.0);
        let (least, most) = minutes.fold((f64::INFINITY, 0.0_f64), |(least, most), it| {
            (least.min(it), most.max(it))
        });
        say(&format!(
            "  {}: signed in all day; a renewal every {least:.0} to {most:.0} minutes, none refused, by {:?}; \
             {} callers had no answer in time and asked again",
            self.name,
            self.ledger.by_program(),
            self.unanswered
        ));
        Ok(())
    }

    /// The last hours beside the first warm ones.
    fn compare(&self, budgets: &mut Budgets) -> Result<()> {
        let figures: [(&str, Figure); 4] = [
            ("memory", |it| it.own as f64),
            ("open_files", |it| it.files as f64),
            ("threads", |it| it.threads as f64),
            ("processes", |it| it.processes as f64),
        ];
        for (what, figure) in figures {
            let (first, last) = ends(&self.held, figure);
            budgets.hold(&format!("{}_{what}", self.name), last / first)?;
        }
        Ok(())
    }
}

/// A portal on the fast clock, and a command at the pace of the wall.
fn scene(desktop: Desktop, accounts: usize, clock: &FastClock) -> Result<Scene> {
    let accounts = accounts.to_string();
    let size = ["--accounts", &accounts, "--roles", "3"];
    // A sign-in of a week: the day is one of use, not of sign-ins.
    let life = ["--browser", "auto", "--session-ttl", "604800"];
    let options = [&size[..], &life].concat();
    let portal = Portal::start_with(desktop.home(), &options, clock.env())?;
    Ok(Scene {
        daypass: Daypass::on(&desktop)?.at(&portal),
        portal,
        desktop,
    })
}

/// The command, typed now.
fn typed(scene: &Scene, clock: &FastClock) -> Daypass {
    scene.daypass.clone().after(clock.words())
}

impl Held {
    fn by(program: u32) -> Result<Self> {
        let mut held = Self {
            own: household::own_memory(program)?,
            all: household::memory(program)?.values().sum(),
            files: 0,
            web_view: 0,
            threads: 0,
            processes: 0,
        };
        for member in household::members(program)? {
            let (all, web_view) = open_files(member)?;
            held.files += all - web_view;
            held.web_view += web_view;
            held.threads += vitals::of(member)?.threads;
            held.processes += 1;
        }
        Ok(held)
    }

    fn least(self, other: Self) -> Self {
        Self {
            own: self.own.min(other.own),
            all: self.all.min(other.all),
            files: self.files.min(other.files),
            web_view: self.web_view.min(other.web_view),
            threads: self.threads.min(other.threads),
            processes: self.processes.min(other.processes),
        }
    }
}

/// How many files a process has open, and how many of them are WebKit's shared memory.
fn open_files(id: u32) -> Result<(usize, usize)> {
    let entries = fs::read_dir(format!("/proc/{id}/fd"))?.flatten();
    // One that is closed meanwhile is not open.
    let targets = entries.filter_map(|it| fs::read_link(it.path()).ok());
    let of_web_views = |it: &bool| *it;
    let kinds: Vec<bool> = targets
        .map(|it| it.to_string_lossy().starts_with(WEB_VIEW))
        .collect();
    let web_view = kinds.iter().copied().filter(of_web_views).count();
    Ok((kinds.len(), web_view))
}

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:.1} MiB ({:.1} with libraries), {} open files and {} of web views, {} threads, {} processes",
            self.own as f64 / 1024.0,
            self.all as f64 / 1024.0,
            self.files,
            self.web_view,
            self.threads,
            self.processes
        )
    }
}

type Figure = fn(&Held) -> f64;

/// The first warm hours and the last: of each the one in the middle.
fn ends(held: &[Held], figure: Figure) -> (f64, f64) {
    let middle = |held: &[Held]| half(held.iter().map(figure).collect());
    let first = &held[WARM - 1..WARM - 1 + SPAN];
    (middle(first), middle(&held[held.len() - SPAN..]))
}

/// How much each panel between the two leaves open, on average.
fn left_by_a_panel(held: &[Held], budgets: &mut Budgets) -> Result<()> {
    let (first, last) = ends(held, |it| it.web_view as f64);
    let panels = (held.len() - SPAN - (WARM - 1)) as f64;
    budgets.hold("left_by_a_panel", (last - first) / panels)
}

fn half(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

/// One line of talk.
fn say(line: &str) {
    let mut out = std::io::stdout();
    // Whoever does not want to read any more still gets the exit code.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
