//! The whole job in the real window with real keys, and no mouse at all.

use std::fs;
use testkit::application::start_alone;
use testkit::browser::Following;
use testkit::desktop::Desktop;
use testkit::http;
use testkit::real_panel::{self, key, type_text};
use testkit::scene::{Assignment, Scene};
use testkit::seat::Seat;
use testkit::waiting::{PATIENCE, until_true};
use testkit::{Context, Result, ensure};

/// One person at a desktop without a mouse.
struct Person(Seat);

impl Person {
    /// Signed in, with the application in the tray; then starts it once more, as a launcher does.
    fn opens_the_panel() -> Result<Self> {
        let desktop = Desktop::with_keyring()?
            .and_screen("900x760")?
            .and_browser(Following::Nothing)?
            .and_tray_host()?;
        let starts_again = |scene: &Scene| {
            scene.desktop.tray_host()?.item()?;
            let status = start_alone(&scene.desktop, &scene.portal.env())?.wait(PATIENCE)?;
            ensure!(status.success(), "the second start ended with {status}");
            Ok(())
        };
        let options = ["--accounts", "40"];
        Ok(Self(Seat::take(
            desktop,
            &options,
            |_| Ok(()),
            starts_again,
        )?))
    }

    fn presses(&self, name: &str) -> Result<()> {
        key(&self.0.scene.desktop, name)
    }

    /// What the page says of itself; the journey only looks at it.
    fn sees(&self, what: &str, script: &str) -> Result<()> {
        let web = &self.0.application.web;
        let seen = until_true(PATIENCE, what, || Ok(web.script(script, &[])? == true));
        seen.with_context(|| format!("the page says: {}", web.page_text().unwrap_or_default()))
    }

    fn has_the_keyboard_in(&self, mark: &str) -> Result<()> {
        let script = format!("return document.activeElement?.dataset.testid === '{mark}'");
        self.sees(&format!("the keyboard in {mark}"), &script)
    }

    fn selects(&self, of: &Assignment) -> Result<()> {
        let script = format!(
            "const row = document.querySelector('[role=row][aria-selected=true]'); return row?.dataset.account === '{}' && row.dataset.role === '{}'",
            of.account, of.role
        );
        self.sees("the row", &script)
    }

    fn searches(&self, of: &Assignment) -> Result<()> {
        type_text(&self.0.scene.desktop, &format!("{} readonly", of.account))?;
        self.selects(of)
    }

    fn lands_in_the_console(&self, visits: usize, of: &Assignment) -> Result<()> {
        let address = self.0.scene.desktop.browser()?.wait_for_asked(visits)?;
        let page = http::visit(&address)?.landed.text();
        ensure!(
            page.contains(&of.account) && page.contains(&of.role),
            "{page}"
        );
        Ok(())
    }

    fn writes_a_profile(&self) -> Result<()> {
        self.presses("ctrl+Return")?;
        self.has_the_keyboard_in("profile-name")?;
        self.presses("ctrl+a")?;
        type_text(&self.0.scene.desktop, "by-keys")?;
        self.0
            .application
            .says("profile-preview", "[profile by-keys]")?;
        self.presses("Return")?;
        self.0.application.says("toast", "by-keys")?;
        let config = fs::read_to_string(self.0.scene.home().aws_config())?;
        ensure!(config.contains("[profile by-keys]"), "{config}");
        self.has_the_keyboard_in("search")
    }

    fn pins_by_the_list_of_actions(&self, of: &Assignment) -> Result<()> {
        self.presses("ctrl+k")?;
        self.has_the_keyboard_in("filter-commands")?;
        type_text(&self.0.scene.desktop, "pin")?;
        self.presses("Return")?;
        self.has_the_keyboard_in("search")?;
        let pinned = "return document.querySelector('[role=row][aria-selected=true]')?.ariaLabel?.includes(', pinned')";
        self.sees("the pin", pinned)?;
        self.selects(of)
    }

    /// One step at a time: the message, the text, the panel.
    fn steps_back(&self) -> Result<()> {
        for _ in 0..4 {
            if !real_panel::has_window(&self.0.scene.desktop, "Daypass")? {
                return Ok(());
            }
            self.presses("Escape")?;
            std::thread::sleep(std::time::Duration::from_millis(400));
        }
        until_true(PATIENCE, "the panel to be hidden", || {
            Ok(!real_panel::has_window(&self.0.scene.desktop, "Daypass")?)
        })
    }
}

#[test]
fn open_search_console_profile_pin_and_back_without_a_mouse() -> Result<()> {
    let person = Person::opens_the_panel()?;
    person.has_the_keyboard_in("search")?;
    let wanted = person.0.scene.read_only()?;
    // Down and up again: the selection follows, and Enter acts on it.
    person.presses("Down")?;
    person.presses("Up")?;
    person.searches(&wanted)?;
    person.presses("Return")?;
    person.lands_in_the_console(1, &wanted)?;
    person.writes_a_profile()?;
    person.pins_by_the_list_of_actions(&wanted)?;
    person.steps_back()?;

    // It comes back as it left, and the pin is first.
    let again =
        start_alone(&person.0.scene.desktop, &person.0.scene.portal.env())?.wait(PATIENCE)?;
    ensure!(again.success(), "the third start ended with {again}");
    let row = "[data-testid=row]";
    person.0.application.web.switch_to_window_with(row)?;
    let first =
        "return document.querySelector('[data-testid=row]')?.ariaLabel?.startsWith('Pinned: ')";
    person.sees("the pin at the top", first)?;
    person.has_the_keyboard_in("search")?;
    person.0.scene.search(&person.0.scene.canaries()?)
}
