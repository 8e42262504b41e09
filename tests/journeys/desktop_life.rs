//! The real application over time: what other tools do shows in the panel at once, an end in the middle
//! of a renewal loses nothing, and neither starts nor wake-ups leave anything behind.

use jiff::{SignedDuration, Timestamp};
use rustix::process::Signal;
use serde_json::json;
use std::fs;
use std::thread;
use std::time::{Duration, Instant, SystemTime};
use testkit::application::{self, Application, start_alone};
use testkit::aws_stand_in::AwsStandIn;
use testkit::browser::Following;
use testkit::desktop::Desktop;
use testkit::notifications::Buttons;
use testkit::places::keep_figures;
use testkit::scene::{Scene, Storage};
use testkit::waiting::{PATIENCE, until_true};
use testkit::{Context, Result, ensure, processes, sign_ins};

/// What the panel may take to show what another tool did.
const AT_ONCE: Duration = Duration::from_secs(2);

fn desktop() -> Result<Desktop> {
    Desktop::with_keyring()?
        .and_screen("900x760")?
        .and_browser(Following::Redirects)?
        .and_notifications(Buttons::Shown)?
        .and_tray_host()
}

/// The panel of a session `work` that nobody is signed in to.
fn signed_out_panel() -> Result<(Application, Scene)> {
    let scene = Scene::empty(desktop()?, &["--accounts", "2"])?;
    scene.add_session("work", Storage::Shared)?;
    let starting = application::start(&scene.desktop, &scene.portal.env())?;
    let host = scene.desktop.tray_host()?;
    host.activate(&host.item()?)?;
    let application = Application::open(starting)?;
    application.wait_for_pass("work", "Sign in")?;
    Ok((application, scene))
}

#[test]
fn what_the_aws_cli_does_shows_in_the_panel_within_two_seconds() -> Result<()> {
    let (application, scene) = signed_out_panel()?;
    let aws = AwsStandIn::on(&scene);
    let file = sign_ins::token_file(&scene, "work");
    let mut figures = Vec::new();
    for _ in 0..3 {
        aws.login("work", scene.portal.start_url())?;
        let written = fs::metadata(&file)?.modified()?;
        application.wait_for_pass("work", "Renews automatically")?;
        let login = SystemTime::now().duration_since(written)?;

        let before = Instant::now();
        aws.logout()?;
        application.wait_for_pass("work", "Sign in")?;
        let logout = before.elapsed();
        figures.push(format!(
            "the panel shows a login after {} ms; a logout {} ms after its start",
            login.as_millis(),
            logout.as_millis()
        ));
        ensure!(login < AT_ONCE && logout < AT_ONCE, "{login:?} {logout:?}");
    }
    keep_figures("panel-follows-aws-cli", &figures)
}

#[test]
fn it_starts_at_login_only_where_the_user_said_so() -> Result<()> {
    let (application, scene) = signed_out_panel()?;
    // Where the library puts it, whatever XDG_CONFIG_HOME says.
    let folder = scene.home().home().join(".config/autostart");
    let entries = || -> Result<Vec<String>> {
        let files = fs::read_dir(&folder).into_iter().flatten().flatten();
        files.map(|it| Ok(fs::read_to_string(it.path())?)).collect()
    };
    ensure!(entries()?.is_empty(), "it was written unasked");
    let toggle = || {
        application.click("menu")?;
        application.click("command-login")
    };
    toggle()?;
    until_true(PATIENCE, "the entry", || Ok(entries()?.len() == 1))?;
    let program = testkit::places::binary("daypass-desktop")?;
    let names_it = entries()?.iter().any(|entry| {
        let command = entry.lines().find_map(|line| line.strip_prefix("Exec="));
        command.is_some_and(|it| it.trim().trim_matches('"') == program.display().to_string())
    });
    ensure!(names_it, "{:?}", entries()?);
    toggle()?;
    until_true(PATIENCE, "no entry", || Ok(entries()?.is_empty()))
}

#[test]
fn an_end_in_the_middle_of_a_renewal_loses_nothing() -> Result<()> {
    let options = ["--accounts", "2", "--token-ttl", "3600", "--reuse-revokes"];
    let scene = Scene::empty(desktop()?, &options)?;
    scene.add_session("work", Storage::Shared)?;
    scene.daypass.sign_in("work")?;
    scene.portal.tell("set", &json!({ "slow_ms": 900 }))?;
    let wanted = scene.read_only()?.target();
    let mut figures = Vec::new();
    for round in 1..=4 {
        let seen = scene.desktop.tray_host()?.items().len();
        let mut application = start_alone(&scene.desktop, &scene.portal.env())?;
        let host = scene.desktop.tray_host()?;
        until_true(PATIENCE, "the tray", || Ok(host.items().len() > seen))?;
        let slow = json!({ "fault": "slow@/token", "times": 1 });
        scene.portal.tell("fault", &slow)?;
        sign_ins::run_out(&scene, "work", SignedDuration::from_mins(10))?;
        wait_for_slow(&scene)?;
        let asked = Instant::now();
        if round % 2 == 0 {
            let item = host.items().pop();
            let item = item.context("no item")?;
            host.choose(&item, "Quit Daypass")?;
        } else {
            application.signal(Signal::TERM)?;
        }
        let status = application.wait(PATIENCE)?;
        let took = asked.elapsed();
        figures.push(format!(
            "asked in the middle of a renewal, it ended after {} ms",
            took.as_millis()
        ));
        ensure!(status.success(), "it ended with {status}");
        ensure!(took < Duration::from_secs(2), "it took {took:?}");
        ensure!(granted(&scene)? == round, "the renewal was cut off");
        let life = expires_in(&scene)?;
        ensure!(
            life > SignedDuration::from_mins(30),
            "the new token was lost"
        );
        scene
            .daypass
            .run_secretly(&["credentials", &wanted])?
            .code(0)?;
        ensure!(
            scene.status("work")?["state"] == "active",
            "{}",
            scene.status("work")?
        );
    }
    ensure!(granted(&scene)? == 4, "renewed again: {}", granted(&scene)?);
    keep_figures("end-in-a-renewal", &figures)
}

/// Waits until the portal has a renewal before it that it answers slowly.
fn wait_for_slow(scene: &Scene) -> Result<()> {
    until_true(PATIENCE, "a renewal", || {
        let waiting = scene.portal.ask("fault")?["queued"].clone();
        Ok(waiting.as_array().is_none_or(Vec::is_empty))
    })
}

fn expires_in(scene: &Scene) -> Result<SignedDuration> {
    let status = scene.status("work")?;
    let end = status["access_token_expires_at"].as_str();
    let end: Timestamp = end.unwrap_or_default().parse()?;
    Ok(end.duration_since(Timestamp::now()))
}

fn granted(scene: &Scene) -> Result<u64> {
    let log = scene.portal.ask("log")?;
    let lines = log["renewals"].as_array().into_iter().flatten();
    Ok(lines.filter_map(|one| one["granted"].as_u64()).sum())
}

#[test]
fn a_portal_that_hangs_does_not_hold_the_end_up() -> Result<()> {
    let scene = Scene::empty(desktop()?, &["--accounts", "2"])?;
    scene.add_session("work", Storage::Shared)?;
    scene.daypass.sign_in("work")?;
    scene.portal.tell("set", &json!({ "slow_ms": 20_000 }))?;
    scene
        .portal
        .tell("fault", &json!({ "fault": "slow@/token", "times": 1 }))?;
    let mut application = start_alone(&scene.desktop, &scene.portal.env())?;
    scene.desktop.tray_host()?.item()?;
    sign_ins::run_out(&scene, "work", SignedDuration::from_mins(10))?;
    wait_for_slow(&scene)?;
    let asked = Instant::now();
    application.signal(Signal::TERM)?;
    application.wait(PATIENCE)?;
    let took = asked.elapsed();
    ensure!(took < Duration::from_secs(2), "{took:?}");
    let figure = format!(
        "with a portal that hangs it ended after {} ms",
        took.as_millis()
    );
    keep_figures("end-with-a-portal-that-hangs", &[figure])
}

#[test]
fn twenty_starts_leave_nothing_behind() -> Result<()> {
    let scene = Scene::empty(desktop()?, &["--accounts", "2"])?;
    scene.add_session("work", Storage::Shared)?;
    scene.daypass.sign_in("work")?;
    let before = processes::living_in(scene.home())?;
    for round in 1..=20 {
        let mut application = start_alone(&scene.desktop, &scene.portal.env())?;
        let host = scene.desktop.tray_host()?;
        until_true(PATIENCE, "the tray", || Ok(host.items().len() >= round))?;
        let item = host.items().pop();
        let item = item.context("no item")?;
        // Each second time with a window, which has processes of its own.
        if round % 2 == 0 {
            host.activate(&item)?;
            until_true(PATIENCE, "the panel", || {
                testkit::real_panel::has_window(&scene.desktop, "Daypass")
            })?;
        }
        host.choose(&item, "Quit Daypass")?;
        let status = application.wait(PATIENCE);
        let status = status.with_context(|| format!("in round {round}"))?;
        ensure!(status.success(), "it ended with {status}");
    }
    until_true(PATIENCE, "the end of all its processes", || {
        Ok(processes::living_in(scene.home())? == before)
    })
}

#[test]
fn fifty_wake_ups_open_nothing_that_stays_open() -> Result<()> {
    let scene = Scene::empty(desktop()?, &["--accounts", "2"])?;
    scene.add_session("work", Storage::Shared)?;
    scene.daypass.sign_in("work")?;
    let application = start_alone(&scene.desktop, &scene.portal.env())?;
    let id = application.id();
    scene.desktop.tray_host()?.item()?;
    let counts =
        || -> Result<(usize, usize)> { Ok((processes::open_files(id)?, processes::threads(id)?)) };
    wake(&scene, 10)?;
    let before = counts()?;
    wake(&scene, 50)?;
    until_true(PATIENCE, "as few files and threads as before", || {
        let now = counts()?;
        Ok(now.0 <= before.0 && now.1 <= before.1)
    })
    .map_err(|error| error.context(format!("{before:?}, then {:?}", counts())))?;
    let figure = format!(
        "files and threads before: {before:?}, after fifty wake-ups: {:?}",
        counts()?
    );
    keep_figures("fifty-wake-ups", &[figure])
}

/// Changes the token as another tool would: each change wakes the keeper.
fn wake(scene: &Scene, times: i64) -> Result<()> {
    for time in 0..times {
        sign_ins::run_out(
            scene,
            "work",
            SignedDuration::from_mins(50) + SignedDuration::from_secs(time),
        )?;
        thread::sleep(Duration::from_millis(300));
    }
    Ok(())
}
