//! Keeps what is in memory from other programs: no core dump, no other process of the user looks in.

/// The limit of core dumps as it was.
#[cfg(unix)]
static BEFORE: std::sync::OnceLock<rustix::process::Rlimit> = std::sync::OnceLock::new();

/// Closes this process. What cannot be closed is left: it is no reason not to work.
#[cfg(unix)]
pub(crate) fn close() {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Core);
    let limit = BEFORE.get_or_init(|| limit);
    let none = rustix::process::Rlimit {
        current: Some(0),
        maximum: limit.maximum,
    };
    let _ = rustix::process::setrlimit(rustix::process::Resource::Core, none);
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

#[cfg(not(unix))]
pub(crate) fn close() {}

/// Gives the limit back before another program takes this process over.
#[cfg(unix)]
pub(crate) fn reopen() {
    if let Some(limit) = BEFORE.get() {
        let _ = rustix::process::setrlimit(rustix::process::Resource::Core, *limit);
    }
}
