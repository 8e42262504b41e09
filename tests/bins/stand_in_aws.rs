//! Stands in for the AWS CLI in tests: uses, renews, makes and ends sign-ins in the token cache that
//! AWS's tools share, as that tool does it: without any lock, and truncating files in place.
//!
//!     daypass-stand-in-aws look   --session NAME [--life S] [--share F] [--slow-write MS]
//!     daypass-stand-in-aws loop   --session NAME --every MS [as look]
//!     daypass-stand-in-aws login  --session NAME --start-url URL --region R [--device]
//!     daypass-stand-in-aws logout
//!     daypass-stand-in-aws configure --file F --every MS --until FILE
//!
//! Each event is one line of JSON on standard output, without any secret.

#[path = "stand_in_aws/cache.rs"]
mod cache;
#[path = "stand_in_aws/configure.rs"]
mod configure;
#[path = "stand_in_aws/renewal.rs"]
mod renewal;
#[path = "stand_in_aws/sign_in.rs"]
mod sign_in;
#[path = "stand_in_aws/sign_out.rs"]
mod sign_out;
#[path = "stand_in_aws/wire.rs"]
mod wire;

use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{env, thread};
use testkit::{Context, Result, bail};

/// What AWS's own tool begins to renew at, as a share of the usual hour: 15 minutes.
const SHARE: f64 = 0.25;
/// The usual life of an access token, in seconds.
const LIFE: f64 = 3600.0;

fn main() -> Result<()> {
    let (verb, options) = words()?;
    let option = |name: &str| options.get(name).cloned();
    let session = || option("session").context("--session NAME is missing");
    let mut tool = renewal::Tool {
        cache: cache::Cache::of(&home()?),
        session: option("session").unwrap_or_default(),
        life: number(option("life"), LIFE)?,
        share: number(option("share"), SHARE)?,
        slow_write: Duration::from_secs_f64(number(option("slow-write"), 0.0)? / 1000.0),
        tried: None,
    };
    match verb.as_str() {
        "look" => {
            session()?;
            tool.look()
        }
        "loop" => {
            session()?;
            let pause = Duration::from_secs_f64(number(option("every"), 1000.0)? / 1000.0);
            loop {
                tool.look()?;
                thread::sleep(pause);
            }
        }
        "login" => sign_in::sign_in(
            &tool.cache,
            &sign_in::Portal {
                session: session()?,
                start_url: option("start-url").context("--start-url URL is missing")?,
                region: option("region").context("--region R is missing")?,
                device: options.contains_key("device"),
            },
        ),
        "logout" => sign_out::sign_out(&tool.cache),
        "configure" => configure::configure(
            Path::new(&option("file").context("--file F is missing")?),
            Duration::from_secs_f64(number(option("every"), 0.0)? / 1000.0),
            Path::new(&option("until").context("--until FILE is missing")?),
        ),
        other => bail!("{other} is not understood"),
    }
}

fn words() -> Result<(String, BTreeMap<String, String>)> {
    let mut words = env::args().skip(1);
    let verb = words.next().context("a verb is missing")?;
    let mut options = BTreeMap::new();
    while let Some(word) = words.next() {
        let name = word
            .strip_prefix("--")
            .with_context(|| format!("{word} is not understood"))?;
        let value = match name {
            "device" => String::new(),
            _ => words
                .next()
                .with_context(|| format!("--{name} needs a value"))?,
        };
        options.insert(name.to_owned(), value);
    }
    Ok((verb, options))
}

fn number(text: Option<String>, otherwise: f64) -> Result<f64> {
    text.map_or(Ok(otherwise), |text| {
        text.parse()
            .with_context(|| format!("{text} is not a number"))
    })
}

fn home() -> Result<PathBuf> {
    Ok(PathBuf::from(env::var_os("HOME").context("HOME is unset")?))
}

/// The wall clock, by which every one of AWS's tools judges a token.
fn now() -> Timestamp {
    Timestamp::now()
}

/// Tells what happened, in one write.
fn tell(event: &str, mut details: Value) {
    details["event"] = event.into();
    details["at"] = json!(now().to_string());
    // Whoever does not read it any more still gets the work done.
    let _ = std::io::stdout().write_all(format!("{details}\n").as_bytes());
}
