//! Five thousand accounts in the real window: how smoothly it goes while somebody works with it.

use serde_json::json;
use testkit::application::{self, Application};
use testkit::browser::Following;
use testkit::desktop::Desktop;
use testkit::frames::{self, Frames};
use testkit::places::keep_figures;
use testkit::programs::Running;
use testkit::scene::{Scene, Storage};
use testkit::waiting::{PATIENCE, until_true};
use testkit::{Result, ensure, real_panel};

/// The portal of a large organisation.
const LARGE: [&str; 4] = ["--accounts", "5000", "--roles", "3"];
/// More rows than these a window cannot show, even with those beyond its edges.
const MOST_ROWS: u64 = 60;
/// Half of the frames take at most so many times as long as those of an empty page.
const SLOWER: f64 = 3.0;
/// No screen shows frames that follow each other faster, in milliseconds.
const FRAME: f64 = 16.0;

/// One person at one desktop, with the list of a large organisation on the disk; dropped in this order.
struct Person {
    application: Application,
    _window_manager: Running,
    scene: Scene,
}

impl Person {
    fn sits_down() -> Result<Self> {
        let desktop = Desktop::with_keyring()?
            .and_screen("900x760")?
            .and_browser(Following::Nothing)?
            .and_tray_host()?;
        let scene = Scene::empty(desktop, &LARGE)?;
        scene.add_session("work", Storage::Keychain)?;
        scene.daypass.sign_in("work")?;
        scene.daypass.ok(&["list", "--refresh"])?;
        let window_manager = real_panel::start_window_manager(&scene.desktop)?;
        let starting = application::start(&scene.desktop, &scene.portal.env())?;
        let host = scene.desktop.tray_host()?;
        host.activate(&host.item()?)?;
        let application = Application::open(starting)?;
        application.wait_for_rows(5)?;
        Ok(Self {
            application,
            _window_manager: window_manager,
            scene,
        })
    }

    /// Each of the gestures; what was recorded of it, by its name.
    fn works(&self) -> Result<Vec<(&'static str, Frames)>> {
        let desktop = &self.scene.desktop;
        let during =
            |gesture: &dyn Fn() -> Result<()>| Frames::during(&self.application.web, gesture);
        Ok(vec![
            (
                "wheel",
                during(&|| real_panel::turn_wheel(desktop, "Daypass", true, 200))?,
            ),
            (
                "wheel back",
                during(&|| real_panel::turn_wheel(desktop, "Daypass", false, 200))?,
            ),
            (
                "arrow keys",
                during(&|| real_panel::hold(desktop, "Down", 90))?,
            ),
            (
                "page keys",
                during(&|| real_panel::hold(desktop, "Next", 60))?,
            ),
            (
                "typing",
                during(&|| real_panel::type_text(desktop, "payments prod ro"))?,
            ),
            (
                "clearing",
                during(&|| real_panel::hold(desktop, "BackSpace", 20))?,
            ),
        ])
    }

    /// A page of the application that has nothing on it.
    fn on_an_empty_page(&self) -> Result<Vec<(&'static str, Frames)>> {
        let away = "location.href = document.querySelector('link[rel=stylesheet]').href";
        self.application.web.script(away, &[])?;
        until_true(PATIENCE, "an empty page", || {
            Ok(self.application.web.all("[data-testid]")?.is_empty())
        })?;
        self.works()
    }

    fn reads_at_twenty_a_second(&self) -> Result<()> {
        let slow = json!({ "latency_ms": 30, "rate_limit": 20, "rate_burst": 20 });
        self.scene.portal.tell("set", &slow)?;
        self.application.read_again()?;
        self.application
            .web
            .wait_for("[data-testid=reading]")
            .map(drop)
    }
}

/// Times are compared with those of a page on which nothing stands, in the same run: machines differ.
#[test]
fn the_panel_goes_smoothly_with_five_thousand_accounts() -> Result<()> {
    let person = Person::sits_down()?;
    let at_rest = person.works()?;
    person.reads_at_twenty_a_second()?;
    let reading = person.works()?;
    let taken = frames::takings(&person.application.web)?;
    let empty = person.on_an_empty_page()?;

    let mut figures = vec![format!("milliseconds to take the accounts over: {taken}")];
    for (when, all) in [
        ("at rest", &at_rest),
        ("while reading", &reading),
        ("an empty page", &empty),
    ] {
        figures.extend(
            all.iter()
                .map(|(what, it)| it.told(&format!("{when}, {what}"))),
        );
    }
    keep_figures("panel-with-5000-accounts", &figures)?;

    for ((what, frames), (_, nothing)) in at_rest.iter().chain(&reading).zip(empty.iter().cycle()) {
        let figures = figures.join("\n");
        ensure!(frames.rows > 5, "{what}: no list was there\n{figures}");
        ensure!(
            frames.rows <= MOST_ROWS,
            "{what}: all rows are in the page\n{figures}"
        );
        let usual = frames.per_mille(500);
        let least = nothing.per_mille(500).max(FRAME);
        ensure!(
            usual <= SLOWER * least,
            "{what}: most frames are late\n{figures}"
        );
    }
    Ok(())
}
