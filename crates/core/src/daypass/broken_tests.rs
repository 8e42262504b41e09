//! Files of our own that are broken in every way: nothing panics, whoever is signed in stays so, and the
//! next write makes them anew.

use std::path::{Path, PathBuf};

use super::Daypass;
use crate::accounts::{Assignment, lately, marks};
use crate::host::files::{self, Mode};
use crate::host::{Clock, Env, Host};
use crate::portal::pace::{Learned, learned};
use crate::session::record;

const URL: &str = "https://harbour.awsapps.com/start";
const SETTINGS: &str = "version = 1\n\n[sessions.work]\nstart_url = \
                        \"https://harbour.awsapps.com/start\"\nregion = \"eu-west-1\"\nstorage = \"shared\"\n";
/// How often each file is broken.
const TIMES: usize = 500;

fn host(folder: &Path) -> Host {
    let clock = Clock::fake("2030-01-01T09:00:00Z".parse().unwrap());
    Host::fake(folder, Env::table::<String, String>([]), clock)
}

fn put(path: &Path, bytes: &[u8]) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    files::replace(path, bytes, Mode::Private).unwrap();
}

fn limit(per_second: f64) -> Learned {
    Learned {
        per_second,
        is_limit: true,
    }
}

fn assignment() -> Assignment {
    Assignment {
        session: "work".into(),
        account_id: "111122223333".into(),
        role: "ReadOnly".into(),
    }
}

/// Numbers below others, the same ones each time.
fn numbers() -> impl FnMut(usize) -> usize {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    move |below| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap()
    }
}

fn broken(whole: &[u8], below: &mut impl FnMut(usize) -> usize) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    for _ in 0..=below(3) {
        let at = below(bytes.len().max(1)).min(bytes.len().saturating_sub(1));
        match below(5) {
            0 => bytes[at] = u8::try_from(below(256)).unwrap(),
            1 => drop(bytes.remove(at)),
            2 => bytes.truncate(at.max(1)),
            // Numbers beyond all that anybody means.
            3 => drop(bytes.splice(at..at, *b"99999999999999999999")),
            _ => bytes.insert(at, b"\"[]{}:,\0-"[below(9)]),
        }
        if bytes.is_empty() {
            bytes.push(b'{');
        }
    }
    bytes
}

/// A host with a live sign-in, and each of the files as Daypass writes it.
async fn written(folder: &Path) -> (Host, Vec<(PathBuf, Vec<u8>)>) {
    let host = host(folder);
    put(
        &host.paths.config.join("settings.toml"),
        SETTINGS.as_bytes(),
    );
    let now = host.clock.now();
    let pin = |marks: &mut marks::Marks| {
        marks.pin(&assignment(), true);
        marks.used(&assignment(), now);
    };
    marks::update(&host, pin).await.unwrap();
    let went = lately::update(&host, |it| {
        it.went_to(&assignment(), "s3");
        it.asked_for("firefox:Work");
        it.opened(&assignment(), "firefox:Work", now)
    });
    went.await.unwrap();
    let remember = |it: &mut record::Records| {
        it.entry("work".into()).or_default().signed_in_at = Some(now);
    };
    record::update(&host, remember).await.unwrap();
    learned::save(&host, URL, limit(19.4));
    let names = ["marks.json", "lately.json", "sessions.json"];
    let names = names.map(|name| host.paths.state.join(name)).into_iter();
    let names = names.chain([host.paths.cache.join("pace.json")]);
    let all = names.map(|path| {
        let bytes = std::fs::read(&path).unwrap();
        (path, bytes)
    });
    let all = all.collect();
    (host, all)
}

fn token(host: &Host) -> (PathBuf, Vec<u8>) {
    use sha1::Digest;
    let name = hex::encode(sha1::Sha1::digest(b"work"));
    let path = host.paths.sso_cache.join(format!("{name}.json"));
    let json = format!(
        r#"{{"startUrl":"{URL}","region":"eu-west-1","accessToken":"aoa-x","expiresAt":"2030-01-01T12:00:00Z"}}"#
    );
    (path, json.into_bytes())
}

#[tokio::test]
async fn state_that_is_broken_in_500_ways_costs_nobody_a_sign_in() {
    let folder = tempfile::tempdir().unwrap();
    let (host, whole) = written(folder.path()).await;
    let (token, tokens) = token(&host);
    put(&token, &tokens);
    let mut below = numbers();
    let mut aside = 0;
    for time in 0..TIMES {
        for (path, bytes) in &whole {
            put(path, &broken(bytes, &mut below));
        }
        let daypass = Daypass::open(host.clone()).unwrap();
        assert_eq!(daypass.snapshot().sessions.len(), 1, "in round {time}");
        drop(daypass);
        let pinned = marks::update(&host, |it| it.pin(&assignment(), true)).await;
        // A digit more in its version makes it one of a later Daypass, which stays as it is.
        assert!(pinned.is_err() || marks::load(&host).of(&assignment()).pinned);
        let asked = lately::update(&host, |it| it.asked_for("chromium"));
        asked.await.unwrap();
        assert_eq!(lately::load(&host).browsers().first().unwrap(), "chromium");
        let now = host.clock.now();
        let signed_in = |it: &mut record::Records| {
            it.entry("work".into()).or_default().signed_in_at = Some(now);
        };
        record::update(&host, signed_in).await.unwrap();
        assert_eq!(record::load(&host)["work"].signed_in_at, Some(now));
        learned::save(&host, URL, limit(5.0));
        assert_eq!(std::fs::read(&token).unwrap(), tokens);
        // What is set aside is named by the second.
        host.clock.set(now + jiff::SignedDuration::from_secs(1));
        aside = files_aside(&host);
        assert!(aside <= 3, "{aside} are kept");
    }
    assert_eq!(aside, 3, "nothing was set aside");
}

fn files_aside(host: &Host) -> usize {
    let entries = std::fs::read_dir(&host.paths.state).unwrap().flatten();
    let names = entries.map(|it| it.file_name().to_string_lossy().into_owned());
    names.filter(|name| name.contains(".corrupt-")).count()
}
