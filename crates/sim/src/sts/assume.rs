//! `AssumeRole`: strict about every value, as STS is, and about who may.

use super::{Refused, arn_of, id_of};
use crate::clock::rfc3339;
use crate::mint;
use crate::pages::escape;
use crate::reply::Reply;
use crate::request::Request;
use crate::trust::RoleArn;
use crate::world::{RoleKeys, World};

/// Whoever holds credentials of a role gets no others for longer: AWS calls it role chaining.
const CHAINED_MOST_S: i64 = 3600;

/// What is asked for, with every value in its form.
struct Asked {
    role: RoleArn,
    session_name: String,
    seconds: i64,
    external_id: Option<String>,
}

/// New credentials for the role that is asked for.
pub(super) fn assume(
    world: &mut World,
    request: &Request,
    caller: &RoleKeys,
) -> Result<Reply, Refused> {
    let asked = Asked::of(request)?;
    let Asked {
        role,
        session_name,
        seconds,
        external_id,
    } = &asked;
    let found = world.organisation.trusting(role);
    let trusted = found.is_some_and(|it| {
        it.trusts_role(&caller.account, &caller.role) && it.accepts(external_id.as_deref())
    });
    if !trusted {
        return Err(denied(caller, role));
    }
    let place = (role.account.as_str(), role.name());
    let keys = world.mint_assumed_keys(place, session_name, *seconds);
    let note = format!("{}/{}", role.account, role.name());
    Ok(Reply::xml(200, answer(&keys)).noted(&note))
}

impl Asked {
    fn of(request: &Request) -> Result<Asked, Refused> {
        let role = needed(request, "RoleArn")?;
        let session_name = needed(request, "RoleSessionName")?;
        check_text("roleSessionName", &session_name, 2..=64, "=,.@-_+")?;
        let external_id = request.param("ExternalId");
        if let Some(id) = &external_id {
            check_text("externalId", id, 2..=1224, "=,.@:/-_+")?;
        }
        Ok(Asked {
            role: RoleArn::parse(&role).ok_or_else(|| invalid(format!("{role} is invalid")))?,
            session_name,
            seconds: seconds(request.param("DurationSeconds").as_deref())?,
            external_id,
        })
    }
}

fn seconds(text: Option<&str>) -> Result<i64, Refused> {
    let Some(text) = text else {
        return Ok(CHAINED_MOST_S);
    };
    match text.parse() {
        // Every caller here holds credentials of a role.
        Ok(seconds) if (CHAINED_MOST_S + 1..=43_200).contains(&seconds) => Err(invalid(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by \
             role chaining"
                .into(),
        )),
        Ok(seconds) if (900..=CHAINED_MOST_S).contains(&seconds) => Ok(seconds),
        Ok(_) => Err(constraint(
            "durationSeconds",
            "Member must have value between 900 and 43200",
        )),
        Err(_) => Err(Refused(
            400,
            "MalformedInput",
            "The duration is not a number.".into(),
        )),
    }
}

fn needed(request: &Request, name: &str) -> Result<String, Refused> {
    request
        .param(name)
        .ok_or_else(|| invalid(format!("1 validation error detected: {name} is missing")))
}

fn check_text(
    name: &str,
    text: &str,
    length: std::ops::RangeInclusive<usize>,
    others: &str,
) -> Result<(), Refused> {
    let fits = |it: char| it.is_ascii_alphanumeric() || others.contains(it);
    if !length.contains(&text.chars().count()) {
        return Err(constraint(name, "Member has not the length that it must"));
    }
    match text.chars().all(fits) {
        true => Ok(()),
        false => Err(constraint(
            name,
            "Member must satisfy regular expression pattern",
        )),
    }
}

fn constraint(name: &str, text: &str) -> Refused {
    invalid(format!(
        "1 validation error detected: Value at '{name}' failed to satisfy constraint: {text}"
    ))
}

fn invalid(text: String) -> Refused {
    Refused(400, "ValidationError", text.into())
}

fn denied(caller: &RoleKeys, role: &RoleArn) -> Refused {
    let text = format!(
        "User: {} is not authorized to perform: sts:AssumeRole on resource: {role}",
        arn_of(caller)
    );
    Refused(403, "AccessDenied", text.into())
}

fn answer(keys: &RoleKeys) -> String {
    let (arn, id) = (escape(&arn_of(keys)), escape(&id_of(keys)));
    let RoleKeys {
        access_key_id,
        secret,
        session_token,
        ..
    } = keys;
    let end = rfc3339(keys.expires_at);
    format!(
        "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n  \
         <AssumeRoleResult>\n    <Credentials>\n      \
         <AccessKeyId>{access_key_id}</AccessKeyId>\n      \
         <SecretAccessKey>{secret}</SecretAccessKey>\n      \
         <SessionToken>{session_token}</SessionToken>\n      \
         <Expiration>{end}</Expiration>\n    </Credentials>\n    <AssumedRoleUser>\n      \
         <AssumedRoleId>{id}</AssumedRoleId>\n      <Arn>{arn}</Arn>\n    \
         </AssumedRoleUser>\n  </AssumeRoleResult>\n  \
         <ResponseMetadata>\n    <RequestId>{}</RequestId>\n  </ResponseMetadata>\n\
         </AssumeRoleResponse>\n",
        mint::request_id()
    )
}
