//! A process is killed in the middle of a renewal, at one point after the other, while another waits
//! for its lock.

use crate::ledger::Ledger;
use crate::locks::{self, Lock};
use crate::programs::Running;
use crate::races::end_token;
use crate::scene::{Scene, Storage};
use crate::waiting::until;
use crate::{Context, Result, bail, ensure};
use rustix::process::Signal;
use std::thread;
use std::time::{Duration, Instant};

/// How long the next process may take to get the lock of one that was killed.
pub const AT_ONCE: Duration = Duration::from_secs(1);
/// How long each answer of the portal takes: most points lie within a request.
const LATENCY_MS: &str = "30";
const PATIENCE: Duration = Duration::from_secs(20);

/// What came of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Kills {
    /// How many processes were killed while they held the lock.
    pub held: usize,
    /// How many had let go of it already.
    pub too_late: usize,
    /// How often the new token died with the process: the user has to sign in again.
    pub lost: usize,
    /// The longest that the next process waited for the lock.
    pub longest_wait: Duration,
}

/// Kills at that many points.
pub fn run(points: usize) -> Result<Kills> {
    let own = ["--accounts", "2", "--role-ttl", "60"];
    let strict = ["--reuse-revokes", "--latency-ms", LATENCY_MS];
    let scene = Scene::signed_in(Storage::Shared, &[&own[..], &strict[..]].concat())?;
    let accounts = scene.accounts()?;
    let target = |index: usize| {
        let id = accounts[index]["id"].as_str().unwrap_or_default();
        format!("{id}/ReadOnly")
    };
    let targets = (target(0), target(1));
    let lock = Lock::of_tokens(scene.home(), "work");
    let (mut kills, mut ledger) = (Kills::default(), Ledger::default());
    let mut span = span_of_a_renewal(&scene, &targets.0, &lock)?;
    for point in 0..points {
        // The golden ratio spreads any number of points evenly.
        let share = (point as f64 * 0.618_033_988_75).fract();
        end_token(&scene)?;
        let too_late = kills.too_late;
        let delay = span.mul_f64(share);
        let code = kills.at(&scene, (&targets.0, &targets.1), &lock, delay)?;
        // How long a renewal takes depends on what else this machine does.
        let late = kills.too_late > too_late;
        span = span.mul_f64(if late { 0.85 } else { 1.05 });
        let refused = ledger.refusals().count();
        ledger.read(&scene.portal)?;
        let refused = ledger.refusals().count() - refused;
        kills
            .judge(&scene, &targets.1, code, refused)
            .with_context(|| format!("point {point}"))?;
    }
    locks::all_free(scene.home())?;
    scene.search(&scene.canaries()?)?;
    Ok(kills)
}

/// From the lock taken to the lock released, undisturbed.
fn span_of_a_renewal(scene: &Scene, target: &str, lock: &Lock) -> Result<Duration> {
    end_token(scene)?;
    let holder = scene.daypass.start_silently(&["credentials", target])?;
    let start = until_held_by(lock, &holder)?;
    until(PATIENCE, "the end of a renewal", || {
        Ok((lock.holder()? != Some(holder.id())).then_some(()))
    })?;
    let span = start.elapsed();
    let mut holder = holder;
    holder.wait(PATIENCE)?;
    Ok(span)
}

/// Looks every half millisecond; a process that is through already was too quick to be seen.
fn until_held_by(lock: &Lock, program: &Running) -> Result<Instant> {
    let begin = Instant::now();
    while begin.elapsed() < PATIENCE {
        if lock.holder()? == Some(program.id()) {
            return Ok(Instant::now());
        }
        thread::sleep(Duration::from_micros(500));
    }
    bail!("the lock was never seen in its hands")
}

impl Kills {
    /// One holder, one that waits for it, and the end of the first after `delay`; how the other ended.
    fn at(
        &mut self,
        scene: &Scene,
        (first, second): (&str, &str),
        lock: &Lock,
        delay: Duration,
    ) -> Result<i32> {
        let holder = scene.daypass.start_silently(&["credentials", first])?;
        let start = until_held_by(lock, &holder)?;
        let mut waiter = scene.daypass.start_silently(&["credentials", second])?;
        thread::sleep(delay.saturating_sub(start.elapsed()));
        let held = lock.holder()? == Some(holder.id());
        holder.signal(Signal::KILL)?;
        let killed = Instant::now();
        let wait = until(PATIENCE, "the next process", || {
            let through = lock.holder()? == Some(waiter.id()) || waiter.ended()?.is_some();
            Ok(through.then(|| killed.elapsed()))
        })?;
        self.longest_wait = self.longest_wait.max(wait);
        self.held += usize::from(held);
        self.too_late += usize::from(!held);
        waiter
            .wait(PATIENCE)?
            .code()
            .context("the next process was killed too")
    }

    /// Either nothing was lost and both could go on, or the user is told once to sign in again: nobody
    /// asks the portal any more, and a fresh sign-in makes all well.
    fn judge(&mut self, scene: &Scene, target: &str, code: i32, refused: usize) -> Result<()> {
        match (code, refused) {
            (0, 0) => return Ok(()),
            (3, 1) => self.lost += 1,
            _ => bail!("the next process ended with {code}, the portal refused {refused} times"),
        }
        let before = scene.asked("CreateToken")?;
        let again = scene.daypass.run_silently(&["credentials", target])?;
        again.code(3)?.says("hint: ")?;
        let status = scene.daypass.run_silently(&["status", "work"])?;
        status.code(3)?;
        let asked = scene.asked("CreateToken")? - before;
        ensure!(asked == 0, "it went on asking: {asked} times");
        scene.daypass.sign_in("work")
    }

    /// The figures, as a person reads them.
    pub fn line(&self) -> String {
        format!(
            "killed at {} points of a renewal, {} of them while the lock was held: the next process \
             had the lock after at most {} ms; the new token died with its process {} times, and the \
             user was told once each time",
            self.held + self.too_late,
            self.held,
            self.longest_wait.as_millis(),
            self.lost
        )
    }
}
