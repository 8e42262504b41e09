//! How accounts and permission sets look, and what makes them look so: labels, rules, own choices.

use daypass_core::accounts;
use daypass_core::accounts::labels;
use daypass_core::daypass::Daypass;
use daypass_core::settings::ProfileKeys;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Opening;

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

impl From<labels::Shape> for Shape {
    fn from(it: labels::Shape) -> Shape {
        match it {
            labels::Shape::Square => Shape::Square,
            labels::Shape::Diamond => Shape::Diamond,
            labels::Shape::Ring => Shape::Ring,
            labels::Shape::Triangle => Shape::Triangle,
            labels::Shape::Bar => Shape::Bar,
            labels::Shape::RingDot => Shape::RingDot,
        }
    }
}

impl From<Shape> for labels::Shape {
    fn from(it: Shape) -> labels::Shape {
        match it {
            Shape::Square => labels::Shape::Square,
            Shape::Diamond => labels::Shape::Diamond,
            Shape::Ring => labels::Shape::Ring,
            Shape::Triangle => labels::Shape::Triangle,
            Shape::Bar => labels::Shape::Bar,
            Shape::RingDot => labels::Shape::RingDot,
        }
    }
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

impl From<labels::Colour> for Colour {
    fn from(it: labels::Colour) -> Colour {
        match it {
            labels::Colour::Red => Colour::Red,
            labels::Colour::Amber => Colour::Amber,
            labels::Colour::Green => Colour::Green,
            labels::Colour::Violet => Colour::Violet,
            labels::Colour::Blue => Colour::Blue,
            labels::Colour::Grey => Colour::Grey,
        }
    }
}

impl From<Colour> for labels::Colour {
    fn from(it: Colour) -> labels::Colour {
        match it {
            Colour::Red => labels::Colour::Red,
            Colour::Amber => labels::Colour::Amber,
            Colour::Green => labels::Colour::Green,
            Colour::Violet => labels::Colour::Violet,
            Colour::Blue => labels::Colour::Blue,
            Colour::Grey => labels::Colour::Grey,
        }
    }
}

/// A word and a shape; no two labels share either.
#[derive(Clone, Deserialize, Serialize, TS)]
pub(crate) struct Label {
    word: String,
    shape: Shape,
    colour: Colour,
    /// Whether what has it is protected, where nothing else says so.
    protected: bool,
    /// How consoles of what has it open, where nothing else says so.
    opens: Opening,
}

impl From<&labels::Label> for Label {
    fn from(it: &labels::Label) -> Label {
        Label {
            word: it.word.clone(),
            shape: it.shape.into(),
            colour: it.colour.into(),
            protected: it.protected,
            opens: (&it.opens).into(),
        }
    }
}

impl Label {
    /// As the page says it.
    pub(crate) fn of_page(self, core: &Daypass) -> daypass_core::Result<labels::Label> {
        Ok(labels::Label {
            word: self.word,
            shape: self.shape.into(),
            colour: self.colour.into(),
            protected: self.protected,
            opens: self.opens.of_page(core)?,
        })
    }
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

impl From<labels::Look> for Look {
    fn from(it: labels::Look) -> Look {
        Look {
            label: it.label.map(|label| label.word.clone()),
            protected: it.protected,
            hidden: it.hidden,
        }
    }
}

/// What a choice is about: an account or, with `role`, one permission set of it.
#[derive(Clone, Deserialize, TS)]
pub(crate) struct Subject {
    session: String,
    account_id: String,
    role: Option<String>,
}

impl From<Subject> for labels::Subject {
    fn from(it: Subject) -> labels::Subject {
        let Subject {
            session,
            account_id,
            role,
        } = it;
        match role {
            None => labels::Subject::Account {
                session,
                account_id,
            },
            Some(role) => labels::Subject::Assignment(accounts::Assignment {
                session,
                account_id,
                role,
            }),
        }
    }
}

/// What fits every given condition gets what the rule gives; later rules win over earlier ones.
#[derive(Clone, Deserialize, Serialize, TS)]
pub(crate) struct Rule {
    session: Option<String>,
    /// Twelve digits, or a pattern of names with `*` and `?`.
    account: Option<String>,
    /// A pattern of permission sets with `*` and `?`.
    role: Option<String>,
    /// The word of a label, or `none` to take one away.
    label: Option<String>,
    protected: Option<bool>,
    hidden: Option<bool>,
    opens: Opening,
    /// The Region that its profiles get.
    region: Option<String>,
    /// The form in which the AWS CLI answers with its profiles.
    output: Option<String>,
}

/// The rules of an organisation.
#[derive(Clone, Serialize, TS)]
pub(crate) struct OrganisationRules {
    rules: Vec<Rule>,
    /// They count more than the user's.
    locked: bool,
}

impl From<(Vec<labels::Rule>, bool)> for OrganisationRules {
    fn from((rules, locked): (Vec<labels::Rule>, bool)) -> OrganisationRules {
        OrganisationRules {
            rules: rules.into_iter().map(Rule::from).collect(),
            locked,
        }
    }
}

impl From<labels::Rule> for Rule {
    fn from(it: labels::Rule) -> Rule {
        Rule {
            session: it.session,
            account: it.account,
            role: it.role,
            label: it.label,
            protected: it.protected,
            hidden: it.hidden,
            opens: (&it.opens).into(),
            region: it.profile.region,
            output: it.profile.output,
        }
    }
}

impl Rule {
    /// As the page says it.
    pub(crate) fn of_page(self, core: &Daypass) -> daypass_core::Result<labels::Rule> {
        Ok(labels::Rule {
            session: self.session,
            account: self.account,
            role: self.role,
            label: self.label,
            protected: self.protected,
            hidden: self.hidden,
            opens: self.opens.of_page(core)?,
            profile: ProfileKeys {
                region: self.region,
                output: self.output,
            },
        })
    }
}
