//! The budget in virtual time, against a portal that is a bucket of tokens.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use super::{Learned, Pace};

const LATENCY: Duration = Duration::from_millis(30);

/// A portal that grants so many requests a second, and so many at once; refused ones cost nothing.
struct Bucket {
    limit: Mutex<Option<(f64, f64)>>,
    level: Mutex<(f64, Instant)>,
    asks_for: Option<Duration>,
}

/// How a whole reading went.
#[derive(Debug)]
struct Run {
    took: f64,
    refused: usize,
    asked: usize,
    most_under_way: usize,
}

impl Bucket {
    fn of(limit: Option<(f64, f64)>) -> Arc<Bucket> {
        Bucket::asking_for(limit, None)
    }

    fn asking_for(limit: Option<(f64, f64)>, asks_for: Option<Duration>) -> Arc<Bucket> {
        let burst = limit.map_or(0.0, |it| it.1);
        Arc::new(Bucket {
            limit: Mutex::new(limit),
            level: Mutex::new((burst, Instant::now())),
            asks_for,
        })
    }

    fn grants(&self) -> bool {
        let Some((rate, burst)) = *self.limit.lock().unwrap() else {
            return true;
        };
        let mut level = self.level.lock().unwrap();
        let now = Instant::now();
        let filled = (level.0 + (now - level.1).as_secs_f64() * rate).min(burst);
        let granted = filled >= 1.0;
        *level = (if granted { filled - 1.0 } else { filled }, now);
        granted
    }
}

/// Asks until `requests` were granted, as one reader does: whatever is refused is asked again.
async fn run(pace: &Pace, bucket: &Arc<Bucket>, requests: usize) -> Run {
    let start = Instant::now();
    let mut under_way = JoinSet::new();
    let (mut open, mut granted, mut run) = (
        requests,
        0,
        Run {
            took: 0.0,
            refused: 0,
            asked: 0,
            most_under_way: 0,
        },
    );
    while granted < requests {
        tokio::select! {
            Some(answer) = under_way.join_next() => match answer.unwrap() {
                true => granted += 1,
                false => (run.refused, open) = (run.refused + 1, open + 1),
            },
            turn = pace.turn(), if open > 0 => {
                run.most_under_way = run.most_under_way.max(pace.state().under_way);
                (open, run.asked) = (open - 1, run.asked + 1);
                let bucket = bucket.clone();
                under_way.spawn(async move {
                    sleep(LATENCY / 2).await;
                    let granted = bucket.grants();
                    sleep(LATENCY / 2).await;
                    match granted {
                        true => turn.was_granted(),
                        false => turn.was_refused(bucket.asks_for),
                    }
                    granted
                });
            }
        }
    }
    run.took = (Instant::now() - start).as_secs_f64();
    run
}

/// The least possible time of so many requests, by the bucket or by sixteen at once.
fn least(limit: Option<(f64, f64)>, requests: usize) -> f64 {
    let requests = requests as f64;
    limit.map_or(requests * LATENCY.as_secs_f64() / 16.0, |(rate, burst)| {
        (requests - burst) / rate
    })
}

fn hold(what: &str, run: &Run, limit: Option<(f64, f64)>, requests: usize, most: f64) {
    let ratio = run.took / least(limit, requests);
    let share = run.refused as f64 / run.asked as f64;
    assert!(ratio <= most, "{what}: {ratio} of the least time, {run:?}");
    assert!(share <= 0.05, "{what}: {share} refused, {run:?}");
    assert!(run.most_under_way <= 16, "{what}: {run:?}");
}

#[tokio::test(start_paused = true)]
async fn a_limit_is_found_and_kept_just_under() {
    for (rate, burst) in [
        (20.0, 20.0),
        (10.0, 10.0),
        (20.0, 1.0),
        (20.0, 100.0),
        (5.0, 5.0),
    ] {
        for requests in [672, 5_050] {
            let (bucket, pace) = (Bucket::of(Some((rate, burst))), Pace::default());
            let cold = run(&pace, &bucket, requests).await;
            hold(
                &format!("{rate}/s, {burst} at once, {requests} cold"),
                &cold,
                Some((rate, burst)),
                requests,
                1.15,
            );
            sleep(Duration::from_secs(60)).await;
            let (learned, limit) = (Pace::new(Some(pace.learned())), Some((rate, burst)));
            let warm = run(&learned, &bucket, requests).await;
            hold(
                &format!("{rate}/s, {burst} at once, {requests} learned"),
                &warm,
                limit,
                requests,
                1.15,
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_limit_only_the_first_reading_is_slow_at_first() {
    for requests in [2_020, 5_050] {
        let (bucket, pace) = (Bucket::of(None), Pace::default());
        let cold = run(&pace, &bucket, requests).await;
        hold("no limit, cold", &cold, None, requests, 3.0);
        let learned = run(&Pace::new(Some(pace.learned())), &bucket, requests).await;
        hold("no limit, learned", &learned, None, requests, 1.5);
        assert_eq!(cold.refused + learned.refused, 0);
    }
}

/// Few accounts teach little; what they teach is no limit for more.
#[tokio::test(start_paused = true)]
async fn a_small_organisation_is_read_at_once_from_the_second_time_on() {
    let (bucket, pace) = (Bucket::of(None), Pace::default());
    let cold = run(&pace, &bucket, 51).await;
    assert!(cold.took < 2.2, "{cold:?}");
    assert!(!pace.learned().is_limit);
    let learned = run(&Pace::new(Some(pace.learned())), &bucket, 51).await;
    assert!(learned.took < 1.0, "{learned:?}");
}

#[tokio::test(start_paused = true)]
async fn what_the_service_asks_for_is_honoured_and_costs_little() {
    let limit = Some((20.0, 20.0));
    let bucket = Bucket::asking_for(limit, Some(Duration::from_secs(1)));
    let run = run(&Pace::default(), &bucket, 5_050).await;
    hold("20/s, Retry-After 1", &run, limit, 5_050, 1.15);
}

#[tokio::test(start_paused = true)]
async fn a_limit_that_changes_is_found_anew() {
    let (bucket, pace) = (Bucket::of(Some((20.0, 20.0))), Pace::default());
    run(&pace, &bucket, 1_000).await;
    for (rate, burst) in [(10.0, 10.0), (5.0, 5.0), (40.0, 40.0)] {
        *bucket.limit.lock().unwrap() = Some((rate, burst));
        let first = run(&pace, &bucket, 2_000).await;
        hold(
            &format!("now {rate}/s"),
            &first,
            Some((rate, burst)),
            2_000,
            1.5,
        );
        let later = run(&pace, &bucket, 2_000).await;
        hold(
            &format!("{rate}/s for long"),
            &later,
            Some((rate, burst)),
            2_000,
            1.15,
        );
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_storm_it_is_as_fast_as_before() {
    for limit in [None, Some((20.0, 20.0))] {
        let (bucket, pace) = (Bucket::of(limit), Pace::default());
        run(&pace, &bucket, 1_000).await;
        let before = pace.learned().per_second;
        *bucket.limit.lock().unwrap() = Some((1e-9, 1.0));
        let storm = tokio::time::timeout(Duration::from_secs(30), run(&pace, &bucket, 1_000)).await;
        assert!(storm.is_err(), "a storm grants nothing");
        *bucket.limit.lock().unwrap() = limit;
        let after = run(&pace, &bucket, 1_000).await;
        // At most one long pause of the storm is waited out.
        let most = least(limit, 1_000) * 1.3 + 17.0;
        assert!(after.took < most, "{limit:?}: {after:?}");
        let kept = pace.learned().per_second / before;
        assert!(
            (0.7..1.4).contains(&kept),
            "{limit:?}: {kept} of what was learned"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_learned_of_another_day_does_no_harm() {
    for learned in [0.0, -1.0, f64::NAN, f64::INFINITY, 1.0, 533.0, 1e12] {
        let limit = Some((20.0, 20.0));
        for is_limit in [true, false] {
            let pace = Pace::new(Some(Learned {
                per_second: learned,
                is_limit,
            }));
            let run = run(&pace, &Bucket::of(limit), 2_000).await;
            hold(&format!("learned {learned}"), &run, limit, 2_000, 1.3);
        }
    }
    let twenty = Learned {
        per_second: 20.0,
        is_limit: true,
    };
    let run = run(&Pace::new(Some(twenty)), &Bucket::of(None), 5_050).await;
    assert!(run.took < 60.0, "a limit that is gone: {run:?}");
}

#[tokio::test(start_paused = true)]
async fn it_starts_politely_and_slows_down_by_half() {
    let pace = Pace::default();
    let start = Instant::now();
    let mut turns = Vec::new();
    for _ in 0..4 {
        turns.push(pace.turn().await);
    }
    assert_eq!((Instant::now() - start).as_millis(), 375, "eight a second");
    let fifth = tokio::time::timeout(Duration::from_secs(9), pace.turn()).await;
    assert!(fifth.is_err(), "four under way");
    turns.drain(..).for_each(super::Turn::was_granted);
    assert!(pace.per_second() > 10.0);
    let (one, other, before) = (pace.turn().await, pace.turn().await, pace.per_second());
    one.was_refused(None);
    let after = pace.per_second();
    assert!(after <= before / 2.0, "{before} {after}");
    other.was_refused(None);
    assert_eq!(
        pace.per_second(),
        after,
        "those under way together count as one"
    );
}

#[tokio::test(start_paused = true)]
async fn a_storm_is_met_with_few_requests_and_a_click_does_not_wait_in_line() {
    let (bucket, pace) = (Bucket::of(Some((1e-9, 1.0))), Pace::default());
    let stormy = tokio::time::timeout(Duration::from_hours(1), run(&pace, &bucket, 100)).await;
    assert!(stormy.is_err());
    assert!(pace.refused_for() > Duration::from_mins(50));
    let asked = pace.refusals_in_a_row();
    assert!(
        (10..=250).contains(&asked),
        "{asked} requests in an hour of refusals"
    );
    let start = Instant::now();
    drop(pace.urgent_turn().await);
    drop(pace.urgent_turn().await);
    assert!(
        Instant::now() - start <= Duration::from_secs(16),
        "a pause is kept"
    );
    let pace = Pace::default();
    let (start, _first) = (Instant::now(), pace.turn().await);
    drop(pace.urgent_turn().await);
    assert_eq!(Instant::now(), start);
}
