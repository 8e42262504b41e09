//! The documents of `label`.

use daypass_core::accounts::exchange::Count;
use daypass_core::accounts::labels::{Label, Look, Opens, Rule, Subject};
use daypass_core::accounts::marks::Choice;
use daypass_core::daypass::{ImportedLooks, Snapshot, Via};
use serde::Serialize;

use super::VERSION;

/// `label list`, `label define`, `label undefine`.
#[derive(Serialize)]
pub(crate) struct Labels<'a> {
    version: u32,
    labels: Vec<LabelOf<'a>>,
    rules: Vec<RuleOf<'a>>,
    choices: Vec<ChoiceOf<'a>>,
}

/// `label rule …`.
#[derive(Serialize)]
pub(crate) struct Rules<'a> {
    version: u32,
    rules: Vec<RuleOf<'a>>,
    organisation: OrganisationRules<'a>,
}

/// Rules that users do not change.
#[derive(Serialize)]
struct OrganisationRules<'a> {
    /// They count after all others.
    locked: bool,
    rules: Vec<RuleOf<'a>>,
}

#[derive(Serialize)]
struct LabelOf<'a> {
    word: &'a str,
    shape: &'static str,
    colour: &'static str,
    protected: bool,
    browser: Option<String>,
    console_via: Option<&'static str>,
    /// Always there, redefined or not.
    built_in: bool,
}

#[derive(Serialize)]
struct RuleOf<'a> {
    number: usize,
    session: Option<&'a str>,
    account: Option<&'a str>,
    role: Option<&'a str>,
    label: Option<&'a str>,
    protected: Option<bool>,
    hidden: Option<bool>,
    browser: Option<String>,
    console_via: Option<&'static str>,
    region: Option<&'a str>,
    output: Option<&'a str>,
}

#[derive(Serialize)]
struct ChoiceOf<'a> {
    session: String,
    account_id: String,
    account_name: Option<&'a str>,
    role: Option<String>,
    alias: Option<&'a str>,
    label: Option<&'a str>,
    protected: Option<bool>,
    hidden: Option<bool>,
    browser: Option<String>,
    console_via: Option<&'static str>,
}

/// `label set`, `label remove`: how the row looks now.
#[derive(Serialize)]
pub(crate) struct LookOf<'a> {
    version: u32,
    session: &'a str,
    account_id: &'a str,
    role: Option<&'a str>,
    alias: Option<&'a str>,
    label: Option<&'a str>,
    protected: bool,
    hidden: bool,
    /// In which browser its consoles open, where not the session decides.
    browser: Option<String>,
    console_via: Option<&'static str>,
}

/// `label import`.
#[derive(Serialize)]
pub(crate) struct Taken<'a> {
    version: u32,
    labels: CountOf,
    rules: CountOf,
    choices: CountOf,
    pins: CountOf,
    unprotected: usize,
    unknown_sessions: &'a [String],
}

#[derive(Serialize)]
struct CountOf {
    added: usize,
    changed: usize,
    removed: usize,
}

impl<'a> Labels<'a> {
    pub(crate) fn of(snapshot: &'a Snapshot) -> Labels<'a> {
        let choices = snapshot.marks.chosen();
        Labels {
            version: VERSION,
            labels: snapshot
                .looks
                .labels()
                .iter()
                .map(|it| LabelOf::of(it))
                .collect(),
            rules: rules(snapshot.looks.rules()),
            choices: choices
                .map(|(subject, it)| ChoiceOf::of(snapshot, &subject, it))
                .collect(),
        }
    }
}

impl<'a> Rules<'a> {
    pub(crate) fn of(own: &'a [Rule], organisation: &'a (Vec<Rule>, bool)) -> Rules<'a> {
        let (others, locked) = organisation;
        Rules {
            version: VERSION,
            rules: rules(own),
            organisation: OrganisationRules {
                locked: *locked,
                rules: rules(others),
            },
        }
    }
}

fn rules(rules: &[Rule]) -> Vec<RuleOf<'_>> {
    let rules = rules.iter().enumerate().map(|(index, rule)| RuleOf {
        number: index + 1,
        session: rule.session.as_deref(),
        account: rule.account.as_deref(),
        role: rule.role.as_deref(),
        label: rule.label.as_deref(),
        protected: rule.protected,
        hidden: rule.hidden,
        browser: rule.opens.browser.as_ref().map(ToString::to_string),
        console_via: rule.opens.via.map(Via::name),
        region: rule.profile.region.as_deref(),
        output: rule.profile.output.as_deref(),
    });
    rules.collect()
}

impl<'a> LabelOf<'a> {
    fn of(label: &'a Label) -> LabelOf<'a> {
        LabelOf {
            word: &label.word,
            shape: label.shape.name(),
            colour: label.colour.name(),
            protected: label.protected,
            browser: label.opens.browser.as_ref().map(ToString::to_string),
            console_via: label.opens.via.map(Via::name),
            built_in: label.is_built_in(),
        }
    }
}

impl<'a> ChoiceOf<'a> {
    fn of(snapshot: &'a Snapshot, subject: &Subject, choice: &'a Choice) -> ChoiceOf<'a> {
        let list = snapshot.lists.get(subject.session());
        let account = list.and_then(|it| it.account(subject.account_id()));
        ChoiceOf {
            session: subject.session().to_owned(),
            account_id: subject.account_id().to_owned(),
            account_name: account.and_then(|it| it.name.as_deref()),
            role: subject.role().map(str::to_owned),
            alias: choice.alias.as_deref(),
            label: choice.label.as_deref(),
            protected: choice.protected,
            hidden: choice.hidden,
            browser: choice.opens.browser.as_ref().map(ToString::to_string),
            console_via: choice.opens.via.map(Via::name),
        }
    }
}

impl<'a> LookOf<'a> {
    pub(crate) fn of(subject: &'a Subject, look: &'a Look, opens: &Opens) -> LookOf<'a> {
        LookOf {
            version: VERSION,
            session: subject.session(),
            account_id: subject.account_id(),
            role: subject.role(),
            alias: look.alias.as_deref(),
            label: look.label.as_ref().map(|it| it.word.as_str()),
            protected: look.protected,
            hidden: look.hidden,
            browser: opens.browser.as_ref().map(|(it, _)| it.to_string()),
            console_via: opens.via.map(|(it, _)| it.name()),
        }
    }
}

impl<'a> Taken<'a> {
    pub(crate) fn of(taken: &'a ImportedLooks) -> Taken<'a> {
        Taken {
            version: VERSION,
            labels: CountOf::of(taken.labels),
            rules: CountOf::of(taken.rules),
            choices: CountOf::of(taken.choices),
            pins: CountOf::of(taken.pins),
            unprotected: taken.unprotected,
            unknown_sessions: &taken.unknown_sessions,
        }
    }
}

impl CountOf {
    fn of(count: Count) -> CountOf {
        CountOf {
            added: count.added,
            changed: count.changed,
            removed: count.removed,
        }
    }
}
