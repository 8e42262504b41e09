//! `label …`: labels, aliases, guards, hidden rows, rules; as one file out and in.

mod carry;
mod rules;

use daypass_core::accounts::Assignment;
use daypass_core::accounts::labels::{Label, Subject};
use daypass_core::daypass::Which;
use daypass_core::settings::{Opening, Wish};
use daypass_core::{Code, Error, Result};

use super::Run;
use crate::args::{LabelDefine, LabelRemove, LabelSet, LabelVerb, Named, Row, choice};
use crate::render::{Cell, Table, Tone, json, labelled};

pub(super) async fn run(run: &Run, verb: LabelVerb) -> Result<u8> {
    match verb {
        LabelVerb::Set(words) => set(run, *words).await,
        LabelVerb::Remove(words) => remove(run, words).await,
        LabelVerb::List(_) => list(run),
        LabelVerb::Define(words) => define(run, words).await,
        LabelVerb::Undefine(words) => {
            run.daypass.remove_label(&words.word).await?;
            tell_labels(run, &format!("The label `{}` is removed.", words.word))
        }
        LabelVerb::Rule(verb) => rules::run(run, verb).await,
        LabelVerb::Export(words) => carry::export(run, &words),
        LabelVerb::Import(words) => carry::import(run, words).await,
    }?;
    Ok(0)
}

async fn subject(run: &Run, row: &Row) -> Result<Subject> {
    let session = row.session.as_deref();
    let (session, account_id, role) = match row.named()? {
        Named::Assignment(target) => {
            let assignment = run.daypass.resolve(&target, session).await?;
            return Ok(Subject::Assignment(assignment));
        }
        Named::Account(id) => (run.daypass.session_of(&id, session)?, id, None),
        Named::Words(words, role) => {
            let (session, id) = run.daypass.resolve_account(&words, session).await?;
            (session, id, role)
        }
    };
    Ok(match role {
        None => Subject::Account {
            session,
            account_id,
        },
        Some(role) => Subject::Assignment(known(run, session, account_id, role)?),
    })
}

fn known(run: &Run, session: String, account_id: String, role: String) -> Result<Assignment> {
    let snapshot = run.daypass.snapshot();
    let account = snapshot
        .lists
        .get(&session)
        .and_then(|it| it.account(&account_id));
    let roles = account.map_or(&[][..], |it| it.roles.known());
    if !roles.contains(&role) {
        let message = format!("the account {account_id} has no permission set `{role}`");
        return Err(Error::new(Code::AccountUnknown, message).with_candidates(roles.to_vec()));
    }
    Ok(Assignment {
        session,
        account_id,
        role,
    })
}

async fn set(run: &Run, words: LabelSet) -> Result<()> {
    let protected = choice(words.protect, words.no_protect);
    let hidden = choice(words.hide, words.show);
    let opens = words.opens.opening();
    let looks = words.label.is_some() || words.alias.is_some();
    if !looks && protected.is_none() && hidden.is_none() && opens.is_silent() {
        return Err(Error::new(Code::Usage, "say what to set").with_hint(
            "give --label, --alias, --protect, --no-protect, --hide, --show, --browser or --console-via",
        ));
    }
    let subject = subject(run, &words.row).await?;
    if words.alias.is_some() && subject.role().is_some() {
        let message = "an alias is a name of the whole account";
        return Err(Error::new(Code::Usage, message).with_hint("name the account alone"));
    }
    if words.label.is_some() {
        run.daypass.set_label(&subject, words.label).await?;
    }
    if let Some(alias) = words.alias {
        let (session, id) = (subject.session(), subject.account_id());
        run.daypass.set_alias(session, id, Some(alias)).await?;
    }
    if protected.is_some() {
        run.daypass.set_protected(&subject, protected).await?;
    }
    if let Some(hidden) = hidden {
        run.daypass.set_hidden(&subject, hidden).await?;
    }
    if opens.browser.is_some() {
        warn_of(run, opens.browser.as_ref());
        run.daypass.set_browser(&subject, opens.browser).await?;
    }
    if opens.via.is_some() {
        run.daypass.set_console_via(&subject, opens.via).await?;
    }
    tell(run, &subject)
}

/// A browser that is not here yet can be chosen, and is spoken of.
fn warn_of(run: &Run, browser: Option<&Wish>) {
    let here = browser.map_or(Ok(()), |it| run.daypass.check_browser(it));
    here.err().iter().for_each(|it| run.screen.warn(it));
}

async fn remove(run: &Run, words: LabelRemove) -> Result<()> {
    let subject = subject(run, &words.row).await?;
    let opens = words.browser || words.console_via;
    let all = !(words.label || words.alias || words.protect || words.hide || opens);
    let which = Which {
        alias: all || words.alias,
        label: all || words.label,
        protected: all || words.protect,
        hidden: all || words.hide,
        browser: all || words.browser,
        via: all || words.console_via,
    };
    run.daypass.forget_choice(&subject, which).await?;
    tell(run, &subject)
}

/// How the row looks now.
fn tell(run: &Run, subject: &Subject) -> Result<()> {
    let look = run.daypass.look_of_subject(subject);
    let opens = run.daypass.opens(subject);
    if run.screen.is_json() {
        return run
            .screen
            .document(&json::LookOf::of(subject, &look, &opens));
    }
    let label = match &look.label {
        Some(label) => format!("labelled {}", label.word),
        None => "without a label".to_owned(),
    };
    let mut words = vec![label];
    words.extend(
        look.protected
            .then(|| "protected: it asks before it is opened".to_owned()),
    );
    words.extend(look.hidden.then(|| "hidden".to_owned()));
    words.extend(look.alias.map(|it| format!("called {it}")));
    words.extend(opens.browser.map(|(it, _)| format!("opened in: {it}")));
    words.extend(opens.via.map(|(it, _)| format!("opened via {}", it.name())));
    let name = match subject {
        Subject::Account {
            session,
            account_id,
        } => named_account(run, session, account_id),
        Subject::Assignment(it) => run.named(it),
    };
    run.screen.say(&format!("{name} is {}.", words.join(", ")));
    Ok(())
}

fn named_account(run: &Run, session: &str, id: &str) -> String {
    let snapshot = run.daypass.snapshot();
    let account = snapshot.lists.get(session).and_then(|it| it.account(id));
    match account.and_then(|it| it.name.as_deref()) {
        Some(name) => format!("{name} ({id})"),
        None => id.to_owned(),
    }
}

fn list(run: &Run) -> Result<()> {
    let snapshot = run.daypass.snapshot();
    if run.screen.is_json() {
        return run.screen.document(&json::Labels::of(&snapshot));
    }
    let mut table = Table::new(&["LABEL", "SHAPE", "COLOUR", "PROTECTS", "BROWSER~"]);
    for label in snapshot.looks.labels() {
        table.row(vec![
            labelled(Some(label), false),
            Cell::new(label.shape.name()),
            Cell::new(label.colour.name()),
            Cell::new(if label.protected { "yes" } else { "no" }),
            Cell::new(&browser_of(&label.opens)),
        ]);
    }
    run.screen.table(&table)?;
    let mut table = Table::new(&[
        "ACCOUNT ID",
        "ACCOUNT~",
        "ROLE~",
        "ALIAS~",
        "LABEL",
        "PROTECTED",
        "HIDDEN",
        "BROWSER~",
        "SESSION~",
    ]);
    let word = |it: Option<bool>| match it {
        Some(true) => "yes",
        Some(false) => "no",
        None => "",
    };
    for (subject, choice) in snapshot.marks.chosen() {
        let account = snapshot.lists.get(subject.session());
        let account = account.and_then(|it| it.account(subject.account_id()));
        table.row(vec![
            Cell::new(subject.account_id()),
            Cell::new(
                account
                    .and_then(|it| it.name.as_deref())
                    .unwrap_or_default(),
            ),
            Cell::new(subject.role().unwrap_or_default()),
            Cell::new(choice.alias.as_deref().unwrap_or_default()),
            Cell::new(choice.label.as_deref().unwrap_or_default()),
            Cell::new(word(choice.protected)),
            Cell::new(word(choice.hidden)),
            Cell::new(&browser_of(&choice.opens)),
            Cell::toned(subject.session(), Tone::Aside),
        ]);
    }
    if table.is_empty() {
        return Ok(());
    }
    run.screen.line("")?;
    run.screen.table(&table)
}

/// In which browser, and by which kind of link where that is said too.
fn browser_of(opens: &Opening) -> String {
    let browser = opens.browser.as_ref().map(ToString::to_string);
    let via = opens.via.map(|it| format!("via {}", it.name()));
    let said = [browser, via].into_iter().flatten();
    said.collect::<Vec<_>>().join(", ")
}

async fn define(run: &Run, words: LabelDefine) -> Result<()> {
    let label = Label {
        word: words.word.clone(),
        shape: words.shape,
        colour: words.colour,
        protected: words.protect,
        opens: words.opens.opening(),
    };
    warn_of(run, label.opens.browser.as_ref());
    run.daypass.define_label(label).await?;
    tell_labels(run, &format!("The label `{}` is defined.", words.word))
}

fn tell_labels(run: &Run, words: &str) -> Result<()> {
    if run.screen.is_json() {
        return run
            .screen
            .document(&json::Labels::of(&run.daypass.snapshot()));
    }
    run.screen.say(words);
    Ok(())
}
