//! The composition root of the tray application: one readable list of what is put together.
//! It decides nothing about sessions; core does.

mod commands;
mod notify;
mod outside;
mod pump;
mod tray;
mod windows;
mod wire;
mod words;

use std::process::ExitCode;

use daypass_core::daypass::Daypass;
use tauri::RunEvent;

/// Runs the application until the user quits.
pub fn run() -> ExitCode {
    outside::prepare();
    let daypass = match outside::host()
        .and_then(|host| tauri::async_runtime::block_on(async { Daypass::open(host) }))
    {
        Ok(daypass) => daypass,
        Err(error) => return outside::complain(&error),
    };
    let built = tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|app, _, _| {
            windows::show_panel(app)
        }))
        .manage(daypass)
        .manage(tray::Tray::default())
        .invoke_handler(tauri::generate_handler![
            commands::snapshot,
            commands::check_portal,
            commands::add_session,
            commands::found_sessions,
            commands::import_sessions,
            commands::remove_session,
            commands::change_session,
            commands::rename_session,
            commands::take_note_of_user,
            commands::snooze,
            commands::mute,
            commands::sign_in,
            commands::cancel_sign_in,
            commands::open_sign_in_page,
            commands::copy_sign_in_link,
            commands::copy_user_code,
            commands::sign_out,
            commands::read_accounts,
            commands::stop_reading,
            commands::read_roles,
            commands::find,
            commands::open_console,
            commands::pin,
            commands::copy_account_id,
            commands::preview_profile,
            commands::write_profile,
            commands::undo_profile,
            commands::panel_ready,
            commands::hide_panel,
        ])
        .setup(|app| {
            pump::start(app.handle());
            notify::start(app.handle());
            tray::start(app.handle());
            outside::quit_when_asked(app.handle());
            outside::keep(app.handle());
            Ok(())
        })
        .build(tauri::generate_context!());
    match built {
        Ok(app) => ExitCode::from(u8::try_from(app.run_return(on_event)).unwrap_or(1)),
        Err(error) => outside::complain(&error),
    }
}

fn on_event(app: &tauri::AppHandle, event: RunEvent) {
    match event {
        // Closing the panel does not end the application while the tray can bring it back.
        RunEvent::ExitRequested {
            code: None, api, ..
        } if tray::is_shown(app) => api.prevent_exit(),
        _ => {}
    }
}
