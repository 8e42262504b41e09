//! One person in front of the real window, signed in, with hands and eyes on it.

use crate::Result;
use crate::application::{self, Application};
use crate::desktop::Desktop;
use crate::programs::Running;
use crate::real_panel;
use crate::scene::{Scene, Storage};

/// The seat; its parts are let go in this order.
pub struct Seat {
    /// The application, with its panel open.
    pub application: Application,
    _window_manager: Running,
    /// Everything around it.
    pub scene: Scene,
}

impl Seat {
    /// Signs in at a portal with these options, starts the application in the tray, lets `opens` open
    /// its panel, and waits for the first rows.
    pub fn take(
        desktop: Desktop,
        options: &[&str],
        before: impl FnOnce(&Scene) -> Result<()>,
        opens: impl FnOnce(&Scene) -> Result<()>,
    ) -> Result<Self> {
        let scene = Scene::empty(desktop, options)?;
        scene.add_session("work", Storage::Keychain)?;
        scene.daypass.sign_in("work")?;
        before(&scene)?;
        let window_manager = real_panel::start_window_manager(&scene.desktop)?;
        let starting = application::start(&scene.desktop, &scene.portal.env())?;
        opens(&scene)?;
        let application = Application::open(starting)?;
        application.wait_for_rows(5)?;
        Ok(Self {
            application,
            _window_manager: window_manager,
            scene,
        })
    }

    /// The same with the list on the disk already, and a click on the tray.
    pub fn take_with_list(desktop: Desktop, options: &[&str]) -> Result<Self> {
        let reads = |scene: &Scene| scene.daypass.ok(&["list", "--refresh"]).map(drop);
        let clicks = |scene: &Scene| {
            let host = scene.desktop.tray_host()?;
            host.activate(&host.item()?)
        };
        Self::take(desktop, options, reads, clicks)
    }
}
