//! Names for profiles, made from names of accounts that anybody may have chosen.

mod slug;
mod template;

use crate::error::Result;

use super::grammar::LONGEST_NAME;
use slug::{Case, slug_or};
use template::Template;

/// How a name is built where the user gives none.
pub(super) const USUAL: &str = "{account_name}-{role}";

/// What a name is built from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parts<'a> {
    pub(super) account_id: &'a str,
    pub(super) account_name: Option<&'a str>,
    pub(super) role: &'a str,
    pub(super) session: &'a str,
}

/// Refuses a template that cannot be understood, or with other characters than a name has.
///
/// # Errors
/// `Usage` with what is wrong with it.
pub fn check_template(template: &str) -> Result<()> {
    Template::parse(template).map(drop)
}

/// What makes names by one template.
#[derive(Debug)]
pub(super) struct Namer(Template);

impl Namer {
    /// One that cannot be understood gives way to the usual one: who asks with it has had it checked.
    pub(super) fn of(template: &str) -> Namer {
        Namer(Template::parse(template).unwrap_or_else(|_| Template::usual()))
    }

    /// The first of these that is not taken, where upper and lower case make no difference: the template's
    /// name, the one with the account id in it, the one with the session behind, then numbers from 2.
    pub(super) fn propose(&self, parts: Parts<'_>, taken: impl Fn(&str) -> bool) -> String {
        let is_free = |name: &str| {
            let name = name.to_lowercase();
            name != "default" && !taken(&name)
        };
        let base = cut(&self.0.fill(parts, ""), "");
        if is_free(&base) {
            return base;
        }
        let by_id = self.with_id(parts);
        let session = slug_or(parts.session, Case::Lower, "session");
        let by_session = cut(&by_id, &format!("-{session}"));
        let numbered = (2..).map(|number| cut(&by_session, &format!("-{number}")));
        [by_id.clone(), by_session.clone()]
            .into_iter()
            .chain(numbered)
            .find(|name| is_free(name))
            .unwrap_or(by_id)
    }

    fn with_id(&self, parts: Parts<'_>) -> String {
        let further = format!("-{}", parts.account_id);
        let inside = self.0.fill(parts, &further);
        if self.0.names_the_account() && inside != self.0.fill(parts, "") {
            return cut(&inside, "");
        }
        cut(&inside, &further)
    }
}

/// The text and the suffix in at most 128 characters; the suffix is whole.
fn cut(text: &str, suffix: &str) -> String {
    let room = LONGEST_NAME.saturating_sub(suffix.len());
    let short: String = text.chars().take(room).collect();
    format!("{short}{suffix}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn propose(template: &str, parts: Parts<'_>, taken: impl Fn(&str) -> bool) -> String {
        Namer::of(template).propose(parts, taken)
    }

    fn parts<'a>(account: &'a str, role: &'a str) -> Parts<'a> {
        Parts {
            account_id: "111122223333",
            account_name: Some(account),
            role,
            session: "my-org",
        }
    }

    fn check(account: &str, role: &str, expected: &str) {
        assert_eq!(propose(USUAL, parts(account, role), |_| false), expected);
    }

    #[test]
    fn names_are_plain_whatever_the_account_is_called() {
        check(
            "Payments Production",
            "ReadOnly",
            "payments-production-readonly",
        );
        check("  --Ops & Billing!! ", "Admin", "ops-billing-admin");
        check("Zürich Café", "Ops", "zurich-cafe-ops");
        check("支払い", "ReadOnly", "111122223333-readonly");
        check("prod 支払い", "ReadOnly", "111122223333-readonly");
        check("", "ReadOnly", "111122223333-readonly");
        check(
            "x]\n[profile y]\ncredential_process = rm",
            "A",
            "x-profile-y-credential-process-rm-a"
                .replace("credential-process", "credential_process")
                .as_str(),
        );
        check("\u{202e}evil\u{1b}[31m", "A", "evil-31m-a");
        check(
            &"long".repeat(100),
            "A",
            &format!("{}-a", "long".repeat(15)),
        );
    }

    #[test]
    fn a_taken_name_gets_the_id_then_the_session_then_a_number() {
        let names = [
            "p-a",
            "p-111122223333-a",
            "p-111122223333-a-my-org",
            "p-111122223333-a-my-org-2",
        ];
        for taken in 0..names.len() {
            let name = propose(USUAL, parts("p", "a"), |name| {
                names[..taken].contains(&name)
            });
            assert_eq!(name, names[taken]);
        }
    }

    #[test]
    fn templates_are_checked_and_never_give_default() {
        for good in [
            "{account}-{role}",
            "aws.{session}_{account_id}",
            "{role}",
            "{role|keep}@{account_name}",
        ] {
            check_template(good).unwrap();
        }
        for bad in [
            "",
            "fixed",
            "{acct}",
            "-{role}",
            "{role}]",
            "{role} x",
            "{role}\n",
            "{role",
            "{role|shout}",
            "{role|trim:}",
            "{role|replace:=x}",
            "{role|upper:x}",
            "é{role}",
        ] {
            check_template(bad).unwrap_err();
        }
        let name = propose("{account}", parts("Default", "A"), |_| false);
        assert_eq!(name, "default-111122223333");
    }

    fn filled(template: &str, account: &str, expected: &str) {
        let name = propose(template, parts(account, "AdminAccess"), |_| false);
        assert_eq!(name, expected, "{template} {account}");
    }

    #[test]
    fn words_behind_a_bar_change_what_stands_in_a_place() {
        filled("{account_name}-{role}", "Dev", "dev-adminaccess");
        filled(
            "{account_name|keep}.{role|keep}",
            "Acme Dev",
            "Acme-Dev.AdminAccess",
        );
        filled(
            "{account_name|upper}_{role|upper}",
            "Zürich",
            "ZURICH_ADMINACCESS",
        );
        filled(
            "{account_name|trim:acme-}-{role}",
            "ACME-acme-dev",
            "dev-adminaccess",
        );
        filled(
            "{account_name|replace:production=prod}-{role|trim:access}",
            "Payments Production",
            "payments-prod-admin",
        );
        filled(
            "{account_name|replace:prod=p|replace:-=.}",
            "prod-eu",
            "p.eu",
        );
        filled("{account_name|trim:all}", "all", "111122223333");
        // What is put in is made fit for a name as all the rest is.
        filled("{account_name|replace:a=]x[}-{role}", "a", "x-adminaccess");
        filled("{account_name|replace:\u{212a}=k}", "\u{212a}é", "ke");
    }

    #[test]
    fn any_number_of_accounts_of_one_name_have_a_name_each() {
        for template in ["{account_name}", "{role}", "{session|upper}", USUAL] {
            let mut names = std::collections::HashSet::new();
            for number in 0..2_000 {
                let id = format!("{number:012}");
                let parts = Parts {
                    account_id: &id,
                    ..parts("[Prod] #1; \u{202e}x", "R")
                };
                let name = propose(template, parts, |name| names.contains(name));
                super::super::grammar::profile_name(&name).unwrap();
                assert!(names.insert(name.to_lowercase()), "{name}");
            }
        }
    }

    proptest! {
        #![proptest_config(super::super::tests::cases(2000))]
        #[test]
        fn every_name_is_safe_and_the_same_again(account: String, role: String, busy: bool) {
            let taken = |name: &str| busy && name.len().is_multiple_of(2);
            let name = propose(USUAL, parts(&account, &role), taken);
            super::super::grammar::profile_name(&name).unwrap();
            prop_assert!(!name.bytes().any(|b| b.is_ascii_uppercase()));
            prop_assert_eq!(propose(USUAL, parts(&account, &role), taken), name);
        }
    }
}
