//! All journeys in one program: what links once is built once.

mod adoption;
mod agreement;
mod arrows;
mod at_rest;
mod cli_console;
mod cli_credentials;
mod cli_import;
mod cli_profile;
mod cli_refusals;
mod cli_sessions;
mod cli_users;
mod days;
mod desktop;
mod interop;
mod listener;
mod moves;
mod never;
mod places;
mod private_desktop;
mod proxy;
mod races;
mod soak;
mod tray;
mod trouble;
mod two_users;
mod web_pages;
