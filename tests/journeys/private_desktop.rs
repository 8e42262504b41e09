//! The testkit itself: each part of the private desktop answers a program that is not ours.

use testkit::browser::Following;
use testkit::desktop::Desktop;
use testkit::notifications::Buttons;
use testkit::places::tool;
use testkit::programs::{Running, command, output};
use testkit::real_panel::{self, RealPanel};
use testkit::{Context, Result, canary, ensure, screenshot, waiting};

#[test]
fn the_environment_holds_nothing_of_the_user_who_runs_the_tests() -> Result<()> {
    let desktop = Desktop::bare()?;
    let printed = output(&tool("env", "coreutils")?, [] as [&str; 0], &desktop.env())?;
    let root = desktop.home().root().display().to_string();
    for line in printed.lines() {
        let (name, value) = line.split_once('=').context("a line without =")?;
        let ours = value.starts_with(&root) || value.starts_with("/usr/local/sbin:");
        let fixed = [
            "LANG",
            "TZ",
            "USER",
            "AWS_EC2_METADATA_DISABLED",
            "DAYPASS_SIGN_IN",
        ];
        ensure!(ours || fixed.contains(&name), "{name} came in from outside");
    }
    Ok(())
}

#[test]
fn the_keyring_keeps_what_secret_tool_stores() -> Result<()> {
    let desktop = Desktop::with_keyring()?;
    let script = "printf %s a-well-kept-secret | secret-tool store --label=Probe kind probe";
    tool("secret-tool", "libsecret-tools")?;
    output(&tool("sh", "dash")?, ["-c", script], &desktop.env())?;
    let items = desktop.keyring()?.items()?;
    let item = items
        .iter()
        .find(|item| item.label == "Probe")
        .context("no such item")?;
    ensure!(item.value == b"a-well-kept-secret", "another secret");
    ensure!(item.attributes["kind"] == "probe", "another attribute");
    Ok(())
}

#[test]
fn a_locked_keyring_gives_nothing() -> Result<()> {
    let desktop = Desktop::bare()?.and_bus()?.and_locked_keyring()?;
    let script = "printf %s secret | secret-tool store --label=Probe kind probe";
    tool("secret-tool", "libsecret-tools")?;
    let stored = output(&tool("sh", "dash")?, ["-c", script], &desktop.env());
    ensure!(stored.is_err(), "a locked keyring took a secret");
    Ok(())
}

#[test]
fn the_bus_starts_no_secret_service_by_itself() -> Result<()> {
    let desktop = Desktop::bare()?.and_bus()?;
    let looked_up = output(
        &tool("secret-tool", "libsecret-tools")?,
        ["lookup", "kind", "probe"],
        &desktop.env(),
    );
    let words = looked_up.err().context("a Secret Service answered")?;
    ensure!(
        format!("{words:#}").contains("secrets"),
        "another reason: {words:#}"
    );
    Ok(())
}

#[test]
fn the_notification_server_writes_down_and_presses_buttons() -> Result<()> {
    let desktop = Desktop::bare()?
        .and_bus()?
        .and_notifications(Buttons::Shown)?;
    let notify = tool("notify-send", "libnotify-bin")?;
    let mut command = command(&notify);
    command.envs(desktop.env());
    command.args([
        "--action=again=Sign in again",
        "--urgency=normal",
        "Title",
        "Text",
    ]);
    let mut program = Running::start("notify", &mut command, &desktop.home().logs())?;
    let shown = desktop
        .notifications()?
        .wait_for("Title", |shown| shown.summary == "Title")?;
    ensure!(
        shown.body == "Text" && shown.urgency == Some(1),
        "{shown:?}"
    );
    ensure!(
        shown.actions == [("again".to_owned(), "Sign in again".to_owned())],
        "{shown:?}"
    );
    desktop.notifications()?.press(shown.id, "again")?;
    desktop.notifications()?.dismiss(shown.id)?;
    program.wait(waiting::PATIENCE)?;
    let chosen = std::fs::read_to_string(desktop.home().logs().join("notify.out"))?;
    ensure!(chosen.trim() == "again", "notify-send heard {chosen:?}");
    Ok(())
}

#[test]
fn xdg_open_reaches_the_stand_in_browser() -> Result<()> {
    let desktop = Desktop::bare()?.and_browser(Following::Nothing)?;
    let open = tool("xdg-open", "xdg-utils")?;
    let address = "http://127.0.0.1:9/here?x=1&y=a%20b";
    output(&open, [address], &desktop.env())?;
    ensure!(desktop.browser()?.wait_for_asked(1)? == address);
    let desktop = desktop.and_screen("640x480")?;
    output(&open, [address], &desktop.env())?;
    ensure!(
        desktop.browser()?.wait_for_asked(2)? == address,
        "with a screen"
    );
    Ok(())
}

#[test]
fn the_tray_host_sees_an_item_register() -> Result<()> {
    let desktop = Desktop::bare()?.and_bus()?.and_tray_host()?;
    let call = [
        "--session",
        "--print-reply",
        "--dest=org.kde.StatusNotifierWatcher",
        "/StatusNotifierWatcher",
        "org.kde.StatusNotifierWatcher.RegisterStatusNotifierItem",
        "string:/Item",
    ];
    output(&tool("dbus-send", "dbus-bin")?, call, &desktop.env())?;
    let item = desktop.tray_host()?.item()?;
    ensure!(
        item.path == "/Item" && item.name.starts_with(':'),
        "{item:?}"
    );
    Ok(())
}

#[test]
fn the_screen_can_be_photographed() -> Result<()> {
    let desktop = Desktop::bare()?.and_screen("320x240")?;
    let picture = screenshot::take_into(&desktop, desktop.home().root(), "empty")?;
    ensure!(
        screenshot::colours(&desktop, &picture)? == 1,
        "an empty screen is of one colour"
    );
    Ok(())
}

#[test]
fn a_program_ends_with_its_test() -> Result<()> {
    let desktop = Desktop::bare()?;
    let mut command = command(&tool("sleep", "coreutils")?);
    command.arg("600");
    let program = Running::start("sleep", &mut command, &desktop.home().logs())?;
    let process = format!("/proc/{}", program.id());
    ensure!(std::path::Path::new(&process).exists(), "it never ran");
    drop(program);
    ensure!(!std::path::Path::new(&process).exists(), "it still runs");
    Ok(())
}

#[test]
fn a_leaked_secret_is_found() -> Result<()> {
    let desktop = Desktop::bare()?;
    let mut canaries = canary::Canaries::default();
    canaries.learn_json(&serde_json::json!({ "deep": [{ "refreshToken": "aor-0123456789" }] }));
    canaries.search(desktop.home(), &[])?;
    let leak = desktop.home().state().join("log");
    std::fs::write(&leak, "all went well\nbearer aor-0123456789\n")?;
    ensure!(
        canaries.search(desktop.home(), &[]).is_err(),
        "the leak was overlooked"
    );
    canaries.search(desktop.home(), &[leak])
}

#[test]
fn a_real_notification_is_drawn_and_its_button_pressed() -> Result<()> {
    let desktop = Desktop::bare()?.and_bus()?.and_screen("800x600")?;
    let _panel = RealPanel::start(&desktop)?;
    let mut command = command(&tool("notify-send", "libnotify-bin")?);
    command.envs(desktop.env());
    command.args([
        "--action=again=Sign in again",
        "Work has ended",
        "Sign in when you need it.",
    ]);
    let mut program = Running::start("notify", &mut command, &desktop.home().logs())?;
    let picture = waiting::until(waiting::PATIENCE, "the notification to be drawn", || {
        let picture = screenshot::take(&desktop, "private-desktop", "notification")?;
        Ok((screenshot::colours(&desktop, &picture)? > 20).then_some(picture))
    })?;
    screenshot::shows_something(&desktop, &picture)?;
    waiting::until_true(waiting::PATIENCE, "the button to be pressed", || {
        real_panel::click(&desktop, 600, 75, 1)?;
        std::thread::sleep(std::time::Duration::from_millis(200));
        Ok(program.ended()?.is_some())
    })?;
    let chosen = std::fs::read_to_string(desktop.home().logs().join("notify.out"))?;
    ensure!(chosen.trim() == "again", "notify-send heard {chosen:?}");
    Ok(())
}
