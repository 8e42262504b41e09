//! Eight Daypass processes and a tool that truncates in place, all at the one config file at once.

use crate::aws_stand_in::AwsStandIn;
use crate::cli::Ran;
use crate::scene::{Scene, Storage};
use crate::{Result, anyhow};
use std::collections::BTreeSet;
use std::fs;
use std::thread;
use std::time::Duration;

/// How many processes of Daypass edit at the same time.
const EDITORS: usize = 8;
/// Longer than all of them take.
const LONG: Duration = Duration::from_secs(3600);
const BEFORE: &str = "# mine\n[default]\nregion = eu-west-1\n";

/// What came of it.
#[derive(Debug, Default)]
pub struct Edits {
    /// Profiles that Daypass said it wrote.
    pub ours: usize,
    /// Profiles that the other tool said it wrote.
    pub theirs: usize,
    /// Runs of Daypass that told of the other tool's writing at the same moment.
    pub told: usize,
    /// Those of Daypass that are not there.
    pub ours_lost: Vec<String>,
    /// Those of the other tool that are not there.
    pub theirs_lost: Vec<String>,
    /// What runs of Daypass that did not succeed said.
    pub failed: Vec<String>,
}

impl Edits {
    /// One line of figures.
    pub fn line(&self) -> String {
        format!(
            "edits at once: {} by Daypass, {} of them lost {:?}; {} by the other tool, {} of them lost {:?}; \
             {} told of it; failed: {:?}",
            self.ours,
            self.ours_lost.len(),
            self.ours_lost,
            self.theirs,
            self.theirs_lost.len(),
            self.theirs_lost,
            self.told,
            self.failed
        )
    }
}

/// Each process of Daypass adds so many profiles, one a run, while the other tool adds its own.
pub fn run(each: usize, pause: &str) -> Result<Edits> {
    let scene = Scene::signed_in(Storage::Shared, &["--accounts", "12"])?;
    scene.daypass.ok(&["list", "--refresh"])?;
    scene.home().write_aws_config(BEFORE)?;
    let file = scene.home().aws_config().display().to_string();
    let end = scene.home().root().join("enough");
    let until = end.display().to_string();
    let mut edits = Edits::default();
    let words = ["configure", "--file", &file, "--every", pause, "--until"];
    let words = [&words[..], &[until.as_str()]].concat();
    let other = AwsStandIn::on(&scene);
    let (ran, configured) = thread::scope(|scope| {
        let theirs = scope.spawn(|| other.run_within(LONG, &words));
        let editors: Vec<_> = (0..EDITORS)
            .map(|editor| {
                scope.spawn({
                    let scene = &scene;
                    move || edit(scene, editor, each)
                })
            })
            .collect();
        let ran: Vec<_> = editors.into_iter().map(|one| one.join()).collect();
        let ended = fs::write(&end, "");
        (ran, (ended, theirs.join()))
    });
    configured.0?;
    let configured = configured
        .1
        .map_err(|_| anyhow!("the other tool's thread"))??;
    let read = String::from_utf8(scene.home().read_aws_config()?)?;
    let there: BTreeSet<&str> = read
        .lines()
        .filter_map(|line| line.strip_prefix("[profile ")?.strip_suffix(']'))
        .collect();
    for ran in ran {
        for (name, ran) in ran.map_err(|_| anyhow!("an editor's thread"))?? {
            edits.count(name, &ran, &there);
        }
    }
    for event in configured {
        let name = event["profile"].as_str().unwrap_or_default();
        edits.theirs += 1;
        if !there.contains(name) {
            edits.theirs_lost.push(name.to_owned());
        }
    }
    Ok(edits)
}

impl Edits {
    fn count(&mut self, name: String, ran: &Ran, there: &BTreeSet<&str>) {
        if ran.code != 0 {
            self.failed.push(ran.stderr.clone());
            return;
        }
        self.ours += 1;
        self.told += usize::from(ran.stderr.contains("at the same moment"));
        if !there.contains(name.as_str()) {
            self.ours_lost.push(name);
        }
    }
}

fn edit(scene: &Scene, editor: usize, each: usize) -> Result<Vec<(String, Ran)>> {
    let wanted = scene.read_only()?.target();
    let name = |number: usize| format!("ours-{editor}-{number}");
    (0..each)
        .map(|number| {
            let name = name(number);
            let words = ["profile", "add", &wanted, "--style", "process", "--name"];
            let words = [&words[..], &[name.as_str()]].concat();
            let ran = scene.daypass.run_silently(&words)?;
            Ok((name, ran))
        })
        .collect()
}
