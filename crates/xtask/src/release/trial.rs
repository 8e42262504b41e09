//! `cargo xtask release --try`: the package that was made last, as a user of Debian meets it. It is
//! installed, run, brought up from an older version and purged in a root that holds nothing else, which is
//! removed afterwards. No daemon of this machine has a part in it.

use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::path::{Path, PathBuf};

use super::{built_folder, deb, packages_folder, stage};
use crate::run::{command, in_view, on_path, repository, taken};
use crate::say;
use crate::steps::Steps;

/// Who runs a script of the trial.
#[derive(Clone, Copy)]
enum Who {
    Root,
    Somebody,
}

/// Does all of it.
///
/// # Errors
/// Where it cannot be done here, or a step finds something.
pub(crate) fn run() -> Result<()> {
    possible_here()?;
    let made = deb::path(&packages_folder())?;
    ensure!(
        made.is_file(),
        "there is no package yet: `cargo xtask release` makes it"
    );
    let mut steps = Steps::of("release --try");
    let root = Root::at(built_folder().join("clean-root"))?;
    steps.take("a clean root", || root.make())?;
    steps.take("the package, and an older one", || root.take_in(&made))?;
    steps.take("a user, and what the package needs", || {
        root.says(Who::Root, "prepare", "").map(drop)
    })?;
    let system = root.says(Who::Root, "listing", "")?;
    let aws = root.says(Who::Somebody, "home", ".aws")?;
    steps.take("install", || root.runs(Who::Root, "install", "new"))?;
    steps.take("run", || root.runs(Who::Somebody, "run", ""))?;
    steps.take("manual pages and completions", || {
        root.runs(Who::Somebody, "pages", "")
    })?;
    steps.take("the window", || root.runs(Who::Somebody, "desktop", ""))?;
    steps.take("purge", || root.purged(&system, "after an installation"))?;
    steps.take("upgrade", || {
        root.runs(Who::Root, "install", "old")?;
        root.runs(Who::Root, "install", "new")?;
        root.runs(Who::Somebody, "run", "")
    })?;
    steps.take("purge after the upgrade", || {
        root.purged(&system, "after an upgrade")
    })?;
    steps.take("AWS's own files", || {
        let now = root.says(Who::Somebody, "home", ".aws")?;
        same("what stands in ~/.aws", &aws, &now)
    })?;
    steps.summary();
    Ok(())
}

/// Says plainly why it cannot be done, where it cannot.
fn possible_here() -> Result<()> {
    for (program, package) in [
        ("debootstrap", "debootstrap"),
        ("dpkg-deb", "dpkg"),
        ("unshare", "util-linux"),
    ] {
        ensure!(
            found(program),
            "a clean root needs `{program}`: install the package {package}; nothing was tried"
        );
    }
    let who = taken(&mut command("id", ["-u"]))?;
    ensure!(
        who.stdout.trim_ascii() == b"0",
        "a clean root can only be made by root: run this as root, in a container for example; nothing was \
         tried"
    );
    Ok(())
}

/// Also among root's programs, which stand on not everybody's path.
fn found(program: &str) -> bool {
    on_path(program).is_some() || Path::new("/usr/sbin").join(program).is_file()
}

/// A Debian of its own in a folder.
struct Root(PathBuf);

impl Drop for Root {
    fn drop(&mut self) {
        // Nothing is mounted in it: each run has its own mounts, which go with it.
        if fs::remove_dir_all(&self.0).is_err() {
            say::line(&format!("{} could not be removed", self.0.display()));
        }
    }
}

impl Root {
    fn at(path: PathBuf) -> Result<Self> {
        if path.exists() {
            fs::remove_dir_all(&path).context("removing the root of an earlier trial")?;
        }
        fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    /// Of the release that this machine runs, from where its apt takes packages.
    fn make(&self) -> Result<()> {
        let sources = sources()?;
        let first = sources.first().context("apt names no source")?;
        let (place, release) = first;
        let program = on_path("debootstrap").unwrap_or_else(|| "/usr/sbin/debootstrap".into());
        let mut make = command(program, ["--variant=minbase", release.as_str()]);
        make.arg(&self.0).arg(place);
        let said = taken(&mut make)?;
        ensure!(
            said.status.success(),
            "debootstrap ended with {}: {}",
            said.status,
            last_lines(&said.stdout)
        );
        let lines = sources
            .iter()
            .map(|(place, release)| format!("deb {place} {release} main\n"));
        stage::write(
            &self.0.join("etc/apt/sources.list"),
            &lines.collect::<String>(),
        )
    }

    /// Lays the package and the scripts into it, and an older package of the same content.
    fn take_in(&self, made: &Path) -> Result<()> {
        let folder = self.0.join("packages");
        fs::create_dir_all(&folder)?;
        fs::copy(made, folder.join("new.deb"))?;
        let scripts = repository().join("crates/xtask/assets/trial");
        for script in fs::read_dir(scripts)? {
            let script = script?;
            fs::copy(script.path(), folder.join(script.file_name()))?;
        }
        older(made, &self.0.join("older"), &folder.join("old.deb"))
    }

    fn runs(&self, who: Who, script: &str, word: &str) -> Result<()> {
        in_view(&mut self.command(who, script, word))
    }

    fn says(&self, who: Who, script: &str, word: &str) -> Result<String> {
        let said = taken(&mut self.command(who, script, word))?;
        ensure!(
            said.status.success(),
            "the script {script}.sh ended with {}: {}",
            said.status,
            last_lines(&said.stderr)
        );
        Ok(String::from_utf8_lossy(&said.stdout).into_owned())
    }

    /// Every process of the script ends with it, and its mounts too.
    fn command(&self, who: Who, script: &str, word: &str) -> std::process::Command {
        let mut run = command("unshare", ["--mount", "--pid", "--fork", "--kill-child"]);
        run.arg(format!("--root={}", self.0.display()))
            .args(["--wd=/", "--mount-proc"]);
        if let Who::Somebody = who {
            run.args([
                "setpriv",
                "--reuid=somebody",
                "--regid=somebody",
                "--init-groups",
            ]);
        }
        let home = match who {
            Who::Root => "/root",
            Who::Somebody => "/home/somebody",
        };
        run.args(["/bin/sh", &format!("/packages/{script}.sh"), word])
            .env_clear()
            .env("HOME", home)
            .env("LANG", "C.UTF-8")
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        run
    }

    /// Afterwards the system is as it was, and so is the home.
    fn purged(&self, system: &str, when: &str) -> Result<()> {
        let home = self.says(Who::Somebody, "home", ".")?;
        self.runs(Who::Root, "purge", "")?;
        same("the system", system, &self.says(Who::Root, "listing", "")?)
            .with_context(|| format!("purging {when}"))?;
        same("the home", &home, &self.says(Who::Somebody, "home", ".")?)
    }
}

/// Where apt takes packages, the distribution itself first: address and release.
fn sources() -> Result<Vec<(String, String)>> {
    let format = "$(REPO_URI) $(CODENAME) $(SUITE) $(ORIGIN) $(RELEASE) $(COMPONENT) $(CREATED_BY)";
    let said = taken(&mut command(
        "apt-get",
        ["indextargets", "--format", format],
    ))?;
    let found = distribution(&String::from_utf8_lossy(&said.stdout));
    ensure!(
        !found.is_empty(),
        "apt names no Debian source on this machine; nothing was tried"
    );
    Ok(found)
}

/// Out of apt's lines those of the distribution's main part, each once.
fn distribution(lines: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in lines.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [place, _, _, "Debian", release, "main", "Packages"] = words.as_slice() else {
            continue;
        };
        let one = ((*place).to_owned(), (*release).to_owned());
        if !found.contains(&one) {
            found.push(one);
        }
    }
    found.sort_by_key(|(_, release)| release.contains('-'));
    found
}

/// The same content under a lower version.
fn older(made: &Path, work: &Path, into: &Path) -> Result<()> {
    in_view(command("dpkg-deb", ["--raw-extract"]).arg(made).arg(work))?;
    let control = work.join("DEBIAN/control");
    let text = fs::read_to_string(&control)?;
    let lines = text
        .lines()
        .map(|line| match line.starts_with("Version: ") {
            true => "Version: 0.0.1-1\n".to_owned(),
            false => format!("{line}\n"),
        });
    stage::write(&control, &lines.collect::<String>())?;
    in_view(
        command("dpkg-deb", ["--root-owner-group", "-Znone", "--build"])
            .arg(work)
            .arg(into),
    )?;
    Ok(fs::remove_dir_all(work)?)
}

/// An error that shows the first differences.
fn same(what: &str, before: &str, after: &str) -> Result<()> {
    let gone = lines_without(before, after);
    let new = lines_without(after, before);
    if gone.is_empty() && new.is_empty() {
        say::line(&format!(
            "{what}: {} lines, all the same",
            before.lines().count()
        ));
        return Ok(());
    }
    for (mark, lines) in [("-", &gone), ("+", &new)] {
        lines
            .iter()
            .take(20)
            .for_each(|line| say::line(&format!("{mark} {line}")));
    }
    bail!(
        "{what} is not as it was: {} gone, {} new",
        gone.len(),
        new.len()
    )
}

fn lines_without<'a>(lines: &'a str, without: &str) -> Vec<&'a str> {
    let without: std::collections::HashSet<&str> = without.lines().collect();
    lines
        .lines()
        .filter(|line| !without.contains(line))
        .collect()
}

fn last_lines(output: &[u8]) -> String {
    let text = String::from_utf8_lossy(output);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(5)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::{distribution, same};

    #[test]
    fn sources_are_those_of_the_distribution_and_the_release_comes_first() {
        let lines = "http://a/ trixie-security stable-security Debian trixie-security main Packages\n\
                     http://b/ trixie stable Debian trixie main Packages\n\
                     http://b/ trixie stable Debian trixie main Translations\n\
                     http://b/ trixie stable Debian trixie non-free Packages\n\
                     http://c/ x x Somebody x main Packages\n";
        let names: Vec<_> = distribution(lines).into_iter().map(|(_, it)| it).collect();
        assert_eq!(names, ["trixie", "trixie-security"]);
    }

    #[test]
    fn what_is_left_behind_is_found() {
        assert!(same("it", "a\nb", "a\nb").is_ok());
        assert!(same("it", "a\nb", "a\nb\nc").is_err());
        assert!(same("it", "a\nb", "a").is_err());
    }
}
