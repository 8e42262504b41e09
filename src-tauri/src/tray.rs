//! The tray: a face and a menu as pure functions of the snapshot, and the showing of both. The menu
//! is rebuilt, never patched. Where no tray host runs, the panel stands in for it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use daypass_core::accounts::Assignment;
use daypass_core::daypass::{Daypass, Snapshot};
use daypass_core::session::State;
use tauri::image::Image;
use tauri::menu::{Menu, MenuEvent, MenuItem, PredefinedMenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager, Wry};

use crate::{outside, windows};

/// How many assignments the menu offers.
const OFFERED: usize = 7;
/// Longer names are cut.
const LONGEST: usize = 40;

/// What the tray shows now.
#[derive(Default)]
pub(crate) struct Tray(Mutex<Shown>);

#[derive(Default)]
struct Shown {
    icon: Option<TrayIcon>,
    face: Option<Face>,
    items: Vec<Item>,
}

/// The four faces, told apart by their shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Face {
    Ok,
    Attention,
    SignedOut,
    Offline,
}

/// One line of the menu.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Item {
    Text(String),
    Line,
    Do(String, Action),
}

/// What a line does.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Action {
    Open,
    SignIn(String),
    Console(Assignment),
    Quit,
}

/// The worst state wins.
fn face(snapshot: &Snapshot) -> Face {
    let sessions = &snapshot.sessions;
    let any = |state: State| sessions.iter().any(|session| session.state == state);
    let none_usable = !sessions.iter().any(|session| session.state.is_usable());
    if any(State::Lapsed) || any(State::Fading) && sessions.iter().all(|session| session.online) {
        Face::Attention
    } else if none_usable {
        Face::SignedOut
    } else if sessions
        .iter()
        .any(|session| session.state.is_usable() && !session.online)
    {
        Face::Offline
    } else {
        Face::Ok
    }
}

fn menu(snapshot: &Snapshot) -> Vec<Item> {
    let mut items: Vec<_> = snapshot
        .sessions
        .iter()
        .map(|it| Item::Text(status_line(it)))
        .collect();
    if !items.is_empty() {
        items.push(Item::Line);
    }
    items.push(Item::Do("Open Daypass".into(), Action::Open));
    let offered = offered(snapshot);
    if !offered.is_empty() {
        items.push(Item::Line);
        items.extend(
            offered
                .into_iter()
                .map(|it| Item::Do(label(snapshot, &it), Action::Console(it))),
        );
    }
    items.push(Item::Line);
    let needs_sign_in = snapshot
        .sessions
        .iter()
        .filter(|it| !it.state.is_usable() && it.sign_in.is_none());
    items.extend(needs_sign_in.map(|it| {
        let verb = if it.state == State::Lapsed {
            "Sign in again to"
        } else {
            "Sign in to"
        };
        Item::Do(
            format!("{verb} {}", it.name),
            Action::SignIn(it.name.clone()),
        )
    }));
    items.push(Item::Do("Quit Daypass".into(), Action::Quit));
    items
}

fn status_line(session: &daypass_core::daypass::SessionStatus) -> String {
    let state = match session.state {
        State::SignedOut => "signed out",
        State::SigningIn => "signing in…",
        State::Active if session.renewable => "signed in, renews automatically",
        State::Active => "signed in",
        State::Fading if session.online => "ends soon",
        State::Fading => "signed in, cannot renew now",
        State::Lapsed => "has ended",
    };
    format!("{}: {state}", session.name)
}

/// Pinned first, then recent; only what can be opened now.
fn offered(snapshot: &Snapshot) -> Vec<Assignment> {
    let usable = |it: &&Assignment| {
        snapshot
            .session(&it.session)
            .is_some_and(|session| session.state.is_usable())
    };
    let mut offered: Vec<Assignment> = Vec::new();
    for assignment in snapshot
        .marks
        .pinned()
        .chain(snapshot.marks.recent())
        .filter(usable)
    {
        if !offered.contains(assignment) {
            offered.push(assignment.clone());
        }
    }
    offered.truncate(OFFERED);
    offered
}

fn label(snapshot: &Snapshot, assignment: &Assignment) -> String {
    let list = snapshot.lists.get(&assignment.session);
    let name = list
        .and_then(|list| list.account(&assignment.account_id))
        .and_then(|it| it.name.as_deref());
    format!(
        "{} · {}",
        plain(name.unwrap_or(&assignment.account_id)),
        plain(&assignment.role)
    )
}

/// A name from the portal as a menu can show it: no control characters, no endless lines, and no
/// character that the menu would read as its own.
fn plain(name: &str) -> String {
    let shown: String = name
        .chars()
        .filter(|it| !it.is_control() && !is_invisible(*it))
        .collect();
    let cut: String = shown.chars().take(LONGEST).collect();
    let cut = if cut.len() < shown.len() {
        cut + "…"
    } else {
        cut
    };
    cut.replace('&', "&&")
}

/// Marks that turn the reading direction or take no room.
fn is_invisible(it: char) -> bool {
    matches!(it, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Shows the tray now or, where no host runs yet, as soon as one comes.
pub(crate) fn start(app: &AppHandle) {
    show(app);
    if !is_shown(app) {
        windows::show_panel(app);
    }
    #[cfg(target_os = "linux")]
    watch_hosts(app.clone());
}

/// Whether there is a tray to come back from.
pub(crate) fn is_shown(app: &AppHandle) -> bool {
    shown(&app.state::<Tray>()).icon.is_some()
}

/// Shows what changed.
pub(crate) fn update(app: &AppHandle) {
    let handle = app.clone();
    // Menus belong to the main thread on every system.
    if let Err(error) = app.run_on_main_thread(move || refresh(&handle)) {
        tracing::warn!(%error, "the tray is not up to date");
    }
}

fn shown(tray: &Tray) -> MutexGuard<'_, Shown> {
    tray.0.lock().unwrap_or_else(PoisonError::into_inner)
}

fn show(app: &AppHandle) {
    let snapshot = app.state::<Daypass>().snapshot();
    let (face, items) = (face(&snapshot), menu(&snapshot));
    let built = build_menu(app, &items).and_then(|menu| {
        TrayIconBuilder::with_id("daypass")
            .icon(image(face))
            .icon_as_template(cfg!(target_os = "macos"))
            .title("Daypass")
            .tooltip("Daypass")
            .menu(&menu)
            .show_menu_on_left_click(cfg!(target_os = "macos"))
            .on_menu_event(on_menu)
            .on_tray_icon_event(|icon, event| on_click(icon.app_handle(), &event))
            .build(app)
    });
    match built {
        Ok(icon) => {
            let tray = app.state::<Tray>();
            *shown(&tray) = Shown {
                icon: Some(icon),
                face: Some(face),
                items,
            };
        }
        Err(error) => tracing::info!(%error, "there is no tray here; the panel stands in for it"),
    }
}

fn refresh(app: &AppHandle) {
    let snapshot = app.state::<Daypass>().snapshot();
    let (face, items) = (face(&snapshot), menu(&snapshot));
    let tray = app.state::<Tray>();
    let mut shown = shown(&tray);
    let Some(icon) = shown.icon.clone() else {
        return;
    };
    let new_face = shown.face != Some(face);
    let new_menu = shown.items != items;
    (shown.face, shown.items) = (Some(face), items.clone());
    drop(shown);
    let changed = if new_face {
        icon.set_icon(Some(image(face)))
    } else {
        Ok(())
    };
    let menu = if new_menu {
        build_menu(app, &items).and_then(|menu| icon.set_menu(Some(menu)))
    } else {
        Ok(())
    };
    if let Err(error) = changed.and(menu) {
        tracing::warn!(%error, "the tray is not up to date");
    }
}

fn build_menu(app: &AppHandle, items: &[Item]) -> tauri::Result<Menu<Wry>> {
    let menu = Menu::new(app)?;
    for (index, item) in items.iter().enumerate() {
        match item {
            Item::Text(text) => {
                menu.append(&MenuItem::new(app, text, false, None::<&str>)?)?;
            }
            Item::Line => menu.append(&PredefinedMenuItem::separator(app)?)?,
            Item::Do(text, _) => {
                menu.append(&MenuItem::with_id(
                    app,
                    index.to_string(),
                    text,
                    true,
                    None::<&str>,
                )?)?;
            }
        }
    }
    Ok(menu)
}

fn on_menu(app: &AppHandle, event: MenuEvent) {
    let index: Option<usize> = event.id().as_ref().parse().ok();
    let action = index.and_then(|index| match shown(&app.state::<Tray>()).items.get(index) {
        Some(Item::Do(_, action)) => Some(action.clone()),
        _ => None,
    });
    match action {
        None => {}
        Some(Action::Open) => windows::show_panel(app),
        Some(Action::Quit) => outside::quit(app),
        Some(Action::SignIn(session)) => {
            windows::show_panel(app);
            if let Err(error) = app.state::<Daypass>().start_sign_in(&session, None) {
                tracing::warn!(?error, "the sign-in could not be started");
            }
        }
        Some(Action::Console(assignment)) => open(app, assignment),
    }
}

/// What goes wrong shows in the panel, beside the way out.
fn open(app: &AppHandle, assignment: Assignment) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let daypass = app.state::<Daypass>().inner().clone();
        if let Err(error) = daypass.open_console_or_tell(&assignment).await {
            tracing::warn!(?error, "the console did not open");
            let handle = app.clone();
            let _ = app.run_on_main_thread(move || windows::show_panel(&handle));
        }
    });
}

fn on_click(app: &AppHandle, event: &TrayIconEvent) {
    if let TrayIconEvent::Click {
        button: MouseButton::Left,
        button_state: MouseButtonState::Up,
        ..
    } = event
    {
        windows::show_panel(app);
    }
}

/// Light glyphs: trays are dark on most Linux and Windows desktops; macOS colours templates itself.
fn image(face: Face) -> Image<'static> {
    #[cfg(target_os = "macos")]
    return match face {
        Face::Ok => tauri::include_image!("icons/tray/ok-template.png"),
        Face::Attention => tauri::include_image!("icons/tray/attention-template.png"),
        Face::SignedOut => tauri::include_image!("icons/tray/signed-out-template.png"),
        Face::Offline => tauri::include_image!("icons/tray/offline-template.png"),
    };
    #[cfg(not(target_os = "macos"))]
    match face {
        Face::Ok => tauri::include_image!("icons/tray/ok-light.png"),
        Face::Attention => tauri::include_image!("icons/tray/attention-light.png"),
        Face::SignedOut => tauri::include_image!("icons/tray/signed-out-light.png"),
        Face::Offline => tauri::include_image!("icons/tray/offline-light.png"),
    }
}

/// A host that starts later, or anew, gets the icon too.
#[cfg(target_os = "linux")]
fn watch_hosts(app: AppHandle) {
    std::thread::spawn(move || {
        let watched = wait_for_hosts(|| {
            let handle = app.clone();
            let _ = app.run_on_main_thread(move || {
                if !is_shown(&handle) {
                    show(&handle);
                }
            });
        });
        if let Err(error) = watched {
            tracing::info!(%error, "there is no session bus to watch for a tray host");
        }
    });
}

#[cfg(target_os = "linux")]
fn wait_for_hosts(came: impl Fn()) -> zbus::Result<()> {
    let bus = zbus::blocking::Connection::session()?;
    let names = zbus::blocking::fdo::DBusProxy::new(&bus)?;
    let changes =
        names.receive_name_owner_changed_with_args(&[(0, "org.kde.StatusNotifierWatcher")])?;
    for change in changes {
        if change.args().is_ok_and(|args| args.new_owner().is_some()) {
            came();
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn names_are_shown_as_plain_text() {
        for (name, shown) in [
            ("payments", "payments"),
            ("a&b", "a&&b"),
            ("a\nb\u{1b}[31m", "ab[31m"),
            ("\u{202e}evil", "evil"),
        ] {
            assert_eq!(plain(name), shown);
        }
        assert_eq!(plain(&"x".repeat(10_000)).chars().count(), 41);
    }
}
