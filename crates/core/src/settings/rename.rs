//! A session under another name: its table moves as it is, with comments and keys of later versions.

use toml_edit::{Item, Key, TableLike};

use super::{Base, Settings, chains, interpret, labels, reader};
use crate::host::{Host, lock};
use crate::{Code, Error, Result};

/// Gives a session another name, in one step.
///
/// # Errors
/// Those of `load`, `SessionUnknown`, `SessionExists`, `StorageFailed` where it cannot be written.
pub async fn rename(host: &Host, old: &str, new: &str) -> Result<Settings> {
    let _lock = lock::take(&host.paths.state.join("locks"), "settings").await?;
    let base = Base::read(host);
    let (mut file, own) = base.own(host)?;
    let is_own = own.session(old).is_ok();
    let before = base.under(own);
    before.session(old)?;
    if let Some(organisation) = base.organisation.as_ref()
        && (!is_own || organisation.locks_session(old) || organisation.locks_session(new))
    {
        return Err(organisation.refuses(&format!("sessions.{old}")));
    }
    let document = &mut file.document;
    if before.session(new).is_ok() {
        let message = format!("a session `{new}` exists already");
        return Err(Error::new(Code::SessionExists, message));
    }
    if let Some(sessions) = document
        .get_mut("sessions")
        .and_then(Item::as_table_like_mut)
    {
        change_key(sessions, old, new);
    }
    labels::rename_session(document.as_table_mut(), old, new);
    chains::rename_session(document.as_table_mut(), old, new);
    // Read as it will be read: the order is that of the file.
    let text = document.to_string();
    file.document = text.parse().map_err(|error: toml_edit::TomlError| {
        Error::new(Code::Internal, "settings.toml cannot be written so").because(error)
    })?;
    let given = base.organisation.as_ref().map_or(&[][..], |it| &it.labels);
    interpret(&reader(""), &file.document, given)?;
    file.save(host)?;
    let (_, own) = base.own(host)?;
    Ok(base.under(own))
}

/// All keys are taken out and put back, so that none changes its place.
fn change_key(sessions: &mut dyn TableLike, old: &str, new: &str) {
    let names: Vec<String> = sessions.iter().map(|(name, _)| name.to_owned()).collect();
    for name in names {
        let Some(decor) = sessions.key(&name).map(|key| key.leaf_decor().clone()) else {
            continue;
        };
        let Some(item) = sessions.remove(&name) else {
            continue;
        };
        let name = if name == old { new } else { &name };
        let key = Key::new(name).with_leaf_decor(decor);
        sessions.entry_format(&key).or_insert(item);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::files::{self, Mode};
    use crate::host::{Clock, Env};

    async fn renamed(before: &str) -> (Result<Settings>, String) {
        let folder = tempfile::tempdir().unwrap();
        let env = Env::table::<String, String>([]);
        let host = Host::fake(folder.path(), env, Clock::real());
        std::fs::create_dir_all(&host.paths.config).unwrap();
        let path = host.paths.config.join("settings.toml");
        files::replace(&path, before.as_bytes(), Mode::Keep).unwrap();
        let settings = rename(&host, "old", "new").await;
        (settings, std::fs::read_to_string(&path).unwrap())
    }

    const REST: &str =
        "region = \"eu-west-1\" # near\nstart_url = \"https://a.awsapps.com/start\"\n";

    #[tokio::test]
    async fn only_the_name_changes_also_in_a_file_written_by_hand() {
        let table = |name: &str| {
            format!(
                "# mine\nversion = 1\n\n[sessions.first]\n{REST}\n# why\n[sessions.{name}] # first\n{REST}\
                 colour = \"red\"\n\n[sessions.last]\n{REST}\n[network]\nproxy = \"\"\n"
            )
        };
        let inline = |name: &str| {
            let one = "{ region = \"eu-west-1\", start_url = \"https://a.awsapps.com/start\" }";
            format!("sessions = {{ first = {one}, {name} = {one}, last = {one} }} # all\n")
        };
        let dotted = |name: &str| {
            let one = "region = \"eu-west-1\"";
            let url = "start_url = \"https://a.awsapps.com/start\"";
            format!("[sessions]\n# why\n{name}.{one}\n{name}.{url}\nlast.{one}\nlast.{url}\n")
        };
        for write in [&table as &dyn Fn(&str) -> String, &inline, &dotted] {
            let (settings, text) = renamed(&write("old")).await;
            assert_eq!(text, write("new"));
            let settings = settings.unwrap();
            assert!(settings.session("new").is_ok() && settings.session("old").is_err());
        }
    }

    #[tokio::test]
    async fn a_name_that_is_taken_or_unknown_changes_nothing() {
        let both = format!("[sessions.old]\n{REST}[sessions.new]\n{REST}");
        let (refused, text) = renamed(&both).await;
        assert_eq!(
            (refused.unwrap_err().code(), text),
            (Code::SessionExists, both)
        );
        let other = format!("[sessions.other]\n{REST}");
        let (refused, text) = renamed(&other).await;
        assert_eq!(
            (refused.unwrap_err().code(), text),
            (Code::SessionUnknown, other)
        );
    }
}
