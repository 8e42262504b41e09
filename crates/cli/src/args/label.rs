//! The words of `label`: labels, aliases, guards, hidden rows, rules.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use daypass_core::accounts::labels::{Colour, Shape};
use daypass_core::daypass::{Target, Via};
use daypass_core::settings::{Opening, Wish};
use daypass_core::{Code, Error, Result};

use super::{Json, values};

#[derive(Debug, Subcommand)]
#[command(
    after_help = "A protected assignment asks before its console opens or a profile of it is written; \
                  credentials and exec never ask.\n\n\
                  Examples:\n  daypass label set payments-production --label prod --alias Payments\n  \
                  daypass label rule add --account '*prod*' --label prod\n  \
                  daypass label export > looks.toml"
)]
pub(crate) enum LabelVerb {
    /// Give an account, or one permission set of it, a label, an alias, a guard, a browser; hide it
    Set(Box<LabelSet>),
    /// Take such choices back: the rules decide again
    Remove(LabelRemove),
    /// List the labels, and what was chosen for single accounts and permission sets
    List(LabelList),
    /// Define a label of your own, or a built-in one anew
    Define(LabelDefine),
    /// Remove a label of your own; a built-in one is again as it was
    Undefine(LabelUndefine),
    /// Rules that give many rows a look at once
    #[command(subcommand)]
    Rule(RuleVerb),
    /// Print pins, aliases, labels and rules as one file
    Export(LabelExport),
    /// Take such a file in
    Import(LabelImport),
}

/// How an account, or one permission set of it, is named.
#[derive(Args, Debug)]
pub(crate) struct Row {
    /// An account by id, name or search words; or ACCOUNT/ROLE
    #[arg(value_name = "ACCOUNT", conflicts_with = "account")]
    words: Vec<String>,
    /// The account's id, for scripts: taken as given
    #[arg(long, value_name = "ID")]
    account: Option<String>,
    /// One permission set of the account; all of them where nothing is said
    #[arg(long, value_name = "NAME")]
    role: Option<String>,
    /// The session, where there are several
    #[arg(long, value_name = "NAME")]
    pub(crate) session: Option<String>,
}

/// What a row is named by.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Named {
    /// One permission set.
    Assignment(Target),
    /// An account, taken as given.
    Account(String),
    /// An account by words, and a permission set in it if one is named.
    Words(String, Option<String>),
}

impl Row {
    /// What is named.
    ///
    /// # Errors
    /// `Usage` where nothing is.
    pub(crate) fn named(&self) -> Result<Named> {
        match (&self.account, &self.role) {
            (Some(id), Some(role)) => Ok(Named::Assignment(Target::Exact {
                account_id: id.clone(),
                role: role.clone(),
            })),
            (Some(id), None) => Ok(Named::Account(id.clone())),
            _ if self.words.iter().all(|word| word.trim().is_empty()) => {
                Err(Error::new(Code::Usage, "say which account")
                    .with_hint("give its id, its name, search words, or ACCOUNT/ROLE"))
            }
            (None, role) => Ok(match (Target::of_words(self.words.clone()), role) {
                (target @ Target::Named { .. }, None) => Named::Assignment(target),
                _ => Named::Words(self.words.join(" "), role.clone()),
            }),
        }
    }
}

#[derive(Args, Debug)]
#[command(
    after_help = "The browser of a permission set goes before that of its account, then the last rule that \
                  fits, its label, its session.\n\n\
                  Examples:\n  daypass label set 111122223333 --label prod --alias \"Payments\" --protect\n  \
                  daypass label set 111122223333/ReadOnly --no-protect\n  \
                  daypass label set old sandbox --hide\n  \
                  daypass label set payments-production --browser chrome:Work"
)]
pub(crate) struct LabelSet {
    #[command(flatten)]
    pub(crate) row: Row,
    /// Its label; `none` for none, whatever the rules say
    #[arg(long, value_name = "WORD")]
    pub(crate) label: Option<String>,
    /// Another name for the account
    #[arg(long, value_name = "TEXT", conflicts_with = "role")]
    pub(crate) alias: Option<String>,
    /// Ask before it is opened, whatever the rules say
    #[arg(long, conflicts_with = "no_protect")]
    pub(crate) protect: bool,
    /// Do not ask, whatever the rules say
    #[arg(long)]
    pub(crate) no_protect: bool,
    /// Leave it out of lists
    #[arg(long, conflicts_with = "show")]
    pub(crate) hide: bool,
    /// Show it in lists
    #[arg(long)]
    pub(crate) show: bool,
    #[command(flatten)]
    pub(crate) opens: Opens,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// How consoles open.
#[derive(Args, Debug)]
pub(crate) struct Opens {
    /// In which browser consoles open: such as `chrome:Work`, `firefox+container=Prod`, `edge+private`, or
    /// `default`; or a command such as `/usr/bin/firefox --new-window {url}`
    #[arg(long, value_parser = values::browser, value_name = "BROWSER")]
    pub(crate) browser: Option<Wish>,
    /// The kind of link that opens consoles
    #[arg(long, value_parser = values::via(), value_name = "KIND")]
    pub(crate) console_via: Option<Via>,
}

impl Opens {
    /// What is said.
    pub(crate) fn opening(&self) -> Opening {
        Opening {
            browser: self.browser.clone(),
            via: self.console_via,
        }
    }
}

#[derive(Args, Debug)]
#[command(
    after_help = "Without one of the flags, all that was chosen for it goes.\n\n\
                        Example:\n  daypass label remove payments-production --alias"
)]
pub(crate) struct LabelRemove {
    #[command(flatten)]
    pub(crate) row: Row,
    /// Only its label
    #[arg(long)]
    pub(crate) label: bool,
    /// Only its alias
    #[arg(long)]
    pub(crate) alias: bool,
    /// Only whether it asks
    #[arg(long)]
    pub(crate) protect: bool,
    /// Only whether it is hidden
    #[arg(long)]
    pub(crate) hide: bool,
    /// Only in which browser its consoles open
    #[arg(long)]
    pub(crate) browser: bool,
    /// Only by which kind of link
    #[arg(long)]
    pub(crate) console_via: bool,
    #[command(flatten)]
    pub(crate) json: Json,
}

#[derive(Args, Debug)]
#[command(after_help = "Example:\n  daypass label list --json")]
pub(crate) struct LabelList {
    #[command(flatten)]
    pub(crate) json: Json,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  daypass label define customer --shape bar --colour blue --protect --browser chrome:Customer"
)]
pub(crate) struct LabelDefine {
    /// Its word: letters, digits, `-`, `_` and `.`
    pub(crate) word: String,
    /// Its shape, which no other label has
    #[arg(long, value_parser = values::shape(), value_name = "SHAPE")]
    pub(crate) shape: Shape,
    /// Its colour
    #[arg(long, alias = "color", value_parser = values::colour(), value_name = "COLOUR")]
    pub(crate) colour: Colour,
    /// What carries it asks before it is opened
    #[arg(long)]
    pub(crate) protect: bool,
    #[command(flatten)]
    pub(crate) opens: Opens,
    #[command(flatten)]
    pub(crate) json: Json,
}

#[derive(Args, Debug)]
#[command(after_help = "Example:\n  daypass label undefine customer")]
pub(crate) struct LabelUndefine {
    /// Its word
    pub(crate) word: String,
    #[command(flatten)]
    pub(crate) json: Json,
}

#[derive(Debug, Subcommand)]
#[command(
    after_help = "Rules stand in an order: of several that say something about a row, the last one \
                  wins. What was chosen for a single row beats them all.\n\n\
                  Example:\n  daypass label rule add --account '*prod*' --label prod"
)]
pub(crate) enum RuleVerb {
    /// Add a rule, as the last one
    Add(Box<RuleAdd>),
    /// List the rules, with their numbers
    List(RuleList),
    /// Remove a rule by its number
    Remove(RuleRemove),
}

#[derive(Args, Debug)]
#[command(
    after_help = "A pattern fits a whole name, whatever the case: `*` stands for any characters, `?` for \
                  one.\n\nExamples:\n  daypass label rule add --account '*prod*' --label prod\n  \
                  daypass label rule add --role 'ReadOnly*' --no-protect\n  \
                  daypass label rule add --account 111122223333 --hide\n  \
                  daypass label rule add --account '*prod*' --browser firefox+container=Prod\n  \
                  daypass label rule add --account '*-eu' --region eu-west-1 --output json"
)]
pub(crate) struct RuleAdd {
    /// Only accounts with this id, or with a name that fits this pattern
    #[arg(long, value_name = "PATTERN")]
    pub(crate) account: Option<String>,
    /// Only permission sets that fit this pattern
    #[arg(long, value_name = "PATTERN")]
    pub(crate) role: Option<String>,
    /// Only this session
    #[arg(long, value_name = "NAME")]
    pub(crate) session: Option<String>,
    /// Give them this label; `none` takes one away
    #[arg(long, value_name = "WORD")]
    pub(crate) label: Option<String>,
    /// Ask before they are opened
    #[arg(long, conflicts_with = "no_protect")]
    pub(crate) protect: bool,
    /// Do not ask
    #[arg(long)]
    pub(crate) no_protect: bool,
    /// Leave them out of lists
    #[arg(long, conflicts_with = "show")]
    pub(crate) hide: bool,
    /// Show them in lists
    #[arg(long)]
    pub(crate) show: bool,
    #[command(flatten)]
    pub(crate) opens: Opens,
    /// Their profiles get this Region, where nothing else is said
    #[arg(long)]
    pub(crate) region: Option<String>,
    /// Their profiles get this output format, where nothing else is said
    #[arg(long, value_name = "FORMAT")]
    pub(crate) output: Option<String>,
    /// The number that it gets among the rules
    #[arg(long, value_name = "NUMBER")]
    pub(crate) at: Option<usize>,
    #[command(flatten)]
    pub(crate) json: Json,
}

#[derive(Args, Debug)]
#[command(after_help = "Example:\n  daypass label rule list")]
pub(crate) struct RuleList {
    #[command(flatten)]
    pub(crate) json: Json,
}

#[derive(Args, Debug)]
#[command(after_help = "Example:\n  daypass label rule remove 2")]
pub(crate) struct RuleRemove {
    /// Its number in `daypass label rule list`
    pub(crate) number: usize,
    #[command(flatten)]
    pub(crate) json: Json,
}

#[derive(Args, Debug)]
#[command(after_help = "Example:\n  daypass label export looks.toml")]
pub(crate) struct LabelExport {
    /// The file; standard output where nothing is said
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
}

#[derive(Args, Debug)]
#[command(
    after_help = "What the file does not name stays as it is. A file with a mistake changes nothing.\n\n\
                  Examples:\n  daypass label import looks.toml\n  \
                  daypass label import --replace - < looks.toml"
)]
pub(crate) struct LabelImport {
    /// The file; `-` for standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Drop everything that the file does not name
    #[arg(long)]
    pub(crate) replace: bool,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// Two flags that say opposite things, or neither.
pub(crate) fn choice(yes: bool, no: bool) -> Option<bool> {
    match (yes, no) {
        (true, _) => Some(true),
        (false, true) => Some(false),
        (false, false) => None,
    }
}
