//! The control API under `/_sim/`: what a test or a demonstration asks of the simulator
//! itself. JSON in and out; no answer holds a secret.

use crate::clock::rfc3339;
use crate::faults::FaultRule;
use crate::federation;
use crate::log::{Renewals, Renewer};
use crate::organisation::{Account, Organisation, is_account_id};
use crate::reply::Reply;
use crate::request::Request;
use crate::trust::{self, TrustingRole};
use crate::world::World;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Answers a control request. Pages of other sites are kept out by their `Origin`.
pub(crate) fn answer(world: &mut World, request: &Request) -> Reply {
    if request.headers.contains_key("origin") {
        return Reply::json(
            403,
            &json!({ "error": "the control API is not for web pages" }),
        );
    }
    let name = request.path.strip_prefix("/_sim/").unwrap_or_default();
    let body = match request.method.as_str() {
        "GET" => json!({ "since": request.query("since").and_then(|s| s.parse::<u64>().ok()) }),
        "POST" if request.body.is_empty() => json!({}),
        "POST" => match serde_json::from_slice(&request.body) {
            Ok(body) => body,
            Err(error) => return Reply::json(400, &json!({ "error": error.to_string() })),
        },
        _ => return Reply::json(405, &json!({ "error": "GET or POST" })),
    };
    match act(world, name, &body, request.method == "POST") {
        Some(Ok(answer)) => Reply::json(200, &answer),
        Some(Err(error)) => Reply::json(400, &json!({ "error": error })),
        None => Reply::json(
            404,
            &json!({ "error": "no such control", "controls": CONTROLS }),
        ),
    }
}

const CONTROLS: [&str; 10] = [
    "state", "stats", "log", "accounts", "roles", "expire", "revoke", "assign", "set", "fault",
];

/// Carries out the control `name`; `None` where there is none of that name.
pub(crate) fn act(
    world: &mut World,
    name: &str,
    body: &Value,
    is_post: bool,
) -> Option<Result<Value, String>> {
    Some(match name {
        "state" => Ok(state(world)),
        "stats" => Ok(stats(world)),
        "log" => log(world, body),
        "accounts" if is_post => set_accounts(world, body),
        "accounts" => Ok(accounts(world)),
        "roles" if is_post => set_roles(world, body),
        "roles" => Ok(json!({ "roles": world.organisation.roles })),
        "set" if is_post => set(world, body),
        "set" => Ok(json!(world.options)),
        "fault" if is_post => fault(world, body),
        "fault" => Ok(faults(world)),
        "expire" if is_post => expire(world, body),
        "revoke" if is_post => revoke(world, body),
        "assign" if is_post => assign(world, body),
        "expire" | "revoke" | "assign" => Err("this control needs POST".into()),
        _ => return None,
    })
}

fn read<T: DeserializeOwned>(body: &Value) -> Result<T, String> {
    serde_json::from_value(body.clone()).map_err(|e| e.to_string())
}

fn state(world: &World) -> Value {
    let now = world.now();
    let mut sessions: Vec<_> = world.sessions.values().collect();
    sessions.sort_by_key(|s| s.id);
    let session = |s: &&crate::world::Session| {
        let live = |t: &&crate::world::AccessToken| t.session == s.id && now < t.expires_at;
        json!({
            "session": s.id, "client_name": s.client_name, "grant": s.grant,
            "renewable": s.renewable, "live": world.live_session(s.id).is_some(),
            "revoked": s.revoked, "started_at": rfc3339(s.started_at), "ends_at": rfc3339(s.ends_at),
            "live_access_tokens": world.access_tokens.values().filter(live).count(),
        })
    };
    let mut logins: Vec<_> = world.console_logins.values().collect();
    logins.sort_by_key(|l| l.opened_at);
    json!({
        "base": world.base, "start_url": world.start_url(),
        "organisation": world.options.organisation_name, "user": world.options.user,
        "region": world.options.region, "now": rfc3339(now),
        "accounts": world.organisation.accounts.len(),
        "clients": world.clients.len(),
        "sessions": sessions.iter().map(session).collect::<Vec<_>>(),
        "devices_waiting": world.devices.values().filter(|d| d.is_waiting(now)).count(),
        "role_credentials": world.role_keys.values().filter(|k| now < k.expires_at).count(),
        "console_logins": logins.iter().map(|l| federation::described(world, l)).collect::<Vec<_>>(),
        "options": world.options,
    })
}

fn stats(world: &World) -> Value {
    json!({
        "requests": world.log.total(), "operations": world.log.counts(),
        "peak_per_second": world.log.peaks(),
        "in_flight": world.in_flight.0, "peak_in_flight": world.in_flight.1,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LogQuery {
    since: Option<u64>,
    #[serde(default)]
    clear: bool,
}

fn log(world: &mut World, body: &Value) -> Result<Value, String> {
    let query: LogQuery = read(body)?;
    let entries = world.log.entries(query.since.unwrap_or(0));
    let renewals: Vec<_> = world.log.renewals().map(renewed).collect();
    if query.clear {
        world.log.clear();
        world.in_flight.1 = world.in_flight.0;
    }
    Ok(json!({ "entries": entries, "renewals": renewals }))
}

/// One line of the table of renewals.
fn renewed((renewer, renewals): (&Renewer, &Renewals)) -> Value {
    json!({
        "session": renewer.session, "client": renewer.client, "program": renewer.program,
        "granted": renewals.granted, "lost": renewals.lost, "refused": renewals.refused,
    })
}

fn accounts(world: &World) -> Value {
    json!({ "accounts": world.organisation.accounts })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AccountList {
    accounts: Vec<Account>,
}

/// Replaces the organisation by these accounts.
fn set_accounts(world: &mut World, body: &Value) -> Result<Value, String> {
    let AccountList { accounts } = read(body)?;
    let roles = world.organisation.roles.clone();
    let organisation = Organisation { accounts, roles };
    match organisation.fault() {
        Some(fault) => Err(fault),
        None => {
            world.organisation = organisation;
            Ok(json!({ "accounts": world.organisation.accounts.len() }))
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleList {
    roles: Vec<TrustingRole>,
}

/// Replaces the roles that other roles may assume.
fn set_roles(world: &mut World, body: &Value) -> Result<Value, String> {
    let RoleList { roles } = read(body)?;
    match trust::fault(&roles) {
        Some(fault) => Err(fault),
        None => {
            world.organisation.roles = roles;
            Ok(json!({ "roles": world.organisation.roles.len() }))
        }
    }
}

fn set(world: &mut World, body: &Value) -> Result<Value, String> {
    let changed = world.options.changed_by(body)?;
    world.adopt(changed);
    Ok(json!(world.options))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FaultOrder {
    fault: Option<FaultRule>,
    times: Option<u32>,
    #[serde(default)]
    clear: bool,
}

/// Lets the next requests go wrong: `{"fault":"5xx@/token","times":2}`.
fn fault(world: &mut World, body: &Value) -> Result<Value, String> {
    let order: FaultOrder = read(body)?;
    if order.clear {
        world.faults.clear();
        world.options.faults.clear();
    }
    match order.fault {
        Some(rule) => world.faults.queue(rule, order.times.unwrap_or(1)),
        None if !order.clear => return Err("name a fault, or clear them".into()),
        None => {}
    }
    Ok(faults(world))
}

fn faults(world: &World) -> Value {
    let queued = world.faults.queued().iter().filter(|(_, left)| *left > 0);
    let queued: Vec<_> = queued
        .map(|(r, left)| json!({ "fault": r, "times": left }))
        .collect();
    json!({ "queued": queued, "faults": world.options.faults, "rate": world.options.fault_rate })
}

/// What `expire` can end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expire {
    /// Access tokens; sessions go on and can be renewed.
    AccessTokens,
    /// Role credentials that were handed out.
    RoleCredentials,
    /// Sessions: no renewal any more, and no access token counts.
    Sessions,
    /// Client registrations.
    Clients,
    /// Device codes that still wait.
    DeviceCodes,
    /// Authorization codes on their way.
    Codes,
    /// Sign-in tokens of the console.
    SigninTokens,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpireOrder {
    #[serde(default = "access_tokens")]
    what: OneOrMany,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(Expire),
    Many(Vec<Expire>),
}

fn access_tokens() -> OneOrMany {
    OneOrMany::One(Expire::AccessTokens)
}

fn expire(world: &mut World, body: &Value) -> Result<Value, String> {
    let all = match read::<ExpireOrder>(body)?.what {
        OneOrMany::One(one) => vec![one],
        OneOrMany::Many(many) => many,
    };
    let expired: usize = all.into_iter().map(|what| world.expire(what)).sum();
    Ok(json!({ "expired": expired }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RevokeOrder {
    session: Option<u64>,
}

/// Ends one session, or all, as an administrator does.
fn revoke(world: &mut World, body: &Value) -> Result<Value, String> {
    let order: RevokeOrder = read(body)?;
    let revoked = world.revoke(order.session);
    Ok(json!({ "revoked": revoked }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AssignOrder {
    account_id: String,
    role_name: String,
    #[serde(default = "yes")]
    assigned: bool,
}

fn yes() -> bool {
    true
}

fn assign(world: &mut World, body: &Value) -> Result<Value, String> {
    let order: AssignOrder = read(body)?;
    if !is_account_id(&order.account_id) {
        return Err("account_id must be 12 digits".into());
    }
    world
        .organisation
        .assign(&order.account_id, &order.role_name, order.assigned);
    Ok(json!({ "account": world.organisation.account(&order.account_id) }))
}
