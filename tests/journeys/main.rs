//! All journeys in one program: what links once is built once.

mod agreement;
mod arrows;
mod never;
mod private_desktop;
