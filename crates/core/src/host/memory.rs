//! Keeps what is in memory from other programs: no core dump, no other process of the user looks in.

/// The limit at which no core is made. Of 0 Linux leaves no file, yet gives the memory to a program that the
/// system has for cores; of 1 neither.
#[cfg(unix)]
const NONE: u64 = if cfg!(target_os = "linux") { 1 } else { 0 };

/// The limit of core dumps as it was.
#[cfg(unix)]
static BEFORE: std::sync::OnceLock<rustix::process::Rlimit> = std::sync::OnceLock::new();

/// Closes this process. What cannot be closed is left: it is no reason not to work.
#[cfg(unix)]
pub fn close() {
    leave_no_core();
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

/// Leaves no core dump. For the application, which desktop services have to look at: they read its
/// entries below `/proc`, which a process that is closed altogether hides.
#[cfg(unix)]
pub fn leave_no_core() {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Core);
    let limit = BEFORE.get_or_init(|| limit);
    let none = rustix::process::Rlimit {
        current: Some(NONE.min(limit.maximum.unwrap_or(NONE))),
        maximum: limit.maximum,
    };
    let _ = rustix::process::setrlimit(rustix::process::Resource::Core, none);
}

/// Nothing is known to do here.
#[cfg(not(unix))]
pub fn close() {}

/// Nothing is known to do here.
#[cfg(not(unix))]
pub fn leave_no_core() {}

/// Gives the limit back before another program takes this process over.
#[cfg(unix)]
pub fn reopen() {
    if let Some(limit) = BEFORE.get() {
        let _ = rustix::process::setrlimit(rustix::process::Resource::Core, *limit);
    }
}

/// Nothing is known to do here.
#[cfg(not(unix))]
pub fn reopen() {}
