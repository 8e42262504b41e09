//! `logout`: ends the sign-in at the portal, and here in any case.

use daypass_core::{Error, Result};

use super::Run;
use crate::args::Logout;

pub(super) async fn run(run: &Run, words: Logout) -> Result<u8> {
    let names = if words.all {
        let snapshot = run.daypass.snapshot();
        snapshot.sessions.iter().map(|it| it.name.clone()).collect()
    } else {
        vec![run.session("logout", words.session.as_deref())?]
    };
    let mut failed = None;
    for name in names {
        if let Err(error) = one(run, &name).await {
            // One session that cannot be erased does not keep the others.
            if let Some(earlier) = failed.replace(error) {
                run.screen.warn(&earlier);
            }
        }
    }
    failed.map_or(Ok(0), Err)
}

async fn one(run: &Run, name: &str) -> Result<()> {
    let ended = run.daypass.sign_out(name).await?;
    run.screen.say(&format!("Signed out of `{name}`."));
    if let Some(failure) = &ended.remote_failure {
        tell_pending(run, name, failure);
    }
    Ok(())
}

/// Says that the portal could not be told.
pub(super) fn tell_pending(run: &Run, name: &str, failure: &Error) {
    let message = format!(
        "the tokens of `{name}` are erased here, but the access portal could not be told: its side of the \
         sign-out is pending until the sign-in ends by itself"
    );
    let told = Error::new(failure.code(), message)
        .with_hint("sign out in the access portal too, if that matters")
        .because(
            [vec![failure.message().to_owned()], failure.causes()]
                .concat()
                .join(": "),
        );
    run.screen.warn(&told);
}
