//! What `cargo xtask bench desktop` runs: the application beside a bare one that has nothing but a tray
//! and an empty page, in turns: from its start to the tray, to its panel, in memory, and at rest.
//!
//!     daypass-bench-desktop [--times 12] [--accounts 5000] [--idle-minutes 10]

use std::collections::BTreeMap;
use std::env;
use std::io::Write;
use std::path::PathBuf;
use std::thread::sleep;
use std::time::{Duration, Instant};
use testkit::budgets::Budgets;
use testkit::desktop::Desktop;
use testkit::eye::Eye;
use testkit::household;
use testkit::places::{binaries, binary};
use testkit::programs::{Running, command};
use testkit::scene::{Scene, Storage};
use testkit::waiting::{PATIENCE, until_true};
use testkit::{Context, Result, bail, ensure};

/// What starts with a program has come to an end after this.
const SETTLED: Duration = Duration::from_secs(2);
/// After this the window of a closed panel is destroyed, and its memory has come back.
const GIVEN_BACK: Duration = Duration::from_secs(40);
/// How often the panel is opened again soon after it was closed.
const AGAIN: usize = 3;

struct Wish {
    times: usize,
    accounts: usize,
    idle: Duration,
}

/// One of the two applications, on a desktop of its own.
struct Rival {
    name: &'static str,
    program: PathBuf,
    env: Vec<(String, String)>,
    eye: Eye,
    scene: Scene,
    found: Found,
}

/// KiB, by the names of the processes.
type Memory = BTreeMap<String, u64>;

/// Milliseconds, and memory, one for each turn.
#[derive(Default)]
struct Found {
    tray: Vec<f64>,
    first_panel: Vec<f64>,
    later_panels: Vec<f64>,
    new_panels: Vec<f64>,
    tray_only: Vec<Memory>,
    panel_open: Vec<Memory>,
    panel_closed: Vec<Memory>,
}

fn main() -> Result<()> {
    let wish = wish()?;
    let cores = std::thread::available_parallelism()?;
    say(&format!(
        "{} turns each, {} accounts on disk, {cores} processors; half within",
        wish.times, wish.accounts
    ));
    let mut daypass = Rival::daypass(&wish)?;
    let mut bare = Rival::bare()?;
    for turn in 0..=wish.times {
        for rival in [&mut daypass, &mut bare] {
            let found = rival.turn()?;
            // The first of all finds nothing of its program in memory.
            if turn > 0 {
                rival.found.add(found);
            }
        }
    }
    let mut budgets = Budgets::of("desktop")?;
    compare(&daypass.found, &bare.found, &mut budgets)?;
    rest(&daypass, &bare, wish.idle, &mut budgets)?;
    budgets.finish()
}

fn wish() -> Result<Wish> {
    let words: Vec<String> = env::args().skip(1).collect();
    let mut wish = Wish {
        times: 12,
        accounts: 5_000,
        idle: Duration::from_secs(600),
    };
    for pair in words.chunks(2) {
        match pair {
            [name, value] if name == "--times" => wish.times = value.parse()?,
            [name, value] if name == "--accounts" => wish.accounts = value.parse()?,
            [name, value] if name == "--idle-minutes" => {
                wish.idle = Duration::from_secs(60) * value.parse()?;
            }
            _ => bail!("{} is not understood, or needs a value", pair[0]),
        }
    }
    ensure!(wish.times > 0, "once at least");
    Ok(wish)
}

fn desktop() -> Result<Desktop> {
    Desktop::with_keyring()?
        .and_screen("1280x800")?
        .and_tray_host()
}

impl Rival {
    /// Signed in, with a whole list on disk, as somebody has who uses Daypass for long.
    fn daypass(wish: &Wish) -> Result<Self> {
        let accounts = wish.accounts.to_string();
        let scene = Scene::empty(desktop()?, &["--accounts", &accounts, "--roles", "3"])?;
        scene.add_session("work", Storage::Keychain)?;
        scene.daypass.sign_in("work")?;
        scene.daypass.ok(&["list", "--refresh"])?;
        let env = scene.portal.env();
        Self::of("Daypass", binary("daypass-desktop")?, env, scene)
    }

    fn bare() -> Result<Self> {
        let program = binaries()?.join("examples/bare");
        ensure!(program.is_file(), "{} is not there", program.display());
        let scene = Scene::empty(desktop()?, &["--accounts", "1"])?;
        Self::of("a bare application", program, Vec::new(), scene)
    }

    fn of(
        name: &'static str,
        program: PathBuf,
        env: Vec<(String, String)>,
        scene: Scene,
    ) -> Result<Self> {
        Ok(Self {
            name,
            program,
            env,
            eye: Eye::on(&scene.desktop)?,
            scene,
            found: Found::default(),
        })
    }

    /// Starts it; how long it takes to the tray.
    fn start(&self) -> Result<(Running, Duration)> {
        let desktop = &self.scene.desktop;
        let host = desktop.tray_host()?;
        let before = host.items().len();
        let mut command = command(&self.program);
        command.envs(desktop.env()).envs(self.env.iter().cloned());
        let begin = Instant::now();
        let running = Running::start("application", &mut command, &desktop.home().logs())?;
        let took = soon(begin, "its tray", || Ok(host.items().len() > before))
            .with_context(|| self.name)?;
        Ok((running, took))
    }

    /// From its start to its end.
    fn turn(&self) -> Result<Found> {
        let mut found = Found::default();
        let (running, took) = self.start()?;
        found.tray.push(ms(took));
        sleep(SETTLED);
        found.tray_only.push(self.memory(&running)?);
        found.first_panel.push(ms(self.open()?));
        sleep(SETTLED);
        found.panel_open.push(self.memory(&running)?);
        for _ in 0..AGAIN {
            self.close()?;
            found.later_panels.push(ms(self.open()?));
            sleep(SETTLED / 2);
        }
        self.close()?;
        sleep(GIVEN_BACK);
        found.panel_closed.push(self.memory(&running)?);
        found.new_panels.push(ms(self.open()?));
        Ok(found)
    }

    /// A click in the tray; how long it takes until there are rows, or the one word of the empty page.
    fn open(&self) -> Result<Duration> {
        let host = self.scene.desktop.tray_host()?;
        let item = host.items().pop().context("no tray item")?;
        let begin = Instant::now();
        host.activate(&item)?;
        soon(begin, "its panel", || self.eye.sees_text()).with_context(|| self.name)
    }

    fn close(&self) -> Result<()> {
        self.eye.close()?;
        until_true(PATIENCE, "the panel to go", || {
            Ok(!self.eye.sees_a_window()?)
        })?;
        sleep(SETTLED / 2);
        Ok(())
    }

    fn memory(&self, running: &Running) -> Result<Memory> {
        household::memory(running.id())
    }
}

impl Found {
    fn add(&mut self, turn: Self) {
        self.tray.extend(turn.tray);
        self.first_panel.extend(turn.first_panel);
        self.later_panels.extend(turn.later_panels);
        self.new_panels.extend(turn.new_panels);
        self.tray_only.extend(turn.tray_only);
        self.panel_open.extend(turn.panel_open);
        self.panel_closed.extend(turn.panel_closed);
    }
}

fn compare(ours: &Found, bare: &Found, budgets: &mut Budgets) -> Result<()> {
    type Figure = fn(&Found) -> &Vec<f64>;
    let times: [(&str, &str, Figure); 4] = [
        ("start to tray", "to_tray", |it| &it.tray),
        ("first panel", "first_panel", |it| &it.first_panel),
        ("soon again", "later_panels", |it| &it.later_panels),
        ("later again", "later_new_panels", |it| &it.new_panels),
    ];
    for (what, key, figure) in times {
        let (ours, theirs) = (half(figure(ours)), half(figure(bare)));
        say(&format!("  {what:16} {ours:7.0} ms; bare {theirs:7.0} ms"));
        budgets.hold(key, ours / theirs)?;
    }
    type Sizes = fn(&Found) -> &Vec<Memory>;
    let memory: [(&str, Option<&str>, Sizes); 3] = [
        ("tray only", Some("memory_tray_only"), |it| &it.tray_only),
        ("panel open", Some("memory_panel_open"), |it| &it.panel_open),
        ("panel closed", None, |it| &it.panel_closed),
    ];
    for (what, key, figure) in memory {
        let (ours, theirs) = (sum(figure(ours)), sum(figure(bare)));
        say(&format!(
            "  {what:16} {ours:7.1} MiB; bare {theirs:7.1} MiB"
        ));
        key.map_or(Ok(()), |key| budgets.hold(key, ours / theirs))?;
    }
    for (name, found) in [("Daypass", ours), ("bare", bare)] {
        let last = found.panel_open.last().context("no turn")?;
        let parts = last
            .iter()
            .map(|(name, size)| format!("{name} {} MiB", size / 1024));
        let parts: Vec<_> = parts.collect();
        say(&format!("    {name}, panel open: {}", parts.join(", ")));
    }
    Ok(())
}

/// Half of the sums, in MiB.
fn sum(all: &[Memory]) -> f64 {
    let sums = all
        .iter()
        .map(|it| it.values().sum::<u64>() as f64 / 1024.0);
    half(&sums.collect::<Vec<_>>())
}

/// Both at rest at the same time, with nothing but their trays.
fn rest(daypass: &Rival, bare: &Rival, span: Duration, budgets: &mut Budgets) -> Result<()> {
    if span.is_zero() {
        return Ok(());
    }
    let started = [(daypass, daypass.start()?.0), (bare, bare.start()?.0)];
    sleep(SETTLED * 10);
    let mut before = Vec::new();
    for (_, running) in &started {
        before.push(household::done(running.id())?);
    }
    sleep(span);
    for ((rival, running), before) in started.iter().zip(before) {
        let done = household::done(running.id())?.since(before);
        let wake_ups = done.wake_ups as f64 / span.as_secs_f64();
        let processor = 100.0 * done.processor.as_secs_f64() / span.as_secs_f64();
        say(&format!(
            "  {} at rest for {} s: {wake_ups:.2} wake-ups a second, {processor:.3} % of a processor",
            rival.name,
            span.as_secs()
        ));
        if rival.name == daypass.name {
            budgets.hold("wake_ups_a_second", wake_ups)?;
            budgets.hold("processor_percent", processor)?;
        }
    }
    Ok(())
}

/// Asks every millisecond.
fn soon(begin: Instant, what: &str, mut ask: impl FnMut() -> Result<bool>) -> Result<Duration> {
    while !ask()? {
        ensure!(begin.elapsed() < PATIENCE, "waited for {what} in vain");
        sleep(Duration::from_millis(1));
    }
    Ok(begin.elapsed())
}

fn half(all: &[f64]) -> f64 {
    let mut all = all.to_vec();
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// One line of talk.
fn say(line: &str) {
    let mut out = std::io::stdout();
    // Whoever does not want to read any more still gets the exit code.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
