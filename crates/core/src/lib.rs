//! The map: rooms, arrows, what is absent.
#![deny(missing_docs)]

pub mod error;
pub mod host;
pub mod portal_url;
pub mod secrets;
pub mod settings;
pub mod vault;

pub use error::{Code, Error, Result};
