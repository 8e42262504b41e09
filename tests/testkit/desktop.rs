//! A desktop put together from its parts: each test names those that it needs.

use crate::accessible::Accessibility;
use crate::browser::{Browser, Following};
use crate::bus::Bus;
use crate::home::Home;
use crate::keyring::Keyring;
use crate::notifications::{Buttons, Notifications};
use crate::tray_host::TrayHost;
use crate::xvfb::Screen;
use crate::{Context, Result};

/// The parts; those that were not asked for are absent, as on a machine that lacks them.
///
/// Fields are dropped in this order: what stands on another comes before it.
#[derive(Debug)]
pub struct Desktop {
    tray_host: Option<TrayHost>,
    notifications: Option<Notifications>,
    accessibility: Option<Accessibility>,
    keyring: Option<Keyring>,
    bus: Option<Bus>,
    screen: Option<Screen>,
    browser: Option<Browser>,
    home: Home,
}

impl Desktop {
    /// A home and nothing else: what a program sees over SSH on a bare machine.
    pub fn bare() -> Result<Self> {
        Ok(Self {
            tray_host: None,
            notifications: None,
            accessibility: None,
            keyring: None,
            bus: None,
            screen: None,
            browser: None,
            home: Home::make()?,
        })
    }

    /// A home, a session bus and an unlocked keyring: a terminal on a desktop.
    pub fn with_keyring() -> Result<Self> {
        let mut desktop = Self::bare()?.and_bus()?;
        desktop.keyring = Some(Keyring::unlocked(&desktop.home, desktop.bus()?)?);
        Ok(desktop)
    }

    /// Everything: screen, keyring, notification server, tray host, browser.
    pub fn full() -> Result<Self> {
        Self::full_on("1280x800")
    }

    /// The same, with a screen of `WIDTHxHEIGHT`.
    pub fn full_on(size: &str) -> Result<Self> {
        Self::with_keyring()?
            .and_screen(size)?
            .and_browser(Following::Redirects)?
            .and_notifications(Buttons::Shown)?
            .and_tray_host()
    }

    /// Adds a session bus.
    pub fn and_bus(mut self) -> Result<Self> {
        self.bus = Some(Bus::start(&self.home)?);
        Ok(self)
    }

    /// Adds a screen of `WIDTHxHEIGHT`.
    pub fn and_screen(mut self, size: &str) -> Result<Self> {
        self.screen = Some(Screen::start(&self.home, size)?);
        Ok(self)
    }

    /// Adds a browser.
    pub fn and_browser(mut self, following: Following) -> Result<Self> {
        self.browser = Some(Browser::install(&self.home, following)?);
        Ok(self)
    }

    /// Adds a keyring that is locked, with nobody to unlock it; needs the bus.
    pub fn and_locked_keyring(mut self) -> Result<Self> {
        self.keyring = Some(Keyring::locked(&self.home, self.bus()?)?);
        Ok(self)
    }

    /// Adds a Secret Service that has nowhere to put a secret; needs the bus.
    pub fn and_keyring_without_collection(mut self) -> Result<Self> {
        self.keyring = Some(Keyring::without_collection(&self.home, self.bus()?)?);
        Ok(self)
    }

    /// Adds a notification server; needs the bus.
    pub fn and_notifications(mut self, buttons: Buttons) -> Result<Self> {
        self.notifications = Some(Notifications::serve(self.bus()?, buttons)?);
        Ok(self)
    }

    /// Adds a notification server while programs are running.
    pub fn start_notifications(&mut self, buttons: Buttons) -> Result<()> {
        self.notifications = Some(Notifications::serve(self.bus()?, buttons)?);
        Ok(())
    }

    /// Takes the notification server away, as when it crashes.
    pub fn stop_notifications(&mut self) {
        self.notifications = None;
    }

    /// Adds assistive technology; needs the bus.
    pub fn and_accessibility(mut self) -> Result<Self> {
        self.accessibility = Some(Accessibility::start(&self.home, self.bus()?)?);
        Ok(self)
    }

    /// Adds a tray host; needs the bus, and may come late.
    pub fn and_tray_host(mut self) -> Result<Self> {
        self.start_tray_host()?;
        Ok(self)
    }

    /// Adds a tray host while programs are running.
    pub fn start_tray_host(&mut self) -> Result<()> {
        self.tray_host = Some(TrayHost::serve(self.bus()?)?);
        Ok(())
    }

    /// Takes the tray host away, as when a panel crashes.
    pub fn stop_tray_host(&mut self) {
        self.tray_host = None;
    }

    /// The home.
    pub fn home(&self) -> &Home {
        &self.home
    }

    /// The session bus.
    pub fn bus(&self) -> Result<&Bus> {
        self.bus.as_ref().context("this desktop has no session bus")
    }

    /// The keyring.
    pub fn keyring(&self) -> Result<&Keyring> {
        self.keyring.as_ref().context("this desktop has no keyring")
    }

    /// The notification server.
    pub fn notifications(&self) -> Result<&Notifications> {
        self.notifications
            .as_ref()
            .context("this desktop has no notification server")
    }

    /// The tray host.
    pub fn tray_host(&self) -> Result<&TrayHost> {
        self.tray_host
            .as_ref()
            .context("this desktop has no tray host")
    }

    /// The assistive technology.
    pub fn accessibility(&self) -> Result<&Accessibility> {
        let there = self.accessibility.as_ref();
        there.context("nothing assists on this desktop")
    }

    /// The browser.
    pub fn browser(&self) -> Result<&Browser> {
        self.browser.as_ref().context("this desktop has no browser")
    }

    /// The screen.
    pub fn screen(&self) -> Result<&Screen> {
        self.screen.as_ref().context("this desktop has no screen")
    }

    /// The whole environment of a program on this desktop.
    pub fn env(&self) -> Vec<(String, String)> {
        let mut env = self.home.env();
        let mut set = |name: &str, value: &str| env.push((name.to_owned(), value.to_owned()));
        if let Some(bus) = &self.bus {
            set("DBUS_SESSION_BUS_ADDRESS", &bus.address());
        }
        if let Some(browser) = &self.browser {
            set("BROWSER", browser.command());
        }
        if let Some(screen) = &self.screen {
            set("DISPLAY", screen.display());
            set("GDK_BACKEND", "x11");
            if self.accessibility.is_none() {
                set("NO_AT_BRIDGE", "1");
            }
            // Halves the time to the first text where there is no graphics card.
            set("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
        }
        env
    }
}
