//! Daypass's own files: settings, folders, what broke off, and the command that profiles call.

use std::path::{Path, PathBuf};

use super::{Check, Subject, count, some_of};
use crate::host::{Host, files, folders, programs};
use crate::settings::{self, Kind, Remark, Settings};
use crate::{Error, Result};

const SETTINGS: Subject = Subject("settings", "Settings");
const REMARKS: Subject = Subject("settings_remarks", "What the settings say in vain");
const ORGANISATION: Subject = Subject("organisation", "Your organisation's settings");
const FOLDERS: Subject = Subject("folders", "Daypass's folders");
const SET_ASIDE: Subject = Subject("set_aside", "Files that could not be read");
const LEFTOVERS: Subject = Subject("leftovers", "Writes that broke off");
const SPACE: Subject = Subject("space", "Free space");
const PROGRAM: Subject = Subject("program", "The command that profiles call");
const ON_PATH: Subject = Subject("on_path", "`daypass` in a terminal");

/// With less than this, in bytes, a list or a backup may not be written.
const LITTLE_SPACE: u64 = 50 * 1024 * 1024;

pub(super) fn look(host: &Host, settings: Result<&Settings, &Error>) -> Vec<Check> {
    vec![
        of_settings(settings),
        remarks(settings),
        organisation(host, settings),
        folders(host),
        set_aside(host),
        leftovers(host),
        space(host),
        program(host),
        on_path(host),
    ]
}

fn of_settings(settings: Result<&Settings, &Error>) -> Check {
    match settings {
        Ok(settings) if settings.sessions.is_empty() => SETTINGS.warn(
            "there is no session yet",
            "run `daypass session import`, or `daypass session add NAME --start-url URL`",
        ),
        Ok(settings) => SETTINGS.pass(count(settings.sessions.len(), "session", "sessions")),
        Err(error) => SETTINGS.failed(error),
    }
}

fn remarks(settings: Result<&Settings, &Error>) -> Check {
    let remarks = settings.map(|it| &it.remarks[..]).unwrap_or_default();
    let own = |it: &&Remark| it.kind != Kind::LeftOut;
    let said: Vec<String> = remarks.iter().filter(own).map(Remark::sentence).collect();
    match said.len() {
        0 => REMARKS.pass("nothing"),
        _ => REMARKS.warn(
            some_of(&said),
            "mend these lines, or take them out; docs/settings.example.toml tells every key",
        ),
    }
}

fn organisation(host: &Host, settings: Result<&Settings, &Error>) -> Check {
    let file = host.paths.organisation.display();
    let alone = settings::without_own(host);
    let settings = settings.unwrap_or(&alone);
    let left_out = settings.remarks.iter().find(|it| it.kind == Kind::LeftOut);
    match (&settings.organisation, left_out) {
        (_, Some(remark)) => ORGANISATION.warn(
            remark.sentence(),
            "ask an administrator: the file and its folders have to belong to root, and to take \
             nothing from others",
        ),
        (Some(organisation), None) => ORGANISATION.pass(match organisation.locked.len() {
            0 => format!("{file} is in force; you can choose otherwise"),
            _ => format!(
                "{file} is in force, and sets {}",
                organisation.locked.join(", ")
            ),
        }),
        (None, None) => ORGANISATION.pass(format!("there is no {file}")),
    }
}

fn own_folders(host: &Host) -> [&PathBuf; 3] {
    [&host.paths.config, &host.paths.cache, &host.paths.state]
}

fn folders(host: &Host) -> Check {
    let open: Vec<_> = own_folders(host)
        .into_iter()
        .filter(|folder| folders::is_open_to_others(folder))
        .map(|folder| folder.display().to_string())
        .collect();
    match open.len() {
        0 => FOLDERS.pass("only you can look into them"),
        _ => FOLDERS.warn(
            format!("others can look into {}", some_of(&open)),
            format!("run `chmod 700 {}`", open.join(" ")),
        ),
    }
}

fn set_aside(host: &Host) -> Check {
    let aside: Vec<_> = own_folders(host)
        .into_iter()
        .flat_map(|folder| folders::named(folder, |name| name.contains(".corrupt-")))
        .map(|path| path.display().to_string())
        .collect();
    match aside.len() {
        0 => SET_ASIDE.pass("none were set aside"),
        many => SET_ASIDE.warn(
            format!(
                "{} set aside, and made anew: {}",
                count(many, "file was", "files were"),
                some_of(&aside)
            ),
            "take from them what you miss, then delete them",
        ),
    }
}

fn leftovers(host: &Host) -> Check {
    let beside = |path: &Path| {
        let target = files::resolve(path).unwrap_or(path.to_path_buf());
        target.parent().map(Path::to_path_buf)
    };
    let folders = own_folders(host).into_iter().cloned();
    let folders = folders.chain(beside(&host.paths.aws_config));
    let folders = folders.chain([host.paths.sso_cache.clone(), host.paths.cli_cache.clone()]);
    let left: Vec<_> = folders
        .flat_map(|folder| folders::unfinished(&folder, host.clock.now()))
        .map(|path| path.display().to_string())
        .collect();
    match left.len() {
        0 => LEFTOVERS.pass("none"),
        many => LEFTOVERS.warn(
            format!(
                "{} left by a write that broke off: {}",
                count(many, "file was", "files were"),
                some_of(&left)
            ),
            "delete them: what they were to replace is whole",
        ),
    }
}

fn space(host: &Host) -> Check {
    match folders::free_space(&host.paths.state) {
        Some(free) if free < LITTLE_SPACE => SPACE.fail(
            format!("{} MB are free for Daypass's files", free / 1_000_000),
            "free some space: sign-ins that cannot be saved are lost",
        ),
        Some(free) => SPACE.pass(format!("{} MB", free / 1_000_000)),
        None => SPACE.pass("not known on this system"),
    }
}

fn program(host: &Host) -> Check {
    let program = host.program.display();
    match host.program.is_file() {
        true => PROGRAM.pass(format!("{program}")),
        false => PROGRAM.fail(
            format!("{program} is not there; profiles of style `process` call it"),
            "install Daypass again, with its command line",
        ),
    }
}

fn on_path(host: &Host) -> Check {
    let name = host.program.file_name().unwrap_or_default();
    let found = programs::find(&host.env, &name.to_string_lossy());
    let real = |path: &Path| path.canonicalize().unwrap_or(path.to_path_buf());
    match found {
        None => ON_PATH.warn(
            "a terminal does not find it",
            format!("add {} to PATH", folder_of(&host.program).display()),
        ),
        Some(found) if real(&found) == real(&host.program) => {
            ON_PATH.pass(found.display().to_string())
        }
        Some(found) => ON_PATH.warn(
            format!(
                "a terminal finds {}, another one than {}",
                found.display(),
                host.program.display()
            ),
            "remove the older one, or change the order in PATH",
        ),
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(path)
}
