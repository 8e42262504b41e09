//! Who is signed in: known after a sign-in, and another user than before is said.

use serde_json::json;
use testkit::scene::{Scene, Storage};
use testkit::{Result, ensure};

#[test]
fn another_user_than_before_is_noticed_and_said() -> Result<()> {
    let scene = Scene::signed_in(Storage::Keychain, &["--user", "jo@example.com"])?;
    let read_only = scene.read_only()?;
    scene.daypass.ok(&["list", "--refresh"])?;
    scene
        .daypass
        .sign_in_afresh("work")?
        .says("You are jo@example.com.")?;
    ensure!(
        scene.status("work")?["user"] == "jo@example.com",
        "{}",
        scene.status("work")?
    );
    scene
        .portal
        .tell("set", &json!({ "user": "wei@example.com" }))?;
    scene
        .daypass
        .sign_in_afresh("work")?
        .says("You are wei@example.com; before, `work` was signed in as jo@example.com.")?;
    // Role credentials of the earlier user are not handed out any more.
    let target = read_only.target();
    let keys = scene.daypass.json(&["credentials", &target])?;
    ensure!(keys["Version"] == 1, "no credentials");
    ensure!(scene.asked("GetRoleCredentials")? >= 3, "kept from before");
    scene
        .daypass
        .sign_in_afresh("work")?
        .says("You are wei@example.com.")?;
    Ok(())
}
