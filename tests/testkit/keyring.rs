//! A real Secret Service: gnome-keyring, unlocked, locked, or not there at all.

use crate::bus::Bus;
use crate::home::Home;
use crate::places::tool;
use crate::programs::{Running, command};
use crate::waiting::{PATIENCE, until_true};
use crate::{Context, Result};
use rustix::process::Signal;
use std::collections::HashMap;
use std::io::Write;
use std::process::Stdio;
use zbus::blocking::Proxy;
use zbus::zvariant::{ObjectPath, OwnedObjectPath, OwnedValue, Value};

const NAME: &str = "org.freedesktop.secrets";
const SERVICE: &str = "org.freedesktop.Secret.Service";
const ROOT: &str = "/org/freedesktop/secrets";
const LOGIN: &str = "/org/freedesktop/secrets/collection/login";

/// What the Secret Service's `GetSecrets` answers: session, parameters, value, content type.
type Secret = (OwnedObjectPath, Vec<u8>, Vec<u8>, String);

/// A running gnome-keyring-daemon.
#[derive(Debug)]
pub struct Keyring {
    connection: zbus::blocking::Connection,
    daemon: Running,
}

/// One item: its label, its attributes, its secret value.
#[derive(Clone, Debug)]
pub struct Item {
    /// What a keyring viewer shows.
    pub label: String,
    /// What the item is found by.
    pub attributes: HashMap<String, String>,
    /// The secret.
    pub value: Vec<u8>,
}

impl Keyring {
    /// Starts the service with an unlocked default collection.
    pub fn unlocked(home: &Home, bus: &Bus) -> Result<Self> {
        let mut command = command(&tool("gnome-keyring-daemon", "gnome-keyring")?);
        command
            .envs(home.env())
            .env("DBUS_SESSION_BUS_ADDRESS", bus.address());
        command
            .args(["--foreground", "--unlock", "--components=secrets"])
            .stdin(Stdio::piped());
        let mut daemon = Running::start("keyring", &mut command, &home.logs())?;
        // The password ends where the input ends: the handle is dropped here.
        daemon.take_stdin()?.write_all(b"only for tests")?;
        until_true(PATIENCE, "the Secret Service", || bus.has(NAME))?;
        Ok(Self {
            connection: bus.connect()?,
            daemon,
        })
    }

    /// Starts the service where no collection was ever made, and nobody is there to make one.
    pub fn without_collection(home: &Home, bus: &Bus) -> Result<Self> {
        let mut command = command(&tool("gnome-keyring-daemon", "gnome-keyring")?);
        command
            .envs(home.env())
            .env("DBUS_SESSION_BUS_ADDRESS", bus.address())
            .args(["--foreground", "--components=secrets"]);
        let daemon = Running::start("keyring", &mut command, &home.logs())?;
        until_true(PATIENCE, "the Secret Service", || bus.has(NAME))?;
        Ok(Self {
            connection: bus.connect()?,
            daemon,
        })
    }

    /// Starts the service and locks its default collection; nobody is there to unlock it.
    pub fn locked(home: &Home, bus: &Bus) -> Result<Self> {
        let keyring = Self::unlocked(home, bus)?;
        keyring.lock()?;
        Ok(keyring)
    }

    /// Locks the default collection.
    pub fn lock(&self) -> Result<()> {
        let paths = vec![ObjectPath::try_from(LOGIN)?];
        let answer: (Vec<OwnedObjectPath>, OwnedObjectPath) = self
            .service()?
            .call("Lock", &paths)
            .context("locking the keyring")?;
        anyhow::ensure!(!answer.0.is_empty(), "the keyring did not lock");
        Ok(())
    }

    /// Stops it in the middle of whatever it does; it answers nobody.
    pub fn freeze(&self) -> Result<()> {
        self.daemon.signal(Signal::STOP)
    }

    /// Lets it go on.
    pub fn thaw(&self) -> Result<()> {
        self.daemon.signal(Signal::CONT)
    }

    /// Ends it without a word, also while it is frozen.
    pub fn kill(&self) -> Result<()> {
        self.daemon.signal(Signal::KILL)
    }

    /// Puts a second item beside each one, with the same attributes.
    pub fn double_all(&self) -> Result<usize> {
        let items = self.items()?;
        let (_, session): (OwnedValue, OwnedObjectPath) = self
            .service()?
            .call("OpenSession", &("plain", Value::from("")))?;
        let collection = "org.freedesktop.Secret.Collection";
        let login = Proxy::new(&self.connection, NAME, LOGIN, collection)?;
        for item in &items {
            let properties = HashMap::from([
                (
                    "org.freedesktop.Secret.Item.Label",
                    Value::from(item.label.as_str()),
                ),
                (
                    "org.freedesktop.Secret.Item.Attributes",
                    Value::from(item.attributes.clone()),
                ),
            ]);
            let kind = "application/octet-stream";
            let secret = (&session, Vec::<u8>::new(), item.value.clone(), kind);
            let (_, prompt): (OwnedObjectPath, OwnedObjectPath) =
                login.call("CreateItem", &(properties, secret, false))?;
            anyhow::ensure!(prompt.as_str() == "/", "the keyring asks for something");
        }
        Ok(items.len())
    }

    /// Everything that rests in the keyring, secrets included.
    pub fn items(&self) -> Result<Vec<Item>> {
        let service = self.service()?;
        let nothing: HashMap<String, String> = HashMap::new();
        let (free, locked): (Vec<OwnedObjectPath>, Vec<OwnedObjectPath>) =
            service.call("SearchItems", &nothing)?;
        anyhow::ensure!(locked.is_empty(), "{} items are locked", locked.len());
        let (_, session): (OwnedValue, OwnedObjectPath) =
            service.call("OpenSession", &("plain", Value::from("")))?;
        let secrets: HashMap<OwnedObjectPath, Secret> =
            service.call("GetSecrets", &(free, session))?;
        secrets
            .into_iter()
            .map(|(path, secret)| self.item(path, secret))
            .collect()
    }

    fn item(&self, path: OwnedObjectPath, secret: Secret) -> Result<Item> {
        let item = Proxy::new(&self.connection, NAME, path, "org.freedesktop.Secret.Item")?;
        let label = item.get_property("Label")?;
        Ok(Item {
            label,
            attributes: item.get_property("Attributes")?,
            value: secret.2,
        })
    }

    fn service(&self) -> Result<Proxy<'_>> {
        Ok(Proxy::new(&self.connection, NAME, ROOT, SERVICE)?)
    }
}
