//! A desktop portal that says whether the desktop is dark or light, and when that changes.

use crate::bus::Bus;
use crate::{Context, Result};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use zbus::blocking::Connection;
use zbus::zvariant::{OwnedValue, Value};

const NAME: &str = "org.freedesktop.portal.Desktop";
const PATH: &str = "/org/freedesktop/portal/desktop";
const INTERFACE: &str = "org.freedesktop.portal.Settings";
const KEY: (&str, &str) = ("org.freedesktop.appearance", "color-scheme");

/// What the desktop wants of colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// It has not said.
    Unknown = 0,
    /// Dark.
    Dark = 1,
    /// Light.
    Light = 2,
}

/// The portal; it leaves the bus when dropped.
#[derive(Debug)]
pub struct Colours {
    connection: Connection,
    scheme: Arc<Mutex<Scheme>>,
}

impl Colours {
    /// Takes the well-known name.
    pub fn serve(bus: &Bus, scheme: Scheme) -> Result<Self> {
        let scheme = Arc::new(Mutex::new(scheme));
        let portal = Portal(Arc::clone(&scheme));
        let builder = zbus::blocking::connection::Builder::address(bus.address().as_str())?;
        let connection = builder.serve_at(PATH, portal)?.name(NAME)?.build();
        Ok(Self {
            connection: connection.context("becoming the desktop portal")?,
            scheme,
        })
    }

    /// The desktop turns.
    pub fn turn(&self, scheme: Scheme) -> Result<()> {
        *self.scheme.lock().unwrap_or_else(PoisonError::into_inner) = scheme;
        let told = (KEY.0, KEY.1, Value::from(scheme as u32));
        self.connection
            .emit_signal(None::<&str>, PATH, INTERFACE, "SettingChanged", &told)
            .context("telling of other colours")
    }
}

struct Portal(Arc<Mutex<Scheme>>);

#[zbus::interface(name = "org.freedesktop.portal.Settings")]
impl Portal {
    /// The value, wrapped twice as portals do here.
    fn read(&self, namespace: &str, key: &str) -> zbus::fdo::Result<OwnedValue> {
        if (namespace, key) != KEY {
            return Err(zbus::fdo::Error::Failed("no such setting".to_owned()));
        }
        let scheme = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let inner = Value::Value(Box::new(Value::from(scheme as u32)));
        OwnedValue::try_from(inner).map_err(|error| zbus::fdo::Error::Failed(error.to_string()))
    }

    fn read_all(&self, _namespaces: Vec<String>) -> HashMap<String, HashMap<String, OwnedValue>> {
        HashMap::new()
    }
}
