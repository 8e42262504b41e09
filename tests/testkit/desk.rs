//! The application in the tray, with sign-ins that near their end, and what it notifies.

use crate::application::start_alone;
use crate::desktop::Desktop;
use crate::notifications::{Notifications, Shown};
use crate::programs::Running;
use crate::scene::{Scene, Storage};
use crate::sign_ins;
use crate::tray_host::Address;
use crate::waiting::until;
use crate::{Context, Result, ensure};
use jiff::{SignedDuration, Timestamp};
use std::fs;
use std::time::Duration;

/// A stage is reached by the clock; the keeper looks at least every 30 seconds.
pub const STAGE: Duration = Duration::from_secs(60);

/// The application in the tray; dropped in this order.
#[derive(Debug)]
pub struct Desk {
    /// The application.
    pub application: Running,
    /// Its icon.
    pub item: Address,
    /// Everything else.
    pub scene: Scene,
}

/// Starts the application on that scene.
pub fn desk(scene: Scene) -> Result<Desk> {
    desk_with(scene, Vec::new())
}

/// Starts it with further variables.
pub fn desk_with(scene: Scene, further: Vec<(String, String)>) -> Result<Desk> {
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
pub fn signed_in(desktop: Desktop, names: &[&str]) -> Result<Scene> {
    let scene = Scene::empty(desktop, &["--accounts", "2"])?;
    for name in names {
        scene.add_session(name, Storage::Shared)?;
        scene.daypass.sign_in(name)?;
    }
    Ok(scene)
}

/// One session `work` that usually ends after so long.
pub fn ending_in(left: SignedDuration) -> Result<(Scene, Timestamp)> {
    let scene = signed_in(Desktop::full()?, &["work"])?;
    let end = sign_ins::usually_ends_in(&scene, "work", left)?;
    Ok((scene, end))
}

/// Minutes and seconds.
pub fn minutes(minutes: i64, seconds: i64) -> SignedDuration {
    SignedDuration::from_secs(60 * minutes + seconds)
}

/// Whether the session's sign-in is of this minute, and good.
pub fn is_fresh(scene: &Scene, session: &str) -> Result<bool> {
    let status = scene.status(session)?;
    let began: Timestamp = status["signed_in_at"]
        .as_str()
        .unwrap_or_default()
        .parse()?;
    let age = Timestamp::now().duration_since(began);
    Ok(status["state"] == "active" && age < SignedDuration::from_mins(1))
}

impl Desk {
    /// The notification server.
    pub fn server(&self) -> Result<&Notifications> {
        self.scene.desktop.notifications()
    }

    /// Waits for the one notification that stands and fits.
    pub fn told(&self, awaited: &str, fits: impl Fn(&Shown) -> bool) -> Result<Shown> {
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

    /// Presses the button with that label.
    pub fn press(&self, shown: &Shown, label: &str) -> Result<()> {
        self.server()?.press(shown.id, shown.key(label)?)
    }

    /// Waits for a line of the tray's menu that begins so.
    pub fn wait_for_line(&self, begin: &str) -> Result<String> {
        let host = self.scene.desktop.tray_host()?;
        let entry = host.wait_for_entry(&self.item, begin, |it| it.label.starts_with(begin))?;
        Ok(entry.label)
    }

    /// The line about `work`, with the user's name where that is known already.
    pub fn wait_for_line_with(&self, words: &str) -> Result<()> {
        let host = self.scene.desktop.tray_host()?;
        let fits = |label: &str| label.starts_with("work") && label.contains(words);
        host.wait_for_entry(&self.item, words, |it| fits(&it.label))
            .map(drop)
    }

    /// The tray's face.
    pub fn pixels(&self) -> Result<Vec<(i32, i32, Vec<u8>)>> {
        self.scene.desktop.tray_host()?.pixels(&self.item)
    }

    /// What the application said.
    pub fn log(&self) -> Result<String> {
        Ok(fs::read_to_string(
            self.scene.home().logs().join("application.err"),
        )?)
    }
}
