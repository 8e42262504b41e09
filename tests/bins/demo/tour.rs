//! The demonstration that shows itself around: its own screen, panel, keyring and notifications,
//! every step on a picture.

use crate::organisations::{Approval, HARBOURLINE, Organisations, TESSERA};
use crate::say;
use std::path::Path;
use testkit::application::{self, Application};
use testkit::browser::Following;
use testkit::cli::Daypass;
use testkit::desktop::Desktop;
use testkit::portal::Portal;
use testkit::real_panel::{self, RealPanel};
use testkit::scene::Assignment;
use testkit::waiting::{PATIENCE, until_true};
use testkit::{Context, Result, ensure, http, screenshot};

/// Where the panel draws the tray's first icon.
const TRAY_ICON: (u32, u32) = (16, 16);
/// Where the first notification is drawn.
const NOTIFICATION: (u32, u32) = (1080, 80);

/// The title of the notification server's window.
const NOTIFIER: &str = "Dunst";
/// The title of the application's window.
const WINDOW: &str = "Daypass";

/// Everything that the tour holds; dropped in this order.
struct Tour<'a> {
    application: Application,
    visits: usize,
    organisations: Organisations,
    _panel: RealPanel,
    desktop: Desktop,
    pictures: &'a Path,
}

/// Goes through the job once; the pictures land in `pictures`.
pub(crate) fn show_around(pictures: &Path) -> Result<()> {
    let mut tour = begin(pictures)?;
    tour.sign_in(HARBOURLINE, Some("2-sign-in"))?;
    tour.sign_in(TESSERA, None)?;
    tour.list()?;
    let wanted = tour.search()?;
    tour.open_console(&wanted)?;
    tour.write_profile(&wanted)?;
    tour.end_and_sign_in_again()?;
    tour.tray_menu()?;
    say(&format!("The pictures are in {}.", pictures.display()));
    Ok(())
}

fn begin(pictures: &Path) -> Result<Tour<'_>> {
    say("Starting a screen, a session bus, a keyring, a panel and two access portals …");
    let desktop = Desktop::with_keyring()?.and_screen("1280x800")?;
    let desktop = desktop.and_browser(Following::Nothing)?;
    let panel = RealPanel::start(&desktop)?;
    let organisations = Organisations::start(desktop.home(), Approval::AtOnce)?;
    let env = [desktop.env(), organisations.env()].concat();
    let daypass = Daypass::with_env(desktop.home(), env)?;
    for words in organisations.registrations("keychain") {
        daypass.ok(&words)?;
    }
    say("Two sessions are registered: harbourline (38 accounts) and tessera (24 accounts).");
    let starting = application::start(&desktop, &organisations.env())?;
    click_until_there(&desktop)?;
    let application = Application::open(starting)?;
    let tour = Tour {
        application,
        visits: 0,
        organisations,
        _panel: panel,
        desktop,
        pictures,
    };
    tour.application.wait_for_pass(HARBOURLINE, "Sign in")?;
    tour.picture("1-panel", "The panel, opened by a click on the tray icon.")?;
    Ok(tour)
}

/// The icon appears when the application has registered with the panel.
fn click_until_there(desktop: &Desktop) -> Result<()> {
    until_true(PATIENCE, "the tray icon", || {
        desktop.bus()?.has("org.kde.StatusNotifierWatcher")
    })?;
    until_true(PATIENCE, "the window", || {
        real_panel::click(desktop, TRAY_ICON.0, TRAY_ICON.1, 1)?;
        std::thread::sleep(std::time::Duration::from_millis(500));
        real_panel::has_window(desktop, WINDOW)
    })
}

impl Tour<'_> {
    fn picture(&self, name: &str, says: &str) -> Result<()> {
        let picture = screenshot::take_into(&self.desktop, self.pictures, name)?;
        screenshot::shows_something(&self.desktop, &picture)?;
        say(&format!("  {name:22} {says}"));
        Ok(())
    }

    /// Goes where the browser was sent, as a person would; the page that it ends at.
    fn follow(&mut self) -> Result<String> {
        self.visits += 1;
        let address = self.desktop.browser()?.wait_for_asked(self.visits)?;
        let visit = http::visit(&address)?;
        ensure!(
            visit.landed.status == 200,
            "the browser ended at {}",
            visit.landed.text()
        );
        Ok(visit.landed.text())
    }

    fn sign_in(&mut self, session: &str, picture: Option<&str>) -> Result<()> {
        self.application.ask_to_sign_in(session)?;
        self.application.wait_for_signing_in()?;
        if let Some(name) = picture {
            self.picture(name, "Waiting for the browser, which opened by that click.")?;
        }
        self.follow()?;
        self.application
            .wait_for_pass(session, "Renews automatically")?;
        Ok(())
    }

    fn list(&self) -> Result<()> {
        self.application.wait_for_rows(10)?;
        self.application.wait_until_quiet()?;
        self.picture(
            "3-list",
            "Accounts and permission sets of both organisations.",
        )
    }

    fn search(&self) -> Result<Assignment> {
        let wanted = read_only(&self.organisations.harbourline, "ledger-production")?;
        self.application.search("ledger prod ro")?;
        self.application.wait_for_rows(1)?;
        self.picture(
            "4-search",
            "Search: words in any order, initials for capitals.",
        )?;
        Ok(wanted)
    }

    fn open_console(&mut self, wanted: &Assignment) -> Result<()> {
        self.application.open_console(wanted)?;
        let page = self.follow()?;
        ensure!(
            page.contains(&wanted.account) && page.contains(&wanted.role),
            "{page}"
        );
        self.picture(
            "5-console-opened",
            "The console opened as exactly that assignment.",
        )
    }

    fn write_profile(&self, wanted: &Assignment) -> Result<()> {
        self.application.preview_profile(wanted)?;
        self.picture(
            "6-profile-preview",
            "What will be written to the AWS config file.",
        )?;
        self.application.click("profile-write")?;
        let config = self.desktop.home().aws_config();
        until_true(PATIENCE, "the profile", || {
            Ok(std::fs::read_to_string(&config).is_ok_and(|text| text.contains(&wanted.account)))
        })?;
        self.picture("7-profile-written", "Written, with a backup and an undo.")
    }

    fn end_and_sign_in_again(&mut self) -> Result<()> {
        let nothing = serde_json::json!({});
        // Who looks at the window sees it there, and is not told a second time.
        real_panel::minimise(&self.desktop, WINDOW)?;
        self.organisations.harbourline.tell("revoke", &nothing)?;
        self.organisations.harbourline.expire_access_tokens()?;
        self.application.read_again()?;
        self.application.wait_for_pass(HARBOURLINE, "has ended")?;
        // What ends at about the same time is told together, so a moment later.
        until_true(PATIENCE, "the notification", || {
            real_panel::has_window(&self.desktop, NOTIFIER)
        })?;
        std::thread::sleep(std::time::Duration::from_millis(700));
        self.picture(
            "8-notification",
            "The organisation ended the session: a notification.",
        )?;
        real_panel::click(&self.desktop, NOTIFICATION.0, NOTIFICATION.1, 1)?;
        self.follow().context("the notification's button")?;
        self.application
            .wait_for_pass(HARBOURLINE, "Renews automatically")?;
        say("  its button signed in again.");
        Ok(())
    }

    fn tray_menu(&self) -> Result<()> {
        real_panel::click(&self.desktop, TRAY_ICON.0, TRAY_ICON.1, 1)?;
        real_panel::click(&self.desktop, TRAY_ICON.0, TRAY_ICON.1, 3)?;
        std::thread::sleep(std::time::Duration::from_millis(700));
        self.picture("9-tray-menu", "The tray's menu: sessions, recent consoles.")?;
        real_panel::key(&self.desktop, "Escape")
    }
}

fn read_only(portal: &Portal, name: &str) -> Result<Assignment> {
    let answer = portal.ask("accounts")?;
    let accounts = answer["accounts"].as_array().context("no accounts")?;
    let account = accounts
        .iter()
        .find(|account| account["name"] == name)
        .context("no such one")?;
    let id = account["id"].as_str().unwrap_or_default().to_owned();
    Ok(Assignment {
        account: id,
        name: name.to_owned(),
        role: "ReadOnly".to_owned(),
    })
}
