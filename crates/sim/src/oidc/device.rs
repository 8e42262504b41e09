//! StartDeviceAuthorization, and the polls of the device grant.

use super::{
    DEVICE_GRANT, Exception, Refusal, body, client, invalid_request, is_start_url, needed,
};
use crate::mint;
use crate::reply::Reply;
use crate::request::Request;
use crate::world::{Client, Device, DeviceAnswer, World};
use serde::Deserialize;
use serde_json::json;

/// A poll may come this much before its time: timers and sockets are not exact.
const GRACE_MS: i64 = 100;
/// What a client has to add to its interval after each `slow_down`.
const SLOWER_MS: i64 = 5000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Body {
    client_id: Option<String>,
    client_secret: Option<String>,
    start_url: Option<String>,
}

/// Hands out a device code and the user code that goes with it.
pub(crate) fn start(world: &mut World, request: &Request) -> Result<Reply, Refusal> {
    let body: Body = body(request)?;
    let id = needed(body.client_id, "clientId")?;
    let secret = needed(body.client_secret, "clientSecret")?;
    let start_url = needed(body.start_url, "startUrl")?;
    let client = client(world, &id, &secret)?;
    if !client.may_use(DEVICE_GRANT) {
        let text = "Client is not registered for the device grant";
        return Err(Refusal::new(Exception::UnauthorizedClient, text));
    }
    // A wrong Region and a mistyped address look the same, and say nothing.
    if request.wrong_region || world.options.wrong_region || !is_start_url(world, &start_url) {
        return Err(Refusal::bare(Exception::InvalidRequest));
    }
    Ok(begin(world, id))
}

fn begin(world: &mut World, client: String) -> Reply {
    let (device_code, user_code) = (mint::token("", 48), mint::user_code());
    let options = &world.options;
    let device = Device {
        user_code: user_code.clone(),
        client,
        expires_at: world.now() + options.device_ttl * 1000,
        interval_ms: options.device_interval * 1000,
        last_poll: None,
        answer: DeviceAnswer::Pending,
    };
    let page = format!("{}/device", world.base);
    let reply = Reply::json(
        200,
        &json!({
            "deviceCode": device_code,
            "userCode": user_code,
            "verificationUri": page,
            "verificationUriComplete": format!("{page}?user_code={user_code}"),
            "expiresIn": options.device_ttl,
            "interval": options.device_interval,
        }),
    );
    world.devices.insert(device_code, device);
    reply
}

/// One poll: the scopes of the new session, or the reason to wait or stop.
pub(crate) fn poll(
    world: &mut World,
    client: &Client,
    device_code: Option<String>,
) -> Result<Vec<String>, Refusal> {
    let device_code = needed(device_code, "deviceCode")?;
    let now = world.now();
    let found = world
        .devices
        .get_mut(&device_code)
        .filter(|d| d.client == client.id);
    let device = found.ok_or_else(|| {
        // Unknown, or somebody else's: no difference may show.
        Refusal::new(Exception::InvalidGrant, "Invalid device code provided")
    })?;
    if now >= device.expires_at && device.answer != DeviceAnswer::Spent {
        return Err(Refusal::new(
            Exception::ExpiredToken,
            "Device code is expired",
        ));
    }
    check_pace(device, now)?;
    take_answer(device)?;
    Ok(client.scopes.clone())
}

fn check_pace(device: &mut Device, now: i64) -> Result<(), Refusal> {
    let earliest = device
        .last_poll
        .map(|last| last + device.interval_ms - GRACE_MS);
    device.last_poll = Some(now);
    if earliest.is_none_or(|earliest| now >= earliest) {
        return Ok(());
    }
    device.interval_ms += SLOWER_MS;
    Err(Refusal::bare(Exception::SlowDown))
}

fn take_answer(device: &mut Device) -> Result<(), Refusal> {
    match device.answer {
        DeviceAnswer::Pending => Err(Refusal::bare(Exception::AuthorizationPending)),
        DeviceAnswer::Denied => Err(Refusal::new(Exception::AccessDenied, "User denied access")),
        DeviceAnswer::Spent => Err(Refusal::new(
            Exception::InvalidGrant,
            "Invalid device code provided",
        )),
        DeviceAnswer::Approved => {
            device.answer = DeviceAnswer::Spent;
            Ok(())
        }
    }
}

/// The device code behind a user code that a person typed or that a link carried; dashes,
/// blanks and case do not matter.
pub(crate) fn by_user_code(world: &World, typed: &str) -> Result<String, Refusal> {
    let plain = |code: &str| {
        let letters = code.chars().filter(char::is_ascii_alphabetic);
        letters.collect::<String>().to_ascii_uppercase()
    };
    let fits = |d: &&Device| plain(&d.user_code) == plain(typed);
    let found = world.devices.iter().find(|(_, device)| fits(device));
    let (code, device) = found.ok_or_else(|| invalid_request("This code is not known"))?;
    match world.now() < device.expires_at && device.answer == DeviceAnswer::Pending {
        true => Ok(code.clone()),
        false => Err(Refusal::new(
            Exception::ExpiredToken,
            "This code cannot be used any more",
        )),
    }
}
