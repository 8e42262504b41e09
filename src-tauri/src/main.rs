//! Starts the tray application.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::alloc::System;
use zeroizing_alloc::ZeroAlloc;

/// What is freed is wiped: libraries hold secrets too, and do not wipe theirs.
#[global_allocator]
static WIPING: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> std::process::ExitCode {
    daypass_desktop::run()
}
