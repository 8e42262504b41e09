//! The end of a sign-in, told by the real application to a notification server on D-Bus, and what its
//! buttons do. The hours before it are skipped: the sign-in is set back in time.

use std::thread;
use std::time::Duration;
use testkit::desk::{STAGE, desk, desk_with, ending_in, is_fresh, minutes, signed_in};
use testkit::desktop::Desktop;
use testkit::waiting::{never_during, until_true};
use testkit::{Context, Result, ensure, real_panel, screenshot, sign_ins};

#[test]
fn a_warning_comes_before_the_end_and_its_button_signs_in_again() -> Result<()> {
    let (scene, end) = ending_in(minutes(14, 40))?;
    let desk = desk(scene)?;
    let told = desk.told("the warning", |_| true)?;
    // The clock of the desktop is UTC.
    let clock = end.strftime("%H:%M").to_string();
    ensure!(
        told.summary == format!("work usually ends around {clock}"),
        "{told:?}"
    );
    ensure!(told.urgency == Some(1), "not normal: {told:?}");
    let labels: Vec<_> = told
        .actions
        .iter()
        .map(|(_, label)| label.as_str())
        .collect();
    ensure!(
        labels == ["Open Daypass", "Sign in again", "Snooze"],
        "{labels:?}"
    );
    desk.wait_for_line_with(&format!(": usually ends around {clock}"))?;
    desk.wait_for_line("Sign in again to work")?;
    let warning = desk.pixels()?;
    ensure!(
        desk.scene.desktop.browser()?.asked()?.is_empty(),
        "a browser opened by itself"
    );

    desk.press(&told, "Sign in again")?;
    let visit = desk.scene.desktop.browser()?.wait_for(1)?;
    ensure!(visit.status == 200, "the browser ended at {}", visit.landed);
    until_true(STAGE, "another face", || Ok(desk.pixels()? != warning))?;
    until_true(STAGE, "a fresh sign-in", || is_fresh(&desk.scene, "work"))?;
    let server = desk.server()?;
    server.wait_until_gone()?;
    ensure!(
        server.shown().len() == 1,
        "told more: {:#?}",
        server.shown()
    );
    ensure!(
        desk.scene.desktop.browser()?.asked()?.len() == 1,
        "two browsers"
    );
    desk.scene.search(&desk.scene.canaries()?)
}

#[test]
fn what_is_put_off_is_told_again_at_the_next_stage_in_the_place_of_the_first() -> Result<()> {
    let (scene, _) = ending_in(minutes(5, 12))?;
    let desk = desk(scene)?;
    let first = desk.told("the first warning", |_| true)?;
    desk.press(&first, "Snooze")?;
    let server = desk.server()?;
    server.wait_until_gone()?;
    // The tray still says it.
    desk.wait_for_line("Sign in again to work")?;
    let second = desk.told("the second warning", |it| it.summary != first.summary)?;
    ensure!(second.summary == "work may end in 5 minutes", "{second:?}");
    ensure!(
        server.shown().len() == 2,
        "told more: {:#?}",
        server.shown()
    );
    ensure!(
        desk.scene.desktop.browser()?.asked()?.is_empty(),
        "a browser opened by itself"
    );
    Ok(())
}

#[test]
fn a_later_stage_takes_the_place_of_the_one_before() -> Result<()> {
    let (scene, _) = ending_in(minutes(5, 12))?;
    let desk = desk(scene)?;
    let first = desk.told("the first warning", |_| true)?;
    let second = desk.told("the second warning", |it| it.summary != first.summary)?;
    ensure!(
        second.id == first.id && second.replaces == first.id,
        "{second:?}"
    );
    sign_ins::end(&desk.scene, "work", 1)?;
    let third = desk.told("the end", |it| it.summary == "work has ended")?;
    ensure!(third.id == first.id, "{third:?}");
    // A click on the notification itself opens the panel, and no browser.
    desk.press(&third, "Open Daypass")?;
    until_true(STAGE, "the panel", || {
        real_panel::has_window(&desk.scene.desktop, "Daypass")
    })?;
    let asked = desk.scene.desktop.browser()?.asked()?;
    ensure!(asked.is_empty(), "a browser opened by itself");
    ensure!(
        desk.server()?.shown().len() == 3,
        "{:#?}",
        desk.server()?.shown()
    );
    Ok(())
}

#[test]
fn where_a_code_is_needed_the_button_brings_the_panel_with_it_and_no_browser() -> Result<()> {
    let (scene, _) = ending_in(minutes(14, 40))?;
    let code = vec![("DAYPASS_SIGN_IN".to_owned(), "code".to_owned())];
    let desk = desk_with(scene, code)?;
    let told = desk.told("the warning", |_| true)?;
    desk.press(&told, "Sign in again")?;
    until_true(STAGE, "the panel", || {
        real_panel::has_window(&desk.scene.desktop, "Daypass")
    })?;
    desk.wait_for_line("work: signing in")?;
    thread::sleep(Duration::from_secs(2));
    screenshot::take(&desk.scene.desktop, "notices", "panel-with-a-code")?;
    let asked = desk.scene.desktop.browser()?.asked()?;
    ensure!(asked.is_empty(), "a browser opened by itself: {asked:?}");
    Ok(())
}

#[test]
fn several_sessions_are_told_together_and_signed_in_to_one_after_the_other() -> Result<()> {
    let scene = signed_in(Desktop::full()?, &["work", "home"])?;
    sign_ins::usually_ends_in(&scene, "work", minutes(14, 30))?;
    sign_ins::end(&scene, "home", 2)?;
    let desk = desk(scene)?;
    let told = desk.told("both", |it| it.body.lines().count() == 2)?;
    ensure!(
        told.summary == "1 sign-in has ended, 1 more will soon",
        "{told:?}"
    );
    ensure!(
        told.body.contains("work usually ends around") && told.body.contains("home has ended"),
        "{told:?}"
    );
    desk.press(&told, "Sign in again")?;
    for count in [1, 2] {
        let visit = desk.scene.desktop.browser()?.wait_for(count)?;
        ensure!(visit.status == 200, "the browser ended at {}", visit.landed);
    }
    for name in ["work", "home"] {
        until_true(STAGE, "a fresh sign-in", || is_fresh(&desk.scene, name))?;
    }
    desk.server()?.wait_until_gone()
}

#[test]
fn what_a_sign_in_elsewhere_settles_is_taken_back() -> Result<()> {
    let scene = signed_in(Desktop::full()?, &["work", "home"])?;
    for name in ["work", "home"] {
        sign_ins::usually_ends_in(&scene, name, minutes(14, 30))?;
    }
    let desk = desk(scene)?;
    let both = desk.told("both", |it| it.summary == "2 sign-ins end soon")?;
    desk.scene.daypass.sign_in_afresh("work")?;
    let one = desk.told("the other", |it| {
        it.summary.starts_with("home usually ends")
    })?;
    ensure!(one.replaces == both.id && one.quiet, "{one:?}");
    desk.scene.daypass.sign_in_afresh("home")?;
    desk.server()?.wait_until_gone()?;
    ensure!(
        desk.scene.desktop.browser()?.asked()?.is_empty(),
        "a browser opened by itself"
    );
    Ok(())
}

#[test]
fn nothing_is_notified_while_the_panel_is_looked_at() -> Result<()> {
    let (scene, _) = ending_in(minutes(15, 15))?;
    let _windows = real_panel::start_window_manager(&scene.desktop)?;
    let desk = desk(scene)?;
    desk.scene.desktop.tray_host()?.activate(&desk.item)?;
    until_true(STAGE, "the panel", || {
        real_panel::has_window(&desk.scene.desktop, "Daypass")
    })?;
    let held = until_true(STAGE, "the reason", || {
        Ok(desk.log()?.contains("the panel says it already"))
    });
    held.with_context(|| desk.log().unwrap_or_default())?;
    let picture = screenshot::take(&desk.scene.desktop, "notices", "panel-with-a-warning")?;
    screenshot::shows_something(&desk.scene.desktop, &picture)?;
    let server = desk.server()?;
    ensure!(server.shown().is_empty(), "{:#?}", server.shown());
    // Away from the panel, the next thing is told.
    real_panel::minimise(&desk.scene.desktop, "Daypass")?;
    sign_ins::end(&desk.scene, "work", 1)?;
    desk.told("the end", |it| it.summary == "work has ended")
        .map(drop)
}

#[test]
fn what_is_muted_is_told_afterwards_once() -> Result<()> {
    let (scene, _) = ending_in(minutes(20, 0))?;
    let desk = desk(scene)?;
    let host = desk.scene.desktop.tray_host()?;
    host.choose(&desk.item, "Mute notifications for 8 hours")?;
    desk.wait_for_line("Notifications are muted until")?;
    sign_ins::end(&desk.scene, "work", 1)?;
    desk.wait_for_line("Sign in again to work")?;
    let server = desk.server()?;
    never_during(Duration::from_secs(4), "it was told", || {
        Ok(!server.shown().is_empty())
    })?;
    host.choose(&desk.item, "Show notifications again")?;
    desk.told("the end", |it| it.summary == "work has ended")?;
    ensure!(server.shown().len() == 1, "{:#?}", server.shown());
    // Muted while it stands, it goes.
    host.choose(&desk.item, "Mute notifications for 8 hours")?;
    server.wait_until_gone()
}

#[test]
fn a_guess_that_was_wrong_troubles_nobody() -> Result<()> {
    // The guess says: over. The portal says: go on.
    let (scene, _) = ending_in(minutes(-3, 0))?;
    let desk = desk(scene)?;
    desk.wait_for_line_with(": signed in")?;
    let server = desk.server()?;
    never_during(Duration::from_secs(5), "it was told", || {
        Ok(!server.shown().is_empty())
    })
}
