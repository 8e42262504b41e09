//! What `cargo xtask bench profiles` runs: profiles planned and written into files that hold thousands,
//! beside the floor of the same bytes written and synced, and of the same file read and rewritten.
//!
//!     daypass-bench-profiles [--times 5]

use daypass_core::aws_config::{
    self, NewProfile, OnConflict, Places, Prune, SessionFacts, Style, Sync, Target,
};
use std::env;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};
use testkit::budgets::Budgets;
use testkit::{Context, Result, bail, ensure};

/// Written by somebody else, with what people have in such files.
const FOREIGN: usize = 2_000;

fn main() -> Result<()> {
    let mut words = env::args().skip(1);
    let mut times = 5;
    while let Some(word) = words.next() {
        let value = words
            .next()
            .with_context(|| format!("{word} needs a value"))?;
        match word.as_str() {
            "--times" => times = value.parse().context("--times needs a number")?,
            _ => bail!("{word} is not understood"),
        }
    }
    say(&format!(
        "milliseconds, the quickest of {times}; memory: the most that the process ever held"
    ));
    let mut budgets = Budgets::of("profiles")?;
    for assignments in [500, 5_000, 15_000] {
        let ratio = sync(assignments, times)?;
        budgets.hold(&format!("all_{assignments}"), ratio)?;
    }
    budgets.hold("one_into_5000", one(5_000, times)?)?;
    budgets.finish()
}

/// All assignments at once into a file of others' profiles, and the same again with nothing to change.
fn sync(assignments: usize, times: usize) -> Result<f64> {
    let folder = tempfile::tempdir()?;
    let places = places(folder.path());
    let foreign = foreign(FOREIGN);
    let wishes = wishes(assignments);
    let (mut plan_took, mut took, mut again, mut floor) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..times {
        fs::write(&places.config, &foreign)?;
        let wanted = request(&wishes);
        let begin = Instant::now();
        let plan = aws_config::plan_sync(&places, wanted)?;
        plan_took.push(begin.elapsed());
        let applied = aws_config::apply(&plan, "2026-03-02T09:00:00Z".parse()?)?;
        took.push(begin.elapsed());
        ensure!(
            applied.plan.changes().len() == assignments,
            "not all of them"
        );
        let written = fs::read(&places.config)?;
        ensure!(
            written.starts_with(foreign.as_bytes()),
            "foreign bytes changed"
        );
        let wanted = request(&wishes);
        let begin = Instant::now();
        let plan = aws_config::plan_sync(&places, wanted)?;
        ensure!(plan.is_empty(), "twice is not once");
        again.push(begin.elapsed());
        floor.push(write_and_sync(&folder.path().join("floor"), &written)?);
    }
    let bytes = fs::metadata(&places.config)?.len();
    let ratio = ratio(&took, &floor);
    say(&format!(
        "{assignments} profiles into {FOREIGN} foreign ones, one write of {} kB: {} (plan {}), floor {}, ratio \
         {ratio:.1}; again, nothing to change: {}; memory {} MiB",
        bytes / 1_000,
        ms(&took),
        ms(&plan_took),
        ms(&floor),
        ms(&again),
        peak()?
    ));
    Ok(ratio)
}

/// One profile more in a file of thousands.
fn one(present: usize, times: usize) -> Result<f64> {
    let folder = tempfile::tempdir()?;
    let places = places(folder.path());
    fs::write(&places.config, "# mine\n")?;
    let plan = aws_config::plan_sync(&places, request(&wishes(present)))?;
    aws_config::apply(&plan, "2026-03-02T09:00:00Z".parse()?)?;
    let before = fs::read(&places.config)?;
    let (mut took, mut floor) = (Vec::new(), Vec::new());
    for _ in 0..times {
        fs::write(&places.config, &before)?;
        let mut new = wish(present + 1);
        new.target = Target::Named("one-more".to_owned());
        let begin = Instant::now();
        let plan = aws_config::plan(&places, new)?;
        aws_config::apply(&plan, "2026-03-02T09:00:00Z".parse()?)?;
        took.push(begin.elapsed());
        let begin = Instant::now();
        let bytes = fs::read(&places.config)?;
        write_and_sync(&folder.path().join("floor"), &bytes)?;
        floor.push(begin.elapsed());
    }
    let ratio = ratio(&took, &floor);
    say(&format!(
        "one profile into {present}: {}, floor {} (read, written and synced), ratio {ratio:.1}",
        ms(&took),
        ms(&floor),
    ));
    Ok(ratio)
}

fn write_and_sync(path: &Path, bytes: &[u8]) -> Result<Duration> {
    let begin = Instant::now();
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    Ok(begin.elapsed())
}

fn foreign(number: usize) -> String {
    let mut text = String::from("# kept by hand\n[default]\nregion = eu-west-1\n");
    for index in 0..number {
        text += &format!(
            "\n# who: team {index}\n[profile hand-{index}]\nregion=eu-west-1\nrole_arn = \
             arn:aws:iam::{index:012}:role/Deploy\nsource_profile = default\ns3 =\n\tmax_queue_size = 1000\n"
        );
    }
    text
}

fn places(folder: &Path) -> Places {
    Places {
        config: folder.join("config"),
        credentials: folder.join("credentials"),
        backups: folder.join("backups"),
    }
}

fn wishes(number: usize) -> Vec<NewProfile> {
    (0..number).map(wish).collect()
}

/// Three permission sets an account; every tenth account is called as another one.
fn wish(index: usize) -> NewProfile {
    let account = index / 3;
    NewProfile {
        target: Target::Proposed,
        account_id: format!("{account:012}"),
        account_name: Some(format!("Team {} Production", account % 4_500)),
        template: None,
        role: ["AdministratorAccess", "PowerUserAccess", "ReadOnlyAccess"][index % 3].to_owned(),
        session: SessionFacts {
            name: "corp".to_owned(),
            start_url: "https://d-0000000000.awsapps.com/start".to_owned(),
            region: "eu-central-1".to_owned(),
        },
        style: Style::Sso,
        region: Some("eu-central-1".to_owned()),
        output: None,
        settings: Vec::new(),
        program: "/usr/bin/daypass".into(),
        on_conflict: OnConflict::Refuse,
    }
}

fn request(wishes: &[NewProfile]) -> Sync {
    Sync {
        profiles: wishes.to_vec(),
        sessions: vec!["corp".to_owned()],
        others: Vec::new(),
        template: None,
        prune: Prune::Remove,
    }
}

fn quickest(all: &[Duration]) -> f64 {
    all.iter()
        .min()
        .map_or(0.0, |it| it.as_secs_f64() * 1_000.0)
}

fn ratio(all: &[Duration], floor: &[Duration]) -> f64 {
    quickest(all) / quickest(floor).max(0.001)
}

fn ms(all: &[Duration]) -> String {
    format!("{:.1}", quickest(all))
}

/// In MiB, by the kernel's account.
fn peak() -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes: u64 = line
        .and_then(|line| line.split_whitespace().next()?.parse().ok())
        .context("no VmHWM")?;
    Ok(kilobytes / 1024)
}

/// One line of talk.
fn say(line: &str) {
    // Whoever does not want to read any more still gets the exit code.
    let _ = writeln!(std::io::stdout(), "{line}");
}
