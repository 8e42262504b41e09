//! What `cargo xtask bench tools` runs: whole programs, from spawn to exit, at the same work: listing an
//! organisation and writing a profile for each assignment, by Daypass, aws-sso-util and the AWS CLI.
//!
//!     daypass-bench-tools [--accounts 50,500,5000] [--latencies 0,30] [--limits 20,10] [--profiles 500,5000]

use std::env;
use std::io::Write;
use std::time::Instant;
use testkit::budgets::Budgets;
use testkit::scene::{Scene, Storage};
use testkit::{Context, Result, bail, ensure, peers};

/// Larger organisations take a loop over the AWS CLI more than an hour.
const MOST_FOR_A_LOOP: usize = 50;
/// Under a limit, larger ones take every tool as long as the limit does.
const MOST_UNDER_A_LIMIT: usize = 500;
/// Those that a budget speaks of, at the latency that it speaks of.
const BUDGETED: [usize; 2] = [500, 5_000];
const USUAL_LATENCY: u64 = 30;
/// The quickest of so many; slow tools run once.
const TIMES: usize = 3;

struct Wish {
    accounts: Vec<usize>,
    latencies: Vec<u64>,
    limits: Vec<u64>,
    profiles: Vec<usize>,
}

/// What the portal is like.
#[derive(Clone, Copy)]
struct Portal {
    accounts: usize,
    latency: u64,
    limit: Option<u64>,
}

fn main() -> Result<()> {
    let wish = wish()?;
    let mut budgets = Budgets::of("tools")?;
    say("seconds from spawn to exit, three permission sets for each account");
    for latency in &wish.latencies {
        for accounts in &wish.accounts {
            listing(portal(*accounts, *latency, None), &mut budgets)?;
        }
    }
    for limit in &wish.limits {
        for accounts in &wish.accounts {
            if *accounts <= MOST_UNDER_A_LIMIT {
                listing(portal(*accounts, USUAL_LATENCY, Some(*limit)), &mut budgets)?;
            }
        }
    }
    for assignments in &wish.profiles {
        profiles(*assignments, &mut budgets)?;
    }
    budgets.finish()
}

fn wish() -> Result<Wish> {
    let words: Vec<String> = env::args().skip(1).collect();
    let mut wish = Wish {
        accounts: vec![50, 500, 5_000],
        latencies: vec![0, 30],
        limits: vec![20, 10],
        profiles: vec![500, 5_000],
    };
    for pair in words.chunks(2) {
        match pair {
            [name, value] if name == "--accounts" => wish.accounts = numbers(value)?,
            [name, value] if name == "--latencies" => wish.latencies = numbers(value)?,
            [name, value] if name == "--limits" => wish.limits = numbers(value)?,
            [name, value] if name == "--profiles" => wish.profiles = numbers(value)?,
            _ => bail!("{} is not understood, or needs a value", pair[0]),
        }
    }
    Ok(wish)
}

/// `none`, or numbers with commas between.
fn numbers<N: std::str::FromStr>(value: &str) -> Result<Vec<N>> {
    let words = value.split(',').filter(|word| *word != "none");
    let numbers = words.map(|word| word.parse().ok().context("not a number"));
    numbers.collect()
}

fn portal(accounts: usize, latency: u64, limit: Option<u64>) -> Portal {
    Portal {
        accounts,
        latency,
        limit,
    }
}

impl Portal {
    /// Somebody who is signed in there, for every tool.
    fn scene(self) -> Result<Scene> {
        let (accounts, latency) = (self.accounts.to_string(), self.latency.to_string());
        let mut options = vec!["--accounts", &accounts, "--roles", "3"];
        options.extend(["--latency-ms", &latency]);
        let limit = self.limit.map(|it| it.to_string());
        options.extend(limit.iter().flat_map(|it| ["--rate-limit", it]));
        let scene = Scene::signed_in(Storage::Shared, &options)?;
        // Signing in may have read the list already.
        let _ = std::fs::remove_dir_all(scene.home().cache());
        Ok(scene)
    }

    fn name(self) -> String {
        let limit = self.limit.map(|it| format!(", {it} requests a second"));
        let limit = limit.unwrap_or_default();
        format!("{} accounts, {} ms{limit}", self.accounts, self.latency)
    }
}

/// One organisation, listed by each tool.
fn listing(portal: Portal, budgets: &mut Budgets) -> Result<()> {
    say(&format!("\nlisting {}", portal.name()));
    let floor = match portal.limit {
        None => Some(floor(portal)?),
        Some(_) => None,
    };
    let (cold, learned) = by_daypass(portal)?;
    say(&format!(
        "  daypass list --refresh    {cold:8.2}, again {learned:8.2}"
    ));
    if let Some(floor) = floor {
        say(&format!(
            "  bare sockets, 16 at once  {floor:8.2}; daypass {:.2} and {:.2} times",
            cold / floor,
            learned / floor
        ));
    }
    match by_aws_sso_util(portal) {
        Ok(theirs) => {
            let ratio = cold / theirs;
            say(&format!(
                "  aws-sso-util roles        {theirs:8.2}; {:.1} times as long as daypass",
                1.0 / ratio
            ));
            if portal.limit.is_none()
                && portal.latency == USUAL_LATENCY
                && BUDGETED.contains(&portal.accounts)
            {
                budgets.hold("listing_beside_aws_sso_util", ratio)?;
                budgets.hold("listing_again_beside_aws_sso_util", learned / theirs)?;
            }
        }
        Err(error) => say(&format!("  aws-sso-util roles        failed: {error:#}")),
    }
    if portal.accounts <= MOST_FOR_A_LOOP {
        match by_a_loop(portal) {
            Ok(theirs) => say(&format!(
                "  loop over the AWS CLI     {theirs:8.2}; {:.0} times as long as daypass",
                theirs / cold
            )),
            Err(error) => say(&format!("  loop over the AWS CLI     failed: {error:#}")),
        }
    }
    Ok(())
}

fn floor(portal: Portal) -> Result<f64> {
    let scene = portal.scene()?;
    let mut best = f64::MAX;
    for _ in 0..TIMES {
        best = best.min(seconds(|| peers::asked_over_bare_sockets(&scene))?);
    }
    Ok(best)
}

/// From nothing, and once more.
fn by_daypass(portal: Portal) -> Result<(f64, f64)> {
    let scene = portal.scene()?;
    let list = || {
        let words = ["list", "--refresh", "--json"];
        seconds(|| scene.daypass.run(&words)?.code(0).map(drop))
    };
    Ok((list()?, list()?))
}

fn by_aws_sso_util(portal: Portal) -> Result<f64> {
    let scene = portal.scene()?;
    peers::share_sign_in(&scene)?;
    let mut listed = 0;
    let took = seconds(|| {
        listed = peers::listed_by_aws_sso_util(&scene)?;
        Ok(())
    })?;
    ensure!(listed >= portal.accounts, "only {listed} assignments");
    Ok(took)
}

fn by_a_loop(portal: Portal) -> Result<f64> {
    let scene = portal.scene()?;
    let mut listed = 0;
    let took = seconds(|| {
        listed = peers::listed_by_a_loop_over_the_aws_cli(&scene)?;
        Ok(())
    })?;
    ensure!(listed >= portal.accounts, "only {listed} assignments");
    Ok(took)
}

/// A profile for each assignment, into a file that has none; listing included, for aws-sso-util cannot
/// do without.
fn profiles(assignments: usize, budgets: &mut Budgets) -> Result<()> {
    let organisation = portal(assignments.div_ceil(3), 0, None);
    say(&format!("\nlisting and writing {assignments} profiles"));
    let scene = organisation.scene()?;
    let ours = seconds(|| {
        scene.daypass.ok(&["list", "--refresh"])?;
        scene.daypass.ok(&["profile", "sync", "--yes"]).map(drop)
    })?;
    say(&format!("  daypass profile sync      {ours:8.2}"));
    let scene = organisation.scene()?;
    peers::share_sign_in(&scene)?;
    match seconds(|| peers::written_by_aws_sso_util(&scene)) {
        Ok(theirs) => {
            say(&format!(
                "  aws-sso-util populate     {theirs:8.2}; {:.1} times as long as daypass",
                theirs / ours
            ));
            budgets.hold("profiles_beside_aws_sso_util", ours / theirs)
        }
        Err(error) => {
            say(&format!("  aws-sso-util populate     failed: {error:#}"));
            Ok(())
        }
    }
}

fn seconds(work: impl FnOnce() -> Result<()>) -> Result<f64> {
    let begin = Instant::now();
    work()?;
    Ok(begin.elapsed().as_secs_f64())
}

/// One line of talk.
fn say(line: &str) {
    let mut out = std::io::stdout();
    // Whoever does not want to read any more still gets the exit code.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
