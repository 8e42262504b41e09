//! The map: rooms, arrows, what is absent.
#![deny(missing_docs)]

pub mod accounts;
pub mod aws_config;
pub mod console;
pub mod credentials;
pub mod daypass;
pub mod doctor;
pub mod endpoint;
pub mod error;
pub mod host;
pub mod notice;
pub mod portal;
pub mod portal_url;
pub mod secrets;
pub mod session;
pub mod settings;
pub mod vault;

pub use error::{Code, Error, Result};
