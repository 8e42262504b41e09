//! The map: a private desktop for tests, piece by piece, each cleaned away when it is dropped.
//!
//! `home` and `programs` are the ground; `xvfb`, `bus`, `keyring`, `notifications` and
//! `tray_host` make a desktop of it (`desktop` puts them together); `portal` is the access
//! portal (`gateway` a company's proxy before it, `authority` its certificates), `browser` the user's browser, `cli` the command line (`terminal` the one it runs in, `scene` sets these up, `served` is what it serves, `sign_ins` sets them back in time), `aws_clients` (`debian_aws` the oldest), `peers` those that benches run, `botocore`
//! and `aws_stand_in` the tools beside it, `made_up` what their files hold, `webdriver` the hand on the window; `canary`, `ledger`,
//! `foreign`, `vitals`, `memory`, `household`, `eye`, `tracing` and `screenshot` keep evidence, `skips` tells what a machine lacks; `soak` is everyday use for minutes, `races` the
//! same wish of many at once and `calls` what it takes, `kills` and `starts` their ends, `saves` those of a file, `fast_clock` a day in minutes, `editors` all that edit it at once (`locks` tells who holds what); `sources`
//! reads the repository itself. Nothing here touches the network outside
//! of loopback, or the home of whoever runs the tests.

pub mod accessible;
pub mod application;
pub mod authority;
pub mod aws_clients;
pub mod aws_stand_in;
pub mod botocore;
pub mod browser;
pub mod budgets;
pub mod bus;
pub mod calls;
pub mod canary;
pub mod cli;
pub mod clipboard;
pub mod colours;
pub mod debian_aws;
pub mod desk;
pub mod desktop;
pub mod editors;
pub mod eye;
pub mod fast_clock;
pub mod foreign;
pub mod frames;
pub mod gateway;
pub mod home;
pub mod household;
pub mod http;
pub mod impostor;
pub mod journey;
pub mod keyring;
pub mod kills;
pub mod ledger;
pub mod locks;
pub mod made_up;
pub mod memory;
pub mod notifications;
pub mod peers;
pub mod places;
pub mod portal;
pub mod processes;
pub mod programs;
pub mod races;
pub mod reader;
pub mod real_panel;
pub mod saves;
pub mod scene;
pub mod screenshot;
pub mod seat;
pub mod served;
pub mod sign_ins;
pub mod skips;
pub mod soak;
pub mod sources;
pub mod starts;
pub mod switchboard;
pub mod terminal;
pub mod terraform;
pub mod tracing;
pub mod tray_host;
pub mod virtual_day;
pub mod vitals;
pub mod waiting;
pub mod web_page;
pub mod webdriver;
pub mod xvfb;

pub use anyhow::{Context, Error, Result, anyhow, bail, ensure};
