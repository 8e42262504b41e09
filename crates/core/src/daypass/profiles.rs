//! CLI profiles: preview, write, take back. A standard profile needs the session's tokens where the
//! AWS tools look for them, so writing one may move them.

use std::collections::{BTreeSet, HashSet};
use std::path::PathBuf;

use sha2::{Digest, Sha256};

use super::{Consent, Daypass, SessionChange};
use crate::accounts::Assignment;
use crate::aws_config::{
    self, Applied, Assigned, AwsConfig, Change, DiffLine, NewChain, NewProfile, NewRole,
    OnConflict, Places, Plan, Prune, SessionFacts, Style, Sync, Target,
};
use crate::secrets::Storage;
use crate::settings::chains::Chain;
use crate::settings::{ProfileKeys, SessionSettings};
use crate::{Code, Error, Result};

/// A profile that the user wants.
#[derive(Clone, Debug)]
pub struct ProfileRequest {
    /// Whose credentials it gives.
    pub assignment: Assignment,
    /// Which section.
    pub target: Target,
    /// Its Region.
    pub region: Option<String>,
    /// Its output format.
    pub output: Option<String>,
    /// What it gets where neither this nor a rule says anything.
    pub otherwise: ProfileKeys,
    /// How tools get credentials, and what that may change about the session.
    pub style: StyleChoice,
    /// Further keys.
    pub settings: Vec<(String, String)>,
    /// What happens to a profile of that name that Daypass did not write.
    pub on_conflict: OnConflict,
}

/// The profiles of all known assignments of some sessions.
#[derive(Clone, Debug)]
pub struct SyncRequest {
    /// The sessions.
    pub sessions: Vec<String>,
    /// Only these of their assignments; none for all. Profiles of the others stay as they are.
    pub chosen: Option<HashSet<Assignment>>,
    /// How names are built; the usual way where nothing is said.
    pub template: Option<String>,
    /// The profiles' Region.
    pub region: Option<String>,
    /// The profiles' output format.
    pub output: Option<String>,
    /// What those get of which neither this nor a rule says anything.
    pub otherwise: ProfileKeys,
    /// How their style is chosen.
    pub style: StyleChoice,
    /// What happens to those whose assignment is gone.
    pub prune: Prune,
}

/// What writing the profiles of all assignments would do.
#[derive(Debug)]
pub struct SyncPlan {
    plan: Plan,
    protected: Vec<Assignment>,
}

impl SyncPlan {
    /// What happens to the file.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Protected assignments that get their first profile: the user has to agree.
    pub fn protected(&self) -> &[Assignment] {
        &self.protected
    }

    /// What the user agrees to, in a few letters: a plan that is made anew and asks for more has others.
    pub fn question(&self) -> String {
        let mut hash = Sha256::new();
        for it in &self.protected {
            for part in [&it.session, &it.account_id, &it.role] {
                hash.update(part);
                hash.update([0]);
            }
        }
        hex::encode(&hash.finalize()[..8])
    }
}

/// How the style of a profile is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StyleChoice {
    /// The one that fits the session's storage.
    OfSession,
    /// This one; refused where it does not fit the storage.
    Only(Style),
    /// This one; the session's tokens move where needed. Only where the user saw what that means.
    Moving(Style),
}

/// What writing a profile would do.
#[derive(Clone, Debug)]
pub struct ProfilePreview {
    /// The profile's name.
    pub name: String,
    /// The file.
    pub file: PathBuf,
    /// The Region that is written, by the request, a rule, or what is usual.
    pub region: Option<String>,
    /// The style.
    pub style: Style,
    /// Where the session's tokens would move, if anywhere.
    pub storage_change: Option<Storage>,
    /// The lines that change, with their neighbours.
    pub diff: Vec<DiffLine>,
    /// The same as text.
    pub unified: String,
    /// What happens to each profile.
    pub changes: Vec<Change>,
}

/// What writing a profile did.
#[derive(Clone, Debug)]
pub struct ProfileWritten {
    /// What was done.
    pub preview: ProfilePreview,
    /// The file before, where it was changed.
    pub backup: Option<PathBuf>,
}

impl Daypass {
    /// What writing a profile would do; nothing is written.
    ///
    /// # Errors
    /// `SessionUnknown`, `Usage`, `ConfigBroken`, `ConfigConflict`, `ConfigNotWritable`.
    pub async fn preview_profile(&self, request: &ProfileRequest) -> Result<ProfilePreview> {
        let request = &self.with_defaults(request);
        let (_, style, storage_change) = self.decide(request)?;
        let plan = self.plan(request, style).await?;
        Ok(preview(&plan, self.keys_of(request), style, storage_change))
    }

    /// Writes a profile, after a backup; the session's tokens move first where that was chosen.
    ///
    /// # Errors
    /// `Protected` where the user has to agree first, as of `preview_profile`, and the vault's where
    /// tokens move.
    pub async fn write_profile(
        &self,
        request: &ProfileRequest,
        consent: Consent,
    ) -> Result<ProfileWritten> {
        self.guard(&request.assignment, consent, "a profile")?;
        let request = &self.with_defaults(request);
        let (session, style, storage_change) = self.decide(request)?;
        let plan = self.plan(request, style).await?;
        if let Some(storage) = storage_change {
            self.move_storage(&session.name, storage).await?;
        }
        let now = self.now();
        let applied = blocking(move || aws_config::apply(&plan, now)).await;
        if let (Err(_), Some(_)) = (&applied, storage_change) {
            self.move_storage(&session.name, session.storage).await?;
        }
        let applied = applied?;
        if matches!(request.style, StyleChoice::Moving(_)) {
            self.choose_storage(&session.name).await?;
        }
        self.used(&request.assignment).await;
        Ok(ProfileWritten {
            preview: preview(&applied.plan, self.keys_of(request), style, storage_change),
            backup: applied.backup,
        })
    }

    /// Takes the last change of the config file back.
    ///
    /// # Errors
    /// `NothingToUndo`, `ConfigConflict` where the file was changed since, `ConfigNotWritable`.
    pub async fn undo_profile(&self) -> Result<aws_config::Undone> {
        let places = self.places();
        blocking(move || aws_config::undo(&places)).await
    }

    /// The profiles of the config file, of any kind.
    ///
    /// # Errors
    /// `ConfigNotWritable` where the file cannot be read.
    pub async fn profiles(&self) -> Result<AwsConfig> {
        let places = self.places();
        blocking(move || aws_config::read(&places)).await
    }

    /// What taking a profile out would do; nothing is written.
    ///
    /// # Errors
    /// `Usage` where there is no such profile, `ConfigConflict` where Daypass did not write it,
    /// `ConfigBroken`, `ConfigNotWritable`.
    pub async fn plan_removal(&self, profile: &str) -> Result<Plan> {
        let (places, profile) = (self.places(), profile.to_owned());
        blocking(move || aws_config::plan_removal(&places, &profile)).await
    }

    /// What writing the profiles of all assignments would do, and which protected ones would be new;
    /// nothing is written. The lists are
    /// taken as they are known: only those that are complete can tell that an assignment is gone.
    ///
    /// # Errors
    /// As of `preview_profile`.
    pub async fn plan_sync(&self, request: &SyncRequest) -> Result<SyncPlan> {
        self.take_in_looks();
        let request = &self.with_sync_defaults(request);
        let (mut profiles, mut others) = (Vec::new(), Vec::new());
        for name in &request.sessions {
            let all = self.wanted(name, request)?;
            let is_chosen = |it: &NewProfile| {
                let chosen = request.chosen.as_ref();
                chosen.is_none_or(|chosen| chosen.contains(&assignment_of(it)))
            };
            let (chosen, rest): (Vec<_>, Vec<_>) = all.into_iter().partition(is_chosen);
            profiles.extend(chosen);
            others.extend(rest.iter().map(Assigned::of_new));
        }
        let complete = |name: &&String| self.list(name).complete;
        let sync = Sync {
            profiles,
            sessions: request.sessions.iter().filter(complete).cloned().collect(),
            others,
            template: request.template.clone(),
            prune: request.prune,
        };
        let protected = self.new_protected(&sync.profiles).await?;
        let places = self.places();
        let plan = blocking(move || aws_config::plan_sync(&places, sync)).await?;
        Ok(SyncPlan { plan, protected })
    }

    /// Writes what was planned for all assignments, after a backup. Protected ones that have a profile
    /// already are no question any more.
    ///
    /// # Errors
    /// `Protected` where the user has to agree to new ones first, as of `apply_plan`.
    pub async fn apply_sync(&self, sync: SyncPlan, consent: Consent) -> Result<Applied> {
        if let ([first, ..], Consent::NotAsked) = (&sync.protected[..], consent) {
            let number = sync.protected.len();
            let message = match number {
                1 => format!(
                    "a new profile would be of {}/{}",
                    first.account_id, first.role
                ),
                _ => format!("{number} of the new profiles would be of protected assignments"),
            };
            let message = format!("{message}, which asks for your consent");
            return Err(Error::new(Code::Protected, message));
        }
        self.apply_plan(sync.plan).await
    }

    /// The protected assignments among these that no profile of Daypass is of.
    async fn new_protected(&self, wanted: &[NewProfile]) -> Result<Vec<Assignment>> {
        let assignments = wanted.iter().map(assignment_of);
        let mut protected: Vec<Assignment> = assignments
            .filter(|it| self.look_of(it).protected)
            .collect();
        if protected.is_empty() {
            return Ok(protected);
        }
        let config = self.profiles().await?;
        let written = config.profiles().iter().filter(|it| it.managed);
        let written: BTreeSet<_> = written
            .filter_map(|it| it.assigned())
            .map(|it| (it.session, it.account_id, it.role))
            .collect();
        protected.retain(|it| {
            let Assignment {
                session,
                account_id,
                role,
            } = it.clone();
            !written.contains(&(session, account_id, role))
        });
        Ok(protected)
    }

    /// A profile for each known assignment of a session.
    fn wanted(&self, session: &str, request: &SyncRequest) -> Result<Vec<NewProfile>> {
        let list = self.list(session);
        let wanted = list.pairs().map(|(account, role)| {
            let one = ProfileRequest {
                assignment: Assignment {
                    session: session.to_owned(),
                    account_id: account.id.clone(),
                    role: role.to_owned(),
                },
                target: Target::Proposed,
                region: request.region.clone(),
                output: request.output.clone(),
                otherwise: request.otherwise.clone(),
                style: request.style,
                settings: Vec::new(),
                on_conflict: OnConflict::Refuse,
            };
            let (_, style, _) = self.decide(&one)?;
            self.new_profile(&one, style)
        });
        wanted.collect()
    }

    /// Writes a plan, after a backup.
    ///
    /// # Errors
    /// As of the plan, `ConfigNotWritable`, `StorageFailed`.
    pub async fn apply_plan(&self, plan: Plan) -> Result<Applied> {
        let now = self.now();
        blocking(move || aws_config::apply(&plan, now)).await
    }

    /// The assignment of a profile of the config file.
    ///
    /// # Errors
    /// `AccountUnknown` where there is no such profile, or it is of another kind.
    pub async fn profile_assignment(&self, profile: &str) -> Result<Assignment> {
        let places = self.places();
        let config = blocking(move || aws_config::read(&places)).await?;
        let shown: String = profile.escape_debug().collect();
        let found = config.profile(profile).ok_or_else(|| {
            Error::new(
                Code::AccountUnknown,
                format!("there is no profile `{shown}`"),
            )
            .with_hint("see the names in the AWS config file")
        })?;
        if let Some(row) = self.row_of_profile(profile) {
            return Ok(row);
        }
        let assigned = found.assigned().ok_or_else(|| {
            Error::new(
                Code::AccountUnknown,
                format!("the profile `{shown}` names no session, account and role"),
            )
            .with_hint("write one with `daypass profile add`")
        })?;
        Ok(Assignment {
            session: assigned.session,
            account_id: assigned.account_id,
            role: assigned.role,
        })
    }

    /// The style, and the move of tokens that it takes.
    fn decide(
        &self,
        request: &ProfileRequest,
    ) -> Result<(SessionSettings, Style, Option<Storage>)> {
        let session = self.settings_of(&request.assignment.session)?;
        let (style, movement) = match (request.style, session.storage) {
            (StyleChoice::OfSession, Storage::Keychain) => (Style::Process, None),
            (StyleChoice::OfSession, Storage::Shared) => (self.usual_style(), None),
            (StyleChoice::Only(Style::Sso), Storage::Keychain) => {
                return Err(misfit(&session.name));
            }
            (StyleChoice::Moving(Style::Sso), Storage::Keychain) => {
                (Style::Sso, Some(Storage::Shared))
            }
            (StyleChoice::Only(style) | StyleChoice::Moving(style), _) => (style, None),
        };
        Ok((session, style, movement))
    }

    async fn plan(&self, request: &ProfileRequest, style: Style) -> Result<Plan> {
        let places = self.places();
        if let (Some(name), Style::Sso) = (request.assignment.chain(), style) {
            let new = self.new_chain_profile(request, name)?;
            return blocking(move || aws_config::plan_chain(&places, new)).await;
        }
        let new = self.new_profile(request, style)?;
        blocking(move || aws_config::plan(&places, new)).await
    }

    /// The profile of a chained role, with those that it builds on.
    fn new_chain_profile(&self, request: &ProfileRequest, name: &str) -> Result<NewChain> {
        let session = &request.assignment.session;
        let path = self.chain_path(session, name)?;
        let base = ProfileRequest {
            assignment: Assignment {
                session: session.clone(),
                account_id: path.account_id,
                role: path.role,
            },
            target: Target::Proposed,
            settings: Vec::new(),
            on_conflict: OnConflict::Refuse,
            ..request.clone()
        };
        let keys = self.keys_of(request);
        let role = |chain: Chain| NewRole {
            name: chain.name,
            role_arn: chain.role.to_string(),
            external_id: chain.external_id,
            session_name: chain.session_name,
            duration: chain.duration,
        };
        Ok(NewChain {
            base: self.new_profile(&base, Style::Sso)?,
            roles: path.hops.into_iter().map(role).collect(),
            target: request.target.clone(),
            region: keys.region,
            output: keys.output,
            settings: request.settings.clone(),
            on_conflict: request.on_conflict,
        })
    }

    /// What the request says, and rules where it says nothing.
    fn keys_of(&self, request: &ProfileRequest) -> ProfileKeys {
        let said = ProfileKeys {
            region: request.region.clone(),
            output: request.output.clone(),
        };
        let Assignment {
            session,
            account_id,
            role,
        } = &request.assignment;
        let account = self.account_or_blank(session, account_id);
        let rules = self.looks().at(session, &account).profile_keys(role);
        said.or(rules).or(request.otherwise.clone())
    }

    fn new_profile(&self, request: &ProfileRequest, style: Style) -> Result<NewProfile> {
        let session = self.settings_of(&request.assignment.session)?;
        let Assignment {
            account_id, role, ..
        } = request.assignment.clone();
        let keys = self.keys_of(request);
        Ok(NewProfile {
            target: request.target.clone(),
            account_name: self.account_name(&session.name, &account_id),
            template: self.usual_template(),
            account_id,
            role,
            session: SessionFacts {
                name: session.name,
                start_url: session.start_url,
                region: session.region,
            },
            style,
            region: keys.region,
            output: keys.output,
            settings: request.settings.clone(),
            program: self.host().program.clone(),
            on_conflict: request.on_conflict,
        })
    }

    async fn move_storage(&self, session: &str, storage: Storage) -> Result<()> {
        let change = SessionChange {
            storage: Some(storage),
            ..SessionChange::default()
        };
        self.change_session(session, change).await.map(drop)
    }

    pub(super) fn places(&self) -> Places {
        Places::of(&self.host().paths)
    }
}

fn assignment_of(new: &NewProfile) -> Assignment {
    Assignment {
        session: new.session.name.clone(),
        account_id: new.account_id.clone(),
        role: new.role.clone(),
    }
}

fn misfit(session: &str) -> Error {
    let message = format!(
        "the tokens of `{session}` rest in the keychain, where the AWS tools cannot read them: \
         a profile of style sso would not work"
    );
    Error::new(Code::ConfigConflict, message)
        .with_hint(format!("daypass session set {session} --storage shared"))
}

fn preview(
    plan: &Plan,
    keys: ProfileKeys,
    style: Style,
    storage_change: Option<Storage>,
) -> ProfilePreview {
    ProfilePreview {
        name: plan.name().to_owned(),
        region: keys.region,
        file: plan.file().to_owned(),
        style,
        storage_change,
        diff: plan.diff().to_vec(),
        unified: plan.unified(),
        changes: plan.changes().to_vec(),
    }
}

/// The editor waits for the disk and for other processes: not on the threads that everybody shares.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| {
        Error::new(Code::Internal, "a change of the config file broke off").because(error)
    })?
}
