//! Many processes want the same at once; `cargo xtask soak` has them do so a thousand times.

use testkit::Result;
use testkit::races::{self, Cause};

#[test]
fn sixteen_processes_whose_token_ended_spend_one_refresh_token() -> Result<()> {
    races::run(Cause::Ended, 10).map(drop)
}

#[test]
fn sixteen_processes_whose_token_is_refused_spend_one_refresh_token() -> Result<()> {
    races::run(Cause::Refused, 10).map(drop)
}
