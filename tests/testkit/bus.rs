//! A D-Bus session bus of one's own, that starts nothing by itself.

use crate::home::Home;
use crate::places::tool;
use crate::programs::{Running, command};
use crate::waiting::{PATIENCE, until_true};
use crate::{Context, Result};
use std::fs;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// A running dbus-daemon.
///
/// The usual session configuration would start a keyring and a notification server from
/// installed service files, so that a test of their absence would test something else.
#[derive(Debug)]
pub struct Bus {
    socket: PathBuf,
    _daemon: Running,
}

impl Bus {
    /// Starts the bus and waits until it takes connections.
    pub fn start(home: &Home) -> Result<Self> {
        let socket = home.run().join("bus");
        let config = home.run().join("bus.conf");
        fs::write(&config, configuration(&socket.display().to_string()))?;
        let mut command = command(&tool("dbus-daemon", "dbus-daemon")?);
        command.envs(home.env());
        command.arg("--nofork").arg("--config-file").arg(&config);
        let daemon = Running::start("bus", &mut command, &home.logs())?;
        // The socket is there a moment before anybody listens.
        until_true(PATIENCE, "the session bus", || {
            Ok(UnixStream::connect(&socket).is_ok())
        })?;
        Ok(Self {
            socket,
            _daemon: daemon,
        })
    }

    /// The value of `DBUS_SESSION_BUS_ADDRESS`.
    pub fn address(&self) -> String {
        format!("unix:path={}", self.socket.display())
    }

    /// A connection of the test's own.
    pub fn connect(&self) -> Result<zbus::blocking::Connection> {
        let builder = zbus::blocking::connection::Builder::address(self.address().as_str())?;
        builder.build().context("connecting to the session bus")
    }

    /// Whether anybody on the bus has that name.
    pub fn has(&self, name: &str) -> Result<bool> {
        let bus = zbus::blocking::fdo::DBusProxy::new(&self.connect()?)?;
        Ok(bus.name_has_owner(name.try_into()?)?)
    }
}

/// As a desktop's own session bus, which turns nobody away because there are many.
const LIMITS: &str = r#"<limit name="auth_timeout">240000</limit>
<limit name="max_incomplete_connections">10000</limit>
<limit name="max_completed_connections">100000</limit>
<limit name="max_connections_per_user">100000</limit>
<limit name="max_replies_per_connection">50000</limit>"#;

fn configuration(socket: &str) -> String {
    format!(
        r#"<busconfig><type>session</type><listen>unix:path={socket}</listen>
{LIMITS}
<policy context="default"><allow send_destination="*" eavesdrop="true"/>
<allow eavesdrop="true"/><allow own="*"/></policy></busconfig>
"#
    )
}

/// What goes over a bus to the keyring, seen from outside.
#[derive(Debug)]
pub struct Watch(Arc<Mutex<Vec<String>>>);

impl Bus {
    /// Writes down every call to the Secret Service from now on.
    pub fn watch_secrets(&self) -> Result<Watch> {
        let connection = self.connect()?;
        let monitoring = zbus::blocking::fdo::MonitoringProxy::new(&connection)?;
        let rule = "type='method_call'";
        monitoring.become_monitor(&[rule.try_into()?], 0)?;
        let seen = Arc::new(Mutex::new(Vec::new()));
        let here = seen.clone();
        thread::spawn(move || {
            for message in zbus::blocking::MessageIterator::from(connection).flatten() {
                let header = message.header();
                let interface = header.interface().map(ToString::to_string);
                let of_secrets =
                    interface.is_some_and(|it| it.starts_with("org.freedesktop.Secret."));
                if let Some(member) = header.member().filter(|_| of_secrets) {
                    lock(&here).push(member.to_string());
                }
            }
        });
        Ok(Watch(seen))
    }
}

impl Watch {
    /// The calls since the last look, in order.
    pub fn taken(&self) -> Vec<String> {
        // What the bus hands on to a watcher comes a moment after it has arrived.
        thread::sleep(Duration::from_millis(300));
        std::mem::take(&mut *lock(&self.0))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
