//! The map: rooms, arrows, what is absent.
#![deny(missing_docs)]

pub mod error;
pub mod host;

pub use error::{Code, Error, Result};
