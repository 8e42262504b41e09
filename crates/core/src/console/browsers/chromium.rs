//! Profiles of Chromium and its kin: the file `Local State` names them.

use std::path::Path;

use serde::Deserialize;
use std::collections::BTreeMap;

use super::{Argument, Profile};
use crate::host::files;

#[derive(Deserialize)]
struct LocalState {
    profile: Profiles,
}

#[derive(Deserialize)]
struct Profiles {
    #[serde(default)]
    info_cache: BTreeMap<String, Info>,
    #[serde(default)]
    profiles_order: Vec<String>,
}

#[derive(Deserialize)]
struct Info {
    #[serde(default)]
    name: String,
}

/// The profiles of a user data folder; none where the file cannot be read.
pub(super) fn profiles(folder: &Path) -> Vec<Profile> {
    let bytes = files::read(&folder.join("Local State")).ok().flatten();
    let state = bytes.and_then(|it| serde_json::from_slice::<LocalState>(&it).ok());
    let Some(state) = state else {
        return Vec::new();
    };
    let order = state.profile.profiles_order;
    let place = |id: &String| order.iter().position(|it| it == id).unwrap_or(order.len());
    let mut found: Vec<_> = state
        .profile
        .info_cache
        .into_iter()
        .filter(|(id, _)| is_folder(id))
        .collect();
    found.sort_by_key(|(id, _)| (id != "Default", place(id), id.clone()));
    let profile = |(id, info): (String, Info)| Profile {
        name: if info.name.is_empty() {
            id.clone()
        } else {
            info.name
        },
        id,
        containers: None,
    };
    found.into_iter().map(profile).collect()
}

/// One step below the user data folder, and nothing that could be read as an option.
fn is_folder(id: &str) -> bool {
    !id.is_empty()
        && id.len() <= 100
        && !id.starts_with(['-', '.'])
        && !id.contains(['/', '\\'])
        && !id.chars().any(char::is_control)
}

/// What it is started with.
pub(super) fn arguments(profile: Option<&Profile>, private: Option<&str>) -> Vec<Argument> {
    let profile = profile.map(|it| format!("--profile-directory={}", it.id));
    let options = profile.into_iter().chain(private.map(str::to_owned));
    let options = options.map(Argument::Given);
    options.chain([Argument::address()]).collect()
}
