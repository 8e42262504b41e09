//! The words of `chain`: roles to assume from an assignment.

use clap::{Args, Subcommand};
use daypass_core::settings::chains::RoleArn;

use super::{Json, Whose, values};

#[derive(Debug, Subcommand)]
#[command(
    after_help = "A chained role is a row of its own: its console, credentials, exec and profiles are named by its \
                  name. One can be assumed from another, up to eight deep.\n\n\
                  Examples:\n  daypass chain add audit/ReadOnly --role-arn arn:aws:iam::111122223333:role/Deploy --name deploy\n  \
                  daypass console deploy"
)]
pub(crate) enum ChainVerb {
    /// Add a role to assume from an assignment, or from another chained role
    Add(Box<ChainAdd>),
    /// List the chained roles and where each begins
    List(ChainList),
    /// Take a chained role away
    Remove(ChainRemove),
}

#[derive(Args, Debug)]
#[command(
    after_help = "TARGET is where the role is assumed from: an assignment, or a chained role by its name.\n\n\
                  Examples:\n  \
                  daypass chain add audit/ReadOnly --role-arn arn:aws:iam::111122223333:role/Deploy --name deploy\n  \
                  daypass chain add deploy --role-arn arn:aws:iam::444455556666:role/Restore --external-id sesame --duration 30m"
)]
pub(crate) struct ChainAdd {
    #[command(flatten)]
    pub(crate) whose: Whose,
    /// The role to assume
    #[arg(long, value_name = "ARN", value_parser = values::role_arn)]
    pub(crate) role_arn: RoleArn,
    /// Its name here; the role's own where nothing is said
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// What the role's owner asks for along with the request
    #[arg(long, value_name = "ID")]
    pub(crate) external_id: Option<String>,
    /// The name of the role session in AWS's records; who is signed in where nothing is said
    #[arg(long, value_name = "NAME")]
    pub(crate) session_name: Option<String>,
    /// How long its credentials shall last, from 15m to 1h, which is AWS's limit for chained roles
    #[arg(long, value_parser = values::duration, value_name = "TIME")]
    pub(crate) duration: Option<jiff::SignedDuration>,
    /// Replace one of the same name
    #[arg(long)]
    pub(crate) replace: bool,
    #[command(flatten)]
    pub(crate) json: Json,
}

#[derive(Args, Debug)]
#[command(after_help = "Example:\n  daypass chain list --json")]
pub(crate) struct ChainList {
    /// Only this session
    #[arg(long, value_name = "NAME")]
    pub(crate) session: Option<String>,
    #[command(flatten)]
    pub(crate) json: Json,
}

#[derive(Args, Debug)]
#[command(after_help = "Example:\n  daypass chain remove deploy")]
pub(crate) struct ChainRemove {
    /// Its name
    pub(crate) name: String,
    /// The session, where there are several
    #[arg(long, value_name = "NAME")]
    pub(crate) session: Option<String>,
    #[command(flatten)]
    pub(crate) json: Json,
}
