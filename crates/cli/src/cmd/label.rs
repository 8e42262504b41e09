//! `label …`: labels, aliases, guards, hidden rows, rules; as one file out and in.

use std::io::Read;

use daypass_core::accounts::Assignment;
use daypass_core::accounts::exchange::{Count, Into};
use daypass_core::accounts::labels::{Label, Rule, Subject};
use daypass_core::daypass::{ImportedLooks, Which};
use daypass_core::host::files::{self, Mode};
use daypass_core::{Code, Error, Result};

use super::Run;
use crate::args::{
    LabelDefine, LabelExport, LabelImport, LabelRemove, LabelSet, LabelVerb, Named, Row, RuleAdd,
    RuleRemove, RuleVerb, choice,
};
use crate::render::{Cell, Table, Tone, json, labelled};

/// No file of ours is larger; what is longer is not read to its end.
const LARGEST: u64 = 5 * 1024 * 1024;

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
        LabelVerb::Rule(RuleVerb::Add(words)) => add_rule(run, words).await,
        LabelVerb::Rule(RuleVerb::List(_)) => list_rules(run),
        LabelVerb::Rule(RuleVerb::Remove(words)) => remove_rule(run, &words).await,
        LabelVerb::Export(words) => export(run, &words),
        LabelVerb::Import(words) => import(run, words).await,
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
    if words.label.is_none() && words.alias.is_none() && protected.is_none() && hidden.is_none() {
        return Err(Error::new(Code::Usage, "say what to set")
            .with_hint("give --label, --alias, --protect, --no-protect, --hide or --show"));
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
    tell(run, &subject)
}

async fn remove(run: &Run, words: LabelRemove) -> Result<()> {
    let subject = subject(run, &words.row).await?;
    let all = !(words.label || words.alias || words.protect || words.hide);
    let which = Which {
        alias: all || words.alias,
        label: all || words.label,
        protected: all || words.protect,
        hidden: all || words.hide,
    };
    run.daypass.forget_choice(&subject, which).await?;
    tell(run, &subject)
}

/// How the row looks now.
fn tell(run: &Run, subject: &Subject) -> Result<()> {
    let look = run.daypass.look_of_subject(subject);
    if run.screen.is_json() {
        return run.screen.document(&json::LookOf::of(subject, &look));
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
    let mut table = Table::new(&["LABEL", "SHAPE", "COLOUR", "PROTECTS"]);
    for label in snapshot.looks.labels() {
        table.row(vec![
            labelled(Some(label), false),
            Cell::new(label.shape.name()),
            Cell::new(label.colour.name()),
            Cell::new(if label.protected { "yes" } else { "no" }),
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
            Cell::toned(subject.session(), Tone::Aside),
        ]);
    }
    if table.is_empty() {
        return Ok(());
    }
    run.screen.line("")?;
    run.screen.table(&table)
}

async fn define(run: &Run, words: LabelDefine) -> Result<()> {
    let label = Label {
        word: words.word.clone(),
        shape: words.shape,
        colour: words.colour,
        protected: words.protect,
    };
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

async fn add_rule(run: &Run, words: RuleAdd) -> Result<()> {
    let rule = Rule {
        session: words.session,
        account: words.account,
        role: words.role,
        label: words.label,
        protected: choice(words.protect, words.no_protect),
        hidden: choice(words.hide, words.show),
    };
    let mut rules = run.daypass.rules();
    let last = rules.len() + 1;
    let number = words.at.unwrap_or(last);
    if !(1..=last).contains(&number) {
        let message = format!("a rule cannot have the number {number}");
        return Err(Error::new(Code::Usage, message).with_hint(format!("give 1 to {last}")));
    }
    rules.insert(number - 1, rule);
    run.daypass.set_rules(rules).await?;
    tell_rules(run, &format!("Rule {number} is added."))
}

async fn remove_rule(run: &Run, words: &RuleRemove) -> Result<()> {
    let mut rules = run.daypass.rules();
    if !(1..=rules.len()).contains(&words.number) {
        let message = format!("there is no rule {}", words.number);
        return Err(Error::new(Code::Usage, message).with_hint("see `daypass label rule list`"));
    }
    rules.remove(words.number - 1);
    run.daypass.set_rules(rules).await?;
    tell_rules(run, &format!("Rule {} is removed.", words.number))
}

fn tell_rules(run: &Run, words: &str) -> Result<()> {
    if run.screen.is_json() {
        return run.screen.document(&json::Rules::of(&run.daypass.rules()));
    }
    run.screen.say(words);
    Ok(())
}

fn list_rules(run: &Run) -> Result<()> {
    let rules = run.daypass.rules();
    if run.screen.is_json() {
        return run.screen.document(&json::Rules::of(&rules));
    }
    if rules.is_empty() {
        run.screen.say(
            "There is no rule yet. Add one with `daypass label rule add --account '*prod*' --label prod`.",
        );
        return Ok(());
    }
    let mut table = Table::new(&["NO", "ACCOUNT~", "ROLE~", "SESSION~", "GIVES"]);
    for (index, rule) in rules.iter().enumerate() {
        let text = |it: &Option<String>| Cell::new(it.as_deref().unwrap_or("any"));
        table.row(vec![
            Cell::new(&(index + 1).to_string()),
            text(&rule.account),
            text(&rule.role),
            text(&rule.session),
            Cell::new(&gives(rule)),
        ]);
    }
    run.screen.table(&table)
}

fn gives(rule: &Rule) -> String {
    let label = rule.label.as_ref().map(|it| match it.as_str() {
        "none" => "no label".to_owned(),
        word => format!("label {word}"),
    });
    let protected = rule
        .protected
        .map(|it| if it { "protected" } else { "not protected" });
    let hidden = rule.hidden.map(|it| if it { "hidden" } else { "shown" });
    let words = [
        label,
        protected.map(str::to_owned),
        hidden.map(str::to_owned),
    ];
    words.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn export(run: &Run, words: &LabelExport) -> Result<()> {
    let text = run.daypass.export_looks();
    let Some(path) = &words.file else {
        return run.screen.data(text.as_bytes());
    };
    let written = std::path::absolute(path)
        .and_then(|path| files::replace(&path, text.as_bytes(), Mode::Keep));
    written.map_err(|error| {
        let message = format!("{} could not be written", path.display());
        Error::new(Code::StorageFailed, message).because(error)
    })?;
    run.screen.say(&format!("{} is written.", path.display()));
    Ok(())
}

async fn import(run: &Run, words: LabelImport) -> Result<()> {
    let text = read(&words)?;
    let into = match words.replace {
        true => Into::Replace,
        false => Into::Merge,
    };
    let taken = run.daypass.import_looks(&text, into).await?;
    if run.screen.is_json() {
        return run.screen.document(&json::Taken::of(&taken));
    }
    told(&taken).iter().for_each(|it| run.screen.say(it));
    if taken.unprotected > 0 {
        run.screen.insist(&match taken.unprotected {
            1 => "1 assignment no longer asks before it is opened.".to_owned(),
            number => format!("{number} assignments no longer ask before they are opened."),
        });
    }
    Ok(())
}

fn read(words: &LabelImport) -> Result<String> {
    let failed = |error: std::io::Error| {
        let message = format!("{} could not be read", words.file.display());
        Error::new(Code::StorageFailed, message).because(error)
    };
    let source: Box<dyn Read> = match words.file.to_str() {
        Some("-") => Box::new(std::io::stdin()),
        _ => Box::new(std::fs::File::open(&words.file).map_err(failed)?),
    };
    let mut bytes = Vec::new();
    source
        .take(LARGEST)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    String::from_utf8(bytes).map_err(|_| {
        let message = format!("{} is not UTF-8 text", words.file.display());
        Error::new(Code::Usage, message).with_hint("see what `daypass label export` writes")
    })
}

fn told(taken: &ImportedLooks) -> Vec<String> {
    let kinds = [
        ("label", taken.labels),
        ("rule", taken.rules),
        ("choice", taken.choices),
        ("pin", taken.pins),
    ];
    let mut told: Vec<String> = kinds
        .iter()
        .filter_map(|(what, it)| sentence(what, *it))
        .collect();
    if told.is_empty() {
        told.push("Everything in the file was there already.".to_owned());
    }
    if !taken.unknown_sessions.is_empty() {
        told.push(format!(
            "Not here yet, and waited for: session {}.",
            taken.unknown_sessions.join(", ")
        ));
    }
    told
}

fn sentence(what: &str, count: Count) -> Option<String> {
    let parts = [
        (count.added, "added"),
        (count.changed, "changed"),
        (count.removed, "removed"),
    ];
    let parts = parts.iter().filter(|(number, _)| *number > 0);
    let parts: Vec<String> = parts
        .map(|(number, how)| format!("{} {how}", numbered(*number, what)))
        .collect();
    (!parts.is_empty()).then(|| format!("{}.", parts.join(", ")))
}

fn numbered(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        _ => format!("{number} {what}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_taken_in_is_told() {
        let count = |added, changed, removed| Count {
            added,
            changed,
            removed,
        };
        let taken = ImportedLooks {
            labels: count(0, 0, 0),
            rules: count(1, 0, 2),
            choices: count(3, 1, 0),
            pins: count(0, 0, 0),
            unprotected: 0,
            unknown_sessions: vec!["old".into()],
        };
        let expected = [
            "1 rule added, 2 rules removed.",
            "3 choices added, 1 choice changed.",
            "Not here yet, and waited for: session old.",
        ];
        assert_eq!(told(&taken), expected);
    }

    #[test]
    fn what_a_rule_gives() {
        let rule = Rule {
            label: Some("none".into()),
            protected: Some(false),
            hidden: Some(true),
            ..Rule::default()
        };
        assert_eq!(gives(&rule), "no label, not protected, hidden");
    }
}
