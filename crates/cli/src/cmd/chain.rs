//! `chain …`: roles to assume from an assignment, or from one another.

use daypass_core::Result;
use daypass_core::accounts::chains::{Chained, row_of};
use daypass_core::accounts::{Assignment, chains};
use daypass_core::daypass::NewChain;
use daypass_core::settings::chains::Source;

use super::Run;
use crate::args::{ChainAdd, ChainList, ChainRemove, ChainVerb};
use crate::render::{Cell, Table, Tone, json, left};

pub(super) async fn run(run: &Run, verb: ChainVerb) -> Result<u8> {
    match verb {
        ChainVerb::Add(words) => add(run, *words).await,
        ChainVerb::List(words) => list(run, &words),
        ChainVerb::Remove(words) => remove(run, words).await,
    }?;
    Ok(0)
}

async fn add(run: &Run, words: ChainAdd) -> Result<()> {
    let base = run.assignment(&words.whose).await?;
    let new = NewChain {
        name: words.name,
        base,
        role: words.role_arn,
        external_id: words.external_id,
        session_name: words.session_name,
        duration: words.duration.map(|it| it.as_secs()),
        replace: words.replace,
    };
    let added = run.daypass.add_chain(new).await?;
    if run.screen.is_json() {
        return run.screen.document(&json::ChainChanged::of(&added));
    }
    let name = &added.chain.name;
    run.screen.say(&format!(
        "`{name}` is {}, assumed from {}. Open it with `daypass console {name}`.",
        run.named(&row_of(&added.chain)),
        source(run, &added),
    ));
    Ok(())
}

async fn remove(run: &Run, words: ChainRemove) -> Result<()> {
    let session = match words.session {
        Some(session) => session,
        None => run.daypass.session_of_chain(&words.name)?,
    };
    let gone = run.daypass.remove_chain(&session, &words.name).await?;
    if run.screen.is_json() {
        return run.screen.document(&json::ChainChanged::of(&gone));
    }
    let name = &gone.chain.name;
    run.screen
        .say(&format!("The chained role `{name}` is removed."));
    Ok(())
}

fn list(run: &Run, words: &ChainList) -> Result<()> {
    run.daypass.look_for_chains();
    let (chained, refused) = (run.daypass.chained(), run.daypass.refused_profiles());
    let wanted = |it: &&Chained| {
        let session = words.session.as_ref();
        session.is_none_or(|session| *session == it.chain.session)
    };
    let chained: Vec<&Chained> = chained.iter().filter(wanted).collect();
    if run.screen.is_json() {
        return run.screen.document(&json::Chains::of(&chained, &refused));
    }
    let columns = [
        "NAME~",
        "ACCOUNT ID",
        "ROLE~",
        "FROM~",
        "LASTS",
        "KEPT IN~~",
        "STATE~~",
        "SESSION~~",
    ];
    let mut table = Table::new(&columns);
    for it in chained {
        let (chain, lost) = (&it.chain, it.lost.as_deref().unwrap_or_default());
        table.row(vec![
            Cell::new(&chain.name),
            Cell::new(chain.role.account_id()),
            Cell::new(chain.role.name()),
            Cell::new(&source(run, it)),
            Cell::new(&left(jiff::SignedDuration::from_secs(chain.seconds()))),
            Cell::toned(if it.found { "AWS config file" } else { "" }, Tone::Aside),
            Cell::toned(lost, Tone::Caution),
            Cell::toned(&chain.session, Tone::Aside),
        ]);
    }
    run.screen
        .table(&table.without_empty(&["KEPT IN", "STATE"]))?;
    for it in &refused {
        let message = format!(
            "the profile `{}` is no chained role here: {}",
            it.name, it.reason
        );
        run.screen.say(&message);
    }
    Ok(())
}

fn source(run: &Run, chained: &Chained) -> String {
    match &chained.chain.source {
        Source::Chain(name) => chains::shown(name).to_owned(),
        Source::Assignment { account_id, role } => run.named(&Assignment {
            session: chained.chain.session.clone(),
            account_id: account_id.clone(),
            role: role.clone(),
        }),
    }
}
