//! What holds for every file and every request, tried on made-up ones.

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use document::Document;

/// Lines as config files have them, and lines as they should not have.
pub(super) fn a_line() -> impl Strategy<Value = Vec<u8>> {
    let usual = select(vec![
        "[default]",
        "[profile a]",
        "[profile b]",
        "[profile 'c']",
        "[sso-session s]",
        "[services x]",
        "[profile p] # c",
        " [profile d]",
        "[ profile e ]",
        "[DEFAULT]",
        "region = x",
        "Region = y",
        "output=json",
        "s3 =",
        "  a = b",
        "\tc=d",
        "  # indented",
        "# comment",
        "; comment",
        "",
        "   ",
        "k : v",
        "no value",
        "= x",
        "[broken",
        "sso_session = s",
        "k = v ; c",
        "[]",
        "]",
        "sso_role_name = R",
        "aws_access_key_id = x",
        "# daypass: managed",
        "\u{feff}",
        "\u{a0}",
        "credential_process = x",
        "[profile p]",
    ]);
    prop_oneof![
        12 => usual.prop_map(|text| text.as_bytes().to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 0..12),
    ]
}

pub(super) fn a_file() -> impl Strategy<Value = Vec<u8>> {
    let ending = select(vec!["\n", "\n", "\n", "\n", "\r\n", "\r"]);
    let lines = proptest::collection::vec((a_line(), ending), 0..14);
    (lines, any::<bool>()).prop_map(|(lines, open)| {
        let mut bytes = Vec::new();
        for (line, ending) in lines {
            bytes.extend(line);
            bytes.extend(ending.as_bytes());
        }
        if open {
            bytes.pop();
        }
        bytes
    })
}

/// Files that no reader refuses: distinct sections of distinct keys.
pub(super) fn a_whole_file() -> impl Strategy<Value = Vec<u8>> {
    let body = select(vec![
        "region = x\n",
        "output = json\ns3 =\n  a = b\n\n  c = d\n",
        "# c\n\nk = v # c\n",
        "\n\n",
        "",
        "sso_session = s\nsso_account_id = 1 # c\n",
        "sso_start_url = u\n; c\nsso_region = r\n  more\n",
        "credential_process = x\n",
        "note = a\n    # taken as value by some\nregion=y\n",
        "REGION = x\n# daypass: managed\n",
    ]);
    let section = (body, any::<bool>());
    (
        proptest::collection::vec(section, 0..6),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(sections, windows, open)| {
            let mut text = "# top\n".to_owned();
            for (index, (body, ours)) in sections.into_iter().enumerate() {
                let name = if index == 1 {
                    "p".to_owned()
                } else {
                    format!("n{index}")
                };
                let mark = if ours { "# daypass: managed\n" } else { "" };
                text += &format!("[profile {name}]\n{mark}{body}");
            }
            let text = if windows {
                text.replace('\n', "\r\n")
            } else {
                text
            };
            let end = if open {
                text.trim_end_matches(['\r', '\n']).len()
            } else {
                text.len()
            };
            text.as_bytes()[..end].to_vec()
        })
}

fn a_request() -> impl Strategy<Value = NewProfile> {
    let style = select(vec![Style::Sso, Style::Process]);
    let target = select(vec![
        Target::Proposed,
        Target::Named("p".to_owned()),
        Target::Default,
    ]);
    let region = select(vec![None, Some("eu-west-1".to_owned())]);
    let conflict = select(vec![OnConflict::Refuse, OnConflict::Replace]);
    let settings = select(vec![
        vec![],
        vec![("max_attempts".to_owned(), "3".to_owned())],
    ]);
    (style, target, region, conflict, settings).prop_map(
        |(style, target, region, on_conflict, settings)| NewProfile {
            target,
            region,
            on_conflict,
            settings,
            ..new(style)
        },
    )
}

pub(super) fn outcome(request: &Request, config: &[u8]) -> Result<Outcome> {
    let places = Places {
        config: "/home/.aws/config".into(),
        credentials: "/home/.aws/credentials".into(),
        backups: "/home/state/backups".into(),
    };
    plan::outcome(
        request,
        &Files {
            config: Some(store::Found::of(config.to_vec())),
            ..Files::default()
        },
        &places,
    )
}

pub(super) fn all_entries(bytes: &[u8]) -> Vec<(String, Vec<(String, String)>)> {
    let document = Document::parse(bytes);
    let entries = |section: &document::Section<'_>| {
        let entries = section.entries();
        let pairs = entries.iter();
        pairs
            .map(|entry| (entry.key.to_string(), entry.value.to_string()))
            .collect()
    };
    document
        .sections
        .iter()
        .map(|section| (section.header().into_owned(), entries(section)))
        .collect()
}

proptest! {
    #![proptest_config(cases(4000))]

    #[test]
    fn any_bytes_are_printed_as_they_were_read(bytes in a_file(), noise: Vec<u8>) {
        prop_assert_eq!(Document::parse(&bytes).to_bytes(), bytes);
        prop_assert_eq!(Document::parse(&noise).to_bytes(), noise);
    }

    #[test]
    fn reading_and_checking_never_panic(bytes in a_file(), noise: Vec<u8>) {
        for bytes in [bytes, noise] {
            let lines = Document::parse(&bytes).lines().count();
            let fault = strict::check(&bytes).err();
            prop_assert!(fault.is_none_or(|fault| (1..=lines.max(1)).contains(&fault.line)));
            AwsConfig::parse(&bytes, &bytes);
        }
    }

    #[test]
    fn a_plan_on_any_file_is_whole_or_refused(bytes in a_file(), new in a_request()) {
        if let Ok(outcome) = outcome(&Request::Add(new), &bytes) {
            prop_assert_eq!(strict::check(&outcome.new), Ok(()));
        }
    }
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn an_edit_touches_its_own_section_only(bytes in a_whole_file(), new in a_request()) {
        prop_assert_eq!(strict::check(&bytes), Ok(()));
        let Ok(first) = outcome(&Request::Add(new.clone()), &bytes) else { return Ok(()); };
        let name = first.changes[0].profile.clone();
        let header = lines::Header::text(lines::About::Profile, &name);
        let before = all_entries(&bytes);
        let after = all_entries(&first.new);
        for (old, new) in before.iter().zip(&after) {
            prop_assert!(old == new || new.0 == header && old.0 == header);
        }
        let read = AwsConfig::parse(&first.new, b"");
        let profile = read.profile(&name).unwrap();
        for (key, value) in new.keys().unwrap() {
            prop_assert_eq!(profile.value(&key), Some(value.as_str()));
        }
        let again = outcome(&Request::Add(new), &first.new);
        if let Ok(again) = again {
            prop_assert_eq!(again.new, first.new);
        }
    }

    #[test]
    fn a_diff_turns_the_old_file_into_the_new(bytes in a_whole_file(), new in a_request()) {
        let Ok(outcome) = outcome(&Request::Add(new), &bytes) else { return Ok(()); };
        for diff in [&outcome.diff, &diff::of_files(&bytes, &outcome.new)] {
            let mut lines: Vec<Option<String>> = texts(&bytes).into_iter().map(Some).collect();
            let numbers = |kind| diff.iter().filter(move |line| line.kind == kind);
            for line in numbers(LineKind::Removed) {
                prop_assert_eq!(lines[line.old_line.unwrap() - 1].take(), Some(line.text.clone()));
            }
            let mut lines: Vec<String> = lines.into_iter().flatten().collect();
            for line in numbers(LineKind::Added) {
                lines.insert(line.new_line.unwrap() - 1, line.text.clone());
            }
            prop_assert_eq!(lines, texts(&outcome.new));
        }
    }

    #[test]
    fn added_and_taken_out_is_as_before(bytes in a_whole_file(), new in a_request()) {
        let Ok(added) = outcome(&Request::Add(new), &bytes) else { return Ok(()); };
        if added.changes[0].action != Action::Added { return Ok(()); }
        let removed = outcome(&Request::Remove(added.changes[0].profile.clone()), &added.new).unwrap();
        prop_assert_eq!(&*removed.new, bytes);
    }

    #[test]
    fn no_name_of_the_portal_makes_another_key_or_section(account: String, role: String, id: String) {
        let account_name = Some(account);
        let new = NewProfile { account_name, role: role.clone(), account_id: id, ..new(Style::Process) };
        let plain = NewProfile { role: "R".into(), account_id: "111122223333".into(), ..new.clone() };
        for new in [new, plain] {
            let request = Request::Add(new);
            if request.check().is_err() { continue; }
            let entries = all_entries(&outcome(&request, b"").unwrap().new);
            prop_assert_eq!((entries.len(), entries[0].1.len()), (1, 2));
        }
    }
}

fn texts(bytes: &[u8]) -> Vec<String> {
    Document::parse(bytes)
        .lines()
        .map(|line| line.view().into_owned())
        .collect()
}
