//! Who decides how a row looks.

use super::*;
use crate::accounts::Roles;

fn account(id: &str, name: &str) -> Account {
    Account {
        id: id.into(),
        name: Some(name.into()),
        email: None,
        roles: Roles::Unread,
    }
}

fn rule(account: &str, role: Option<&str>) -> Rule {
    Rule {
        account: Some(account.into()),
        role: role.map(Into::into),
        ..Rule::default()
    }
}

/// `prod! hidden "alias"` for a protected, hidden row with a label.
fn shown(look: &Look) -> String {
    let label = look.label.as_ref().map_or("-", |it| it.word.as_str());
    let alias = look.alias.as_ref().map(|it| format!(" {it:?}"));
    format!(
        "{label}{}{}{}",
        if look.protected { "!" } else { "" },
        if look.hidden { " hidden" } else { "" },
        alias.unwrap_or_default()
    )
}

#[test]
fn the_last_rule_that_names_a_region_wins_key_by_key() {
    let keys = |region: Option<&str>, output: Option<&str>| ProfileKeys {
        region: region.map(Into::into),
        output: output.map(Into::into),
    };
    let rules = [
        Rule {
            profile: keys(Some("eu-west-1"), Some("json")),
            ..Rule::default()
        },
        Rule {
            profile: keys(Some("us-east-1"), None),
            ..rule("*-us", None)
        },
        Rule {
            profile: keys(None, Some("text")),
            ..rule("*-us", Some("Bill*"))
        },
    ];
    let looks = Looks::new(&[], &rules, Marks::default().into());
    let of = |name: &str, role: &str| {
        let account = account("111122223333", name);
        looks.at("work", &account).profile_keys(role)
    };
    assert_eq!(of("dev", "Admin"), keys(Some("eu-west-1"), Some("json")));
    assert_eq!(of("dev-us", "Admin"), keys(Some("us-east-1"), Some("json")));
    assert_eq!(
        of("dev-us", "Billing"),
        keys(Some("us-east-1"), Some("text"))
    );
}

#[test]
fn who_decides() {
    let rules = [
        Rule {
            label: Some("prod".into()),
            ..rule("*prod*", None)
        },
        Rule {
            protected: Some(false),
            ..rule("*", Some("Read*"))
        },
        Rule {
            label: Some("none".into()),
            ..rule("*nonprod*", None)
        },
        Rule {
            hidden: Some(true),
            session: Some("old".into()),
            ..Rule::default()
        },
        Rule {
            protected: Some(true),
            ..rule("000000000009", None)
        },
    ];
    let mut marks = Marks::default();
    let assignment = |id: &str, role: &str| Assignment {
        session: "work".into(),
        account_id: id.into(),
        role: role.into(),
    };
    let of_account = |id: &str| Subject::Account {
        session: "work".into(),
        account_id: id.into(),
    };
    let choice = |label: &str| Choice {
        label: Some(label.into()),
        ..Choice::default()
    };
    let quiet = Choice {
        alias: Some("Mine".into()),
        protected: Some(false),
        hidden: Some(true),
        ..choice("dev")
    };
    marks.choose(&of_account("000000000002"), quiet);
    marks.choose(
        &Subject::Assignment(assignment("000000000002", "Admin")),
        choice("prod"),
    );
    let shy = Choice {
        hidden: Some(false),
        protected: Some(true),
        ..Choice::default()
    };
    marks.choose(&Subject::Assignment(assignment("000000000002", "Op")), shy);
    marks.choose(&of_account("000000000003"), choice("gone"));
    let looks = Looks::new(&[], &rules, Arc::new(marks));
    for (session, id, name, role, expected) in [
        ("work", "000000000001", "pay-prod", Some("Admin"), "prod!"),
        ("work", "000000000001", "pay-PROD", Some("ReadOnly"), "prod"),
        ("work", "000000000001", "pay-prod", None, "prod!"),
        ("work", "000000000001", "nonprod", Some("Admin"), "-"),
        ("work", "000000000001", "dev", Some("Admin"), "-"),
        (
            "old",
            "000000000001",
            "pay-prod",
            Some("Admin"),
            "prod! hidden",
        ),
        ("work", "000000000009", "dev", Some("Admin"), "-!"),
        ("work", "000000000009", "dev", Some("ReadOnly"), "-!"),
        (
            "work",
            "000000000002",
            "prod",
            Some("ReadOnly"),
            "dev hidden \"Mine\"",
        ),
        (
            "work",
            "000000000002",
            "prod",
            Some("Admin"),
            "prod hidden \"Mine\"",
        ),
        ("work", "000000000002", "prod", Some("Op"), "dev! \"Mine\""),
        ("work", "000000000002", "prod", None, "dev hidden \"Mine\""),
        ("old", "000000000002", "x", Some("Op"), "- hidden"),
        ("work", "000000000003", "prod", Some("Admin"), "prod!"),
    ] {
        let account = account(id, name);
        let look = match role {
            None => looks.of_account(session, &account),
            Some(role) => looks.of(session, &account, role),
        };
        assert_eq!(shown(&look), expected, "{session} {id} {name} {role:?}");
    }
}

#[test]
fn what_a_name_speaks_of() {
    for (name, word) in [
        ("payments-production", Some("prod")),
        ("PRD Billing", Some("prod")),
        ("billing-prod2", Some("prod")),
        ("nonprod", Some("staging")),
        ("non-prod", Some("staging")),
        ("team_dev_01", Some("dev")),
        ("Carrier Sandbox", Some("sandbox")),
        ("product-catalogue", None),
        ("devices", None),
        ("", None),
    ] {
        assert_eq!(guess_label(name), word, "{name}");
    }
}

#[test]
fn who_decides_in_which_browser() {
    let opens = |browser: &str| Opening {
        browser: Wish::parse(browser).ok(),
        via: None,
    };
    let mut label = Label::built_in()[0].clone();
    label.opens = opens("edge:label");
    let rules = [
        Rule {
            label: Some("prod".into()),
            ..rule("*prod*", None)
        },
        Rule {
            opens: opens("edge:early"),
            ..rule("*ruled*", None)
        },
        Rule {
            opens: opens("edge:rule"),
            ..rule("*ruled*", Some("Admin"))
        },
    ];
    let subject = |role: Option<&str>| {
        let (session, account_id) = ("work".to_owned(), "000000000003".to_owned());
        match role {
            None => Subject::Account {
                session,
                account_id,
            },
            Some(role) => Subject::Assignment(Assignment {
                session,
                account_id,
                role: role.to_owned(),
            }),
        }
    };
    let choice = |opens| Choice {
        opens,
        ..Choice::default()
    };
    let mut marks = Marks::default();
    marks.choose(&subject(None), choice(opens("edge:account")));
    let own = Opening {
        via: Some(Via::Portal),
        ..opens("default")
    };
    marks.choose(&subject(Some("Admin")), choice(own));
    let looks = Looks::new(&[label], &rules, Arc::new(marks));
    for (id, name, role, browser, source) in [
        ("1", "dev", Some("Admin"), None, None),
        (
            "1",
            "prod",
            Some("Admin"),
            Some("edge:label"),
            Some(Source::Label),
        ),
        ("1", "prod", None, Some("edge:label"), Some(Source::Label)),
        (
            "1",
            "prod-ruled",
            Some("Admin"),
            Some("edge:rule"),
            Some(Source::Rule),
        ),
        (
            "1",
            "prod-ruled",
            Some("Read"),
            Some("edge:early"),
            Some(Source::Rule),
        ),
        (
            "3",
            "prod-ruled",
            Some("Read"),
            Some("edge:account"),
            Some(Source::Account),
        ),
        (
            "3",
            "prod-ruled",
            Some("Admin"),
            Some("default"),
            Some(Source::Assignment),
        ),
    ] {
        let account = account(&format!("{id:0>12}"), name);
        let Opens {
            browser: found,
            via,
        } = looks.at("work", &account).opens(role);
        let (wish, by) = found.map_or((None, None), |(it, by)| (Some(it.to_string()), Some(by)));
        assert_eq!((wish.as_deref(), by), (browser, source), "{name} {role:?}");
        let portal = (id, role) == ("3", Some("Admin"));
        assert_eq!(via, portal.then_some((Via::Portal, Source::Assignment)));
    }
}
