//! STS as far as `GetCallerIdentity`: who is it that holds these role credentials?

use crate::mint;
use crate::pages::escape;
use crate::reply::Reply;
use crate::request::Request;
use crate::sigv4::{self, Signature};
use crate::world::{RoleKeys, World};

/// A signature may be this far from the portal's time.
const SKEW_MS: i64 = 15 * 60 * 1000;

struct Refused(u16, &'static str, &'static str);

const BAD_SIGNATURE: Refused = Refused(
    403,
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided. Check your \
     AWS Secret Access Key and signing method.",
);
const UNKNOWN: Refused = Refused(
    403,
    "InvalidClientTokenId",
    "The security token included in the request is invalid.",
);

/// `POST /` with `Action=GetCallerIdentity`.
pub(crate) fn caller_identity(world: &World, request: &Request) -> Reply {
    match checked(world, request) {
        Ok(keys) => Reply::xml(200, identity(keys)).noted(&keys.account),
        Err(Refused(status, code, message)) => {
            Reply::xml(status, error(code, message)).failed(code)
        }
    }
}

fn checked<'w>(world: &'w World, request: &Request) -> Result<&'w RoleKeys, Refused> {
    check_action(request)?;
    let authorization = request.header("authorization");
    let missing = Refused(
        403,
        "MissingAuthenticationToken",
        "Request is missing a signature.",
    );
    let signature = Signature::parse(authorization.ok_or(missing)?).ok_or(Refused(
        400,
        "IncompleteSignature",
        "The Authorization header is not in the form of AWS Signature Version 4.",
    ))?;
    let keys = world
        .role_keys
        .get(&signature.access_key_id)
        .ok_or(UNKNOWN)?;
    if request.header("x-amz-security-token") != Some(keys.session_token.as_str()) {
        return Err(UNKNOWN);
    }
    check_signature(world, request, &signature, keys)?;
    match world.now() < keys.expires_at {
        true => Ok(keys),
        false => {
            let text = "The security token included in the request is expired";
            Err(Refused(403, "ExpiredToken", text))
        }
    }
}

fn check_action(request: &Request) -> Result<(), Refused> {
    match request.param("Action").as_deref() {
        Some("GetCallerIdentity") => Ok(()),
        Some(_) => Err(Refused(
            400,
            "InvalidAction",
            "Could not find this operation.",
        )),
        None => Err(Refused(
            400,
            "MissingAction",
            "The request has no Action parameter.",
        )),
    }
}

fn check_signature(
    world: &World,
    request: &Request,
    signature: &Signature,
    keys: &RoleKeys,
) -> Result<(), Refused> {
    if !sigv4::is_valid(request, signature, &keys.secret) {
        return Err(BAD_SIGNATURE);
    }
    let signed_at = sigv4::signed_at_ms(request);
    match signed_at.is_some_and(|at| (at - world.now()).abs() <= SKEW_MS) {
        true => Ok(()),
        false => Err(Refused(
            403,
            "SignatureDoesNotMatch",
            "Signature expired or not yet current: check the clock of this machine.",
        )),
    }
}

fn identity(keys: &RoleKeys) -> String {
    let role_id = mint::stable_hex(&["role-id", &keys.account, &keys.role], 17).to_uppercase();
    let hash = mint::stable_hex(&["role-hash", &keys.account, &keys.role], 16);
    let RoleKeys {
        account,
        role,
        user,
        ..
    } = keys;
    let (role, user) = (escape(role), escape(user));
    format!(
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n  \
         <GetCallerIdentityResult>\n    \
         <Arn>arn:aws:sts::{account}:assumed-role/AWSReservedSSO_{role}_{hash}/{user}</Arn>\n    \
         <UserId>AROA{role_id}:{user}</UserId>\n    \
         <Account>{account}</Account>\n  \
         </GetCallerIdentityResult>\n  \
         <ResponseMetadata>\n    <RequestId>{}</RequestId>\n  </ResponseMetadata>\n\
         </GetCallerIdentityResponse>\n",
        mint::request_id()
    )
}

fn error(code: &str, message: &str) -> String {
    format!(
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n  \
         <Error>\n    <Type>Sender</Type>\n    <Code>{code}</Code>\n    \
         <Message>{message}</Message>\n  </Error>\n  <RequestId>{}</RequestId>\n\
         </ErrorResponse>\n",
        mint::request_id()
    )
}
