//! Pages of the real window that write: what they show is what they save, and a file that is changed by hand
//! shows in an open page.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use testkit::application::Application;
use testkit::browser::Following;
use testkit::desktop::Desktop;
use testkit::seat::Seat;
use testkit::waiting::{PATIENCE, until, until_true};
use testkit::{Context, Result, ensure, screenshot};

fn desk() -> Result<Seat> {
    let desktop = Desktop::with_keyring()?
        .and_screen("900x760")?
        .and_browser(Following::Nothing)?
        .and_tray_host()?;
    Seat::take_with_list(desktop, &["--accounts", "40"])
}

fn go(application: &Application, command: &str) -> Result<()> {
    application.click("menu")?;
    application.click(&format!("command-{command}"))
}

fn reports(seat: &Seat) -> Result<Vec<PathBuf>> {
    let home = fs::read_dir(seat.scene.home().home())?.flatten();
    let is_report = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("daypass-diagnostics-")
    };
    Ok(home.map(|it| it.path()).filter(is_report).collect())
}

#[test]
fn the_window_saves_exactly_the_diagnostics_that_it_shows() -> Result<()> {
    let seat = desk()?;
    let application = &seat.application;
    let target = seat.scene.read_only()?;
    let secretly = ["credentials", &target.target()];
    seat.scene.daypass.run_secretly(&secretly)?.code(0)?;
    let canaries = seat.scene.canaries()?;
    go(application, "doctor")?;
    application.click("diagnostics")?;
    application.says("diagnostics-text", "Checks\n  pass settings")?;
    let shown = application.web.script(
        "return document.querySelector('[data-testid=diagnostics-text]').textContent",
        &[],
    )?;
    let shown = shown.as_str().context("no text is shown")?;
    ensure!(reports(&seat)?.is_empty(), "it was saved unasked");
    application.click("save-diagnostics")?;
    let told = application.says("diagnostics-saved", "daypass-diagnostics-")?;
    let [path] = &reports(&seat)?[..] else {
        return Err(testkit::anyhow!("{:?}", reports(&seat)?));
    };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    ensure!(told.replace('\n', "").contains(name.as_ref()), "{told}");
    let saved = fs::read_to_string(path)?;
    ensure!(saved.trim_end() == shown, "{saved}\nwas saved for\n{shown}");
    let mode = fs::metadata(path)?.permissions().mode() & 0o777;
    ensure!(mode == 0o600, "{mode:o}");
    canaries.absent_from("the diagnostics file", &saved)?;
    let home = seat.scene.home().home().display().to_string();
    for personal in [home.as_str(), "daypass-test", &target.account] {
        ensure!(!saved.contains(personal), "{personal} is in {saved}");
    }
    let picture = screenshot::take(&seat.scene.desktop, "desktop", "diagnostics")?;
    screenshot::shows_something(&seat.scene.desktop, &picture)
}

/// The setting's field.
fn field(place: &str) -> String {
    format!("[data-place=\"{place}\"] :is(input, select)")
}

fn value(application: &Application, place: &str) -> Result<String> {
    let script = "return document.querySelector(arguments[0]).value";
    let value = application.web.script(script, &[field(place).into()])?;
    Ok(value.as_str().unwrap_or_default().to_owned())
}

const ENTER: &str = "\u{e007}";

#[test]
fn a_setting_changed_in_the_window_stands_in_the_file_beside_comments() -> Result<()> {
    let seat = desk()?;
    let application = &seat.application;
    let file = seat.scene.home().config().join("daypass/settings.toml");
    let before = fs::read_to_string(&file)?;
    let mine = "# Mine: ask before lunch.\n[notices]\n# Never before coffee.\nwarn_minutes = [30, 10] # two\n\n[future]\nthing = 1 # unknown\n";
    fs::write(&file, format!("{mine}\n{before}"))?;
    go(application, "settings")?;
    application.web.wait_for(&field("notices.quiet"))?;
    let typed = format!("22:00-07:00{ENTER}");
    application.web.type_into(&field("notices.quiet"), &typed)?;
    let after = until(PATIENCE, "the change in the file", || {
        let text = fs::read_to_string(&file)?;
        Ok(text.contains("22:00-07:00").then_some(text))
    })?;
    let added: Vec<&str> = after.lines().filter(|it| it.contains("22:00")).collect();
    let rest: Vec<&str> = after.lines().filter(|it| !it.contains("22:00")).collect();
    ensure!(added == ["quiet = [\"22:00-07:00\"]"], "{after}");
    let as_before = format!("{mine}\n{before}");
    ensure!(rest == as_before.lines().collect::<Vec<_>>(), "{after}");
    // The emptied field goes back to what is usual; what does not fit is told there, and not written.
    application.web.clear(&field("notices.quiet"))?;
    let typed = format!("late{ENTER}");
    application.web.type_into(&field("notices.quiet"), &typed)?;
    application.says("setting-failed", "late")?;
    let last = fs::read_to_string(&file)?;
    ensure!(last == as_before, "{last}");
    Ok(())
}

#[test]
fn a_change_of_the_file_by_hand_shows_in_the_open_page() -> Result<()> {
    let seat = desk()?;
    let application = &seat.application;
    let file = seat.scene.home().config().join("daypass/settings.toml");
    let before = fs::read_to_string(&file)?;
    go(application, "settings")?;
    application.web.wait_for(&field("notices.quiet"))?;
    ensure!(value(application, "notices.quiet")?.is_empty(), "not empty");
    let mine = "[notices]\nquiet = [\"Sat-Sun 00:00-24:00\"]\n\n[appearance]\ntheme = \"dark\"\n\n[network]\nno_proxy = \".example.com\"\n\n[notises]\nx = 1\n";
    fs::write(&file, format!("{mine}\n{before}"))?;
    for (place, expected) in [
        ("notices.quiet", "Sat-Sun 00:00-24:00"),
        ("appearance.theme", "dark"),
        ("network.no_proxy", ".example.com"),
    ] {
        until_true(PATIENCE, place, || {
            Ok(value(application, place)? == expected)
        })?;
    }
    application.says("remark", "notises")?;
    // A change that no session shows is seen as well.
    let changed = mine.replace("Sat-Sun 00:00-24:00", "22:00-06:00");
    fs::write(&file, format!("{changed}\n{before}"))?;
    until_true(PATIENCE, "the second change", || {
        Ok(value(application, "notices.quiet")? == "22:00-06:00")
    })?;
    fs::write(&file, "sessions = [")?;
    application.says("settings-broken", "ettings.toml, line 1")?;
    fs::write(&file, before)?;
    until_true(PATIENCE, "the file as it was", || {
        Ok(value(application, "notices.quiet")?.is_empty())
    })
}
