//! There is one application: a later launch brings up the panel of the first, and ends.
//!
//! On Linux that is settled before anything of GTK begins, which must not be ended while it begins
//! (`docs/decisions/0014-one-application.md`); elsewhere the plugin does it.

#[cfg(target_os = "linux")]
pub(crate) use bus::claim;
#[cfg(not(target_os = "linux"))]
pub(crate) use plugin::claim;

#[cfg(target_os = "linux")]
mod bus {
    use std::sync::{Arc, Mutex, PoisonError};
    use std::time::Duration;

    use tauri::{AppHandle, Builder, Wry};
    use zbus::blocking::{Connection, connection};
    use zbus::fdo::{RequestNameFlags, RequestNameReply};

    use crate::windows;

    const NAME: &str = "app.daypass.desktop.SingleInstance";
    const PATH: &str = "/app/daypass/desktop/SingleInstance";
    const INTERFACE: &str = "org.SingleInstance.DBus";
    const METHOD: &str = "ExecuteCallback";
    /// A first launch that does not answer so long is not there.
    const PATIENCE: Duration = Duration::from_secs(10);
    /// The first can end while it is asked; then this one is the first.
    const TRIES: usize = 3;

    /// What later launches want, until there is an application that can do it.
    #[derive(Default)]
    struct Door {
        app: Option<AppHandle>,
        knocked: bool,
    }

    #[derive(Clone, Default)]
    struct Calls(Arc<Mutex<Door>>);

    #[zbus::interface(name = "org.SingleInstance.DBus")]
    impl Calls {
        /// A later launch; its words and its folder say nothing that counts.
        fn execute_callback(&self, _words: Vec<String>, _folder: &str) {
            match self.knock() {
                Some(app) => windows::show_panel(&app),
                None => tracing::debug!("asked for the panel before there is one"),
            }
        }
    }

    impl Calls {
        fn knock(&self) -> Option<AppHandle> {
            let mut door = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            door.knocked = true;
            door.app.clone()
        }

        /// Whether somebody knocked before.
        fn open(&self, app: &AppHandle) -> bool {
            let mut door = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            door.app = Some(app.clone());
            door.knocked
        }
    }

    /// This launch is the only one, as far as can be known; later ones are heard while it lives.
    pub(crate) struct Alone {
        calls: Calls,
        bus: Option<Connection>,
    }

    impl Alone {
        /// Nothing is needed of Tauri.
        pub(crate) fn build(&self, builder: Builder<Wry>) -> Builder<Wry> {
            builder
        }

        /// From now on later launches get the panel, as do those that came before.
        pub(crate) fn begin(self, app: &AppHandle) {
            if self.calls.open(app) {
                windows::show_panel(app);
            }
            tauri::Manager::manage(app, self.bus);
        }
    }

    /// Nothing where another launch is the one; it has been asked for its panel. Without a message
    /// bus nobody can be found, and this is the one.
    pub(crate) fn claim() -> zbus::Result<Option<Alone>> {
        let calls = Calls::default();
        let bus = match connect(&calls) {
            Ok(bus) => bus,
            Err(error) => {
                tracing::warn!(%error, "no message bus: other launches cannot be found");
                return Ok(Some(Alone { calls, bus: None }));
            }
        };
        let mut trouble = None;
        for _ in 0..TRIES {
            if is_first(&bus) {
                let bus = Some(bus);
                return Ok(Some(Alone { calls, bus }));
            }
            match ask(&bus) {
                Ok(()) => return Ok(None),
                Err(error) => trouble = Some(error),
            }
        }
        trouble.map_or(Ok(None), Err)
    }

    fn connect(calls: &Calls) -> zbus::Result<Connection> {
        connection::Builder::session()?
            .method_timeout(PATIENCE)
            .serve_at(PATH, calls.clone())?
            .build()
    }

    /// A bus that gives nobody this name, as in some sandboxes, keeps no launch from starting.
    fn is_first(bus: &Connection) -> bool {
        match bus.request_name_with_flags(NAME, RequestNameFlags::DoNotQueue.into()) {
            Ok(reply) => reply == RequestNameReply::PrimaryOwner,
            Err(zbus::Error::NameTaken) => false,
            Err(error) => {
                tracing::warn!(%error, "no name on the message bus: other launches cannot find this one");
                true
            }
        }
    }

    /// The words of this launch stay here: nothing in them is for the first.
    fn ask(bus: &Connection) -> zbus::Result<()> {
        let nothing: (Vec<String>, &str) = (Vec::new(), "");
        bus.call_method(Some(NAME), PATH, Some(INTERFACE), METHOD, &nothing)?;
        Ok(())
    }
}

#[cfg(not(target_os = "linux"))]
mod plugin {
    use std::convert::Infallible;

    use tauri::{AppHandle, Builder, Wry};

    use crate::windows;

    /// The plugin ends later launches by itself.
    pub(crate) struct Alone;

    impl Alone {
        pub(crate) fn build(&self, builder: Builder<Wry>) -> Builder<Wry> {
            let asked = |app: &AppHandle, _, _| windows::show_panel(app);
            builder.plugin(tauri_plugin_single_instance::init(asked))
        }

        /// Nothing is left to do.
        pub(crate) fn begin(self, _: &AppHandle) {}
    }

    /// Known only once Tauri has begun.
    pub(crate) fn claim() -> Result<Option<Alone>, Infallible> {
        Ok(Some(Alone))
    }
}
