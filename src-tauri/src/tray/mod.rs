//! The tray: what `menu` reckons is shown here. The menu is rebuilt, never patched. Where no tray host
//! runs, the panel stands in for it.

mod menu;

use std::sync::{Mutex, MutexGuard, PoisonError};

use daypass_core::accounts::Assignment;
use daypass_core::daypass::{Consent, Daypass};
use jiff::SignedDuration;
use tauri::image::Image;
use tauri::menu::{Menu, MenuEvent, MenuItem, PredefinedMenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager, Wry};

use crate::words::Here;
use crate::{awaited, outside, windows};
use menu::{Action, Face, Item};

/// How long the menu's line mutes notifications.
const SILENCE: SignedDuration = SignedDuration::from_hours(8);

/// What the tray shows now.
#[derive(Default)]
pub(crate) struct Tray(Mutex<Shown>);

#[derive(Default)]
struct Shown {
    icon: Option<TrayIcon>,
    face: Option<Face>,
    items: Vec<Item>,
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

fn wanted(app: &AppHandle) -> (Face, Vec<Item>) {
    let daypass = app.state::<Daypass>();
    let snapshot = daypass.snapshot();
    let here = Here::at(daypass.now());
    (menu::face(&snapshot), menu::items(&snapshot, &here))
}

fn show(app: &AppHandle) {
    let (face, items) = wanted(app);
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
    let (face, items) = wanted(app);
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
    for item in items {
        match item {
            Item::Text(text) => {
                menu.append(&MenuItem::new(app, literal(text), false, None::<&str>)?)?;
            }
            Item::Line => menu.append(&PredefinedMenuItem::separator(app)?)?,
            Item::Do(text, action) => {
                menu.append(&MenuItem::with_id(
                    app,
                    action.id(),
                    literal(text),
                    true,
                    None::<&str>,
                )?)?;
            }
        }
    }
    Ok(menu)
}

/// A menu reads `&` as the mark of an access key.
fn literal(text: &str) -> String {
    text.replace('&', "&&")
}

fn on_menu(app: &AppHandle, event: MenuEvent) {
    let action = menu::action(&shown(&app.state::<Tray>()).items, event.id().as_ref());
    if let Some(action) = action {
        carry_out(app, action);
    }
}

fn carry_out(app: &AppHandle, action: Action) {
    match action {
        Action::Open => windows::show_panel(app),
        Action::Search => awaited::search(app),
        Action::Quit => outside::quit(app),
        Action::SignIn(session) => {
            windows::show_panel(app);
            if let Err(error) = app.state::<Daypass>().start_sign_in(&session, None) {
                tracing::warn!(?error, "the sign-in could not be started");
            }
        }
        Action::Console(assignment) => open(app, assignment),
        Action::Mute => mute(app, Some(SILENCE)),
        Action::Unmute => mute(app, None),
    }
}

fn mute(app: &AppHandle, span: Option<SignedDuration>) {
    let daypass = app.state::<Daypass>().inner().clone();
    tauri::async_runtime::spawn(async move {
        let muted = match span {
            Some(span) => daypass.mute_for(span).await,
            None => daypass.mute(None).await,
        };
        if let Err(error) = muted {
            tracing::warn!(?error, "the choice about notifications was not kept");
        }
    });
}

/// What goes wrong shows in the panel, beside the way out.
fn open(app: &AppHandle, assignment: Assignment) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let daypass = app.state::<Daypass>().inner().clone();
        if let Err(error) = daypass
            .open_console_or_tell(&assignment, Consent::NotAsked)
            .await
        {
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
