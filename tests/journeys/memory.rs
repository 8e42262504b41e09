//! What is in memory stays there: nobody looks into the command, a crash leaves no core, and after a sign-out
//! the application does not know the tokens any more.

use rustix::process::Signal;
use std::fs;
use std::path::Path;
use testkit::application::start_alone;
use testkit::browser::Following;
use testkit::canary::Canaries;
use testkit::cli::ORDINARY;
use testkit::desktop::Desktop;
use testkit::notifications::Buttons;
use testkit::places::{keep_figures, tool};
use testkit::programs::{Running, command};
use testkit::scene::{Scene, Storage};
use testkit::waiting::{PATIENCE, until_true};
use testkit::{Context, Result, ensure, memory, skips};

/// Words before a program that let it leave a core in that folder.
fn may_leave_a_core(folder: &Path) -> Vec<String> {
    let script = format!(
        "cd '{}' && ulimit -c unlimited && exec \"$@\"",
        folder.display()
    );
    ["/bin/sh", "-c", &script, "sh"]
        .map(ToOwned::to_owned)
        .to_vec()
}

/// A program that nothing protects, of the same user and in the same folder.
fn plain(scene: &Scene, folder: &Path) -> Result<Running> {
    let words = as_ordinary_user(may_leave_a_core(folder));
    let mut command = command(Path::new(&words[0]));
    command
        .args(&words[1..])
        .args(["/bin/sleep", "600"])
        .envs(scene.desktop.env());
    Running::start_as_is("sleep", &mut command)
}

fn as_ordinary_user(words: Vec<String>) -> Vec<String> {
    match rustix::process::geteuid().is_root() {
        true => ORDINARY
            .map(ToOwned::to_owned)
            .into_iter()
            .chain(words)
            .collect(),
        false => words,
    }
}

/// Whether somebody with a debugger, who is the same user, gets the memory of that process.
fn is_taken(scene: &Scene, folder: &Path, id: u32) -> Result<bool> {
    let file = folder.join("taken");
    let gcore = tool("gcore", "gdb")?.display().to_string();
    let words = as_ordinary_user(vec![gcore, "-o".into(), file.display().to_string()]);
    let mut command = command(Path::new(&words[0]));
    command.args(&words[1..]).arg(id.to_string());
    command.envs(scene.desktop.env()).output()?;
    Ok(file.with_extension(id.to_string()).exists())
}

/// Ends it as a crash does; whether there is a core then.
fn leaves_a_core(program: &mut Running, folder: &Path, signal: Signal) -> Result<bool> {
    // The standard library takes the first fault for its own and asks for it again.
    until_true(PATIENCE, "the crash", || {
        if program.ended()?.is_some() {
            return Ok(true);
        }
        program.signal(signal)?;
        Ok(false)
    })?;
    let names = fs::read_dir(folder)?.flatten().map(|it| it.file_name());
    let is_core = |name: &std::ffi::OsString| name.to_string_lossy().starts_with("core");
    Ok(names.into_iter().any(|name| is_core(&name)))
}

/// Where the kernel hands cores to a program they are no files here.
fn cores_are_files() -> bool {
    let pattern = fs::read_to_string("/proc/sys/kernel/core_pattern").unwrap_or_default();
    let is_file = pattern.trim_end() == "core";
    if !is_file {
        skips::skipped("cores of a crash", "this system hands them to a program");
    }
    is_file
}

fn soft_limit_of_cores(id: u32) -> Result<String> {
    let limits = fs::read_to_string(format!("/proc/{id}/limits"))?;
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max core file size"));
    let soft = line.and_then(|line| line.split_whitespace().next());
    Ok(soft.context("no such limit")?.to_owned())
}

#[test]
fn nobody_looks_into_the_command_and_its_crash_leaves_no_core() -> Result<()> {
    let mut scene = Scene::registered(Storage::Shared, &["--accounts", "2"])?;
    let folder = scene.home().root().join("cores");
    fs::create_dir(&folder)?;
    let daypass = scene.daypass.clone().as_ordinary_user(scene.home())?;
    scene.daypass = daypass.after(may_leave_a_core(&folder));

    let mut plain_one = plain(&scene, &folder)?;
    until_true(
        PATIENCE,
        "the debugger to get what nothing protects",
        || is_taken(&scene, &folder, plain_one.id()),
    )?;
    let files = cores_are_files();
    if files {
        ensure!(
            leaves_a_core(&mut plain_one, &folder, Signal::SEGV)?,
            "no program leaves a core here"
        );
        for entry in fs::read_dir(&folder)?.flatten() {
            fs::remove_file(entry.path())?;
        }
    }
    for signal in [Signal::ABORT, Signal::SEGV] {
        let mut login = scene.daypass.start(&["login", "work", "--no-browser"])?;
        login.first_line()?;
        let id = login.program().id();
        ensure!(!is_taken(&scene, &folder, id)?, "a debugger got its memory");
        ensure!(
            soft_limit_of_cores(id)? == "1",
            "a program that takes cores would be given one"
        );
        if files {
            ensure!(
                !leaves_a_core(login.program_mut(), &folder, signal)?,
                "{signal:?} left a core"
            );
        }
    }
    Ok(())
}

#[test]
fn a_crash_of_the_application_leaves_no_core() -> Result<()> {
    let scene = in_tray_desktop(Storage::Shared)?;
    let folder = scene.home().root().join("cores");
    fs::create_dir(&folder)?;
    let program = testkit::places::binary("daypass-desktop")?;
    let words = may_leave_a_core(&folder);
    for signal in [Signal::ABORT, Signal::SEGV] {
        let seen = scene.desktop.tray_host()?.items().len();
        let mut command = command(Path::new(&words[0]));
        command.args(&words[1..]).arg(&program);
        command.envs(scene.desktop.env()).envs(scene.portal.env());
        let mut application = Running::start("application", &mut command, &scene.home().logs())?;
        let host = scene.desktop.tray_host()?;
        until_true(PATIENCE, "the tray", || Ok(host.items().len() > seen))?;
        ensure!(
            soft_limit_of_cores(application.id())? == "1",
            "a program that takes cores would be given one"
        );
        if cores_are_files() {
            ensure!(
                !leaves_a_core(&mut application, &folder, signal)?,
                "{signal:?} left a core"
            );
        }
    }
    Ok(())
}

fn in_tray_desktop(storage: Storage) -> Result<Scene> {
    let desktop = Desktop::with_keyring()?
        .and_screen("900x760")?
        .and_browser(Following::Redirects)?
        .and_notifications(Buttons::Shown)?
        .and_tray_host()?;
    let scene = Scene::empty(desktop, &["--accounts", "4"])?;
    scene.add_session("work", storage)?;
    Ok(scene)
}

#[test]
fn after_a_sign_out_the_application_holds_no_token() -> Result<()> {
    for storage in Storage::BOTH {
        let scene = in_tray_desktop(storage)?;
        scene.daypass.sign_in("work")?;
        scene.daypass.ok(&["list", "--refresh"])?;
        let application = start_alone(&scene.desktop, &scene.portal.env())?;
        let host = scene.desktop.tray_host()?;
        let item = host.item()?;
        let wanted = scene.read_only()?;
        let line = format!("{} · {}", wanted.name, wanted.role);
        // Used once, it is offered by the tray: keys of a role, a renewal and a link that signs in go
        // through the application's hands.
        scene.daypass.ok(&["console", &wanted.target()])?;
        scene.desktop.browser()?.wait_for(1)?;
        scene.portal.expire_access_tokens()?;
        host.wait_for_entry(&item, &line, |entry| entry.label == line)?;
        host.choose(&item, &line)?;
        scene.desktop.browser()?.wait_for(2)?;
        let canaries = scene.canaries()?;
        let tokens = tokens(&scene, storage)?;
        ensure!(tokens.count() >= 3, "{} tokens are known", tokens.count());
        let before = memory::held(application.id(), &canaries)?;
        ensure!(before.count() > 0, "nothing is seen in its memory");
        scene.daypass.ok(&["logout", "work"])?;
        host.wait_for_entry(&item, "signed out", |entry| {
            entry.label.starts_with("work") && entry.label.contains("igned out")
        })?;
        let after = memory::held(application.id(), &canaries)?;
        keep_figures(
            &format!("memory-{}", storage.word()),
            &[format!(
                "of {} secrets {} were in memory before the sign-out, {} after: {:?}",
                canaries.count(),
                before.count(),
                after.count(),
                after.beginnings()
            )],
        )?;
        let left = memory::held(application.id(), &tokens)?;
        ensure!(left.count() == 0, "tokens: {:?}", left.beginnings());
    }
    Ok(())
}

/// The access token, the refresh token and the client's secret: not what was had with them.
fn tokens(scene: &Scene, storage: Storage) -> Result<Canaries> {
    let mut tokens = Canaries::default();
    match storage {
        Storage::Keychain => tokens.learn_tokens(scene.desktop.keyring()?)?,
        Storage::Shared => tokens.learn_folder(&scene.home().sso_cache())?,
    }
    Ok(tokens)
}
