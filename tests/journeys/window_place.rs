//! Where the real window opens: beside the click in the tray, else beside the pointer, else where it was left.

use rustix::process::Signal;
use testkit::application::start_alone;
use testkit::desktop::Desktop;
use testkit::programs::Running;
use testkit::scene::{Scene, Storage};
use testkit::waiting::{PATIENCE, until, until_true};
use testkit::{Context, Result, ensure, real_panel, screenshot};

const PANEL: &str = "^Daypass$";
/// What borders and title bars may make of a place.
const BORDERS: i32 = 48;

struct Desk {
    application: Running,
    _window_manager: Running,
    scene: Scene,
}

impl Desk {
    fn take() -> Result<Desk> {
        let desktop = Desktop::with_keyring()?.and_screen("1280x800")?;
        let scene = Scene::empty(desktop.and_tray_host()?, &["--accounts", "2"])?;
        scene.add_session("work", Storage::Shared)?;
        let window_manager = real_panel::start_window_manager(&scene.desktop)?;
        let application = start_alone(&scene.desktop, &scene.portal.env())?;
        scene.desktop.tray_host()?.item()?;
        Ok(Desk {
            application,
            _window_manager: window_manager,
            scene,
        })
    }

    /// Clicks on the tray there, and waits for the window.
    fn opens_by_click(&self, x: i32, y: i32) -> Result<[i32; 4]> {
        let host = self.scene.desktop.tray_host()?;
        let item = host.items().pop().context("no item in the tray")?;
        host.activate_at(&item, x, y)?;
        self.window()
    }

    /// Waits until the window is there and rests.
    fn window(&self) -> Result<[i32; 4]> {
        let mut before = None;
        until(PATIENCE, "the panel at rest", || {
            let now = real_panel::frame(&self.scene.desktop, PANEL).ok();
            let rests = now.is_some() && now == before;
            before = now;
            std::thread::sleep(std::time::Duration::from_millis(300));
            Ok(now.filter(|_| rests))
        })
    }

    fn closes(&self) -> Result<()> {
        until_true(PATIENCE, "the panel to be gone", || {
            if real_panel::has_window(&self.scene.desktop, PANEL)? {
                real_panel::key(&self.scene.desktop, "Escape")?;
                std::thread::sleep(std::time::Duration::from_millis(300));
            }
            Ok(!real_panel::has_window(&self.scene.desktop, PANEL)?)
        })
    }
}

fn near(found: [i32; 4], expected: [i32; 4]) -> Result<()> {
    let off = |at: usize| (found[at] - expected[at]).abs();
    let fits = off(0) <= BORDERS && off(1) <= BORDERS && off(2) <= 2 && off(3) <= 2;
    ensure!(fits, "it is at {found:?} in place of {expected:?}");
    Ok(())
}

#[test]
fn it_opens_beside_the_click_or_the_pointer_and_stays_on_the_screen() -> Result<()> {
    let desk = Desk::take()?;
    near(desk.opens_by_click(1200, 10)?, [832, 10, 440, 640])?;
    desk.closes()?;
    // Nobody moved it: the next one follows the next click.
    near(desk.opens_by_click(400, 790)?, [180, 116, 440, 640])?;
    desk.closes()?;
    // A host that does not know where the click was says 0, 0; then the pointer counts, as for a second start.
    real_panel::point(&desk.scene.desktop, 900, 60)?;
    near(desk.opens_by_click(0, 0)?, [680, 60, 440, 640])?;
    desk.closes()?;
    real_panel::point(&desk.scene.desktop, 300, 40)?;
    let mut second = start_alone(&desk.scene.desktop, &desk.scene.portal.env())?;
    near(desk.window()?, [80, 40, 440, 640])?;
    second.wait(PATIENCE)?;
    Ok(())
}

#[test]
fn it_comes_back_where_and_as_large_as_it_was_left() -> Result<()> {
    let mut desk = Desk::take()?;
    let desktop = &desk.scene.desktop;
    desk.opens_by_click(1200, 10)?;
    real_panel::put(desktop, PANEL, [120, 90, 520, 600])?;
    let left = desk.window()?;
    near(left, [120, 90, 520, 600])?;
    for _ in 0..3 {
        desk.closes()?;
        near(desk.opens_by_click(1200, 10)?, left)?;
    }
    // An end of the application keeps it too, and so does another start.
    real_panel::put(desktop, PANEL, [500, 150, 480, 560])?;
    let left = desk.window()?;
    let before = desktop.tray_host()?.items().len();
    desk.application.signal(Signal::TERM)?;
    let ended = desk.application.wait(PATIENCE)?;
    ensure!(ended.success(), "it ended with {ended}");
    desk.application = start_alone(desktop, &desk.scene.portal.env())?;
    until_true(PATIENCE, "the tray", || {
        Ok(desktop.tray_host()?.items().len() > before)
    })?;
    near(desk.opens_by_click(1200, 10)?, left)
}

/// The window of an application without a tray, looked at.
fn without_a_tray(scene: &Scene) -> Result<Running> {
    let application = start_alone(&scene.desktop, &scene.portal.env())?;
    until_true(PATIENCE, "the panel", || {
        real_panel::has_window(&scene.desktop, PANEL)
    })?;
    std::thread::sleep(std::time::Duration::from_secs(2));
    Ok(application)
}

#[test]
fn the_first_close_without_a_tray_asks_once_and_the_answer_counts() -> Result<()> {
    for keep in [true, false] {
        let scene = Scene::empty(
            Desktop::with_keyring()?.and_screen("1280x800")?,
            &["--accounts", "2"],
        )?;
        scene.add_session("work", Storage::Shared)?;
        let desktop = &scene.desktop;
        let _window_manager = real_panel::start_window_manager(desktop)?;
        let shown = || real_panel::has_window(desktop, PANEL);
        let gone = || until_true(PATIENCE, "no panel", || Ok(!shown()?));
        let mut application = without_a_tray(&scene)?;
        real_panel::key(desktop, "alt+F4")?;
        std::thread::sleep(std::time::Duration::from_secs(2));
        ensure!(shown()?, "it closed unasked");
        let picture = screenshot::take(desktop, "desktop", "first-close")?;
        screenshot::shows_something(desktop, &picture)?;
        if !keep {
            real_panel::key(desktop, "shift+Tab")?;
        }
        real_panel::key(desktop, "Return")?;
        gone()?;
        if keep {
            std::thread::sleep(std::time::Duration::from_secs(1));
            ensure!(application.ended()?.is_none(), "it ended");
            // Another start brings it back, and nothing is asked any more.
            scene.daypass.ok(&["open"])?;
            until_true(PATIENCE, "the panel again", shown)?;
            std::thread::sleep(std::time::Duration::from_secs(2));
            real_panel::key(desktop, "alt+F4")?;
            gone()?;
            ensure!(application.ended()?.is_none(), "it ended later");
        } else {
            ensure!(application.wait(PATIENCE)?.success(), "it did not end well");
            let mut again = without_a_tray(&scene)?;
            real_panel::key(desktop, "alt+F4")?;
            ensure!(again.wait(PATIENCE)?.success(), "it did not end well");
        }
    }
    Ok(())
}
