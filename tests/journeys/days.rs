//! Whole days of a sign-in, with the waiting left out: renewals, warnings, sleep, storms.

use daypass_core::notice::Stage::{Ended, EndsSoon, EndsVerySoon};
use daypass_core::session::State;
use daypass_core::session::keeper::Wake;
use jiff::SignedDuration;
use serde_json::json;
use testkit::journey::run;
use testkit::virtual_day::Days;
use testkit::{Result, bail, ensure};

/// Twelve hours, as the organisation allows.
const LIMIT: &[&str] = &["--session-ttl", "43200"];

fn hours(hours: i64) -> SignedDuration {
    SignedDuration::from_hours(hours)
}

fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

/// A day with a limit of twelve hours: renewals every 35 to 40 minutes, one warning at 15 and one at
/// 5 minutes, one notice at the end, and nothing more before the person signs in again.
#[test]
fn a_day_with_a_limit_of_twelve_hours() -> Result<()> {
    run(async {
        let mut days = Days::begin(LIMIT, Some(hours(12))).await?;
        days.pass(hours(12) + minutes(30)).await?;
        let told = days.told();
        ensure!(
            told == [(705, EndsSoon), (715, EndsVerySoon), (720, Ended)],
            "told: {told:?}"
        );
        ensure!(days.status()?.state == State::Lapsed, "not lapsed");
        let (granted, refused) = days.renewals()?;
        ensure!(
            (18..=21).contains(&granted),
            "{granted} renewals in 12 hours"
        );
        ensure!(refused == 1, "{refused} refusals");
        let requests = days.requests().await?;
        days.pass(hours(1)).await?;
        ensure!(days.requests().await? == requests, "requests after the end");

        days.sign_in().await?;
        days.pass(hours(24) - days.elapsed()).await?;
        ensure!(days.told() == told, "told again: {:?}", days.told());
        ensure!(days.status()?.state == State::Active, "not active");
        let (granted_in_all, _) = days.renewals()?;
        let second = granted_in_all - granted;
        ensure!(
            (15..=18).contains(&second),
            "{second} renewals in 10.5 hours"
        );
        ensure!(
            days.longest_rest() <= SignedDuration::from_secs(30),
            "a long nap"
        );
        Ok(())
    })
}

/// Two hours, as the organisation allows.
const SHORT_LIMIT: &[&str] = &["--session-ttl", "7200"];

/// Warnings come when the settings say it, from the moment at which a hand wrote it there.
#[test]
fn warnings_come_when_the_settings_say_it() -> Result<()> {
    for (minutes_before, told_then) in [
        (
            "[60, 30]",
            vec![(60, EndsSoon), (90, EndsVerySoon), (120, Ended)],
        ),
        ("[10]", vec![(110, EndsVerySoon), (120, Ended)]),
        ("[]", vec![(120, Ended)]),
    ] {
        run(async {
            let mut days = Days::begin(SHORT_LIMIT, Some(hours(2))).await?;
            days.pass(minutes(20)).await?;
            days.write_settings(&format!("[notices]\nwarn_minutes = {minutes_before}"))?;
            days.pass(hours(2)).await?;
            let told = days.told();
            ensure!(told == told_then, "{minutes_before}: {told:?}");
            Ok(())
        })?;
    }
    Ok(())
}

/// In quiet hours nothing is told; after them what still holds is told once.
#[test]
fn quiet_hours_are_followed_by_one_word_of_what_still_holds() -> Result<()> {
    run(async {
        let mut days = Days::begin(SHORT_LIMIT, Some(hours(2))).await?;
        // The clock of such a day is UTC.
        let at = |after: i64| {
            (days.began() + minutes(after))
                .strftime("%H:%M")
                .to_string()
        };
        let quiet = format!("[notices]\nquiet = [\"{}-{}\"]", at(90), at(151));
        days.write_settings(&quiet)?;
        days.pass(minutes(149)).await?;
        ensure!(days.told().is_empty(), "told: {:?}", days.told());
        ensure!(days.daypass.snapshot().quiet_until.is_some(), "not quiet");
        days.pass(minutes(60)).await?;
        let told = days.told();
        let [(minute, Ended)] = told[..] else {
            bail!("told: {told:?}");
        };
        ensure!((150..=151).contains(&minute), "told at {minute}");
        ensure!(days.daypass.snapshot().quiet_until.is_none(), "still quiet");
        Ok(())
    })
}

/// Where nobody said how long sign-ins last, the last token of a service that grants none beyond the
/// end tells it in time; from then on the length is known.
#[test]
fn the_end_is_learned_and_warned_of() -> Result<()> {
    run(async {
        let mut days = Days::begin(LIMIT, None).await?;
        days.pass(hours(10)).await?;
        ensure!(days.status()?.ends_at.is_none(), "an end out of nothing");
        days.pass(hours(3)).await?;
        let told = days.told();
        ensure!(
            told == [(705, EndsSoon), (715, EndsVerySoon), (720, Ended)],
            "told: {told:?}"
        );
        ensure!(
            days.status()?.usual_length.map(|it| it.as_mins()) == Some(720),
            "learned: {:?}, remembered: {}",
            days.status()?.usual_length,
            days.remembered()?
        );
        days.sign_in().await?;
        let status = days.status()?;
        let lasts = status.ends_at.zip(status.signed_in_at);
        let lasts = lasts.map(|(end, begin)| end.duration_since(begin).as_mins());
        ensure!(
            lasts == Some(720) && status.ends_at_is_estimate,
            "{lasts:?}"
        );
        Ok(())
    })
}

/// A service that cuts no token short: the length is learned from the refusal.
#[test]
fn the_end_is_learned_from_a_refusal() -> Result<()> {
    run(async {
        let options = [LIMIT, &["--last-token", "full"]].concat();
        let mut days = Days::begin(&options, None).await?;
        days.pass(hours(13)).await?;
        let told: Vec<_> = days.told().into_iter().map(|(_, stage)| stage).collect();
        ensure!(told == [Ended], "told: {told:?}");
        ensure!(
            days.status()?.usual_length == Some(hours(12)),
            "{:?}",
            days.status()?
        );
        days.sign_in().await?;
        days.pass(hours(12) + minutes(1)).await?;
        let told: Vec<_> = days.told().into_iter().map(|(_, stage)| stage).collect();
        ensure!(
            told == [Ended, EndsSoon, EndsVerySoon, Ended],
            "told: {told:?}"
        );
        Ok(())
    })
}

/// A sign-in that another tool made after an end is one of its own: it begins when it is found, and
/// has warnings and an end of its own.
#[test]
fn what_another_tool_signs_in_is_told_as_a_sign_in_of_its_own() -> Result<()> {
    run(async {
        let mut days = Days::begin(LIMIT, Some(hours(12))).await?;
        days.pass(hours(12) + minutes(30)).await?;
        let first = days.status()?.signed_in_at;
        days.another_tool_signs_in().await?;
        days.pass(minutes(1)).await?;
        let status = days.status()?;
        ensure!(status.state == State::Active, "{status:?}");
        ensure!(status.signed_in_at > first, "it is not known to be another");
        days.pass(hours(12)).await?;
        let stages: Vec<_> = days.told().into_iter().map(|(_, stage)| stage).collect();
        let each = [EndsSoon, EndsVerySoon, Ended];
        ensure!(stages == [each, each].concat(), "told: {stages:?}");
        Ok(())
    })
}

/// Nine hours of sleep within the limit: one renewal at once, nothing to tell.
#[test]
fn a_sleep_within_the_limit_is_not_noticed() -> Result<()> {
    run(async {
        let mut days = Days::begin(LIMIT, Some(hours(12))).await?;
        days.pass(hours(1)).await?;
        let (before, _) = days.renewals()?;
        days.sleep(hours(9))?;
        // The moment of waking, and the seconds in which machines of one office spread out.
        days.pass(SignedDuration::from_secs(10)).await?;
        let (after, refused) = days.renewals()?;
        ensure!(
            (after, refused) == (before + 1, 0),
            "{before}, then {after} and {refused}"
        );
        ensure!(days.status()?.state == State::Active, "not active");
        ensure!(days.told().is_empty(), "told: {:?}", days.told());
        Ok(())
    })
}

/// Nine hours of sleep across the end: one notice, no warning, one request.
#[test]
fn a_sleep_across_the_end_is_told_once() -> Result<()> {
    run(async {
        let mut days = Days::begin(LIMIT, Some(hours(12))).await?;
        days.pass(hours(7)).await?;
        let requests = days.requests().await?;
        days.sleep(hours(9))?;
        days.pass(SignedDuration::from_secs(30)).await?;
        let told = days.told();
        ensure!(told == [(960, Ended)], "told: {told:?}");
        ensure!(
            days.requests().await? == requests + 1,
            "more than one request"
        );
        days.pass(hours(8)).await?;
        ensure!(days.told() == told, "told again: {:?}", days.told());
        Ok(())
    })
}

/// A service in trouble for an hour, then well again: few requests, no end.
#[test]
fn an_hour_of_trouble_ends_nothing() -> Result<()> {
    run(async {
        for fault in ["5xx@/token", "429@/token", "nonjson@/token"] {
            let mut days = Days::begin(LIMIT, None).await?;
            days.pass(minutes(30)).await?;
            let before = days.requests().await?;
            days.portal.tell("set", &json!({ "faults": [fault] }))?;
            days.pass(hours(1)).await?;
            let sent = days.requests().await? - before;
            ensure!(
                sent <= 60,
                "{fault}: {sent} requests in an hour: {}",
                days.operations()?
            );
            let status = days.status()?;
            ensure!(
                status.state == State::Fading && !status.online,
                "{fault}: {status:?}"
            );
            ensure!(
                status.trouble.is_some() && status.retry_at.is_some(),
                "{status:?}"
            );
            ensure!(days.told().is_empty(), "{fault}: {:?}", days.told());
            days.portal.tell("set", &json!({ "faults": [] }))?;
            days.wake(Wake::Network);
            days.pass(SignedDuration::from_secs(10)).await?;
            let status = days.status()?;
            ensure!(
                status.state == State::Active && status.trouble.is_none(),
                "{status:?}"
            );
        }
        Ok(())
    })
}

/// A thousand naps, sleeps and new networks: nothing is sent for them, nothing is left open.
#[test]
fn a_thousand_wake_ups_cost_nothing() -> Result<()> {
    run(async {
        let mut days = Days::begin(&["--session-ttl", "7776000"], None).await?;
        days.pass(minutes(1)).await?;
        let (requests, files) = (days.requests().await?, open_files()?);
        for round in 0..1000 {
            days.wake(if round % 2 == 0 {
                Wake::Network
            } else {
                Wake::Files
            });
            days.look().await?;
        }
        ensure!(
            days.requests().await? == requests,
            "a wake-up sent something"
        );
        let now = open_files()?;
        // Other journeys run in this process at the same time.
        ensure!(now <= files + 100, "{files} open files became {now}");
        for _ in 0..100 {
            days.sleep(hours(2))?;
            days.pass(SignedDuration::from_secs(10)).await?;
        }
        let (granted, refused) = days.renewals()?;
        ensure!(
            (granted, refused) == (100, 0),
            "{granted} and {refused} for 100 sleeps"
        );
        Ok(())
    })
}

fn open_files() -> Result<usize> {
    Ok(std::fs::read_dir("/proc/self/fd")?.count())
}
