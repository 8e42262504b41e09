//! Choices that the page shows and makes by name.

use daypass_core::aws_config::Style as ConfigStyle;
use daypass_core::credentials::Format;
use daypass_core::{portal, secrets};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Clone, Copy, Deserialize, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Storage {
    Keychain,
    Shared,
}

impl From<secrets::Storage> for Storage {
    fn from(storage: secrets::Storage) -> Storage {
        match storage {
            secrets::Storage::Keychain => Storage::Keychain,
            secrets::Storage::Shared => Storage::Shared,
        }
    }
}

impl From<Storage> for secrets::Storage {
    fn from(storage: Storage) -> secrets::Storage {
        match storage {
            Storage::Keychain => secrets::Storage::Keychain,
            Storage::Shared => secrets::Storage::Shared,
        }
    }
}

#[derive(Clone, Copy, Deserialize, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Style {
    Sso,
    Process,
}

impl From<ConfigStyle> for Style {
    fn from(style: ConfigStyle) -> Style {
        match style {
            ConfigStyle::Sso => Style::Sso,
            ConfigStyle::Process => Style::Process,
        }
    }
}

impl From<Style> for ConfigStyle {
    fn from(style: Style) -> ConfigStyle {
        match style {
            Style::Sso => ConfigStyle::Sso,
            Style::Process => ConfigStyle::Process,
        }
    }
}

/// The forms in which a shell, or a file for one, takes credentials.
#[derive(Clone, Copy, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Shell {
    /// bash, zsh and sh.
    Posix,
    Fish,
    Powershell,
    Cmd,
    /// A `.env` file.
    EnvFile,
}

impl From<Shell> for Format {
    fn from(shell: Shell) -> Format {
        match shell {
            Shell::Posix => Format::Env,
            Shell::Fish => Format::Fish,
            Shell::Powershell => Format::PowerShell,
            Shell::Cmd => Format::WindowsCmd,
            Shell::EnvFile => Format::EnvNoExport,
        }
    }
}

#[derive(Clone, Copy, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Flow {
    Browser,
    Device,
}

impl Flow {
    /// For the browser core looks whether it can work here, and says why where it cannot.
    pub(crate) fn wish(self) -> Option<portal::Flow> {
        match self {
            Flow::Browser => None,
            Flow::Device => Some(portal::Flow::Device),
        }
    }
}
