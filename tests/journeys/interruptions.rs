//! Processes that end at a bad moment: killed, told to end, or kept from the answer.

use rustix::process::Signal;
use serde_json::json;
use std::thread;
use std::time::{Duration, Instant};
use testkit::application;
use testkit::desktop::Desktop;
use testkit::ledger::Ledger;
use testkit::programs::Running;
use testkit::races::end_token;
use testkit::scene::{Scene, Storage};
use testkit::waiting::{PATIENCE, until_true};
use testkit::{Result, ensure, kills, locks, starts};

/// How soon a program that is told to end has to be gone.
const GONE: Duration = Duration::from_secs(2);

#[test]
fn the_next_process_goes_on_at_once_when_the_holder_of_the_lock_is_killed() -> Result<()> {
    let kills = kills::run(24)?;
    ensure!(kills.held >= 8, "hardly any was killed: {kills:?}");
    ensure!(kills.longest_wait < kills::AT_ONCE, "{kills:?}");
    Ok(())
}

#[test]
fn the_command_starts_and_ends_many_times_beside_the_application() -> Result<()> {
    starts::run(40)?.holds()
}

#[test]
fn a_renewal_whose_answer_is_lost_ends_in_one_word_to_the_user() -> Result<()> {
    for storage in Storage::BOTH {
        let options = ["--reuse-revokes", "--accounts", "2", "--role-ttl", "60"];
        let scene = Scene::signed_in(storage, &options)?;
        let wanted = scene.read_only()?.target();
        scene.portal.expire_access_tokens()?;
        let fault = json!({ "fault": "reset@/token", "times": 1 });
        scene.portal.tell("fault", &fault)?;
        let mut codes = Vec::new();
        for _ in 0..4 {
            let ran = scene.daypass.run(&["credentials", &wanted])?;
            codes.push(ran.code);
            ran.says_what_and_what_to_do()?;
        }
        ensure!(
            codes.ends_with(&[3, 3]) && codes.iter().all(|code| [3, 5].contains(code)),
            "{storage:?}: {codes:?}"
        );
        let mut ledger = Ledger::default();
        ledger.read(&scene.portal)?;
        let (lost, refused) = (ledger.renewals().count(), ledger.refusals().count());
        ensure!((lost, refused) == (1, 1), "{lost} lost, {refused} refused");
        scene.daypass.run(&["status", "work"])?.code(3)?;
        scene.daypass.sign_in("work")?;
        scene
            .daypass
            .run_secretly(&["credentials", &wanted])?
            .code(0)?;
    }
    Ok(())
}

/// A renewal that is under way: the portal has the request and takes its time.
fn until_asked(scene: &Scene) -> Result<()> {
    until_true(PATIENCE, "a renewal", || {
        Ok(scene.portal.ask("stats")?["in_flight"] == 1)
    })
}

/// Whatever was asked is carried out, also where nobody waits for it any more.
fn until_answered(scene: &Scene) -> Result<()> {
    until_true(PATIENCE, "the portal's answer", || {
        Ok(scene.portal.ask("stats")?["in_flight"] == 0)
    })
}

fn told_to_end(mut program: Running) -> Result<Duration> {
    program.signal(Signal::TERM)?;
    let told = Instant::now();
    program.wait(PATIENCE)?;
    Ok(told.elapsed())
}

#[test]
fn a_command_told_to_end_in_a_renewal_finishes_it_and_is_gone() -> Result<()> {
    let options = ["--reuse-revokes", "--accounts", "2", "--role-ttl", "60"];
    let scene = Scene::signed_in(Storage::Shared, &options)?;
    let wanted = scene.read_only()?.target();
    let mut ledger = Ledger::default();
    for step in 0..6_u64 {
        end_token(&scene)?;
        scene.portal.tell("set", &json!({ "latency_ms": 500 }))?;
        let program = scene.daypass.start_silently(&["credentials", &wanted])?;
        until_asked(&scene)?;
        thread::sleep(Duration::from_millis(step * 100));
        let took = told_to_end(program)?;
        ensure!(took < GONE, "it was gone after {took:?}");
        until_answered(&scene)?;
        scene.portal.tell("set", &json!({ "latency_ms": 0 }))?;
        scene
            .daypass
            .run_silently(&["credentials", &wanted])?
            .code(0)?;
    }
    ledger.read(&scene.portal)?;
    ensure!(
        ledger.refusals().count() == 0,
        "a renewal was cut in two: {ledger:?}"
    );
    locks::all_free(scene.home())?;
    scene.search(&scene.canaries()?)
}

#[test]
fn a_command_told_to_end_does_not_wait_for_a_portal_that_says_nothing() -> Result<()> {
    let scene = Scene::signed_in(Storage::Shared, &["--accounts", "2", "--role-ttl", "60"])?;
    let wanted = scene.read_only()?.target();
    end_token(&scene)?;
    scene
        .portal
        .tell("fault", &json!({ "fault": "slow@/token", "times": 1 }))?;
    let program = scene.daypass.start_silently(&["credentials", &wanted])?;
    until_asked(&scene)?;
    let took = told_to_end(program)?;
    ensure!(took < GONE, "it was gone after {took:?}");
    locks::all_free(scene.home())?;
    scene
        .daypass
        .run_secretly(&["credentials", &wanted])?
        .code(0)
        .map(drop)
}

#[test]
fn the_application_told_to_end_in_a_renewal_finishes_it_and_is_gone() -> Result<()> {
    let desktop = Desktop::with_keyring()?
        .and_screen("900x700")?
        .and_tray_host()?;
    let scene = Scene::empty(desktop, &["--reuse-revokes", "--accounts", "2"])?;
    scene.add_session("work", Storage::Shared)?;
    scene.daypass.sign_in("work")?;
    end_token(&scene)?;
    scene.portal.tell("set", &json!({ "latency_ms": 900 }))?;
    let app = application::start_alone(&scene.desktop, &scene.portal.env())?;
    until_asked(&scene)?;
    let took = told_to_end(app)?;
    ensure!(took < GONE, "it was gone after {took:?}");
    until_answered(&scene)?;
    scene.portal.tell("set", &json!({ "latency_ms": 0 }))?;
    let wanted = scene.read_only()?.target();
    scene
        .daypass
        .run_secretly(&["credentials", &wanted])?
        .code(0)?;
    let mut ledger = Ledger::default();
    ledger.read(&scene.portal)?;
    ensure!(
        ledger.refusals().count() == 0,
        "a renewal was cut in two: {ledger:?}"
    );
    locks::all_free(scene.home()).map(drop)
}
