//! The lists, prepared for the search: made once for each change of them or of the looks, shared by all
//! keystrokes. What did not change is taken over from the one before.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;

use super::text::Text;
use crate::accounts::chains::shown;
use crate::accounts::labels::{AccountLooks, Label, Looks};
use crate::accounts::marks::{Mark, Marks};
use crate::accounts::{AccountList, Lists};

/// No label, mark or permission set.
pub(super) const NONE: u32 = u32::MAX;

/// All rows of all sessions, ready to be searched.
#[derive(Debug, Default)]
pub struct Index {
    pub(super) sessions: Vec<Session>,
    /// The permission sets' names, each once.
    pub(super) roles: Vec<Text>,
    pub(super) labels: Vec<(Arc<Label>, Text)>,
    pub(super) marks: Vec<Mark>,
    lists: Lists,
    looks: Arc<Looks>,
}

/// The rows of one session.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) name: String,
    pub(super) texts: Arc<Texts>,
    pub(super) accounts: Vec<Account>,
    pub(super) rows: Vec<Row>,
}

/// What the search reads of a list, whatever the looks.
#[derive(Debug)]
pub(super) struct Texts {
    pub(super) list: Arc<AccountList>,
    pub(super) accounts: Vec<AccountTexts>,
    by_id: HashMap<String, usize>,
}

#[derive(Debug)]
pub(super) struct AccountTexts {
    pub(super) name: Text,
    pub(super) id: Text,
    pub(super) email: Text,
}

/// One account, as the looks have it.
#[derive(Debug)]
pub(super) struct Account {
    pub(super) alias: Option<(String, Text)>,
    pub(super) rows: Range<usize>,
}

/// One permission set in an account, or an account whose permission sets are not known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// Its place among the account's.
    pub(super) place: u32,
    pub(super) role: u32,
    pub(super) label: u32,
    pub(super) mark: u32,
    pub(super) hidden: bool,
}

impl Index {
    /// Of these lists and looks; texts of lists that are the same come from the index before.
    pub fn new(lists: &Lists, looks: &Arc<Looks>, marks: &Marks, before: &Index) -> Index {
        let mut index = Index {
            labels: looks
                .labels()
                .iter()
                .map(|it| (it.clone(), Text::new(&it.word)))
                .collect(),
            lists: lists.clone(),
            looks: looks.clone(),
            ..Index::default()
        };
        let mut roles = HashMap::new();
        for (name, list) in lists {
            let known = before
                .sessions
                .iter()
                .find(|it| Arc::ptr_eq(&it.texts.list, list));
            let texts = known.map_or_else(|| Arc::new(Texts::new(list)), |it| it.texts.clone());
            index.add(name, texts, &mut roles);
        }
        index.add_marks(marks, &roles);
        index
    }

    /// Whether this is the index of exactly those.
    pub fn is_of(&self, lists: &Lists, looks: &Arc<Looks>) -> bool {
        Arc::ptr_eq(&self.looks, looks)
            && self.lists.keys().eq(lists.keys())
            && self
                .lists
                .values()
                .zip(lists.values())
                .all(|(one, other)| Arc::ptr_eq(one, other))
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.sessions.iter().map(|it| it.rows.len()).sum()
    }

    fn add(&mut self, name: &str, texts: Arc<Texts>, roles: &mut HashMap<String, u32>) {
        let (mut accounts, mut rows) = (Vec::with_capacity(texts.accounts.len()), Vec::new());
        for account in &texts.list.accounts {
            let looks = self.looks.clone();
            let looks = looks.at(name, account);
            let alias = looks.alias().map(|it| (it.to_owned(), Text::new(it)));
            let from = rows.len();
            let known = account.roles.known();
            if known.is_empty() {
                rows.push(self.row(0, NONE, &looks, None));
            }
            for (place, role) in known.iter().enumerate() {
                let number = match roles.get(role) {
                    Some(number) => *number,
                    None => {
                        self.roles.push(Text::new(shown(role)));
                        let number = number(self.roles.len() - 1);
                        roles.insert(role.clone(), number);
                        number
                    }
                };
                rows.push(self.row(place, number, &looks, Some(role)));
            }
            accounts.push(Account {
                alias,
                rows: from..rows.len(),
            });
        }
        self.sessions.push(Session {
            name: name.to_owned(),
            texts,
            accounts,
            rows,
        });
    }

    fn row(&self, place: usize, role: u32, looks: &AccountLooks<'_>, name: Option<&str>) -> Row {
        let (label, hidden) = looks.label_and_hidden(name);
        let is_it = |it: &(Arc<Label>, Text)| label.is_some_and(|label| Arc::ptr_eq(&it.0, label));
        Row {
            place: number(place),
            role,
            label: self.labels.iter().position(is_it).map_or(NONE, number),
            mark: NONE,
            hidden,
        }
    }

    fn add_marks(&mut self, marks: &Marks, roles: &HashMap<String, u32>) {
        let sessions: BTreeMap<String, usize> = self
            .sessions
            .iter()
            .enumerate()
            .map(|(at, it)| (it.name.clone(), at))
            .collect();
        for (assignment, mark) in marks.marked() {
            let session = sessions.get(&assignment.session).copied();
            let Some(session) = session.map(|at| &mut self.sessions[at]) else {
                continue;
            };
            let account = session.texts.by_id.get(&assignment.account_id);
            let (Some(account), Some(role)) = (account, roles.get(&assignment.role)) else {
                continue;
            };
            let rows = session.accounts[*account].rows.clone();
            for row in session.rows[rows]
                .iter_mut()
                .filter(|row| row.role == *role)
            {
                row.mark = number(self.marks.len());
            }
            self.marks.push(*mark);
        }
    }
}

impl Texts {
    fn new(list: &Arc<AccountList>) -> Texts {
        let accounts = list.accounts.iter().map(|account| AccountTexts {
            name: Text::new(account.name.as_deref().unwrap_or_default()),
            id: Text::new(&account.id),
            email: Text::new(account.email.as_deref().unwrap_or_default()),
        });
        let ids = list.accounts.iter().enumerate();
        Texts {
            accounts: accounts.collect(),
            by_id: ids.map(|(at, account)| (account.id.clone(), at)).collect(),
            list: list.clone(),
        }
    }
}

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(NONE)
}
