//! A link that signs in, copied from the real panel: what another program sees on the clipboard, and how
//! long.

use std::thread::sleep;
use std::time::{Duration, Instant};

use testkit::browser::Following;
use testkit::clipboard;
use testkit::desktop::Desktop;
use testkit::http;
use testkit::real_panel::{key, type_text};
use testkit::scene::{Assignment, Scene};
use testkit::seat::Seat;
use testkit::waiting::{PATIENCE, until};
use testkit::{Result, ensure};

/// How long a secret stays there, and how far off that may be.
const LIFE: Duration = Duration::from_secs(45);
const OFF: Duration = Duration::from_secs(1);

fn seat() -> Result<(Seat, Assignment)> {
    let desktop = Desktop::with_keyring()?
        .and_screen("900x760x24")?
        .and_browser(Following::Nothing)?
        .and_tray_host()?;
    let seat = Seat::take_with_list(desktop, &["--accounts", "10"])?;
    let wanted = seat.scene.read_only()?;
    Ok((seat, wanted))
}

/// Copies a link by the row's actions; answers with it and the moment at which it was there.
fn copy(seat: &Seat, of: &Assignment) -> Result<(String, Instant)> {
    let desktop = &seat.scene.desktop;
    seat.application
        .search(&format!("{} readonly", of.account))?;
    seat.application.wait_until_quiet()?;
    key(desktop, "ctrl+k")?;
    type_text(desktop, "signs in")?;
    key(desktop, "Return")?;
    let link = until(PATIENCE, "the link on the clipboard", || {
        Ok(clipboard::text(desktop)?.filter(|it| it.contains("SigninToken=")))
    })?;
    Ok((link, Instant::now()))
}

#[test]
fn a_copied_secret_is_marked_for_histories_and_gone_after_forty_five_seconds() -> Result<()> {
    let (seat, wanted) = seat()?;
    let (link, there) = copy(&seat, &wanted)?;
    let desktop = &seat.scene.desktop;
    let kinds = clipboard::offered(desktop, "TARGETS")?.unwrap_or_default();
    ensure!(kinds.contains("x-kde-passwordManagerHint"), "{kinds}");
    let hint = clipboard::offered(desktop, "x-kde-passwordManagerHint")?;
    ensure!(hint.as_deref() == Some("secret"), "{hint:?}");
    seat.application.says("toast", "45 s")?;
    let page = http::visit(&link)?.landed.text();
    ensure!(
        page.contains(&wanted.account),
        "the link opens something else"
    );

    sleep((LIFE - OFF).saturating_sub(there.elapsed()));
    ensure!(
        clipboard::text(desktop)?.is_some_and(|it| it == link),
        "gone after {:?}",
        there.elapsed()
    );
    while clipboard::text(desktop)?.is_some_and(|it| it == link) {
        ensure!(there.elapsed() < LIFE + OFF, "still there");
        sleep(Duration::from_millis(50));
    }
    ensure!(
        clipboard::text(desktop)?.is_none(),
        "something else is there"
    );
    leaves_no_trace(&seat.scene, &link)
}

#[test]
fn what_another_program_put_there_meanwhile_is_left_alone() -> Result<()> {
    let (seat, wanted) = seat()?;
    let (link, there) = copy(&seat, &wanted)?;
    let desktop = &seat.scene.desktop;
    let _other = clipboard::put(desktop, "a text of somebody else")?;
    let is_theirs = || {
        let text = clipboard::text(desktop)?;
        Ok(text.filter(|it| it == "a text of somebody else"))
    };
    until(PATIENCE, "the other program's text", is_theirs)?;
    while there.elapsed() < LIFE + 2 * OFF {
        ensure!(is_theirs()?.is_some(), "gone after {:?}", there.elapsed());
        sleep(Duration::from_millis(500));
    }
    leaves_no_trace(&seat.scene, &link)
}

#[test]
fn credentials_are_copied_for_a_shell_and_marked_like_every_secret() -> Result<()> {
    let (seat, wanted) = seat()?;
    let desktop = &seat.scene.desktop;
    seat.application
        .search(&format!("{} readonly", wanted.account))?;
    seat.application.wait_until_quiet()?;
    key(desktop, "ctrl+k")?;
    type_text(desktop, "credentials as")?;
    key(desktop, "Return")?;
    seat.application.says("keys-dialog", "bash, zsh or sh")?;
    key(desktop, "Return")?;
    let lines = until(PATIENCE, "the credentials on the clipboard", || {
        let text = clipboard::text(desktop)?;
        Ok(text.filter(|it| it.starts_with("export AWS_ACCESS_KEY_ID=")))
    })?;
    let hint = clipboard::offered(desktop, "x-kde-passwordManagerHint")?;
    ensure!(hint.as_deref() == Some("secret"), "{hint:?}");
    let mut canaries = seat.scene.canaries()?;
    let values = lines.lines().filter_map(|line| line.split_once('='));
    let secrets = values.filter(|(name, _)| !name.ends_with("EXPIRATION"));
    let secrets: Vec<_> = secrets.map(|(_, value)| value).collect();
    ensure!(secrets.len() == 3, "{} of three secrets", secrets.len());
    secrets.iter().for_each(|it| canaries.learn(it));
    seat.scene.search(&canaries)
}

fn leaves_no_trace(scene: &Scene, link: &str) -> Result<()> {
    let mut canaries = scene.canaries()?;
    canaries.learn(&http::query(link, "SigninToken").unwrap_or_default());
    scene.search(&canaries)
}
