//! A D-Bus session bus of one's own, that starts nothing by itself.

use crate::home::Home;
use crate::places::tool;
use crate::programs::{Running, command};
use crate::waiting::{PATIENCE, until_true};
use crate::{Context, Result};
use std::fs;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;

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

fn configuration(socket: &str) -> String {
    format!(
        r#"<busconfig><type>session</type><listen>unix:path={socket}</listen>
<policy context="default"><allow send_destination="*" eavesdrop="true"/>
<allow eavesdrop="true"/><allow own="*"/></policy></busconfig>
"#
    )
}
