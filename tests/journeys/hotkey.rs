//! The keys that bring the panel up from anywhere, on a screen of X11 with a window manager.

use std::fs;
use std::thread;
use std::time::Duration;
use testkit::application::start_alone;
use testkit::desktop::Desktop;
use testkit::programs::Running;
use testkit::real_panel::{self, has_window, start_window_manager};
use testkit::scene::{Scene, Storage};
use testkit::waiting::{PATIENCE, until_true};
use testkit::{Context, Result, ensure};

/// A session of which there is one keeps the panel closed at the start.
fn scene() -> Result<(Scene, Running)> {
    let desktop = Desktop::full_on("900x760")?;
    let scene = Scene::empty(desktop, &["--accounts", "2"])?;
    scene.add_session("work", Storage::Shared)?;
    let windows = start_window_manager(&scene.desktop)?;
    Ok((scene, windows))
}

fn choose(scene: &Scene, keys: &str) -> Result<()> {
    let file = scene.home().config().join("daypass/settings.toml");
    let text = fs::read_to_string(&file)?;
    let others = text
        .split("\n[panel]")
        .next()
        .context("an empty file")?
        .trim_end()
        .to_owned();
    Ok(fs::write(
        file,
        format!("{others}\n[panel]\nhotkey = \"{keys}\"\n"),
    )?)
}

fn comes_up(scene: &Scene, keys: &str) -> Result<()> {
    until_true(PATIENCE, "the panel by its keys", || {
        real_panel::key(&scene.desktop, keys)?;
        thread::sleep(Duration::from_millis(300));
        has_window(&scene.desktop, "Daypass")
    })
}

fn close(scene: &Scene) -> Result<()> {
    until_true(PATIENCE, "no panel", || {
        real_panel::key(&scene.desktop, "alt+F4")?;
        thread::sleep(Duration::from_millis(200));
        Ok(!has_window(&scene.desktop, "Daypass")?)
    })
}

/// How often the thread that waits for the keys has gone to sleep.
fn naps(process: u32) -> Result<u64> {
    for thread in fs::read_dir(format!("/proc/{process}/task"))?.flatten() {
        let folder = thread.path();
        if fs::read_to_string(folder.join("comm"))?.trim() == "hotkey" {
            let status = fs::read_to_string(folder.join("status"))?;
            let line = status
                .lines()
                .find_map(|it| it.strip_prefix("voluntary_ctxt_switches:"));
            return Ok(line.context("no count")?.trim().parse()?);
        }
    }
    testkit::bail!("no thread waits for the keys")
}

#[test]
fn keys_bring_the_panel_up_and_nothing_wakes_up_in_between() -> Result<()> {
    let (scene, _windows) = scene()?;
    choose(&scene, "Ctrl+Alt+K")?;
    let application = start_alone(&scene.desktop, &scene.portal.env())?;
    comes_up(&scene, "ctrl+alt+k")?;
    close(&scene)?;
    let before = naps(application.id())?;
    thread::sleep(Duration::from_secs(3));
    ensure!(naps(application.id())? == before, "it woke up");

    // Num Lock and Caps Lock change nothing.
    real_panel::key(&scene.desktop, "Caps_Lock")?;
    comes_up(&scene, "ctrl+alt+k")?;
    real_panel::key(&scene.desktop, "Caps_Lock")?;
    close(&scene)?;

    choose(&scene, "Ctrl+Shift+F9")?;
    comes_up(&scene, "ctrl+shift+F9")?;
    close(&scene)?;
    real_panel::key(&scene.desktop, "ctrl+alt+k")?;
    thread::sleep(Duration::from_secs(1));
    ensure!(
        !has_window(&scene.desktop, "Daypass")?,
        "the keys of before"
    );
    Ok(())
}
