//! The words of `session`.

use clap::{ArgGroup, Args, Subcommand};
use daypass_core::daypass::Via;
use daypass_core::secrets::Storage;
use daypass_core::settings::Wish;
use jiff::SignedDuration;

use super::{Json, values};

#[derive(Debug, Subcommand)]
#[command(after_help = "Example:\n  daypass session list")]
pub(crate) enum SessionVerb {
    /// Register an access portal
    Add(SessionAdd),
    /// List the registered sessions
    List(SessionList),
    /// Change a session
    Set(SessionSet),
    /// Bring in the sessions that the AWS config file knows
    Import(SessionImport),
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
    group = ArgGroup::new("change").args(["new_name", "storage", "length", "browser", "console_browser", "console_via"]).required(true).multiple(true),
    after_help = "Examples:\n  daypass session set work --storage shared\n  daypass session set work --name acme"
)]
pub(crate) struct SessionSet {
    /// The session
    pub(crate) name: String,
    /// What to call it from now on; everything that is kept of it moves
    #[arg(long = "name", value_name = "NEW")]
    pub(crate) new_name: Option<String>,
    /// Where its tokens rest from now on; they move
    #[arg(long, value_parser = values::storage(), value_name = "PLACE")]
    pub(crate) storage: Option<Storage>,
    /// How long a sign-in lasts in your organisation, such as 12h
    #[arg(long, value_parser = values::duration, value_name = "TIME")]
    pub(crate) length: Option<SignedDuration>,
    /// In which browser it signs in: such as `firefox:Work`, or `default`
    #[arg(long, value_parser = values::browser, value_name = "BROWSER")]
    pub(crate) browser: Option<Wish>,
    /// In which browser its consoles open: such as `chrome:Work`, `firefox+container=Prod`, or `default`
    #[arg(long, value_parser = values::browser, value_name = "BROWSER")]
    pub(crate) console_browser: Option<Wish>,
    /// The kind of link that opens its consoles
    #[arg(long, value_parser = values::via(), value_name = "KIND")]
    pub(crate) console_via: Option<Via>,
}

#[derive(Args, Debug)]
#[command(
    long_about = "Bring in the sessions that the AWS config file knows: its [sso-session] blocks, and the \
                  portals of older profiles. The file is not changed. Without names, all of them.",
    after_help = "Examples:\n  daypass session import --dry-run\n  daypass session import my-org"
)]
pub(crate) struct SessionImport {
    /// Only these
    pub(crate) names: Vec<String>,
    /// Where their tokens rest [default: shared, as the AWS tools use them already]
    #[arg(long, value_parser = values::storage(), value_name = "PLACE")]
    pub(crate) storage: Option<Storage>,
    /// Trust addresses outside of AWS, or on this machine
    #[arg(long)]
    pub(crate) allow_custom_portal: bool,
    /// Say what would be done, and do nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) json: Json,
}

#[derive(Args, Debug)]
#[command(after_help = "Example:\n  daypass session remove work")]
pub(crate) struct SessionRemove {
    /// The session
    pub(crate) name: String,
}
