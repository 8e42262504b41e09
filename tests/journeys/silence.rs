//! With every word that Daypass can say written down, from the command and from the application, while
//! hundreds of secrets go through their hands and things go wrong: none of them is in what was said.

use serde_json::json;
use std::fs;
use testkit::application::{self, Application};
use testkit::canary::Canaries;
use testkit::desktop::Desktop;
use testkit::http;
use testkit::places::keep_figures;
use testkit::scene::{Scene, Storage};
use testkit::{Context, Result, ensure};

/// Each round brings about a dozen secrets.
const ROUNDS: usize = 45;
const SESSIONS: [(&str, Storage); 2] = [("work", Storage::Keychain), ("side", Storage::Shared)];

/// Everything is said; two sessions at one portal, signed in, each with a storage of its own.
fn talkative() -> Result<(Application, Scene)> {
    let options = ["--accounts", "4", "--role-ttl", "60"];
    let mut scene = Scene::empty(Desktop::full()?, &options)?;
    scene.daypass = scene.daypass.clone().with("DAYPASS_LOG", "trace");
    for (name, storage) in SESSIONS {
        scene.add_session(name, storage)?;
        scene.daypass.sign_in(name)?;
    }
    let mut env = scene.portal.env();
    env.push(("DAYPASS_LOG".to_owned(), "trace".to_owned()));
    let starting = application::start(&scene.desktop, &env)?;
    let host = scene.desktop.tray_host()?;
    host.activate(&host.item()?)?;
    let application = Application::open(starting)?;
    application.wait_for_rows(4)?;
    Ok((application, scene))
}

/// A renewal, new keys and a link that signs in, by the command; what they are is learned.
fn secrets_go_by(scene: &Scene, session: &str, target: &str, known: &mut Canaries) -> Result<()> {
    let by = |words: &[&str]| {
        let words = [words, &["--session", session]].concat();
        scene.daypass.run_secretly(&words)
    };
    known.learn_json(&by(&["credentials", target])?.code(0)?.json()?);
    let link = by(&["console", target, "--print"])?.code(0)?.stdout;
    let token = http::query(link.trim(), "SigninToken").context("no token")?;
    known.learn(&token);
    known.learn_all(&scene.canaries()?);
    Ok(())
}

/// What can go wrong, each with the secrets of before at hand.
fn things_go_wrong(scene: &Scene, target: &str) -> Result<()> {
    let faults = ["5xx", "429", "reset", "truncated", "nonjson", "slow"];
    for fault in faults {
        scene.portal.expire_access_tokens()?;
        let fault = json!({ "fault": fault, "times": 2 });
        scene.portal.tell("fault", &fault)?;
        for (session, _) in SESSIONS {
            for words in [["credentials", target], ["console", target]] {
                let words = [&words[..], &["--session", session]].concat();
                scene.daypass.run_secretly(&words)?;
            }
            scene
                .daypass
                .run(&["list", "--refresh", "--session", session])?;
        }
    }
    let broken = ["credentials", "000000000000/No", "--session", "work"];
    let ran = scene.daypass.run(&broken)?;
    ensure!(
        ran.code != 0,
        "an account that is not there gave credentials"
    );
    scene.desktop.keyring()?.lock()?;
    let locked = ["credentials", target, "--session", "work"];
    scene.daypass.run_secretly(&locked)?.code(6)?;
    Ok(())
}

#[test]
fn five_hundred_secrets_pass_and_none_is_said() -> Result<()> {
    let (application, scene) = talkative()?;
    let mut known = scene.canaries()?;
    let target = scene.read_only()?.target();
    for _ in 0..ROUNDS {
        scene.portal.expire_access_tokens()?;
        for (session, _) in SESSIONS {
            secrets_go_by(&scene, session, &target, &mut known)?;
        }
    }
    ensure!(known.count() >= 500, "{} secrets are known", known.count());
    application.read_again()?;
    things_go_wrong(&scene, &target)?;
    let report = scene.home().home().join("report.txt");
    let words = [
        "doctor",
        "--diagnostics",
        &report.display().to_string(),
        "--yes",
    ];
    scene.daypass.run(&words)?;
    ensure!(report.exists(), "no diagnostics file");
    let said = fs::read_to_string(scene.home().logs().join("application.err"))?;
    ensure!(
        said.contains("TRACE") || said.contains("DEBUG"),
        "it said little: {said}"
    );
    let page = application
        .web
        .script("return document.documentElement.outerHTML", &[])?;
    known.absent_from("the page", &page.to_string())?;
    scene.search(&known)?;
    let bytes: u64 = testkit::canary::files_below(&scene.home().logs())?
        .iter()
        .filter_map(|path| path.metadata().ok())
        .map(|about| about.len())
        .sum();
    let figure = format!("{} secrets, {bytes} bytes said", known.count());
    keep_figures("silence", &[figure])
}
