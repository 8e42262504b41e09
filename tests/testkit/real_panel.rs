//! Programs as people have them on their screens, for pictures: a panel with a tray, a window
//! manager, and notifications that are drawn. The hands on them are those of xdotool.

use crate::desktop::Desktop;
use crate::home::make_private;
use crate::places::tool;
use crate::programs::{Running, command, output};
use crate::waiting::{PATIENCE, until_true};
use crate::{Context, Result};
use std::fs;

/// The running programs.
#[derive(Debug)]
pub struct RealPanel {
    _programs: Vec<Running>,
}

impl RealPanel {
    /// Starts them on that desktop; it must have a bus and a screen, and nobody else as notification
    /// server or tray host.
    pub fn start(desktop: &Desktop) -> Result<Self> {
        write_settings(desktop)?;
        let mut programs = vec![start_settings_daemon(desktop)?];
        for (name, package, options) in [
            ("openbox", "openbox", &[][..]),
            ("dunst", "dunst", &[][..]),
            ("xfce4-panel", "xfce4-panel", &["--disable-wm-check"][..]),
        ] {
            let mut command = command(&tool(name, package)?);
            command.args(options).envs(desktop.env());
            programs.push(Running::start(name, &mut command, &desktop.home().logs())?);
        }
        let bus = desktop.bus()?;
        for name in [
            "org.freedesktop.Notifications",
            "org.kde.StatusNotifierWatcher",
        ] {
            until_true(PATIENCE, name, || bus.has(name))?;
        }
        Ok(Self {
            _programs: programs,
        })
    }
}

/// A window manager alone: without one no window is ever looked at.
pub fn start_window_manager(desktop: &Desktop) -> Result<Running> {
    let mut command = command(&tool("openbox", "openbox")?);
    command.envs(desktop.env());
    Running::start("openbox", &mut command, &desktop.home().logs())
}

/// The panel reads its settings through this, and our bus starts nothing by itself.
fn start_settings_daemon(desktop: &Desktop) -> Result<Running> {
    let folders = fs::read_dir("/usr/lib")
        .context("reading /usr/lib")?
        .flatten();
    let program = folders
        .map(|folder| folder.path().join("xfce4/xfconf/xfconfd"))
        .find(|path| path.is_file())
        .context("xfconfd is missing: install the Debian package xfconf")?;
    let mut command = command(&program);
    command.envs(desktop.env());
    let daemon = Running::start("xfconfd", &mut command, &desktop.home().logs())?;
    let bus = desktop.bus()?;
    until_true(PATIENCE, "the settings daemon", || {
        bus.has("org.xfce.Xfconf")
    })?;
    Ok(daemon)
}

/// A click with a mouse button: 1 left, 3 right.
pub fn click(desktop: &Desktop, x: u32, y: u32, button: u32) -> Result<()> {
    let (x, y, button) = (x.to_string(), y.to_string(), button.to_string());
    xdotool(desktop, &["mousemove", &x, &y, "click", &button])
}

/// A key, by its X name.
pub fn key(desktop: &Desktop, name: &str) -> Result<()> {
    xdotool(desktop, &["key", name])
}

/// A key, pressed so many times, as a finger that stays on it does.
pub fn hold(desktop: &Desktop, name: &str, times: u32) -> Result<()> {
    let times = times.to_string();
    xdotool(desktop, &["key", "--delay", "33", "--repeat", &times, name])
}

/// Letters, as somebody types who knows what they want.
pub fn type_text(desktop: &Desktop, text: &str) -> Result<()> {
    xdotool(desktop, &["type", "--delay", "90", text])
}

/// The wheel, turned by so many notches over the middle of a window.
pub fn turn_wheel(desktop: &Desktop, window: &str, down: bool, notches: u32) -> Result<()> {
    let (button, notches) = (if down { "5" } else { "4" }, notches.to_string());
    let over = ["search", "--onlyvisible", "--name", window];
    let moved = ["mousemove", "--window", "%1", "220", "420"];
    let turned = ["click", "--delay", "16", "--repeat", &notches, button];
    xdotool(desktop, &[&over[..], &moved[..], &turned[..]].concat())
}

/// Whether a window with that name is on the screen.
pub fn has_window(desktop: &Desktop, name: &str) -> Result<bool> {
    let words = ["search", "--onlyvisible", "--name", name];
    // It ends with 1 where there is none.
    Ok(output(&tool("xdotool", "xdotool")?, words, &desktop.env()).is_ok())
}

/// Where the window of that name is on the screen, and how large, without the window manager's borders: x, y,
/// width, height.
pub fn frame(desktop: &Desktop, name: &str) -> Result<[i32; 4]> {
    let words = ["search", "--onlyvisible", "--name", name];
    let asked = [&words[..], &["getwindowgeometry", "--shell", "%1"]].concat();
    let told = output(&tool("xdotool", "xdotool")?, asked, &desktop.env())?;
    let number = |key: &str| -> Result<i32> {
        let line = told.lines().find_map(|it| it.strip_prefix(key));
        Ok(line.with_context(|| format!("{key} in {told}"))?.parse()?)
    };
    Ok([
        number("X=")?,
        number("Y=")?,
        number("WIDTH=")?,
        number("HEIGHT=")?,
    ])
}

/// Moves and resizes the window of that name.
pub fn put(desktop: &Desktop, name: &str, [x, y, width, height]: [i32; 4]) -> Result<()> {
    let (x, y) = (x.to_string(), y.to_string());
    let (width, height) = (width.to_string(), height.to_string());
    let words = ["search", "--onlyvisible", "--name", name];
    let resized = ["windowsize", "--sync", "%1", &width, &height];
    let moved = ["windowmove", "--sync", "%1", &x, &y];
    xdotool(desktop, &[&words[..], &resized[..], &moved[..]].concat())
}

/// Moves the pointer.
pub fn point(desktop: &Desktop, x: u32, y: u32) -> Result<()> {
    xdotool(desktop, &["mousemove", &x.to_string(), &y.to_string()])
}

/// Puts the window of that name away, so that nobody looks at it.
pub fn minimise(desktop: &Desktop, name: &str) -> Result<()> {
    xdotool(
        desktop,
        &["search", "--onlyvisible", "--name", name, "windowminimize"],
    )
}

fn xdotool(desktop: &Desktop, words: &[&str]) -> Result<()> {
    output(&tool("xdotool", "xdotool")?, words, &desktop.env()).map(drop)
}

fn write_settings(desktop: &Desktop) -> Result<()> {
    let config = desktop.home().config();
    let files = [
        ("dunst", "dunstrc", DUNST),
        ("xfce4/xfconf/xfce-perchannel-xml", "xfce4-panel.xml", PANEL),
    ];
    for (folder, name, text) in files {
        make_private(&config.join(folder))?;
        let path = config.join(folder).join(name);
        fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
    }
    Ok(())
}

/// A click opens the list of buttons, and the hand picks the one that signs in.
const DUNST: &str = "\
[global]
    width = 360
    origin = top-right
    offset = 16x48
    font = DejaVu Sans 10
    frame_width = 1
    frame_color = \"#34393d\"
    background = \"#272b2e\"
    foreground = \"#edece9\"
    corner_radius = 9
    padding = 12
    horizontal_padding = 14
    show_indicators = no
    timeout = 0
    mouse_left_click = context
    dmenu = /bin/grep -m 1 -i 'sign in'
[urgency_normal]
    timeout = 0
";

const PANEL: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="dark-mode" type="bool" value="true"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=6;x=0;y=0"/>
      <property name="length" type="uint" value="100"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="size" type="uint" value="32"/>
      <property name="plugin-ids" type="array">
        <value type="int" value="1"/>
      </property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="systray">
      <property name="square-icons" type="bool" value="true"/>
    </property>
  </property>
</channel>
"#;
