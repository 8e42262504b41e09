//! The pieces of the world that only a desktop has, and the start of what runs by itself.

use std::process::ExitCode;
use std::time::Duration;

use daypass_core::daypass::Daypass;
use daypass_core::host::{Env, Host, logs, memory};
use daypass_core::session::renew;
use tauri::{AppHandle, Manager};

use crate::{clipboard, notify, windows};

/// How long a renewal that has begun may take when the application is to end: whoever asks for that
/// waits two seconds for it.
const LAST_WORDS: Duration = Duration::from_millis(1_500);

/// Before anything else: no core dump, room for open files, and logs to stderr.
pub(crate) fn prepare() {
    memory::leave_no_core();
    memory::allow_open_files();
    logs::start(&Env::real(), Some("warn"));
}

/// The real world, with the desktop's clipboard.
pub(crate) fn host() -> daypass_core::Result<Host> {
    Ok(Host {
        clipboard: clipboard::desktop(),
        ..Host::real()?
    })
}

/// Looks after the sessions; with none there is something to set up, so the panel shows itself.
pub(crate) fn keep(app: &AppHandle) {
    let daypass = app.state::<Daypass>().inner().clone();
    if daypass.snapshot().sessions.is_empty() {
        windows::show_panel(app);
    }
    tauri::async_runtime::spawn(async move { daypass.keep().await });
}

/// Ends the application; a renewal that has begun is finished first, cut in two it would cost the
/// sign-in.
pub(crate) fn quit(app: &AppHandle) {
    windows::keep_place(app);
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let finish = tauri::async_runtime::spawn_blocking(|| renew::finish(LAST_WORDS));
        let _ = tokio::join!(finish, notify::withdraw(&app));
        app.exit(0);
    });
}

/// Ends the application as politely when the desktop asks for it: at a logout, or by hand.
#[cfg(unix)]
pub(crate) fn quit_when_asked(app: &AppHandle) {
    use tokio::signal::unix::{SignalKind, signal};
    for kind in [
        SignalKind::terminate(),
        SignalKind::interrupt(),
        SignalKind::hangup(),
    ] {
        let app = app.clone();
        tauri::async_runtime::spawn(async move {
            if let Ok(mut asked) = signal(kind) {
                asked.recv().await;
                quit(&app);
            }
        });
    }
}

/// Windows closes the windows of a program that it asks to end.
#[cfg(not(unix))]
pub(crate) fn quit_when_asked(_: &AppHandle) {}

/// Nothing can be shown yet: says on stderr why the application does not start.
pub(crate) fn complain(error: &(dyn std::error::Error + 'static)) -> ExitCode {
    tracing::error!(error, "Daypass could not start");
    ExitCode::FAILURE
}
