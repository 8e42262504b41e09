//! All that one simulated portal knows: its options, its organisation, and everything it
//! has handed out. One value, changed by one request at a time.

use crate::clock::Clock;
use crate::control::Expire;
use crate::faults::FaultPlan;
use crate::log::Log;
use crate::mint;
use crate::options::Options;
use crate::organisation::Organisation;
use crate::throttle::Bucket;
use std::collections::HashMap;

/// The state of one simulated portal.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) base: String,
    pub(crate) options: Options,
    pub(crate) clock: Clock,
    pub(crate) organisation: Organisation,
    pub(crate) clients: HashMap<String, Client>,
    pub(crate) codes: HashMap<String, AuthorizationCode>,
    /// By device code.
    pub(crate) devices: HashMap<String, Device>,
    pub(crate) sessions: HashMap<u64, Session>,
    pub(crate) access_tokens: HashMap<String, AccessToken>,
    pub(crate) refresh_tokens: HashMap<String, RefreshToken>,
    /// By access key id.
    pub(crate) role_keys: HashMap<String, RoleKeys>,
    pub(crate) signin_tokens: HashMap<String, SigninToken>,
    /// By the id in the landing page's address.
    pub(crate) console_logins: HashMap<String, ConsoleLogin>,
    /// What a person is being asked, by the nonce in the form.
    pub(crate) questions: HashMap<String, Question>,
    pub(crate) log: Log,
    pub(crate) bucket: Bucket,
    pub(crate) faults: FaultPlan,
    /// Makes page tokens that nobody else can make.
    pub(crate) page_key: String,
    /// Requests being answered now, and the most there ever were at once.
    pub(crate) in_flight: (usize, usize),
    next_session: u64,
}

/// A registered client.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) name: String,
    pub(crate) scopes: Vec<String>,
    /// Absent for registrations made for the device grant.
    pub(crate) grant_types: Option<Vec<String>>,
    pub(crate) redirect_uris: Vec<String>,
    pub(crate) expires_at: i64,
}

impl Client {
    /// True where the registration covers this grant.
    pub(crate) fn may_use(&self, grant: &str) -> bool {
        match &self.grant_types {
            Some(registered) => registered.iter().any(|g| g == grant),
            None => grant != "authorization_code",
        }
    }
}

/// A code on its way through the browser.
#[derive(Debug, Clone)]
pub(crate) struct AuthorizationCode {
    pub(crate) client: String,
    pub(crate) redirect_uri: String,
    pub(crate) challenge: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) expires_at: i64,
    pub(crate) spent: bool,
}

/// A device that waits for a person elsewhere.
#[derive(Debug, Clone)]
pub(crate) struct Device {
    pub(crate) user_code: String,
    pub(crate) client: String,
    pub(crate) expires_at: i64,
    pub(crate) interval_ms: i64,
    pub(crate) last_poll: Option<i64>,
    pub(crate) answer: DeviceAnswer,
}

impl Device {
    /// True while a person may still answer.
    pub(crate) fn is_waiting(&self, now: i64) -> bool {
        self.answer == DeviceAnswer::Pending && now < self.expires_at
    }
}

/// How far the person got with a device code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DeviceAnswer {
    Pending,
    Approved,
    Denied,
    Spent,
}

/// One sign-in.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub(crate) id: u64,
    pub(crate) client: String,
    pub(crate) client_name: String,
    /// Who signed in: the user of that moment.
    pub(crate) user: String,
    pub(crate) grant: String,
    /// Has the scope of the account listing: short access tokens. Otherwise long ones.
    pub(crate) scoped: bool,
    pub(crate) renewable: bool,
    pub(crate) started_at: i64,
    pub(crate) ends_at: i64,
    pub(crate) revoked: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct AccessToken {
    pub(crate) session: u64,
    pub(crate) expires_at: i64,
}

#[derive(Debug, Clone)]
pub(crate) struct RefreshToken {
    pub(crate) session: u64,
    pub(crate) spent: bool,
}

/// Role credentials that were handed out.
#[derive(Debug, Clone)]
pub(crate) struct RoleKeys {
    pub(crate) access_key_id: String,
    pub(crate) secret: String,
    pub(crate) session_token: String,
    pub(crate) account: String,
    pub(crate) role: String,
    /// Who signed in; for an assumed role the name of its session.
    pub(crate) user: String,
    /// Got by `AssumeRole`, and not from the portal.
    pub(crate) chained: bool,
    pub(crate) expires_at: i64,
}

#[derive(Debug, Clone)]
pub(crate) struct SigninToken {
    pub(crate) access_key_id: String,
    pub(crate) expires_at: i64,
    /// Seconds that the console session lasts; absent: as long as the credentials.
    pub(crate) duration_s: Option<i64>,
}

/// A console that was opened.
#[derive(Debug, Clone)]
pub(crate) struct ConsoleLogin {
    pub(crate) account: String,
    pub(crate) role: String,
    pub(crate) destination: String,
    pub(crate) issuer: String,
    pub(crate) via: &'static str,
    pub(crate) opened_at: i64,
    pub(crate) ends_at: i64,
}

/// What a person is asked to approve.
#[derive(Debug, Clone)]
pub(crate) enum Question {
    Authorize(crate::authorize::Asked),
    /// The device code.
    Device(String),
}

impl World {
    /// A portal where nothing has happened yet.
    pub(crate) fn new(base: String, options: Options) -> Self {
        Self {
            base,
            clock: Clock::ahead_by(options.clock_offset_s),
            organisation: Organisation::generate(&options),
            clients: HashMap::new(),
            codes: HashMap::new(),
            devices: HashMap::new(),
            sessions: HashMap::new(),
            access_tokens: HashMap::new(),
            refresh_tokens: HashMap::new(),
            role_keys: HashMap::new(),
            signin_tokens: HashMap::new(),
            console_logins: HashMap::new(),
            questions: HashMap::new(),
            log: Log::default(),
            bucket: Bucket::default(),
            faults: FaultPlan::new(options.seed),
            page_key: mint::token("", 32),
            in_flight: (0, 0),
            next_session: 1,
            options,
        }
    }

    /// Milliseconds since 1970, by the portal's clock.
    pub(crate) fn now(&self) -> i64 {
        self.clock.now_ms()
    }

    /// The address that users paste.
    pub(crate) fn start_url(&self) -> String {
        format!("{}/start", self.base)
    }

    /// Opens a session for a client and gives its number.
    pub(crate) fn open_session(
        &mut self,
        now: i64,
        client: &Client,
        grant: &str,
        scopes: &[String],
    ) -> u64 {
        let id = self.next_session;
        self.next_session += 1;
        let scoped = scopes.iter().any(|s| s == crate::oidc::ACCOUNT_SCOPE);
        let life = if scoped {
            self.options.session_ttl
        } else {
            crate::oidc::LEGACY_LIFE_S
        };
        let session = Session {
            id,
            client: client.id.clone(),
            client_name: client.name.clone(),
            user: self.options.user.clone(),
            grant: grant.to_owned(),
            scoped,
            renewable: scoped && client.may_use("refresh_token"),
            started_at: now,
            ends_at: now + life * 1000,
            revoked: false,
        };
        self.sessions.insert(id, session);
        id
    }

    /// The session, where it goes on.
    pub(crate) fn live_session(&self, id: u64) -> Option<&Session> {
        let now = self.now();
        self.sessions
            .get(&id)
            .filter(|s| !s.revoked && now < s.ends_at)
    }

    /// The session that this access token still opens.
    pub(crate) fn session_of(&self, access_token: &str) -> Option<&Session> {
        let token = self.access_tokens.get(access_token)?;
        if self.now() >= token.expires_at {
            return None;
        }
        self.live_session(token.session)
    }

    /// Puts changed options into force.
    pub(crate) fn adopt(&mut self, changed: Options) {
        let old = std::mem::replace(&mut self.options, changed);
        let new = &self.options;
        self.clock = Clock::ahead_by(new.clock_offset_s);
        let shape = |o: &Options| (o.accounts, o.roles, o.seed, o.hostile);
        if shape(&old) != shape(new) {
            let roles = std::mem::take(&mut self.organisation.roles);
            self.organisation = Organisation {
                roles,
                ..Organisation::generate(new)
            };
        }
        if (old.rate_limit, old.rate_burst) != (new.rate_limit, new.rate_burst) {
            self.bucket = Bucket::default();
        }
    }

    /// New role credentials for an assignment of whoever signed in.
    pub(crate) fn mint_role_keys(&mut self, session: u64, account: &str, role: &str) -> RoleKeys {
        let session = self.sessions.get(&session);
        let user = session.map_or(self.options.user.clone(), |it| it.user.clone());
        let keys = RoleKeys {
            chained: false,
            expires_at: self.now() + self.options.role_ttl * 1000,
            ..new_keys(account, role, user)
        };
        self.hand_out(keys)
    }

    /// New credentials of a role that was assumed.
    pub(crate) fn mint_assumed_keys(
        &mut self,
        (account, role): (&str, &str),
        session_name: &str,
        seconds: i64,
    ) -> RoleKeys {
        let keys = RoleKeys {
            chained: true,
            expires_at: self.now() + seconds * 1000,
            ..new_keys(account, role, session_name.to_owned())
        };
        self.hand_out(keys)
    }

    fn hand_out(&mut self, keys: RoleKeys) -> RoleKeys {
        self.role_keys
            .insert(keys.access_key_id.clone(), keys.clone());
        keys
    }

    /// Ends everything of one kind at once; gives the number of things that ended.
    pub(crate) fn expire(&mut self, what: Expire) -> usize {
        let now = self.now();
        match what {
            Expire::AccessTokens => end(
                now,
                self.access_tokens.values_mut().map(|t| &mut t.expires_at),
            ),
            Expire::RoleCredentials => {
                end(now, self.role_keys.values_mut().map(|k| &mut k.expires_at))
            }
            Expire::Sessions => end(now, self.sessions.values_mut().map(|s| &mut s.ends_at)),
            Expire::Clients => end(now, self.clients.values_mut().map(|c| &mut c.expires_at)),
            Expire::DeviceCodes => end(now, self.devices.values_mut().map(|d| &mut d.expires_at)),
            Expire::Codes => end(now, self.codes.values_mut().map(|c| &mut c.expires_at)),
            Expire::SigninTokens => end(
                now,
                self.signin_tokens.values_mut().map(|t| &mut t.expires_at),
            ),
        }
    }

    /// Revokes one session, or all; gives the number of sessions that were live.
    pub(crate) fn revoke(&mut self, session: Option<u64>) -> usize {
        let now = self.now();
        let wanted = |s: &&mut Session| session.is_none_or(|id| id == s.id);
        let live = |s: &&mut Session| !s.revoked && now < s.ends_at;
        let all = self.sessions.values_mut().filter(wanted).filter(live);
        all.map(|s| s.revoked = true).count()
    }
}

/// Credentials that end at once.
fn new_keys(account: &str, role: &str, user: String) -> RoleKeys {
    RoleKeys {
        access_key_id: mint::access_key_id(),
        secret: mint::secret("", 30),
        session_token: mint::secret("IQoJb3JpZ2luX2Vj", 480),
        account: account.to_owned(),
        role: role.to_owned(),
        user,
        chained: false,
        expires_at: 0,
    }
}

fn end<'a>(now: i64, ends: impl Iterator<Item = &'a mut i64>) -> usize {
    ends.filter(|at| **at > now).map(|at| *at = now).count()
}
