//! Names for profiles, made from names of accounts that anybody may have chosen.

use crate::error::{Code, Error, Result};

use super::grammar::LONGEST_NAME;

/// How a name is built where the user gives none.
pub(super) const USUAL: &str = "{account}-{role}";
const PLACES: [&str; 4] = ["{account}", "{account_id}", "{role}", "{session}"];

/// What a name is built from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parts<'a> {
    pub(super) account_id: &'a str,
    pub(super) account_name: Option<&'a str>,
    pub(super) role: &'a str,
    pub(super) session: &'a str,
}

/// Refuses a template with an unknown place, without any, or with other characters than a name has.
pub(super) fn check_template(template: &str) -> Result<()> {
    let rest = PLACES
        .iter()
        .fold(template.to_owned(), |text, place| text.replace(place, ""));
    let letters = rest
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b));
    let start = !template.starts_with(['-', '.']);
    if letters && start && rest.len() <= 32 && rest.len() < template.len() {
        return Ok(());
    }
    let message = format!("{template:?} is not a template for names of profiles");
    let hint = format!(
        "use {} and letters, digits, _ . - between them",
        PLACES.join(", ")
    );
    Err(Error::new(Code::Usage, message).with_hint(hint))
}

/// The first of these that is not taken: the template's name, the one with the account id in it,
/// the one with the session behind, then numbers from 2.
pub(super) fn propose(template: &str, parts: Parts<'_>, taken: impl Fn(&str) -> bool) -> String {
    let account = account_part(parts);
    let base = fill(template, parts, &account);
    let by_id = with_id(template, parts, &account);
    let by_session = cut(&by_id, &format!("-{}", slug_or(parts.session, "session")));
    let numbered = (2..).map(|number| cut(&by_session, &format!("-{number}")));
    [base, by_id.clone(), by_session.clone()]
        .into_iter()
        .chain(numbered)
        .find(|name| name != "default" && !taken(name))
        .unwrap_or(by_id)
}

fn with_id(template: &str, parts: Parts<'_>, account: &str) -> String {
    let id = parts.account_id;
    if template.contains("{account}") && account != id {
        return fill(template, parts, &format!("{account}-{id}"));
    }
    cut(&fill(template, parts, account), &format!("-{id}"))
}

/// The slug of the name; the id where there is no name, or one in another script.
fn account_part(parts: Parts<'_>) -> String {
    let slug = parts.account_name.and_then(slug).unwrap_or_default();
    let slug = cut(&slug, "").chars().take(60).collect::<String>();
    let slug = slug.trim_end_matches(['-', '.', '_']);
    if slug.is_empty() {
        parts.account_id.to_owned()
    } else {
        slug.to_owned()
    }
}

fn fill(template: &str, parts: Parts<'_>, account: &str) -> String {
    let name = template
        .replace("{account_id}", parts.account_id)
        .replace("{account}", account)
        .replace("{role}", &slug_or(parts.role, "role"))
        .replace("{session}", &slug_or(parts.session, "session"));
    cut(&name, "")
}

/// The text and the suffix in at most 128 characters; the suffix is whole.
fn cut(text: &str, suffix: &str) -> String {
    let room = LONGEST_NAME.saturating_sub(suffix.len());
    let short: String = text.chars().take(room).collect();
    format!("{short}{suffix}")
}

fn slug_or(text: &str, otherwise: &str) -> String {
    slug(text)
        .filter(|slug| !slug.is_empty())
        .unwrap_or_else(|| otherwise.to_owned())
}

/// Lower-case letters, digits, `-`, `_`, `.`; anything else becomes one `-`.
/// None if a letter has no ASCII form: half a name would mislead.
fn slug(text: &str) -> Option<String> {
    let mut slug = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        match plain(c) {
            Some(letters) => slug.push_str(letters),
            None if c.is_ascii_alphanumeric() || c == '_' || c == '.' => slug.push(c),
            None if c.is_alphanumeric() => return None,
            None if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            None => {}
        }
    }
    Some(slug.trim_matches(['-', '_', '.']).to_owned())
}

/// The ASCII form of a letter of western European languages.
fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        'à'..='å' => "a",
        'æ' => "ae",
        'ç' => "c",
        'è'..='ë' => "e",
        'ì'..='ï' => "i",
        'ñ' => "n",
        'ò'..='ö' | 'ø' => "o",
        'ù'..='ü' => "u",
        'ý' | 'ÿ' => "y",
        'ß' => "ss",
        'œ' => "oe",
        '\u{0300}'..='\u{036f}' => "",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
        for good in ["{account}-{role}", "aws.{session}_{account_id}", "{role}"] {
            check_template(good).unwrap();
        }
        for bad in [
            "", "fixed", "{acct}", "-{role}", "{role}]", "{role} x", "{role}\n",
        ] {
            check_template(bad).unwrap_err();
        }
        let name = propose("{account}", parts("Default", "A"), |_| false);
        assert_eq!(name, "default-111122223333");
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
