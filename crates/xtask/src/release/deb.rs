//! The Debian package: its control files, made from what the programs need, and its judges.

use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};

use super::judge;
use super::stage::{APPLICATION, VERSION, asset, write};
use crate::run::{command, in_view, taken};

/// The file that is made.
pub(super) fn path(folder: &Path) -> Result<PathBuf> {
    Ok(folder.join(format!("daypass_{VERSION}-1_{}.deb", architecture()?)))
}

/// Makes it of a filled tree.
pub(super) fn make(stage: &Path, folder: &Path) -> Result<()> {
    let control = asset("control")?
        .replace("@ARCHITECTURE@", &architecture()?)
        .replace("@SIZE@", &size(stage)?.to_string())
        .replace("@DEPENDS@", &depends(stage)?);
    let sums = sums(stage)?;
    write(&stage.join("DEBIAN/control"), &control)?;
    write(&stage.join("DEBIAN/md5sums"), &sums)?;
    fs::create_dir_all(folder)?;
    in_view(
        command("dpkg-deb", ["--root-owner-group", "-Zxz", "--build"])
            .arg(stage)
            .arg(path(folder)?),
    )
}

/// Has it judged by what Debian and the desktops judge packages with.
pub(super) fn check(stage: &Path, folder: &Path) -> Result<()> {
    let share = |place: String| stage.join("usr/share").join(place).display().to_string();
    let entry = share(format!("applications/{APPLICATION}.desktop"));
    judge("desktop-file-validate", &[&entry])?;
    let about = share(format!("metainfo/{APPLICATION}.metainfo.xml"));
    judge("appstreamcli", &["validate", "--no-net", &about])?;
    let package = path(folder)?.display().to_string();
    judge(
        "lintian",
        &[
            "--allow-root",
            "--fail-on",
            "error,warning",
            "--tag-display-limit",
            "0",
            &package,
        ],
    )
}

fn architecture() -> Result<String> {
    let said = taken(&mut command("dpkg", ["--print-architecture"]))?;
    Ok(String::from_utf8_lossy(&said.stdout).trim().to_owned())
}

/// In kibibytes.
fn size(stage: &Path) -> Result<u64> {
    let said = taken(
        command(
            "du",
            ["--summarize", "--apparent-size", "--block-size=1024"],
        )
        .arg(stage),
    )?;
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    let number = said.split_whitespace().next().context("du said nothing")?;
    Ok(number.parse()?)
}

/// The packages of the libraries that the programs are linked with.
fn depends(stage: &Path) -> Result<String> {
    let work = stage.with_file_name("shlibs");
    write(
        &work.join("debian/control"),
        "Source: daypass\n\nPackage: daypass\nArchitecture: any\n",
    )?;
    let mut ask = command("dpkg-shlibdeps", ["-O"]);
    for program in ["daypass", "daypass-desktop"] {
        ask.arg("-e").arg(stage.join("usr/bin").join(program));
    }
    let said = taken(ask.current_dir(&work))?;
    ensure!(
        said.status.success(),
        "dpkg-shlibdeps: {}",
        String::from_utf8_lossy(&said.stderr)
    );
    let said = String::from_utf8(said.stdout)?;
    let found = said.trim().strip_prefix("shlibs:Depends=");
    Ok(found.context("dpkg-shlibdeps found nothing")?.to_owned())
}

/// Of every file, by its path in the package.
fn sums(stage: &Path) -> Result<String> {
    let script = "find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum";
    let said = taken(command("sh", ["-c", script]).current_dir(stage))?;
    ensure!(said.status.success(), "the files could not be summed up");
    Ok(String::from_utf8(said.stdout)?)
}
