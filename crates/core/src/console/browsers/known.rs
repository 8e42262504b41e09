//! Where browsers and their profiles are on the three systems.

use std::path::{Path, PathBuf};

use super::Family;
use crate::host::Host;

/// A system whose places are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// Linux and its kin.
    Linux,
    /// macOS.
    Mac,
    /// Windows.
    Windows,
}

impl System {
    /// The one that this program was built for.
    pub fn here() -> System {
        if cfg!(windows) {
            System::Windows
        } else if cfg!(target_os = "macos") {
            System::Mac
        } else {
            System::Linux
        }
    }
}

/// One browser: its programs, and the folders of its profiles, the likeliest first.
pub(super) struct Known {
    pub name: &'static str,
    pub title: &'static str,
    pub family: Family,
    linux: Places,
    mac: Places,
    windows: Places,
}

struct Places {
    programs: &'static [&'static str],
    folders: &'static [&'static str],
}

const INCOGNITO: Family = Family::Chromium("--incognito");

/// `~` is the home folder, `$config` that of settings, `%NAME%` a folder that Windows names by a variable.
static KNOWN: [Known; 6] = [
    Known {
        name: "firefox",
        title: "Firefox",
        family: Family::Firefox,
        linux: Places {
            programs: &[
                "/usr/bin/firefox",
                "/usr/bin/firefox-esr",
                "/snap/bin/firefox",
                "/opt/firefox/firefox",
                "/var/lib/flatpak/exports/bin/org.mozilla.firefox",
                "~/.local/share/flatpak/exports/bin/org.mozilla.firefox",
            ],
            folders: &[
                "~/.mozilla/firefox",
                "$config/mozilla/firefox",
                "~/snap/firefox/common/.mozilla/firefox",
                "~/.var/app/org.mozilla.firefox/.mozilla/firefox",
            ],
        },
        mac: Places {
            programs: &[
                "/Applications/Firefox.app/Contents/MacOS/firefox",
                "~/Applications/Firefox.app/Contents/MacOS/firefox",
            ],
            folders: &["~/Library/Application Support/Firefox"],
        },
        windows: Places {
            programs: &[
                "%ProgramFiles%/Mozilla Firefox/firefox.exe",
                "%ProgramFiles(x86)%/Mozilla Firefox/firefox.exe",
                "%LOCALAPPDATA%/Mozilla Firefox/firefox.exe",
            ],
            folders: &["%APPDATA%/Mozilla/Firefox"],
        },
    },
    Known {
        name: "chrome",
        title: "Google Chrome",
        family: INCOGNITO,
        linux: Places {
            programs: &[
                "/usr/bin/google-chrome",
                "/usr/bin/google-chrome-stable",
                "/opt/google/chrome/google-chrome",
                "/var/lib/flatpak/exports/bin/com.google.Chrome",
                "~/.local/share/flatpak/exports/bin/com.google.Chrome",
            ],
            folders: &[
                "$config/google-chrome",
                "~/.var/app/com.google.Chrome/config/google-chrome",
            ],
        },
        mac: Places {
            programs: &[
                "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
                "~/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
            ],
            folders: &["~/Library/Application Support/Google/Chrome"],
        },
        windows: Places {
            programs: &[
                "%ProgramFiles%/Google/Chrome/Application/chrome.exe",
                "%ProgramFiles(x86)%/Google/Chrome/Application/chrome.exe",
                "%LOCALAPPDATA%/Google/Chrome/Application/chrome.exe",
            ],
            folders: &["%LOCALAPPDATA%/Google/Chrome/User Data"],
        },
    },
    Known {
        name: "chromium",
        title: "Chromium",
        family: INCOGNITO,
        linux: Places {
            programs: &[
                "/usr/bin/chromium",
                "/usr/bin/chromium-browser",
                "/snap/bin/chromium",
                "/var/lib/flatpak/exports/bin/org.chromium.Chromium",
            ],
            folders: &[
                "$config/chromium",
                "~/snap/chromium/common/chromium",
                "~/.var/app/org.chromium.Chromium/config/chromium",
            ],
        },
        mac: Places {
            programs: &["/Applications/Chromium.app/Contents/MacOS/Chromium"],
            folders: &["~/Library/Application Support/Chromium"],
        },
        windows: Places {
            programs: &["%LOCALAPPDATA%/Chromium/Application/chrome.exe"],
            folders: &["%LOCALAPPDATA%/Chromium/User Data"],
        },
    },
    Known {
        name: "edge",
        title: "Microsoft Edge",
        family: Family::Chromium("--inprivate"),
        linux: Places {
            programs: &[
                "/usr/bin/microsoft-edge",
                "/usr/bin/microsoft-edge-stable",
                "/opt/microsoft/msedge/microsoft-edge",
                "/var/lib/flatpak/exports/bin/com.microsoft.Edge",
            ],
            folders: &[
                "$config/microsoft-edge",
                "~/.var/app/com.microsoft.Edge/config/microsoft-edge",
            ],
        },
        mac: Places {
            programs: &["/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge"],
            folders: &["~/Library/Application Support/Microsoft Edge"],
        },
        windows: Places {
            programs: &[
                "%ProgramFiles(x86)%/Microsoft/Edge/Application/msedge.exe",
                "%ProgramFiles%/Microsoft/Edge/Application/msedge.exe",
            ],
            folders: &["%LOCALAPPDATA%/Microsoft/Edge/User Data"],
        },
    },
    Known {
        name: "brave",
        title: "Brave",
        family: INCOGNITO,
        linux: Places {
            programs: &[
                "/usr/bin/brave-browser",
                "/usr/bin/brave-browser-stable",
                "/usr/bin/brave",
                "/snap/bin/brave",
                "/var/lib/flatpak/exports/bin/com.brave.Browser",
            ],
            folders: &[
                "$config/BraveSoftware/Brave-Browser",
                "~/snap/brave/current/.config/BraveSoftware/Brave-Browser",
                "~/.var/app/com.brave.Browser/config/BraveSoftware/Brave-Browser",
            ],
        },
        mac: Places {
            programs: &["/Applications/Brave Browser.app/Contents/MacOS/Brave Browser"],
            folders: &["~/Library/Application Support/BraveSoftware/Brave-Browser"],
        },
        windows: Places {
            programs: &[
                "%ProgramFiles%/BraveSoftware/Brave-Browser/Application/brave.exe",
                "%LOCALAPPDATA%/BraveSoftware/Brave-Browser/Application/brave.exe",
            ],
            folders: &["%LOCALAPPDATA%/BraveSoftware/Brave-Browser/User Data"],
        },
    },
    Known {
        name: "vivaldi",
        title: "Vivaldi",
        family: INCOGNITO,
        linux: Places {
            programs: &[
                "/usr/bin/vivaldi",
                "/usr/bin/vivaldi-stable",
                "/opt/vivaldi/vivaldi",
            ],
            folders: &["$config/vivaldi"],
        },
        mac: Places {
            programs: &["/Applications/Vivaldi.app/Contents/MacOS/Vivaldi"],
            folders: &["~/Library/Application Support/Vivaldi"],
        },
        windows: Places {
            programs: &[
                "%LOCALAPPDATA%/Vivaldi/Application/vivaldi.exe",
                "%ProgramFiles%/Vivaldi/Application/vivaldi.exe",
            ],
            folders: &["%LOCALAPPDATA%/Vivaldi/User Data"],
        },
    },
];

/// Each known browser whose program is here, with the folders of its profiles.
pub(super) fn installed(
    system: System,
    host: &Host,
) -> Vec<(&'static Known, PathBuf, Vec<PathBuf>)> {
    let found = |known: &'static Known| {
        let places = known.places(system);
        let mut programs = places.programs.iter().filter_map(|it| resolve(it, host));
        let program = programs.find(|it| it.is_file())?;
        let folders = places.folders.iter().filter_map(|it| resolve(it, host));
        Some((known, program, folders.collect()))
    };
    KNOWN.iter().filter_map(found).collect()
}

impl Known {
    fn places(&self, system: System) -> &Places {
        match system {
            System::Linux => &self.linux,
            System::Mac => &self.mac,
            System::Windows => &self.windows,
        }
    }
}

fn resolve(text: &str, host: &Host) -> Option<PathBuf> {
    if let Some(below) = text.strip_prefix("~/") {
        return Some(host.paths.home.join(below));
    }
    if let Some(below) = text.strip_prefix("$config/") {
        let folder = host.env.get("XDG_CONFIG_HOME").map(PathBuf::from);
        let folder = folder.filter(|it| it.is_absolute());
        return Some(
            folder
                .unwrap_or(host.paths.home.join(".config"))
                .join(below),
        );
    }
    if let Some((variable, below)) = text.strip_prefix('%').and_then(|it| it.split_once("%/")) {
        return Some(Path::new(&host.env.get(variable)?).join(below));
    }
    Some(host.paths.system.join(text.trim_start_matches('/')))
}
