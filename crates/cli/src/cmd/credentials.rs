//! `credentials`: role credentials in the form that a tool expects. Called by other programs at
//! every turn, so it does as little as it can.

use daypass_core::accounts::Assignment;
use daypass_core::accounts::chains::shown;
use daypass_core::{Code, Error, Result, credentials};

use super::Run;
use crate::args::Credentials;

pub(super) async fn run(run: &Run, words: Credentials) -> Result<u8> {
    let assignment = match &words.profile {
        Some(profile) => of_profile(run, profile).await?,
        None => run.assignment(&words.whose).await?,
    };
    let keys = run.daypass.credentials(&assignment).await?;
    let section = words.profile.unwrap_or_else(|| section(&assignment));
    let text = credentials::render(&keys, words.format, &section)?;
    run.screen.data(text.as_bytes())?;
    Ok(0)
}

async fn of_profile(run: &Run, profile: &str) -> Result<Assignment> {
    let assignment = run.daypass.profile_assignment(profile).await?;
    if run
        .daypass
        .snapshot()
        .session(&assignment.session)
        .is_some()
    {
        return Ok(assignment);
    }
    let session = &assignment.session;
    let message =
        format!("the profile `{profile}` signs in through `{session}`, which is no session here");
    Err(Error::new(Code::SessionUnknown, message).with_hint(format!(
        "register it with `daypass session add {session} --start-url URL`"
    )))
}

/// The name that the AWS CLI proposes; of a role whose name is fit for a header.
fn section(assignment: &Assignment) -> String {
    let Assignment {
        account_id, role, ..
    } = assignment;
    let fits = |it: char| it.is_ascii_alphanumeric() || "+=,.@_-".contains(it);
    let role = shown(role);
    match !role.is_empty() && role.chars().all(fits) {
        true => format!("{role}-{account_id}"),
        false => account_id.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_holds_nothing_that_a_portal_could_smuggle_in() {
        let section = |role: &str| {
            section(&Assignment {
                session: "work".into(),
                account_id: "000000000001".into(),
                role: role.into(),
            })
        };
        assert_eq!(section("ReadOnly"), "ReadOnly-000000000001");
        assert_eq!(section("x]\ncredential_process=y"), "000000000001");
        assert_eq!(section(""), "000000000001");
    }
}
