//! How the browser is started from within a package with programs and libraries of its own: the system's
//! program, a clean environment, the address once; and no token in any of it.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use testkit::canary::CommandLines;
use testkit::desktop::Desktop;
use testkit::places::binary;
use testkit::scene::{Scene, Storage};
use testkit::waiting::{PATIENCE, until_true};
use testkit::{Result, ensure};

/// What a package sets for itself, and what would break a browser that is not of it.
const PACKAGES_OWN: [&str; 6] = [
    "LD_LIBRARY_PATH",
    "GIO_MODULE_DIR",
    "GIO_EXTRA_MODULES",
    "GTK_PATH",
    "GDK_PIXBUF_MODULE_FILE",
    "APPIMAGE",
];

fn script(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, format!("#!/bin/sh\n{text}\n"))?;
    Ok(fs::set_permissions(path, Permissions::from_mode(0o755))?)
}

/// A browser that writes down how it was started, and then goes where it was sent.
struct Witness {
    program: PathBuf,
    folder: PathBuf,
}

impl Witness {
    fn new(scene: &Scene) -> Result<Self> {
        let folder = scene.home().root().join("witness");
        fs::create_dir_all(&folder)?;
        let (record, stand_in) = (folder.join("record"), binary("daypass-stand-in-browser")?);
        fs::write(&record, "")?;
        let program = folder.join("a browser");
        let shown = folder.display();
        let text = format!(
            "env > '{shown}/env'; for it in \"$@\"; do echo \"$it\"; done >> '{shown}/words'\n\
             exec '{}' --record '{}' --follow \"$1\"",
            stand_in.display(),
            record.display()
        );
        script(&program, &text)?;
        Ok(Self { program, folder })
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.join(name)).unwrap_or_default()
    }

    /// It was started once with an address of this machine, and with nothing of the package.
    fn was_started_well(&self, package: &str) -> Result<()> {
        until_true(PATIENCE, "the end of the way", || {
            Ok(self.read("record").contains("landed"))
        })?;
        let words = self.read("words");
        let one = words.lines().count() == 1 && words.starts_with("http://127.0.0.1:");
        ensure!(one, "its arguments: {words}");
        let env = self.read("env");
        let has = |name: &&str| env.lines().any(|it| it.starts_with(&format!("{name}=")));
        let left: Vec<_> = PACKAGES_OWN
            .iter()
            .chain(&["APPDIR"])
            .filter(|it| has(it))
            .collect();
        ensure!(left.is_empty(), "left in its environment: {left:?}");
        let path = env.lines().find_map(|it| it.strip_prefix("PATH="));
        let path = path.unwrap_or_default();
        ensure!(
            !path.contains(package) && path.contains("/usr/bin"),
            "{path}"
        );
        for name in ["record", "words", "env"] {
            fs::write(self.folder.join(name), "")?;
        }
        Ok(())
    }
}

#[test]
fn from_within_a_package_the_systems_program_opens_the_address_once_in_a_clean_environment()
-> Result<()> {
    let scene = Scene::empty(Desktop::with_keyring()?, &["--accounts", "4"])?;
    scene.add_session("work", Storage::Keychain)?;
    scene.daypass.sign_in("work")?;
    let wanted = scene.read_only()?;
    let witness = Witness::new(&scene)?;

    let package = scene.home().root().join("package");
    let (fake, marker) = (package.join("usr/bin/xdg-open"), package.join("was-run"));
    script(&fake, &format!("touch '{}'", marker.display()))?;
    let before = scene.home().root().join("before");
    script(
        &before.join("xdg-open"),
        &format!("touch '{}'", marker.display()),
    )?;
    let shown = package.display().to_string();
    let path = format!(
        "{}:{shown}/usr/bin:/usr/local/bin:/usr/bin:/bin",
        before.display()
    );
    let mut packed = scene
        .daypass
        .clone()
        .with("APPDIR", &shown)
        .with("PATH", &path);
    for name in PACKAGES_OWN {
        packed = packed.with(name, &format!("{shown}/lib"));
    }
    let program = witness.program.display().to_string();
    // As a list of words, xdg-open would part the name at its blank.
    let link = scene.home().root().join("browser");
    std::os::unix::fs::symlink(&witness.program, &link)?;
    let packed = packed.with("BROWSER", &link.display().to_string());

    let watch = CommandLines::watch("SigninToken=");
    let target = wanted.target();
    packed.ok(&["console", &target, "--yes"])?;
    witness.was_started_well(&shown)?;
    let command = format!("'{program}' {{url}}");
    packed.ok(&["console", &target, "--yes", "--browser", &command])?;
    witness.was_started_well(&shown)?;
    watch.clean()?;
    ensure!(
        !marker.exists(),
        "another xdg-open than the system's was run"
    );
    scene.search(&scene.canaries()?)
}
