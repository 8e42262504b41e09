//! `session add|list|set|remove`; `import` has a file of its own.

use daypass_core::Result;
use daypass_core::daypass::{NewSession, Renamed, SessionChange};
use daypass_core::secrets::Storage;

use super::{Run, import, logout};
use crate::args::{SessionAdd, SessionSet, SessionVerb};
use crate::render::{Cell, Table, json};

/// So many profiles are named one by one.
const FEW: usize = 10;

pub(super) async fn run(run: &Run, verb: SessionVerb) -> Result<u8> {
    match verb {
        SessionVerb::Add(words) => add(run, words).await,
        SessionVerb::List(_) => list(run),
        SessionVerb::Set(words) => set(run, words).await,
        SessionVerb::Import(words) => import::run(run, words).await,
        SessionVerb::Remove(words) => remove(run, &words.name).await,
    }
}

async fn add(run: &Run, words: SessionAdd) -> Result<u8> {
    let new = NewSession {
        name: words.name,
        start_url: words.start_url,
        region: words.region,
        storage: words.storage,
        length: words.length,
        allow_custom_portal: words.allow_custom_portal,
    };
    let typed = run.daypass.check_portal(&new.start_url).ok();
    let session = run.daypass.add_session(new).await?;
    let (name, region) = (&session.name, &session.region);
    if let Some(typed) = typed.filter(|it| it.start_url != session.start_url) {
        run.screen.say(&format!(
            "{} leads to {}, which is what Daypass keeps.",
            typed.start_url, session.start_url
        ));
    }
    run.screen.say(&format!(
        "Session `{name}` is {} in {region}; {}.",
        session.start_url,
        rest(session.storage)
    ));
    run.screen
        .say(&format!("Sign in with `daypass login {name}`."));
    Ok(0)
}

fn rest(storage: Storage) -> &'static str {
    match storage {
        Storage::Keychain => "its tokens rest in the keychain",
        Storage::Shared => {
            "its tokens rest in AWS's own cache, which the AWS CLI and the SDKs read"
        }
    }
}

fn list(run: &Run) -> Result<u8> {
    let snapshot = run.daypass.snapshot();
    if run.screen.is_json() {
        run.screen
            .document(&json::Sessions::of(&snapshot.sessions))?;
        return Ok(0);
    }
    if snapshot.sessions.is_empty() {
        run.screen.say(NONE);
        return Ok(0);
    }
    let mut table = Table::new(&["NAME", "START URL~", "REGION", "STORAGE"]);
    for session in &snapshot.sessions {
        table.row(vec![
            Cell::new(&session.name),
            Cell::new(&session.start_url),
            Cell::new(&session.region),
            Cell::new(session.storage.name()),
        ]);
    }
    run.screen.table(&table)?;
    Ok(0)
}

pub(super) const NONE: &str =
    "There is no session yet. Add one with `daypass session add NAME --start-url URL`.";

async fn set(run: &Run, words: SessionSet) -> Result<u8> {
    let change = SessionChange {
        storage: words.storage,
        length: words.length,
        sign_in_browser: words.browser.clone(),
        console_browser: words.console_browser.clone(),
        console_via: words.console_via,
    };
    let browsers = words.browser.is_some() || words.console_browser.is_some();
    let browsers = browsers || words.console_via.is_some();
    if words.storage.is_some() || words.length.is_some() || browsers {
        tell_change(run, &words, change).await?;
    }
    if let Some(new) = &words.new_name {
        let renamed = run.daypass.rename_session(&words.name, new).await?;
        tell_new_name(run, &words.name, &renamed);
    }
    Ok(0)
}

async fn tell_change(run: &Run, words: &SessionSet, change: SessionChange) -> Result<()> {
    let session = run.daypass.change_session(&words.name, change).await?;
    if words.storage.is_some() {
        run.screen.say(&format!(
            "Session `{}`: {}.",
            session.name,
            rest(session.storage)
        ));
    }
    if let Some(length) = words.length {
        run.screen.say(&format!(
            "Session `{}`: a sign-in is taken to last {length:#}.",
            session.name
        ));
    }
    let wishes = [
        ("signs in", &words.browser),
        ("opens consoles", &words.console_browser),
    ];
    for (does, wish) in wishes {
        let Some(wish) = wish else { continue };
        let here = run.daypass.check_browser(wish);
        here.as_ref()
            .err()
            .into_iter()
            .for_each(|it| run.screen.warn(it));
        let message = format!("Session `{}` {does} in: {wish}.", session.name);
        run.screen.say(&message);
    }
    Ok(())
}

fn tell_new_name(run: &Run, old: &str, renamed: &Renamed) {
    let new = &renamed.session.name;
    run.screen.say(&format!(
        "Session `{old}` is now `{new}`; its sign-in, list and pins moved along."
    ));
    if renamed.profiles.is_empty() {
        return;
    }
    let (shown, others) = renamed.profiles.split_at(renamed.profiles.len().min(FEW));
    let more = match others.len() {
        0 => String::new(),
        number => format!(" and {number} more"),
    };
    run.screen.insist(&format!(
        "These profiles of the AWS config file still name `{old}` and are not changed: {}{more}. Those \
         that Daypass wrote are written anew with `daypass profile sync --session {new}`.",
        shown.join(", ")
    ));
}

async fn remove(run: &Run, name: &str) -> Result<u8> {
    let ended = run.daypass.remove_session(name).await?;
    run.screen.say(&format!("Session `{name}` is removed."));
    if let Some(failure) = &ended.remote_failure {
        logout::tell_pending(run, name, failure);
    }
    Ok(0)
}
