//! What crosses to the page and nothing more. Private to this package: the command line has a format
//! of its own. The TypeScript side is generated from here by `cargo xtask types`.

use daypass_core::accounts::rank::{self, Field};
use daypass_core::accounts::{self, Roles};
use daypass_core::aws_config::{Action, LineKind, OnConflict, Style as ConfigStyle, Target};
use daypass_core::daypass as core;
use daypass_core::notice;
use daypass_core::portal_url::PortalUrl;
use daypass_core::session::State;
use daypass_core::session::sign_in::Step;
use daypass_core::{portal, secrets};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How many rows a search sends.
const HITS: usize = 200;

/// Milliseconds since the Unix epoch.
#[derive(Clone, Copy, Deserialize, Serialize, TS)]
pub(crate) struct Millis(#[ts(type = "number")] i64);

impl From<Timestamp> for Millis {
    fn from(time: Timestamp) -> Millis {
        Millis(time.as_millisecond())
    }
}

impl From<Millis> for Timestamp {
    /// What lies beyond the calendar is its end.
    fn from(time: Millis) -> Timestamp {
        Timestamp::from_millisecond(time.0).unwrap_or(Timestamp::MAX)
    }
}

#[derive(Clone, Copy, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SessionState {
    SignedOut,
    SigningIn,
    Active,
    Fading,
    Lapsed,
}

impl From<State> for SessionState {
    fn from(state: State) -> SessionState {
        match state {
            State::SignedOut => SessionState::SignedOut,
            State::SigningIn => SessionState::SigningIn,
            State::Active => SessionState::Active,
            State::Fading => SessionState::Fading,
            State::Lapsed => SessionState::Lapsed,
        }
    }
}

#[derive(Clone, Copy, Deserialize, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Storage {
    Keychain,
    Shared,
}

impl From<secrets::Storage> for Storage {
    fn from(storage: secrets::Storage) -> Storage {
        match storage {
            secrets::Storage::Keychain => Storage::Keychain,
            secrets::Storage::Shared => Storage::Shared,
        }
    }
}

impl From<Storage> for secrets::Storage {
    fn from(storage: Storage) -> secrets::Storage {
        match storage {
            Storage::Keychain => secrets::Storage::Keychain,
            Storage::Shared => secrets::Storage::Shared,
        }
    }
}

#[derive(Clone, Copy, Deserialize, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Style {
    Sso,
    Process,
}

impl From<ConfigStyle> for Style {
    fn from(style: ConfigStyle) -> Style {
        match style {
            ConfigStyle::Sso => Style::Sso,
            ConfigStyle::Process => Style::Process,
        }
    }
}

impl From<Style> for ConfigStyle {
    fn from(style: Style) -> ConfigStyle {
        match style {
            Style::Sso => ConfigStyle::Sso,
            Style::Process => ConfigStyle::Process,
        }
    }
}

#[derive(Clone, Copy, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Flow {
    Browser,
    Device,
}

impl Flow {
    /// For the browser core looks whether it can work here, and says why where it cannot.
    pub(crate) fn wish(self) -> Option<portal::Flow> {
        match self {
            Flow::Browser => None,
            Flow::Device => Some(portal::Flow::Device),
        }
    }
}

#[derive(Clone, Serialize, TS)]
pub(crate) struct Failure {
    code: String,
    message: String,
    hint: String,
}

impl From<&core::Failure> for Failure {
    fn from(failure: &core::Failure) -> Failure {
        Failure {
            code: failure.code.name().to_owned(),
            message: failure.message.clone(),
            hint: failure.hint.clone(),
        }
    }
}

impl From<daypass_core::Error> for Failure {
    fn from(error: daypass_core::Error) -> Failure {
        Failure::from(&core::Failure::of(&error))
    }
}

#[derive(Clone, Serialize, TS)]
#[serde(tag = "step", rename_all = "snake_case")]
pub(crate) enum SignInStep {
    Starting,
    Browser {
        opened: bool,
        started_at: Millis,
        gives_up_at: Millis,
    },
    Device {
        user_code: String,
        page: String,
        reason: String,
        started_at: Millis,
        gives_up_at: Millis,
    },
    Finishing,
}

impl From<&Step> for SignInStep {
    fn from(step: &Step) -> SignInStep {
        match step {
            Step::Starting => SignInStep::Starting,
            Step::Browser {
                address: _,
                opened,
                started_at,
                gives_up_at,
            } => SignInStep::Browser {
                opened: *opened,
                started_at: (*started_at).into(),
                gives_up_at: (*gives_up_at).into(),
            },
            Step::Device {
                user_code,
                page,
                complete_page: _,
                reason,
                started_at,
                gives_up_at,
            } => SignInStep::Device {
                user_code: user_code.clone(),
                page: page.to_string(),
                reason: (*reason).to_owned(),
                started_at: (*started_at).into(),
                gives_up_at: (*gives_up_at).into(),
            },
            Step::Finishing => SignInStep::Finishing,
        }
    }
}

#[derive(Clone, Serialize, TS)]
pub(crate) struct Session {
    name: String,
    start_url: String,
    /// The host of the access portal, internationalised names as punycode.
    portal_host: String,
    region: String,
    partition: String,
    state: SessionState,
    /// False while the service cannot be reached.
    online: bool,
    storage: Storage,
    /// True once the user has chosen, by a first CLI profile or a flag, where the tokens rest.
    storage_chosen: bool,
    signed_in_at: Option<Millis>,
    access_token_expires_at: Option<Millis>,
    renewable: bool,
    ends_at: Option<Millis>,
    ends_at_is_estimate: bool,
    /// How long a sign-in lasts, where the user said so.
    length_seconds: Option<i32>,
    /// How long sign-ins lasted so far, where ends were seen.
    usual_length_seconds: Option<i32>,
    /// What stands to be told: that the sign-in ends soon, or has ended.
    notice: Option<Notice>,
    /// Who is signed in, as AWS names them.
    user: Option<String>,
    /// Who was signed in before, where that is another and nobody has taken note of it.
    user_before: Option<String>,
    /// How far the portal's clock is ahead, in seconds, where that is over two minutes.
    clock_ahead_seconds: Option<i32>,
    sign_in: Option<SignInStep>,
    /// Why the last sign-in did not work; gone with the next one.
    failure: Option<Failure>,
    /// Why the sign-in cannot be looked after at the moment; it is kept.
    trouble: Option<Failure>,
    /// When that is tried again.
    retry_at: Option<Millis>,
}

#[derive(Clone, Copy, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stage {
    EndsSoon,
    EndsVerySoon,
    Ended,
}

impl From<notice::Stage> for Stage {
    fn from(stage: notice::Stage) -> Stage {
        match stage {
            notice::Stage::EndsSoon => Stage::EndsSoon,
            notice::Stage::EndsVerySoon => Stage::EndsVerySoon,
            notice::Stage::Ended => Stage::Ended,
        }
    }
}

#[derive(Clone, Serialize, TS)]
pub(crate) struct Notice {
    stage: Stage,
    ends_at: Option<Millis>,
    is_estimate: bool,
    /// The user has put it off.
    snoozed: bool,
}

impl Notice {
    fn of(notice: &notice::Notice, snoozed: bool) -> Notice {
        Notice {
            stage: notice.stage.into(),
            ends_at: notice.ends_at.map(Millis::from),
            is_estimate: notice.is_estimate,
            snoozed,
        }
    }
}

/// Lengths are hours; one that does not fit is nonsense and cut.
fn seconds(length: jiff::SignedDuration) -> i32 {
    i32::try_from(length.as_secs()).unwrap_or(i32::MAX)
}

impl From<&core::SessionStatus> for Session {
    fn from(status: &core::SessionStatus) -> Session {
        Session {
            name: status.name.clone(),
            start_url: status.start_url.clone(),
            portal_host: status.portal_host.clone(),
            region: status.region.clone(),
            partition: status.partition.to_owned(),
            state: status.state.into(),
            online: status.online,
            storage: status.storage.into(),
            storage_chosen: status.storage_chosen,
            signed_in_at: status.signed_in_at.map(Millis::from),
            access_token_expires_at: status.access_token_expires_at.map(Millis::from),
            renewable: status.renewable,
            ends_at: status.ends_at.map(Millis::from),
            ends_at_is_estimate: status.ends_at_is_estimate,
            length_seconds: status.length.map(seconds),
            usual_length_seconds: status.usual_length.map(seconds),
            notice: status
                .notice
                .as_ref()
                .map(|it| Notice::of(it, status.snoozed)),
            user: status.user.clone(),
            user_before: status.user_before.clone(),
            clock_ahead_seconds: status.clock_ahead.map(seconds),
            sign_in: status.sign_in.as_ref().map(SignInStep::from),
            failure: status.failure.as_ref().map(Failure::from),
            trouble: status.trouble.as_ref().map(Failure::from),
            retry_at: status.retry_at.map(Millis::from),
        }
    }
}

#[derive(Clone, Serialize, TS)]
pub(crate) struct Sessions {
    #[ts(type = "number")]
    revision: u64,
    sessions: Vec<Session>,
    /// Until when no notification is shown.
    muted_until: Option<Millis>,
}

impl Sessions {
    pub(crate) fn of(snapshot: &core::Snapshot) -> Sessions {
        Sessions {
            revision: snapshot.sessions_revision,
            sessions: snapshot.sessions.iter().map(Session::from).collect(),
            muted_until: snapshot.muted_until.map(Millis::from),
        }
    }
}

#[derive(Clone, Serialize, TS)]
pub(crate) struct Role {
    name: String,
    pinned: bool,
    last_used_at: Option<Millis>,
}

#[derive(Clone, Copy, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RolesState {
    Unread,
    Read,
    Failed,
}

#[derive(Clone, Serialize, TS)]
pub(crate) struct Account {
    session: String,
    /// Twelve digits; leading zeros matter.
    id: String,
    name: Option<String>,
    email: Option<String>,
    roles: Vec<Role>,
    roles_state: RolesState,
}

impl Account {
    fn of(session: &str, account: &accounts::Account, marks: &accounts::marks::Marks) -> Account {
        let role = |role: &String| {
            let mark = marks.of(&accounts::Assignment {
                session: session.to_owned(),
                account_id: account.id.clone(),
                role: role.clone(),
            });
            let last_used_at = mark.last_used_at.map(Millis::from);
            Role {
                name: role.clone(),
                pinned: mark.pinned,
                last_used_at,
            }
        };
        Account {
            session: session.to_owned(),
            id: account.id.clone(),
            name: account.name.clone(),
            email: account.email.clone(),
            roles: account.roles.known().iter().map(role).collect(),
            roles_state: match account.roles {
                Roles::Unread => RolesState::Unread,
                Roles::Read(_) => RolesState::Read,
                Roles::Failed(_) => RolesState::Failed,
            },
        }
    }
}

#[derive(Clone, Serialize, TS)]
pub(crate) struct Progress {
    #[ts(type = "number")]
    done: usize,
    #[ts(type = "number")]
    total: usize,
}

#[derive(Clone, Serialize, TS)]
pub(crate) struct Listing {
    session: String,
    updated_at: Option<Millis>,
    complete: bool,
    /// Present while the list is being read.
    progress: Option<Progress>,
    failure: Option<Failure>,
}

impl Listing {
    fn of(session: &str, list: &accounts::AccountList, reading: Option<&core::Reading>) -> Listing {
        let (progress, failure) = match reading {
            None => (None, None),
            Some(core::Reading::Progress { done, total }) => (
                Some(Progress {
                    done: *done,
                    total: *total,
                }),
                None,
            ),
            Some(core::Reading::Failed(failure)) => (None, Some(Failure::from(failure))),
        };
        Listing {
            session: session.to_owned(),
            updated_at: list.updated_at.map(Millis::from),
            complete: list.complete,
            progress,
            failure,
        }
    }
}

#[derive(Clone, Serialize, TS)]
pub(crate) struct Accounts {
    #[ts(type = "number")]
    revision: u64,
    listings: Vec<Listing>,
    accounts: Vec<Account>,
}

impl Accounts {
    pub(crate) fn of(snapshot: &core::Snapshot) -> Accounts {
        let none = accounts::AccountList::default();
        let listings = snapshot.sessions.iter().map(|session| {
            let list = snapshot.lists.get(&session.name).map_or(&none, |list| list);
            Listing::of(&session.name, list, snapshot.readings.get(&session.name))
        });
        let lists = snapshot
            .sessions
            .iter()
            .filter_map(|it| Some((&it.name, snapshot.lists.get(&it.name)?)));
        let accounts = lists.flat_map(|(session, list)| {
            list.accounts
                .iter()
                .map(move |account| Account::of(session, account, &snapshot.marks))
        });
        Accounts {
            revision: snapshot.accounts_revision,
            listings: listings.collect(),
            accounts: accounts.collect(),
        }
    }
}

#[derive(Clone, Serialize, TS)]
pub(crate) struct Snapshot {
    sessions: Sessions,
    accounts: Accounts,
}

impl Snapshot {
    pub(crate) fn of(snapshot: &core::Snapshot) -> Snapshot {
        Snapshot {
            sessions: Sessions::of(snapshot),
            accounts: Accounts::of(snapshot),
        }
    }
}

#[derive(Clone, Deserialize, TS)]
pub(crate) struct Assignment {
    session: String,
    account_id: String,
    role: String,
}

impl From<Assignment> for accounts::Assignment {
    fn from(it: Assignment) -> accounts::Assignment {
        accounts::Assignment {
            session: it.session,
            account_id: it.account_id,
            role: it.role,
        }
    }
}

#[derive(Clone, Copy, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MarkField {
    Name,
    Id,
    Email,
    Role,
}

/// A matched stretch of a field, in UTF-16 code units, end excluded.
#[derive(Clone, Serialize, TS)]
pub(crate) struct Mark {
    field: MarkField,
    #[ts(type = "number")]
    start: usize,
    #[ts(type = "number")]
    end: usize,
}

/// One row of a search, best first; `role` is null where the account's permission sets are not read yet.
#[derive(Clone, Serialize, TS)]
pub(crate) struct Hit {
    session: String,
    account_id: String,
    role: Option<String>,
    marks: Vec<Mark>,
}

impl Hit {
    fn of(hit: &rank::Hit<'_>) -> Hit {
        let mark = |stretch: &rank::Stretch| {
            let (field, text) = match stretch.field {
                Field::Name => (MarkField::Name, hit.account.name.as_deref()),
                Field::Id => (MarkField::Id, Some(hit.account.id.as_str())),
                Field::Email => (MarkField::Email, hit.account.email.as_deref()),
                Field::Role => (MarkField::Role, hit.role),
            };
            let units = |characters: usize| {
                text.unwrap_or_default()
                    .chars()
                    .take(characters)
                    .map(char::len_utf16)
                    .sum()
            };
            Mark {
                field,
                start: units(stretch.start),
                end: units(stretch.end),
            }
        };
        Hit {
            session: hit.session.to_owned(),
            account_id: hit.account.id.clone(),
            role: hit.role.map(str::to_owned),
            marks: hit.stretches.iter().map(mark).collect(),
        }
    }
}

/// `total` counts all matches; `hits` holds the best 200.
#[derive(Clone, Serialize, TS)]
pub(crate) struct Found {
    #[ts(type = "number")]
    total: usize,
    hits: Vec<Hit>,
}

impl Found {
    pub(crate) fn of(hits: &[rank::Hit<'_>]) -> Found {
        Found {
            total: hits.len(),
            hits: hits.iter().take(HITS).map(Hit::of).collect(),
        }
    }
}

#[derive(Clone, Serialize, TS)]
pub(crate) struct PortalCheck {
    start_url: String,
    host: String,
    region: Option<String>,
    partition: Option<String>,
    /// True for an address outside the AWS host list: the user has to allow it.
    custom: bool,
    suggested_name: String,
}

impl From<PortalUrl> for PortalCheck {
    fn from(portal: PortalUrl) -> PortalCheck {
        PortalCheck {
            suggested_name: portal.suggested_name(),
            start_url: portal.start_url,
            host: portal.host,
            region: portal.region,
            partition: portal.partition.map(str::to_owned),
            custom: portal.custom,
        }
    }
}

#[derive(Clone, Deserialize, TS)]
pub(crate) struct NewSession {
    name: String,
    start_url: String,
    region: Option<String>,
    /// Null: the keychain, until the first CLI profile asks.
    storage: Option<Storage>,
    allow_custom_portal: bool,
}

impl From<NewSession> for core::NewSession {
    fn from(new: NewSession) -> core::NewSession {
        core::NewSession {
            name: new.name,
            start_url: new.start_url,
            region: new.region,
            storage: new.storage.map(Into::into),
            length: None,
            allow_custom_portal: new.allow_custom_portal,
        }
    }
}

/// What to change about a session; what is null stays as it is.
#[derive(Clone, Deserialize, TS)]
pub(crate) struct SessionChange {
    /// Where its tokens rest from now on; they move.
    storage: Option<Storage>,
    /// How long a sign-in lasts.
    length_seconds: Option<u32>,
}

impl From<SessionChange> for core::SessionChange {
    fn from(change: SessionChange) -> core::SessionChange {
        let length = change.length_seconds.map(i64::from);
        core::SessionChange {
            storage: change.storage.map(Into::into),
            length: length.map(jiff::SignedDuration::from_secs),
        }
    }
}

#[derive(Clone, Deserialize, TS)]
pub(crate) struct ProfileRequest {
    assignment: Assignment,
    /// Null: Daypass proposes one.
    name: Option<String>,
    region: Option<String>,
    output: Option<String>,
    /// Null: the session's own.
    style: Option<Style>,
    make_default: bool,
    replace: bool,
}

impl From<ProfileRequest> for core::ProfileRequest {
    fn from(request: ProfileRequest) -> core::ProfileRequest {
        core::ProfileRequest {
            assignment: request.assignment.into(),
            target: match (request.make_default, request.name) {
                (true, _) => Target::Default,
                (false, Some(name)) => Target::Named(name),
                (false, None) => Target::Proposed,
            },
            region: request.region,
            output: request.output,
            // The page shows what each style means for the session before it is chosen.
            style: match request.style {
                Some(style) => core::StyleChoice::Moving(style.into()),
                None => core::StyleChoice::OfSession,
            },
            settings: Vec::new(),
            on_conflict: if request.replace {
                OnConflict::Replace
            } else {
                OnConflict::Refuse
            },
        }
    }
}

#[derive(Clone, Copy, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DiffKind {
    Same,
    Added,
    Removed,
}

#[derive(Clone, Serialize, TS)]
pub(crate) struct DiffLine {
    kind: DiffKind,
    #[ts(type = "number | null")]
    old_line: Option<usize>,
    #[ts(type = "number | null")]
    new_line: Option<usize>,
    text: String,
}

#[derive(Clone, Serialize, TS)]
pub(crate) struct ProfilePreview {
    name: String,
    file: String,
    style: Style,
    /// What writing it changes about the session's storage, if anything.
    storage_change: Option<Storage>,
    diff: Vec<DiffLine>,
    #[ts(type = "number")]
    added: usize,
    #[ts(type = "number")]
    removed: usize,
}

impl From<core::ProfilePreview> for ProfilePreview {
    fn from(preview: core::ProfilePreview) -> ProfilePreview {
        let count = |kind| preview.diff.iter().filter(|line| line.kind == kind).count();
        let line = |line: &daypass_core::aws_config::DiffLine| DiffLine {
            kind: match line.kind {
                LineKind::Same => DiffKind::Same,
                LineKind::Added => DiffKind::Added,
                LineKind::Removed => DiffKind::Removed,
            },
            old_line: line.old_line,
            new_line: line.new_line,
            text: line.text.clone(),
        };
        ProfilePreview {
            added: count(LineKind::Added),
            removed: count(LineKind::Removed),
            diff: preview.diff.iter().map(line).collect(),
            name: preview.name,
            file: preview.file.display().to_string(),
            style: preview.style.into(),
            storage_change: preview.storage_change.map(Storage::from),
        }
    }
}

#[derive(Clone, Copy, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ProfileAction {
    Added,
    Changed,
    Unchanged,
}

#[derive(Clone, Serialize, TS)]
pub(crate) struct ProfileWritten {
    name: String,
    file: String,
    backup: Option<String>,
    action: ProfileAction,
}

impl From<core::ProfileWritten> for ProfileWritten {
    fn from(written: core::ProfileWritten) -> ProfileWritten {
        let action = written.preview.changes.first().map(|change| change.action);
        ProfileWritten {
            name: written.preview.name,
            file: written.preview.file.display().to_string(),
            backup: written.backup.map(|path| path.display().to_string()),
            action: match action {
                Some(Action::Added) => ProfileAction::Added,
                Some(Action::Changed | Action::Removed) => ProfileAction::Changed,
                Some(Action::Unchanged | Action::Kept) | None => ProfileAction::Unchanged,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The TypeScript of every type above, in their order.
    fn typescript() -> String {
        let config = ts_rs::Config::default();
        let mut text = String::from(
            "// Generated by `cargo xtask types` from src-tauri/src/wire.rs. Do not edit.\n",
        );
        macro_rules! declare {
            ($($name:ty),* $(,)?) => {$(
                text.push('\n');
                if let Some(docs) = <$name as TS>::docs() { text.push_str(&docs); }
                text.push_str("export ");
                text.push_str(&<$name as TS>::decl(&config));
                text.push('\n');
            )*};
        }
        declare!(
            Millis,
            SessionState,
            Storage,
            Style,
            Flow,
            Failure,
            SignInStep,
            Session,
            Stage,
            Notice,
            Sessions,
            Role,
            RolesState,
            Account,
            Progress,
            Listing,
            Accounts,
            Snapshot,
            Assignment,
            MarkField,
            Mark,
            Hit,
            Found,
            PortalCheck,
            NewSession,
            SessionChange,
            ProfileRequest,
            DiffKind,
            DiffLine,
            ProfilePreview,
            ProfileAction,
            ProfileWritten,
        );
        text
    }

    /// With `DAYPASS_WRITE_TYPES` set, as `cargo xtask types` does, it writes the file instead.
    #[test]
    fn the_page_knows_the_same_types() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/ui/src/host/wire.gen.ts");
        let (now, wanted) = (
            std::fs::read_to_string(path).unwrap_or_default(),
            typescript(),
        );
        if option_env!("CARGO").is_some()
            && daypass_core::host::Env::real().has("DAYPASS_WRITE_TYPES")
        {
            let written = daypass_core::host::files::replace(
                std::path::Path::new(path),
                wanted.as_bytes(),
                daypass_core::host::files::Mode::Keep,
            );
            return written.unwrap();
        }
        assert_eq!(now, wanted, "run `cargo xtask types`");
    }
}
