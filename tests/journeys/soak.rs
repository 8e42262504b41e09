//! Everyday use at a hundred times its pace; `cargo xtask soak` does the same for longer.

use std::time::Duration;
use testkit::Result;
use testkit::scene::Storage;
use testkit::soak::{self, Wish};

#[test]
fn many_processes_the_application_and_a_tool_without_locks_share_one_sign_in() -> Result<()> {
    soaked(Wish {
        storage: Storage::Shared,
        loops: 16,
        span: Duration::from_secs(45),
        token_life: 30,
        pause: Duration::from_millis(1_200),
        application: true,
    })
}

#[test]
fn many_processes_share_one_sign_in_in_the_keychain() -> Result<()> {
    soaked(Wish {
        storage: Storage::Keychain,
        loops: 8,
        span: Duration::from_secs(32),
        token_life: 24,
        pause: Duration::from_millis(1_200),
        application: false,
    })
}

fn soaked(wish: Wish) -> Result<()> {
    let report = soak::run(wish)?;
    report.holds()
}
