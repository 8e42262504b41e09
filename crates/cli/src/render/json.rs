//! The documents of `--json`: a public contract. Fields are added, never renamed.

mod browsers;
mod chain;
mod doctor;
mod import;
mod label;
mod profile;
mod uninstall;

use daypass_core::Error;
use daypass_core::accounts::labels::Look;
use daypass_core::accounts::marks::Mark;
use daypass_core::accounts::{Account, Assignment};
use daypass_core::daypass::{ConsoleLink, SessionStatus};
use jiff::Timestamp;
use serde::Serialize;

pub(crate) use browsers::Browsers;
pub(crate) use chain::{ChainChanged, Chains};
pub(crate) use doctor::Doctor;
pub(crate) use import::{Import, ImportOf};
pub(crate) use label::{Labels, LookOf, Rules, Taken};
pub(crate) use profile::{Changed, Profiles, action, style};
pub(crate) use uninstall::Belongings;

/// The version of every document here.
const VERSION: u32 = 1;

/// RFC 3339 in UTC, whole seconds.
fn stamp(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// An error.
#[derive(Serialize)]
pub(crate) struct Failed {
    version: u32,
    error: Failure,
}

#[derive(Serialize)]
struct Failure {
    code: &'static str,
    message: String,
    hint: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    causes: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    candidates: Vec<String>,
}

impl Failed {
    pub(crate) fn of(error: &Error) -> Failed {
        Failed {
            version: VERSION,
            error: Failure {
                code: error.code().name(),
                message: error.message().to_owned(),
                hint: error.hint().to_owned(),
                causes: error.causes(),
                candidates: error.candidates().to_vec(),
            },
        }
    }
}

/// `status`.
#[derive(Serialize)]
pub(crate) struct Status<'a> {
    version: u32,
    sessions: Vec<StatusOf<'a>>,
}

#[derive(Serialize)]
struct StatusOf<'a> {
    name: &'a str,
    start_url: &'a str,
    region: &'a str,
    partition: &'a str,
    state: &'static str,
    online: bool,
    storage: &'static str,
    signed_in_at: Option<String>,
    access_token_expires_at: Option<String>,
    renewable: bool,
    ends_at: Option<String>,
    ends_at_is_estimate: bool,
    user: Option<&'a str>,
}

impl<'a> Status<'a> {
    pub(crate) fn of(sessions: &[&'a SessionStatus]) -> Status<'a> {
        Status {
            version: VERSION,
            sessions: sessions.iter().map(|it| StatusOf::of(it)).collect(),
        }
    }
}

impl<'a> StatusOf<'a> {
    fn of(session: &'a SessionStatus) -> StatusOf<'a> {
        StatusOf {
            name: &session.name,
            start_url: &session.start_url,
            region: &session.region,
            partition: session.partition,
            state: session.state.name(),
            online: session.online,
            storage: session.storage.name(),
            signed_in_at: session.signed_in_at.map(stamp),
            access_token_expires_at: session.access_token_expires_at.map(stamp),
            renewable: session.renewable,
            ends_at: session.ends_at.map(stamp),
            ends_at_is_estimate: session.ends_at_is_estimate,
            user: session.user.as_deref(),
        }
    }
}

/// `session list`.
#[derive(Serialize)]
pub(crate) struct Sessions<'a> {
    version: u32,
    sessions: Vec<SessionOf<'a>>,
}

#[derive(Serialize)]
struct SessionOf<'a> {
    name: &'a str,
    start_url: &'a str,
    region: &'a str,
    partition: &'a str,
    storage: &'static str,
}

impl<'a> Sessions<'a> {
    pub(crate) fn of(sessions: &'a [SessionStatus]) -> Sessions<'a> {
        let sessions = sessions.iter().map(|session| SessionOf {
            name: &session.name,
            start_url: &session.start_url,
            region: &session.region,
            partition: session.partition,
            storage: session.storage.name(),
        });
        Sessions {
            version: VERSION,
            sessions: sessions.collect(),
        }
    }
}

/// `list`.
#[derive(Serialize)]
pub(crate) struct List<T> {
    version: u32,
    complete: bool,
    updated_at: Option<String>,
    #[serde(flatten)]
    rows: T,
}

/// The rows of `list`.
#[derive(Serialize)]
pub(crate) struct Assignments<'a> {
    pub(crate) assignments: Vec<AssignmentOf<'a>>,
}

/// The rows of `list --accounts`.
#[derive(Serialize)]
pub(crate) struct Accounts<'a> {
    pub(crate) accounts: Vec<AccountOf<'a>>,
}

impl<T> List<T> {
    pub(crate) fn of(complete: bool, updated_at: Option<Timestamp>, rows: T) -> List<T> {
        List {
            version: VERSION,
            complete,
            updated_at: updated_at.map(stamp),
            rows,
        }
    }
}

#[derive(Serialize)]
pub(crate) struct AssignmentOf<'a> {
    session: &'a str,
    account_id: &'a str,
    account_name: Option<&'a str>,
    account_email: Option<&'a str>,
    role: &'a str,
    alias: Option<&'a str>,
    label: Option<&'a str>,
    protected: bool,
    hidden: bool,
    pinned: bool,
    last_used_at: Option<String>,
}

impl<'a> AssignmentOf<'a> {
    pub(crate) fn of(
        session: &'a str,
        account: &'a Account,
        role: &'a str,
        look: &'a Look,
        mark: Mark,
    ) -> Self {
        AssignmentOf {
            session,
            account_id: &account.id,
            account_name: account.name.as_deref(),
            account_email: account.email.as_deref(),
            role,
            alias: look.alias.as_deref(),
            label: word(look),
            protected: look.protected,
            hidden: look.hidden,
            pinned: mark.pinned,
            last_used_at: mark.last_used_at.map(stamp),
        }
    }
}

#[derive(Serialize)]
pub(crate) struct AccountOf<'a> {
    session: &'a str,
    account_id: &'a str,
    account_name: Option<&'a str>,
    account_email: Option<&'a str>,
    roles: &'a [String],
    alias: Option<&'a str>,
    label: Option<&'a str>,
    protected: bool,
    hidden: bool,
}

impl<'a> AccountOf<'a> {
    pub(crate) fn of(session: &'a str, account: &'a Account, look: &'a Look) -> Self {
        AccountOf {
            alias: look.alias.as_deref(),
            label: word(look),
            protected: look.protected,
            hidden: look.hidden,
            session,
            account_id: &account.id,
            account_name: account.name.as_deref(),
            account_email: account.email.as_deref(),
            roles: account.roles.known(),
        }
    }
}

/// `console --print`.
#[derive(Serialize)]
pub(crate) struct Console<'a> {
    version: u32,
    url: &'a str,
    via: &'static str,
    expires_at: Option<String>,
}

impl<'a> Console<'a> {
    pub(crate) fn of(link: &'a ConsoleLink) -> Console<'a> {
        Console {
            version: VERSION,
            url: link.address.expose(),
            via: link.via.name(),
            expires_at: link.expires_at.map(stamp),
        }
    }
}

fn word(look: &Look) -> Option<&str> {
    look.label.as_ref().map(|it| it.word.as_str())
}

/// The assignment that a row stands for.
pub(crate) fn assignment(session: &str, account: &Account, role: &str) -> Assignment {
    Assignment {
        session: session.to_owned(),
        account_id: account.id.clone(),
        role: role.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use daypass_core::Code;
    use daypass_core::accounts::Roles;
    use daypass_core::secrets::Storage;
    use daypass_core::session::State;
    use serde_json::{json, to_value};

    #[test]
    fn an_error() {
        let error = Error::new(Code::SignInNeeded, "you are not signed in").with_hint("sign in");
        assert_eq!(
            to_value(Failed::of(&error)).unwrap(),
            json!({"version": 1, "error": {
                "code": "sign_in_needed", "message": "you are not signed in", "hint": "sign in"
            }})
        );
    }

    #[test]
    fn a_status_has_every_field_always() {
        let session = SessionStatus {
            name: "work".into(),
            start_url: "https://a.awsapps.com/start".into(),
            portal_host: "a.awsapps.com".into(),
            region: "eu-central-1".into(),
            partition: "aws",
            state: State::Active,
            online: true,
            storage: Storage::Shared,
            storage_chosen: true,
            signed_in_at: Some("2026-03-02T09:00:00.5Z".parse().unwrap()),
            renewable: true,
            looked_at: true,
            ..SessionStatus::default()
        };
        assert_eq!(
            to_value(Status::of(&[&session])).unwrap(),
            json!({"version": 1, "sessions": [{
                "name": "work", "start_url": "https://a.awsapps.com/start",
                "region": "eu-central-1", "partition": "aws", "state": "active", "online": true,
                "storage": "shared", "signed_in_at": "2026-03-02T09:00:00Z",
                "access_token_expires_at": null, "renewable": true, "ends_at": null,
                "ends_at_is_estimate": false, "user": null
            }]})
        );
    }

    #[test]
    fn a_list_keeps_names_as_they_are() {
        let account = Account {
            id: "000000000001".into(),
            name: Some("a\u{1b}[31m".into()),
            email: None,
            roles: Roles::Read(vec!["ReadOnly".into()]),
        };
        let at: Timestamp = "2026-03-02T09:00:00.987654Z".parse().unwrap();
        let mark = Mark {
            last_used_at: Some(at),
            ..Mark::default()
        };
        let look = Look {
            alias: Some("Mine".into()),
            protected: true,
            ..Look::default()
        };
        let rows = Assignments {
            assignments: vec![AssignmentOf::of("work", &account, "ReadOnly", &look, mark)],
        };
        assert_eq!(
            to_value(List::of(true, Some(at), rows)).unwrap(),
            json!({"version": 1, "complete": true, "updated_at": "2026-03-02T09:00:00Z",
            "assignments": [{
                "session": "work", "account_id": "000000000001", "account_name": "a\u{1b}[31m",
                "account_email": null, "role": "ReadOnly", "alias": "Mine", "label": null,
                "protected": true, "hidden": false, "pinned": false,
                "last_used_at": "2026-03-02T09:00:00Z"
            }]})
        );
    }
}
