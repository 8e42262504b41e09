//! Labels, aliases, hidden rows, the order of pins, rules; as one file out and in.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Daypass, Slice};
use crate::accounts::exchange::{Count, Intake, Written};
use crate::accounts::labels::{Fixes, Label, Look, Looks, NONE, Rule, Subject, check_text};
use crate::accounts::marks::{self, Choice, Marks};
use crate::accounts::{Assignment, is_account_id};
use crate::settings::labels::{self, is_same};
use crate::settings::{self, Opening, Organisation, Settings, Via, Wish};
use crate::{Code, Error, Result};

/// Parts of a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Which {
    /// The alias.
    pub alias: bool,
    /// The label.
    pub label: bool,
    /// Whether it asks.
    pub protected: bool,
    /// Whether it is hidden.
    pub hidden: bool,
    /// In which browser its consoles open.
    pub browser: bool,
    /// By which kind of link.
    pub via: bool,
}

/// What taking a file in did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedLooks {
    /// Labels.
    pub labels: Count,
    /// Rules.
    pub rules: Count,
    /// Choices for accounts and assignments.
    pub choices: Count,
    /// Pins.
    pub pins: Count,
    /// Assignments that asked before, and no longer do.
    pub unprotected: usize,
    /// Sessions that the file names and that are not here: what it says of them waits for them.
    pub unknown_sessions: Vec<String>,
}

impl Daypass {
    /// Gives an account a name of the user's own, or takes it away.
    ///
    /// # Errors
    /// `Usage` for a text that does not fit, `StorageFailed`.
    pub async fn set_alias(
        &self,
        session: &str,
        account_id: &str,
        alias: Option<String>,
    ) -> Result<()> {
        let alias = alias.map(|it| it.trim().to_owned());
        if let Some(alias) = &alias {
            check_text("the alias", alias)?;
        }
        let account = Subject::Account {
            session: session.to_owned(),
            account_id: account_id.to_owned(),
        };
        self.choose(&account, |choice| choice.alias = alias).await
    }

    /// Gives an account or an assignment a label; `none` takes one away that a rule gives, and `None`
    /// leaves it to the rules again.
    ///
    /// # Errors
    /// `Usage` for a label that does not exist, `StorageFailed`.
    pub async fn set_label(&self, subject: &Subject, label: Option<String>) -> Result<()> {
        let label = match label {
            Some(word) if word != NONE => {
                let looks = self.looks();
                let known = looks.label(&word);
                Some(
                    known
                        .ok_or_else(|| labels::unknown_label(&word))?
                        .word
                        .clone(),
                )
            }
            other => other,
        };
        self.refuse_fixed(subject, "label", |it| it.label)?;
        self.choose(subject, |choice| choice.label = label).await
    }

    /// Whether an account or an assignment asks before it is opened; `None` leaves it to rules and
    /// labels again.
    ///
    /// # Errors
    /// `StorageFailed`.
    pub async fn set_protected(&self, subject: &Subject, protected: Option<bool>) -> Result<()> {
        self.refuse_fixed(subject, "protection", |it| it.protected)?;
        self.choose(subject, |choice| choice.protected = protected)
            .await
    }

    /// Leaves a row out of lists, or shows it again, whatever the rules say.
    ///
    /// # Errors
    /// `StorageFailed`.
    pub async fn set_hidden(&self, subject: &Subject, hidden: bool) -> Result<()> {
        self.refuse_fixed(subject, "hiding", |it| it.hidden)?;
        // Where the rules say the same already, nothing has to be kept.
        let without = self.look_without_own_hidden(subject);
        let own = (without.hidden != hidden).then_some(hidden);
        self.choose(subject, |choice| choice.hidden = own).await
    }

    /// What an organisation's rules fix is not the user's to choose.
    fn refuse_fixed(
        &self,
        subject: &Subject,
        what: &str,
        is_fixed: impl Fn(Fixes) -> bool,
    ) -> Result<()> {
        let account = self.account_or_blank(subject.session(), subject.account_id());
        let looks = self.looks();
        let fixes = looks.at(subject.session(), &account).fixes(subject.role());
        if !is_fixed(fixes) {
            return Ok(());
        }
        let settings = self.world().settings.clone();
        let message = format!("the {what} of this row is set by your organisation");
        let file = settings
            .organisation
            .map(|it| it.file.display().to_string());
        Err(Error::new(Code::SetByOrganisation, message)
            .with_hint(format!("ask whoever keeps {}", file.unwrap_or_default())))
    }

    fn look_without_own_hidden(&self, subject: &Subject) -> Look {
        let (settings, mut marks) = {
            let world = self.world();
            (world.settings.clone(), Marks::clone(&world.marks))
        };
        let hidden = None;
        let choice = marks.choice(subject);
        marks.choose(subject, Choice { hidden, ..choice });
        let (rules, fixed) = settings.all_rules();
        let looks = Looks::new(&settings.all_labels(), &rules, Arc::new(marks));
        let looks = looks
            .with_fixed(fixed)
            .with_chains(&self.world().all_chains());
        let account = self.account_or_blank(subject.session(), subject.account_id());
        match subject.role() {
            None => looks.of_account(subject.session(), &account),
            Some(role) => looks.of(subject.session(), &account, role),
        }
    }

    /// Takes back what was chosen for exactly this, as far as `which` says.
    ///
    /// # Errors
    /// `StorageFailed`.
    pub async fn forget_choice(&self, subject: &Subject, which: Which) -> Result<()> {
        self.choose(subject, |choice| {
            let kept = std::mem::take(choice);
            *choice = Choice {
                alias: kept.alias.filter(|_| !which.alias),
                label: kept.label.filter(|_| !which.label),
                protected: kept.protected.filter(|_| !which.protected),
                hidden: kept.hidden.filter(|_| !which.hidden),
                opens: Opening {
                    browser: kept.opens.browser.filter(|_| !which.browser),
                    via: kept.opens.via.filter(|_| !which.via),
                },
            };
        })
        .await
    }

    /// In which browser consoles of an account or an assignment open; `None` leaves it to rules, label
    /// and session again.
    ///
    /// # Errors
    /// `StorageFailed`.
    pub async fn set_browser(&self, subject: &Subject, browser: Option<Wish>) -> Result<()> {
        self.choose(subject, |choice| choice.opens.browser = browser)
            .await
    }

    /// The same for the kind of link.
    ///
    /// # Errors
    /// `StorageFailed`.
    pub async fn set_console_via(&self, subject: &Subject, via: Option<Via>) -> Result<()> {
        self.choose(subject, |choice| choice.opens.via = via).await
    }

    /// Both at once.
    ///
    /// # Errors
    /// `StorageFailed`.
    pub async fn set_opening(&self, subject: &Subject, opening: Opening) -> Result<()> {
        self.choose(subject, |choice| choice.opens = opening).await
    }

    pub(super) async fn choose(
        &self,
        subject: &Subject,
        change: impl FnOnce(&mut Choice),
    ) -> Result<()> {
        self.settings_of(subject.session())?;
        if !is_account_id(subject.account_id()) {
            return Err(Error::new(Code::Usage, "an account id has 12 digits"));
        }
        self.change_marks(|marks| {
            let mut choice = marks.choice(subject);
            change(&mut choice);
            marks.choose(subject, choice);
        })
        .await
    }

    pub(super) async fn change_marks(&self, change: impl FnOnce(&mut Marks)) -> Result<()> {
        let marks = marks::update(self.host(), change).await?;
        self.change(Slice::Accounts, |world| world.marks = marks.into());
        Ok(())
    }

    /// Moves a pin by so many places: down, or up where it is negative. Pins of what is not listed at
    /// the moment are passed over.
    ///
    /// # Errors
    /// `StorageFailed`.
    pub async fn move_pin(&self, assignment: &Assignment, by: i32) -> Result<()> {
        let lists = self.snapshot().lists.clone();
        let seen = |it: &Assignment| {
            let account = lists
                .get(&it.session)
                .and_then(|list| list.account(&it.account_id));
            account.is_some_and(|account| account.roles.known().contains(&it.role))
        };
        self.change_marks(|marks| marks.move_pin(assignment, by, seen))
            .await
    }

    /// Defines a label, or defines one anew.
    ///
    /// # Errors
    /// `Usage` for a word or a shape that does not fit, `SettingsBroken`, `StorageFailed`.
    pub async fn define_label(&self, label: Label) -> Result<()> {
        self.change_settings(|settings| {
            let known = settings
                .labels
                .iter_mut()
                .find(|it| is_same(&it.word, &label.word));
            match known {
                Some(known) => *known = label,
                None => settings.labels.push(label),
            }
            labels::check_all(&settings.all_labels(), &settings.rules)
        })
        .await
    }

    /// Removes a label of the user's own; a built-in one is again as it was.
    ///
    /// # Errors
    /// `Usage` where there is none, or a rule gives it; `SettingsBroken`, `StorageFailed`.
    pub async fn remove_label(&self, word: &str) -> Result<()> {
        self.change_settings(|settings| {
            let before = settings.labels.len();
            settings.labels.retain(|it| !is_same(&it.word, word));
            if settings.labels.len() == before {
                let built_in = Label::built_in().iter().any(|it| is_same(&it.word, word));
                return Err(match built_in {
                    true => Error::new(Code::Usage, format!("the label `{word}` is always there"))
                        .with_hint("define it anew with `daypass label define`"),
                    false => labels::unknown_label(word),
                });
            }
            labels::check_all(&settings.all_labels(), &settings.rules).map_err(|error| {
                let message = format!("the label `{word}` cannot be removed: {}", error.message());
                Error::new(Code::Usage, message).with_hint(
                    "see `daypass label rule list`, and change the rules that give it first",
                )
            })
        })
        .await
    }

    /// The rules, in order.
    pub fn rules(&self) -> Vec<Rule> {
        self.world().settings.rules.clone()
    }

    /// The rules of the organisation, in order, and whether they are locked: then they count after
    /// the user's and after choices for single rows, else before them.
    pub fn organisation_rules(&self) -> (Vec<Rule>, bool) {
        let settings = self.world().settings.clone();
        let of = |it: &Organisation| (it.rules.clone(), it.locks_rules());
        settings.organisation.as_deref().map(of).unwrap_or_default()
    }

    /// Replaces the rules.
    ///
    /// # Errors
    /// `Usage` for one that does not fit, `SettingsBroken`, `StorageFailed`.
    pub async fn set_rules(&self, rules: Vec<Rule>) -> Result<()> {
        self.change_settings(|settings| {
            settings.rules = rules;
            labels::check_all(&settings.all_labels(), &settings.rules)
        })
        .await
    }

    /// Pins, aliases, labels and rules as one readable file.
    pub fn export_looks(&self) -> String {
        let (snapshot, settings) = (self.snapshot(), self.world().settings.clone());
        let Settings { labels, rules, .. } = &settings;
        Written::of(labels, rules, &snapshot.marks).to_text(&snapshot.lists)
    }

    /// Takes such a file in, or refuses the whole of it.
    ///
    /// # Errors
    /// `Usage` with the line of what is wrong, `SettingsBroken`, `StorageFailed`.
    pub async fn import_looks(&self, text: &str, into: Intake) -> Result<ImportedLooks> {
        let written = Written::read(text)?;
        let before = self.protected();
        let mut counts = (Count::default(), Count::default());
        self.change_settings(|settings| {
            counts = written.settle(&mut settings.labels, &mut settings.rules, into);
            labels::check_all(&settings.all_labels(), &settings.rules)?;
            written.check_given(&settings.all_labels())
        })
        .await?;
        let (labels, rules) = counts;
        self.change_marks(|marks| counts = written.mark(marks, into))
            .await
            .map_err(|error| {
                error.with_hint(
                    "labels and rules were taken in, pins and aliases were not: take the file in again",
                )
            })?;
        let known = |session: &&str| self.settings_of(session).is_ok();
        let mut unknown: Vec<String> = written
            .sessions()
            .filter(|it| !known(it))
            .map(str::to_owned)
            .collect();
        unknown.sort_unstable();
        unknown.dedup();
        Ok(ImportedLooks {
            labels,
            rules,
            choices: counts.0,
            pins: counts.1,
            unprotected: before.difference(&self.protected()).count(),
            unknown_sessions: unknown,
        })
    }

    /// Every listed assignment that asks first.
    fn protected(&self) -> BTreeSet<Assignment> {
        let snapshot = self.snapshot();
        let mut protected = BTreeSet::new();
        for (session, list) in &snapshot.lists {
            for account in &list.accounts {
                let looks = snapshot.looks.at(session, account);
                let roles = account.roles.known().iter();
                let roles = roles.filter(|role| looks.role(role).protected);
                protected.extend(roles.map(|role| Assignment {
                    session: session.clone(),
                    account_id: account.id.clone(),
                    role: role.clone(),
                }));
            }
        }
        protected
    }

    pub(super) async fn change_settings(
        &self,
        change: impl FnOnce(&mut Settings) -> Result<()>,
    ) -> Result<()> {
        let settings = settings::update(self.host(), change).await?;
        self.change(Slice::Accounts, |world| world.settings = settings);
        Ok(())
    }
}
