//! Credentials served on this machine: to AWS's own tools without a profile, and to nobody else.

use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use testkit::aws_clients::Client;
use testkit::browser::Following;
use testkit::desktop::Desktop;
use testkit::scene::{Scene, Storage};
use testkit::served::{self, ASK, Served, document, status};
use testkit::waiting::{PATIENCE, until_true};
use testkit::{Context, Result, ensure};

/// Signed in, with a browser that nobody is to open.
fn scene(storage: Storage, options: &[&str]) -> Result<Scene> {
    let desktop = Desktop::with_keyring()?.and_browser(Following::Nothing)?;
    let scene = Scene::empty(desktop, &[&["--accounts", "4"], options].concat())?;
    scene.add_session("work", storage)?;
    scene.daypass.sign_in("work")?;
    Ok(scene)
}

fn serve(scene: &Scene, further: &[&str]) -> Result<Served> {
    let target = scene.read_only()?.target();
    served::start(scene, &[&[target.as_str()], further].concat())
}

#[test]
fn a_tool_gets_the_document_of_a_container_provider_and_the_port_closes_with_daypass() -> Result<()>
{
    for storage in Storage::BOTH {
        let scene = scene(storage, &[])?;
        let wanted = scene.read_only()?;
        let served = serve(&scene, &[])?;
        let (status, document) = served.ask()?;
        ensure!(status == 200, "{status}: {document}");
        let ran = scene
            .daypass
            .run_secretly(&["credentials", &wanted.target()])?
            .code(0)?;
        let keys = ran.json()?;
        for (theirs, ours) in [
            ("AccessKeyId", "AccessKeyId"),
            ("SecretAccessKey", "SecretAccessKey"),
            ("Token", "SessionToken"),
        ] {
            ensure!(document[theirs] == keys[ours], "{theirs} is another");
        }
        ensure!(
            document["AccountId"] == wanted.account.as_str(),
            "{document}"
        );
        let end = document["Expiration"].as_str().unwrap_or_default();
        ensure!(end.ends_with('Z'), "{end}");
        ensure!(scene.asked("GetRoleCredentials")? == 1, "fetched twice");
        served
            .program
            .program()
            .signal(rustix::process::Signal::TERM)?;
        served.is_closed()?;
    }
    Ok(())
}

#[test]
fn nobody_else_gets_a_key() -> Result<()> {
    let scene = scene(Storage::Shared, &[])?;
    let served = serve(&scene, &[])?;
    let mut canaries = scene.canaries()?;
    canaries.learn_json(&served.ask()?.1);
    let token = format!("Authorization: {}", served.token);
    let host = format!("Host: 127.0.0.1:{}", served.port);
    let rebound = format!("Host: rebound.example:{}", served.port);
    let name = format!("Host: localhost:{}", served.port);
    let bearer = format!("Authorization: Bearer {}", served.token);
    let long = format!("X-Long: {}", "x".repeat(20_000));
    let (host, token) = (host.as_str(), token.as_str());
    for (line, headers, expected) in [
        (ASK, vec![host], 401),
        (ASK, vec![host, "Authorization: wrong"], 401),
        (ASK, vec![host, &bearer], 401),
        (ASK, vec![host, token, token], 401),
        (ASK, vec![host, token, "Origin: https://evil.example"], 403),
        (ASK, vec![host, token, "Origin: null"], 403),
        (ASK, vec![host, token, "Sec-Fetch-Site: same-origin"], 403),
        (ASK, vec![&rebound, token], 403),
        (ASK, vec![&name, token], 403),
        (ASK, vec![token], 403),
        ("POST /credentials HTTP/1.1", vec![host, token], 405),
        ("OPTIONS /credentials HTTP/1.1", vec![host, token], 405),
        ("GET / HTTP/1.1", vec![host, token], 404),
        (
            "GET /credentials/../credentials HTTP/1.1",
            vec![host, token],
            404,
        ),
        (ASK, vec![host, token, &long], 431),
    ] {
        let answer = served.raw(line, &headers)?;
        ensure!(
            status(&answer) == expected,
            "{line} {headers:.80?}: {answer}"
        );
        canaries.absent_from(line, &answer)?;
        ensure!(!answer.contains(&served.token), "the token comes back");
        if expected != 431 {
            let told = document(&answer)?;
            ensure!(
                told["code"].is_string() && told["message"].is_string(),
                "{told}"
            );
        }
    }
    ensure!(
        served.ask()?.0 == 200,
        "the right one is not answered any more"
    );
    Ok(())
}

#[test]
fn five_hundred_connections_that_say_nothing_delay_nobody() -> Result<()> {
    let scene = scene(Storage::Shared, &[])?;
    let served = serve(&scene, &[])?;
    let idle: Vec<_> = (0..500)
        .map(|_| TcpStream::connect(("127.0.0.1", served.port)))
        .collect::<std::io::Result<_>>()?;
    let start = Instant::now();
    ensure!(served.ask()?.0 == 200, "not answered");
    ensure!(
        start.elapsed() < PATIENCE,
        "answered after {:?}",
        start.elapsed()
    );
    drop(idle);
    Ok(())
}

#[test]
fn it_ends_with_its_time() -> Result<()> {
    let scene = scene(Storage::Shared, &[])?;
    let served = serve(&scene, &["--for", "4s"])?;
    ensure!(served.ask()?.0 == 200, "not answered");
    served.is_closed()?;
    served.program.finish()?.code(0)?.says("The time is over")?;
    Ok(())
}

#[test]
fn signing_out_ends_what_is_handed_out_and_signing_in_brings_it_back() -> Result<()> {
    for storage in Storage::BOTH {
        let scene = scene(storage, &[])?;
        let served = serve(&scene, &[])?;
        ensure!(served.ask()?.0 == 200, "not answered");
        scene.daypass.ok(&["logout", "work"])?;
        until_true(PATIENCE, "the refusal", || Ok(served.ask()?.0 == 403))?;
        let (_, told) = served.ask()?;
        ensure!(told["code"] == "sign_in_needed", "{storage:?}: {told}");
        let message = told["message"].as_str().unwrap_or_default();
        ensure!(message.contains("daypass login work"), "{message}");
        let opened = scene.desktop.browser()?.asked()?;
        ensure!(opened.is_empty(), "a browser was sent to {opened:?}");
        scene.daypass.sign_in("work")?;
        until_true(Duration::from_secs(60), "the keys", || {
            Ok(served.ask()?.0 == 200)
        })
        .with_context(|| format!("{storage:?}"))?;
    }
    Ok(())
}

#[test]
fn what_is_handed_out_is_renewed_ahead_of_its_end() -> Result<()> {
    let scene = scene(Storage::Shared, &["--role-ttl", "100"])?;
    let served = serve(&scene, &[])?;
    let first = served.ask()?.1["Expiration"].clone();
    // Nobody asks meanwhile: what is there when somebody does was fetched before.
    thread::sleep(Duration::from_secs(35));
    let asked = scene.asked("GetRoleCredentials")?;
    ensure!(asked >= 2, "nothing was fetched ahead");
    let (status, document) = served.ask()?;
    ensure!(status == 200, "{status}: {document}");
    ensure!(document["Expiration"] != first, "the same keys");
    ensure!(
        scene.asked("GetRoleCredentials")? == asked,
        "fetched for the request"
    );
    Ok(())
}

#[test]
fn a_command_runs_beside_it_and_gives_back_its_exit_code() -> Result<()> {
    let scene = scene(Storage::Keychain, &[])?;
    let target = scene.read_only()?.target();
    let daypass = scene.daypass.clone().with("AWS_PROFILE", "elsewhere");
    let daypass = daypass.with("AWS_ACCESS_KEY_ID", "AKIAOTHER");
    let words = ["serve", &target, "--region", "eu-west-1", "--"];
    let env = daypass
        .run_secretly(&[&words[..], &["env"]].concat())?
        .code(0)?;
    let value = |name: &str| {
        let lines = env.stdout.lines().filter_map(|line| line.split_once('='));
        let mut lines = lines.filter(|(known, _)| *known == name);
        lines.next().map(|it| it.1.to_owned())
    };
    ensure!(
        value("AWS_REGION").as_deref() == Some("eu-west-1"),
        "no Region"
    );
    ensure!(value("AWS_PROFILE").is_none(), "AWS_PROFILE is in the way");
    ensure!(
        value("AWS_ACCESS_KEY_ID").is_none(),
        "other keys are in the way"
    );
    let address = value("AWS_CONTAINER_CREDENTIALS_FULL_URI").context("no address")?;
    let port = address.trim_start_matches("http://127.0.0.1:");
    let port: u16 = port.split('/').next().context("no port")?.parse()?;
    ensure!(
        TcpStream::connect(("127.0.0.1", port)).is_err(),
        "the port is still open"
    );

    let exit = ["sh", "-c", "exit 42"];
    daypass.run(&[&words[..], &exit].concat())?.code(42)?;
    let killed = ["sh", "-c", "kill -9 $$"];
    daypass.run(&[&words[..], &killed].concat())?.code(137)?;
    let missing = daypass.run(&[&words[..], &["no-such-program-anywhere"]].concat())?;
    ensure!(missing.code != 0, "a command that does not exist ran");
    missing.says("error: ")?;

    // A request to end is handed on, and the command decides.
    let trap = [
        "sh",
        "-c",
        "trap 'exit 9' TERM; echo ready; while :; do sleep 0.1; done",
    ];
    let running = daypass.start(&[&words[..], &trap].concat())?;
    running.lines(1)?;
    running.program().signal(rustix::process::Signal::TERM)?;
    running.finish()?.code(9)?;
    Ok(())
}

#[test]
fn awss_own_clients_reach_sts_through_it_without_a_profile() -> Result<()> {
    let scene = scene(Storage::Keychain, &[])?;
    let wanted = scene.read_only()?;
    let served = serve(&scene, &[])?;
    let region = ("AWS_REGION".to_owned(), "eu-central-1".to_owned());
    let default = ("AWS_DEFAULT_REGION".to_owned(), "eu-central-1".to_owned());
    let env = [scene.daypass.env(), &served.variables, &[region, default]].concat();
    for client in Client::on_this_machine()? {
        let identity = client.identity_of_environment(&env)?;
        ensure!(
            identity["Account"] == wanted.account.as_str(),
            "{client:?}: {identity}"
        );
        let arn = identity["Arn"].as_str().unwrap_or_default();
        ensure!(arn.contains(&wanted.role), "{client:?}: {arn}");
    }
    ensure!(
        scene.asked("GetRoleCredentials")? == 1,
        "fetched more than once"
    );
    Ok(())
}
