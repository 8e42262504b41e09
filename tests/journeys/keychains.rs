//! Keychains in every kind of trouble: the command says so within three seconds where nobody sits
//! there to be asked, and nothing is lost once the trouble is over.

use std::thread;
use std::time::{Duration, Instant};
use testkit::cli::Ran;
use testkit::desktop::Desktop;
use testkit::scene::{Scene, Storage};
use testkit::{Result, bail, ensure};

/// How soon it answers.
const SOON: Duration = Duration::from_secs(3);

/// The verbs that need a secret, none of which may open a browser or write one elsewhere.
const VERBS: [&[&str]; 4] = [
    &["status", "work"],
    &["list", "--refresh", "--session", "work"],
    &["login", "work", "--force", "--no-browser"],
    &[
        "credentials",
        "--session",
        "work",
        "--account",
        "000000000001",
        "--role",
        "ReadOnly",
    ],
];

fn is_told_soon(ran: Ran) -> Result<()> {
    ensure!(ran.took < SOON, "`{}` took {:?}", ran.typed, ran.took);
    let ran = ran.code(6)?.says("hint: ")?;
    ensure!(
        !ran.stdout.contains("http"),
        "somebody was sent to a browser: {}",
        ran.stdout
    );
    Ok(())
}

fn every_verb_tells_it(scene: &Scene) -> Result<()> {
    for verb in VERBS {
        is_told_soon(scene.daypass.run(verb)?)?;
    }
    let status = scene.daypass.run(&["status", "work", "--json"])?;
    ensure!(
        status.code(6)?.json()?["sessions"][0]["state"] == "fading",
        "what could not be looked at is said to be signed out"
    );
    ensure!(
        !scene.home().sso_cache().exists(),
        "it fell back to the shared cache"
    );
    Ok(())
}

#[test]
fn without_a_place_for_secrets_the_command_says_so_at_once() -> Result<()> {
    let places = [
        Desktop::bare()?,
        Desktop::bare()?.and_bus()?,
        Desktop::bare()?
            .and_bus()?
            .and_keyring_without_collection()?,
    ];
    for desktop in places {
        let scene = Scene::empty(desktop, &["--accounts", "2"])?;
        scene.add_session("work", Storage::Keychain)?;
        let login = ["login", "work", "--no-browser"];
        is_told_soon(scene.daypass.run(&login)?)?;
        for verb in VERBS {
            let ran = scene.daypass.run(verb)?;
            ensure!(ran.took < SOON, "`{}` took {:?}", ran.typed, ran.took);
            // Nobody is signed in; where that can be seen it may be said.
            ensure!([3, 6].contains(&ran.code), "{ran:?}");
        }
        ensure!(
            !scene.home().sso_cache().exists(),
            "it fell back to the shared cache"
        );
    }
    Ok(())
}

#[test]
fn a_keychain_that_is_locked_and_one_with_two_answers_are_told_and_harm_nothing() -> Result<()> {
    let scene = Scene::signed_in(Storage::Keychain, &["--accounts", "2"])?;
    let canaries = scene.canaries()?;
    let keyring = scene.desktop.keyring()?;
    ensure!(keyring.double_all()? > 0, "there was nothing to double");
    every_verb_tells_it(&scene)?;
    keyring.lock()?;
    every_verb_tells_it(&scene)?;
    scene.search(&canaries)
}

#[test]
fn a_keychain_that_takes_its_time_is_not_waited_for_and_works_again_later() -> Result<()> {
    let scene = Scene::signed_in(Storage::Keychain, &["--accounts", "2"])?;
    let keyring = scene.desktop.keyring()?;
    keyring.freeze()?;
    let start = Instant::now();
    every_verb_tells_it(&scene)?;
    many_at_once(&scene)?;
    thread::sleep(Duration::from_secs(10).saturating_sub(start.elapsed()));
    keyring.thaw()?;
    scene.daypass.run(&["status", "work"])?.code(0)?;
    let wanted = scene.read_only()?.target();
    scene
        .daypass
        .run_secretly(&["credentials", &wanted])?
        .code(0)?;
    scene.search(&scene.canaries()?)
}

/// None of them waits for those before it.
fn many_at_once(scene: &Scene) -> Result<()> {
    thread::scope(|scope| {
        let looks: Vec<_> = (0..6)
            .map(|_| scope.spawn(|| scene.daypass.run_silently(&["status", "work"])))
            .collect();
        for look in looks {
            match look.join() {
                Ok(ran) => is_told_soon(ran?)?,
                Err(_) => bail!("a look broke off"),
            }
        }
        Ok(())
    })
}

#[test]
fn a_keychain_that_dies_in_the_middle_of_a_call_is_told() -> Result<()> {
    let scene = Scene::signed_in(Storage::Keychain, &["--accounts", "2"])?;
    let keyring = scene.desktop.keyring()?;
    keyring.freeze()?;
    let ran = thread::scope(|scope| {
        let look = scope.spawn(|| scene.daypass.run(&["status", "work"]));
        thread::sleep(Duration::from_millis(600));
        keyring.kill()?;
        match look.join() {
            Ok(ran) => ran,
            Err(_) => bail!("the look broke off"),
        }
    })?;
    is_told_soon(ran)?;
    every_verb_tells_it(&scene)
}
