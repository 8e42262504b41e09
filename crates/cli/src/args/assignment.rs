//! How an assignment is named, and the words of the verbs that use one.

use std::ffi::OsString;

use clap::Args;
use daypass_core::credentials::Format;
use daypass_core::daypass::{Target, Via};
use daypass_core::settings::Wish;
use daypass_core::{Code, Error, Result};
use jiff::SignedDuration;

use super::values;

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
    /// Whether session, account and role are all given, so that nothing has to be looked up.
    pub(crate) fn is_whole(&self) -> bool {
        self.session.is_some() && self.account.is_some() && self.role.is_some()
    }

    /// Whether no account and permission set is named.
    pub(crate) fn is_empty(&self) -> bool {
        self.account.is_none() && self.words.iter().all(|word| word.trim().is_empty())
    }

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
            _ if self.is_empty() => {
                let message = "say which account and permission set";
                Err(Error::new(Code::Usage, message)
                    .with_hint("give ACCOUNT/ROLE, search words, or --account ID --role NAME"))
            }
            _ => Ok(Target::of_words(self.words.clone())),
        }
    }
}

#[derive(Args, Debug)]
#[command(
    after_help = "Without a TARGET the account that an ARN or a console address names is opened, as its \
                  only permission set or the one that was used last.\n\n\
                  Examples:\n  daypass console pay prod ro\n  \
                  daypass console 111122223333/ReadOnly --destination s3 --region eu-west-1\n  \
                  daypass console pay prod ro --browser firefox:Work\n  \
                  daypass console --destination arn:aws:lambda:eu-west-1:111122223333:function:orders"
)]
pub(crate) struct Console {
    #[command(flatten)]
    pub(crate) whose: Whose,
    /// Where to land: a service such as `s3`, a console address, or an ARN
    #[arg(long, value_name = "PLACE")]
    pub(crate) destination: Option<String>,
    /// The Region to land in
    #[arg(long)]
    pub(crate) region: Option<String>,
    /// The kind of link [default: the session's, which is federation unless it was changed]
    #[arg(long, value_parser = values::via(), value_name = "KIND")]
    pub(crate) via: Option<Via>,
    /// In which browser: such as `firefox:Work`, `chrome+private`, or `default`
    #[arg(long, value_parser = values::browser, value_name = "BROWSER", conflicts_with = "print")]
    pub(crate) browser: Option<Wish>,
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
    after_help = "Which terminal: `terminal` in settings.toml, TERMINAL, else the one of the desktop.\n\n\
                        Example:\n  daypass terminal pay prod ro"
)]
pub(crate) struct Terminal {
    #[command(flatten)]
    pub(crate) whose: Whose,
}

#[derive(Args, Debug)]
#[command(
    after_help = "AWS's tools find the endpoint by the two variables that are printed, or that COMMAND gets. It is\n\
                  on 127.0.0.1, answers nobody without the token, and ends with its time or with COMMAND.\n\n\
                  Examples:\n  daypass serve pay prod ro --for 8h\n  \
                  daypass serve pay prod ro -- docker run --network host -e AWS_CONTAINER_CREDENTIALS_FULL_URI \\\n    \
                  -e AWS_CONTAINER_AUTHORIZATION_TOKEN amazon/aws-cli s3 ls\n  \
                  daypass serve 111122223333/ReadOnly -- python3 job.py"
)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) whose: Whose,
    /// For how long, up to 12h
    #[arg(long = "for", value_parser = values::duration, value_name = "TIME", default_value = "1h")]
    pub(crate) lifetime: SignedDuration,
    /// The shell that the printed lines are for
    #[arg(long, value_parser = values::lines(), value_name = "FORMAT", default_value = "env")]
    pub(crate) format: Format,
    /// The Region for the command
    #[arg(long, requires = "command")]
    pub(crate) region: Option<String>,
    /// A command to run with the variables, and its arguments, after --; serving ends with it
    #[arg(last = true, value_name = "COMMAND", conflicts_with = "format")]
    pub(crate) command: Vec<OsString>,
}
