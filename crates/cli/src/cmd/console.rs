//! `console`: opens the AWS console, or prints the address that would.

use daypass_core::Result;
use daypass_core::accounts::Assignment;
use daypass_core::daypass::ConsoleWish;

use super::Run;
use crate::args::Console;
use crate::render::json;

/// Who is named or, where nobody is, who the place alone means.
async fn meant(run: &Run, words: &Console) -> Result<Assignment> {
    match &words.destination {
        Some(place) if words.whose.is_empty() => {
            let session = words.whose.session.as_deref();
            run.daypass.resolve_place(place, session).await
        }
        _ => run.assignment(&words.whose).await,
    }
}

pub(super) async fn run(run: &Run, words: Console) -> Result<u8> {
    let assignment = meant(run, &words).await?;
    let wish = ConsoleWish {
        place: words.destination,
        region: words.region,
        via: words.via,
        browser: words.browser,
        duration: words.duration,
    };
    let consent = run.consent(&assignment, "Open the console of")?;
    if !words.print {
        let opening = run.daypass.open_console(&assignment, &wish, consent);
        let notes = opening.await?;
        notes.iter().for_each(|note| run.screen.say(note));
        run.screen
            .say(&format!("Opened {}.", run.named(&assignment)));
        return Ok(0);
    }
    let link = run
        .daypass
        .console_link(&assignment, &wish, consent)
        .await?;
    link.notes.iter().for_each(|note| run.screen.say(note));
    match words.json {
        true => run.screen.document(&json::Console::of(&link))?,
        false => run.screen.line(link.address.expose())?,
    }
    Ok(0)
}
