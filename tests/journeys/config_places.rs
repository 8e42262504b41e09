//! Wherever the AWS config file is, and whosever it is: links survive, mode and owner stay, or the
//! change is refused with advice and nothing is different afterwards (R8).

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};
use testkit::cli::Daypass;
use testkit::desktop::Desktop;
use testkit::places::tool;
use testkit::programs::output;
use testkit::scene::{Scene, Storage};
use testkit::skips::skipped;
use testkit::{Result, ensure};

const BEFORE: &str = "# mine\n[default]\nregion=eu-west-1\n";
/// Anybody but root.
const NOBODY: u32 = 65534;

fn scene() -> Result<Scene> {
    let scene = Scene::empty(Desktop::bare()?, &["--accounts", "12"])?;
    scene.add_session("work", Storage::Shared)?;
    scene.daypass.sign_in("work")?;
    Ok(scene)
}

fn add(scene: &Scene, daypass: &Daypass) -> Result<testkit::cli::Ran> {
    let wanted = scene.read_only()?.target();
    daypass.run(&["profile", "add", &wanted, "--name", "ro"])
}

/// A folder with nothing in it but what a test puts there.
fn folder(scene: &Scene, name: &str) -> Result<PathBuf> {
    let folder = scene.home().home().join(name);
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// The command with that config file.
fn with_file(scene: &Scene, file: &Path) -> Daypass {
    let daypass = scene.daypass.clone();
    daypass.with("AWS_CONFIG_FILE", &file.display().to_string())
}

fn put(file: &Path, mode: u32) -> Result<()> {
    fs::write(file, BEFORE)?;
    Ok(fs::set_permissions(file, PermissionsExt::from_mode(mode))?)
}

/// A name, its bytes or what the link says, mode and owner.
type Entry = (PathBuf, Vec<u8>, u32, u32);

/// Everything in a folder, in order.
fn state(folder: &Path) -> Result<Vec<Entry>> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let facts = path.symlink_metadata()?;
        let bytes = match fs::read_link(&path) {
            Ok(leads_to) => leads_to.into_os_string().into_encoded_bytes(),
            Err(_) if facts.is_file() => fs::read(&path)?,
            Err(_) => Vec::new(),
        };
        all.push((path, bytes, facts.mode(), facts.uid()));
    }
    all.sort();
    Ok(all)
}

/// A refusal: exit code 1, a message, advice; nothing in the folder is different, no backup is left.
fn is_refused(scene: &Scene, daypass: &Daypass, folder: &Path) -> Result<()> {
    changes_nothing(scene, daypass, folder)?;
    let undo = daypass.run(&["profile", "undo"])?;
    undo.code(1)?.says("no change")?;
    Ok(())
}

fn changes_nothing(scene: &Scene, daypass: &Daypass, folder: &Path) -> Result<()> {
    let before = state(folder)?;
    add(scene, daypass)?.code(1)?.says_what_and_what_to_do()?;
    ensure!(state(folder)? == before, "not as before: {before:?}");
    Ok(())
}

/// Written, and taken back; `file` keeps its mode and owner all the while.
fn is_written_and_undone(scene: &Scene, daypass: &Daypass, file: &Path) -> Result<()> {
    let identity = |facts: fs::Metadata| (facts.mode(), facts.uid(), facts.gid());
    let (bytes, before) = (fs::read(file).ok(), fs::metadata(file).ok().map(identity));
    add(scene, daypass)?.code(0)?;
    let text = fs::read_to_string(file)?;
    ensure!(
        text.contains("[profile ro]"),
        "{} has no profile: {text}",
        file.display()
    );
    let after = identity(fs::metadata(file)?);
    ensure!(
        before.is_none_or(|before| before == after),
        "{before:?} became {after:?}"
    );
    ensure!(
        before.is_some() || after.0 & 0o777 == 0o600,
        "a new file of mode {:o}",
        after.0
    );
    daypass.ok(&["profile", "undo"])?;
    ensure!(
        fs::read(file).ok() == bytes,
        "not as it was: {}",
        file.display()
    );
    ensure!(
        fs::metadata(file).ok().map(identity) == before,
        "not the mode or owner before"
    );
    Ok(())
}

/// Links by their names and what they say, the last of them first; then what the first leads to.
type Links = (&'static str, &'static [(&'static str, &'static str)]);
const LINKS: [Links; 4] = [
    ("relative", &[("config", "real")]),
    ("up and down", &[("config", "../links/./real")]),
    (
        "chained",
        &[("third", "real"), ("second", "third"), ("config", "second")],
    ),
    (
        "into a folder that is not there yet",
        &[("config", "new/real")],
    ),
];

#[test]
fn links_of_all_kinds_survive_a_change_and_its_undoing() -> Result<()> {
    let scene = scene()?;
    for (kind, links) in LINKS {
        for there in [true, false] {
            links_survive(&scene, links, there).map_err(|error| error.context(kind))?;
        }
    }
    Ok(())
}

/// In a folder of their own, whether what they lead to is there or not.
fn links_survive(scene: &Scene, links: &[(&str, &str)], there: bool) -> Result<()> {
    let folder = folder(scene, "links")?;
    for (name, leads_to) in links {
        symlink(leads_to, folder.join(name))?;
    }
    let real = folder.join(links[0].1);
    if there && !links[0].1.contains("new") {
        put(&real, 0o640)?;
    }
    let daypass = with_file(scene, &folder.join("config"));
    is_written_and_undone(scene, &daypass, &real)?;
    for (name, leads_to) in links {
        ensure!(
            fs::read_link(folder.join(name))? == Path::new(leads_to),
            "{name} leads elsewhere"
        );
    }
    Ok(fs::remove_dir_all(folder)?)
}

#[test]
fn absolute_links_and_links_of_the_folder_survive_too() -> Result<()> {
    let scene = scene()?;
    let (folder, link) = (folder(&scene, "dotfiles")?, scene.home().aws_config());
    let real = folder.join("config");
    symlink(&real, &link)?;
    is_written_and_undone(&scene, &scene.daypass, &real)?;
    put(&real, 0o604)?;
    is_written_and_undone(&scene, &scene.daypass, &real)?;
    ensure!(fs::read_link(&link)? == real, "the link leads elsewhere");
    // The whole folder is a link, and the file one that leads up from where the folder really is.
    fs::rename(&real, folder.join("of-aws"))?;
    fs::create_dir(folder.join("aws"))?;
    symlink("../of-aws", folder.join("aws/config"))?;
    symlink(folder.join("aws"), scene.home().home().join("linked"))?;
    let daypass = with_file(&scene, &scene.home().home().join("linked/config"));
    is_written_and_undone(&scene, &daypass, &folder.join("of-aws"))?;
    ensure!(
        folder.join("aws/config").is_symlink(),
        "the link became a file"
    );
    Ok(())
}

#[test]
fn links_in_a_circle_and_hard_links_are_refused() -> Result<()> {
    let scene = scene()?;
    let circle = folder(&scene, "circle")?;
    symlink("b", circle.join("a"))?;
    symlink("a", circle.join("b"))?;
    changes_nothing(&scene, &with_file(&scene, &circle.join("a")), &circle)?;
    let hard = folder(&scene, "hard")?;
    put(&hard.join("config"), 0o600)?;
    fs::hard_link(hard.join("config"), hard.join("other"))?;
    symlink("config", hard.join("link"))?;
    for name in ["config", "other", "link"] {
        is_refused(&scene, &with_file(&scene, &hard.join(name)), &hard)?;
    }
    Ok(())
}

#[test]
fn a_folder_that_may_not_be_written_is_left_alone_also_behind_a_link() -> Result<()> {
    let scene = scene()?;
    let folder = folder(&scene, "read-only")?;
    put(&folder.join("config"), 0o644)?;
    let link = scene.home().home().join("link");
    symlink(folder.join("config"), &link)?;
    let ordinary = scene.daypass.clone().as_ordinary_user(scene.home())?;
    for file in [folder.join("config"), link] {
        let daypass = ordinary.clone();
        let daypass = daypass.with("AWS_CONFIG_FILE", &file.display().to_string());
        fs::set_permissions(&folder, PermissionsExt::from_mode(0o555))?;
        is_refused(&scene, &daypass, &folder)?;
        fs::set_permissions(&folder, PermissionsExt::from_mode(0o755))?;
    }
    Ok(())
}

#[test]
fn a_file_of_another_owner_stays_theirs_or_is_left_alone() -> Result<()> {
    if !rustix::process::geteuid().is_root() {
        skipped(
            "the config file of another owner",
            "only root can give files away",
        );
        return Ok(());
    }
    let scene = scene()?;
    let folder = folder(&scene, "owned")?;
    let file = folder.join("config");
    put(&file, 0o640)?;
    chown(&file, Some(NOBODY), Some(1))?;
    is_written_and_undone(&scene, &with_file(&scene, &file), &file)?;
    // Who may write the folder and not give files away would make the file their own.
    let daypass = with_file(&scene, &file).as_ordinary_user(scene.home())?;
    chown(&file, Some(0), Some(0))?;
    fs::set_permissions(&file, PermissionsExt::from_mode(0o666))?;
    is_refused(&scene, &daypass, &folder)
}

#[test]
fn an_immutable_file_is_left_alone() -> Result<()> {
    let scene = scene()?;
    let folder = folder(&scene, "immutable")?;
    let file = folder.join("config");
    put(&file, 0o644)?;
    let chattr = tool("chattr", "e2fsprogs")?;
    let mark = |mark: &str| output(&chattr, [mark, &file.display().to_string()], &[]);
    if let Err(error) = mark("+i") {
        skipped(
            "an immutable config file",
            &format!("it cannot be made here: {error}"),
        );
        return Ok(());
    }
    let refused = is_refused(&scene, &with_file(&scene, &file), &folder);
    mark("-i")?;
    refused?;
    is_written_and_undone(&scene, &with_file(&scene, &file), &file)
}
