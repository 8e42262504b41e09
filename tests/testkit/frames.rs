//! How smoothly the page goes: the times between its frames while somebody works with it.

use crate::home::Home;
use crate::webdriver::WebDriver;
use crate::{Context, Result, processes};
use serde_json::Value;
use std::time::Duration;

/// Counts from now on; the longest gap comes out although the page may be gone for its length.
const BEGIN: &str = r#"
const kept = { gaps: [], rows: 0, last: performance.now(), goes: true };
window.keptFrames = kept;
const frame = (now) => {
  kept.gaps.push(now - kept.last);
  kept.last = now;
  kept.rows = Math.max(kept.rows, document.querySelectorAll("[role=row]").length);
  if (kept.goes) requestAnimationFrame(frame);
};
requestAnimationFrame((now) => { kept.last = now; requestAnimationFrame(frame); });
"#;

const END: &str = r#"
const kept = window.keptFrames;
kept.goes = false;
return { gaps: kept.gaps.map((gap) => Math.round(gap * 1000)), rows: kept.rows };
"#;

/// For how long the page was busy each time that it took the accounts over, in milliseconds.
pub fn takings(web: &WebDriver) -> Result<Value> {
    let taken =
        "return performance.getEntriesByName('accounts').map((it) => Math.round(it.duration))";
    web.script(taken, &[])
}

/// How the page began, in milliseconds since its window was asked for it.
#[derive(Clone, Copy, Debug)]
pub struct Beginning {
    /// When its elements were there.
    pub drawn: f64,
    /// How many rows they had.
    pub rows: f64,
    /// When something of it was first on the screen.
    pub painted: f64,
}

/// How the page began.
pub fn beginning(web: &WebDriver) -> Result<Beginning> {
    let told = web.script(
        r#"
const [drawn] = performance.getEntriesByName("drawn");
const painted = performance.getEntriesByName("first-contentful-paint")[0];
return [drawn?.startTime, drawn?.detail, painted?.startTime];
"#,
        &[],
    )?;
    let number = |at: usize| {
        told[at]
            .as_f64()
            .with_context(|| format!("not told: {told}"))
    };
    Ok(Beginning {
        drawn: number(0)?,
        rows: number(1)?,
        painted: number(2)?,
    })
}

/// The frames of a while.
#[derive(Clone, Debug)]
pub struct Frames {
    /// The times between them, in microseconds, the shortest first.
    gaps: Vec<u64>,
    /// The most rows that were in the page at once.
    pub rows: u64,
    /// How long the page's thread had a processor.
    pub busy: Duration,
    /// How long it waited for one, because this machine did something else.
    pub waited: Duration,
}

impl Frames {
    /// Those that pass while `gesture` is made.
    pub fn during(
        web: &WebDriver,
        home: &Home,
        gesture: impl FnOnce() -> Result<()>,
    ) -> Result<Self> {
        let page = processes::named(home, "WebKitWebProcess")?;
        web.script(BEGIN, &[])?;
        let before = processes::turns(page)?;
        gesture()?;
        let after = processes::turns(page)?;
        let kept = web.script(END, &[])?;
        let gaps = kept["gaps"].as_array().context("no frames were kept")?;
        let mut gaps: Vec<_> = gaps.iter().filter_map(Value::as_u64).collect();
        gaps.sort_unstable();
        let rows = kept["rows"].as_u64().unwrap_or_default();
        Ok(Self {
            gaps,
            rows,
            busy: after.0.saturating_sub(before.0),
            waited: after.1.saturating_sub(before.1),
        })
    }

    /// How many there were.
    pub fn count(&self) -> usize {
        self.gaps.len()
    }

    /// The gap that so many of a thousand do not exceed, in milliseconds.
    pub fn per_mille(&self, share: usize) -> f64 {
        let last = self.gaps.len().saturating_sub(1);
        let at = (self.gaps.len() * share / 1000).min(last);
        milliseconds(self.gaps.get(at).copied().unwrap_or_default())
    }

    /// The longest gap, in milliseconds.
    pub fn longest(&self) -> f64 {
        self.per_mille(1000)
    }

    /// One line for a record.
    pub fn told(&self, what: &str) -> String {
        let long = self.gaps.iter().filter(|gap| **gap > 50_000).count();
        format!(
            "{what}: {} frames, half within {:.1} ms, 99 of 100 within {:.1} ms, the longest {:.1} ms, {long} over 50 ms, {} rows at most; busy for {} ms, waiting for a processor for {} ms",
            self.count(),
            self.per_mille(500),
            self.per_mille(990),
            self.longest(),
            self.rows,
            self.busy.as_millis(),
            self.waited.as_millis()
        )
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "gaps are far below the whole numbers that a float holds"
)]
fn milliseconds(gap: u64) -> f64 {
    gap as f64 / 1000.0
}
