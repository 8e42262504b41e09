//! The file of labels, rules, aliases and pins: out and in, and what is refused.

use super::*;
use crate::accounts::labels::{Colour, Shape};
use crate::accounts::{Account, AccountList, Roles};
use crate::settings::{Via, Wish};

fn assignment(id: &str, role: &str) -> Assignment {
    Assignment {
        session: "work".into(),
        account_id: id.into(),
        role: role.into(),
    }
}

fn account(id: &str) -> Subject {
    Subject::Account {
        session: "work".into(),
        account_id: id.into(),
    }
}

fn lists(name: &str) -> Lists {
    let account = Account {
        id: "000000000001".into(),
        name: Some(name.into()),
        email: None,
        roles: Roles::Unread,
    };
    let list = AccountList {
        accounts: vec![account],
        ..AccountList::default()
    };
    [("work".to_owned(), std::sync::Arc::new(list))].into()
}

fn alias(text: &str) -> Choice {
    Choice {
        alias: Some(text.into()),
        ..Choice::default()
    }
}

fn opens(browser: &str) -> Opening {
    Opening {
        browser: Wish::parse(browser).ok(),
        via: None,
    }
}

fn written() -> Written {
    let label = Label {
        word: "customer".into(),
        shape: Shape::Bar,
        colour: Colour::Blue,
        protected: true,
        opens: opens("chrome:Customer + co"),
    };
    let rule = Rule {
        account: Some("*\"prod\"*\\".into()),
        label: Some("customer".into()),
        ..Rule::default()
    };
    let quiet = Choice {
        label: Some("none".into()),
        hidden: Some(true),
        opens: Opening {
            via: Some(Via::Portal),
            ..opens("default")
        },
        ..Choice::default()
    };
    Written {
        labels: vec![label],
        rules: vec![rule],
        choices: vec![
            (account("000000000001"), alias("Größe \"x\" '''\u{5d0}")),
            (Subject::Assignment(assignment("000000000001", "A")), quiet),
        ],
        pins: vec![
            assignment("000000000002", "B"),
            assignment("000000000001", "A"),
        ],
    }
}

#[test]
fn what_is_written_is_read_whatever_accounts_are_called() {
    let long = "x".repeat(10_000);
    for name in [
        "payments",
        "a\nlabel = \"dev\"\n[[rules]]\nhidden = true",
        "a\r\u{85}\u{2028}b\u{0}\u{7f}",
        "\"\"\" ''' # [[pins]]",
        "\u{202e}drawkcab",
        &long,
    ] {
        let text = written().to_text(&lists(name));
        assert_eq!(Written::read(&text).unwrap(), written(), "{text}");
        assert_eq!(text.lines().count(), 44, "no line is added:\n{text}");
    }
    let nothing = Written::default();
    assert_eq!(
        Written::read(&nothing.to_text(&Lists::new())).unwrap(),
        nothing
    );
}

#[test]
fn what_does_not_fit_is_refused_whole_with_its_line() {
    let entry = |text: &str| format!("version = 1\n{text}");
    let whose = "session = \"work\"\naccount = \"000000000001\"\n";
    let many_rules = "[[rules]]\nhidden = true\n".repeat(10_000);
    let many_pins: String = (0..1_001)
        .map(|it| format!("[[pins]]\nsession = \"w\"\naccount = \"{it:012}\"\nrole = \"A\"\n"))
        .collect();
    for (text, words) in [
        (String::new(), "`version = 1` is missing"),
        ("version = 2\n".into(), "version 2"),
        ("version = 1\nx = [".into(), "line 2"),
        (entry("[[rulez]]\n"), "`rulez`"),
        (entry("[[accounts]]\nsession = \"work\"\n"), "line 2"),
        (entry(&format!("[[accounts]]\n{whose}")), "chooses nothing"),
        (
            entry(&format!("[[accounts]]\n{whose}alias = \"a\\nb\"\n")),
            "U+000A",
        ),
        (
            entry(&format!("[[accounts]]\n{whose}alias = \"a\\u001b[2J\"\n")),
            "U+001B",
        ),
        (
            entry(&format!("[[accounts]]\n{whose}alias = \"\\u202eb\"\n")),
            "U+202E",
        ),
        (
            entry(&format!(
                "[[accounts]]\n{whose}alias = \"{}\"\n",
                "x".repeat(129)
            )),
            "128",
        ),
        (
            entry(&format!("[[accounts]]\n{whose}lable = \"prod\"\n")),
            "`lable`",
        ),
        (
            entry(&format!(
                "[[accounts]]\n{whose}label = \"{}\"\n",
                "x".repeat(25)
            )),
            "24",
        ),
        (
            entry(&format!("\n[[accounts]]\n{whose}protected = 1\n")),
            "line 3",
        ),
        (
            entry("[[accounts]]\nsession = \"../x\"\naccount = \"000000000001\"\nhidden = true\n"),
            "session",
        ),
        (
            entry("[[accounts]]\nsession = \"w\"\naccount = \"1\"\nhidden = true\n"),
            "12 digits",
        ),
        (
            entry(&format!("[[pins]]\n{whose}role = \"a/b\"\n")),
            "permission set",
        ),
        (
            entry(&format!("[[pins]]\n{whose}role = \"A\"\n").repeat(2)),
            "twice",
        ),
        (
            entry("[[rules]]\naccount = 7\nhidden = true\n"),
            "`account`",
        ),
        (entry(&many_rules), "10000 rules"),
        (entry(&many_pins), "1000 pins"),
        (entry(&"#".repeat(BYTES)), "4 MiB"),
        (
            entry("[[rules]]\nhidden = true\nbrowser = [\"/bin/sh\", \"{url}\"]\n"),
            "command",
        ),
        (
            entry(&format!(
                "[[accounts]]\n{whose}browser = \"/bin/sh {{url}}\"\n"
            )),
            "command",
        ),
        (entry("[[pins]]\nbrowser = \"edge\"\n"), "`browser`"),
        (entry("pins = 7\n"), "line 2"),
    ] {
        let error = Written::read(&text).unwrap_err();
        let shown: String = text.chars().take(90).collect();
        assert_eq!(error.code(), Code::Usage);
        assert!(
            error.message().contains(words),
            "{shown}: {}",
            error.message()
        );
    }
    let mut unknown = written();
    unknown.choices[0].1.label = Some("nope".into());
    assert!(unknown.check_given(&unknown.labels).is_err());
    assert!(written().check_given(&[]).is_ok());
}

#[test]
fn taking_in_merges_or_replaces() {
    let old_rule = Rule {
        hidden: Some(true),
        ..Rule::default()
    };
    let mut marks = Marks::default();
    let kept = Choice {
        protected: Some(true),
        ..alias("before")
    };
    marks.choose(&account("000000000001"), kept);
    marks.choose(&account("000000000009"), alias("other"));
    marks.pin(&assignment("000000000001", "A"), true);
    marks.pin(&assignment("000000000009", "A"), true);
    let count = |added, changed, removed| Count {
        added,
        changed,
        removed,
    };
    let settled = |into, marks: &mut Marks, labels: &mut Vec<Label>, rules: &mut Vec<Rule>| {
        let (of_labels, of_rules) = written().settle(labels, rules, into);
        let (of_choices, of_pins) = written().mark(marks, into);
        [of_labels, of_rules, of_choices, of_pins]
    };

    let (mut merged, mut labels, mut rules) = (marks.clone(), vec![], vec![old_rule.clone()]);
    let counts = settled(Intake::Merge, &mut merged, &mut labels, &mut rules);
    let expected = [
        count(1, 0, 0),
        count(1, 0, 0),
        count(1, 1, 0),
        count(1, 0, 0),
    ];
    assert_eq!(counts, expected);
    assert_eq!(rules, [old_rule.clone(), written().rules[0].clone()]);
    let both = merged.choice(&account("000000000001"));
    assert_eq!(
        (both.alias.as_deref(), both.protected),
        (Some("Größe \"x\" '''\u{5d0}"), Some(true))
    );
    assert_eq!(merged.pinned().count(), 3);
    let again = settled(Intake::Merge, &mut merged, &mut labels, &mut rules);
    assert_eq!(again, [count(0, 0, 0); 4], "twice is once");

    let (mut replaced, mut labels, mut rules) = (marks.clone(), vec![], vec![old_rule]);
    let counts = settled(Intake::Replace, &mut replaced, &mut labels, &mut rules);
    let expected = [
        count(1, 0, 0),
        count(1, 0, 1),
        count(1, 1, 1),
        count(1, 0, 1),
    ];
    assert_eq!(counts, expected);
    assert_eq!(Written::of(&labels, &rules, &replaced), written());
}

#[cfg(unix)]
#[test]
fn a_command_is_neither_handed_on_nor_lost() {
    let command = opens("/opt/browser --new {url}");
    let mut label = written().labels[0].clone();
    label.opens = command.clone();
    let rule = Rule {
        opens: command.clone(),
        ..written().rules[0].clone()
    };
    let only = Rule {
        opens: command.clone(),
        ..Rule::default()
    };
    let mut marks = Marks::default();
    let choice = Choice {
        opens: command.clone(),
        ..Choice::default()
    };
    marks.choose(&account("000000000001"), choice.clone());
    let (mut labels, mut rules) = (vec![label], vec![rule, only]);
    let text = Written::of(&labels, &rules, &marks).to_text(&Lists::new());
    assert!(!text.contains("/opt/browser"), "{text}");
    let read = Written::read(&text).unwrap();
    let (of_labels, of_rules) = read.settle(&mut labels, &mut rules, Intake::Merge);
    read.mark(&mut marks, Intake::Merge);
    assert_eq!((of_labels, of_rules), Default::default());
    assert_eq!((&labels[0].opens, &rules[0].opens), (&command, &command));
    assert_eq!(marks.choice(&account("000000000001")), choice);
}
