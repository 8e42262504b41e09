//! Profiles of chained roles: `role_arn` and `source_profile`, down to the profile of an assignment,
//! each written where no profile of the same meaning is there.

use crate::error::{Code, Error, Result};

use super::document::Entries;
use super::draft::{ByHand, Draft, change};
use super::grammar;
use super::lines::{About, Header};
use super::plan::{Action, Change, propose_own, propose_usual};
use super::profile::{self, Assigned, OTHER_CREDENTIALS};
use super::request::{NewProfile, OnConflict, Target};

/// Keys that make a profile one of an assumed role.
const OWN: [&str; 5] = [
    "role_arn",
    "source_profile",
    "external_id",
    "role_session_name",
    "duration_seconds",
];
/// Keys of a sign-in, or of a process, which a tool might take instead.
const INSTEAD: [&str; 7] = [
    "sso_session",
    "sso_account_id",
    "sso_role_name",
    "sso_start_url",
    "sso_region",
    "sso_registration_scopes",
    "credential_process",
];

/// The profiles of a chained role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewChain {
    /// The profile where the way begins; with [`Target::Proposed`].
    pub base: NewProfile,
    /// The roles to assume, one after the other; the last one's is the profile that is wanted.
    pub roles: Vec<NewRole>,
    /// Its section.
    pub target: Target,
    /// Its Region; none leaves what is there.
    pub region: Option<String>,
    /// Its output format; none leaves what is there.
    pub output: Option<String>,
    /// Further settings of it, in order.
    pub settings: Vec<(String, String)>,
    /// What happens to one of that name which Daypass did not write.
    pub on_conflict: OnConflict,
}

/// One role to assume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRole {
    /// How its profile is called where the name is free.
    pub name: String,
    /// Its ARN.
    pub role_arn: String,
    /// What the role's owner asks for along with the request.
    pub external_id: Option<String>,
    /// The name of the role session.
    pub session_name: Option<String>,
    /// In seconds.
    pub duration: Option<i64>,
}

impl NewChain {
    pub(super) fn check(&self) -> Result<()> {
        self.base.check()?;
        if let Target::Named(name) = &self.target {
            grammar::profile_name(name)?;
        }
        for (key, value) in self.roles.iter().flat_map(|role| role.keys("x")) {
            grammar::value(&value).map_err(|reason| {
                let message = format!("the value of {key} {reason}");
                Error::new(Code::Usage, message).with_hint("take it out of the chained role")
            })?;
        }
        let others = self.further();
        let mut others = others.iter();
        others.try_for_each(|(key, value)| grammar::setting(key, value))?;
        self.roles
            .iter()
            .try_for_each(|role| grammar::profile_name(&role.name))
    }

    fn further(&self) -> Vec<(String, String)> {
        let pair = |key: &str, value: &Option<String>| {
            value.as_ref().map(|value| (key.to_owned(), value.clone()))
        };
        let known = [pair("region", &self.region), pair("output", &self.output)];
        known
            .into_iter()
            .flatten()
            .chain(self.settings.clone())
            .collect()
    }
}

impl NewRole {
    /// The keys of its profile, in the order in which they are written.
    fn keys(&self, source: &str) -> Vec<(String, String)> {
        let duration = self.duration.map(|it| it.to_string());
        let values = [
            Some(self.role_arn.as_str()),
            Some(source),
            self.external_id.as_deref(),
            self.session_name.as_deref(),
            duration.as_deref(),
        ];
        let keys = OWN.into_iter().zip(values);
        keys.filter_map(|(key, value)| Some((key.to_owned(), value?.to_owned())))
            .collect()
    }

    /// Whether a section says exactly this, whatever else it says of Regions and the like.
    fn is(&self, entries: &Entries<'_>, source: &str) -> bool {
        let keys = self.keys(source);
        let wanted = |key: &str| keys.iter().find(|it| it.0 == key).map(|it| it.1.as_str());
        OWN.into_iter().all(|key| entries.value(key) == wanted(key))
            && INSTEAD.into_iter().all(|key| entries.get(key).is_none())
    }
}

impl Draft<'_> {
    /// Writes the profile of a chained role, and those that it builds on.
    pub(super) fn add_chain(&mut self, chain: &NewChain) -> Result<()> {
        let mut source = self.base_profile(&chain.base)?;
        let Some((last, others)) = chain.roles.split_last() else {
            return Ok(());
        };
        for role in others {
            source = self.rung(role, &source)?;
        }
        let name = match &chain.target {
            Target::Named(name) => name.clone(),
            Target::Default => "default".to_owned(),
            Target::Proposed => match self.profile_of(last, &source) {
                Some(name) => name,
                None => propose_own(&last.name, &self.names()),
            },
        };
        let keys = [last.keys(&source), chain.further()].concat();
        let change = self.put_role(&name, &keys, chain.on_conflict)?;
        // The one that was asked for is told first.
        self.changes.insert(0, change);
        Ok(())
    }

    /// The profile of the assignment: one that is there in the standard form, whoever wrote it.
    fn base_profile(&mut self, base: &NewProfile) -> Result<String> {
        let wanted = Assigned::of_new(base);
        let fits = |entries: &Entries<'_>| {
            entries.get("sso_session").is_some()
                && profile::other_credentials(entries).is_none()
                && Assigned::of(entries).as_ref() == Some(&wanted)
        };
        if let Some(name) = self.plain_profile(fits) {
            return Ok(name);
        }
        let name = propose_usual(base, &self.names());
        self.ensure_session(base)?;
        let change = self.put(&name, base, ByHand::Set)?;
        self.changes.push(change);
        Ok(name)
    }

    /// The profile of a role on the way.
    fn rung(&mut self, role: &NewRole, source: &str) -> Result<String> {
        if let Some(name) = self.profile_of(role, source) {
            return Ok(name);
        }
        let name = propose_own(&role.name, &self.names());
        let change = self.put_role(&name, &role.keys(source), OnConflict::Refuse)?;
        self.changes.push(change);
        Ok(name)
    }

    fn profile_of(&self, role: &NewRole, source: &str) -> Option<String> {
        self.plain_profile(|entries| role.is(entries, source))
    }

    /// The first profile that fits, by a name that every tool reads; `[default]` apart.
    fn plain_profile(&self, fits: impl Fn(&Entries<'_>) -> bool) -> Option<String> {
        let found = self.new.sections.iter().filter_map(|section| {
            let text = section.header();
            let header = Header::parse(&text);
            let usable = header.about == About::Profile
                && header.plain
                && header.name != "default"
                && grammar::profile_name(&header.name).is_ok();
            (usable && fits(&section.entries())).then(|| header.name.into_owned())
        });
        found
            .into_iter()
            .find(|name| self.new.find(About::Profile, name).len() == 1)
    }

    fn put_role(
        &mut self,
        name: &str,
        keys: &[(String, String)],
        on_conflict: OnConflict,
    ) -> Result<Change> {
        self.check_credentials(name)?;
        let Some(index) = self.only(About::Profile, name)? else {
            self.new.append(Header::text(About::Profile, name), keys);
            return Ok(change(name, Action::Added, None));
        };
        let (ending, section) = (self.new.ending, &mut self.new.sections[index]);
        let file = &self.places.config;
        if on_conflict == OnConflict::Refuse {
            profile::check_ours(section, name, file)?;
        }
        let entries = section.entries();
        let others = OTHER_CREDENTIALS.iter().filter(|key| !OWN.contains(key));
        super::draft::check_keys((section, &entries), name, file, others)?;
        let gone = OWN.into_iter().chain(INSTEAD);
        let gone: Vec<&str> = gone
            .filter(|key| entries.get(key).is_some() && !keys.iter().any(|it| it.0 == *key))
            .collect();
        let new: Vec<_> = keys
            .iter()
            .filter(|it| !section.has(&entries, &it.0, &it.1))
            .collect();
        if gone.is_empty() && new.is_empty() {
            return Ok(change(name, Action::Unchanged, None));
        }
        for key in &gone {
            section.unset(key);
        }
        for (key, value) in &new {
            section.set(key, value, ending);
        }
        Ok(change(name, Action::Changed, None))
    }
}
