//! Signing in from places where the usual way does not work, and afresh.

use std::time::{Duration, Instant};

use rustix::process::Signal;
use testkit::cli::Daypass;
use testkit::places::tool;
use testkit::scene::{Scene, Storage};
use testkit::{Context, Result, ensure, http};

const LOGIN: [&str; 3] = ["login", "work", "--no-browser"];

fn scene() -> Result<Scene> {
    Scene::registered(
        Storage::Shared,
        &["--accounts", "2", "--device-interval", "1"],
    )
}

/// Signs in by the address on the first line; what was said.
fn sign_in(daypass: &Daypass, words: &[&str]) -> Result<String> {
    let mut login = daypass.start(words)?;
    http::visit(&login.first_line()?)?;
    Ok(login.finish()?.code(0)?.stderr)
}

#[test]
fn where_a_browser_could_not_report_back_a_code_is_used_and_why_is_said() -> Result<()> {
    let scene = scene()?;
    let bare = scene.daypass.clone().without("DAYPASS_SIGN_IN");
    for (name, value, reason) in [
        ("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22", "SSH"),
        ("WSL_DISTRO_NAME", "Debian", "WSL"),
        ("CODESPACES", "true", "another machine"),
        ("KUBERNETES_SERVICE_HOST", "10.0.0.1", "another machine"),
        ("container", "podman", "container"),
    ] {
        let words = ["login", "work", "--no-browser", "--force"];
        let said = sign_in(&bare.clone().with(name, value), &words)?;
        ensure!(said.contains(reason), "{name}: {said}");
        ensure!(said.contains("Your code is"), "{name}: {said}");
        ensure!(said.contains("Approve only"), "{name}: no warning: {said}");
    }
    Ok(())
}

#[test]
fn where_no_port_can_be_opened_a_code_is_used_and_why_is_said() -> Result<()> {
    let scene = scene()?;
    let strace = tool("strace", "strace")?.display().to_string();
    let refusing = [
        "-f",
        "-qq",
        "-e",
        "trace=bind",
        "-e",
        "inject=bind:error=EACCES",
        "-o",
        "/dev/null",
    ];
    let blocked = scene.daypass.clone().below(&strace, &refusing);
    let said = sign_in(&blocked, &LOGIN)?;
    ensure!(said.contains("No port on 127.0.0.1"), "{said}");
    ensure!(said.contains("Your code is"), "{said}");
    ensure!(scene.status("work")?["state"] == "active", "not signed in");
    Ok(())
}

#[test]
fn a_sign_in_ends_when_its_time_is_over() -> Result<()> {
    let scene = scene()?;
    for way in [&[][..], &["--device"]] {
        let began = Instant::now();
        let words = [&LOGIN[..], &["--timeout", "2s"], way].concat();
        let ran = scene.daypass.run(&words)?.code(1)?;
        ran.says("nobody approved")?;
        ensure!(
            began.elapsed() < Duration::from_secs(6),
            "{:?}",
            began.elapsed()
        );
    }
    Ok(())
}

#[test]
fn a_sign_in_that_is_interrupted_ends_within_a_second() -> Result<()> {
    let scene = scene()?;
    for way in [&[][..], &["--device"]] {
        let mut login = scene.daypass.start(&[&LOGIN[..], way].concat())?;
        let address = login.first_line()?;
        let began = Instant::now();
        login.program().signal(Signal::INT)?;
        login.finish()?.code(130)?;
        ensure!(
            began.elapsed() < Duration::from_secs(1),
            "{:?}",
            began.elapsed()
        );
        if way.is_empty() {
            let redirect = http::query(&address, "redirect_uri").context("no redirect")?;
            ensure!(http::get(&redirect).is_err(), "the port is still open");
        }
    }
    Ok(())
}

#[test]
fn a_fresh_sign_in_that_is_given_up_leaves_the_earlier_one() -> Result<()> {
    let scene = scene()?;
    scene.daypass.sign_in("work")?;
    let words = ["login", "work", "--no-browser", "--force"];
    scene
        .daypass
        .run(&[&words[..], &["--timeout", "1s"]].concat())?
        .code(1)?;
    scene.daypass.ok(&["list", "--refresh"])?;
    // Told to end the earlier sign-in, the portal might end the new one of the same browser.
    sign_in(&scene.daypass, &words)?;
    ensure!(
        scene.asked("Logout")? == 0,
        "the portal was told to end one"
    );
    scene.daypass.ok(&["list", "--refresh"]).map(drop)
}

#[test]
fn the_authorize_page_is_where_the_config_file_leads() -> Result<()> {
    let scene = Scene::empty(
        testkit::desktop::Desktop::bare()?,
        &[
            "--accounts",
            "2",
            "--start-url",
            "https://d-0000000000.awsapps.com/start",
        ],
    )?;
    let base = scene.portal.base();
    scene.home().write_aws_config(format!(
        "[profile local]\nservices = here\n[services here]\nsso =\n  endpoint_url = {base}\n\
         sso_oidc =\n  endpoint_url = {base}\nsso-oidc =\n  endpoint_url = {base}\n"
    ))?;
    let mut daypass = scene.daypass.clone().with("AWS_PROFILE", "local");
    for name in ["AWS_ENDPOINT_URL_SSO", "AWS_ENDPOINT_URL_SSO_OIDC"] {
        daypass = daypass.without(name);
    }
    let start_url = "https://d-0000000000.awsapps.com/start";
    let words = ["session", "add", "work", "--start-url", start_url];
    let further = ["--region", "eu-central-1", "--storage", "shared"];
    daypass.ok(&[&words[..], &further[..]].concat())?;
    let mut login = daypass.start(&LOGIN)?;
    let address = login.first_line()?;
    ensure!(
        address.starts_with(&format!("{base}/authorize?")),
        "{address}"
    );
    http::visit(&address)?;
    login.finish()?.code(0)?;
    daypass.ok(&["list", "--refresh"]).map(drop)
}
