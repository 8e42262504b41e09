//! Everyday use at a hundred times its pace: many `daypass credentials` in a loop, the desktop
//! application beside them, and a tool that takes no lock, all with one sign-in whose tokens live
//! for seconds and whose portal ends it when a spent refresh token comes back.

use crate::application;
use crate::aws_stand_in::{self, AwsStandIn, Event};
use crate::browser::Following;
use crate::canary::Canaries;
use crate::desktop::Desktop;
use crate::foreign::ForeignFiles;
use crate::ledger::{IMITATION, Ledger};
use crate::notifications::Buttons;
use crate::programs::Running;
use crate::scene::{Scene, Storage};
use crate::{Result, bail, ensure, starts, vitals};
use std::thread;
use std::time::{Duration, Instant};

/// How many accounts there are to ask for.
const ACCOUNTS: usize = 8;
/// The exit code where the keychain did not answer in time: on a machine that is very busy it may
/// happen now and then.
const NO_ANSWER: i32 = 6;
/// One call in so many may find no answer.
const SELDOM: usize = 50;
/// How often the sign-in is looked at from outside.
const LOOK: Duration = Duration::from_secs(1);

/// What to do for how long.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// Where the tokens rest. Only in the shared cache is there a place for the other tool.
    pub storage: Storage,
    /// How many loops run at once.
    pub loops: usize,
    /// For how long.
    pub span: Duration,
    /// The life of an access token, in seconds.
    pub token_life: u64,
    /// What each loop waits between two calls.
    pub pause: Duration,
    /// Whether the desktop application runs.
    pub application: bool,
}

/// What happened.
#[derive(Debug)]
pub struct Report {
    /// What was wished for.
    pub wish: Wish,
    /// How many `daypass credentials` came to their end.
    pub calls: usize,
    /// What those said that failed.
    pub failed: Vec<String>,
    /// How many calls and looks found no answer of the keychain in time.
    pub unanswered: usize,
    /// The slowest, and the one in the middle.
    pub took: (Duration, Duration),
    /// How often the session was seen, always signed in.
    pub looks: usize,
    /// The exchanges.
    pub ledger: Ledger,
    /// What the imitation did; nothing where it did not run.
    pub imitation: Vec<Event>,
    /// How many files of others lay in the cache, and are as they were.
    pub foreign: usize,
    /// How many secrets were searched for.
    pub canaries: usize,
    /// Open files and kilobytes in memory of the application, before and after.
    pub application: Option<[vitals::Vitals; 2]>,
}

/// Runs it. What must not happen at all ends it at once; the rest is in the report.
pub fn run(wish: Wish) -> Result<Report> {
    let scene = scene(&wish)?;
    let foreign = ForeignFiles::put(scene.home())?;
    let (mut ledger, mut canaries) = (Ledger::default(), Canaries::default());
    let mut application = start_application(&wish, &scene)?;
    let imitation = start_imitation(&wish, &scene)?;
    let before = vitals_of(application.as_ref())?;
    let end = Instant::now() + wish.span;
    let targets = targets(&scene, wish.loops)?;
    let (calls, looks) = thread::scope(|scope| {
        let loops: Vec<_> = targets
            .iter()
            .map(|target| scope.spawn(|| call_until(end, &scene, target, wish.pause)))
            .collect();
        let looks = watch_until(end, &scene, &mut ledger, &mut canaries);
        let calls: Result<Vec<_>> = loops.into_iter().map(joined).collect();
        Ok::<_, crate::Error>((calls?.concat(), looks?))
    })?;
    ledger.read(&scene.portal)?;
    let after = vitals_of(application.as_ref())?;
    let imitation = imitation.map_or(Ok(Vec::new()), aws_stand_in::Looping::stop)?;
    if let Some(application) = &mut application {
        ensure!(application.ended()?.is_none(), "the application ended");
        application.stop();
    }
    foreign.are_as_they_were()?;
    // Role credentials change with each call: those of the end stand for them.
    canaries.learn_all(&scene.canaries()?);
    scene.search(&canaries)?;
    scene.only_private_files()?;
    let unanswered = calls.iter().filter(|call| call.code == NO_ANSWER).count();
    Ok(Report {
        failed: calls
            .iter()
            .filter_map(|call| call.failed.clone())
            .collect(),
        took: extremes(calls.iter().map(|call| call.took).collect()),
        calls: calls.len(),
        unanswered: unanswered + looks.unanswered,
        looks: looks.good,
        ledger,
        imitation,
        foreign: foreign.count(),
        canaries: canaries.count(),
        application: before.zip(after).map(|(before, after)| [before, after]),
        wish,
    })
}

fn scene(wish: &Wish) -> Result<Scene> {
    let mut desktop = Desktop::with_keyring()?;
    if wish.application {
        desktop = desktop
            .and_screen("900x700")?
            .and_browser(Following::Nothing)?
            .and_notifications(Buttons::Shown)?
            .and_tray_host()?;
    }
    let life = wish.token_life.to_string();
    let strict = ["--rotation", "rotate", "--reuse-revokes"];
    let roles = match wish.storage {
        // They are never fresh: every call needs the access token.
        Storage::Shared => "60",
        // They are fresh for five seconds: every call needs the keychain, many the access token.
        Storage::Keychain => "905",
    };
    let short = ["--token-ttl", &life, "--role-ttl", roles, "--accounts", "8"];
    let scene = Scene::empty(desktop, &[&strict[..], &short[..]].concat())?;
    scene.add_session("work", wish.storage)?;
    scene.daypass.sign_in("work")?;
    Ok(scene)
}

fn start_application(wish: &Wish, scene: &Scene) -> Result<Option<Running>> {
    if !wish.application {
        return Ok(None);
    }
    let application = application::start_alone(&scene.desktop, &scene.portal.env())?;
    scene.desktop.tray_host()?.item()?;
    starts::until_settled(scene)?;
    Ok(Some(application))
}

/// Its own renewals, at a quarter of the life left, are what Daypass has to be ahead of.
fn start_imitation(wish: &Wish, scene: &Scene) -> Result<Option<aws_stand_in::Looping>> {
    if wish.storage == Storage::Keychain || !wish.application {
        return Ok(None);
    }
    let life = wish.token_life.to_string();
    let words = ["--session", "work", "--life", &life, "--every", "250"];
    AwsStandIn::on(scene).start(&words).map(Some)
}

fn vitals_of(application: Option<&Running>) -> Result<Option<vitals::Vitals>> {
    application.map(|it| vitals::of(it.id())).transpose()
}

/// One for each loop; where there are more loops than accounts, two want the same.
fn targets(scene: &Scene, loops: usize) -> Result<Vec<String>> {
    let accounts = scene.accounts()?;
    let ids: Vec<_> = accounts
        .iter()
        .filter_map(|one| one["id"].as_str())
        .collect();
    ensure!(ids.len() == ACCOUNTS, "{} accounts", ids.len());
    let targets = ids.iter().cycle().map(|id| format!("{id}/ReadOnly"));
    Ok(targets.take(loops).collect())
}

/// One `daypass credentials`.
#[derive(Clone, Debug)]
struct Call {
    took: Duration,
    code: i32,
    failed: Option<String>,
}

/// The looks at the session.
#[derive(Clone, Copy, Debug, Default)]
struct Looks {
    good: usize,
    unanswered: usize,
}

fn call_until(end: Instant, scene: &Scene, target: &str, pause: Duration) -> Result<Vec<Call>> {
    let mut calls = Vec::new();
    while Instant::now() < end {
        let ran = scene.daypass.run_silently(&["credentials", target])?;
        let whole = ran
            .json()
            .is_ok_and(|document| document["SecretAccessKey"].is_string());
        let fine = (ran.code == 0 && whole && ran.stderr.is_empty()) || ran.code == NO_ANSWER;
        calls.push(Call {
            took: ran.took,
            code: ran.code,
            failed: (!fine).then(|| format!("exit code {}: {}", ran.code, ran.stderr.trim())),
        });
        thread::sleep(pause);
    }
    Ok(calls)
}

/// Looks at the sign-in from outside, and learns each token while it lives.
fn watch_until(
    end: Instant,
    scene: &Scene,
    ledger: &mut Ledger,
    canaries: &mut Canaries,
) -> Result<Looks> {
    let mut looks = Looks::default();
    while Instant::now() < end {
        let ran = scene.daypass.run_silently(&["status", "work", "--json"])?;
        if ran.code == NO_ANSWER {
            looks.unanswered += 1;
        } else {
            let state = ran.code(0)?.json()?["sessions"][0]["state"].clone();
            ensure!(state == "active", "after {looks:?} it is {state}");
            looks.good += 1;
        }
        ledger.read(&scene.portal)?;
        scene.learn_tokens(canaries)?;
        thread::sleep(LOOK);
    }
    Ok(looks)
}

fn joined<T>(thread: thread::ScopedJoinHandle<'_, Result<T>>) -> Result<T> {
    match thread.join() {
        Ok(result) => result,
        Err(_) => bail!("a loop broke off"),
    }
}

/// The longest, and the one in the middle.
fn extremes(mut all: Vec<Duration>) -> (Duration, Duration) {
    all.sort_unstable();
    let middle = all.get(all.len() / 2).copied().unwrap_or_default();
    (all.last().copied().unwrap_or_default(), middle)
}

impl Report {
    /// Holds it to what was promised.
    pub fn holds(&self) -> Result<()> {
        let sample: Vec<_> = self.failed.iter().take(3).collect();
        ensure!(
            sample.is_empty(),
            "{} calls failed: {sample:?}",
            self.failed.len()
        );
        let (loops, answered) = (self.wish.loops, self.calls + self.looks);
        ensure!(self.calls > loops && self.looks > 0, "there was no time");
        ensure!(
            self.unanswered * SELDOM <= answered,
            "{} of {answered} calls found no answer of the keychain",
            self.unanswered
        );
        let life = self.wish.token_life as f64;
        self.ledger.one_per_period(life)?;
        let least = (self.wish.span.as_secs_f64() / life).floor() as usize;
        let renewals = self.ledger.renewals().count();
        ensure!(
            renewals >= least.max(1),
            "{renewals} renewals: the tokens lived too long to show anything"
        );
        self.the_other_tool_had_nothing_to_do()?;
        if let Some([before, after]) = self.application {
            ensure!(
                after.files <= before.files + 8,
                "open files of the application: {} before, {} after",
                before.files,
                after.files
            );
        }
        Ok(())
    }

    fn the_other_tool_had_nothing_to_do(&self) -> Result<()> {
        let by_program = self.ledger.by_program();
        let imitated = by_program
            .keys()
            .find(|program| program.starts_with(IMITATION));
        ensure!(imitated.is_none(), "the other tool renewed: {by_program:?}");
        let looks = self.imitation.iter().filter(|it| it["event"] == "look");
        let bad = looks
            .clone()
            .find(|look| look["outcome"] != "used")
            .cloned();
        ensure!(bad.is_none(), "the other tool was disturbed: {bad:?}");
        ensure!(
            looks.count() > 10 || self.imitation.is_empty(),
            "it hardly looked"
        );
        Ok(())
    }

    /// The figures, as a person reads them.
    pub fn lines(&self) -> Vec<String> {
        let Wish {
            storage,
            loops,
            span,
            token_life,
            application,
            ..
        } = self.wish;
        let with = if application {
            "beside the application"
        } else {
            "alone"
        };
        let periods = self.ledger.periods();
        let shortest = periods.iter().copied().fold(f64::INFINITY, f64::min);
        let longest = periods.iter().copied().fold(0.0, f64::max);
        let mut lines = vec![
            format!(
                "storage {}, {loops} loops {with}, {:.1} minutes, tokens of {token_life} s",
                storage.word(),
                span.as_secs_f64() / 60.0
            ),
            format!(
                "  credentials: {} calls, {} failed, {} without an answer of the keychain in time; {} ms \
                 in the middle, {} ms the slowest",
                self.calls,
                self.failed.len(),
                self.unanswered,
                self.took.1.as_millis(),
                self.took.0.as_millis()
            ),
            format!(
                "  exchanges: {} granted, {} refused, one every {shortest:.1} to {longest:.1} s; by {:?}",
                self.ledger.renewals().count(),
                self.ledger.refusals().count(),
                self.ledger.by_program()
            ),
            format!("  signed in at each of {} looks", self.looks),
            format!(
                "  {} files of others as they were; {} secrets searched for, none found",
                self.foreign, self.canaries
            ),
        ];
        if !self.imitation.is_empty() {
            let used = aws_stand_in::count(&self.imitation, "look", "used");
            let renewed = aws_stand_in::count(&self.imitation, "renewal", "granted");
            lines.push(format!(
                "  the tool without locks: {used} looks, all of them good; {renewed} renewals"
            ));
        }
        if let Some([before, after]) = self.application {
            lines.push(format!("  the application: {before} before, {after} after"));
        }
        lines
    }
}

impl Scene {
    /// Learns the tokens that are there now; role credentials are left out.
    fn learn_tokens(&self, canaries: &mut Canaries) -> Result<()> {
        canaries.learn_folder(&self.home().sso_cache())?;
        match self.desktop.keyring() {
            Ok(keyring) => canaries.learn_tokens(keyring),
            Err(_) => Ok(()),
        }
    }

    /// Holds AWS's folders to hold files of mode 0600 and nothing that was left half-done.
    fn only_private_files(&self) -> Result<()> {
        for path in crate::canary::files_below(&self.home().sso_cache())? {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            ensure!(!name.starts_with(".daypass-"), "{name} was left over");
        }
        Ok(())
    }
}
