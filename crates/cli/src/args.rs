//! The words users type. What they mean is the matter of `cmd`.

mod values;

use std::ffi::OsString;
use std::time::Duration;

use clap::{ArgGroup, Args, Parser, Subcommand};
use daypass_core::aws_config::Style;
use daypass_core::credentials::Format;
use daypass_core::daypass::{Target, Via};
use daypass_core::secrets::Storage;
use daypass_core::{Code, Error, Result};
use jiff::SignedDuration;

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
    /// Write profiles of the AWS config file
    #[command(subcommand)]
    Profile(ProfileVerb),
    /// Print role credentials; never signs in and never opens a browser
    Credentials(Credentials),
    /// Run a command with role credentials in its environment
    Exec(Exec),
    /// Print the completions of a shell
    Completions(Completions),
    /// Print a manual page
    Man(Man),
}

#[derive(Debug, Subcommand)]
#[command(after_help = "Example:\n  daypass session list")]
pub(crate) enum SessionVerb {
    /// Register an access portal
    Add(SessionAdd),
    /// List the registered sessions
    List(SessionList),
    /// Change a session
    Set(SessionSet),
    /// Remove a session: its sign-in ends and its list goes
    Remove(SessionRemove),
}

#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  daypass session add work --start-url https://my-company.awsapps.com/start --region eu-central-1"
)]
pub(crate) struct SessionAdd {
    /// What to call it: letters, digits, `-`, `_`, `.`
    pub(crate) name: String,
    /// The address of the access portal, as copied from the browser
    #[arg(long, value_name = "URL")]
    pub(crate) start_url: String,
    /// The portal's Region, where the address does not tell it
    #[arg(long)]
    pub(crate) region: Option<String>,
    /// Where its tokens rest [default: keychain]
    #[arg(long, value_parser = values::storage(), value_name = "PLACE")]
    pub(crate) storage: Option<Storage>,
    /// How long a sign-in lasts in your organisation, such as 12h
    #[arg(long, value_parser = values::duration, value_name = "TIME")]
    pub(crate) length: Option<SignedDuration>,
    /// Trust an address outside of AWS, or on this machine
    #[arg(long)]
    pub(crate) allow_custom_portal: bool,
}

#[derive(Args, Debug)]
#[command(after_help = "Example:\n  daypass session list --json")]
pub(crate) struct SessionList {
    #[command(flatten)]
    pub(crate) json: Json,
}

#[derive(Args, Debug)]
#[command(
    group = ArgGroup::new("change").args(["storage", "length"]).required(true).multiple(true),
    after_help = "Example:\n  daypass session set work --storage shared"
)]
pub(crate) struct SessionSet {
    /// The session
    pub(crate) name: String,
    /// Where its tokens rest from now on; they move
    #[arg(long, value_parser = values::storage(), value_name = "PLACE")]
    pub(crate) storage: Option<Storage>,
    /// How long a sign-in lasts in your organisation, such as 12h
    #[arg(long, value_parser = values::duration, value_name = "TIME")]
    pub(crate) length: Option<SignedDuration>,
}

#[derive(Args, Debug)]
#[command(after_help = "Example:\n  daypass session remove work")]
pub(crate) struct SessionRemove {
    /// The session
    pub(crate) name: String,
}

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  daypass login\n  daypass login work --device --no-browser")]
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
#[command(after_help = "Example:\n  daypass list pay prod --refresh")]
pub(crate) struct List {
    /// Search words
    pub(crate) words: Vec<String>,
    /// Only this session
    #[arg(long, value_name = "NAME")]
    pub(crate) session: Option<String>,
    /// Ask the portal instead of the copy on disk
    #[arg(long)]
    pub(crate) refresh: bool,
    /// One row for each account, with its e-mail address
    #[arg(long)]
    pub(crate) accounts: bool,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// How an account and a permission set are named.
#[derive(Args, Debug)]
pub(crate) struct Whose {
    /// ACCOUNT/ROLE, or search words such as `pay prod ro`
    #[arg(value_name = "TARGET", conflicts_with_all = ["account", "role"])]
    words: Vec<String>,
    /// The account's id, for scripts; together with --role
    #[arg(long, value_name = "ID", requires = "role")]
    account: Option<String>,
    /// The permission set, for scripts; together with --account
    #[arg(long, value_name = "NAME", requires = "account")]
    role: Option<String>,
    /// The session, where there are several
    #[arg(long, value_name = "NAME")]
    pub(crate) session: Option<String>,
}

impl Whose {
    /// The target that is named.
    ///
    /// # Errors
    /// `Usage` where none is.
    pub(crate) fn target(&self) -> Result<Target> {
        match (&self.account, &self.role) {
            (Some(account), Some(role)) => Ok(Target::Exact {
                account_id: account.clone(),
                role: role.clone(),
            }),
            _ if self.words.iter().all(|word| word.trim().is_empty()) => {
                let message = "say which account and permission set";
                Err(Error::new(Code::Usage, message)
                    .with_hint("give ACCOUNT/ROLE, search words, or --account ID --role NAME"))
            }
            _ => Ok(Target::of_words(self.words.clone())),
        }
    }
}

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  daypass console pay prod ro\n  \
                        daypass console 111122223333/ReadOnly --destination s3 --region eu-west-1")]
pub(crate) struct Console {
    #[command(flatten)]
    pub(crate) whose: Whose,
    /// Where to land: a service such as `s3`, a console address or an ARN
    #[arg(long, value_name = "PLACE")]
    pub(crate) destination: Option<String>,
    /// The Region to land in
    #[arg(long)]
    pub(crate) region: Option<String>,
    /// The kind of link
    #[arg(long, value_parser = values::via(), value_name = "KIND", default_value = "federation")]
    pub(crate) via: Via,
    /// How long the console session shall last, from 15m to 12h
    #[arg(long, value_parser = values::duration, value_name = "TIME")]
    pub(crate) duration: Option<SignedDuration>,
    /// Print the address instead of opening it; whoever has it is signed in
    #[arg(long)]
    pub(crate) print: bool,
    /// Print one JSON document; with --print
    #[arg(long, requires = "print")]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
#[command(after_help = "Example:\n  daypass profile add pay prod ro --dry-run")]
pub(crate) enum ProfileVerb {
    /// Write one profile, with a backup of the file before
    Add(Box<ProfileAdd>),
    /// Write the profiles of all assignments at once
    Sync(ProfileSync),
    /// List the profiles that sign in through a session
    List(ProfileList),
    /// Take out a profile that Daypass wrote
    Remove(ProfileRemove),
    /// Take Daypass's last change of the file back
    Undo(ProfileUndo),
}

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  daypass profile add pay prod ro --name pay-prod\n  \
                        daypass profile add 111122223333/Admin --set cli_pager= --dry-run"
)]
pub(crate) struct ProfileAdd {
    #[command(flatten)]
    pub(crate) whose: Whose,
    /// The profile's name; made from account and role where nothing is said
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// The profile's Region
    #[arg(long)]
    pub(crate) region: Option<String>,
    /// The output format of the AWS CLI, such as json
    #[arg(long, value_name = "FORMAT")]
    pub(crate) output: Option<String>,
    /// How tools get credentials; by the session's storage where nothing is said
    #[arg(long, value_parser = values::style(), value_name = "STYLE")]
    pub(crate) style: Option<Style>,
    /// A further setting; may be repeated
    #[arg(long = "set", value_parser = values::setting, value_name = "KEY=VALUE")]
    pub(crate) settings: Vec<(String, String)>,
    /// Write the default profile
    #[arg(long, conflicts_with = "name")]
    pub(crate) default: bool,
    /// Change a profile of that name that Daypass did not write, and only the keys that are needed
    #[arg(long)]
    pub(crate) replace: bool,
    /// Show what would change; write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) json: Json,
}

#[derive(Args, Debug)]
#[command(after_help = "Example:\n  daypass profile sync --prune --dry-run")]
pub(crate) struct ProfileSync {
    /// Only this session; all of them where nothing is said
    #[arg(long, value_name = "NAME")]
    pub(crate) session: Option<String>,
    /// How names are made, from {account}, {account_id}, {role} and {session}
    #[arg(long, value_name = "TEMPLATE")]
    pub(crate) template: Option<String>,
    /// How tools get credentials; by the session's storage where nothing is said
    #[arg(long, value_parser = values::style(), value_name = "STYLE")]
    pub(crate) style: Option<Style>,
    /// The profiles' Region
    #[arg(long)]
    pub(crate) region: Option<String>,
    /// The output format of the AWS CLI, such as json
    #[arg(long, value_name = "FORMAT")]
    pub(crate) output: Option<String>,
    /// Take out profiles that Daypass wrote and whose assignment is gone
    #[arg(long)]
    pub(crate) prune: bool,
    /// Show what would change; write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) json: Json,
}

#[derive(Args, Debug)]
#[command(after_help = "Example:\n  daypass profile list --json")]
pub(crate) struct ProfileList {
    #[command(flatten)]
    pub(crate) json: Json,
}

#[derive(Args, Debug)]
#[command(after_help = "Example:\n  daypass profile remove pay-prod")]
pub(crate) struct ProfileRemove {
    /// The profile
    pub(crate) name: String,
    /// Show what would change; write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) json: Json,
}

#[derive(Args, Debug)]
#[command(after_help = "Example:\n  daypass profile undo")]
pub(crate) struct ProfileUndo {
    #[command(flatten)]
    pub(crate) json: Json,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  daypass credentials 111122223333/ReadOnly --format env\n  \
                        daypass credentials --session work --account 111122223333 --role ReadOnly"
)]
pub(crate) struct Credentials {
    #[command(flatten)]
    pub(crate) whose: Whose,
    /// Those of a profile of the AWS config file
    #[arg(long, value_name = "NAME", conflicts_with_all = ["words", "account", "role", "session"])]
    pub(crate) profile: Option<String>,
    /// The form
    #[arg(long, value_parser = values::format(), value_name = "FORMAT", default_value = "process")]
    pub(crate) format: Format,
    /// Print errors as a JSON document too
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
#[command(after_help = "Example:\n  daypass exec pay prod ro -- aws s3 ls")]
pub(crate) struct Exec {
    #[command(flatten)]
    pub(crate) whose: Whose,
    /// The Region for the command
    #[arg(long)]
    pub(crate) region: Option<String>,
    /// The command and its arguments, after --
    #[arg(last = true, required = true, value_name = "COMMAND")]
    pub(crate) command: Vec<OsString>,
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
            "console x --browser firefox",
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
