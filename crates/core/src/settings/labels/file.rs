//! `[[labels]]` and `[[rules]]` in the file: read with the line of what is wrong, and written so that
//! comments, order and unknown keys of what stays are kept.

use toml_edit::{Array, ArrayOfTables, InlineTable, Item, Table, TableLike, Value, value};

use super::entry::{Entry, Reader};
use super::{Label, Rule, Where, check_number, fault};
use crate::Result;
use crate::settings::{Opening, ProfileKeys};

const LABELS: &str = "labels";
const RULES: &str = "rules";

/// What the file holds of both.
///
/// # Errors
/// The reader's code, with the line.
pub(crate) fn read(reader: &Reader<'_>, root: &Table) -> Result<(Vec<Label>, Vec<Rule>)> {
    read_with(reader, root, &[])
}

/// The same, where rules may also give labels that stand elsewhere.
///
/// # Errors
/// As of `read`.
pub(in crate::settings) fn read_with(
    reader: &Reader<'_>,
    root: &Table,
    given: &[Label],
) -> Result<(Vec<Label>, Vec<Rule>)> {
    let (of_labels, of_rules) = (reader.entries(root, LABELS)?, reader.entries(root, RULES)?);
    check_number(of_rules.len()).map_err(|error| reader.fault(None, error.message()))?;
    let labels = of_labels
        .iter()
        .map(read_label)
        .collect::<Result<Vec<_>>>()?;
    let rules = of_rules.iter().map(read_rule).collect::<Result<Vec<_>>>()?;
    match fault(&labels, given, &rules) {
        None => Ok((labels, rules)),
        Some((Where::Label(index), error)) => Err(of_labels[index].refused(&error)),
        Some((Where::Rule(index), error)) => Err(of_rules[index].refused(&error)),
        Some((Where::Nowhere, error)) => Err(reader.fault(None, error.message())),
    }
}

fn read_label(entry: &Entry<'_>) -> Result<Label> {
    let shape = entry.needs("shape")?.parse();
    let colour = entry.needs("colour")?.parse();
    Ok(Label {
        word: entry.needs("word")?,
        shape: shape.map_err(|error| entry.refused(&error))?,
        colour: colour.map_err(|error| entry.refused(&error))?,
        protected: entry.flag("protected")?.unwrap_or(false),
        opens: Opening::read(entry)?,
    })
}

fn read_rule(entry: &Entry<'_>) -> Result<Rule> {
    Ok(Rule {
        session: entry.text("session")?,
        account: entry.text("account")?,
        role: entry.text("role")?,
        label: entry.text("label")?,
        protected: entry.flag("protected")?,
        hidden: entry.flag("hidden")?,
        opens: Opening::read(entry)?,
        profile: ProfileKeys::read(entry)?,
    })
}

/// The keys of a label, as they are written.
pub(crate) fn label_keys(label: &Label) -> Vec<(&'static str, Option<Value>)> {
    let keys = [
        ("word", Some(label.word.as_str().into())),
        ("shape", Some(label.shape.name().into())),
        ("colour", Some(label.colour.name().into())),
        ("protected", label.protected.then(|| true.into())),
    ];
    keys.into_iter().chain(label.opens.keys()).collect()
}

/// The keys of a rule, as they are written.
pub(crate) fn rule_keys(rule: &Rule) -> Vec<(&'static str, Option<Value>)> {
    let text = |text: &Option<String>| text.as_deref().map(Value::from);
    let keys = [
        ("session", text(&rule.session)),
        ("account", text(&rule.account)),
        ("role", text(&rule.role)),
        ("label", text(&rule.label)),
        ("protected", rule.protected.map(Value::from)),
        ("hidden", rule.hidden.map(Value::from)),
    ];
    let further = rule.opens.keys().into_iter().chain(rule.profile.keys());
    keys.into_iter().chain(further).collect()
}

/// Puts the new ones in the place of the old ones.
pub(in crate::settings) fn write(
    root: &mut Table,
    old: (&[Label], &[Rule]),
    new: (&[Label], &[Rule]),
) {
    if old.0 != new.0 {
        let same = |a: &Label, b: &Label| super::is_same(&a.word, &b.word);
        put(root, LABELS, old.0, new.0, same, label_keys);
    }
    if old.1 != new.1 {
        put(root, RULES, old.1, new.1, |a, b| a == b, rule_keys);
    }
}

/// A session has another name: the rules about it follow.
pub(in crate::settings) fn rename_session(root: &mut Table, old: &str, new: &str) {
    rename_session_in(root, RULES, old, new);
}

/// The same for entries of any kind that name a session.
pub(in crate::settings) fn rename_session_in(root: &mut Table, kind: &str, old: &str, new: &str) {
    let change = |table: &mut dyn TableLike| {
        let session = table.get_mut("session").and_then(Item::as_value_mut);
        if let Some(it) = session.filter(|it| it.as_str() == Some(old)) {
            let decor = it.decor().clone();
            *it = Value::from(new);
            *it.decor_mut() = decor;
        }
    };
    match root.get_mut(kind) {
        Some(Item::ArrayOfTables(tables)) => tables.iter_mut().for_each(|it| change(it)),
        Some(Item::Value(Value::Array(array))) => array
            .iter_mut()
            .filter_map(Value::as_inline_table_mut)
            .for_each(|it| change(it)),
        _ => {}
    }
}

/// For each new entry, which old one it continues: the same one, else one in its place that nobody
/// else continues.
fn continued<T>(old: &[T], new: &[T], same: impl Fn(&T, &T) -> bool) -> Vec<Option<usize>> {
    let mut taken = vec![false; old.len()];
    let mut from: Vec<Option<usize>> = new
        .iter()
        .map(|it| {
            let found = (0..old.len()).find(|at| !taken[*at] && same(&old[*at], it))?;
            taken[found] = true;
            Some(found)
        })
        .collect();
    if old.len() == new.len() {
        for (index, from) in from.iter_mut().enumerate() {
            if from.is_none() && !taken[index] {
                (*from, taken[index]) = (Some(index), true);
            }
        }
    }
    from
}

pub(in crate::settings) type Keys = Vec<(&'static str, Option<Value>)>;

/// Puts new entries of a kind in the place of old ones.
pub(in crate::settings) fn put<T: PartialEq>(
    root: &mut Table,
    kind: &str,
    old: &[T],
    new: &[T],
    same: impl Fn(&T, &T) -> bool,
    keys: impl Fn(&T) -> Keys,
) {
    let from = continued(old, new, same);
    let entries = from.iter().zip(new).map(|(from, it)| {
        let stays = from.is_some_and(|at| old[at] == *it);
        (*from, if stays { Vec::new() } else { keys(it) })
    });
    let entries: Vec<(Option<usize>, Keys)> = entries.collect();
    let item = match root.remove(kind) {
        Some(Item::Value(Value::Array(array))) => {
            Item::Value(Value::Array(inline(&array, entries)))
        }
        Some(Item::ArrayOfTables(tables)) => Item::ArrayOfTables(tables_of(&tables, entries)),
        _ => Item::ArrayOfTables(tables_of(&ArrayOfTables::new(), entries)),
    };
    let is_empty = match &item {
        Item::ArrayOfTables(tables) => tables.is_empty(),
        Item::Value(Value::Array(array)) => array.is_empty(),
        _ => false,
    };
    if !is_empty {
        root.insert(kind, item);
    }
}

/// The tables in their new order, at the places in the file where such tables stood before.
fn tables_of(old: &ArrayOfTables, entries: Vec<(Option<usize>, Keys)>) -> ArrayOfTables {
    let old: Vec<&Table> = old.iter().collect();
    let mut places: Vec<isize> = old.iter().filter_map(|it| it.position()).collect();
    places.sort_unstable();
    let mut tables = ArrayOfTables::new();
    for (index, (from, keys)) in entries.into_iter().enumerate() {
        let mut table = from.map_or_else(Table::new, |at| old[at].clone());
        set(&mut table, keys);
        table.set_position(places.get(index).or(places.last()).copied());
        tables.push(table);
    }
    tables
}

fn inline(old: &Array, entries: Vec<(Option<usize>, Keys)>) -> Array {
    let mut array = old.clone();
    array.clear();
    for (from, keys) in entries {
        let old = from.and_then(|at| old.get(at));
        let mut value = old.cloned().unwrap_or_else(|| InlineTable::new().into());
        if let Some(table) = value.as_inline_table_mut() {
            set(table, keys);
        }
        match old {
            Some(_) => array.push_formatted(value),
            None => array.push(value),
        }
    }
    array
}

fn set(table: &mut dyn TableLike, keys: Keys) {
    for (key, new) in keys {
        match (new, table.get_mut(key).and_then(Item::as_value_mut)) {
            (None, _) => drop(table.remove(key)),
            (Some(new), Some(old)) if new.to_string().trim() == old.to_string().trim() => {}
            (Some(new), Some(old)) => {
                let decor = old.decor().clone();
                *old = new;
                *old.decor_mut() = decor;
            }
            (Some(new), None) => drop(table.insert(key, value(new))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Code;
    use crate::settings::labels::{Colour, Shape};
    use crate::settings::{Via, Wish};
    use toml_edit::{Document, DocumentMut};

    fn reader(source: &str) -> Reader<'_> {
        Reader {
            file: "f",
            code: Code::SettingsBroken,
            source,
        }
    }

    fn of(text: &str) -> Result<(Vec<Label>, Vec<Rule>)> {
        let document = Document::parse(text).unwrap();
        read(&reader(text), document.as_table())
    }

    /// The file after its rules and labels were changed.
    fn changed(text: &str, change: impl FnOnce(&mut Vec<Label>, &mut Vec<Rule>)) -> String {
        let (labels, rules) = of(text).unwrap();
        let (mut new_labels, mut new_rules) = (labels.clone(), rules.clone());
        change(&mut new_labels, &mut new_rules);
        let mut document: DocumentMut = text.parse().unwrap();
        let new = (&new_labels[..], &new_rules[..]);
        write(document.as_table_mut(), (&labels, &rules), new);
        let after = document.to_string();
        assert_eq!(of(&after).unwrap(), (new_labels, new_rules), "{after}");
        after
    }

    const TABLES: &str = "\
# mine
version = 1

# the customers
[[labels]] # first
word = \"customer\"
shape = \"bar\"
colour = \"blue\" # like the logo
since = 2024

# everything that earns money
[[rules]]
account = '*prod*' # glob
label = \"prod\"

# but not this
[[rules]]
account = \"999999999999\"
protected = false
why = \"a test\"

[sessions.work]
region = \"x\"
";

    fn rule(account: &str) -> Rule {
        Rule {
            account: Some(account.into()),
            hidden: Some(true),
            ..Rule::default()
        }
    }

    #[test]
    fn rules_change_places_with_their_comments() {
        let after = changed(TABLES, |_, rules| rules.swap(0, 1));
        let but = after.find("# but not this\n[[rules]]").unwrap();
        assert!(
            after.find("# everything that earns money").unwrap() > but,
            "{after}"
        );
        assert_eq!(after.len(), TABLES.len(), "{after}");
        assert_eq!(changed(&after, |_, rules| rules.swap(0, 1)), TABLES);
    }

    #[test]
    fn what_stays_keeps_comments_and_unknown_keys() {
        let after = changed(TABLES, |labels, rules| {
            labels[0].shape = Shape::RingDot;
            labels[0].protected = true;
            rules.insert(0, rule("*x*"));
            rules.push(rule("*y*"));
        });
        for line in TABLES.lines().filter(|it| !it.contains("shape")) {
            assert!(after.contains(line), "lost {line}:\n{after}");
        }
        let after = changed(&after, |labels, rules| {
            labels.clear();
            rules.retain(|it| it.hidden.is_none());
            rules[0].session = Some("work".into());
        });
        assert!(
            after.contains("why = \"a test\"") && !after.contains("[[labels]]"),
            "{after}"
        );
        let emptied = changed(&after, |_, rules| rules.clear());
        assert!(
            emptied.contains("[sessions.work]") && !emptied.contains("rules"),
            "{emptied}"
        );
    }

    #[test]
    fn lists_in_one_line_stay_so() {
        let text = "rules = [\n  # why\n  { account = \"a\", hidden = true }, # x\n]\n";
        let after = changed(text, |_, rules| rules.push(rule("b")));
        assert!(
            after.contains("# why") && after.contains("{ account = \"b\""),
            "{after}"
        );
        let after = changed(&after, |_, rules| rules.swap(0, 1));
        assert!(after.contains("# why"), "{after}");
    }

    #[cfg(unix)]
    #[test]
    fn browsers_stand_in_labels_and_rules_as_text_or_command() {
        let text = "[[labels]]\nword = \"prod\"\nshape = \"square\"\ncolour = \"red\"\n\
                    browser = \"chrome:Prod\" # the red one\n\
                    [[rules]]\naccount = \"*x*\"\nbrowser = [\"/opt/b\", \"{url}\"]\n\
                    [[rules]]\nconsole_via = \"portal\"\nbrowser = \"default\"\n";
        let (labels, rules) = of(text).unwrap();
        let browser = |opens: &Opening| opens.browser.as_ref().map(ToString::to_string);
        assert_eq!(browser(&labels[0].opens).unwrap(), "chrome:Prod");
        assert_eq!(browser(&rules[0].opens).unwrap(), "/opt/b {url}");
        assert_eq!(browser(&rules[1].opens).unwrap(), "default");
        assert_eq!(rules[1].opens.via, Some(Via::Portal));
        let after = changed(text, |labels, rules| {
            labels[0].opens.browser = Some(Wish::parse("edge+private").unwrap());
            rules[0].opens = rules[1].opens.clone();
            rules[1].opens.browser = Some(Wish::parse("/opt/c --new {url}").unwrap());
        });
        assert!(
            after.contains("browser = \"edge+private\" # the red one"),
            "{after}"
        );
        assert!(
            after.contains("[\"/opt/c\", \"--new\", \"{url}\"]"),
            "{after}"
        );
    }

    #[test]
    fn a_renamed_session_is_followed() {
        let text = "[[rules]]\nsession = \"old\" # of the office\nhidden = true\n\
                    [[rules]]\nsession = \"older\"\nhidden = true\n";
        let mut document: DocumentMut = text.parse().unwrap();
        rename_session(document.as_table_mut(), "old", "new");
        assert_eq!(document.to_string(), text.replace("\"old\"", "\"new\""));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let many = "[[rules]]\nhidden = true\n".repeat(501);
        for (text, line, words) in [
            ("x = 1\nrules = 3\n", "line 2", "not a list"),
            ("\n[[rules]]\nhidden = 3\n", "line 2", "`hidden`"),
            (
                "[[rules]]\naccount = 3\nhidden = true\n",
                "line 1",
                "`account`",
            ),
            ("[[rules]]\naccount = \"*\"\n", "line 1", "gives"),
            (
                "[[rules]]\nhidden = true\n[[rules]]\nlabel = \"nope\"\n",
                "line 3",
                "`nope`",
            ),
            (
                "[[rules]]\nhidden = true\naccount = \"a\\nb\"\n",
                "line 1",
                "U+000A",
            ),
            ("[[labels]]\nword = \"x\"\n", "line 1", "`shape`"),
            (
                "[[labels]]\nword = \"x\"\nshape = \"cube\"\ncolour = \"red\"\n",
                "line 1",
                "cube",
            ),
            (
                "[[labels]]\nword = \"x\"\nshape = \"square\"\ncolour = \"red\"\n",
                "line 1",
                "`prod`",
            ),
            (
                "[[rules]]\nhidden = true\nbrowser = [\"firefox\", \"{url}\"]\n",
                "line 1",
                "whole path",
            ),
            (
                "[[rules]]\nbrowser = \"edge+private\"\nconsole_via = \"door\"\n",
                "line 1",
                "`console_via`",
            ),
            (
                "[[rules]]\nregion = \"Frankfurt\"\n",
                "line 1",
                "not a Region",
            ),
            ("[[rules]]\noutput = \"xml\"\n", "line 1", "not an output"),
            ("labels = [\n 3,\n]\n", "line 2", "not a table"),
            (&many, "f:", "501 rules"),
        ] {
            let error = of(text).unwrap_err();
            let message = error.message();
            assert!(
                message.contains(line) && message.contains(words),
                "{text}: {message}"
            );
        }
        let label = Label {
            word: "x".into(),
            shape: Shape::Bar,
            colour: Colour::Grey,
            protected: false,
            opens: Opening::default(),
        };
        let text = "[[labels]]\nword = \"x\"\nshape = \"bar\"\ncolour = \"grey\"\n";
        assert_eq!(of(text).unwrap(), (vec![label], vec![]));
    }
}
