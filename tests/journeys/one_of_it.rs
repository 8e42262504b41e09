//! There is one application, however often and with whatever words it is started; it rests while nobody
//! looks at it, and its window leaves nothing running when it is closed.

use rustix::process::Signal;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};
use testkit::application::start_alone;
use testkit::desktop::Desktop;
use testkit::household;
use testkit::places::{binary, keep_figures};
use testkit::processes;
use testkit::programs::{Running, command};
use testkit::real_panel::{self, has_window, start_window_manager};
use testkit::scene::{Scene, Storage};
use testkit::tray_host::Address;
use testkit::waiting::{PATIENCE, until_true};
use testkit::{Context, Result, ensure};

const LAUNCHES: usize = 100;
/// What may stand on the command line of a launch, by hand or by a link that somebody made.
const HOSTILE: [&str; 10] = [
    "--panel=; touch pwned",
    "$(touch pwned)",
    "`touch pwned`",
    "daypass://login?start_url=https://evil.example/start",
    "https://evil.example/",
    "file:///etc/passwd",
    "--remote-debugging-port=9222",
    "\u{1b}]0;x\u{7}\u{202e}",
    "line\nbreak",
    "../../../../etc/passwd",
];

/// A session of which there is one keeps the panel closed at the start.
fn scene() -> Result<Scene> {
    let desktop = Desktop::full_on("900x760")?;
    let scene = Scene::empty(desktop, &["--accounts", "2"])?;
    scene.add_session("work", Storage::Shared)?;
    Ok(scene)
}

fn launch(scene: &Scene, words: &[&str]) -> Result<Running> {
    let mut command = command(&binary("daypass-desktop")?);
    command.args(words).current_dir(scene.home().home());
    command.envs(scene.desktop.env()).envs(scene.portal.env());
    Running::start("application", &mut command, &scene.home().logs())
}

/// What the applications said; all of them write into one file.
fn said(scene: &Scene) -> String {
    let file = scene.home().logs().join("application.err");
    fs::read_to_string(file).unwrap_or_default()
}

/// The processes of that name in this home.
fn named(scene: &Scene, name: &str) -> Result<Vec<u32>> {
    let living = processes::living_in(scene.home())?.into_iter();
    let name = &name[..name.len().min(15)];
    let is_it = |id: &u32| {
        let comm = fs::read_to_string(format!("/proc/{id}/comm")).unwrap_or_default();
        comm.trim_end() == name
    };
    Ok(living.filter(is_it).collect())
}

#[test]
fn a_hundred_launches_at_once_are_one_application() -> Result<()> {
    let scene = scene()?;
    let start = Instant::now();
    let mut all = (0..LAUNCHES)
        .map(|_| launch(&scene, &[]))
        .collect::<Result<Vec<_>>>()?;
    let mut left = 0;
    until_true(Duration::from_secs(120), "one of them to be left", || {
        left = 0;
        for one in &mut all {
            match one.ended()? {
                None => left += 1,
                Some(status) => ensure!(
                    status.success(),
                    "one ended with {status}: {}",
                    said(&scene)
                ),
            }
        }
        Ok(left == 1)
    })
    .with_context(|| format!("{left} are left"))?;
    let took = start.elapsed();
    // The one brings its panel up for those that came after it, and goes on.
    until_true(PATIENCE, "the panel", || {
        has_window(&scene.desktop, "Daypass")
    })?;
    ensure!(
        named(&scene, "daypass-desktop")?.len() == 1,
        "more than one runs"
    );
    ensure!(
        scene.desktop.tray_host()?.items().len() == 1,
        "more than one icon"
    );
    let alone = Instant::now();
    let mut later = launch(&scene, &[])?;
    ensure!(later.wait(PATIENCE)?.success(), "a later launch failed");
    let figures = [
        format!(
            "{LAUNCHES} launches at once: one was left after {} ms",
            took.as_millis()
        ),
        format!(
            "one launch beside it ended after {} ms",
            alone.elapsed().as_millis()
        ),
    ];
    keep_figures("launches", &figures)
}

#[test]
fn words_of_a_launch_are_text_and_nothing_more() -> Result<()> {
    let scene = scene()?;
    let mut first = launch(&scene, &HOSTILE)?;
    let item = scene.desktop.tray_host()?.item()?;
    ensure!(
        !has_window(&scene.desktop, "Daypass")?,
        "a word opened the panel"
    );
    let long = "x".repeat(100_000);
    for words in [&HOSTILE[..], &[long.as_str()]] {
        let mut later = launch(&scene, words)?;
        ensure!(later.wait(PATIENCE)?.success(), "a later launch failed");
    }
    until_true(PATIENCE, "the panel", || {
        has_window(&scene.desktop, "Daypass")
    })?;
    ensure!(first.ended()?.is_none(), "it ended");
    ensure!(
        scene.desktop.browser()?.asked()?.is_empty(),
        "a browser opened"
    );
    ensure!(
        !scene.home().home().join("pwned").exists(),
        "a shell read a word"
    );
    ensure!(
        scene.asked("RegisterClient")? == 0,
        "a word began a sign-in"
    );
    let host = scene.desktop.tray_host()?;
    host.choose(&item, "Quit Daypass")?;
    ensure!(first.wait(PATIENCE)?.success(), "it did not end well");
    Ok(())
}

#[test]
fn after_a_kill_it_starts_as_if_nothing_had_been() -> Result<()> {
    let scene = scene()?;
    scene.daypass.sign_in("work")?;
    for round in 1..=5 {
        let seen = scene.desktop.tray_host()?.items().len();
        let mut application = launch(&scene, &["--panel"])?;
        let host = scene.desktop.tray_host()?;
        until_true(PATIENCE, "the tray", || Ok(host.items().len() > seen))?;
        until_true(PATIENCE, "the panel", || {
            has_window(&scene.desktop, "Daypass")
        })?;
        application.signal(Signal::KILL)?;
        application.wait(PATIENCE)?;
        until_true(PATIENCE, "the end of its web view", || {
            Ok(named(&scene, "WebKitWebProcess")?.is_empty())
        })
        .with_context(|| format!("in round {round}"))?;
        ensure!(scene.status("work")?["state"] == "active", "signed out");
    }
    Ok(())
}

/// A closed panel is kept so long for whoever wants it back.
const KEPT: Duration = Duration::from_secs(30);
const ROUNDS: usize = 4;

#[test]
fn a_panel_that_is_closed_is_back_at_once_and_later_leaves_no_process_and_no_memory() -> Result<()>
{
    let scene = scene()?;
    scene.daypass.sign_in("work")?;
    let _windows = start_window_manager(&scene.desktop)?;
    let application = start_alone(&scene.desktop, &scene.portal.env())?;
    let item = scene.desktop.tray_host()?.item()?;
    let web_views = || named(&scene, "WebKitWebProcess");
    ensure!(web_views()?.is_empty(), "a web view without a window");
    let memory = || household::own_memory(application.id());
    let before = memory()?;
    let mut closed = Vec::new();
    let mut open = 0;
    for _ in 0..ROUNDS {
        opens(&scene, &item)?;
        open = memory()?.max(open);
        let first = web_views()?;
        closes(&scene)?;
        opens(&scene, &item)?;
        ensure!(
            first.len() == 1 && web_views()? == first,
            "it was made anew: {first:?}"
        );
        closes(&scene)?;
        until_true(KEPT + PATIENCE, "the end of the web view", || {
            Ok(web_views()?.is_empty())
        })?;
        thread::sleep(Duration::from_secs(1));
        closed.push(memory()?);
    }
    let files = processes::open_files(application.id())?;
    let threads = processes::threads(application.id())?;
    let figures = [
        format!("before the first panel {before} kB, with it at most {open} kB"),
        format!("after each of {ROUNDS} panels that were destroyed, in kB: {closed:?}"),
        format!(
            "of the last, shared pages by their share: {:?}",
            household::memory(application.id())?
        ),
        format!("{files} open files and {threads} threads at the end"),
    ];
    keep_figures("panel-closed", &figures)?;
    // What the first one brings into the program stays; the last adds little to the second.
    let (second, last) = (closed[1], closed[ROUNDS - 1]);
    ensure!(last < second + second / 10, "it grows: {closed:?}");
    ensure!(
        last < open,
        "nothing was given back: {closed:?}, open {open}"
    );
    Ok(())
}

fn opens(scene: &Scene, item: &Address) -> Result<()> {
    scene.desktop.tray_host()?.activate(item)?;
    until_true(PATIENCE, "the panel", || {
        has_window(&scene.desktop, "Daypass")
    })?;
    thread::sleep(Duration::from_millis(500));
    Ok(())
}

fn closes(scene: &Scene) -> Result<()> {
    until_true(PATIENCE, "no panel", || {
        real_panel::key(&scene.desktop, "alt+F4")?;
        thread::sleep(Duration::from_millis(200));
        Ok(!has_window(&scene.desktop, "Daypass")?)
    })
}

#[test]
fn a_tray_that_goes_while_a_closed_panel_is_kept_ends_nothing() -> Result<()> {
    let mut scene = scene()?;
    let _windows = start_window_manager(&scene.desktop)?;
    let mut application = start_alone(&scene.desktop, &scene.portal.env())?;
    let item = scene.desktop.tray_host()?.item()?;
    opens(&scene, &item)?;
    closes(&scene)?;
    scene.desktop.stop_tray_host();
    until_true(KEPT + PATIENCE, "the end of the web view", || {
        Ok(named(&scene, "WebKitWebProcess")?.is_empty())
    })?;
    thread::sleep(Duration::from_secs(1));
    ensure!(application.ended()?.is_none(), "it ended with its window");
    let mut later = launch(&scene, &[])?;
    ensure!(later.wait(PATIENCE)?.success(), "a later launch failed");
    until_true(PATIENCE, "the panel", || {
        has_window(&scene.desktop, "Daypass")
    })
}

/// How often each thread of a process has gone to sleep by itself, by name and number.
fn naps(id: u32) -> Result<BTreeMap<String, u64>> {
    let mut naps = BTreeMap::new();
    for thread in fs::read_dir(format!("/proc/{id}/task"))?.flatten() {
        let name = fs::read_to_string(thread.path().join("comm"))?;
        let number = thread.file_name().to_string_lossy().into_owned();
        let count = number_in(&thread.path().join("status"), "voluntary_ctxt_switches:")?;
        naps.insert(format!("{} {number}", name.trim_end()), count);
    }
    Ok(naps)
}

/// How long a process's threads have had a processor.
fn busy(id: u32) -> Result<Duration> {
    let mut sum = 0;
    for thread in fs::read_dir(format!("/proc/{id}/task"))?.flatten() {
        let spent = fs::read_to_string(thread.path().join("schedstat"))?;
        let spent = spent.split_whitespace().next().context("no figure")?;
        sum += spent.parse::<u64>()?;
    }
    Ok(Duration::from_nanos(sum))
}

fn number_in(file: &Path, name: &str) -> Result<u64> {
    let text = fs::read_to_string(file)?;
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.context("no such line")?.parse()?)
}

#[test]
fn while_nobody_looks_it_sleeps() -> Result<()> {
    const WHILE: Duration = Duration::from_secs(60);
    let scene = scene()?;
    scene.daypass.sign_in("work")?;
    let application = start_alone(&scene.desktop, &scene.portal.env())?;
    scene.desktop.tray_host()?.item()?;
    // What a start brings with it has to be over.
    thread::sleep(Duration::from_secs(10));
    let id = application.id();
    let (before, time) = (naps(id)?, busy(id)?);
    let asked = scene.portal.ask("stats")?["operations"].clone();
    thread::sleep(WHILE);
    let later = naps(id)?;
    let woken = later.into_iter().map(|(name, count)| {
        let earlier = before.get(&name).copied().unwrap_or_default();
        (name, count - earlier)
    });
    let woken: BTreeMap<String, u64> = woken.filter(|(_, count)| *count > 0).collect();
    let woke: u64 = woken.values().sum();
    let figure = format!(
        "in {} s of rest its threads woke up {woke} times and were busy for {} ms: {woken:?}",
        WHILE.as_secs(),
        busy(id)?.saturating_sub(time).as_millis()
    );
    keep_figures("rest", &[figure])?;
    ensure!(woke < WHILE.as_secs(), "it woke up {woke} times: {woken:?}");
    ensure!(
        scene.portal.ask("stats")?["operations"] == asked,
        "it asked the portal"
    );
    Ok(())
}
