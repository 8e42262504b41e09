//! What assistive technology sees: the tree of names and roles that programs put on the accessibility bus.

use crate::bus::Bus;
use crate::home::Home;
use crate::places::tool;
use crate::programs::{Running, command};
use crate::waiting::{PATIENCE, until, until_true};
use crate::{Context, Result};
use zbus::blocking::{Connection, Proxy};
use zbus::proxy::CacheProperties;
use zbus::zvariant::OwnedObjectPath;

const LAUNCHER: &str = "org.a11y.Bus";
const REGISTRY: &str = "org.a11y.atspi.Registry";
const ROOT: &str = "/org/a11y/atspi/accessible/root";
const ACCESSIBLE: &str = "org.a11y.atspi.Accessible";
/// The bits of `AtspiStateType`.
const FOCUSABLE: u64 = 1 << 11;
const FOCUSED: u64 = 1 << 12;
const SHOWING: u64 = 1 << 25;

/// A desktop on which assistive technology is at work.
#[derive(Debug)]
pub struct Accessibility {
    _launcher: Running,
}

/// One object as it is told: a control, a text, a group.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is: `button`, `entry`, `table row` …
    pub role: String,
    /// What it is called.
    pub name: String,
    /// What is told of it beside that.
    pub description: String,
    /// Whether the keyboard can be given to it.
    pub focusable: bool,
    /// Whether it has the keyboard.
    pub focused: bool,
    /// Whether it is to be seen.
    pub showing: bool,
    /// What is in it.
    pub nodes: Vec<Node>,
}

impl Accessibility {
    /// Starts the accessibility bus, as a desktop with a screen reader has it.
    pub fn start(home: &Home, bus: &Bus) -> Result<Self> {
        let mut command = command(&tool("at-spi-bus-launcher", "at-spi2-core")?);
        command.args(["--launch-immediately", "--a11y=1", "--screen-reader=1"]);
        command.envs(home.env());
        command.env("DBUS_SESSION_BUS_ADDRESS", bus.address());
        let launcher = Running::start("accessibility", &mut command, &home.logs())?;
        until_true(PATIENCE, "the accessibility bus", || bus.has(LAUNCHER))?;
        Ok(Self {
            _launcher: launcher,
        })
    }

    /// Waits until a program of that name is there, and tells its whole tree.
    pub fn tree(&self, bus: &Bus, program: &str) -> Result<Node> {
        let session = bus.connect()?;
        let launcher = Proxy::new(&session, LAUNCHER, "/org/a11y/bus", LAUNCHER)?;
        let address: String = launcher.call("GetAddress", &())?;
        let builder = zbus::blocking::connection::Builder::address(address.as_str())?;
        let there = builder
            .build()
            .context("connecting to the accessibility bus")?;
        until(
            PATIENCE,
            &format!("{program} among the accessible programs"),
            || {
                let programs = children(&there, REGISTRY, ROOT)?;
                let mut fitting = programs.into_iter().filter_map(|(name, path)| {
                    let found = node(&there, &name, path.as_str(), 0).ok()?;
                    (found.name == program).then_some(found)
                });
                Ok(fitting.next())
            },
        )
    }
}

impl Node {
    /// This and all below it, from the top.
    pub fn all(&self) -> Vec<&Node> {
        let below = self.nodes.iter().flat_map(Node::all);
        std::iter::once(self).chain(below).collect()
    }

    /// The tree as indented text, for evidence.
    pub fn outline(&self) -> String {
        let mut text = String::new();
        self.draw(0, &mut text);
        text
    }

    fn draw(&self, depth: usize, text: &mut String) {
        let focus = match (self.focused, self.focusable) {
            (true, _) => " *",
            (false, true) => " +",
            (false, false) => "",
        };
        let line = format!(
            "{}{}{focus} {:?}\n",
            "  ".repeat(depth),
            self.role,
            self.name
        );
        text.push_str(&line);
        self.nodes
            .iter()
            .for_each(|node| node.draw(depth + 1, text));
    }
}

/// The roles of `AtspiRole` that a page of ours can have, by their numbers there.
const ROLES: [(u32, &str); 37] = [
    (2, "alert"),
    (7, "check box"),
    (10, "column header"),
    (11, "combo box"),
    (16, "dialog"),
    (20, "filler"),
    (23, "frame"),
    (27, "image"),
    (29, "label"),
    (31, "list"),
    (32, "list item"),
    (33, "menu"),
    (35, "menu item"),
    (39, "panel"),
    (42, "progress bar"),
    (43, "button"),
    (44, "radio button"),
    (49, "scroll pane"),
    (50, "separator"),
    (54, "status"),
    (56, "cell"),
    (61, "text"),
    (62, "toggle button"),
    (66, "tree table"),
    (71, "header"),
    (72, "footer"),
    (73, "paragraph"),
    (75, "application"),
    (79, "entry"),
    (83, "heading"),
    (85, "section"),
    (87, "form"),
    (88, "link"),
    (90, "row"),
    (95, "page"),
    (98, "list box"),
    (99, "group"),
];

fn role(number: u32) -> String {
    let known = ROLES.iter().find(|(known, _)| *known == number);
    known.map_or_else(|| format!("role {number}"), |(_, name)| (*name).to_owned())
}

/// Deeper than this nothing of ours is.
const DEEPEST: usize = 60;

fn node(bus: &Connection, name: &str, path: &str, depth: usize) -> Result<Node> {
    let proxy = object(bus, name, path)?;
    let states: Vec<u32> = proxy.call("GetState", &())?;
    let state = |bit: u64| {
        let all = states
            .iter()
            .rev()
            .fold(0_u64, |all, it| (all << 32) | u64::from(*it));
        all & bit != 0
    };
    let below = if depth < DEEPEST {
        children(bus, name, path)?
    } else {
        Vec::new()
    };
    let nodes = below
        .iter()
        // What goes while it is looked at is gone.
        .filter_map(|(name, path)| node(bus, name, path.as_str(), depth + 1).ok());
    Ok(Node {
        role: role(proxy.call("GetRole", &())?),
        name: proxy.get_property("Name")?,
        description: proxy.get_property("Description")?,
        focusable: state(FOCUSABLE),
        focused: state(FOCUSED),
        showing: state(SHOWING),
        nodes: nodes.collect(),
    })
}

/// One by one: the place where a web view is plugged in tells its child no other way.
fn children(bus: &Connection, name: &str, path: &str) -> Result<Vec<(String, OwnedObjectPath)>> {
    let proxy = object(bus, name, path)?;
    let count: i32 = proxy.get_property("ChildCount")?;
    (0..count)
        .map(|at| {
            Ok(proxy
                .call::<_, _, ((String, OwnedObjectPath),)>("GetChildAtIndex", &(at,))?
                .0)
        })
        .collect()
}

/// Nothing is remembered: it changes behind our back.
fn object(bus: &Connection, name: &str, path: &str) -> Result<Proxy<'static>> {
    let builder = zbus::blocking::proxy::Builder::<Proxy<'static>>::new(bus)
        .destination(name.to_owned())?
        .path(path.to_owned())?
        .interface(ACCESSIBLE)?;
    Ok(builder.cache_properties(CacheProperties::No).build()?)
}
