//! The document of `uninstall`.

use daypass_core::daypass;
use serde::Serialize;

use super::{VERSION, action};
use crate::cmd::uninstall::word;

/// What Daypass has, or what it had.
#[derive(Serialize)]
pub(crate) struct Belongings {
    version: u32,
    /// Whether it was taken away.
    removed: bool,
    sessions: Vec<SessionOf>,
    file: String,
    profiles: Vec<ProfileOf>,
    diff: String,
    remains: Vec<RemainOf>,
    /// Sessions whose portal could not be told of the end.
    pending: Vec<String>,
    /// Folders that stay for what others put there.
    staying: Vec<String>,
}

#[derive(Serialize)]
struct SessionOf {
    name: String,
    storage: &'static str,
}

#[derive(Serialize)]
struct ProfileOf {
    profile: String,
    action: &'static str,
}

#[derive(Serialize)]
struct RemainOf {
    kind: &'static str,
    path: String,
}

impl Belongings {
    pub(crate) fn of(belongings: &daypass::Belongings) -> Belongings {
        let sessions = belongings.sessions.iter().map(|(name, storage)| SessionOf {
            name: name.clone(),
            storage: storage.name(),
        });
        let profiles = belongings.profiles.changes().iter().map(|it| ProfileOf {
            profile: it.profile.clone(),
            action: action(it.action),
        });
        let remains = belongings.remains.iter().map(|it| RemainOf {
            kind: word(it.kind),
            path: it.path.display().to_string(),
        });
        Belongings {
            version: VERSION,
            removed: false,
            sessions: sessions.collect(),
            file: belongings.profiles.file().display().to_string(),
            profiles: profiles.collect(),
            diff: belongings.profiles.unified(),
            remains: remains.collect(),
            pending: Vec::new(),
            staying: Vec::new(),
        }
    }

    /// The same once it is done.
    pub(crate) fn gone(mut self, left: &daypass::Left) -> Belongings {
        self.removed = true;
        self.pending = left.pending.iter().map(|(name, _)| name.clone()).collect();
        let staying = left.staying.iter().map(|it| it.display().to_string());
        self.staying = staying.collect();
        self
    }
}
