//! What the desktop's panel is like, where that can be known: which ink of the icon stands out on it.

use super::icons::Ink;

/// What the user wants of colours, as the desktop portal tells it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(
    not(target_os = "linux"),
    expect(dead_code, reason = "only Linux has a portal that tells it")
)]
pub(super) enum Scheme {
    #[default]
    Unknown,
    Dark,
    Light,
}

impl Scheme {
    /// Of the value of `color-scheme`.
    #[cfg(target_os = "linux")]
    fn of(value: u32) -> Scheme {
        match value {
            1 => Scheme::Dark,
            2 => Scheme::Light,
            _ => Scheme::Unknown,
        }
    }
}

/// The ink for a desktop of that name (`XDG_CURRENT_DESKTOP`) and those colours.
pub(super) fn ink(desktop: &str, scheme: Scheme) -> Ink {
    let is = |names: &[&str]| desktop.split(':').any(|it| names.contains(&it));
    match scheme {
        _ if cfg!(target_os = "macos") => Ink::Template,
        // Its bar is black whatever the windows are.
        _ if is(&["GNOME"]) => Ink::Light,
        Scheme::Dark => Ink::Light,
        // Their panels are drawn like their windows; those of others may be dark above light windows.
        Scheme::Light if is(&["XFCE", "MATE", "LXDE"]) => Ink::Dark,
        Scheme::Light | Scheme::Unknown => Ink::Colour,
    }
}

/// Tells what the user wants now, and each time that it changes; ends where there is no desktop portal.
#[cfg(target_os = "linux")]
pub(super) fn watch(changed: impl Fn(Scheme)) -> zbus::Result<()> {
    use zbus::zvariant::{OwnedValue, Value};
    const APPEARANCE: (&str, &str) = ("org.freedesktop.appearance", "color-scheme");
    let bus = zbus::blocking::Connection::session()?;
    let settings = zbus::blocking::Proxy::new(
        &bus,
        "org.freedesktop.portal.Desktop",
        "/org/freedesktop/portal/desktop",
        "org.freedesktop.portal.Settings",
    )?;
    let changes = settings
        .receive_signal_with_args("SettingChanged", &[(0, APPEARANCE.0), (1, APPEARANCE.1)])?;
    // Older portals wrap the value twice.
    let scheme = |value: &Value<'_>| {
        let mut value = value;
        while let Value::Value(inner) = value {
            value = inner;
        }
        u32::try_from(value).map_or(Scheme::Unknown, Scheme::of)
    };
    if let Ok(value) = settings.call::<_, _, OwnedValue>("Read", &APPEARANCE) {
        changed(scheme(&value));
    }
    for change in changes {
        if let Ok((_, _, value)) = change.body().deserialize::<(String, String, OwnedValue)>() {
            changed(scheme(&value));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn the_ink_stands_out_on_the_panel() {
        use Scheme::{Dark, Light, Unknown};
        for (desktop, scheme, expected) in [
            ("ubuntu:GNOME", Light, Ink::Light),
            ("GNOME", Unknown, Ink::Light),
            ("KDE", Dark, Ink::Light),
            ("KDE", Light, Ink::Colour),
            ("XFCE", Light, Ink::Dark),
            ("XFCE", Dark, Ink::Light),
            ("XFCE", Unknown, Ink::Colour),
            ("", Unknown, Ink::Colour),
        ] {
            assert_eq!(ink(desktop, scheme), expected, "{desktop} {scheme:?}");
        }
        let known = [0, 1, 2, 3].map(Scheme::of);
        assert_eq!(known, [Unknown, Dark, Light, Unknown]);
    }
}
