//! A panel that hosts tray items: it sees them register, reads their menus and clicks in them.

use crate::bus::Bus;
use crate::waiting::{PATIENCE, until};
use crate::{Context, Result, anyhow};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use zbus::blocking::{Connection, Proxy};
use zbus::message::Header;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};

const NAME: &str = "org.kde.StatusNotifierWatcher";
const PATH: &str = "/StatusNotifierWatcher";
const ITEM: &str = "org.kde.StatusNotifierItem";
const MENU: &str = "com.canonical.dbusmenu";

/// The panel; it leaves the bus when dropped.
#[derive(Debug)]
pub struct TrayHost {
    connection: Connection,
    items: Arc<Mutex<Vec<Address>>>,
}

/// Where an item is found: the name of its program on the bus, and its path there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The bus name.
    pub name: String,
    /// The object path.
    pub path: String,
}

/// One entry of a menu, with what lies below it.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The number by which the menu knows it.
    pub id: i32,
    /// The text, without the marks of access keys.
    pub label: String,
    /// Whether it can be chosen.
    pub enabled: bool,
    /// Whether it is only a line.
    pub separator: bool,
    /// The entries of its submenu.
    pub entries: Vec<Entry>,
}

type Layout = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

impl TrayHost {
    /// Takes the well-known name; items may be running already.
    pub fn serve(bus: &Bus) -> Result<Self> {
        let items = Arc::default();
        let watcher = Watcher {
            items: Arc::clone(&items),
        };
        let builder = zbus::blocking::connection::Builder::address(bus.address().as_str())?;
        let connection = builder.serve_at(PATH, watcher)?.name(NAME)?.build();
        Ok(Self {
            connection: connection.context("becoming the tray host")?,
            items,
        })
    }

    /// Waits until an item has registered.
    pub fn item(&self) -> Result<Address> {
        until(PATIENCE, "a tray item", || Ok(self.items().pop()))
    }

    /// All items that have registered.
    pub fn items(&self) -> Vec<Address> {
        locked(&self.items).clone()
    }

    /// A text property of the item: `Title`, `Status`, `IconName` …
    pub fn text(&self, item: &Address, property: &str) -> Result<String> {
        let proxy = self.proxy(item, &item.path, ITEM)?;
        proxy
            .get_property(property)
            .with_context(|| format!("reading {property} of the tray item"))
    }

    /// The heading of the item's tooltip.
    pub fn tooltip(&self, item: &Address) -> Result<String> {
        type ToolTip = (String, Vec<(i32, i32, Vec<u8>)>, String, String);
        let (_, _, title, text): ToolTip = self
            .proxy(item, &item.path, ITEM)?
            .get_property("ToolTip")?;
        Ok(if text.is_empty() {
            title
        } else {
            format!("{title}\n{text}")
        })
    }

    /// The bytes that the item shows: its pixels (width, height, ARGB) as it hands them over.
    pub fn pixels(&self, item: &Address) -> Result<Vec<(i32, i32, Vec<u8>)>> {
        Ok(self
            .proxy(item, &item.path, ITEM)?
            .get_property("IconPixmap")?)
    }

    /// A left click on the item.
    pub fn activate(&self, item: &Address) -> Result<()> {
        self.activate_at(item, 10, 10)
    }

    /// The same at a place of the screen.
    pub fn activate_at(&self, item: &Address, x: i32, y: i32) -> Result<()> {
        let proxy = self.proxy(item, &item.path, ITEM)?;
        proxy
            .call::<_, _, ()>("Activate", &(x, y))
            .context("a left click on the tray")
    }

    /// The whole menu.
    pub fn menu(&self, item: &Address) -> Result<Vec<Entry>> {
        let proxy = self.menu_proxy(item)?;
        let whole = (0_i32, -1_i32, Vec::<String>::new());
        let (_, layout): (u32, Layout) = proxy.call("GetLayout", &whole)?;
        Ok(entry(layout)?.entries)
    }

    /// Waits until the menu has an entry that `fits`.
    pub fn wait_for_entry(
        &self,
        item: &Address,
        awaited: &str,
        fits: impl Fn(&Entry) -> bool,
    ) -> Result<Entry> {
        let awaited = format!("the menu entry {awaited}");
        until(PATIENCE, &awaited, || Ok(find(&self.menu(item)?, &fits)))
    }

    /// Chooses the entry whose text begins with `label`; once more where the menu was rebuilt between
    /// the look and the click. Who ends with the click may have no time left to answer it.
    pub fn choose(&self, item: &Address, label: &str) -> Result<()> {
        until(PATIENCE, &format!("a click on {label}"), || {
            let entry = self.wait_for_entry(item, label, |entry| entry.label.starts_with(label))?;
            match self.click(item, &entry) {
                Err(_) if !self.is_there(item)? => Ok(Some(())),
                clicked => clicked.map(Some),
            }
        })
    }

    fn is_there(&self, item: &Address) -> Result<bool> {
        let bus = zbus::blocking::fdo::DBusProxy::new(&self.connection)?;
        Ok(bus.name_has_owner(item.name.as_str().try_into()?)?)
    }

    /// Chooses an entry.
    pub fn click(&self, item: &Address, entry: &Entry) -> Result<()> {
        let event = (entry.id, "clicked", Value::from(""), 0_u32);
        let sent = self.menu_proxy(item)?.call::<_, _, ()>("Event", &event);
        sent.with_context(|| format!("choosing {}", entry.label))
    }

    fn menu_proxy(&self, item: &Address) -> Result<Proxy<'_>> {
        let path: OwnedObjectPath = self.proxy(item, &item.path, ITEM)?.get_property("Menu")?;
        self.proxy(item, path.as_str(), MENU)
    }

    fn proxy(&self, item: &Address, path: &str, interface: &'static str) -> Result<Proxy<'_>> {
        // The values change behind our back on purpose, so nothing is remembered.
        let builder = zbus::blocking::proxy::Builder::<Proxy<'_>>::new(&self.connection)
            .destination(item.name.clone())?
            .path(path.to_owned())?
            .interface(interface)?;
        Ok(builder
            .cache_properties(zbus::proxy::CacheProperties::No)
            .build()?)
    }
}

/// The first entry, at any depth, that `fits`.
pub fn find(entries: &[Entry], fits: &impl Fn(&Entry) -> bool) -> Option<Entry> {
    entries.iter().find_map(|entry| {
        if fits(entry) {
            Some(entry.clone())
        } else {
            find(&entry.entries, fits)
        }
    })
}

/// The menu as indented text, for a log or a picture's caption.
pub fn outline(entries: &[Entry]) -> String {
    let mut text = String::new();
    draw(entries, 0, &mut text);
    text
}

fn draw(entries: &[Entry], depth: usize, text: &mut String) {
    for entry in entries {
        let label = if entry.separator {
            "──"
        } else {
            &entry.label
        };
        let dim = if entry.enabled || entry.separator {
            ""
        } else {
            "  (off)"
        };
        text.push_str(&format!("{}{label}{dim}\n", "    ".repeat(depth)));
        draw(&entry.entries, depth + 1, text);
    }
}

fn entry((id, properties, children): Layout) -> Result<Entry> {
    let text = |key: &str| {
        properties
            .get(key)
            .and_then(|value| <&str>::try_from(value).ok())
            .unwrap_or_default()
    };
    let enabled = properties
        .get("enabled")
        .and_then(|value| bool::try_from(value).ok());
    let separator = text("type") == "separator";
    let label = text("label")
        .replace("__", "\u{0}")
        .replace('_', "")
        .replace('\u{0}', "_");
    let entries = children
        .into_iter()
        .map(|child| entry(layout(child)?))
        .collect::<Result<_>>()?;
    Ok(Entry {
        id,
        label,
        enabled: enabled.unwrap_or(true),
        separator,
        entries,
    })
}

fn layout(value: OwnedValue) -> Result<Layout> {
    Layout::try_from(zbus::zvariant::Structure::try_from(value)?)
        .map_err(|error| anyhow!("a menu entry of another shape: {error}"))
}

struct Watcher {
    items: Arc<Mutex<Vec<Address>>>,
}

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(
        &self,
        service: String,
        #[zbus(header)] header: Header<'_>,
    ) -> zbus::fdo::Result<()> {
        let sender = header.sender().map(ToString::to_string).unwrap_or_default();
        // A path means "at the sender"; a name means "there, at the usual path".
        let address = if service.starts_with('/') {
            Address {
                name: sender,
                path: service,
            }
        } else {
            Address {
                name: service,
                path: "/StatusNotifierItem".to_owned(),
            }
        };
        let mut items = locked(&self.items);
        if !items.contains(&address) {
            items.push(address);
        }
        Ok(())
    }

    fn register_status_notifier_host(&self, _service: String) {}

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        locked(&self.items)
            .iter()
            .map(|item| format!("{}{}", item.name, item.path))
            .collect()
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }
}

fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
