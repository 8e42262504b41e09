//! The simulated portal over real HTTP: what it grants, and every refusal of the protocol.

#![expect(
    clippy::unwrap_used,
    reason = "a test ends where something unexpected comes back"
)]

mod assuming;
mod codes;
mod console;
mod control;
mod devices;
mod faults;
mod identity;
mod kit;
mod listing;
mod pages;
mod program;
mod registration;
mod renewal;
