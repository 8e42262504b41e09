//! A disk on which nothing can be written any more, from the start on: signing in to the keychain and all
//! that only reads go on, in the command and in the application.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use testkit::canary::files_below;
use testkit::desktop::Desktop;
use testkit::programs::{Running, command};
use testkit::real_panel::has_window;
use testkit::scene::{Scene, Storage};
use testkit::tray_host::outline;
use testkit::waiting::{PATIENCE, until_true};
use testkit::{Result, ensure};

/// Every write to a file fails from here on.
const FULL: [&str; 4] = [
    "/bin/bash",
    "-c",
    "trap '' XFSZ; ulimit -S -f 0; exec \"$@\"",
    "full",
];

fn scene() -> Result<Scene> {
    let desktop = Desktop::full_on("900x760")?;
    let scene = Scene::empty(desktop, &["--accounts", "12"])?;
    scene.add_session("work", Storage::Keychain)?;
    Ok(scene)
}

/// A browser has a disk of its own: it is started by both ways that lead to one.
fn free_the_browser(scene: &Scene) -> Result<String> {
    let script = scene.home().root().join("free-browser");
    let text = format!(
        "#!/bin/bash\ntrap - XFSZ; ulimit -S -f unlimited\nexec {} \"$@\"\n",
        scene.desktop.browser()?.command()
    );
    fs::write(&script, text)?;
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755))?;
    let script = script.display().to_string();
    for entry in fs::read_dir(scene.home().data().join("applications"))?.flatten() {
        let text = fs::read_to_string(entry.path())?;
        let lines = text.lines().map(|line| match line.starts_with("Exec=") {
            true => format!("Exec={script} %u\n"),
            false => format!("{line}\n"),
        });
        fs::write(entry.path(), lines.collect::<String>())?;
    }
    Ok(script)
}

/// All files of our own that hold anything.
fn kept(scene: &Scene) -> Result<Vec<(PathBuf, Vec<u8>)>> {
    let home = scene.home();
    let mut all = Vec::new();
    for folder in [home.config(), home.state(), home.cache()] {
        for path in files_below(&folder.join("daypass"))? {
            let bytes = fs::read(&path)?;
            if !bytes.is_empty() {
                all.push((path, bytes));
            }
        }
    }
    Ok(all)
}

#[test]
fn the_command_signs_in_to_the_keychain_and_works() -> Result<()> {
    let scene = scene()?;
    let before = kept(&scene)?;
    let full = scene
        .daypass
        .clone()
        .with("BROWSER", &free_the_browser(&scene)?)
        .after(FULL.map(ToOwned::to_owned).to_vec());
    // Its words go through pipes: a file could take none.
    full.run(&["login", "work"])?.code(0)?.says("Signed in")?;
    let status = full.json(&["status", "--json"])?;
    ensure!(status["sessions"][0]["state"] == "active", "{status}");
    let wanted = scene.read_only()?.target();
    full.run_secretly(&["credentials", &wanted])?.code(0)?;
    let listed = full.json(&["list", "--refresh", "--accounts", "--json"])?;
    ensure!(
        listed["accounts"].as_array().map(Vec::len) == Some(12),
        "{listed}"
    );
    full.ok(&["console", &wanted])?;
    full.run(&["profile", "add", &wanted])?
        .code(1)?
        .says_what_and_what_to_do()?;
    ensure!(kept(&scene)? == before, "a file was changed");
    // With room again all is as if nothing had been.
    scene.daypass.ok(&["profile", "add", &wanted])?;
    full.ok(&["logout", "work"])?;
    ensure!(
        scene.status("work")?["state"] == "signed_out",
        "{}",
        scene.status("work")?
    );
    Ok(())
}

#[test]
fn the_application_starts_signs_in_and_shows_the_list() -> Result<()> {
    let scene = scene()?;
    let before = kept(&scene)?;
    let program = testkit::places::binary("daypass-desktop")?;
    let mut command = command(Path::new(FULL[0]));
    command.args(&FULL[1..]).arg(&program);
    command.envs(scene.desktop.env()).envs(scene.portal.env());
    command.env("BROWSER", free_the_browser(&scene)?);
    let mut application = Running::start("application", &mut command, &scene.home().logs())?;
    let host = scene.desktop.tray_host()?;
    let item = host.item()?;
    host.choose(&item, "Sign in to work")?;
    scene.desktop.browser()?.wait_for(1)?;
    host.wait_for_entry(&item, "signed in", |it| it.label.contains(": signed in"))
        .map_err(|error| error.context(outline(&host.menu(&item).unwrap_or_default())))?;
    host.activate(&item)?;
    until_true(PATIENCE, "the panel", || {
        has_window(&scene.desktop, "Daypass")
    })?;
    ensure!(kept(&scene)? == before, "a file was changed");
    ensure!(application.ended()?.is_none(), "it ended");
    host.choose(&item, "Quit Daypass")?;
    ensure!(application.wait(PATIENCE)?.success(), "it did not end well");
    ensure!(scene.status("work")?["state"] == "active", "signed out");
    Ok(())
}
