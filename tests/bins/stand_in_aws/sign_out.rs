//! The end of every sign-in in the cache, as `aws sso logout` does it: whoever made it, and whatever
//! the portal says.

use crate::cache::{self, Cache, Found};
use crate::{tell, wire};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use testkit::{Context, Result};

/// Tells the portal and erases tokens, then the role credentials that came of them. Registrations
/// and the files of other tools stay.
///
/// # Errors
/// The file system's.
pub(crate) fn sign_out(cache: &Cache) -> Result<()> {
    for_each(&cache.sso, |token| {
        let Some(access) = token["accessToken"].as_str() else {
            return false;
        };
        if token["region"].is_string() {
            // Offline, or long over: it is erased all the same.
            let _ = wire::portal("POST", "/logout", access);
        }
        true
    })?;
    for_each(&cache.roles, |file| file["ProviderType"] == "sso")?;
    tell("logout", json!({}));
    Ok(())
}

/// Removes those JSON files of a folder that are told to go.
fn for_each(folder: &Path, mut goes: impl FnMut(&Value) -> bool) -> Result<()> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(());
    };
    for entry in entries {
        let path = entry?.path();
        let is_json = path.extension().is_some_and(|ending| ending == "json");
        if let (true, Found::Whole(document)) = (is_json, cache::read(&path)?)
            && goes(&document)
        {
            fs::remove_file(&path).with_context(|| format!("removing {}", path.display()))?;
        }
    }
    Ok(())
}
