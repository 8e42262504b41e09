//! What holds for single keys set and taken out of any file, broken ones too, and for values made to
//! break out of their line.

use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::properties::{a_file, a_whole_file};
use super::*;
use document::{Document, Line};

const KEYS: [&str; 5] = ["region", "output", "s3", "sso_session", "new_key"];

/// The bytes of each line that was in the file as read, in order.
fn kept(document: &Document<'_>) -> Vec<(usize, Vec<u8>)> {
    let old = |line: &Line<'_>| line.origin.map(|number| (number, line.text.to_vec()));
    document.lines().filter_map(old).collect()
}

/// All of `kept` after an edit is in the file as it was, byte for byte and in order.
fn only_lines_went(before: &Document<'_>, after: &Document<'_>) -> bool {
    let before = kept(before);
    let after = kept(after);
    let in_order = after.windows(2).all(|pair| pair[0].0 < pair[1].0);
    let as_they_were = after.iter().all(|line| before.binary_search(line).is_ok());
    in_order && as_they_were
}

proptest! {
    #![proptest_config(cases(6_000))]

    /// Set changes the key's own lines or adds one; taken out again, what was not there is gone without
    /// a trace; set twice is set once.
    #[test]
    fn a_key_set_and_taken_out_leaves_the_bytes(
        bytes in prop_oneof![a_file(), a_whole_file()],
        which: Index,
        key in select(&KEYS[..]),
        value in select(&["x", "eu-west-1", ""][..]),
    ) {
        let before = Document::parse(&bytes);
        if before.sections.is_empty() { return Ok(()); }
        let index = which.index(before.sections.len());
        let ending = before.ending;
        let entries = before.sections[index].entries();
        let old = entries.get(key);
        let mut after = before.clone();
        after.sections[index].set(key, value, ending);
        let once = after.to_bytes();
        prop_assert!(only_lines_went(&before, &after));
        let gone = kept(&before).len() - kept(&after).len();
        prop_assert!(gone <= old.map_or(0, |entry| entry.lines().count()));
        // In a broken file, which is never edited, stray lines may become part of a new value.
        let whole = strict::check(&bytes).is_ok();
        let found = after.sections[index].value(key);
        prop_assert!(!whole || found.as_deref() == Some(value));
        after.sections[index].set(key, value, ending);
        prop_assert!(!whole || after.to_bytes() == once);
        let set = after.clone();
        prop_assert!(after.sections[index].unset(key));
        prop_assert!(only_lines_went(&set, &after));
        prop_assert!(!whole || old.is_some() || after.to_bytes() == bytes);
    }

    /// A section put behind any file and taken out again.
    #[test]
    fn a_section_put_there_and_taken_out_leaves_the_bytes(bytes in a_file(), noise: Vec<u8>) {
        for bytes in [bytes, noise] {
            let mut document = Document::parse(&bytes);
            let keys = [("region".to_owned(), "x".to_owned())];
            let index = document.append("[profile z]".to_owned(), &keys);
            document.take_out(index);
            prop_assert_eq!(document.to_bytes(), bytes);
        }
    }
}

/// Texts that want out of their line: breaks of every kind, brackets, comments, quotes, and length.
fn a_hostile_text() -> impl Strategy<Value = String> {
    let pieces = select(vec![
        "\n",
        "\r",
        "\r\n",
        "\0",
        "]",
        "[",
        "[profile x]",
        "credential_process = y",
        "=",
        ":",
        "#",
        ";",
        " #",
        "\"",
        "'",
        "\\",
        "\u{85}",
        "\u{2028}",
        "\u{1c}",
        "\u{feff}",
        "\u{202e}",
        "\t",
        " ",
        "a",
        "eu-west-1",
        "%",
        "$HOME",
        "é",
        "日",
        "-",
        "--",
        "{role}",
    ]);
    prop_oneof![
        8 => proptest::collection::vec(pieces, 0..6).prop_map(|pieces| pieces.concat()),
        2 => any::<String>(),
        1 => (select(&["a", "é", "]", "\n"][..]), 1_000_usize..70_000)
            .prop_map(|(piece, number)| piece.repeat(number / piece.len())),
    ]
}

/// Sections, and keys in them, in a new file that holds this request.
fn shape(request: &Request) -> Option<Vec<(String, usize)>> {
    request.check().ok()?;
    let outcome = properties::outcome(request, b"").ok()?;
    let entries = properties::all_entries(&outcome.new);
    Some(
        entries
            .into_iter()
            .map(|(header, keys)| (header, keys.len()))
            .collect(),
    )
}

proptest! {
    #![proptest_config(cases(6_000))]

    #[test]
    fn no_value_makes_another_key_or_section(
        key in a_hostile_text(),
        value in a_hostile_text(),
        listed: bool,
    ) {
        let key = if listed { "ca_bundle".to_owned() } else { key };
        let new = NewProfile { settings: vec![(key.clone(), value.clone())], ..new(Style::Sso) };
        let request = Request::Add(new);
        if request.check().is_err() { return Ok(()); }
        let entries = properties::all_entries(&properties::outcome(&request, b"").unwrap().new);
        prop_assert_eq!(entries.len(), 2);
        prop_assert_eq!(entries[1].1.len(), 5);
        prop_assert_eq!(&entries[1].1[4], &(key, value));
    }

    #[test]
    fn nothing_else_that_is_given_makes_another_key_or_section(
        text in a_hostile_text(),
        place in 0..9_usize,
    ) {
        let mut new = new(Style::Sso);
        match place {
            0 => new.target = Target::Named(text),
            1 => new.account_id = text,
            2 => new.account_name = Some(text),
            3 => new.role = text,
            4 => new.session.name = text,
            5 => new.session.start_url = text,
            6 => new.session.region = text,
            7 => new.region = Some(text),
            _ => new.output = Some(text),
        }
        for style in [Style::Sso, Style::Process] {
            let new = NewProfile { style, ..new.clone() };
            let keys = new.keys().map_or(0, |keys| keys.len());
            let Some(shape) = shape(&Request::Add(new)) else { continue; };
            let wanted = match style { Style::Sso => vec![3, keys], Style::Process => vec![keys] };
            let found: Vec<usize> = shape.iter().map(|(_, keys)| *keys).collect();
            prop_assert_eq!(found, wanted, "{:?}", shape);
        }
    }
}

#[test]
fn what_could_break_out_of_its_line_is_refused() {
    let long = "a".repeat(64 * 1024);
    for value in [
        "a\rb",
        "a\nb",
        "a\0b",
        "a]b",
        "]",
        "[a",
        "[profile x]",
        &long,
        "a\n[profile x]",
    ] {
        let setting = vec![("ca_bundle".to_owned(), value.to_owned())];
        let new = NewProfile {
            settings: setting,
            ..new(Style::Sso)
        };
        assert_eq!(
            refusal(Request::Add(new).check()).0,
            Code::Usage,
            "{:.20}",
            value
        );
    }
}
