//! The composition root of the tray application: one readable list of what is put together.
//! It decides nothing about sessions; core does.

mod alone;
mod awaited;
mod clipboard;
mod commands;
mod hotkey;
mod language;
mod login;
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

/// With this word on its command line the application shows the panel at once.
const PANEL_WANTED: &str = "--panel";

/// Runs the application until the user quits.
pub fn run() -> ExitCode {
    outside::prepare();
    let wants_panel = std::env::args().any(|word| word == PANEL_WANTED);
    let alone = match alone::claim() {
        Ok(Some(alone)) => alone,
        Ok(None) => return ExitCode::SUCCESS,
        Err(error) => return outside::complain(&error),
    };
    let daypass = match outside::host()
        .and_then(|host| tauri::async_runtime::block_on(async { Daypass::open_anyway(host) }))
    {
        Ok(daypass) => daypass,
        Err(error) => return outside::complain(&error),
    };
    let built = alone
        .build(tauri::Builder::default())
        .plugin(login::plugin())
        .manage(daypass)
        .manage(tray::Tray::default())
        .manage(hotkey::Hotkey::default())
        .manage(awaited::Awaited::default())
        .manage(windows::place::Place::default())
        .manage(windows::last_words::LastWords::default())
        .manage(windows::life::Life::default())
        .invoke_handler(tauri::generate_handler![
            commands::snapshot,
            commands::doctor::examine,
            commands::doctor::diagnostics,
            commands::doctor::save_diagnostics,
            commands::doctor::show_diagnostics,
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
            commands::accounts::accounts,
            commands::accounts::read_accounts,
            commands::accounts::stop_reading,
            commands::accounts::read_roles,
            commands::accounts::want_accounts,
            commands::accounts::check_access,
            commands::accounts::find,
            commands::accounts::open_console,
            commands::accounts::copy_console_link,
            commands::accounts::copy_shareable_link,
            commands::accounts::services,
            commands::accounts::recent_places,
            commands::accounts::pin,
            commands::looks::set_alias,
            commands::looks::set_label,
            commands::looks::set_protected,
            commands::looks::set_hidden,
            commands::looks::browser_choices,
            commands::looks::openings,
            commands::looks::set_opening,
            commands::looks::move_pin,
            commands::looks::define_label,
            commands::looks::remove_label,
            commands::looks::rules,
            commands::looks::organisation_rules,
            commands::looks::set_rules,
            commands::looks::guess_label,
            commands::serving::serve_credentials,
            commands::serving::stop_serving,
            commands::serving::copy_served,
            commands::serving::copy_credentials,
            commands::accounts::open_terminal,
            commands::copy_account_id,
            commands::preview_profile,
            commands::write_profile,
            commands::preview_sync,
            commands::write_sync,
            commands::undo_profile,
            commands::settings::settings,
            commands::settings::set_setting,
            commands::settings::open_settings,
            commands::starts_at_login,
            commands::start_at_login,
            commands::awaited,
            commands::panel_ready,
            commands::hide_panel,
            commands::answer_close,
            commands::quit,
        ])
        .setup(move |app| {
            language::Language::chosen(None).speak();
            pump::start(app.handle());
            notify::start(app.handle());
            tray::start(app.handle());
            hotkey::start(app.handle());
            outside::quit_when_asked(app.handle());
            outside::keep(app.handle());
            alone.begin(app.handle());
            if wants_panel {
                windows::show_panel(app.handle());
            }
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
        // The end of its window is not the end of the application while the tray can bring it back, where the
        // user wants it to go on, or where it went on when the window was closed.
        RunEvent::ExitRequested {
            code: None, api, ..
        } if windows::last_words::goes_on(app) || windows::life::is_away(app) => api.prevent_exit(),
        _ => {}
    }
}
