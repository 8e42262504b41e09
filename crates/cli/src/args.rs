//! The words users type. What they mean is the matter of `cmd`.

mod assignment;
mod chain;
mod label;
mod profile;
mod session;
mod uninstall;
mod values;

use std::time::Duration;

use clap::{Args, Parser, Subcommand};

pub(crate) use assignment::{Console, Credentials, Exec, Serve, Terminal, Whose};
pub(crate) use chain::{ChainAdd, ChainList, ChainRemove, ChainVerb};
pub(crate) use label::{
    LabelDefine, LabelExport, LabelImport, LabelRemove, LabelSet, LabelVerb, Named, Row, RuleAdd,
    RuleRemove, RuleVerb, choice,
};
pub(crate) use profile::{ProfileAdd, ProfileRemove, ProfileSync, ProfileVerb};
pub(crate) use session::{SessionAdd, SessionImport, SessionSet, SessionVerb};
pub(crate) use uninstall::Uninstall;

/// AWS IAM Identity Center sessions: sign in, open consoles, write profiles, hand out credentials.
#[derive(Debug, Parser)]
#[command(
    name = "daypass",
    version,
    max_term_width = 100,
    disable_help_subcommand = true,
    after_help = "Examples:\n  daypass session add work --start-url https://my-company.awsapps.com/start --region eu-central-1\n  \
                  daypass login\n  daypass console pay prod ro"
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) manners: Manners,
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

/// How the command behaves, whatever it does.
#[derive(Args, Clone, Copy, Debug, Default)]
pub(crate) struct Manners {
    /// Say nothing but errors on standard error
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// Answer every question with yes
    #[arg(long, short, global = true)]
    pub(crate) yes: bool,
    /// Print without colour (as with NO_COLOR)
    #[arg(long, global = true)]
    pub(crate) no_color: bool,
}

/// Whether standard output is one JSON document.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct Json {
    /// Print one JSON document
    #[arg(long = "json")]
    pub(crate) wanted: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Register access portals, list them, change and remove them
    #[command(subcommand)]
    Session(SessionVerb),
    /// Sign in
    Login(Login),
    /// End a session at the portal and erase its tokens and role credentials here
    Logout(Logout),
    /// Show the sessions, where their tokens are, and their clocks; exit code 3 if one needs sign-in
    Status(Status),
    /// List accounts and permission sets
    List(List),
    /// Open the AWS console
    Console(Console),
    /// List the browsers that a console or a sign-in can open in
    Browsers(Browsers),
    /// Write profiles of the AWS config file
    #[command(subcommand)]
    Profile(ProfileVerb),
    /// Labels, aliases, guards, hidden rows, and the rules that give them
    #[command(subcommand)]
    Label(LabelVerb),
    /// Roles to assume from an assignment, as rows of their own
    #[command(subcommand)]
    Chain(ChainVerb),
    /// Print role credentials; never signs in and never opens a browser
    Credentials(Credentials),
    /// Run a command with role credentials in its environment
    Exec(Exec),
    /// Open your terminal with role credentials in the environment of its shell
    Terminal(Terminal),
    /// Show the panel of the desktop application
    #[command(
        after_help = "Bind it to a key, where the desktop gives applications none:\n  daypass open"
    )]
    Open,
    /// Look at everything that Daypass stands on, and say what to do
    Doctor(Doctor),
    /// Hand role credentials out on this machine, for tools that know no profiles
    Serve(Serve),
    /// Print the completions of a shell
    Completions(Completions),
    /// Print a manual page
    Man(Man),
    /// Say what Daypass has on this machine, and remove it with --purge
    Uninstall(Uninstall),
}

impl Verb {
    /// Whether the verb looks into the lists of accounts.
    pub(crate) fn needs_lists(&self) -> bool {
        match self {
            Verb::Credentials(words) => words.profile.is_none() && !words.whose.is_whole(),
            Verb::Exec(words) => !words.whose.is_whole(),
            Verb::Session(_)
            | Verb::Login(_)
            | Verb::Logout(_)
            | Verb::Status(_)
            | Verb::List(_)
            | Verb::Console(_)
            | Verb::Browsers(_)
            | Verb::Profile(_)
            | Verb::Label(_)
            | Verb::Serve(_)
            | Verb::Chain(_)
            | Verb::Terminal(_)
            | Verb::Open
            | Verb::Doctor(_)
            | Verb::Completions(_)
            | Verb::Man(_)
            | Verb::Uninstall(_) => true,
        }
    }

    /// Whether a command of the user's runs beside: interruptions are its own matter then.
    pub(crate) fn runs_a_command(&self) -> bool {
        matches!(self, Verb::Serve(words) if !words.command.is_empty())
    }
}

#[derive(Args, Debug)]
#[command(
    after_help = "Where a browser could not report back (SSH, WSL, a container), a code is used.\n\
                  DAYPASS_SIGN_IN=browser or DAYPASS_SIGN_IN=code decides otherwise.\n\n\
                  Examples:\n  daypass login\n  daypass login work --device --no-browser"
)]
pub(crate) struct Login {
    /// The session; the only one where nothing is said
    pub(crate) session: Option<String>,
    /// Sign in with a code that you approve on any device
    #[arg(long)]
    pub(crate) device: bool,
    /// Print the address as the first line of standard output instead of opening it
    #[arg(long)]
    pub(crate) no_browser: bool,
    /// Sign in afresh although a sign-in is valid
    #[arg(long)]
    pub(crate) force: bool,
    /// How long to wait for the approval
    #[arg(long, value_parser = values::patience, value_name = "TIME", default_value = "10m")]
    pub(crate) timeout: Duration,
}

#[derive(Args, Debug)]
#[command(after_help = "Example:\n  daypass browsers")]
pub(crate) struct Browsers {
    #[command(flatten)]
    pub(crate) json: Json,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Exit code 1 where something does not work. Nothing of yours leaves this machine.\n\n\
                  Examples:\n  daypass doctor --json\n  daypass doctor --diagnostics report.txt"
)]
pub(crate) struct Doctor {
    /// Print what a report of trouble needs, scrubbed of secrets and names; with FILE, save it there after
    /// showing it (mode 0600)
    #[arg(long, value_name = "FILE", num_args = 0..=1, conflicts_with = "wanted")]
    pub(crate) diagnostics: Option<Option<std::path::PathBuf>>,
    #[command(flatten)]
    pub(crate) json: Json,
}

#[derive(Args, Debug)]
#[command(after_help = "Example:\n  daypass logout --all")]
pub(crate) struct Logout {
    /// The session; the only one where nothing is said
    pub(crate) session: Option<String>,
    /// All sessions
    #[arg(long, conflicts_with = "session")]
    pub(crate) all: bool,
}

#[derive(Args, Debug)]
#[command(after_help = "Example:\n  daypass status work || daypass login work")]
pub(crate) struct Status {
    /// The session; all of them where nothing is said
    pub(crate) session: Option<String>,
    #[command(flatten)]
    pub(crate) json: Json,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Words are found in names, aliases, ids, e-mail addresses, permission sets and labels, in any \
                        order; `is:hidden` lists what is hidden.\n\n\
                        Example:\n  daypass list pay prod --refresh"
)]
pub(crate) struct List {
    /// Search words
    pub(crate) words: Vec<String>,
    /// Only this session
    #[arg(long, value_name = "NAME")]
    pub(crate) session: Option<String>,
    /// Ask the portal instead of the copy on disk
    #[arg(long)]
    pub(crate) refresh: bool,
    /// Also what is hidden
    #[arg(long)]
    pub(crate) all: bool,
    /// One row for each account, with its e-mail address
    #[arg(long)]
    pub(crate) accounts: bool,
    #[command(flatten)]
    pub(crate) json: Json,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  daypass completions bash > ~/.local/share/bash-completion/completions/daypass"
)]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Args, Debug)]
#[command(after_help = "Example:\n  daypass man profile add | man -l -")]
pub(crate) struct Man {
    /// The verb; the command as a whole where nothing is said
    pub(crate) verb: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;
    use daypass_core::Code;
    use daypass_core::daypass::Target;

    fn parse(line: &str) -> std::result::Result<Verb, clap::error::ErrorKind> {
        let words = line.split_whitespace();
        let parsed = Arguments::try_parse_from(std::iter::once("daypass").chain(words));
        parsed.map(|it| it.verb).map_err(|error| error.kind())
    }

    fn whose(line: &str) -> Whose {
        match parse(line).unwrap() {
            Verb::Credentials(it) => it.whose,
            Verb::Exec(it) => it.whose,
            Verb::Console(it) => it.whose,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_words_fit_together() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_verb_ends_its_help_with_an_example() {
        fn check(command: &clap::Command, path: &str) {
            command
                .get_subcommands()
                .for_each(|it| check(it, &format!("{path} {}", it.get_name())));
            let help = command.clone().render_help().to_string();
            let last = help
                .trim_end()
                .lines()
                .last()
                .unwrap_or_default()
                .to_owned();
            assert!(last.starts_with("  daypass "), "{path}: {last}");
        }
        check(&Arguments::command(), "daypass");
    }

    #[test]
    fn a_target_in_its_three_forms() {
        let named = |account: &str, role: &str| Target::Named {
            account: account.into(),
            role: role.into(),
        };
        let target = |line: &str| whose(line).target().unwrap();
        assert_eq!(
            target("console 111122223333/ReadOnly --print --json"),
            named("111122223333", "ReadOnly")
        );
        assert_eq!(
            target("exec pay prod -- aws s3 ls --role x"),
            Target::Words(vec!["pay".into(), "prod".into()])
        );
        assert_eq!(
            target("credentials --session work --account 000000000001 --role A"),
            Target::Exact {
                account_id: "000000000001".into(),
                role: "A".into()
            }
        );
        let nothing = whose("credentials").target().unwrap_err();
        assert_eq!(nothing.code(), Code::Usage);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        for line in [
            "no-such-verb",
            "login --no-such-flag",
            "login --timeout soon",
            "console x --json",
            "credentials --account 000000000001",
            "credentials x --account 000000000001 --role A",
            "credentials --profile p x",
            "credentials x --format yaml",
            "exec x",
            "exec x --",
            "session set work",
            "session add work",
            "profile add x --name a --default",
            "profile add x --set novalue",
            "logout work --all",
            "label set x --protect --no-protect",
            "label set x --role A --alias B",
            "label define x --shape cube --colour red",
            "label rule remove one",
            "label import",
        ] {
            assert!(parse(line).is_err(), "{line}");
        }
    }

    #[test]
    fn common_flags_stand_anywhere() {
        let words = [
            "daypass",
            "profile",
            "list",
            "--quiet",
            "--yes",
            "--no-color",
        ];
        let manners = Arguments::try_parse_from(words).unwrap().manners;
        assert!(manners.quiet && manners.yes && manners.no_color);
    }
}
