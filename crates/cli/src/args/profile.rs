//! The words of `profile`.

use clap::{Args, Subcommand};
use daypass_core::aws_config::Style;

use super::{Json, Whose, values};

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
#[command(after_help = "Examples:\n  daypass profile sync --prune --dry-run\n  \
                        daypass profile sync prod --template '{account_name|trim:acme-}-{role}'")]
pub(crate) struct ProfileSync {
    /// Only what these words find, as in `list`; all where nothing is said
    #[arg(value_name = "WORDS")]
    pub(crate) words: Vec<String>,
    /// Only this session; all of them where nothing is said
    #[arg(long, value_name = "NAME")]
    pub(crate) session: Option<String>,
    /// How names are made, from {account_name}, {account_id}, {role} and {session}, each with |upper,
    /// |keep, |trim:TEXT or |replace:OLD=NEW behind it
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
