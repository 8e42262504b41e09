//! Where secrets rest, and where they do not: by what is written, by what is found on disk, and by
//! what is left after signing out.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use testkit::canary::{Canaries, contains, files_below};
use testkit::places::repository;
use testkit::scene::{Scene, Storage};
use testkit::tracing::Traces;
use testkit::{Context, Result, ensure};

const ROUNDS: usize = 100;

/// Keys so short-lived that each call fetches new ones.
const SHORT: [&str; 4] = ["--accounts", "4", "--role-ttl", "60"];

#[test]
fn a_hundred_renewals_and_credentials_write_no_secret_to_any_file() -> Result<()> {
    let start = SystemTime::now();
    let mut scene = Scene::registered(Storage::Keychain, &SHORT)?;
    let traces = Traces::new()?;
    let plain = scene.daypass.clone();
    scene.daypass = plain.clone().after(traces.before());
    let mut canaries = Canaries::default();
    scene.daypass.sign_in("work")?;
    canaries.learn_keyring(scene.desktop.keyring()?)?;
    scene.daypass.ok(&["list", "--refresh"])?;
    let wanted = scene.read_only()?;
    let words = [
        "credentials",
        "--account",
        &wanted.account,
        "--role",
        &wanted.role,
    ];
    let (mut writes, mut carried) = (0, 0);
    for round in 0..ROUNDS {
        // The portal knows the access token no more: the call renews it, then fetches new keys.
        scene.portal.expire_access_tokens()?;
        let ran = scene.daypass.run_secretly(&words)?.code(0)?;
        canaries.learn_json(&ran.json()?);
        canaries.learn_keyring(scene.desktop.keyring()?)?;
        if round % 10 == 9 {
            let told = traces.hold(&canaries)?;
            (writes, carried) = (writes + told.writes, carried + told.with_secrets);
        }
    }
    ensure!(
        scene.asked("CreateToken")? as usize == ROUNDS + 1,
        "not all were renewals"
    );
    ensure!(
        scene.asked("GetRoleCredentials")? as usize >= ROUNDS,
        "not all were new keys"
    );
    ensure!(
        canaries.count() > 5 * ROUNDS,
        "{} secrets are known",
        canaries.count()
    );
    // The trace sees what it should see: the secrets on their way over sockets and pipes.
    ensure!(
        carried > ROUNDS && writes > carried,
        "{carried} of {writes} writes carried one"
    );
    scene.search(&canaries)?;
    ensure!(!scene.home().sso_cache().exists(), "AWS's cache was made");
    nowhere_else(&canaries, start)
}

/// Places outside of the home where a program may put a file.
fn nowhere_else(canaries: &Canaries, since: SystemTime) -> Result<()> {
    let built = std::env::var_os("DAYPASS_TEST_BIN_DIR").map(PathBuf::from);
    for place in ["/tmp", "/dev/shm", "/var/tmp", "/run/user"] {
        for path in recent(Path::new(place), since, &|path| {
            path.starts_with(repository())
                || built.as_deref().is_some_and(|it| path.starts_with(it))
        }) {
            // Other tests make and remove files here at the same time.
            let Ok(bytes) = fs::read(&path) else { continue };
            let text = String::from_utf8_lossy(&bytes);
            canaries.absent_from(&path.display().to_string(), &text)?;
        }
    }
    Ok(())
}

fn recent(folder: &Path, since: SystemTime, skip: &dyn Fn(&Path) -> bool) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, Ok(facts)) = (entry.path(), entry.metadata()) else {
            continue;
        };
        if facts.is_dir() && !skip(&path) {
            found.extend(recent(&path, since, skip));
        } else if facts.is_file()
            && facts.len() < 4_000_000
            && facts.modified().is_ok_and(|at| at >= since)
        {
            found.push(path);
        }
    }
    found
}

#[test]
fn shared_files_are_private_whatever_the_umask_and_the_modes_before() -> Result<()> {
    for umask in ["000", "022", "077"] {
        let mut scene = Scene::registered(Storage::Shared, &SHORT)?;
        let url = scene.portal.start_url().to_owned();
        scene.home().write_aws_config(format!(
            "[profile old]\nsso_start_url = {url}\nsso_region = eu-central-1\n\n\
             [sso-session other]\nsso_start_url = {url}\nsso_region = eu-central-1\n"
        ))?;
        let shell = [
            "/bin/sh",
            "-c",
            &format!("umask {umask}; exec \"$@\""),
            "sh",
        ];
        scene.daypass = scene
            .daypass
            .clone()
            .after(shell.map(ToOwned::to_owned).to_vec());
        scene.daypass.sign_in("work")?;
        let wanted = scene.read_only()?.target();
        scene
            .daypass
            .run_secretly(&["credentials", &wanted])?
            .code(0)?;
        all_private(&scene).with_context(|| format!("umask {umask}"))?;

        // Somebody has opened them to others: the next write closes them again.
        for path in secret_files(&scene)? {
            fs::set_permissions(&path, Permissions::from_mode(0o644))?;
            let folder = path.parent().context("no folder")?;
            fs::set_permissions(folder, Permissions::from_mode(0o755))?;
        }
        scene.portal.expire_access_tokens()?;
        scene
            .daypass
            .run_secretly(&["credentials", &wanted])?
            .code(0)?;
        all_private(&scene).with_context(|| format!("umask {umask}, opened before"))?;
    }
    Ok(())
}

fn secret_files(scene: &Scene) -> Result<Vec<PathBuf>> {
    let mut found = files_below(&scene.home().sso_cache())?;
    found.extend(files_below(&scene.home().home().join(".aws/cli/cache"))?);
    // The session's own, two mirrors, and the keys of one role.
    ensure!(found.len() == 4, "{found:?}");
    Ok(found)
}

fn all_private(scene: &Scene) -> Result<()> {
    let mode =
        |path: &Path| -> Result<u32> { Ok(fs::metadata(path)?.permissions().mode() & 0o777) };
    let state = files_below(&scene.home().state())?;
    for path in secret_files(scene)?.into_iter().chain(state) {
        ensure!(
            mode(&path)? == 0o600,
            "{}: {:o}",
            path.display(),
            mode(&path)?
        );
        let folder = path.parent().context("no folder")?;
        ensure!(
            mode(folder)? == 0o700,
            "{}: {:o}",
            folder.display(),
            mode(folder)?
        );
    }
    Ok(())
}

#[test]
fn signing_out_leaves_no_secret_anywhere() -> Result<()> {
    for storage in Storage::BOTH {
        for online in [true, false] {
            sign_out(storage, online).with_context(|| format!("{storage:?}, online: {online}"))?;
        }
    }
    Ok(())
}

fn sign_out(storage: Storage, online: bool) -> Result<()> {
    let mut scene = Scene::registered(storage, &["--accounts", "4"])?;
    let url = scene.portal.start_url().to_owned();
    scene.home().write_aws_config(format!(
        "[profile old]\nsso_start_url = {url}/\nsso_region = eu-central-1\n"
    ))?;
    scene.daypass.sign_in("work")?;
    scene.daypass.ok(&["list", "--refresh"])?;
    let wanted = scene.read_only()?;
    scene
        .daypass
        .run_secretly(&["credentials", &wanted.target()])?
        .code(0)?;
    if storage == Storage::Shared {
        a_role_file_of_the_aws_cli(&scene, &format!("{url}/"), &wanted.account)?;
    }
    let canaries = scene.canaries()?;
    ensure!(
        canaries.count() >= 5,
        "{} secrets are known",
        canaries.count()
    );
    if !online {
        scene.portal.stop();
    }
    let ran = scene.daypass.run(&["logout", "work"])?.code(0)?;
    ensure!(ran.stderr.contains("pending") != online, "{}", ran.stderr);
    if online {
        ensure!(scene.asked("Logout")? == 1, "the portal was not told");
    }
    ensure!(
        scene.canaries()?.count() == 0,
        "secrets are left where they rest"
    );
    canaries.search(scene.home(), &[])
}

/// What the AWS CLI leaves for a profile of the older kind: named by account, role and start URL.
fn a_role_file_of_the_aws_cli(scene: &Scene, url: &str, account: &str) -> Result<()> {
    let folder = scene.home().home().join(".aws/cli/cache");
    let existing = files_below(&folder)?;
    let bytes = fs::read(existing.first().context("no role credentials")?)?;
    let key =
        format!("{{\"accountId\":\"{account}\",\"roleName\":\"ReadOnly\",\"startUrl\":\"{url}\"}}");
    let output = std::process::Command::new("/usr/bin/sha1sum")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .and_then(|mut child| {
            use std::io::Write;
            child
                .stdin
                .take()
                .map_or(Ok(()), |mut stdin| stdin.write_all(key.as_bytes()))?;
            child.wait_with_output()
        })?;
    let name = String::from_utf8_lossy(&output.stdout[..40]).into_owned();
    fs::write(folder.join(format!("{name}.json")), &bytes)?;
    ensure!(contains(&bytes, b"SecretAccessKey"), "no keys");
    Ok(())
}
