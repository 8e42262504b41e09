//! What any Tauri application with a tray costs: an icon, and a window with an empty Svelte page.
//! `cargo xtask bench desktop` measures Daypass beside it, in the same run.

use tauri::menu::{Menu, MenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, RunEvent, WebviewUrl, WebviewWindowBuilder};

fn main() {
    let built = tauri::Builder::default()
        .setup(|app| Ok(show_tray(app.handle())?))
        .build(tauri::generate_context!(
            "src-tauri/examples/bare/tauri.conf.json"
        ))
        .expect("a bare application");
    built.run(|_, event| {
        if let RunEvent::ExitRequested {
            code: None, api, ..
        } = event
        {
            api.prevent_exit();
        }
    });
}

fn show_tray(app: &AppHandle) -> tauri::Result<()> {
    let quit = MenuItem::with_id(app, "quit", "Quit", true, None::<&str>)?;
    let icon = app.default_window_icon().cloned();
    TrayIconBuilder::with_id("bare")
        .icon(icon.expect("an icon"))
        .menu(&Menu::with_items(app, &[&quit])?)
        .show_menu_on_left_click(false)
        .on_menu_event(|app, _| app.exit(0))
        .on_tray_icon_event(|icon, event| on_click(icon.app_handle(), &event))
        .build(app)
        .map(drop)
}

fn on_click(app: &AppHandle, event: &TrayIconEvent) {
    if let TrayIconEvent::Click {
        button: MouseButton::Left,
        button_state: MouseButtonState::Up,
        ..
    } = event
    {
        let window = WebviewWindowBuilder::new(app, "bare", WebviewUrl::App("index.html".into()));
        let built = window.title("Bare").inner_size(440.0, 640.0).build();
        built.expect("a window");
    }
}
