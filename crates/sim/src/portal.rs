//! The portal API: accounts, roles, role credentials and sign-out.

use crate::mint;
use crate::organisation::is_account_id;
use crate::reply::{Asker, Reply};
use crate::request::Request;
use crate::world::World;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use std::ops::Range;

const BEARER: &str = "x-amz-sso_bearer_token";

/// Where a reply and the error that takes its place are the same type.
type Answer = Result<Reply, Reply>;

/// The reply of a portal operation, either way.
pub(crate) fn settled(answer: Answer) -> Reply {
    answer.unwrap_or_else(|error| error)
}

/// Whose bearer token it is, where it is one that the portal gave out.
pub(crate) fn asker(world: &World, request: &Request) -> Asker {
    let token = request.header(BEARER);
    let session = token.and_then(|token| world.access_tokens.get(token));
    let session = session.and_then(|token| world.sessions.get(&token.session));
    Asker {
        client: session.map(|session| session.client_name.clone()),
        session: session.map(|session| session.id),
    }
}

/// `GET /assignment/accounts`
pub(crate) fn accounts(world: &World, request: &Request) -> Answer {
    signed_in(world, request)?;
    let all = &world.organisation.accounts;
    let (page, next) = page(world, request, "accounts", all.len())?;
    let list: Vec<_> = all[page].iter().map(listed).collect();
    Ok(Reply::json(
        200,
        &json!({ "nextToken": next, "accountList": list }),
    ))
}

fn listed(account: &crate::organisation::Account) -> Value {
    let mut item = json!({ "accountId": account.id });
    if let Some(name) = &account.name {
        item["accountName"] = name.as_str().into();
    }
    if let Some(email) = &account.email {
        item["emailAddress"] = email.as_str().into();
    }
    item
}

/// `GET /assignment/roles`
pub(crate) fn roles(world: &World, request: &Request) -> Answer {
    signed_in(world, request)?;
    let id = account_id(request)?;
    let account = world.organisation.account(&id);
    let account = account.ok_or_else(|| {
        Reply::portal_error(404, "ResourceNotFoundException", "Account not found")
    })?;
    let (page, next) = page(world, request, &id, account.roles.len())?;
    let item = |role: &String| json!({ "roleName": role, "accountId": id });
    let list: Vec<_> = account.roles[page].iter().map(item).collect();
    Ok(Reply::json(
        200,
        &json!({ "nextToken": next, "roleList": list }),
    ))
}

/// `GET /federation/credentials`
pub(crate) fn credentials(world: &mut World, request: &Request) -> Answer {
    let session = signed_in(world, request)?;
    let id = account_id(request)?;
    let role = needed(request, "role_name")?;
    if !world.organisation.is_assigned(&id, &role) {
        return Err(Reply::portal_error(403, "ForbiddenException", "No access"));
    }
    let keys = world.mint_role_keys(session, &id, &role);
    let body = json!({ "roleCredentials": {
        "accessKeyId": keys.access_key_id,
        "secretAccessKey": keys.secret,
        "sessionToken": keys.session_token,
        "expiration": keys.expires_at,
    }});
    Ok(Reply::json(200, &body))
}

/// `POST /logout`: ends the session; role credentials live on until their own end.
pub(crate) fn logout(world: &mut World, request: &Request) -> Answer {
    let id = signed_in(world, request)?;
    if let Some(session) = world.sessions.get_mut(&id) {
        session.revoked = true;
    }
    Ok(Reply::empty())
}

/// The session of the bearer token. In a Region that is not the portal's, no token counts.
fn signed_in(world: &World, request: &Request) -> Result<u64, Reply> {
    let elsewhere = request.wrong_region || world.options.wrong_region;
    let token = request.header(BEARER).filter(|_| !elsewhere);
    match token.and_then(|token| world.session_of(token)) {
        Some(session) => Ok(session.id),
        None => {
            let text = "Session token not found or invalid";
            Err(Reply::portal_error(401, "UnauthorizedException", text))
        }
    }
}

fn invalid(text: &str) -> Reply {
    Reply::portal_error(400, "InvalidRequestException", text)
}

fn needed(request: &Request, name: &str) -> Result<String, Reply> {
    let value = request.query(name).filter(|v| !v.is_empty());
    value.ok_or_else(|| invalid(&format!("Missing required parameter: {name}")))
}

fn account_id(request: &Request) -> Result<String, Reply> {
    let id = needed(request, "account_id")?;
    match is_account_id(&id) {
        true => Ok(id),
        false => Err(invalid("account_id must be 12 digits")),
    }
}

/// The slice of a list of `length` items that is asked for, and the token for the rest.
fn page(
    world: &World,
    request: &Request,
    list: &str,
    length: usize,
) -> Result<(Range<usize>, Option<String>), Reply> {
    let size = size(request, world.options.page_size)?;
    let start = match request.query("next_token") {
        Some(token) => offset(world, list, &token).ok_or_else(|| invalid("Invalid next_token"))?,
        None => 0,
    };
    let start = start.min(length);
    let end = (start + size).min(length);
    Ok((
        start..end,
        (end < length).then(|| page_token(world, list, end)),
    ))
}

fn size(request: &Request, most: usize) -> Result<usize, Reply> {
    let Some(text) = request.query("max_result") else {
        return Ok(most);
    };
    match text.parse::<usize>() {
        Ok(wanted @ 1..=100) => Ok(wanted.min(most)),
        _ => Err(invalid("max_result must be 1 to 100")),
    }
}

/// A token that says where the next page begins, in which list, and that it is ours.
fn page_token(world: &World, list: &str, offset: usize) -> String {
    let seal = mint::stable_hex(&[&world.page_key, list, &offset.to_string()], 24);
    URL_SAFE_NO_PAD.encode(format!("{offset}.{seal}"))
}

fn offset(world: &World, list: &str, token: &str) -> Option<usize> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    let offset = text.split_once('.')?.0.parse().ok()?;
    (page_token(world, list, offset) == token).then_some(offset)
}
