//! All journeys in one program: what links once is built once.

mod private_desktop;
