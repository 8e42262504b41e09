//! How rows look and which are guarded: what the user chose for one account or assignment, else what
//! the rules give, else what the label says. Pure.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::glob::{Glob, lowered};
use super::marks::{Choice, Choices, Marks};
use super::{Account, Assignment, chains};
use crate::settings::chains::Chain;
use crate::settings::{Opening, ProfileKeys, Via, Wish, labels};

pub use crate::settings::labels::{Colour, Label, NONE, Rule, Shape, check_text, check_word};

/// What a choice is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// An account, with all its permission sets.
    Account {
        /// The session that has it.
        session: String,
        /// Twelve digits.
        account_id: String,
    },
    /// One assignment.
    Assignment(Assignment),
}

impl Subject {
    /// The session.
    pub fn session(&self) -> &str {
        match self {
            Subject::Account { session, .. } => session,
            Subject::Assignment(it) => &it.session,
        }
    }

    /// The account's id.
    pub fn account_id(&self) -> &str {
        match self {
            Subject::Account { account_id, .. } => account_id,
            Subject::Assignment(it) => &it.account_id,
        }
    }

    /// The permission set, where it is about one.
    pub fn role(&self) -> Option<&str> {
        match self {
            Subject::Account { .. } => None,
            Subject::Assignment(it) => Some(&it.role),
        }
    }
}

/// How one row looks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// The user's own name for the account.
    pub alias: Option<String>,
    /// Its label.
    pub label: Option<Arc<Label>>,
    /// Whether it asks before its console opens or a profile of it is written.
    pub protected: bool,
    /// Whether it is left out of lists.
    pub hidden: bool,
}

/// Who decides something about a row: the nearest one that says anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// The choice for the permission set.
    Assignment,
    /// The choice for the account.
    Account,
    /// The last rule that fits.
    Rule,
    /// The label.
    Label,
}

/// How a row's console opens, as far as anything beside its session says so, and who decides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opens {
    /// In which browser.
    pub browser: Option<(Wish, Source)>,
    /// By which kind of link.
    pub via: Option<(Via, Source)>,
}

/// The looks of all rows, for one moment's choices.
#[derive(Clone, Debug, Default)]
pub struct Looks {
    labels: Vec<Arc<Label>>,
    own: Vec<Label>,
    rules: Vec<Rule>,
    compiled: Vec<Compiled>,
    marks: Arc<Marks>,
    chains: Vec<Chain>,
}

#[derive(Clone, Debug)]
struct Compiled {
    session: Option<String>,
    account: Option<Accounts>,
    role: Option<Glob>,
    /// The place among the labels; `Some(None)` takes a label away.
    label: Option<Option<usize>>,
    protected: Option<bool>,
    hidden: Option<bool>,
    opens: Opening,
    profile: ProfileKeys,
    /// Whether it counts before what is chosen for single rows.
    fixed: bool,
}

#[derive(Clone, Debug)]
enum Accounts {
    Id(String),
    Named(Glob),
}

/// What an organisation has fixed about a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fixes {
    /// Its label.
    pub label: bool,
    /// Whether it asks.
    pub protected: bool,
    /// Whether it is left out of lists.
    pub hidden: bool,
}

/// What a rule, or the user, says.
#[derive(Clone, Debug, Default)]
struct Gives<'a> {
    /// `Some(None)` takes a label away.
    label: Option<Option<&'a Arc<Label>>>,
    protected: Option<bool>,
    hidden: Option<bool>,
}

impl<'a> Gives<'a> {
    /// What the other says, this does not say.
    fn then(&mut self, other: Gives<'a>) {
        self.label = other.label.or(self.label);
        self.protected = other.protected.or(self.protected);
        self.hidden = other.hidden.or(self.hidden);
    }
}

/// One account among the looks: its rules are found once for all its permission sets.
#[derive(Debug)]
pub struct AccountLooks<'a> {
    looks: &'a Looks,
    session: String,
    fitting: Vec<&'a Compiled>,
    alias: Option<&'a str>,
    choices: Option<&'a Choices>,
}

impl Looks {
    /// Of the settings' labels and rules, and the choices kept with the marks.
    pub fn new(own: &[Label], rules: &[Rule], marks: Arc<Marks>) -> Looks {
        let labels: Vec<Arc<Label>> = labels::all(own).into_iter().map(Arc::new).collect();
        let compiled = rules.iter().map(|rule| Compiled::of(rule, &labels));
        Looks {
            compiled: compiled.collect(),
            own: own.to_vec(),
            rules: rules.to_vec(),
            labels,
            marks,
            chains: Vec::new(),
        }
    }

    /// With the chained roles, to which rules about their roles' names apply.
    #[must_use]
    pub fn with_chains(self, chains: &[Chain]) -> Looks {
        Looks {
            chains: chains.to_vec(),
            ..self
        }
    }

    /// The same, where so many of the last rules count before what is chosen for single rows.
    #[must_use]
    pub fn with_fixed(mut self, fixed: usize) -> Looks {
        let first = self.compiled.len().saturating_sub(fixed);
        let last = self.compiled.iter_mut().skip(first);
        last.for_each(|rule| rule.fixed = true);
        self
    }

    /// Whether these are the chained roles that it knows.
    pub fn knows_chains(&self, chains: &[Chain]) -> bool {
        self.chains == chains
    }

    /// The names that rules about a permission set or role apply to.
    fn names(&self, session: &str, role: &str) -> Vec<Vec<char>> {
        let Some(name) = chains::name_of(role) else {
            return vec![lowered(role)];
        };
        let chain = crate::settings::chains::find(&self.chains, session, name);
        let role = chain.map(|it| lowered(it.role.name()));
        role.into_iter().chain([lowered(name)]).collect()
    }

    /// Whether these are the looks of those choices.
    pub fn is_of(
        &self,
        own: &[Label],
        (rules, fixed): (&[Rule], usize),
        marks: &Arc<Marks>,
    ) -> bool {
        !self.labels.is_empty()
            && self.own == own
            && self.rules == rules
            && self.compiled.iter().filter(|it| it.fixed).count() == fixed
            && Arc::ptr_eq(&self.marks, marks)
    }

    /// All labels: the built-in ones, then the user's own.
    pub fn labels(&self) -> &[Arc<Label>] {
        &self.labels
    }

    /// The label of this word.
    pub fn label(&self, word: &str) -> Option<&Arc<Label>> {
        self.labels
            .iter()
            .find(|it| labels::is_same(&it.word, word))
    }

    /// The rules, in order.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The look of an account.
    pub fn of_account(&self, session: &str, account: &Account) -> Look {
        self.at(session, account).account()
    }

    /// The look of one permission set in it.
    pub fn of(&self, session: &str, account: &Account, role: &str) -> Look {
        self.at(session, account).role(role)
    }

    /// The looks of an account and all its permission sets.
    pub fn at<'a>(&'a self, session: &str, account: &Account) -> AccountLooks<'a> {
        let name = lowered(account.name.as_deref().unwrap_or_default());
        let fits = |rule: &&Compiled| rule.fits(session, &account.id, &name);
        let choices = self.marks.choices(session, &account.id);
        AccountLooks {
            fitting: self.compiled.iter().filter(fits).collect(),
            alias: choices.and_then(|it| it.own.alias.as_deref()),
            choices,
            session: session.to_owned(),
            looks: self,
        }
    }

    fn gives(&self, choice: &Choice) -> Gives<'_> {
        let place = choice.label.as_deref();
        let place = place.and_then(|it| given(&self.labels, it));
        Gives {
            label: place.map(|it| it.map(|at| &self.labels[at])),
            protected: choice.protected,
            hidden: choice.hidden,
        }
    }
}

impl<'a> AccountLooks<'a> {
    /// The user's own name for the account.
    pub fn alias(&self) -> Option<&'a str> {
        self.alias
    }

    /// The label of a permission set, or of the account, and whether it is hidden.
    pub(super) fn label_and_hidden(&self, role: Option<&str>) -> (Option<&'a Arc<Label>>, bool) {
        let said = self.said(role);
        (said.label.flatten(), said.hidden.unwrap_or(false))
    }

    /// The look of the account.
    pub fn account(&self) -> Look {
        self.look(None)
    }

    /// How consoles of a permission set open, or of the account.
    pub fn opens(&self, role: Option<&str>) -> Opens {
        let own = role.and_then(|it| self.choices?.roles.get(it));
        let account = self.choices.map(|it| &it.own);
        let rules = self.fitting_for(role).map(|it| it.opens.clone());
        let rules = rules.reduce(|before, last| last.or(before));
        let label = self.said(role).label.flatten();
        let tiers = [
            (own.map(|it| it.opens.clone()), Source::Assignment),
            (account.map(|it| it.opens.clone()), Source::Account),
            (rules, Source::Rule),
            (label.map(|it| it.opens.clone()), Source::Label),
        ];
        let mut opens = Opens::default();
        for (opening, source) in tiers {
            let Opening { browser, via } = opening.unwrap_or_default();
            opens.browser = opens.browser.or(browser.map(|it| (it, source)));
            opens.via = opens.via.or(via.map(|it| (it, source)));
        }
        opens
    }

    /// What rules give to a profile of a permission set: the last one that says something wins.
    pub fn profile_keys(&self, role: &str) -> ProfileKeys {
        let rules = self.fitting_for(Some(role));
        rules.fold(ProfileKeys::default(), |before, last| {
            last.profile.clone().or(before)
        })
    }

    /// The look of one permission set.
    pub fn role(&self, role: &str) -> Look {
        self.look(Some(role))
    }

    fn look(&self, role: Option<&str>) -> Look {
        let said = self.said(role);
        let label = said.label.flatten();
        let by_label = label.is_some_and(|it| it.protected);
        Look {
            alias: self.alias.map(str::to_owned),
            protected: said.protected.unwrap_or(by_label),
            hidden: said.hidden.unwrap_or(false),
            label: label.cloned(),
        }
    }

    fn said(&self, role: Option<&str>) -> Gives<'a> {
        let mut said = Gives::default();
        for rule in self.fitting_for(role).filter(|it| !it.fixed) {
            said.then(rule.gives(&self.looks.labels));
        }
        let own = role.and_then(|it| self.choices?.roles.get(it));
        let choices = [self.choices.map(|it| &it.own), own];
        for choice in choices.into_iter().flatten() {
            said.then(self.looks.gives(choice));
        }
        said.then(self.fixed(role));
        said
    }

    /// What is said of it that no choice for a single row changes.
    fn fixed(&self, role: Option<&str>) -> Gives<'a> {
        let mut fixed = Gives::default();
        for rule in self.fitting_for(role).filter(|it| it.fixed) {
            fixed.then(rule.gives(&self.looks.labels));
        }
        // A label that is fixed protects as it does elsewhere: nobody can take just that away.
        let by_label = fixed.label.flatten().is_some_and(|it| it.protected);
        fixed.protected = fixed.protected.or(by_label.then_some(true));
        fixed
    }

    /// Which of label, protection and hiding no choice for a single row changes.
    pub fn fixes(&self, role: Option<&str>) -> Fixes {
        let fixed = self.fixed(role);
        Fixes {
            label: fixed.label.is_some(),
            protected: fixed.protected.is_some(),
            hidden: fixed.hidden.is_some(),
        }
    }

    /// The rules that fit a permission set, or the account, in order.
    fn fitting_for(&self, role: Option<&str>) -> impl Iterator<Item = &'a Compiled> {
        let asks = self.fitting.iter().any(|it| it.role.is_some());
        let names = role
            .filter(|_| asks)
            .map(|role| self.looks.names(&self.session, role));
        let fits = move |rule: &&'a Compiled| match (&rule.role, &names) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(glob), Some(names)) => names.iter().any(|it| glob.fits(it)),
        };
        self.fitting.iter().copied().filter(fits)
    }
}

impl Compiled {
    fn of(rule: &Rule, labels: &[Arc<Label>]) -> Compiled {
        let account = |text: &String| match super::is_account_id(text) {
            true => Accounts::Id(text.clone()),
            false => Accounts::Named(Glob::new(text)),
        };
        Compiled {
            session: rule.session.clone(),
            account: rule.account.as_ref().map(account),
            role: rule.role.as_deref().map(Glob::new),
            label: rule.label.as_deref().and_then(|it| given(labels, it)),
            protected: rule.protected,
            hidden: rule.hidden,
            opens: rule.opens.clone(),
            profile: rule.profile.clone(),
            fixed: false,
        }
    }

    fn gives<'a>(&self, labels: &'a [Arc<Label>]) -> Gives<'a> {
        Gives {
            label: self.label.map(|it| it.map(|at| &labels[at])),
            protected: self.protected,
            hidden: self.hidden,
        }
    }

    fn fits(&self, session: &str, account_id: &str, name: &[char]) -> bool {
        let account = match &self.account {
            None => true,
            Some(Accounts::Id(id)) => id == account_id,
            Some(Accounts::Named(glob)) => glob.fits(name),
        };
        account && self.session.as_deref().is_none_or(|it| it == session)
    }
}

/// The place of a word as it is given: `none` takes a label away, and one that no longer exists says
/// nothing.
fn given(labels: &[Arc<Label>], word: &str) -> Option<Option<usize>> {
    match word {
        NONE => Some(None),
        word => labels
            .iter()
            .position(|it| labels::is_same(&it.word, word))
            .map(Some),
    }
}

/// The built-in label that an account's name speaks of, for front ends to offer; never applied.
pub fn guess_label(name: &str) -> Option<&'static str> {
    const HINTS: [(&str, &[&str]); 4] = [
        (
            "sandbox",
            &["sandbox", "sbx", "playground", "scratch", "lab"],
        ),
        (
            "staging",
            &[
                "staging", "stage", "stg", "preprod", "uat", "qa", "test", "nonprod",
            ],
        ),
        ("dev", &["dev", "develop", "development", "devel"]),
        ("prod", &["prod", "production", "prd", "live"]),
    ];
    let name = name.to_lowercase();
    let words: Vec<&str> = name
        .split(|it: char| !it.is_alphanumeric())
        .map(|it| it.trim_end_matches(|it: char| it.is_ascii_digit()))
        .collect();
    let pairs: Vec<String> = words.windows(2).map(|it| it.concat()).collect();
    let has = |hint: &&str| words.contains(hint) || pairs.iter().any(|it| it == hint);
    let found = HINTS.iter().find(|(_, hints)| hints.iter().any(has));
    found.map(|(word, _)| *word)
}
