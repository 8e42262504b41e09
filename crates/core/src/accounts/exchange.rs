//! Pins, aliases, labels and rules as one readable file, to keep or to hand to a colleague. What is
//! read back is checked as a whole before anything of it is used. Pure.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use toml_edit::{ArrayOfTables, Document, DocumentMut, Item, Table, Value, value};

use super::labels::{Label, NONE, Rule, Subject, check_text};
use super::marks::{Choice, Marks};
use super::{Assignment, Lists, is_account_id};
use crate::settings::labels::{
    self, Entry, Reader, check_given, check_role, is_same, label_keys, on_one_line, read, rule_keys,
};
use crate::settings::{BROWSER, Opening, VIA, check_name};
use crate::{Code, Error, Result};

/// The newest form of the file that this version knows.
const VERSION: i64 = 1;
/// A larger file is none of ours.
const BYTES: usize = 4 * 1024 * 1024;
/// So many entries of each kind are taken.
const ENTRIES: usize = 20_000;
/// So many pins.
const PINS: usize = 1_000;
/// So much of an account's name stands beside its id.
const NAME: usize = 60;

const HEAD: &str = "\
# How Daypass shows accounts and permission sets: pins, aliases, labels, rules.
# Take it in with `daypass label import FILE`; what is not named here stays as it is.

";
const KINDS: [(&str, &str); 5] = [
    (
        "labels",
        "# Labels: a word, a shape that no other has, a colour, and whether it protects.\n",
    ),
    (
        "rules",
        "# Rules, in order: the last one that says something wins.\n",
    ),
    (
        "accounts",
        "# Choices for one account; they beat the rules.\n",
    ),
    (
        "assignments",
        "# Choices for one permission set of an account.\n",
    ),
    ("pins", "# Pins, in order.\n"),
];

/// Everything that such a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Labels of the user's own.
    pub labels: Vec<Label>,
    /// Rules, in order.
    pub rules: Vec<Rule>,
    /// Choices for accounts and assignments.
    pub choices: Vec<(Subject, Choice)>,
    /// Pins, in order.
    pub pins: Vec<Assignment>,
}

/// What became of the entries of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// New ones.
    pub added: usize,
    /// Ones that were there and are another now.
    pub changed: usize,
    /// Ones that are gone.
    pub removed: usize,
}

/// What happens to what is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intake {
    /// It stays, as far as the file says nothing else.
    Merge,
    /// It goes.
    Replace,
}

impl Written {
    /// What is kept now, but for what no portal of AWS can have, and for commands that open a browser:
    /// they would not be read back.
    pub fn of(labels: &[Label], rules: &[Rule], marks: &Marks) -> Written {
        let labels = labels.iter().map(|it| Label {
            opens: it.opens.portable(),
            ..it.clone()
        });
        let rules = rules.iter().map(portable);
        let choices = marks.chosen().map(|(subject, it)| {
            let opens = it.opens.portable();
            (
                subject,
                Choice {
                    opens,
                    ..it.clone()
                },
            )
        });
        Written {
            labels: labels.collect(),
            rules: rules.filter(|it| it.check().is_ok()).collect(),
            choices: choices
                .filter(|(it, _)| it.role().is_none_or(|role| check_role(role).is_ok()))
                .filter(|(_, choice)| *choice != Choice::default())
                .collect(),
            pins: marks
                .pinned()
                .filter(|it| check_role(&it.role).is_ok())
                .take(PINS)
                .cloned()
                .collect(),
        }
    }

    /// The file; accounts stand with their names as remarks, where `lists` knows them.
    pub fn to_text(&self, lists: &Lists) -> String {
        let (accounts, assignments): (Vec<_>, Vec<_>) =
            self.choices.iter().partition(|(it, _)| it.role().is_none());
        let chosen = |it: &&(Subject, Choice)| (choice_keys(&it.0, &it.1), remark(lists, &it.0));
        let pin = |it: &Assignment| {
            let subject = Subject::Assignment(it.clone());
            (subject_keys(&subject), remark(lists, &subject))
        };
        let none = String::new;
        let entries: [Vec<(Keys, String)>; 5] = [
            self.labels
                .iter()
                .map(|it| (label_keys(it), none()))
                .collect(),
            self.rules
                .iter()
                .map(|it| (rule_keys(it), none()))
                .collect(),
            accounts.iter().map(chosen).collect(),
            assignments.iter().map(chosen).collect(),
            self.pins.iter().map(pin).collect(),
        ];
        let mut document = DocumentMut::new();
        document.insert("version", value(VERSION));
        for ((kind, about), entries) in KINDS.into_iter().zip(entries) {
            put(&mut document, kind, about, entries);
        }
        format!("{HEAD}{document}")
    }

    /// Reads a file.
    ///
    /// # Errors
    /// `Usage` with the line of the first fault.
    pub fn read(text: &str) -> Result<Written> {
        let reader = Reader {
            file: "the file",
            code: Code::Usage,
            source: text,
        };
        if text.len() > BYTES {
            return Err(reader.fault(None, "it is larger than 4 MiB"));
        }
        let document = Document::parse(text).map_err(|error| reader.not_toml(&error))?;
        let root = document.as_table();
        check_root(&reader, root)?;
        check_keys(&reader, root)?;
        let (labels, rules) = read(&reader, root)?;
        Ok(Written {
            labels,
            rules,
            choices: read_choices(&reader, root)?,
            pins: read_pins(&reader, root)?,
        })
    }

    /// Every session that it names.
    pub fn sessions(&self) -> impl Iterator<Item = &str> {
        let choices = self.choices.iter().map(|(it, _)| it.session());
        choices.chain(self.pins.iter().map(|it| it.session.as_str()))
    }

    /// Whether every choice gives a label that there is.
    ///
    /// # Errors
    /// `Usage` with the first that does not.
    pub fn check_given(&self, own: &[Label]) -> Result<()> {
        let all = labels::all(own);
        let given = self
            .choices
            .iter()
            .filter_map(|(_, choice)| choice.label.as_deref());
        let known = |word: &str| word == NONE || all.iter().any(|it| is_same(&it.word, word));
        let mut unknown = given.filter(|word| !known(word));
        unknown
            .next()
            .map_or(Ok(()), |word| Err(labels::unknown_label(word)))
    }

    /// The labels and rules that there are after this was taken in: a label is defined anew, a rule
    /// that is not there yet comes last, where it wins.
    pub fn settle(
        &self,
        labels: &mut Vec<Label>,
        rules: &mut Vec<Rule>,
        into: Intake,
    ) -> (Count, Count) {
        let (mut of_labels, mut of_rules) = (Count::default(), Count::default());
        if into == Intake::Replace {
            of_labels.removed = labels
                .extract_if(.., |it| {
                    !self.labels.iter().any(|new| is_same(&new.word, &it.word))
                })
                .count();
            of_rules.added = self.rules.iter().filter(|it| !rules.contains(it)).count();
            of_rules.removed = rules.iter().filter(|it| !self.rules.contains(it)).count();
            rules.clone_from(&self.rules);
        }
        for label in &self.labels {
            match labels.iter_mut().find(|it| is_same(&it.word, &label.word)) {
                Some(known) if known == label => {}
                Some(known) => {
                    let before = known.clone();
                    known.clone_from(label);
                    if into == Intake::Merge {
                        known.opens = label.opens.clone().or(before.opens.clone());
                    }
                    of_labels.changed += usize::from(*known != before);
                }
                None => {
                    labels.push(label.clone());
                    of_labels.added += 1;
                }
            }
        }
        for rule in &self.rules {
            // A rule that was written here without its command is the same rule.
            let same = |it: &Rule| it == rule || portable(it) == *rule;
            if !rules.iter().any(same) {
                rules.push(rule.clone());
                of_rules.added += 1;
            }
        }
        (of_labels, of_rules)
    }

    /// The same for choices and pins: what the file says of a choice is taken, what it does not say
    /// stays; pins that are new come last.
    pub fn mark(&self, marks: &mut Marks, into: Intake) -> (Count, Count) {
        let before = marks.clone();
        let (mut of_choices, mut of_pins) = (Count::default(), Count::default());
        if into == Intake::Replace {
            marks.choose_nothing();
            let named: BTreeSet<&Subject> = self.choices.iter().map(|(it, _)| it).collect();
            of_choices.removed = before
                .chosen()
                .filter(|(it, _)| !named.contains(it))
                .count();
            of_pins.removed = before.pinned().filter(|it| !self.pins.contains(it)).count();
            marks.order_pins(&self.pins);
        }
        for (subject, choice) in &self.choices {
            let (old, known) = (before.choice(subject), marks.choice(subject));
            let new = merged(known, choice);
            match old == Choice::default() {
                true => of_choices.added += 1,
                false => of_choices.changed += usize::from(old != new),
            }
            marks.choose(subject, new);
        }
        for pin in &self.pins {
            of_pins.added += usize::from(!before.of(pin).pinned);
            marks.pin(pin, true);
        }
        (of_choices, of_pins)
    }
}

fn portable(rule: &Rule) -> Rule {
    Rule {
        opens: rule.opens.portable(),
        ..rule.clone()
    }
}

fn merged(known: Choice, new: &Choice) -> Choice {
    Choice {
        alias: new.alias.clone().or(known.alias),
        label: new.label.clone().or(known.label),
        protected: new.protected.or(known.protected),
        hidden: new.hidden.or(known.hidden),
        opens: new.opens.clone().or(known.opens),
    }
}

type Keys = Vec<(&'static str, Option<Value>)>;

fn subject_keys(subject: &Subject) -> Keys {
    vec![
        ("session", Some(subject.session().into())),
        ("account", Some(subject.account_id().into())),
        ("role", subject.role().map(Value::from)),
    ]
}

fn choice_keys(subject: &Subject, choice: &Choice) -> Keys {
    let text = |text: &Option<String>| text.as_deref().map(Value::from);
    let mut keys = subject_keys(subject);
    keys.extend([
        ("alias", text(&choice.alias)),
        ("label", text(&choice.label)),
        ("protected", choice.protected.map(Value::from)),
        ("hidden", choice.hidden.map(Value::from)),
    ]);
    keys.extend(choice.opens.keys());
    keys
}

/// The name of the account, as a remark: it is another's text, and stays on its line.
fn remark(lists: &Lists, subject: &Subject) -> String {
    let list = lists.get(subject.session());
    let account = list.and_then(|it| it.account(subject.account_id()));
    let name = account.and_then(|it| it.name.as_deref());
    name.map_or_else(String::new, |it| format!(" # {}", on_one_line(it, NAME)))
}

fn put(document: &mut DocumentMut, kind: &str, about: &str, entries: Vec<(Keys, String)>) {
    let mut tables = ArrayOfTables::new();
    for (index, (keys, remark)) in entries.into_iter().enumerate() {
        let mut table = Table::new();
        for (key, new) in keys {
            if let Some(mut new) = new {
                if key == "account" {
                    new.decor_mut().set_suffix(&remark);
                }
                table.insert(key, Item::Value(new));
            }
        }
        if index == 0 {
            table.decor_mut().set_prefix(format!("\n{about}"));
        }
        tables.push(table);
    }
    if !tables.is_empty() {
        document.insert(kind, Item::ArrayOfTables(tables));
    }
}

fn check_root(reader: &Reader<'_>, root: &Table) -> Result<()> {
    let known = |key: &str| key == "version" || KINDS.iter().any(|(kind, _)| *kind == key);
    if let Some((key, _)) = root.iter().find(|(key, _)| !known(key)) {
        let key = on_one_line(key, NAME);
        return Err(reader.fault(None, &format!("`{key}` is not known here")));
    }
    match root.get("version").and_then(Item::as_integer) {
        Some(VERSION) => Ok(()),
        Some(other) => {
            let message = format!("it has version {other}; this Daypass knows version {VERSION}");
            Err(reader.fault(None, &message))
        }
        None => Err(reader
            .fault(None, "it is not such a file: `version = 1` is missing")
            .with_hint("see what `daypass label export` writes")),
    }
}

/// A slip of the pen is not passed over in silence.
fn check_keys(reader: &Reader<'_>, root: &Table) -> Result<()> {
    const KNOWN: [(&str, &[&str]); 5] = [
        ("labels", &["word", "shape", "colour", "protected"]),
        (
            "rules",
            &["session", "account", "role", "label", "protected", "hidden"],
        ),
        (
            "accounts",
            &[
                "session",
                "account",
                "alias",
                "label",
                "protected",
                "hidden",
            ],
        ),
        (
            "assignments",
            &["session", "account", "role", "label", "protected", "hidden"],
        ),
        ("pins", &["session", "account", "role"]),
    ];
    const OPENS: [&str; 2] = [BROWSER, VIA];
    for (kind, keys) in KNOWN {
        let entries = reader.entries(root, kind)?;
        if entries.len() > ENTRIES {
            let message = format!("there are more than {ENTRIES} entries of `{kind}`");
            return Err(reader.fault(None, &message));
        }
        let opens = if kind == "pins" { &[][..] } else { &OPENS };
        let keys = [keys, opens].concat();
        entries.iter().try_for_each(|it| it.only(&keys))?;
        // No command comes with a file that somebody else may have written.
        for entry in &entries {
            Opening::read_foreign(entry)?;
        }
    }
    Ok(())
}

fn read_choices(reader: &Reader<'_>, root: &Table) -> Result<Vec<(Subject, Choice)>> {
    let accounts = reader.entries(root, "accounts")?;
    let assignments = reader.entries(root, "assignments")?;
    let mut choices = Vec::new();
    for entry in accounts.iter().chain(&assignments) {
        let checked = |text: Option<String>, check: &dyn Fn(&str) -> Result<()>| {
            text.as_deref()
                .map_or(Ok(()), check)
                .map_err(|error| entry.refused(&error))?;
            Ok::<_, Error>(text)
        };
        let choice = Choice {
            alias: checked(entry.text("alias")?, &|it| check_text("`alias`", it))?,
            label: checked(entry.text("label")?, &check_given)?,
            protected: entry.flag("protected")?,
            hidden: entry.flag("hidden")?,
            opens: Opening::read_foreign(entry)?,
        };
        if choice == Choice::default() {
            return Err(entry.wrong("it chooses nothing"));
        }
        choices.push((subject(entry, entry.kind() == "assignments")?, choice));
    }
    Ok(choices)
}

fn read_pins(reader: &Reader<'_>, root: &Table) -> Result<Vec<Assignment>> {
    let entries = reader.entries(root, "pins")?;
    if entries.len() > PINS {
        return Err(reader.fault(None, &format!("there are more than {PINS} pins")));
    }
    let mut pins = Vec::new();
    for entry in &entries {
        if let Subject::Assignment(pin) = subject(entry, true)? {
            if pins.contains(&pin) {
                return Err(entry.wrong("it is pinned twice"));
            }
            pins.push(pin);
        }
    }
    Ok(pins)
}

fn subject(entry: &Entry<'_>, of_a_role: bool) -> Result<Subject> {
    let (session, account_id) = (entry.needs("session")?, entry.needs("account")?);
    check_name(&session).map_err(|error| entry.refused(&error))?;
    if !is_account_id(&account_id) {
        return Err(entry.wrong("`account` is not an id of 12 digits"));
    }
    if !of_a_role {
        return Ok(Subject::Account {
            session,
            account_id,
        });
    }
    let role = entry.needs("role")?;
    check_role(&role).map_err(|error| entry.refused(&error))?;
    Ok(Subject::Assignment(Assignment {
        session,
        account_id,
        role,
    }))
}
