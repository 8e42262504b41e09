//! From core's notices to the desktop's notifications, and from their buttons back to core.

use daypass_core::daypass::Daypass;
use daypass_core::notice::{Notice, Stage};
use tauri::{AppHandle, Manager};
use tokio::sync::broadcast::error::RecvError;

use crate::windows;

/// What becomes of a notice.
#[derive(Debug, PartialEq, Eq)]
enum Decision {
    Show,
    Hold(&'static str),
}

/// What is around when a notice comes.
struct Surroundings {
    panel_in_view: bool,
}

/// Tells each notice for as long as the application runs.
pub(crate) fn start(app: &AppHandle) {
    let app = app.clone();
    let mut notices = app.state::<Daypass>().notices();
    tauri::async_runtime::spawn(async move {
        loop {
            match notices.recv().await {
                Ok(notice) => tell(&app, notice),
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            }
        }
    });
}

fn tell(app: &AppHandle, notice: Notice) {
    let surroundings = Surroundings {
        panel_in_view: windows::panel_is_in_view(app),
    };
    match decide(&notice, &surroundings) {
        Decision::Show => {
            let app = app.clone();
            // Waiting for a click takes a thread for as long as the notification stands.
            std::thread::spawn(move || show(&app, &notice));
        }
        Decision::Hold(reason) => tracing::info!(?notice, reason, "the notice is held"),
    }
}

fn decide(notice: &Notice, surroundings: &Surroundings) -> Decision {
    match notice.stage {
        Stage::EndsSoon | Stage::EndsVerySoon | Stage::Ended if surroundings.panel_in_view => {
            Decision::Hold("the panel says it already")
        }
        Stage::EndsSoon | Stage::EndsVerySoon | Stage::Ended => Decision::Show,
    }
}

/// Title and body of a notice.
fn words(notice: &Notice) -> (String, &'static str) {
    let session = &notice.session;
    match notice.stage {
        Stage::EndsSoon => (
            format!("{session} ends in 15 minutes"),
            "Sign in again to go on.",
        ),
        Stage::EndsVerySoon => (
            format!("{session} ends in 5 minutes"),
            "Sign in again to go on.",
        ),
        Stage::Ended => (format!("{session} has ended"), "Sign in when you need it."),
    }
}

const SIGN_IN: &str = "sign-in";

fn show(app: &AppHandle, notice: &Notice) {
    let (title, body) = words(notice);
    let mut notification = notify_rust::Notification::new();
    notification.appname("Daypass").summary(&title).body(body);
    #[cfg(target_os = "linux")]
    notification
        .icon("daypass")
        .hint(notify_rust::Hint::DesktopEntry("daypass".into()))
        .action("default", "Open Daypass")
        .action(SIGN_IN, "Sign in");
    match notification.show() {
        Ok(shown) => wait(app, notice, shown),
        Err(error) => tracing::warn!(%error, "the desktop takes no notifications"),
    }
}

#[cfg(target_os = "linux")]
fn wait(app: &AppHandle, notice: &Notice, shown: notify_rust::NotificationHandle) {
    shown.wait_for_action(|action| match action {
        SIGN_IN => act(app, notice),
        "default" => windows::show_panel(app),
        _ => {}
    });
}

#[cfg(not(target_os = "linux"))]
fn wait<T>(_app: &AppHandle, _notice: &Notice, _shown: T) {
    let _ = (SIGN_IN, act as fn(&AppHandle, &Notice));
}

fn act(app: &AppHandle, notice: &Notice) {
    let session = &notice.session;
    if let Err(error) = app.state::<Daypass>().start_sign_in(session, None) {
        tracing::warn!(?error, session, "the sign-in could not be started");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_is_held_while_the_panel_says_it() {
        let notice = Notice {
            session: "work".into(),
            stage: Stage::Ended,
            ends_at: None,
            is_estimate: false,
        };
        let decide = |panel_in_view| decide(&notice, &Surroundings { panel_in_view });
        assert_eq!(decide(false), Decision::Show);
        assert!(matches!(decide(true), Decision::Hold(_)));
    }
}
