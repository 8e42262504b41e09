//! The end of a sign-in, told by the real application to a notification server on D-Bus, and what its
//! buttons do. The hours before it are skipped: the sign-in is set back in time.

use jiff::{SignedDuration, Timestamp};
use std::fs;
use std::thread;
use std::time::Duration;
use testkit::application::start_alone;
use testkit::browser::Following;
use testkit::desktop::Desktop;
use testkit::notifications::{Buttons, Notifications, Shown};
use testkit::programs::Running;
use testkit::scene::{Scene, Storage};
use testkit::tray_host::Address;
use testkit::waiting::{never_during, until, until_true};
use testkit::{Context, Result, ensure, processes, real_panel, screenshot, sign_ins};

/// A stage is reached by the clock; the keeper looks at least every 30 seconds.
const STAGE: Duration = Duration::from_secs(60);

/// The application in the tray; dropped in this order.
struct Desk {
    application: Running,
    item: Address,
    scene: Scene,
}

fn desk(scene: Scene) -> Result<Desk> {
    desk_with(scene, Vec::new())
}

fn desk_with(scene: Scene, further: Vec<(String, String)>) -> Result<Desk> {
    let log = vec![("DAYPASS_LOG".to_owned(), "daypass=info".to_owned())];
    let env = [scene.portal.env(), log, further];
    let application = start_alone(&scene.desktop, &env.concat())?;
    let item = scene.desktop.tray_host()?.item()?;
    Ok(Desk {
        application,
        item,
        scene,
    })
}

/// Sessions of those names, signed in, each in AWS's cache; the application does not run yet.
fn signed_in(desktop: Desktop, names: &[&str]) -> Result<Scene> {
    let scene = Scene::empty(desktop, &["--accounts", "2"])?;
    for name in names {
        scene.add_session(name, Storage::Shared)?;
        scene.daypass.sign_in(name)?;
    }
    Ok(scene)
}

/// One session `work` that usually ends after so long.
fn ending_in(left: SignedDuration) -> Result<(Scene, Timestamp)> {
    let scene = signed_in(Desktop::full()?, &["work"])?;
    let end = sign_ins::usually_ends_in(&scene, "work", left)?;
    Ok((scene, end))
}

fn minutes(minutes: i64, seconds: i64) -> SignedDuration {
    SignedDuration::from_secs(60 * minutes + seconds)
}

/// Whether the session's sign-in is of this minute, and good.
fn is_fresh(scene: &Scene, session: &str) -> Result<bool> {
    let status = scene.status(session)?;
    let began: Timestamp = status["signed_in_at"]
        .as_str()
        .unwrap_or_default()
        .parse()?;
    let age = Timestamp::now().duration_since(began);
    Ok(status["state"] == "active" && age < SignedDuration::from_mins(1))
}

impl Desk {
    fn server(&self) -> Result<&Notifications> {
        self.scene.desktop.notifications()
    }

    /// Waits for the one notification that stands and fits.
    fn told(&self, awaited: &str, fits: impl Fn(&Shown) -> bool) -> Result<Shown> {
        let server = self.server()?;
        let told = until(STAGE, awaited, || {
            Ok(server.standing().into_iter().find(|shown| fits(shown)))
        });
        let told = told.with_context(|| format!("told so far: {:#?}", server.shown()))?;
        ensure!(
            server.standing().len() == 1,
            "stacked: {:#?}",
            server.standing()
        );
        Ok(told)
    }

    fn press(&self, shown: &Shown, label: &str) -> Result<()> {
        self.server()?.press(shown.id, shown.key(label)?)
    }

    fn wait_for_line(&self, begin: &str) -> Result<String> {
        let host = self.scene.desktop.tray_host()?;
        let entry = host.wait_for_entry(&self.item, begin, |it| it.label.starts_with(begin))?;
        Ok(entry.label)
    }

    /// The line about `work`, with the user's name where that is known already.
    fn wait_for_line_with(&self, words: &str) -> Result<()> {
        let host = self.scene.desktop.tray_host()?;
        let fits = |label: &str| label.starts_with("work") && label.contains(words);
        host.wait_for_entry(&self.item, words, |it| fits(&it.label))
            .map(drop)
    }

    fn pixels(&self) -> Result<Vec<(i32, i32, Vec<u8>)>> {
        self.scene.desktop.tray_host()?.pixels(&self.item)
    }

    fn log(&self) -> Result<String> {
        Ok(fs::read_to_string(
            self.scene.home().logs().join("application.err"),
        )?)
    }
}

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
