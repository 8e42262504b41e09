//! What a caller may ask for, and the check that it can be written at all.

use std::path::PathBuf;

use crate::error::{Code, Error, Result};
use crate::host::Paths;
use crate::settings::chains::MARK;
use crate::settings::{check_output, check_region};

use super::chain::NewChain;
use super::leaving::Leaving;
use super::profile::Assigned;
use super::{grammar, name};

/// Where the files are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The AWS config file, usually `~/.aws/config`.
    pub config: PathBuf,
    /// AWS's file of static keys, usually `~/.aws/credentials`; only read.
    pub credentials: PathBuf,
    /// Daypass's own folder for backups; made with mode 0700.
    pub backups: PathBuf,
}

impl Places {
    /// Those of a user.
    pub fn of(paths: &Paths) -> Places {
        Places {
            config: paths.aws_config.clone(),
            credentials: paths.aws_credentials.clone(),
            backups: paths.state.join("backups"),
        }
    }
}

/// How AWS tools get credentials for a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `sso_session`: by themselves, from AWS's token cache.
    Sso,
    /// `credential_process`: by calling `daypass`.
    Process,
}

/// Which section is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// `[profile NAME]`, the name made from account and role; the present one if Daypass wrote one.
    Proposed,
    /// `[profile NAME]` of this name.
    Named(String),
    /// `[default]`.
    Default,
}

/// What happens to a profile of that name which Daypass did not write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnConflict {
    /// It stays, and the plan is refused.
    Refuse,
    /// The keys that the profile needs are changed; the others stay.
    Replace,
}

/// The session that a profile belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionFacts {
    /// As in `[sso-session NAME]`.
    pub name: String,
    /// The address of the access portal.
    pub start_url: String,
    /// The portal's Region.
    pub region: String,
}

/// A profile to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewProfile {
    /// Which section.
    pub target: Target,
    /// 12 digits.
    pub account_id: String,
    /// As the portal calls the account; only used to propose a name.
    pub account_name: Option<String>,
    /// How its name is proposed, where no other template is said; the usual way where nothing is.
    pub template: Option<String>,
    /// The name of the permission set.
    pub role: String,
    /// The session it belongs to.
    pub session: SessionFacts,
    /// How credentials are obtained.
    pub style: Style,
    /// The Region of the profile; none leaves what is there.
    pub region: Option<String>,
    /// The output format of the AWS CLI; none leaves what is there.
    pub output: Option<String>,
    /// Further settings, in order.
    pub settings: Vec<(String, String)>,
    /// The absolute path of the `daypass` binary, for [`Style::Process`].
    pub program: PathBuf,
    /// What to do about a profile that Daypass did not write.
    pub on_conflict: OnConflict,
}

/// What happens to profiles that Daypass wrote for assignments which are gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prune {
    /// They stay and are reported.
    Keep,
    /// They are taken out.
    Remove,
}

/// All profiles of one or more sessions at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sync {
    /// One for each assignment, with [`Target::Proposed`].
    pub profiles: Vec<NewProfile>,
    /// The sessions whose complete listing `profiles` is: only their profiles can be pruned.
    pub sessions: Vec<String>,
    /// Assignments that are there and not asked for: their profiles stay as they are.
    pub others: Vec<Assigned>,
    /// How names are built, such as `{account_name}-{role}` (the usual one), with `{account_id}` and
    /// `{session}` besides; behind a place may stand `|upper`, `|keep`, `|trim:TEXT`, `|replace:OLD=NEW`.
    pub template: Option<String>,
    /// What happens to those no longer assigned.
    pub prune: Prune,
}

/// A request, kept in the plan so that it can be planned again on a file that has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Request {
    Add(NewProfile),
    Chain(Box<NewChain>),
    Sync(Sync),
    Remove(String),
    Leave(Leaving),
}

impl Request {
    pub(super) fn check(&self) -> Result<()> {
        match self {
            Request::Add(new) => new.check(),
            Request::Chain(new) => new.check(),
            Request::Sync(sync) => {
                name::check_template(sync.template())?;
                sync.profiles
                    .first()
                    .map_or(Ok(()), NewProfile::check_settings)
            }
            Request::Remove(_) | Request::Leave(_) => Ok(()),
        }
    }
}

impl Sync {
    pub(super) fn template(&self) -> &str {
        self.template.as_deref().unwrap_or(name::USUAL)
    }
}

impl NewProfile {
    pub(super) fn check(&self) -> Result<()> {
        if let Target::Named(name) = &self.target {
            grammar::profile_name(name)?;
        }
        self.check_subject()?;
        self.check_settings()
    }

    /// What the portal says: of many assignments, one of these may be such that no profile can carry it.
    pub(super) fn check_subject(&self) -> Result<()> {
        grammar::account_id(&self.account_id)?;
        match self.chained_name() {
            Some(name) if self.style == Style::Process => grammar::profile_name(name)?,
            _ => grammar::role(&self.role)?,
        }
        grammar::session_name(&self.session.name)?;
        grammar::start_url(&self.session.start_url)?;
        check_region(&self.session.region)
    }

    /// What the user says, the same for all profiles of a sync.
    fn check_settings(&self) -> Result<()> {
        let template = self.template.as_deref();
        template.map_or(Ok(()), name::check_template)?;
        self.region.as_deref().map_or(Ok(()), check_region)?;
        self.output.as_deref().map_or(Ok(()), check_output)?;
        self.settings
            .iter()
            .try_for_each(|(key, value)| grammar::setting(key, value))?;
        self.check_twice()?;
        match self.style {
            Style::Sso => Ok(()),
            Style::Process => grammar::program(&self.program).map(drop),
        }
    }

    /// The name of the chained role, where `daypass` is asked for one.
    pub(super) fn chained_name(&self) -> Option<&str> {
        self.role.strip_prefix(MARK)
    }

    fn check_twice(&self) -> Result<()> {
        let keys = self.keys()?;
        for (index, (key, _)) in keys.iter().enumerate() {
            if keys[..index].iter().any(|(earlier, _)| earlier == key) {
                return Err(Error::new(Code::Usage, format!("{key} is given twice")));
            }
        }
        Ok(())
    }

    /// The keys of the profile in the order in which they are written.
    pub(super) fn keys(&self) -> Result<Vec<(String, String)>> {
        let mut keys = match self.style {
            Style::Sso => vec![
                pair("sso_session", &self.session.name),
                pair("sso_account_id", &self.account_id),
                pair("sso_role_name", &self.role),
            ],
            Style::Process => vec![pair("credential_process", &self.command()?)],
        };
        keys.extend(self.region.iter().map(|region| pair("region", region)));
        keys.extend(self.output.iter().map(|output| pair("output", output)));
        keys.extend(self.settings.iter().cloned());
        Ok(keys)
    }

    /// Only the path is quoted: nothing that a session, account or role may be named needs quotes,
    /// and a second pair breaks `cmd.exe /C` and, at the end of the value, the Go SDK.
    fn command(&self) -> Result<String> {
        let program = grammar::program(&self.program)?;
        let (session, account, role) = (&self.session.name, &self.account_id, &self.role);
        Ok(format!(
            "\"{program}\" credentials --session {session} --account {account} --role {role}"
        ))
    }
}

impl SessionFacts {
    /// The keys of `[sso-session NAME]`; the address without what a browser adds to it.
    pub(super) fn keys(&self) -> Vec<(String, String)> {
        vec![
            pair("sso_region", &self.region),
            pair("sso_start_url", bare(&self.start_url)),
            pair("sso_registration_scopes", "sso:account:access"),
        ]
    }

    /// Whether this address, as somebody may have written it, is the session's.
    pub(super) fn is_at(&self, start_url: &str) -> bool {
        comparable(&self.start_url) == comparable(start_url)
    }
}

fn pair(key: &str, value: &str) -> (String, String) {
    (key.to_owned(), value.to_owned())
}

fn bare(url: &str) -> &str {
    url.split('#').next().unwrap_or(url).trim_end_matches('/')
}

/// Without fragment and final slashes, scheme and host in lower case.
fn comparable(url: &str) -> String {
    let url = bare(url);
    let path = url
        .find("://")
        .and_then(|at| Some(at + 3 + url.get(at + 3..)?.find('/')?));
    let (origin, path) = url.split_at(path.unwrap_or(url.len()));
    format!("{}{path}", origin.to_ascii_lowercase())
}
