//! The browsers of this machine and their profiles: found by reading, never by writing; and how a page
//! is opened in the one that the user wants.

mod chromium;
mod firefox;
mod known;

use std::path::PathBuf;

use url::Url;

use crate::host::Host;
use crate::host::Launch;
use crate::settings::{URL, Wish};
use crate::{Code, Error, Result};

pub use known::System;

/// What a browser is made from: it decides how profiles are stored and named on a command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Chromium and what is built from it; the text is its word for a private window.
    Chromium(&'static str),
    /// Firefox.
    Firefox,
}

/// One browser of this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Browser {
    /// As it is named in settings and commands.
    pub name: &'static str,
    /// As people call it.
    pub title: &'static str,
    /// What it is made from.
    pub family: Family,
    /// The program; absolute.
    pub program: PathBuf,
    /// Its profiles, the default one first.
    pub profiles: Vec<Profile>,
}

/// One profile of a browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// By which the browser knows it: a folder's name, or a whole path.
    pub id: String,
    /// As the user named it; hostile input.
    pub name: String,
    /// Where Firefox has an add-on that opens containers: the add-on, and the containers' names.
    pub containers: Option<(Extension, Vec<String>)>,
}

/// The add-ons that open an address in a container of Firefox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extension {
    /// "Open external links in a container".
    OpenExternalLinks,
    /// "Granted Containers".
    Granted,
}

/// The browsers of this machine, in the order of a table.
pub fn detect(host: &Host) -> Vec<Browser> {
    detect_on(System::here(), host)
}

/// The same with the table of a system, which need not be this one.
pub fn detect_on(system: System, host: &Host) -> Vec<Browser> {
    known::installed(system, host)
        .into_iter()
        .map(|(known, program, folders)| Browser {
            name: known.name,
            title: known.title,
            family: known.family,
            program,
            profiles: match known.family {
                Family::Chromium(_) => first(&folders, chromium::profiles),
                Family::Firefox => first(&folders, firefox::profiles),
            },
        })
        .collect()
}

fn first(folders: &[PathBuf], read: fn(&std::path::Path) -> Vec<Profile>) -> Vec<Profile> {
    let read = folders.iter().map(|folder| read(folder));
    read.into_iter()
        .find(|profiles| !profiles.is_empty())
        .unwrap_or_default()
}

impl Browser {
    /// The profile of a name or an id.
    pub fn profile(&self, wanted: &str) -> Option<&Profile> {
        let named = |it: &&Profile| it.name == wanted || it.id == wanted;
        let alike = |it: &&Profile| it.name.to_lowercase() == wanted.to_lowercase();
        let mut profiles = self.profiles.iter();
        profiles
            .clone()
            .find(named)
            .or_else(|| profiles.find(alike))
    }
}

/// One way to open a page that the user can choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// As it is wished for.
    pub wish: Wish,
    /// The browser, as people call it.
    pub title: &'static str,
    /// The profile's name.
    pub profile: Option<String>,
    /// A container of Firefox.
    pub container: Option<String>,
    /// Whether in a private window.
    pub private: bool,
}

/// All ways to open a page in these browsers: each profile, its containers, a private window of each
/// browser.
pub fn choices(browsers: &[Browser]) -> Vec<Choice> {
    browsers.iter().flat_map(Browser::choices).collect()
}

impl Browser {
    fn choices(&self) -> Vec<Choice> {
        let choice = |profile: Option<&Profile>, container: Option<&String>, private| Choice {
            wish: Wish::Browser {
                name: self.name.to_owned(),
                profile: profile.map(|it| self.key(it)),
                container: container.cloned(),
                private,
            },
            title: self.title,
            profile: profile.map(|it| it.name.clone()),
            container: container.cloned(),
            private,
        };
        let of_profile = |profile| {
            let containers = Profile::containers(profile).iter();
            let contained = containers.map(|it| choice(Some(profile), Some(it), false));
            let whole = [choice(Some(profile), None, false)].into_iter();
            whole.chain(contained).collect::<Vec<_>>()
        };
        let mut choices: Vec<Choice> = self.profiles.iter().flat_map(of_profile).collect();
        if choices.is_empty() {
            choices.push(choice(None, None, false));
        }
        choices.push(choice(None, None, true));
        // What would be read as something else is not offered.
        choices.retain(|it| Wish::named(&it.wish.to_string()).is_ok_and(|read| read == it.wish));
        choices
    }

    /// The name of a profile or, where another one is found by it, its id.
    fn key(&self, profile: &Profile) -> String {
        match self.profile(&profile.name) == Some(profile) {
            true => profile.name.clone(),
            false => profile.id.clone(),
        }
    }
}

impl Profile {
    fn containers(&self) -> &[String] {
        self.containers.as_ref().map_or(&[], |(_, names)| names)
    }
}

/// A way to open pages: a program, and arguments that wait for the address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    program: PathBuf,
    arguments: Vec<Argument>,
}

/// One argument.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Argument {
    Given(String),
    /// `{url}` in it stands for the address.
    Around(String),
    /// The address in a container of Firefox.
    Container(Extension, String),
}

impl Argument {
    /// The address alone.
    fn address() -> Argument {
        Argument::Around(URL.to_owned())
    }

    fn with(&self, address: &Url) -> String {
        match self {
            Argument::Given(text) => text.clone(),
            Argument::Around(text) => text.replacen(URL, address.as_str(), 1),
            Argument::Container(extension, name) => extension.address(name, address),
        }
    }
}

impl Way {
    /// The command that opens an address.
    pub fn to(&self, address: &Url) -> Launch {
        let arguments = self.arguments.iter().map(|it| it.with(address));
        Launch {
            program: self.program.clone(),
            arguments: arguments.collect(),
        }
    }
}

/// The way that is wished for, among these browsers; `None` for the system's default browser.
///
/// # Errors
/// `BrowserMissing` where the browser, the profile or the container is not here, with those that are.
pub fn way(browsers: &[Browser], wish: &Wish) -> Result<Option<Way>> {
    match wish {
        Wish::Default => Ok(None),
        Wish::Command(template) => command(template).map(Some),
        Wish::Browser {
            name,
            profile,
            container,
            private,
        } => {
            let browser = find(browsers, name)?;
            let profile = profile.as_deref();
            let profile = profile.map(|it| find_profile(browser, it)).transpose()?;
            let arguments = match browser.family {
                Family::Chromium(_) if container.is_some() => {
                    return Err(missing(format!("{} has no containers", browser.title))
                        .with_hint("containers are Firefox's: choose a profile instead"));
                }
                Family::Chromium(word) => chromium::arguments(profile, private.then_some(word)),
                Family::Firefox => {
                    firefox::arguments(browser, profile, container.as_deref(), *private)?
                }
            };
            let program = browser.program.clone();
            Ok(Some(Way { program, arguments }))
        }
    }
}

fn find<'a>(browsers: &'a [Browser], name: &str) -> Result<&'a Browser> {
    let fits = |it: &&Browser| {
        it.name == name.to_lowercase() || it.title.to_lowercase() == name.to_lowercase()
    };
    browsers.iter().find(fits).ok_or_else(|| {
        let names: Vec<&str> = browsers.iter().map(|it| it.name).collect();
        let here = match names.is_empty() {
            true => "Daypass found no browser that it knows".to_owned(),
            false => format!("here are: {}", names.join(", ")),
        };
        missing(format!("the browser `{}` is not here", shown(name))).with_hint(here)
    })
}

fn find_profile<'a>(browser: &'a Browser, name: &str) -> Result<&'a Profile> {
    browser.profile(name).ok_or_else(|| {
        let names: Vec<String> = browser.profiles.iter().map(|it| shown(&it.name)).collect();
        missing(format!(
            "{} has no profile `{}`",
            browser.title,
            shown(name)
        ))
        .with_hint(format!("it has: {}", names.join(", ")))
    })
}

/// The user's own command, with the address where `{url}` stands.
fn command(template: &[String]) -> Result<Way> {
    Wish::command(template.to_vec())?;
    let mut words = template.iter().cloned();
    let program = PathBuf::from(words.next().unwrap_or_default());
    if !program.is_file() {
        let message = format!("the program `{}` is not here", shown(&template[0]));
        return Err(missing(message).with_hint("mend the command, or choose a browser by name"));
    }
    let arguments = words.map(Argument::Around).collect();
    Ok(Way { program, arguments })
}

fn missing(message: String) -> Error {
    Error::new(Code::BrowserMissing, message)
}

/// Names from a browser's files, as they may be shown.
fn shown(name: &str) -> String {
    name.chars().take(60).flat_map(char::escape_debug).collect()
}

#[cfg(test)]
mod tests;
