//! Tables of chained roles: ways, values, the file.

use toml_edit::{Document, DocumentMut};

use super::*;
use crate::settings::labels::Reader;

fn chain(name: &str, source: Source) -> Chain {
    Chain {
        session: "work".into(),
        name: name.into(),
        source,
        role: "arn:aws:iam::444455556666:role/Deploy".parse().unwrap(),
        external_id: None,
        session_name: None,
        duration: None,
    }
}

fn base() -> Source {
    Source::Assignment {
        account_id: "111122223333".into(),
        role: "ReadOnly".into(),
    }
}

fn after(name: &str) -> Source {
    Source::Chain(name.into())
}

fn of(text: &str) -> Result<Vec<Chain>> {
    let reader = Reader {
        file: "f",
        code: Code::SettingsBroken,
        source: text,
    };
    read(&reader, Document::parse(text).unwrap().as_table())
}

#[test]
fn the_way_leads_from_the_assignment_to_the_role() {
    let chains = [
        chain("c", after("B")),
        chain("b", after("a")),
        chain("a", base()),
    ];
    let found = path(&chains, "work", "C").unwrap();
    let names: Vec<_> = found.hops.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(
        (names, found.role.as_str()),
        (vec!["a", "b", "c"], "ReadOnly")
    );
    let code = |name: &str| path(&chains, "work", name).unwrap_err().code();
    assert_eq!(code("d"), Code::AccountUnknown);
    assert!(path(&chains, "home", "a").is_err(), "of another session");
    let gone = path(&chains[..2], "work", "c").unwrap_err();
    assert!(gone.code() == Code::AccountUnknown && gone.message().contains("`a`"));
}

#[test]
fn circles_depths_and_twins_are_refused_and_gaps_are_not() {
    let circle = [
        chain("a", after("c")),
        chain("b", after("a")),
        chain("c", after("b")),
    ];
    let code = |chains: &[Chain]| check_all(chains).map_err(|it| it.code());
    assert_eq!(code(&circle), Err(Code::Usage));
    assert_eq!(code(&[chain("a", after("a"))]), Err(Code::Usage));
    assert_eq!(
        code(&[chain("a", base()), chain("A", base())]),
        Err(Code::Usage)
    );
    assert_eq!(code(&circle[1..2]), Ok(()), "its base may come back");
    let stairs = |steps: usize| {
        let step = |at: usize| match at {
            0 => chain("s0", base()),
            _ => chain(&format!("s{at}"), after(&format!("s{}", at - 1))),
        };
        (0..steps).map(step).collect::<Vec<_>>()
    };
    assert_eq!(code(&stairs(DEEPEST)), Ok(()));
    assert_eq!(code(&stairs(DEEPEST + 1)), Err(Code::Usage));
}

#[test]
fn each_value_is_one_that_aws_takes() {
    let long = "x".repeat(1225);
    type Change<'a> = &'a dyn Fn(&mut Chain);
    let checks: [(Change<'_>, bool); 16] = [
        (&|_| (), true),
        (&|it| it.name = "ops.deploy-2@x+y".into(), true),
        (&|it| it.name = String::new(), false),
        (&|it| it.name = "a b".into(), false),
        (&|it| it.name = "-x".into(), false),
        (&|it| it.name = "x".repeat(65), false),
        (&|it| it.duration = Some(900), true),
        (&|it| it.duration = Some(3600), true),
        (&|it| it.duration = Some(899), false),
        (&|it| it.duration = Some(3601), false),
        (
            &|it| it.external_id = Some("a:b/c=d,e.f@g-h_i+".into()),
            true,
        ),
        (&|it| it.external_id = Some("x".into()), false),
        (&|it| it.external_id = Some(long.clone()), false),
        (&|it| it.session_name = Some("jo@example.com".into()), true),
        (&|it| it.session_name = Some("j o".into()), false),
        (&|it| it.session_name = Some("a\nb".into()), false),
    ];
    for (at, (change, fits)) in checks.into_iter().enumerate() {
        let mut one = chain("deploy", base());
        change(&mut one);
        assert_eq!(one.check().is_ok(), fits, "{at}");
    }
}

const TABLES: &str = "\
# mine
[[chains]] # to deploy
name = \"deploy\"
session = \"work\"
account_id = \"111122223333\"
role = \"ReadOnly\"
role_arn = \"arn:aws:iam::444455556666:role/Deploy\"
owner = \"ops\"

# and further
[[chains]]
name = \"audit\"
session = \"work\"
from = \"deploy\"
role_arn = \"arn:aws:iam::777788889999:role/x/Audit\"
external_id = \"sesame\" # of the auditors
role_session_name = \"jo\"
duration_seconds = 900
";

#[test]
fn what_stays_keeps_comments_and_unknown_keys() {
    let chains = of(TABLES).unwrap();
    assert_eq!(chains[1].duration, Some(900));
    let written = |new: &[Chain]| {
        let mut document: DocumentMut = TABLES.parse().unwrap();
        write(document.as_table_mut(), &chains, new);
        let text = document.to_string();
        assert_eq!(of(&text).unwrap(), new, "{text}");
        text
    };
    assert_eq!(written(&chains), TABLES);
    let mut changed = chains.clone();
    changed[0].duration = Some(1800);
    changed.push(chain("more", after("audit")));
    let text = written(&changed);
    for line in TABLES.lines() {
        assert!(text.contains(line), "lost {line}:\n{text}");
    }
    assert!(!written(&chains[..1]).contains("audit"));
    let mut document: DocumentMut = TABLES.parse().unwrap();
    rename_session(document.as_table_mut(), "work", "office");
    assert_eq!(
        document.to_string(),
        TABLES.replace("\"work\"", "\"office\"")
    );
}

#[test]
fn what_is_wrong_is_named_with_its_line() {
    let with = |line: &str, new: &str| TABLES.replace(line, new);
    for (text, line, words) in [
        ("chains = 3\n".to_owned(), "line 1", "not a list"),
        (with("name = \"audit\"\n", ""), "line 11", "`name`"),
        (
            with("from = \"deploy\"", "from = \"audit\""),
            "line 11",
            "itself",
        ),
        (
            with("name = \"audit\"", "name = \"Deploy\""),
            "line 11",
            "two",
        ),
        (
            with("from = \"deploy\"", "account_id = \"1\""),
            "line 11",
            "either",
        ),
        (with("= 900", "= \"900\""), "line 11", "number"),
        (with("= 900", "= 7200"), "line 11", "one hour"),
        (with("role/Deploy", "user/Deploy"), "line 2", "ARN"),
        (with("\"111122223333\"", "\"1\""), "line 2", "base"),
    ] {
        let error = of(&text).unwrap_err();
        let message = error.message();
        assert!(
            message.contains(line) && message.contains(words),
            "{text}: {message}"
        );
        assert_eq!(error.code(), Code::SettingsBroken);
    }
}
