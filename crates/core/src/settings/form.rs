//! Which keys there are, what each may be and what it is for: unknown keys are found by it, and the
//! published schema is made of it.

use serde_json::{Map, Value as Json, json};
use toml_edit::{Item, Table, TableLike, Value};

use super::OUTPUTS;
use super::labels::{Reader, on_one_line};
use super::remarks::{Kind, Remark};

/// What may stand under a key.
#[derive(Clone, Copy, Debug)]
enum Form {
    Flag,
    Number(i64, i64),
    Text,
    /// A list of texts of this form, as a regular expression.
    Like(&'static str),
    OneOf(&'static [&'static str]),
    Texts,
    /// A text, or a command as a list of texts.
    Wish,
    /// Up to two numbers of minutes.
    Minutes,
    /// One table with these keys.
    Group(&'static [Key]),
    /// Tables with these keys, each under a name of its own.
    Named(&'static [Key]),
    /// A list of tables with these keys.
    Entries(&'static [Key]),
}

/// A key.
#[derive(Clone, Copy, Debug)]
struct Key {
    name: &'static str,
    form: Form,
    about: &'static str,
}

const fn key(name: &'static str, form: Form, about: &'static str) -> Key {
    Key { name, form, about }
}

const VIA: Form = Form::OneOf(&["federation", "portal"]);
const SPAN: &str = r"^((Mon|Tue|Wed|Thu|Fri|Sat|Sun)(-(Mon|Tue|Wed|Thu|Fri|Sat|Sun))? )?[0-9]{1,2}:[0-9]{2}-[0-9]{1,2}:[0-9]{2}$";

const ROOT: &[Key] = &[
    key("version", Form::Number(1, 1), "The form of this file."),
    key(
        "locked",
        Form::Texts,
        "In an organisation's file: what its users cannot set otherwise, as `table.key`, `sessions`, `sessions.NAME`, `labels`, `rules` or `terminal`.",
    ),
    key(
        "terminal",
        Form::Texts,
        "The terminal that \"Open a terminal here\" starts: its whole path, and what stands before the command.",
    ),
    key(
        "sessions",
        Form::Named(SESSION),
        "Access portals, each under the name of its session.",
    ),
    key("notices", Form::Group(NOTICES), "Notifications."),
    key(
        "appearance",
        Form::Group(APPEARANCE),
        "How the panel looks.",
    ),
    key("panel", Form::Group(PANEL), "How the panel is reached."),
    key(
        "profiles",
        Form::Group(PROFILES),
        "What new CLI profiles say, where nothing else is asked for.",
    ),
    key(
        "network",
        Form::Group(NETWORK),
        "The way to AWS, where the environment says nothing of it.",
    ),
    key(
        "labels",
        Form::Entries(LABEL),
        "Labels of your own, or built-in ones defined anew.",
    ),
    key(
        "rules",
        Form::Entries(RULE),
        "What rows get that fit all conditions; the last rule that says something counts.",
    ),
    key(
        "chains",
        Form::Entries(CHAIN),
        "Roles that are assumed from an assignment, each a row of its own.",
    ),
];

const SESSION: &[Key] = &[
    key("start_url", Form::Text, "The address of the access portal."),
    key("region", Form::Text, "Its Region."),
    key(
        "storage",
        Form::OneOf(&["keychain", "shared"]),
        "Where its secrets rest: the system's keychain, or AWS's own token cache.",
    ),
    key(
        "storage_chosen",
        Form::Flag,
        "Whether you were asked about that; if not, the first CLI profile asks.",
    ),
    key(
        "length_seconds",
        Form::Number(1, i64::MAX),
        "How long a sign-in lasts in your organisation, which AWS does not tell.",
    ),
    key(
        "allow_custom_portal",
        Form::Flag,
        "Whether an address outside of AWS is right.",
    ),
    key(
        "sign_in_browser",
        Form::Wish,
        "The browser for its sign-ins: `firefox`, `chrome:Work`, or a command as a list with `{url}` in it.",
    ),
    key(
        "console_browser",
        Form::Wish,
        "The browser for its consoles.",
    ),
    key(
        "console_via",
        VIA,
        "How its consoles open: by a link that signs in, or by the access portal.",
    ),
];

const NOTICES: &[Key] = &[
    key(
        "warn_minutes",
        Form::Minutes,
        "How many minutes before a sign-in ends you are warned: two numbers, one, or none for no warning.",
    ),
    key(
        "quiet",
        Form::Like(SPAN),
        "Hours in which nothing is told; what still holds is told once, together, after them.",
    ),
    key(
        "muted_until",
        Form::Text,
        "Until when nothing is told, by \"Mute notifications\".",
    ),
];

const APPEARANCE: &[Key] = &[
    key(
        "theme",
        Form::OneOf(&["auto", "light", "dark"]),
        "The colours of the panel; `auto` follows the system.",
    ),
    key(
        "language",
        Form::Text,
        "The language of the panel, such as `de`; `auto` follows the system.",
    ),
];

const PANEL: &[Key] = &[key(
    "hotkey",
    Form::Text,
    "Keys that are to bring the panel up, such as `Ctrl+Shift+Space`.",
)];

const PROFILES: &[Key] = &[
    key(
        "template",
        Form::Text,
        "How their names are built, such as `{account_name}-{role}`.",
    ),
    key(
        "style",
        Form::OneOf(&["sso", "process"]),
        "How tools get credentials, in sessions where both work: AWS's own `sso_session`, or by calling Daypass.",
    ),
    key("region", Form::Text, "Their Region."),
    key("output", Form::OneOf(&OUTPUTS), "Their output format."),
];

const NETWORK: &[Key] = &[
    key(
        "proxy",
        Form::Text,
        "The proxy, such as `http://proxy.example:3128`.",
    ),
    key(
        "no_proxy",
        Form::Text,
        "Hosts that are reached without it, separated by commas.",
    ),
    key(
        "ca_bundle",
        Form::Text,
        "A PEM file of certificates that count beside the system's.",
    ),
];

const LABEL: &[Key] = &[
    key(
        "word",
        Form::Text,
        "The word: at most 24 letters, digits, `-`, `_` and `.`.",
    ),
    key(
        "shape",
        Form::OneOf(&["square", "diamond", "ring", "triangle", "bar", "ring-dot"]),
        "The shape that leads it; no other label has it.",
    ),
    key(
        "colour",
        Form::OneOf(&["red", "amber", "green", "violet", "blue", "grey"]),
        "Its colour.",
    ),
    key(
        "protected",
        Form::Flag,
        "Whether what carries it asks before it opens.",
    ),
    key("browser", Form::Wish, "The browser for its consoles."),
    key("console_via", VIA, "How its consoles open."),
];

const RULE: &[Key] = &[
    key("session", Form::Text, "Only in this session."),
    key(
        "account",
        Form::Text,
        "Only accounts of this id, or of a name that fits this pattern (`*`, `?`).",
    ),
    key(
        "role",
        Form::Text,
        "Only permission sets of a name that fits this pattern.",
    ),
    key(
        "label",
        Form::Text,
        "The label that they get; `none` takes one away.",
    ),
    key(
        "protected",
        Form::Flag,
        "Whether they ask before they open.",
    ),
    key("hidden", Form::Flag, "Whether they are left out of lists."),
    key("browser", Form::Wish, "The browser for their consoles."),
    key("console_via", VIA, "How their consoles open."),
    key("region", Form::Text, "The Region of their CLI profiles."),
    key(
        "output",
        Form::OneOf(&OUTPUTS),
        "The output format of their CLI profiles.",
    ),
];

const CHAIN: &[Key] = &[
    key("name", Form::Text, "Its name."),
    key("session", Form::Text, "The session that it begins in."),
    key(
        "account_id",
        Form::Text,
        "The account of the assignment that it is assumed from.",
    ),
    key("role", Form::Text, "The permission set of that assignment."),
    key(
        "from",
        Form::Text,
        "Or the chained role that it is assumed from.",
    ),
    key("role_arn", Form::Text, "The role."),
    key(
        "external_id",
        Form::Text,
        "The external id that the role asks for.",
    ),
    key(
        "role_session_name",
        Form::Text,
        "The name of the role session.",
    ),
    key(
        "duration_seconds",
        Form::Number(900, 3_600),
        "How long its credentials last.",
    ),
];

/// Keys that are not known: they are kept, and told.
pub(super) fn unknown(reader: &Reader<'_>, root: &Table) -> Vec<Remark> {
    let mut remarks = Vec::new();
    look(reader, root, ROOT, "", &mut remarks);
    remarks
}

fn look(
    reader: &Reader<'_>,
    table: &dyn TableLike,
    keys: &[Key],
    path: &str,
    remarks: &mut Vec<Remark>,
) {
    for (name, item) in table.iter() {
        let Some(key) = keys.iter().find(|it| it.name == name) else {
            let span = table.key(name).and_then(toml_edit::Key::span);
            let nearest = nearest(name, keys)
                .map_or_else(String::new, |it| format!("; did you mean `{it}`?"));
            let shown = on_one_line(&format!("{path}{name}"), 64);
            let message =
                format!("`{shown}` is not known to this version, and has no effect{nearest}");
            remarks.push(Remark::new(
                Kind::Unknown,
                reader.line(span.or(item.span())),
                message,
            ));
            continue;
        };
        let path = format!("{path}{name}.");
        match key.form {
            Form::Group(keys) => within(reader, item, keys, &path, remarks),
            Form::Named(keys) => {
                for (name, item) in item.as_table_like().into_iter().flat_map(|it| it.iter()) {
                    within(reader, item, keys, &format!("{path}{name}."), remarks);
                }
            }
            Form::Entries(keys) => entries(item, |it| look(reader, it, keys, &path, remarks)),
            Form::Flag | Form::Number(..) | Form::Text | Form::Like(_) | Form::OneOf(_) => {}
            Form::Texts | Form::Wish | Form::Minutes => {}
        }
    }
}

fn within(reader: &Reader<'_>, item: &Item, keys: &[Key], path: &str, remarks: &mut Vec<Remark>) {
    if let Some(table) = item.as_table_like() {
        look(reader, table, keys, path, remarks);
    }
}

fn entries(item: &Item, mut each: impl FnMut(&dyn TableLike)) {
    match item {
        Item::ArrayOfTables(tables) => tables.iter().for_each(|it| each(it)),
        Item::Value(Value::Array(array)) => array
            .iter()
            .filter_map(Value::as_inline_table)
            .for_each(|it| each(it)),
        _ => {}
    }
}

/// The known key that was probably meant.
fn nearest(name: &str, keys: &[Key]) -> Option<&'static str> {
    let distances = keys.iter().map(|it| (distance(name, it.name), it.name));
    let (distance, nearest) = distances.min()?;
    (distance <= 2 && name.len() <= 32).then_some(nearest)
}

/// How many letters are to be changed, put in or left out.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(40).enumerate() {
        let mut before = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let change = before + usize::from(x != *y);
            before = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(before + 1);
        }
    }
    row[b.len()]
}

/// Every key, as `table.key`, with `*` for names that users give.
#[cfg(test)]
pub(super) fn places() -> Vec<String> {
    fn below(keys: &[Key], path: &str, places: &mut Vec<String>) {
        for key in keys {
            let path = format!("{path}{}", key.name);
            match key.form {
                Form::Group(keys) | Form::Entries(keys) => below(keys, &format!("{path}."), places),
                Form::Named(keys) => below(keys, &format!("{path}.*."), places),
                _ => places.push(path),
            }
        }
    }
    let mut places = Vec::new();
    below(ROOT, "", &mut places);
    places
}

/// The JSON schema of the file, as it is published.
pub fn schema() -> Json {
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Settings of Daypass",
        "description": "The file settings.toml of a user, or of an organisation. Keys that are not here are kept and have no effect.",
    });
    if let (Some(schema), Json::Object(root)) = (schema.as_object_mut(), of_keys(ROOT)) {
        schema.extend(root);
    }
    schema
}

fn of_keys(keys: &[Key]) -> Json {
    let properties: Map<String, Json> =
        keys.iter().map(|it| (it.name.into(), of_key(it))).collect();
    json!({ "type": "object", "properties": properties })
}

fn of_key(key: &Key) -> Json {
    let mut schema = match key.form {
        Form::Flag => json!({ "type": "boolean" }),
        Form::Number(least, i64::MAX) => json!({ "type": "integer", "minimum": least }),
        Form::Number(least, most) => {
            json!({ "type": "integer", "minimum": least, "maximum": most })
        }
        Form::Text => json!({ "type": "string" }),
        Form::Like(pattern) => {
            json!({ "type": "array", "maxItems": 20, "items": { "type": "string", "pattern": pattern } })
        }
        Form::OneOf(names) => json!({ "type": "string", "enum": names }),
        Form::Texts => json!({ "type": "array", "items": { "type": "string" } }),
        Form::Wish => json!({ "anyOf": [
            { "type": "string" },
            { "type": "array", "minItems": 1, "items": { "type": "string" } }
        ] }),
        Form::Minutes => {
            json!({ "type": "array", "maxItems": 2, "items": { "type": "integer", "minimum": 1, "maximum": 240 } })
        }
        Form::Group(keys) => of_keys(keys),
        Form::Named(keys) => json!({ "type": "object", "additionalProperties": of_keys(keys) }),
        Form::Entries(keys) => json!({ "type": "array", "items": of_keys(keys) }),
    };
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("description".into(), key.about.into());
    }
    schema
}
