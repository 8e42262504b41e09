//! Notification servers as they are: without buttons, absent, late, coming and going, or a real one
//! that draws; and what is left when the application goes.

use std::thread;
use std::time::Duration;
use testkit::application::start_alone;
use testkit::browser::Following;
use testkit::desk::{STAGE, desk, ending_in, is_fresh, minutes, signed_in};
use testkit::desktop::Desktop;
use testkit::notifications::Buttons;
use testkit::waiting::{never_during, until, until_true};
use testkit::{Result, ensure, processes, real_panel, screenshot, sign_ins};

#[test]
fn without_buttons_the_text_says_what_to_do() -> Result<()> {
    let desktop = Desktop::with_keyring()?
        .and_screen("1280x800")?
        .and_browser(Following::Redirects)?
        .and_notifications(Buttons::Missing)?
        .and_tray_host()?;
    let scene = signed_in(desktop, &["work"])?;
    sign_ins::end(&scene, "work", 1)?;
    let desk = desk(scene)?;
    let told = desk.told("the end", |it| it.summary == "work has ended")?;
    ensure!(told.actions.is_empty(), "buttons for nobody: {told:?}");
    ensure!(told.body.contains("Open Daypass to sign in."), "{told:?}");
    Ok(())
}

#[test]
fn a_server_that_comes_late_or_comes_back_is_told() -> Result<()> {
    let desktop = Desktop::with_keyring()?
        .and_screen("1280x800")?
        .and_browser(Following::Redirects)?
        .and_tray_host()?;
    let scene = signed_in(desktop, &["work"])?;
    sign_ins::end(&scene, "work", 1)?;
    let mut desk = desk(scene)?;
    // Nobody shows notifications: the tray says it all the same, and the log once.
    desk.wait_for_line("Sign in again to work")?;
    until_true(STAGE, "a line in the log", || {
        Ok(desk.log()?.contains("the panel says it"))
    })?;
    let (id, mut before) = (desk.application.id(), 0);
    for round in 0..10 {
        desk.scene.desktop.start_notifications(Buttons::Shown)?;
        desk.told("the end", |it| it.summary == "work has ended")?;
        if round == 0 {
            before = processes::threads(id)?;
        }
        if round == 9 {
            break;
        }
        desk.scene.desktop.stop_notifications();
    }
    ensure!(
        desk.log()?.matches("the panel says it").count() == 1,
        "{}",
        desk.log()?
    );
    let after = processes::threads(id)?;
    ensure!(after <= before, "{before} threads, then {after}");
    let told = desk.told("the end", |_| true)?;
    desk.press(&told, "Sign in again")?;
    let visit = desk.scene.desktop.browser()?.wait_for(1)?;
    ensure!(visit.status == 200, "the browser ended at {}", visit.landed);
    Ok(())
}

#[test]
fn a_notification_does_not_outlive_the_application() -> Result<()> {
    let (scene, _) = ending_in(minutes(14, 0))?;
    let mut desk = desk(scene)?;
    desk.told("the warning", |_| true)?;
    let host = desk.scene.desktop.tray_host()?;
    host.choose(&desk.item, "Quit Daypass")?;
    let status = desk.application.wait(testkit::waiting::PATIENCE)?;
    ensure!(status.success(), "it ended with {status}");
    ensure!(desk.server()?.standing().is_empty(), "its buttons are dead");
    // What was told is told once, also by the next run.
    let env = desk.scene.portal.env();
    let _again = start_alone(&desk.scene.desktop, &env)?;
    let host = desk.scene.desktop.tray_host()?;
    until_true(STAGE, "the second run", || Ok(host.items().len() == 2))?;
    let server = desk.server()?;
    never_during(Duration::from_secs(4), "it was told again", || {
        Ok(server.shown().len() > 1)
    })
}

/// With programs as people have them: a drawn notification, a panel with a tray.
#[test]
fn a_real_notification_server_draws_it_and_its_button_signs_in() -> Result<()> {
    let desktop = Desktop::with_keyring()?
        .and_screen("1280x800")?
        .and_browser(Following::Redirects)?;
    let _programs = real_panel::RealPanel::start(&desktop)?;
    let scene = signed_in(desktop, &["work", "home"])?;
    for name in ["work", "home"] {
        sign_ins::usually_ends_in(&scene, name, minutes(14, 30))?;
    }
    let _application = start_alone(&scene.desktop, &scene.portal.env())?;
    let desktop = &scene.desktop;
    let picture = until(STAGE, "the notification to be drawn", || {
        thread::sleep(Duration::from_secs(4));
        let picture = screenshot::take(desktop, "notices", "1-notification-of-two")?;
        Ok((screenshot::colours(desktop, &picture)? > 60).then_some(picture))
    })?;
    screenshot::shows_something(desktop, &picture)?;
    real_panel::click(desktop, 16, 16, 3)?;
    thread::sleep(Duration::from_millis(700));
    screenshot::take(desktop, "notices", "2-tray-menu")?;
    real_panel::key(desktop, "Escape")?;
    real_panel::click(desktop, 16, 16, 1)?;
    until_true(STAGE, "the panel", || {
        real_panel::has_window(desktop, "Daypass")
    })?;
    thread::sleep(Duration::from_secs(2));
    screenshot::take(desktop, "notices", "3-panel")?;
    ensure!(
        desktop.browser()?.asked()?.is_empty(),
        "a browser opened by itself"
    );
    // The hand picks the button that signs in.
    real_panel::click(desktop, 1080, 80, 1)?;
    for count in [1, 2] {
        let visit = desktop.browser()?.wait_for(count)?;
        ensure!(visit.status == 200, "the browser ended at {}", visit.landed);
    }
    for name in ["work", "home"] {
        until_true(STAGE, "a fresh sign-in", || is_fresh(&scene, name))?;
    }
    screenshot::take(desktop, "notices", "4-signed-in-again").map(drop)
}
