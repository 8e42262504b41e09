//! Profiles of Firefox: `profiles.ini` names them; containers stand in each profile's own files.

use std::path::{Path, PathBuf};

use ini::Ini;
use serde::Deserialize;
use url::{Url, form_urlencoded};

use super::{Argument, Browser, Extension, Profile, missing, shown};
use crate::Result;
use crate::host::files;

/// The add-ons, by the id in a profile's list of them.
const EXTENSIONS: [(&str, Extension); 2] = [
    (
        "{f069aec0-43c5-4bbf-b6b4-df95c4326b98}",
        Extension::OpenExternalLinks,
    ),
    ("{b5e0e8de-ebfe-4306-9528-bcc18241a490}", Extension::Granted),
];

/// The profiles of Firefox's folder; none where the file cannot be read.
pub(super) fn profiles(folder: &Path) -> Vec<Profile> {
    let bytes = files::read(&folder.join("profiles.ini")).ok().flatten();
    let text = bytes.and_then(|it| String::from_utf8(it).ok());
    let Some(ini) = text.and_then(|it| Ini::load_from_str(&it).ok()) else {
        return Vec::new();
    };
    let installed: Vec<&str> = ini
        .iter()
        .filter(|(name, _)| name.is_some_and(|it| it.starts_with("Install")))
        .filter_map(|(_, section)| section.get("Default"))
        .collect();
    let mut found = Vec::new();
    for (name, section) in ini.iter() {
        let numbered = name.is_some_and(|it| it.starts_with("Profile"));
        let (Some(title), Some(path)) = (section.get("Name"), section.get("Path")) else {
            continue;
        };
        let whole = match section.get("IsRelative") {
            Some("0") => PathBuf::from(path),
            _ => folder.join(path),
        };
        if numbered && whole.is_absolute() {
            // What an installation starts with goes before the old mark.
            let first = match installed.is_empty() {
                true => section.get("Default") == Some("1"),
                false => installed.contains(&path),
            };
            found.push((!first, profile(title, &whole)));
        }
    }
    found.sort_by_key(|(later, _)| *later);
    found.into_iter().map(|(_, profile)| profile).collect()
}

fn profile(name: &str, folder: &Path) -> Profile {
    Profile {
        id: folder.to_string_lossy().into_owned(),
        name: name.to_owned(),
        containers: extension(folder).map(|extension| (extension, containers(folder))),
    }
}

#[derive(Deserialize)]
struct Addons {
    addons: Vec<Addon>,
}

#[derive(Deserialize)]
struct Addon {
    id: String,
    #[serde(default)]
    active: bool,
}

fn extension(folder: &Path) -> Option<Extension> {
    let bytes = files::read(&folder.join("extensions.json"))
        .ok()
        .flatten()?;
    let addons: Addons = serde_json::from_slice(&bytes).ok()?;
    let active = |id: &str| addons.addons.iter().any(|it| it.id == id && it.active);
    let found = EXTENSIONS.iter().find(|(id, _)| active(id));
    found.map(|(_, extension)| *extension)
}

#[derive(Deserialize)]
struct Identities {
    identities: Vec<Identity>,
}

#[derive(Deserialize)]
struct Identity {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    public: bool,
}

/// Those that the user named; the ones that Firefox comes with have names only in its own language.
fn containers(folder: &Path) -> Vec<String> {
    let bytes = files::read(&folder.join("containers.json")).ok().flatten();
    let read = bytes.and_then(|it| serde_json::from_slice::<Identities>(&it).ok());
    let public = read.into_iter().flat_map(|it| it.identities);
    public
        .filter(|it| it.public)
        .filter_map(|it| it.name)
        .collect()
}

/// What it is started with.
///
/// # Errors
/// `BrowserMissing` where the profile has no add-on that opens containers.
pub(super) fn arguments(
    browser: &Browser,
    profile: Option<&Profile>,
    container: Option<&str>,
    private: bool,
) -> Result<Vec<Argument>> {
    let given = |text: &str| Argument::Given(text.to_owned());
    let mut arguments = Vec::new();
    if let Some(profile) = profile {
        arguments.extend([given("--profile"), given(&profile.id)]);
    }
    match container {
        Some(name) => {
            let extension = extension_of(profile.or_else(|| browser.profiles.first()), name)?;
            arguments.push(Argument::Container(extension, name.to_owned()));
        }
        None if private => arguments.extend([given("--private-window"), Argument::address()]),
        None => arguments.extend([given("--new-tab"), Argument::address()]),
    }
    Ok(arguments)
}

fn extension_of(profile: Option<&Profile>, container: &str) -> Result<Extension> {
    let extension = profile.and_then(|it| it.containers.as_ref());
    let extension = extension.map(|(extension, _)| *extension);
    extension.ok_or_else(|| {
        missing(format!(
            "Firefox has no add-on here that opens the container `{}`",
            shown(container)
        ))
        .with_hint("install \"Open external links in a container\" or \"Granted Containers\"")
    })
}

impl Extension {
    /// What the add-on opens as the address in that container.
    pub(super) fn address(self, container: &str, address: &Url) -> String {
        let scheme = match self {
            Extension::OpenExternalLinks => "ext+container",
            Extension::Granted => "ext+granted-containers",
        };
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("name", container)
            .append_pair("url", address.as_str())
            .finish();
        // The add-ons decode percent signs, and take a plus for one.
        format!("{scheme}:{}", query.replace('+', "%20"))
    }
}
