//! The console's sign-in endpoint: role credentials become a sign-in token, and that token
//! opens a console page, which here says for whom and for what it was opened.

use crate::destination::is_console_url;
use crate::mint;
use crate::pages;
use crate::reply::Reply;
use crate::request::Request;
use crate::world::{ConsoleLogin, RoleKeys, SigninToken, World};
use serde::Deserialize;
use serde_json::json;

/// A sign-in token can be used for 15 minutes.
const TOKEN_LIFE_MS: i64 = 15 * 60 * 1000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Session {
    session_id: String,
    session_key: String,
    session_token: String,
}

/// `Action=getSigninToken`, by GET or as a posted form.
pub(crate) fn signin_token(world: &mut World, request: &Request) -> Reply {
    match try_signin_token(world, request) {
        Ok(token) => Reply::json(200, &json!({ "SigninToken": token })),
        Err(text) => Reply::text(400, text).failed("BadRequest"),
    }
}

fn try_signin_token(world: &mut World, request: &Request) -> Result<String, &'static str> {
    if !["GET", "POST"].contains(&request.method.as_str()) {
        return Err("Bad request");
    }
    if request.param("Action").as_deref() != Some("getSigninToken") {
        return Err("Invalid action parameter");
    }
    let text = request
        .param("Session")
        .ok_or("Missing session parameter")?;
    let session: Session = serde_json::from_str(&text).map_err(|_| "Invalid session parameter")?;
    let keys = matching(world, &session).ok_or("Invalid credentials parameter")?;
    let duration_s = duration(request, keys)?;
    let token = SigninToken {
        access_key_id: keys.access_key_id.clone(),
        expires_at: world.now() + TOKEN_LIFE_MS,
        duration_s,
    };
    let text = mint::token("", 192);
    world.signin_tokens.insert(text.clone(), token);
    Ok(text)
}

/// Credentials of a chained role last an hour at most, and no duration may be asked for.
fn duration(request: &Request, keys: &RoleKeys) -> Result<Option<i64>, &'static str> {
    let Some(text) = request.param("SessionDuration") else {
        return Ok(None);
    };
    match text.parse() {
        _ if keys.chained => Err("Invalid session duration parameter"),
        Ok(seconds @ 900..=43_200) => Ok(Some(seconds)),
        _ => Err("Invalid session duration parameter"),
    }
}

fn matching<'w>(world: &'w World, session: &Session) -> Option<&'w RoleKeys> {
    let keys = world.role_keys.get(&session.session_id)?;
    let same = keys.secret == session.session_key && keys.session_token == session.session_token;
    (same && world.now() < keys.expires_at).then_some(keys)
}

/// `Action=login`: where the browser arrives with a federation link.
pub(crate) fn login(world: &mut World, request: &Request) -> Reply {
    let token = request.query("SigninToken").unwrap_or_default();
    let destination = request.query("Destination").unwrap_or_default();
    if !is_console_url(&destination, &world.base) {
        let text = "The Destination is not the address of a console.";
        return pages::problem(world, 400, "Bad request", text).failed("BadDestination");
    }
    let Some(login) = opened(world, &token, destination, request) else {
        let text = "The sign-in token is not known, or its 15 minutes are over.";
        return pages::problem(world, 400, "Bad request", text).failed("BadSigninToken");
    };
    land(world, login)
}

fn opened(
    world: &World,
    token: &str,
    destination: String,
    request: &Request,
) -> Option<ConsoleLogin> {
    let now = world.now();
    let token = world
        .signin_tokens
        .get(token)
        .filter(|t| now < t.expires_at)?;
    let keys = world.role_keys.get(&token.access_key_id)?;
    Some(ConsoleLogin {
        account: keys.account.clone(),
        role: keys.role.clone(),
        destination,
        issuer: request.query("Issuer").unwrap_or_default(),
        via: "federation",
        opened_at: now,
        ends_at: token.duration_s.map_or(keys.expires_at, |s| now + s * 1000),
    })
}

fn land(world: &mut World, login: ConsoleLogin) -> Reply {
    let id = mint::token("", 18);
    let note = format!("{}/{}", login.account, login.role);
    world.console_logins.insert(id.clone(), login);
    Reply::redirect(format!("{}/_console?session={id}", world.base)).noted(&note)
}

/// `GET /start/console`: a portal shortcut link, after the portal page has read it from
/// its fragment. The browser's own portal session decides, not any token.
pub(crate) fn shortcut(world: &mut World, request: &Request) -> Reply {
    let account = request.query("account_id").unwrap_or_default();
    let found = world.organisation.account(&account);
    let first = found
        .and_then(|a| a.roles.first().cloned())
        .unwrap_or_default();
    let role = request.query("role_name").unwrap_or(first);
    if !world.organisation.is_assigned(&account, &role) {
        return pages::problem(
            world,
            403,
            "No access",
            "You are not assigned to this role.",
        )
        .failed("ForbiddenException");
    }
    let home = format!(
        "https://{}.console.aws.amazon.com/console/home",
        world.options.region
    );
    let destination = request.query("destination").unwrap_or(home);
    if !is_console_url(&destination, &world.base) {
        let text = "The destination is not the address of a console.";
        return pages::problem(world, 400, "Bad request", text).failed("BadDestination");
    }
    let now = world.now();
    let ends_at = now + world.options.role_ttl * 1000;
    let issuer = world.start_url();
    let via = "portal";
    let opened_at = now;
    land(
        world,
        ConsoleLogin {
            account,
            role,
            destination,
            issuer,
            via,
            opened_at,
            ends_at,
        },
    )
}

/// `GET /_console`: the landing page; as JSON for those who ask for JSON.
pub(crate) fn console(world: &World, request: &Request) -> Reply {
    let id = request.query("session").unwrap_or_default();
    let login = world
        .console_logins
        .get(&id)
        .filter(|l| world.now() < l.ends_at);
    let Some(login) = login else {
        let text = "Open it again from the access portal or from your tool.";
        return pages::problem(world, 401, "This console session is over", text)
            .failed("SessionOver");
    };
    match request
        .header("accept")
        .is_some_and(|a| a.contains("application/json"))
    {
        true => Reply::json(200, &described(world, login)),
        false => Reply::html(200, pages::console(world, login)),
    }
}

/// A console login for the control API and for programs that read the landing page.
pub(crate) fn described(world: &World, login: &ConsoleLogin) -> serde_json::Value {
    let account = world.organisation.account(&login.account);
    json!({
        "account_id": login.account,
        "account_name": account.and_then(|a| a.name.as_deref()),
        "role_name": login.role,
        "destination": login.destination,
        "issuer": login.issuer,
        "via": login.via,
        "opened_at": crate::clock::rfc3339(login.opened_at),
        "ends_at": crate::clock::rfc3339(login.ends_at),
    })
}
