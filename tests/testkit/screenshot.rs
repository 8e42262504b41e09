//! Pictures of the whole screen, kept as evidence.

use crate::desktop::Desktop;
use crate::places::{artefacts, tool};
use crate::programs::output;
use crate::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};

/// Takes a picture of the screen into the folder for evidence, below `journey`.
pub fn take(desktop: &Desktop, journey: &str, name: &str) -> Result<PathBuf> {
    take_into(desktop, &artefacts()?.join(journey), name)
}

/// Takes a picture of the screen into that folder.
pub fn take_into(desktop: &Desktop, folder: &Path, name: &str) -> Result<PathBuf> {
    fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    let path = folder.join(format!("{name}.png"));
    let import = tool("import", "imagemagick")?;
    let target = path.display().to_string();
    let display = desktop.screen()?.display();
    output(
        &import,
        ["-display", display, "-window", "root", &target],
        &desktop.env(),
    )?;
    Ok(path)
}

/// How many colours a picture has: a blank screen has one.
pub fn colours(desktop: &Desktop, picture: &Path) -> Result<u32> {
    let identify = tool("identify", "imagemagick")?;
    let picture = picture.display().to_string();
    let count = output(&identify, ["-format", "%k", &picture], &desktop.env())?;
    Ok(count.trim().parse()?)
}

/// Holds a picture to show something.
pub fn shows_something(desktop: &Desktop, picture: &Path) -> Result<()> {
    let colours = colours(desktop, picture)?;
    ensure!(
        colours > 8,
        "{} has only {colours} colours",
        picture.display()
    );
    Ok(())
}
