//! Everything outside as one value: clock, environment, paths, randomness, files, network, browser.
//! Concrete types, cheap to clone; `fake` builds a world for tests.

pub mod files;
