//! One sign-in for Daypass and a tool without locks: what either makes, renews or ends, the other
//! takes over.

use serde_json::Value;
use std::fs;
use std::thread;
use std::time::{Duration, Instant};
use testkit::aws_stand_in::{AwsStandIn, count};
use testkit::races::token_file;
use testkit::scene::{Scene, Storage};
use testkit::{Result, ensure};

/// With these the imitation renews at each look, however much is left.
const ALWAYS: [&str; 6] = ["--session", "work", "--life", "3", "--share", "9000"];

fn renewals(scene: &Scene) -> Result<u64> {
    let log = scene.portal.ask("log")?;
    let lines = log["renewals"].as_array().into_iter().flatten();
    Ok(lines.filter_map(|one| one["granted"].as_u64()).sum())
}

fn refusals(scene: &Scene) -> Result<u64> {
    let log = scene.portal.ask("log")?;
    let lines = log["renewals"].as_array().into_iter().flatten();
    Ok(lines.filter_map(|one| one["refused"].as_u64()).sum())
}

#[test]
fn a_sign_in_made_elsewhere_is_adopted_and_one_ended_elsewhere_is_over() -> Result<()> {
    for device in [false, true] {
        let scene = Scene::registered(Storage::Shared, &["--accounts", "4"])?;
        let aws = AwsStandIn::on(&scene);
        scene.daypass.run(&["status", "work"])?.code(3)?;
        let start_url = scene.portal.start_url().to_owned();
        let at = ["--start-url", &start_url, "--region", "eu-central-1"];
        let words = [&["login", "--session", "work"][..], &at[..]].concat();
        let by_code = [&words[..], &["--device"]].concat();
        aws.run(if device { &by_code } else { &words })?;
        scene.daypass.run(&["status", "work"])?.code(0)?;
        let wanted = scene.read_only()?.target();
        scene
            .daypass
            .run_secretly(&["credentials", &wanted])?
            .code(0)?;
        ensure!(
            scene.status("work")?["renewable"] == true,
            "Daypass could not renew it"
        );
        aws.logout()?;
        ensure!(
            scene.status("work")?["state"] == "signed_out",
            "it ended elsewhere, and Daypass does not know"
        );
        scene.daypass.run(&["credentials", &wanted])?.code(3)?;
        ensure!(scene.asked("CreateToken")? == 1, "something was renewed");
        scene.search(&scene.canaries()?).or_else(nothing_left)?;
    }
    Ok(())
}

/// After a sign-out no secret may be left to search for.
fn nothing_left(error: testkit::Error) -> Result<()> {
    ensure!(error.to_string().contains("no secret"), "{error:#}");
    Ok(())
}

/// What tools have written over the years: times, layout, further keys, and files that cannot renew.
#[test]
fn a_token_in_any_form_that_tools_write_is_adopted() -> Result<()> {
    let scene = Scene::registered(Storage::Shared, &["--accounts", "2", "--role-ttl", "60"])?;
    let wanted = scene.read_only()?.target();
    AwsStandIn::on(&scene).login("work", scene.portal.start_url())?;
    let path = token_file(&scene)?;
    let token: Value = serde_json::from_slice(&fs::read(&path)?)?;
    let end = token["expiresAt"].as_str().unwrap_or_default();
    let end = end.trim_end_matches('Z');
    let forms = [
        ("Z", true),
        (".123Z", true),
        (".123456789Z", true),
        ("+00:00", true),
        ("UTC", true),
        ("Z", false),
    ];
    for (ending, whole) in forms {
        let mut written = token.clone();
        written["expiresAt"] = format!("{end}{ending}").into();
        written["aKeyOfTheirs"] = serde_json::json!({ "any": 1 });
        if !whole {
            // Enough for every tool while the token is fresh.
            written = serde_json::json!({
                "accessToken": written["accessToken"], "expiresAt": written["expiresAt"],
            });
        }
        fs::write(&path, format!("{written:#}\n"))?;
        let status = scene.status("work")?;
        ensure!(
            status["state"] == "active" && status["renewable"] == whole,
            "{ending}: {status}"
        );
        let words = ["credentials", &wanted];
        scene.daypass.run_secretly(&words)?.code(0)?;
    }
    ensure!(renewals(&scene)? == 0, "something was renewed");
    scene.search(&scene.canaries()?)
}

#[test]
fn tokens_that_another_tool_renewed_are_adopted_and_renewed_further() -> Result<()> {
    let options = ["--accounts", "4", "--reuse-revokes", "--token-ttl", "60"];
    let scene = Scene::signed_in(Storage::Shared, &options)?;
    let aws = AwsStandIn::on(&scene);
    let wanted = scene.read_only()?.target();
    for round in 1..=5 {
        ensure!(aws.look(&ALWAYS)? == "used", "the imitation did not renew");
        ensure!(renewals(&scene)? == 2 * round - 1, "round {round}");
        // The portal no longer knows the access token: Daypass renews with what the other left.
        scene.portal.expire_access_tokens()?;
        let words = ["credentials", &wanted];
        scene
            .portal
            .tell("set", &serde_json::json!({"role_ttl": 60}))?;
        scene.daypass.run_secretly(&words)?.code(0)?;
        ensure!(renewals(&scene)? == 2 * round, "round {round}");
    }
    ensure!(refusals(&scene)? == 0, "a spent token was used");
    scene.daypass.run(&["status", "work"])?.code(0)?;
    scene.search(&scene.canaries()?)
}

#[test]
fn a_file_that_is_being_written_is_not_taken_for_a_sign_out() -> Result<()> {
    let options = ["--accounts", "4", "--reuse-revokes", "--role-ttl", "60"];
    let scene = Scene::signed_in(Storage::Shared, &options)?;
    let words = ["--every", "500", "--slow-write", "80"];
    let aws = AwsStandIn::on(&scene).start(&[&ALWAYS[..], &words].concat())?;
    let wanted = scene.read_only()?.target();
    let end = Instant::now() + Duration::from_secs(6);
    let readers = [
        vec!["status", "work"],
        vec!["credentials", &wanted],
        vec!["status", "work"],
    ];
    let looks: Result<Vec<usize>> = thread::scope(|scope| {
        let loops = readers.map(|words| {
            let daypass = &scene.daypass;
            scope.spawn(move || {
                let mut looks = 0;
                while Instant::now() < end {
                    let ran = daypass.run_silently(&words)?;
                    // Where the writer itself is held up, that is said, and nothing else.
                    let torn = ran.code == 1 && ran.stderr.contains("half-written");
                    if !torn {
                        ran.code(0)?;
                    }
                    looks += 1;
                }
                Ok(looks)
            })
        });
        loops
            .map(|it| it.join().unwrap_or_else(|_| testkit::bail!("it broke off")))
            .into_iter()
            .collect()
    });
    let looks: usize = looks?.iter().sum();
    let events = aws.stop()?;
    let writes = count(&events, "renewal", "granted");
    ensure!(writes >= 6, "only {writes} renewals by the imitation");
    ensure!(looks >= 30, "only {looks} looks by Daypass");
    ensure!(refusals(&scene)? == 0, "a spent token was used");
    scene.search(&scene.canaries()?)
}
