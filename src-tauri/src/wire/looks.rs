//! How accounts and permission sets look, and what makes them look so: labels, rules, own choices.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Clone, Copy, Deserialize, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Shape {
    Square,
    Diamond,
    Ring,
    Triangle,
    Bar,
    RingDot,
}

#[derive(Clone, Copy, Deserialize, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Colour {
    Red,
    Amber,
    Green,
    Violet,
    Blue,
    Grey,
}

/// A word and a shape; no two labels share either.
#[derive(Clone, Deserialize, Serialize, TS)]
pub(crate) struct Label {
    word: String,
    shape: Shape,
    colour: Colour,
    /// Whether what has it is protected, where nothing else says so.
    protected: bool,
}

/// How one row looks, from rules and own choices together.
#[derive(Clone, Default, Eq, Hash, PartialEq, Serialize, TS)]
pub(crate) struct Look {
    /// The word of a label.
    label: Option<String>,
    /// A console opens and a profile is written only with consent.
    protected: bool,
    /// It shows only when it is asked for.
    hidden: bool,
}

/// What a choice is about: an account or, with `role`, one permission set of it.
#[derive(Clone, Deserialize, TS)]
#[expect(dead_code, reason = "the labels of the core come next")]
pub(crate) struct Subject {
    session: String,
    account_id: String,
    role: Option<String>,
}

/// What fits every given condition gets what the rule gives; later rules win over earlier ones.
#[derive(Clone, Deserialize, Serialize, TS)]
pub(crate) struct Rule {
    session: Option<String>,
    /// Twelve digits, or a pattern of names with `*` and `?`.
    account: Option<String>,
    /// A pattern of permission sets with `*` and `?`.
    role: Option<String>,
    label: Option<String>,
    protected: Option<bool>,
    /// Null or true.
    hidden: Option<bool>,
}
