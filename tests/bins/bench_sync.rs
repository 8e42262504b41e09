//! What `cargo xtask bench sync` runs: a whole organisation read under a limit, first without and then
//! with what was learned; cancelled, killed and gone on with, and by two processes at once.
//!
//!     daypass-bench-sync [--accounts 5000] [--roles 3] [--latency-ms 30] [--limits 20,10,none]

use std::env;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};
use testkit::budgets::Budgets;
use testkit::reader::{self, Asked, Reader};
use testkit::virtual_day::NAME;
use testkit::{Context, Result, bail, ensure};

/// How many requests may be under way at once: what bounds a reading where nothing else does.
const AT_ONCE: f64 = 16.0;
/// How far a reading is that is cancelled, and one that is killed.
const CANCELLED_AT: usize = 100;

struct Wish {
    accounts: usize,
    roles: usize,
    latency_ms: u64,
    limits: Vec<Option<f64>>,
}

#[tokio::main]
async fn main() -> Result<()> {
    let words: Vec<String> = env::args().skip(1).collect();
    if let [verb, folder] = words.as_slice()
        && verb == "read"
    {
        return Ok(reader::open(Path::new(folder))?.read_accounts(NAME).await?);
    }
    let wish = wish(&words)?;
    let cores = std::thread::available_parallelism()?;
    say(&format!(
        "{} accounts, up to {} permission sets each, {} ms latency, {cores} processors",
        wish.accounts, wish.roles, wish.latency_ms
    ));
    let mut budgets = Budgets::of("sync")?;
    for limit in &wish.limits {
        under(&wish, *limit, &mut budgets).await?;
    }
    budgets.finish()
}

fn wish(words: &[String]) -> Result<Wish> {
    let mut wish = Wish {
        accounts: 5_000,
        roles: 3,
        latency_ms: 30,
        limits: vec![Some(20.0), Some(10.0), None],
    };
    for pair in words.chunks(2) {
        let [name, value] = pair else {
            bail!("{} needs a value", pair[0]);
        };
        let number = || {
            value
                .parse::<usize>()
                .with_context(|| format!("{name} needs a number"))
        };
        match name.as_str() {
            "--accounts" => wish.accounts = number()?,
            "--roles" => wish.roles = number()?,
            "--latency-ms" => wish.latency_ms = value.parse()?,
            "--limits" => wish.limits = value.split(',').map(limit).collect::<Result<_>>()?,
            _ => bail!("{name} is not understood"),
        }
    }
    Ok(wish)
}

fn limit(word: &str) -> Result<Option<f64>> {
    match word {
        "none" => Ok(None),
        number => Ok(Some(
            number.parse().context("a limit is a number, or `none`")?,
        )),
    }
}

async fn under(wish: &Wish, limit: Option<f64>, budgets: &mut Budgets) -> Result<()> {
    let words = |name: &str, value: String| [format!("--{name}"), value];
    let mut options = Vec::new();
    options.extend(words("accounts", wish.accounts.to_string()));
    options.extend(words("roles", wish.roles.to_string()));
    options.extend(words("latency-ms", wish.latency_ms.to_string()));
    options.extend(
        limit
            .into_iter()
            .flat_map(|it| words("rate-limit", it.to_string())),
    );
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    let mut reader = Reader::at(&options).await?;
    say(&match limit {
        Some(limit) => format!("\nunder {limit} requests a second, {limit} at once"),
        None => "\nwithout a limit".to_owned(),
    });
    let least = least(wish, limit);
    say(&format!("  least possible time        {least:8.1} s"));
    let kind = limit.map_or("free", |_| "limited");
    let cold = whole(&reader, "cold", least).await?;
    let_fill(limit).await;
    reader.restart()?;
    let learned = whole(&reader, "learned", least).await?;
    for (found, key) in [(&cold, "cold"), (&learned, "learned")] {
        budgets.hold(&format!("{kind}_{key}_of_the_least"), found.of_the_least)?;
        budgets.hold("refused_percent", found.refused)?;
    }
    opening(&reader)?;
    cancelled(&reader).await?;
    let_fill(limit).await;
    killed(&mut reader, wish, least).await
}

/// The least time for as many requests as it takes, by the limit or by sixteen at once.
fn least(wish: &Wish, limit: Option<f64>) -> f64 {
    let requests = needed(wish) as f64;
    match limit {
        Some(limit) => (requests - limit) / limit,
        None => requests * wish.latency_ms as f64 / 1_000.0 / AT_ONCE,
    }
}

fn needed(wish: &Wish) -> usize {
    wish.accounts.div_ceil(100) + wish.accounts
}

/// Lets the portal's bucket fill, so that each reading finds what the least possible time counts on.
async fn let_fill(limit: Option<f64>) {
    if limit.is_some() {
        tokio::time::sleep(Duration::from_millis(1_200)).await;
    }
}

/// What one whole reading took.
struct Whole {
    of_the_least: f64,
    /// Of a hundred requests.
    refused: f64,
}

/// One whole reading.
async fn whole(reader: &Reader, what: &str, least: f64) -> Result<Whole> {
    let (before, cpu, start) = (reader.asked()?, cpu()?, Instant::now());
    let first = async {
        let is_new = reader.figures().accounts == 0;
        let shown = reader.until("the first rows", |snapshot| {
            snapshot
                .lists
                .get(NAME)
                .is_some_and(|it| !it.accounts.is_empty())
        });
        shown.await?;
        let rows = is_new.then(|| start.elapsed());
        let shown = reader.until("the first permission sets", |snapshot| {
            snapshot
                .lists
                .get(NAME)
                .is_some_and(|it| it.pairs().next().is_some())
        });
        shown.await?;
        anyhow_ok((rows, start.elapsed()))
    };
    let (read, first) = tokio::join!(reader.read(), first);
    read?;
    let took = start.elapsed().as_secs_f64();
    let asked = reader.asked()?.since(before);
    if let (Some(rows), roles) = first? {
        say(&format!(
            "  {what}: first accounts      {:8.0} ms",
            ms(rows)
        ));
        say(&format!(
            "  {what}: first assignments   {:8.0} ms",
            ms(roles)
        ));
    }
    say(&format!("  {what}: in all              {took:8.1} s"));
    say(&format!(
        "  {what}: of the least        {:8.3} times",
        took / least
    ));
    say(&format!(
        "  {what}: refused             {:8.2} %  ({} of {})",
        share(asked),
        asked.refused,
        asked.requests
    ));
    say(&format!(
        "  {what}: processor time here {:8.1} s",
        (self::cpu()? - cpu).as_secs_f64()
    ));
    let figures = reader.figures();
    ensure!(figures.complete && figures.failed == 0, "{figures:?}");
    Ok(Whole {
        of_the_least: took / least,
        refused: share(asked),
    })
}

fn anyhow_ok<T>(value: T) -> Result<T> {
    Ok(value)
}

/// What a start costs when everything is on disk.
fn opening(reader: &Reader) -> Result<()> {
    let mut times = Vec::new();
    for _ in 0..20 {
        let start = Instant::now();
        let daypass = reader.restarted()?;
        times.push(start.elapsed());
        ensure!(
            reader::figures(&reader::list(&daypass)) == reader.figures(),
            "another list"
        );
    }
    times.sort();
    let (figures, size) = (reader.figures(), std::fs::metadata(reader.copy())?.len());
    say(&format!(
        "  opened from disk           {:8.1} ms  ({} assignments, {} kB, median of 20)",
        ms(times[times.len() / 2]),
        figures.assignments,
        size / 1_000
    ));
    Ok(())
}

/// How long a reading goes on after it was cancelled.
async fn cancelled(reader: &Reader) -> Result<()> {
    let cancel = async {
        reader.until_done(CANCELLED_AT).await?;
        let start = Instant::now();
        reader.daypass.stop_reading(NAME);
        let told = start.elapsed();
        ensure!(reader.reading().is_none(), "it is still shown");
        Ok((start, told))
    };
    let (read, cancel) = tokio::join!(reader.read(), cancel);
    read?;
    let (start, told) = cancel?;
    let ended = start.elapsed();
    let after = reader.until_quiet().await?;
    say(&format!("  cancelled: shown after     {:8.1} ms", ms(told)));
    say(&format!(
        "  cancelled: ended after     {:8.1} ms  ({after} requests after that)",
        ms(ended)
    ));
    Ok(())
}

/// A process that is killed in the middle, another that goes on, and a third that only looks on.
async fn killed(reader: &mut Reader, wish: &Wish, least: f64) -> Result<()> {
    std::fs::remove_file(reader.copy())?;
    let before = reader.asked()?;
    let me = env::current_exe()?;
    let mut child = tokio::process::Command::new(&me)
        .arg("read")
        .arg(reader.folder())
        .kill_on_drop(true)
        .spawn()?;
    tokio::time::sleep(Duration::from_secs_f64((least * 0.4).max(5.0))).await;
    child.kill().await?;
    child.wait().await?;
    let first = reader.asked()?.since(before);
    let mut next = tokio::process::Command::new(&me)
        .arg("read")
        .arg(reader.folder())
        .kill_on_drop(true)
        .spawn()?;
    tokio::time::sleep(Duration::from_millis(500)).await;
    reader.restart()?;
    reader.read().await?;
    ensure!(next.wait().await?.success(), "the second process failed");
    let both = reader.asked()?.since(before);
    let granted = both.requests - both.refused;
    let repeated = granted.saturating_sub(needed(wish) as u64);
    let figures = reader.figures();
    ensure!(
        figures.complete && figures.accounts == wish.accounts,
        "{figures:?}"
    );
    say(&format!(
        "  killed after {} requests, gone on with by another process while a third looked on: {repeated} \
         requests more than a reading takes",
        first.requests
    ));
    Ok(())
}

fn share(asked: Asked) -> f64 {
    100.0 * asked.refused as f64 / asked.requests as f64
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// The processor time of this process so far.
fn cpu() -> Result<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let fields = stat
        .rsplit(')')
        .next()
        .context("no such file of this process")?;
    let ticks = |n: usize| {
        fields
            .split_whitespace()
            .nth(n)
            .and_then(|it| it.parse::<u64>().ok())
    };
    let ticks = ticks(11).zip(ticks(12)).context("no times in it")?;
    Ok(Duration::from_millis(10) * u32::try_from(ticks.0 + ticks.1)?)
}

/// One line of talk.
fn say(line: &str) {
    let mut out = std::io::stdout();
    // Whoever does not want to read any more still gets the exit code.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
