//! `label rule add|list|remove`.

use daypass_core::accounts::labels::Rule;
use daypass_core::settings::ProfileKeys;
use daypass_core::{Code, Error, Result};

use crate::args::{RuleAdd, RuleRemove, RuleVerb, choice};
use crate::cmd::Run;
use crate::render::{Cell, Table, json};

pub(super) async fn run(run: &Run, verb: RuleVerb) -> Result<()> {
    match verb {
        RuleVerb::Add(words) => add_rule(run, *words).await,
        RuleVerb::List(_) => list_rules(run),
        RuleVerb::Remove(words) => remove_rule(run, &words).await,
    }
}

async fn add_rule(run: &Run, words: RuleAdd) -> Result<()> {
    let rule = Rule {
        session: words.session,
        account: words.account,
        role: words.role,
        label: words.label,
        protected: choice(words.protect, words.no_protect),
        hidden: choice(words.hide, words.show),
        opens: words.opens.opening(),
        profile: ProfileKeys {
            region: words.region,
            output: words.output,
        },
    };
    super::warn_of(run, rule.opens.browser.as_ref());
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
        return document(run);
    }
    run.screen.say(words);
    Ok(())
}

fn document(run: &Run) -> Result<()> {
    let (own, organisation) = (run.daypass.rules(), run.daypass.organisation_rules());
    run.screen.document(&json::Rules::of(&own, &organisation))
}

fn list_rules(run: &Run) -> Result<()> {
    if run.screen.is_json() {
        return document(run);
    }
    let (own, (organisation, locked)) = (run.daypass.rules(), run.daypass.organisation_rules());
    if own.is_empty() {
        run.screen.say(
            "There is no rule yet. Add one with `daypass label rule add --account '*prod*' --label prod`.",
        );
    } else {
        run.screen.table(&table(&own))?;
    }
    if organisation.is_empty() {
        return Ok(());
    }
    run.screen.say(match locked {
        true => "Set by your organisation; these count more than yours:",
        false => "Set by your organisation; yours count more:",
    });
    run.screen.table(&table(&organisation))
}

fn table(rules: &[Rule]) -> Table {
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
    table
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
    let browser = rule.opens.browser.as_ref().map(|it| format!("in {it}"));
    let words = [
        label,
        protected.map(str::to_owned),
        hidden.map(str::to_owned),
        browser,
        rule.opens.via.map(|it| format!("via {}", it.name())),
        rule.profile
            .region
            .as_ref()
            .map(|it| format!("Region {it}")),
        rule.profile
            .output
            .as_ref()
            .map(|it| format!("output {it}")),
    ];
    words.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use daypass_core::settings::{Opening, Via, Wish};

    #[test]
    fn what_a_rule_gives() {
        let rule = Rule {
            label: Some("none".into()),
            protected: Some(false),
            hidden: Some(true),
            opens: Opening {
                browser: Wish::parse("edge:Work").ok(),
                via: Some(Via::Portal),
            },
            profile: ProfileKeys {
                region: Some("eu-west-1".into()),
                output: Some("json".into()),
            },
            ..Rule::default()
        };
        let expected = "no label, not protected, hidden, in edge:Work, via portal, Region eu-west-1, output json";
        assert_eq!(gives(&rule), expected);
    }
}
