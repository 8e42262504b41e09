//! The document of `browsers`.

use daypass_core::console::browsers::{Browser, Profile};
use serde::Serialize;

use super::VERSION;

/// `browsers`.
#[derive(Serialize)]
pub(crate) struct Browsers<'a> {
    version: u32,
    browsers: Vec<BrowserOf<'a>>,
}

#[derive(Serialize)]
struct BrowserOf<'a> {
    name: &'static str,
    title: &'static str,
    program: String,
    profiles: Vec<ProfileOf<'a>>,
}

#[derive(Serialize)]
struct ProfileOf<'a> {
    id: &'a str,
    name: &'a str,
    containers: &'a [String],
}

impl Browsers<'_> {
    pub(crate) fn of(browsers: &[Browser]) -> Browsers<'_> {
        let browsers = browsers.iter().map(|it| BrowserOf {
            name: it.name,
            title: it.title,
            program: it.program.display().to_string(),
            profiles: it.profiles.iter().map(ProfileOf::of).collect(),
        });
        Browsers {
            version: VERSION,
            browsers: browsers.collect(),
        }
    }
}

impl ProfileOf<'_> {
    fn of(profile: &Profile) -> ProfileOf<'_> {
        let containers = profile.containers.as_ref();
        ProfileOf {
            id: &profile.id,
            name: &profile.name,
            containers: containers.map_or(&[], |(_, names)| names),
        }
    }
}
