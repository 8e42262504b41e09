//! The browser's part of a sign-in: the authorize page, the device page, and the answer
//! of the person in front of them.

use crate::mint;
use crate::oidc::device::by_user_code;
use crate::oidc::{Exception, Refusal, invalid_request};
use crate::options::Browser;
use crate::pages;
use crate::reply::Reply;
use crate::request::Request;
use crate::world::{AuthorizationCode, Client, DeviceAnswer, Question, World};
use url::Url;

/// A request for access that was found in order.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    client: String,
    pub(crate) client_name: String,
    redirect_uri: String,
    state: String,
    challenge: String,
    scopes: Vec<String>,
}

/// `GET /authorize`: a page, or a redirect at once where the person needs no page.
pub(crate) fn authorize(world: &mut World, request: &Request) -> Reply {
    let (client, redirect_uri) = match destination(world, request) {
        Ok(found) => found,
        // Never redirect to an address that is not the client's.
        Err(refusal) => return refused(world, &refusal),
    };
    match asked(world, request, &client, &redirect_uri) {
        Ok(asked) => answer_or_ask(world, asked),
        Err(refusal) => {
            let state = request.query("state").unwrap_or_default();
            let text = refusal.description.clone().unwrap_or_default();
            let parameters = [("error", refusal.code()), ("error_description", &text)];
            back(&redirect_uri, &parameters, &state).failed(refusal.code())
        }
    }
}

fn destination(world: &World, request: &Request) -> Result<(Client, String), Refusal> {
    let id = request.query("client_id").unwrap_or_default();
    let client = world
        .clients
        .get(&id)
        .filter(|c| world.now() < c.expires_at);
    let client = client.ok_or_else(|| invalid_request("Invalid client_id provided"))?;
    let uri = request.query("redirect_uri").unwrap_or_default();
    match client
        .redirect_uris
        .iter()
        .any(|registered| is_same_but_port(registered, &uri))
    {
        true => Ok((client.clone(), uri)),
        false => Err(invalid_request("Invalid redirect_uri provided")),
    }
}

/// True where `uri` is the registered one with a port put in after the host.
fn is_same_but_port(registered: &str, uri: &str) -> bool {
    let Some((host, path)) = split_host(registered) else {
        return false;
    };
    let Some(rest) = uri.strip_prefix(host) else {
        return false;
    };
    let Some(port) = rest.strip_suffix(path) else {
        return false;
    };
    let Some(digits) = port.strip_prefix(':') else {
        return port.is_empty();
    };
    let is_plain = digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
    is_plain && digits.parse::<u16>().is_ok()
}

fn split_host(uri: &str) -> Option<(&str, &str)> {
    let after = uri.find("://")? + 3;
    let slash = uri[after..].find('/')? + after;
    Some(uri.split_at(slash))
}

fn asked(
    world: &World,
    request: &Request,
    client: &Client,
    redirect_uri: &str,
) -> Result<Asked, Refusal> {
    if request.wrong_region || world.options.wrong_region {
        return Err(Refusal::new(
            Exception::InvalidGrant,
            "Invalid grant provided",
        ));
    }
    if !client.may_use("authorization_code") {
        return Err(Refusal::bare(Exception::UnauthorizedClient));
    }
    let challenge = request.query("code_challenge").unwrap_or_default();
    let state = request.query("state").unwrap_or_default();
    let is_base64url = |b: u8| b.is_ascii_alphanumeric() || b"-_".contains(&b);
    let needs = [
        (
            request.query("response_type").as_deref() == Some("code"),
            "response_type must be code",
        ),
        (
            request.query("code_challenge_method").as_deref() == Some("S256"),
            "code_challenge_method must be S256",
        ),
        (
            challenge.len() == 43 && challenge.bytes().all(is_base64url),
            "code_challenge must be the base64url form of a SHA-256",
        ),
        (!state.is_empty(), "state is missing"),
    ];
    if let Some((_, text)) = needs.iter().find(|(is_met, _)| !is_met) {
        return Err(invalid_request(text));
    }
    Ok(Asked {
        client: client.id.clone(),
        client_name: client.name.clone(),
        redirect_uri: redirect_uri.to_owned(),
        state,
        challenge,
        scopes: scopes(request, client)?,
    })
}

/// The scopes asked for, by default the registered ones; never more than those. AWS's own
/// tools separate them by blanks or commas, and call the parameter `scopes` or `scope`.
fn scopes(request: &Request, client: &Client) -> Result<Vec<String>, Refusal> {
    let Some(text) = request.query("scopes").or_else(|| request.query("scope")) else {
        return Ok(client.scopes.clone());
    };
    let words = text.split([' ', ',']).filter(|w| !w.is_empty());
    let scopes: Vec<_> = words.map(str::to_owned).collect();
    match scopes.iter().all(|s| client.scopes.contains(s)) {
        true => Ok(scopes),
        false => Err(Refusal::new(
            Exception::InvalidScope,
            "Scope was not registered",
        )),
    }
}

fn answer_or_ask(world: &mut World, asked: Asked) -> Reply {
    match world.options.browser {
        Browser::Auto => approve(world, asked),
        Browser::Deny => deny(&asked),
        Browser::Manual => {
            let nonce = mint::token("", 24);
            let html = pages::authorize(world, &asked.client_name, &nonce);
            world.questions.insert(nonce, Question::Authorize(asked));
            Reply::html(200, html)
        }
    }
}

fn approve(world: &mut World, asked: Asked) -> Reply {
    let code = mint::token("", 32);
    let reply = back(&asked.redirect_uri, &[("code", &code)], &asked.state);
    let granted = AuthorizationCode {
        client: asked.client,
        redirect_uri: asked.redirect_uri,
        challenge: asked.challenge,
        scopes: asked.scopes,
        expires_at: world.now() + world.options.code_ttl * 1000,
        spent: false,
    };
    world.codes.insert(code, granted);
    reply
}

fn deny(asked: &Asked) -> Reply {
    let parameters = [
        ("error", "access_denied"),
        ("error_description", "User denied access"),
    ];
    back(&asked.redirect_uri, &parameters, &asked.state).noted("denied")
}

fn back(redirect_uri: &str, parameters: &[(&str, &str)], state: &str) -> Reply {
    let Ok(mut url) = Url::parse(redirect_uri) else {
        return Reply::text(400, "The redirect URI is not an address.");
    };
    url.query_pairs_mut()
        .extend_pairs(parameters)
        .append_pair("state", state);
    Reply::redirect(url.into())
}

fn refused(world: &World, refusal: &Refusal) -> Reply {
    let text = refusal.description.clone().unwrap_or_default();
    pages::problem(world, 400, "This request cannot be answered", &text).failed(refusal.code())
}

/// `GET /device`: asks for the code, or shows who asks for access with it.
pub(crate) fn device(world: &mut World, request: &Request) -> Reply {
    let Some(typed) = request
        .query("user_code")
        .filter(|code| !code.trim().is_empty())
    else {
        return Reply::html(200, pages::enter_code(world));
    };
    let device_code = match by_user_code(world, &typed) {
        Ok(code) => code,
        Err(refusal) => return refused(world, &refusal),
    };
    match world.options.browser {
        Browser::Auto => answer_device(world, &device_code, DeviceAnswer::Approved),
        Browser::Deny => answer_device(world, &device_code, DeviceAnswer::Denied),
        Browser::Manual => ask_device(world, device_code),
    }
}

fn ask_device(world: &mut World, device_code: String) -> Reply {
    let Some(device) = world.devices.get(&device_code) else {
        return refused(world, &invalid_request("This code is not known"));
    };
    let name = world
        .clients
        .get(&device.client)
        .map_or("", |c| c.name.as_str());
    let nonce = mint::token("", 24);
    let html = pages::device(world, name, &device.user_code, &nonce);
    world.questions.insert(nonce, Question::Device(device_code));
    Reply::html(200, html)
}

fn answer_device(world: &mut World, device_code: &str, answer: DeviceAnswer) -> Reply {
    let now = world.now();
    let device = world.devices.get_mut(device_code);
    let open = device.filter(|d| now < d.expires_at && d.answer == DeviceAnswer::Pending);
    let Some(device) = open else {
        return refused(world, &invalid_request("This code cannot be used any more"));
    };
    device.answer = answer;
    Reply::html(
        200,
        pages::device_answered(world, answer == DeviceAnswer::Approved),
    )
}

/// `POST /decide`: the person pressed a button. The nonce stands for one question on one
/// page and works once, so that no other page can press the button.
pub(crate) fn decide(world: &mut World, request: &Request) -> Reply {
    let nonce = request.form("nonce").unwrap_or_default();
    let approved = match request.form("decision").as_deref() {
        Some("approve") => true,
        Some("deny") => false,
        _ => return refused(world, &invalid_request("There is no decision in this form")),
    };
    match world.questions.remove(&nonce) {
        None => pages::problem(
            world,
            403,
            "This page is out of date",
            "Its answer was given already, or it was not opened here. Start again from your tool.",
        )
        .failed("unknown_nonce"),
        Some(Question::Authorize(asked)) if approved => approve(world, asked),
        Some(Question::Authorize(asked)) => deny(&asked),
        Some(Question::Device(code)) => {
            let answer = if approved {
                DeviceAnswer::Approved
            } else {
                DeviceAnswer::Denied
            };
            answer_device(world, &code, answer)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_may_differ_from_the_registered_one_by_its_port_alone() {
        let registered = "http://127.0.0.1/oauth/callback";
        let table = [
            ("http://127.0.0.1:33659/oauth/callback", true),
            ("http://127.0.0.1/oauth/callback", true),
            ("http://localhost:33659/oauth/callback", false),
            ("http://[::1]:33659/oauth/callback", false),
            ("https://127.0.0.1:33659/oauth/callback", false),
            ("http://127.0.0.1:33659/oauth/callback/", false),
            ("http://127.0.0.1:33659/oauth/callback?x=1", false),
            ("http://127.0.0.1:33659/callback", false),
            ("http://127.0.0.1:99999/oauth/callback", false),
            ("http://127.0.0.1:/oauth/callback", false),
            ("http://127.0.0.1:80@example.com/oauth/callback", false),
            ("http://127.0.0.1.example.com/oauth/callback", false),
            ("http://127.0.0.1:+80/oauth/callback", false),
            ("", false),
        ];
        for (uri, accepted) in table {
            assert_eq!(is_same_but_port(registered, uri), accepted, "{uri}");
        }
    }
}
