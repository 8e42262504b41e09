//! The names of what can be asked of the simulator, and which request asks for which.

use crate::request::Request;

/// One operation of the simulated portal, named as AWS names it where AWS has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Operation {
    RegisterClient,
    StartDeviceAuthorization,
    CreateToken,
    ListAccounts,
    ListAccountRoles,
    GetRoleCredentials,
    Logout,
    GetSigninToken,
    GetCallerIdentity,
    AssumeRole,
    ConsoleLogin,
    Authorize,
    Device,
    Decide,
    Start,
    Shortcut,
    Console,
    Vanity,
    Home,
    Control,
    Unknown,
}

use Operation as O;

/// Method, path, operation. Paths below `/_sim/`, the two-faced `/federation` and STS are apart.
const ROUTES: [(&str, &str, Operation); 22] = [
    ("POST", "/client/register", O::RegisterClient),
    ("POST", "/device_authorization", O::StartDeviceAuthorization),
    ("POST", "/token", O::CreateToken),
    ("GET", "/assignment/accounts", O::ListAccounts),
    ("GET", "/assignment/roles", O::ListAccountRoles),
    ("GET", "/federation/credentials", O::GetRoleCredentials),
    ("POST", "/logout", O::Logout),
    ("GET", "/authorize", O::Authorize),
    ("GET", "/device", O::Device),
    ("POST", "/decide", O::Decide),
    ("GET", "/start", O::Start),
    ("GET", "/start/", O::Start),
    ("HEAD", "/start", O::Start),
    ("HEAD", "/start/", O::Start),
    ("GET", "/start/console", O::Shortcut),
    ("GET", "/_console", O::Console),
    ("GET", "/_vanity", O::Vanity),
    ("HEAD", "/_vanity", O::Vanity),
    ("GET", "/_vanity/twice", O::Vanity),
    ("HEAD", "/_vanity/twice", O::Vanity),
    ("GET", "/", O::Home),
    ("GET", "/favicon.ico", O::Unknown),
];

impl Operation {
    /// What this request asks for.
    pub(crate) fn of(request: &Request) -> Self {
        if request.path.starts_with("/_sim/") || request.path == "/_sim" {
            return O::Control;
        }
        if request.path == "/federation" {
            return Self::of_federation(request);
        }
        if (request.method.as_str(), request.path.as_str()) == ("POST", "/") {
            return Self::of_sts(request);
        }
        let fits = |r: &&(&str, &str, Self)| r.0 == request.method && r.1 == request.path;
        ROUTES.iter().find(fits).map_or(O::Unknown, |route| route.2)
    }

    fn of_federation(request: &Request) -> Self {
        match request.param("Action").as_deref() {
            Some("login") => O::ConsoleLogin,
            _ => O::GetSigninToken,
        }
    }

    fn of_sts(request: &Request) -> Self {
        match request.param("Action").as_deref() {
            Some("AssumeRole") => O::AssumeRole,
            _ => O::GetCallerIdentity,
        }
    }

    /// The name in the log and in the counts.
    pub(crate) fn name(self) -> String {
        format!("{self:?}")
    }

    /// Part of the OIDC API, whose errors have their own form.
    pub(crate) fn is_oidc(self) -> bool {
        matches!(
            self,
            O::RegisterClient | O::StartDeviceAuthorization | O::CreateToken
        )
    }

    /// Part of the portal API, which has a request budget.
    pub(crate) fn is_portal(self) -> bool {
        matches!(
            self,
            O::ListAccounts | O::ListAccountRoles | O::GetRoleCredentials
        )
    }

    /// Called by programs rather than seen by people: what unscoped faults strike.
    pub(crate) fn is_api(self) -> bool {
        let others = [
            O::Logout,
            O::GetSigninToken,
            O::GetCallerIdentity,
            O::AssumeRole,
        ];
        self.is_oidc() || self.is_portal() || others.contains(&self)
    }
}
