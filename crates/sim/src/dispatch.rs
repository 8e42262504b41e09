//! From operation to answer: the one table of what does what.

use crate::faults::Fault;
use crate::oidc;
use crate::operation::Operation as O;
use crate::reply::Reply;
use crate::request::Request;
use crate::world::World;
use crate::{authorize, control, federation, pages, portal, sts};
use std::time::Instant;

/// Answers one request, within the portal's request budget.
pub(crate) fn answer(world: &mut World, operation: O, request: &Request) -> Reply {
    if operation.is_portal() && !within_budget(world) {
        return too_many(world);
    }
    match operation {
        O::RegisterClient => oidc::register::register(world, request).unwrap_or_else(Reply::from),
        O::StartDeviceAuthorization => {
            oidc::device::start(world, request).unwrap_or_else(Reply::from)
        }
        O::CreateToken => oidc::token::create(world, request),
        O::ListAccounts | O::ListAccountRoles | O::GetRoleCredentials | O::Logout => {
            let asker = portal::asker(world, request);
            portal_answer(world, operation, request).asked_by(asker)
        }
        O::GetSigninToken => federation::signin_token(world, request),
        O::ConsoleLogin => federation::login(world, request),
        O::GetCallerIdentity => sts::caller_identity(world, request),
        O::AssumeRole => sts::assume_role(world, request),
        O::Authorize => authorize::authorize(world, request),
        O::Device => authorize::device(world, request),
        O::Decide => authorize::decide(world, request),
        O::Start => Reply::html(200, pages::start(world)),
        O::Shortcut => federation::shortcut(world, request),
        O::Console => federation::console(world, request),
        O::Home => Reply::redirect(world.start_url()),
        O::Vanity => vanity(world, request),
        O::Control => control::answer(world, request),
        O::Unknown => Reply::portal_error(404, "UnknownOperationException", "Not found"),
    }
}

fn portal_answer(world: &mut World, operation: O, request: &Request) -> Reply {
    portal::settled(match operation {
        O::ListAccounts => portal::accounts(world, request),
        O::ListAccountRoles => portal::roles(world, request),
        O::GetRoleCredentials => portal::credentials(world, request),
        _ => portal::logout(world, request),
    })
}

/// An organisation's own address: one redirect to the start URL, or two.
fn vanity(world: &World, request: &Request) -> Reply {
    let twice = request.path.ends_with("/twice");
    let further = world.options.start_urls.first();
    Reply::redirect(match further {
        _ if twice => format!("{}/_vanity", world.base),
        Some(further) => further.clone(),
        None => world.start_url(),
    })
}

fn within_budget(world: &mut World) -> bool {
    let Some(rate) = world.options.rate_limit else {
        return true;
    };
    let burst = world.options.rate_burst.unwrap_or(rate).max(1.0);
    world.bucket.take(Instant::now(), rate, burst)
}

/// The answer that a fault puts in the place of the real one, for faults that do.
pub(crate) fn instead(world: &World, fault: Fault, operation: O) -> Option<Reply> {
    match fault {
        Fault::ServerError if operation.is_oidc() => {
            Some(oidc::Refusal::bare(oidc::Exception::InternalServer).into())
        }
        Fault::ServerError => Some(Reply::portal_error(
            503,
            "ServiceUnavailableException",
            "Service Unavailable",
        )),
        Fault::NonJson => Some(Reply::html(200, pages::captive_portal())),
        Fault::TooMany => Some(too_many(world)),
        Fault::Reset | Fault::Slow | Fault::Truncated => None,
    }
}

fn too_many(world: &World) -> Reply {
    let reply = Reply::portal_error(429, "TooManyRequestsException", "HTTP 429 Unknown Code");
    match world.options.retry_after {
        Some(seconds) => reply.with("retry-after", seconds.to_string()),
        None => reply,
    }
}
