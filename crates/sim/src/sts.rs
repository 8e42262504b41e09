//! STS as far as `GetCallerIdentity` and `AssumeRole`: who is it that holds these role credentials, and
//! which role may they take from here?

mod assume;

use std::borrow::Cow;

use crate::mint;
use crate::pages::escape;
use crate::reply::Reply;
use crate::request::Request;
use crate::sigv4::{self, Signature};
use crate::world::{RoleKeys, World};

/// A signature may be this far from the portal's time.
const SKEW_MS: i64 = 15 * 60 * 1000;

struct Refused(u16, &'static str, Cow<'static, str>);

const BAD_SIGNATURE: Refused = Refused(
    403,
    "SignatureDoesNotMatch",
    Cow::Borrowed(
        "The request signature we calculated does not match the signature you provided. Check your \
         AWS Secret Access Key and signing method.",
    ),
);
const UNKNOWN: Refused = Refused(
    403,
    "InvalidClientTokenId",
    Cow::Borrowed("The security token included in the request is invalid."),
);

/// `POST /` with `Action=GetCallerIdentity`.
pub(crate) fn caller_identity(world: &World, request: &Request) -> Reply {
    let answered = check_action(request).and_then(|()| checked(world, request));
    match answered {
        Ok(keys) => Reply::xml(200, identity(keys)).noted(&keys.account),
        Err(refused) => refused.into(),
    }
}

/// `POST /` with `Action=AssumeRole`.
pub(crate) fn assume_role(world: &mut World, request: &Request) -> Reply {
    let answered = checked(world, request).cloned();
    match answered.and_then(|caller| assume::assume(world, request, &caller)) {
        Ok(reply) => reply,
        Err(refused) => refused.into(),
    }
}

impl From<Refused> for Reply {
    fn from(Refused(status, code, message): Refused) -> Reply {
        Reply::xml(status, error(code, &escape(&message))).failed(code)
    }
}

fn checked<'w>(world: &'w World, request: &Request) -> Result<&'w RoleKeys, Refused> {
    let authorization = request.header("authorization");
    let missing = Refused(
        403,
        "MissingAuthenticationToken",
        "Request is missing a signature.".into(),
    );
    let signature = Signature::parse(authorization.ok_or(missing)?).ok_or(Refused(
        400,
        "IncompleteSignature",
        "The Authorization header is not in the form of AWS Signature Version 4.".into(),
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
            Err(Refused(403, "ExpiredToken", text.into()))
        }
    }
}

fn check_action(request: &Request) -> Result<(), Refused> {
    match request.param("Action").as_deref() {
        Some("GetCallerIdentity") => Ok(()),
        Some(_) => Err(Refused(
            400,
            "InvalidAction",
            "Could not find this operation.".into(),
        )),
        None => Err(Refused(
            400,
            "MissingAction",
            "The request has no Action parameter.".into(),
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
            "Signature expired or not yet current: check the clock of this machine.".into(),
        )),
    }
}

fn identity(keys: &RoleKeys) -> String {
    let (arn, id, account) = (escape(&arn_of(keys)), escape(&id_of(keys)), &keys.account);
    format!(
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n  \
         <GetCallerIdentityResult>\n    \
         <Arn>{arn}</Arn>\n    \
         <UserId>{id}</UserId>\n    \
         <Account>{account}</Account>\n  \
         </GetCallerIdentityResult>\n  \
         <ResponseMetadata>\n    <RequestId>{}</RequestId>\n  </ResponseMetadata>\n\
         </GetCallerIdentityResponse>\n",
        mint::request_id()
    )
}

/// Who holds these, as AWS names them.
fn arn_of(keys: &RoleKeys) -> String {
    let RoleKeys {
        account,
        role,
        user,
        ..
    } = keys;
    let role = match keys.chained {
        true => role.clone(),
        false => {
            let hash = mint::stable_hex(&["role-hash", account, role], 16);
            format!("AWSReservedSSO_{role}_{hash}")
        }
    };
    format!("arn:aws:sts::{account}:assumed-role/{role}/{user}")
}

fn id_of(keys: &RoleKeys) -> String {
    let role_id = mint::stable_hex(&["role-id", &keys.account, &keys.role], 17).to_uppercase();
    format!("AROA{role_id}:{}", keys.user)
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
