//! The desktop's clipboard. A secret is kept out of clipboard histories and clouds, and cleared after
//! 45 seconds unless somebody else has put something there meanwhile.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use daypass_core::host::{Clipboard, Sensitivity};
use daypass_core::secrets::Secret;

/// How long a secret stays there.
const SECRET_LIFE: Duration = Duration::from_secs(45);

/// On Linux a text lives only as long as its owner, so the owner stays.
static OWNER: Mutex<Option<arboard::Clipboard>> = Mutex::new(None);

/// The clipboard as core knows it.
pub(crate) fn desktop() -> Clipboard {
    Clipboard::new(put)
}

fn put(text: &str, sensitivity: Sensitivity) -> bool {
    let mut owner = owner();
    let Some(clipboard) = open(&mut owner) else {
        return false;
    };
    let put = match sensitivity {
        Sensitivity::Plain => clipboard.set_text(text),
        Sensitivity::Secret => secretly(clipboard.set()).text(text),
    };
    if put.is_ok() && sensitivity == Sensitivity::Secret {
        clear_later(Secret::new(text));
    }
    put.is_ok()
}

fn owner() -> MutexGuard<'static, Option<arboard::Clipboard>> {
    OWNER.lock().unwrap_or_else(PoisonError::into_inner)
}

fn open(owner: &mut Option<arboard::Clipboard>) -> Option<&mut arboard::Clipboard> {
    if owner.is_none() {
        *owner = arboard::Clipboard::new().ok();
    }
    owner.as_mut()
}

fn clear_later(secret: Secret) {
    thread::spawn(move || {
        thread::sleep(SECRET_LIFE);
        let mut owner = owner();
        let Some(clipboard) = open(&mut owner) else {
            return;
        };
        // What somebody else has put there is theirs.
        let still_there = clipboard.get_text().is_ok_and(|it| it == secret.expose());
        if still_there && let Err(error) = clipboard.clear() {
            tracing::warn!(%error, "the clipboard could not be cleared");
        }
    });
}

#[cfg(target_os = "linux")]
fn secretly(set: arboard::Set<'_>) -> arboard::Set<'_> {
    arboard::SetExtLinux::exclude_from_history(set)
}

#[cfg(target_os = "macos")]
fn secretly(set: arboard::Set<'_>) -> arboard::Set<'_> {
    arboard::SetExtApple::exclude_from_history(set)
}

#[cfg(windows)]
fn secretly(set: arboard::Set<'_>) -> arboard::Set<'_> {
    use arboard::SetExtWindows;
    set.exclude_from_history()
        .exclude_from_cloud()
        .exclude_from_monitoring()
}
