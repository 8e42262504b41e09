//! Sign-ins with a past: what Daypass remembers of them is set back in time, before it is started or
//! while it runs, as if the hours had gone by.

use crate::scene::Scene;
use crate::{Context, Result};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sha1::{Digest, Sha1};
use std::fs;
use std::path::{Path, PathBuf};

/// Sets the length of the sign-ins of a session, and its present sign-in back, so that it usually
/// ends after so long; says when that is, to the second.
pub fn usually_ends_in(scene: &Scene, session: &str, left: SignedDuration) -> Result<Timestamp> {
    let twelve = ["session", "set", session, "--length", "12h"];
    scene.daypass.ok(&twelve)?;
    let end = Timestamp::from_second(Timestamp::now().as_second())? + left;
    let began = end - SignedDuration::from_hours(12);
    let path = scene.home().state().join("daypass/sessions.json");
    change(&path, |records| {
        records[session]["signed_in_at"] = json!(began.to_string());
    })?;
    Ok(end)
}

/// Ends sign-in number `number` of the portal as an administrator does, and lets the access token of
/// its session, of storage `shared`, run out, so that it is noticed at once.
pub fn end(scene: &Scene, session: &str, number: u64) -> Result<()> {
    scene.portal.tell("revoke", &json!({ "session": number }))?;
    run_out(scene, session, SignedDuration::from_secs(2))
}

/// Lets the access token of a session with storage `shared` end after so long.
pub fn run_out(scene: &Scene, session: &str, left: SignedDuration) -> Result<()> {
    let end = Timestamp::from_second(Timestamp::now().as_second())? + left;
    change(&token_file(scene, session), |token| {
        token["expiresAt"] = json!(end.to_string());
    })
}

/// Where AWS's tools keep the tokens of a session of that name.
pub fn token_file(scene: &Scene, session: &str) -> PathBuf {
    let name = hex::encode(Sha1::digest(session.as_bytes()));
    scene.home().sso_cache().join(format!("{name}.json"))
}

fn read(path: &Path) -> Result<Value> {
    let text = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("reading {}", path.display()))
}

/// In one step, as every program should.
fn change(path: &Path, change: impl FnOnce(&mut Value)) -> Result<()> {
    let mut document = read(path)?;
    change(&mut document);
    let next = path.with_extension("tmp");
    fs::write(&next, serde_json::to_vec(&document)?)?;
    fs::rename(&next, path).with_context(|| format!("writing {}", path.display()))
}
