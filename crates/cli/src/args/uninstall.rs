//! The words of `uninstall`.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use daypass_core::aws_config::Leaving;

use super::Json;

#[derive(Args, Debug)]
#[command(
    after_help = "The programs go with whatever installed them, such as `sudo apt purge daypass`.\n\n\
                        Examples:\n  daypass uninstall\n  daypass uninstall --purge --dry-run\n  daypass uninstall --purge --yes"
)]
pub(crate) struct Uninstall {
    /// Sign out everywhere and remove all of it, after a question
    #[arg(long)]
    pub(crate) purge: bool,
    /// What becomes of profiles that Daypass wrote: they are kept without its mark, or removed
    #[arg(
        long,
        value_name = "keep|remove",
        default_value = "keep",
        value_parser = profiles(),
        hide_possible_values = true
    )]
    pub(crate) profiles: Leaving,
    /// Show what would be removed; remove nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) json: Json,
}

fn profiles() -> impl TypedValueParser<Value = Leaving> {
    PossibleValuesParser::new(["keep", "remove"]).map(|word| match word.as_str() {
        "remove" => Leaving::TakeOut,
        _ => Leaving::Unmark,
    })
}
