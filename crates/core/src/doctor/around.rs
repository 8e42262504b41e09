//! What stands around Daypass on this machine: keychain, browsers, the loopback, proxy, the desktop.

use super::{Check, Subject, count, uses};
use crate::console::browsers;
use crate::host::Host;
use crate::host::loopback::Loopback;
use crate::portal::Flow;
use crate::secrets::Storage;
use crate::session::sign_in::place;
use crate::settings::{Settings, Wish};
use crate::vault::{Shelf, Vault};

const KEYCHAIN: Subject = Subject("keychain", "The keychain");
const BROWSER: Subject = Subject("browser", "A browser");
const CHOSEN: Subject = Subject("chosen_browsers", "Browsers of your choice");
const SIGN_IN: Subject = Subject("sign_in_way", "The way to sign in");
const LOOPBACK: Subject = Subject("loopback", "A port on 127.0.0.1");
const NETWORK: Subject = Subject("network", "Proxy and certificates");
const TRAY: Subject = Subject("tray", "The tray");
const NOTIFICATIONS: Subject = Subject("notifications", "Notifications");

pub(super) async fn look(host: &Host, settings: &Settings) -> Vec<Check> {
    let mut checks = vec![
        keychain(host, settings).await,
        browser(host),
        chosen(host, settings),
        sign_in(host),
        loopback().await,
        network(host),
    ];
    checks.extend(desktop().await);
    checks
}

async fn keychain(host: &Host, settings: &Settings) -> Check {
    let needed = settings.sessions.is_empty() || uses(settings, Storage::Keychain);
    if !needed {
        return KEYCHAIN.pass("not needed: each session uses AWS's token cache");
    }
    let shelf = Shelf {
        session: "doctor".into(),
        storage: Storage::Keychain,
        start_url: String::new(),
        region: String::new(),
        mirrors: Vec::new(),
    };
    match Vault::new(host).check(&shelf).await {
        Ok(()) => KEYCHAIN.pass("it answers and is unlocked"),
        Err(error) => KEYCHAIN.failed(&error),
    }
}

fn browser(host: &Host) -> Check {
    match host.opener.available() {
        Ok(()) => BROWSER.pass("pages can be opened"),
        Err(reason) => BROWSER.warn(
            reason,
            "sign in with `daypass login --device`; open consoles with `daypass console --print`",
        ),
    }
}

fn chosen(host: &Host, settings: &Settings) -> Check {
    let wishes = settings.sessions.iter().flat_map(|session| {
        let its = &session.browsers;
        [(&session.name, &its.sign_in), (&session.name, &its.console)]
    });
    let wishes: Vec<_> = wishes.filter(|(_, it)| **it != Wish::Default).collect();
    if wishes.is_empty() {
        return CHOSEN.pass("none is chosen: the system's default browser opens everything");
    }
    let here = browsers::detect(host);
    let missing = wishes
        .iter()
        .find_map(|(session, wish)| Some((session, browsers::way(&here, wish).err()?)));
    match missing {
        None => CHOSEN.pass(count(wishes.len(), "choice, found", "choices, each found")),
        Some((session, error)) => CHOSEN.fail(
            format!("session `{session}`: {}", super::sentence(&error)),
            format!("choose again: `daypass session set {session} --console-browser NAME`"),
        ),
    }
}

fn sign_in(host: &Host) -> Check {
    let choice = place::choose(host, true);
    match choice.flow {
        Flow::Browser => SIGN_IN.pass("by a browser on this machine"),
        Flow::Device if choice.reason.is_empty() => SIGN_IN.pass("by a code, as you chose"),
        Flow::Device => SIGN_IN.pass(format!("by a code. {}", choice.reason)),
    }
}

async fn loopback() -> Check {
    match Loopback::bind().await {
        Ok(_) => LOOPBACK.pass("a browser can report back"),
        Err(error) => LOOPBACK.warn(
            super::sentence(&error),
            "sign in with `daypass login --device`",
        ),
    }
}

fn network(host: &Host) -> Check {
    match host.net.check() {
        Ok(true) => NETWORK.pass("a proxy is named; this machine and its exceptions go past it"),
        Ok(false) => NETWORK.pass("no proxy"),
        Err(error) => NETWORK.failed(&error),
    }
}

#[cfg(target_os = "linux")]
async fn desktop() -> Vec<Check> {
    const WATCHER: &str = "org.kde.StatusNotifierWatcher";
    const SERVER: &str = "org.freedesktop.Notifications";
    let Some(present) = crate::host::bus::present(&[WATCHER, SERVER]).await else {
        let found = "there is no session bus here";
        let fix = "start Daypass from your desktop; the command line works without";
        return vec![TRAY.warn(found, fix), NOTIFICATIONS.warn(found, fix)];
    };
    let tray = match present.contains(&WATCHER) {
        true => TRAY.pass("the desktop shows tray icons"),
        false => TRAY.warn(
            "the desktop shows no tray icons",
            "on GNOME install the extension AppIndicator; `daypass-desktop` shows the panel too",
        ),
    };
    // Most servers begin only when the first notification comes.
    let notifications = match present.contains(&SERVER) {
        true => "a server is there",
        false => "no server runs now; one may start with the first notification",
    };
    vec![tray, NOTIFICATIONS.pass(notifications)]
}

#[cfg(not(target_os = "linux"))]
async fn desktop() -> Vec<Check> {
    let found = "the system's own";
    vec![TRAY.pass(found), NOTIFICATIONS.pass(found)]
}
