//! What was learned of each portal's limit, kept between runs. It is a convenience: a file that cannot
//! be read or written costs a polite start and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::host::Host;
use crate::host::files::{self, Mode};

use super::Learned;

const VERSION: u32 = 1;
/// More portals than this nobody has; what is beyond came by mistake.
const MOST: usize = 64;
/// A figure that moved by less is as good as before.
const NEWS: f64 = 0.02;

#[derive(Default, Deserialize, Serialize)]
struct File {
    version: u32,
    /// Requests a second, by start URL.
    portals: BTreeMap<String, f64>,
    /// Those of them that refused nothing: it may well go faster.
    #[serde(default)]
    without_limit: BTreeSet<String>,
}

/// What was learned of a portal. Whoever uses it holds it to sense.
pub fn load(host: &Host, start_url: &str) -> Option<Learned> {
    read(host)?.of(start_url)
}

/// Remembers what was learned of a portal.
pub fn save(host: &Host, start_url: &str, learned: Learned) {
    let mut file = read(host).unwrap_or_default();
    if !learned.per_second.is_finite() || file.of(start_url).is_some_and(|it| it.is_as(learned)) {
        return;
    }
    file.version = VERSION;
    let rounded = (learned.per_second * 10.0).round() / 10.0;
    file.portals.insert(start_url.to_owned(), rounded);
    while file.portals.len() > MOST {
        let other = file.portals.keys().find(|it| *it != start_url).cloned();
        other.and_then(|other| file.portals.remove(&other));
    }
    match learned.is_limit {
        true => file.without_limit.remove(start_url),
        false => file.without_limit.insert(start_url.to_owned()),
    };
    let portals = &file.portals;
    file.without_limit.retain(|it| portals.contains_key(it));
    if let Err(error) = write(host, &file) {
        tracing::debug!(%error, "what was learned of a portal is not kept");
    }
}

impl File {
    fn of(&self, start_url: &str) -> Option<Learned> {
        Some(Learned {
            per_second: self.portals.get(start_url).copied()?,
            is_limit: !self.without_limit.contains(start_url),
        })
    }
}

impl Learned {
    /// Whether there is no news in another figure.
    fn is_as(self, other: Learned) -> bool {
        let moved = (self.per_second - other.per_second).abs();
        self.is_limit == other.is_limit && moved <= self.per_second * NEWS
    }
}

fn read(host: &Host) -> Option<File> {
    let bytes = files::read(&path(host)).ok()??;
    let file: File = serde_json::from_slice(&bytes).ok()?;
    (file.version == VERSION).then_some(file)
}

fn write(host: &Host, file: &File) -> std::io::Result<()> {
    let json = serde_json::to_vec(file).map_err(std::io::Error::other)?;
    files::private_folder(&host.paths.cache)?;
    files::replace(&path(host), &json, Mode::Private)
}

fn path(host: &Host) -> PathBuf {
    host.paths.cache.join("pace.json")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{Clock, Env};

    #[test]
    fn it_is_kept_by_portal_and_nonsense_is_as_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let host = Host::fake(
            folder.path(),
            Env::table::<String, String>([]),
            Clock::real(),
        );
        let limit = |per_second| Learned {
            per_second,
            is_limit: true,
        };
        let speed = |per_second| Learned {
            per_second,
            is_limit: false,
        };
        assert_eq!(load(&host, "a"), None);
        save(&host, "a", limit(19.44));
        save(&host, "b", speed(533.0));
        save(&host, "c", speed(f64::NAN));
        let known = (load(&host, "a"), load(&host, "b"));
        assert_eq!(known, (Some(limit(19.4)), Some(speed(533.0))));
        assert_eq!(load(&host, "c"), None);
        save(&host, "b", limit(533.0));
        assert_eq!(load(&host, "b"), Some(limit(533.0)), "a limit is news");
        for nonsense in [
            "",
            "{",
            "{\"version\":9}",
            "[1,2]",
            "{\"version\":1,\"portals\":{\"a\":\"x\"}}",
        ] {
            files::replace(&path(&host), nonsense.as_bytes(), Mode::Private).unwrap();
            assert_eq!(load(&host, "a"), None, "{nonsense}");
        }
        for portal in 0..200 {
            save(&host, &format!("{portal}"), speed(20.0));
        }
        let file = read(&host).unwrap();
        assert_eq!((file.portals.len(), file.without_limit.len()), (MOST, MOST));
        assert_eq!(load(&host, "199"), Some(speed(20.0)), "the newest stays");
    }
}
