//! The application as it lives in the tray: icon, menu, notification; no window is needed.

use serde_json::json;
use std::thread;
use std::time::Duration;
use testkit::application::start_alone;
use testkit::browser::Following;
use testkit::desktop::Desktop;
use testkit::notifications::Buttons;
use testkit::programs::Running;
use testkit::scene::{Scene, Storage};
use testkit::tray_host::{Address, outline};
use testkit::{Context, Result, ensure, waiting};

/// A desktop with everything, a portal, a session `work` in the keychain, and the application in
/// the tray.
pub(crate) struct InTray {
    application: Running,
    pub(crate) item: Address,
    pub(crate) scene: Scene,
}

pub(crate) fn in_tray(options: &[&str]) -> Result<InTray> {
    let scene = Scene::empty(Desktop::full()?, &[&["--accounts", "6"], options].concat())?;
    scene.add_session("work", Storage::Keychain)?;
    in_tray_with(scene, &[])
}

/// The same on that scene, with a little more in the environment.
pub(crate) fn in_tray_with(scene: Scene, env: &[(&str, &str)]) -> Result<InTray> {
    let more = env
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let env: Vec<_> = scene.portal.env().into_iter().chain(more).collect();
    let application = start_alone(&scene.desktop, &env)?;
    let item = scene.desktop.tray_host()?.item()?;
    Ok(InTray {
        application,
        item,
        scene,
    })
}

impl InTray {
    /// Waits for a line of the menu that begins so.
    pub(crate) fn wait_for_line(&self, begin: &str) -> Result<String> {
        let host = self.scene.desktop.tray_host()?;
        let entry = host.wait_for_entry(&self.item, begin, |entry| entry.label.starts_with(begin));
        Ok(entry.with_context(|| self.outline())?.label)
    }

    /// The menu as it is, for an error.
    pub(crate) fn outline(&self) -> String {
        let menu = self.scene.desktop.tray_host();
        let menu = menu.and_then(|host| host.menu(&self.item));
        menu.map_or(String::new(), |menu| outline(&menu))
    }

    /// Waits for what the line about `work` says, with the user's name where that is known already.
    pub(crate) fn wait_for_status(&self, words: &str) -> Result<()> {
        let host = self.scene.desktop.tray_host()?;
        let fits = |label: &str| label.starts_with("work") && label.contains(words);
        host.wait_for_entry(&self.item, words, |entry| fits(&entry.label))
            .map(drop)
    }

    pub(crate) fn choose(&self, line: &str) -> Result<()> {
        self.scene.desktop.tray_host()?.choose(&self.item, line)
    }

    /// Waits until the browser has followed its `count`th address to the end.
    pub(crate) fn browser_ended_well(&self, count: usize) -> Result<()> {
        let visit = self.scene.desktop.browser()?.wait_for(count)?;
        ensure!(
            visit.status == 200,
            "the browser ended at {}: {}",
            visit.landed,
            visit.page
        );
        Ok(())
    }
}

#[test]
fn the_menu_says_how_things_are_and_its_lines_work() -> Result<()> {
    let mut tray = in_tray(&[])?;
    tray.wait_for_line("work: signed out")?;
    tray.wait_for_line("Open Daypass")?;
    tray.choose("Sign in to work")?;
    tray.browser_ended_well(1)?;
    tray.wait_for_line("work (jo@example.com): signed in, renews automatically")?;
    ensure!(
        tray.scene.status("work")?["state"] == "active",
        "the command line disagrees"
    );
    tray.scene.search(&tray.scene.canaries()?)?;

    tray.choose("Quit Daypass")?;
    let status = tray.application.wait(waiting::PATIENCE)?;
    ensure!(status.success(), "it ended with {status}");
    Ok(())
}

#[test]
fn the_tray_speaks_the_language_of_the_system() -> Result<()> {
    let scene = Scene::empty(Desktop::full()?, &["--accounts", "6"])?;
    scene.add_session("work", Storage::Keychain)?;
    let mut tray = in_tray_with(scene, &[("LANG", "de_DE.UTF-8")])?;
    tray.wait_for_line("work: abgemeldet")?;
    tray.choose("Bei work anmelden")?;
    tray.browser_ended_well(1)?;
    tray.wait_for_status(": angemeldet, erneuert sich automatisch")?;
    tray.choose("Daypass beenden")?;
    let status = tray.application.wait(waiting::PATIENCE)?;
    ensure!(status.success(), "it ended with {status}");
    Ok(())
}

#[test]
fn the_icon_changes_its_shape_with_the_state() -> Result<()> {
    let tray = in_tray(&[])?;
    tray.wait_for_line("work: signed out")?;
    let host = tray.scene.desktop.tray_host()?;
    let signed_out = host.pixels(&tray.item)?;
    ensure!(
        signed_out
            .iter()
            .any(|(width, _, bytes)| *width > 0 && !bytes.is_empty()),
        "no icon"
    );
    tray.choose("Sign in to work")?;
    tray.wait_for_status(": signed in")?;
    waiting::until_true(waiting::PATIENCE, "another icon", || {
        Ok(host.pixels(&tray.item)? != signed_out)
    })
}

#[test]
fn a_tray_that_comes_late_or_comes_back_gets_the_icon() -> Result<()> {
    let desktop = Desktop::with_keyring()?.and_screen("1280x800")?;
    let mut scene = Scene::empty(desktop, &["--accounts", "2"])?;
    let _application = start_alone(&scene.desktop, &scene.portal.env())?;
    // Without a tray the window stands in for it.
    waiting::until_true(waiting::PATIENCE, "the window", || {
        testkit::real_panel::has_window(&scene.desktop, "Daypass")
    })?;
    for _ in 0..2 {
        scene.desktop.start_tray_host()?;
        scene.desktop.tray_host()?.item()?;
        scene.desktop.stop_tray_host();
    }
    Ok(())
}

#[test]
fn the_command_brings_the_panel_of_the_one_that_runs_and_starts_it_where_none_does() -> Result<()> {
    let mut tray = in_tray(&[])?;
    let desktop = &tray.scene.desktop;
    let shown = || testkit::real_panel::has_window(desktop, "Daypass");
    ensure!(!shown()?, "the panel is there before anybody asked");
    tray.scene.daypass.ok(&["open"])?;
    waiting::until_true(waiting::PATIENCE, "the panel", shown)?;
    tray.choose("Quit Daypass")?;
    let status = tray.application.wait(waiting::PATIENCE)?;
    ensure!(status.success(), "it ended with {status}");

    tray.scene.daypass.ok(&["open"])?;
    let earlier = tray.item.clone();
    tray.item = waiting::until(waiting::PATIENCE, "the icon of the new one", || {
        let item = tray.scene.desktop.tray_host()?.item()?;
        Ok((item != earlier).then_some(item))
    })?;
    let desktop = &tray.scene.desktop;
    let shown = || testkit::real_panel::has_window(desktop, "Daypass");
    waiting::until_true(waiting::PATIENCE, "the panel of the new one", shown)?;
    tray.choose("Quit Daypass")?;
    waiting::until_true(waiting::PATIENCE, "its end", || Ok(!shown()?))
}

#[test]
fn the_command_says_why_it_shows_no_panel() -> Result<()> {
    let scene = Scene::empty(Desktop::bare()?, &[])?;
    let ran = scene.daypass.run(&["open"])?.code(1)?;
    ran.says_what_and_what_to_do()?.says("no screen").map(drop)
}

#[test]
fn the_end_of_a_sign_in_is_told_and_the_button_signs_in_again() -> Result<()> {
    // Renewed when 40 % of its life are left, so after twelve seconds.
    let tray = in_tray(&["--token-ttl", "20"])?;
    // The panel opens beside the pointer; without a window manager one below it counts as looked at.
    testkit::real_panel::point(&tray.scene.desktop, 1279, 799)?;
    tray.choose("Sign in to work")?;
    tray.wait_for_status(": signed in")?;
    tray.scene.portal.tell("revoke", &json!({}))?;
    let told = testkit::waiting::until(Duration::from_secs(60), "the notification", || {
        Ok(tray.scene.desktop.notifications()?.shown().pop())
    })?;
    ensure!(told.summary == "work has ended", "{told:?}");
    ensure!(
        told.urgency != Some(2),
        "nothing here is critical: {told:?}"
    );
    let (key, _) = told
        .actions
        .iter()
        .find(|(_, label)| label.starts_with("Sign in"))
        .with_context(|| format!("no such button: {told:?}"))?;
    tray.wait_for_line("work: has ended")?;

    // The program listens for the button only once the notification is shown.
    thread::sleep(Duration::from_millis(500));
    tray.scene.desktop.notifications()?.press(told.id, key)?;
    tray.browser_ended_well(2)?;
    tray.wait_for_status(": signed in")?;
    ensure!(
        tray.scene.desktop.notifications()?.shown().len() == 1,
        "told more than once"
    );
    Ok(())
}

#[test]
fn without_buttons_on_notifications_the_text_is_still_told() -> Result<()> {
    let desktop = Desktop::with_keyring()?
        .and_screen("1280x800")?
        .and_browser(Following::Redirects)?
        .and_notifications(Buttons::Missing)?
        .and_tray_host()?;
    let scene = Scene::empty(desktop, &["--accounts", "2", "--token-ttl", "20"])?;
    scene.add_session("work", Storage::Shared)?;
    scene.daypass.sign_in("work")?;
    scene.portal.tell("revoke", &json!({}))?;
    let _application = start_alone(&scene.desktop, &scene.portal.env())?;
    let told = testkit::waiting::until(Duration::from_secs(60), "the notification", || {
        Ok(scene.desktop.notifications()?.shown().pop())
    })?;
    ensure!(
        told.summary == "work has ended" && !told.body.is_empty(),
        "{told:?}"
    );
    Ok(())
}
