//! What a process keeps from others and may take: no core dump, no other process of the user looks in, room for
//! open files.

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

/// So many files may be open in the application, where the system lets it.
#[cfg(unix)]
const OPEN_FILES: u64 = 8_192;

/// Allows more open files than the usual 1,024, for the application: each of its windows leaves one of the web
/// view's behind, and it runs for months.
#[cfg(unix)]
pub fn allow_open_files() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let most = limit.maximum.unwrap_or(OPEN_FILES).min(OPEN_FILES);
    if limit.current.is_some_and(|now| now < most) {
        let _ = setrlimit(
            Resource::Nofile,
            Rlimit {
                current: Some(most),
                maximum: limit.maximum,
            },
        );
    }
}

/// Nothing is known to do here.
#[cfg(not(unix))]
pub fn allow_open_files() {}

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

#[cfg(all(test, unix))]
mod tests {
    use super::{OPEN_FILES, allow_open_files};
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    #[test]
    fn more_files_may_be_open_than_usual_and_no_fewer_than_before() {
        let before = getrlimit(Resource::Nofile);
        let most = before.maximum.unwrap_or(OPEN_FILES).min(OPEN_FILES);
        let usual = Rlimit {
            current: Some(most.min(1_024)),
            maximum: before.maximum,
        };
        setrlimit(Resource::Nofile, usual).unwrap();
        allow_open_files();
        assert_eq!(getrlimit(Resource::Nofile).current, Some(most));
        setrlimit(Resource::Nofile, before).unwrap();
        allow_open_files();
        let least = before.current.unwrap_or(most).max(most);
        assert!(
            getrlimit(Resource::Nofile)
                .current
                .is_none_or(|now| now >= least)
        );
    }
}
