//! What was learned of each portal's limit, kept between runs. It is a convenience: a file that cannot
//! be read or written costs a polite start and nothing else.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::host::Host;
use crate::host::files::{self, Mode};

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
}

/// What was learned of a portal, in requests a second. Whoever uses it holds it to sense.
pub fn load(host: &Host, start_url: &str) -> Option<f64> {
    read(host)?.portals.get(start_url).copied()
}

/// Remembers what was learned of a portal.
pub fn save(host: &Host, start_url: &str, per_second: f64) {
    let mut file = read(host).unwrap_or_default();
    let known = file.portals.get(start_url).copied().unwrap_or_default();
    if !per_second.is_finite() || (per_second - known).abs() <= known * NEWS {
        return;
    }
    file.version = VERSION;
    let rounded = (per_second * 10.0).round() / 10.0;
    file.portals.insert(start_url.to_owned(), rounded);
    while file.portals.len() > MOST {
        let other = file.portals.keys().find(|it| *it != start_url).cloned();
        other.and_then(|other| file.portals.remove(&other));
    }
    if let Err(error) = write(host, &file) {
        tracing::debug!(%error, "what was learned of a portal is not kept");
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
        assert_eq!(load(&host, "a"), None);
        save(&host, "a", 19.44);
        save(&host, "b", 533.0);
        save(&host, "c", f64::NAN);
        assert_eq!(
            (load(&host, "a"), load(&host, "b")),
            (Some(19.4), Some(533.0))
        );
        assert_eq!(load(&host, "c"), None);
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
            save(&host, &format!("{portal}"), 20.0);
        }
        assert_eq!(read(&host).unwrap().portals.len(), MOST);
        assert_eq!(load(&host, "199"), Some(20.0), "the newest stays");
    }
}
