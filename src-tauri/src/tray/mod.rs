//! The tray: what `menu` reckons is shown here. The menu is rebuilt, never patched. Where no tray host
//! runs, the panel stands in for it.

mod icons;
mod menu;
mod offered;
mod theme;

use std::sync::{Mutex, MutexGuard, PoisonError};

use daypass_core::Code;
use daypass_core::accounts::Assignment;
use daypass_core::daypass::{Consent, Daypass};
use daypass_core::host::Env;
use jiff::SignedDuration;
use tauri::menu::{Menu, MenuEvent, MenuItem, PredefinedMenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager, Wry};

use crate::awaited::Wish;
use crate::language::Language;
use crate::words::Here;
use crate::{awaited, outside, windows, words};
use icons::Ink;
use menu::{Action, Face, Item};
use theme::Scheme;

/// How long the menu's line mutes notifications.
const SILENCE: SignedDuration = SignedDuration::from_hours(8);

/// What the tray shows now.
#[derive(Default)]
pub(crate) struct Tray(Mutex<Shown>);

#[derive(Default)]
struct Shown {
    icon: Option<TrayIcon>,
    /// What the desktop's colours are, as far as it has told.
    scheme: Scheme,
    wanted: Option<Wanted>,
}

/// What the snapshot wants to be shown.
#[derive(Clone, PartialEq, Eq)]
struct Wanted {
    face: Face,
    ink: Ink,
    tooltip: String,
    items: Vec<Item>,
}

impl Wanted {
    fn now(app: &AppHandle) -> Wanted {
        let daypass = app.state::<Daypass>();
        let snapshot = daypass.snapshot();
        Language::chosen(snapshot.language.tag()).speak();
        let here = Here::at(daypass.now());
        let desktop = Env::real().get("XDG_CURRENT_DESKTOP").unwrap_or_default();
        Wanted {
            face: menu::face(&snapshot),
            ink: theme::ink(&desktop, shown(&app.state::<Tray>()).scheme),
            tooltip: menu::tooltip(&snapshot, &here),
            items: menu::items(&snapshot, &here),
        }
    }
}

/// Shows the tray now or, where no host runs yet, as soon as one comes.
pub(crate) fn start(app: &AppHandle) {
    show(app);
    if !is_shown(app) {
        windows::show_panel(app);
    }
    #[cfg(target_os = "linux")]
    {
        watch_hosts(app.clone());
        watch_colours(app.clone());
    }
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
    let wanted = Wanted::now(app);
    let built = build_menu(app, &wanted.items).and_then(|menu| {
        TrayIconBuilder::with_id("daypass")
            .icon(icons::image(wanted.face, wanted.ink)?)
            .icon_as_template(cfg!(target_os = "macos"))
            .title(words::NAME)
            .tooltip(&wanted.tooltip)
            .menu(&menu)
            .show_menu_on_left_click(cfg!(target_os = "macos"))
            .on_menu_event(on_menu)
            .on_tray_icon_event(|icon, event| on_click(icon.app_handle(), &event))
            .build(app)
    });
    match built {
        Ok(icon) => {
            let tray = app.state::<Tray>();
            let mut shown = shown(&tray);
            (shown.icon, shown.wanted) = (Some(icon), Some(wanted));
        }
        Err(error) => tracing::info!(%error, "there is no tray here; the panel stands in for it"),
    }
}

fn refresh(app: &AppHandle) {
    let wanted = Wanted::now(app);
    let tray = app.state::<Tray>();
    let (icon, before) = {
        let mut shown = shown(&tray);
        let before = shown.wanted.replace(wanted.clone());
        (shown.icon.clone(), before)
    };
    if let (Some(icon), Some(before)) = (icon, before)
        && let Err(error) = change(app, &icon, &before, &wanted)
    {
        tracing::warn!(%error, "the tray is not up to date");
    }
}

fn change(app: &AppHandle, icon: &TrayIcon, from: &Wanted, to: &Wanted) -> tauri::Result<()> {
    if (from.face, from.ink) != (to.face, to.ink) {
        icon.set_icon(Some(icons::image(to.face, to.ink)?))?;
    }
    if from.tooltip != to.tooltip {
        icon.set_tooltip(Some(&to.tooltip))?;
    }
    if from.items != to.items {
        icon.set_menu(Some(build_menu(app, &to.items)?))?;
    }
    Ok(())
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
    let wanted = shown(&app.state::<Tray>()).wanted.clone();
    let action = wanted.and_then(|it| menu::action(&it.items, event.id().as_ref()));
    if let Some(action) = action {
        carry_out(app, action);
    }
}

fn carry_out(app: &AppHandle, action: Action) {
    match action {
        Action::Open => windows::show_panel(app),
        Action::Search => awaited::wish(app, Wish::Search),
        Action::Settings => awaited::wish(app, Wish::Settings),
        Action::Quit => outside::quit(app),
        Action::SignIn(session) => {
            windows::show_panel(app);
            if let Err(error) = app.state::<Daypass>().start_sign_in(&session, None) {
                tracing::warn!(?error, "the sign-in could not be started");
            }
        }
        Action::Console(assignment) => open(app, assignment),
        Action::StopServing(assignment) => {
            app.state::<Daypass>().stop_serving(&assignment);
        }
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

/// What is protected is asked about in the panel; what goes wrong shows there, beside the way out.
fn open(app: &AppHandle, assignment: Assignment) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let daypass = app.state::<Daypass>().inner().clone();
        let opening = daypass.open_console_or_tell(&assignment, Consent::NotAsked);
        let Err(error) = opening.await else {
            return;
        };
        let handle = app.clone();
        let _ = app.run_on_main_thread(move || match error.code() == Code::Protected {
            true => awaited::wish(&handle, Wish::Confirm(assignment)),
            false => windows::show_panel(&handle),
        });
    });
}

fn on_click(app: &AppHandle, event: &TrayIconEvent) {
    if let TrayIconEvent::Click {
        button: MouseButton::Left,
        button_state: MouseButtonState::Up,
        position,
        ..
    } = event
    {
        windows::place::called_from(app, *position);
        windows::show_panel(app);
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

/// A desktop that turns dark or light gets another ink.
#[cfg(target_os = "linux")]
fn watch_colours(app: AppHandle) {
    std::thread::spawn(move || {
        let watched = theme::watch(|scheme| {
            shown(&app.state::<Tray>()).scheme = scheme;
            update(&app);
        });
        if let Err(error) = watched {
            tracing::info!(%error, "there is no session bus to tell the desktop's colours");
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
