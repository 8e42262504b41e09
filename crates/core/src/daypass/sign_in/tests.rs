//! Sign-ins against a stand-in for the service on this machine: joined, given up, out of time,
//! registered anew, and what is left of them.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use super::*;
use crate::daypass::NewSession;
use crate::host::loopback::{Next, Reply};
use crate::host::{Clock, Env, Host};
use crate::secrets::Storage;

const PENDING: &str = r#"{"error":"authorization_pending"}"#;
const SLOWER: &str = r#"{"error":"slow_down"}"#;
const NO_CLIENT: &str = r#"{"error":"invalid_client"}"#;
const TOKEN: &str = r#"{"accessToken":"aoa","refreshToken":"aor","expiresIn":3600}"#;
const CLIENT: &str =
    r#"{"clientId":"id","clientSecret":"word","clientSecretExpiresAt":4102444800}"#;
const CODE: &str = r#"{"deviceCode":"code","userCode":"ABCD-EFGH","expiresIn":600,"interval":1,
    "verificationUri":"https://d-0000000000.awsapps.com/start/#/device"}"#;

/// What the service is asked for.
#[derive(Default)]
struct Asked {
    registrations: AtomicUsize,
    codes: AtomicUsize,
    tokens: AtomicUsize,
    polls: Mutex<Vec<Instant>>,
}

impl Asked {
    fn registrations(&self) -> usize {
        self.registrations.load(Ordering::SeqCst)
    }

    fn polled(&self) -> usize {
        self.tokens.load(Ordering::SeqCst)
    }

    /// The pauses between two polls, in seconds.
    fn pauses(&self) -> Vec<f64> {
        let polls = self.polls.lock().unwrap();
        let between = polls.windows(2).map(|two| two[1] - two[0]);
        between.map(|it| it.as_secs_f64()).collect()
    }
}

/// How the service answers to the nth request for a code, and for a token.
type Answer = fn(usize) -> (u16, &'static str);

const APPROVED: Answer = |_| (200, TOKEN);
const WAITING: Answer = |_| (400, PENDING);
const GIVEN: Answer = |_| (200, CODE);

/// A session at a stand-in that answers like this.
async fn scene(codes: Answer, tokens: Answer) -> (Daypass, Arc<Asked>, tempfile::TempDir) {
    let service = Loopback::bind().await.unwrap();
    let base = format!("http://127.0.0.1:{}", service.port());
    let asked = Arc::new(Asked::default());
    let seen = asked.clone();
    tokio::spawn(service.serve::<(), _>(move |request| {
        let next = |count: &AtomicUsize| count.fetch_add(1, Ordering::SeqCst);
        let (status, body) = match request.path {
            "/client/register" => {
                next(&seen.registrations);
                (200, CLIENT)
            }
            "/device_authorization" => codes(next(&seen.codes)),
            "/token" => {
                seen.polls.lock().unwrap().push(Instant::now());
                tokens(next(&seen.tokens))
            }
            _ => (404, "{}"),
        };
        Next::Stay(Reply::refusal(status, body))
    }));
    let folder = tempfile::tempdir().unwrap();
    let env = Env::table::<String, String>([]);
    let daypass = Daypass::open(Host::fake(folder.path(), env, Clock::real())).unwrap();
    let new = NewSession {
        name: "work".into(),
        start_url: format!("{base}/start"),
        region: Some("eu-central-1".into()),
        storage: Some(Storage::Shared),
        length: None,
        allow_custom_portal: true,
    };
    daypass.add_session(new).await.unwrap();
    (daypass, asked, folder)
}

fn by(flow: Flow) -> SignIn {
    SignIn {
        flow: Some(flow),
        ..SignIn::default()
    }
}

async fn until_shown(daypass: &Daypass) -> Step {
    let mut snapshots = daypass.snapshots();
    let shown = |step: &Step| matches!(step, Step::Browser { .. } | Step::Device { .. });
    loop {
        let step = daypass
            .snapshot()
            .session("work")
            .and_then(|it| it.sign_in.clone());
        if let Some(step) = step.filter(shown) {
            return step;
        }
        snapshots.changed().await.unwrap();
    }
}

#[tokio::test]
async fn who_asks_again_joins_the_sign_in_that_waits() {
    let (daypass, asked, _folder) = scene(GIVEN, APPROVED).await;
    let (first, second, third) = tokio::join!(
        daypass.sign_in("work", by(Flow::Device)),
        daypass.sign_in("work", by(Flow::Device)),
        daypass.sign_in("work", SignIn::default()),
    );
    assert!(first.is_ok() && second.is_ok() && third.is_ok());
    assert_eq!(asked.registrations(), 1);
}

#[tokio::test]
async fn a_sign_in_is_given_up_within_a_second_and_leaves_no_listener() {
    for flow in [Flow::Browser, Flow::Device] {
        let (daypass, _asked, _folder) = scene(GIVEN, WAITING).await;
        let waiting = tokio::spawn({
            let daypass = daypass.clone();
            async move { daypass.sign_in("work", by(flow)).await }
        });
        let step = until_shown(&daypass).await;
        let began = Instant::now();
        daypass.cancel_sign_in("work");
        let error = waiting.await.unwrap().unwrap_err();
        assert!(began.elapsed().as_secs() < 1, "{:?}", began.elapsed());
        assert_eq!(error.code(), Code::SignInCancelled);
        let session = daypass.snapshot().session("work").cloned().unwrap();
        assert_eq!((session.sign_in, session.failure), (None, None));
        if let Step::Browser { address, .. } = step {
            assert_eq!(nobody_listens_at(&address).await, Ok(()));
        }
    }
}

/// Within 100 ms of the end of a sign-in.
async fn nobody_listens_at(address: &url::Url) -> std::result::Result<(), &'static str> {
    let redirect = address
        .query_pairs()
        .find(|(name, _)| name == "redirect_uri");
    let redirect = url::Url::parse(&redirect.ok_or("no redirect")?.1).map_err(|_| "no address")?;
    tokio::time::sleep(Duration::from_millis(100)).await;
    let place = ("127.0.0.1", redirect.port().ok_or("no port")?);
    match tokio::net::TcpStream::connect(place).await {
        Ok(_) => Err("somebody listens"),
        Err(_) => Ok(()),
    }
}

#[tokio::test]
async fn a_sign_in_that_nobody_approves_ends_in_time() {
    for flow in [Flow::Browser, Flow::Device] {
        let (daypass, _asked, _folder) = scene(GIVEN, WAITING).await;
        let wish = SignIn {
            patience: Duration::from_millis(700),
            ..by(flow)
        };
        let began = Instant::now();
        let error = daypass.sign_in("work", wish).await.unwrap_err();
        assert_eq!(error.code(), Code::SignInTimedOut, "{flow:?}");
        assert!(
            began.elapsed() < Duration::from_secs(3),
            "{:?}",
            began.elapsed()
        );
        let session = daypass.snapshot().session("work").cloned().unwrap();
        assert_eq!(
            session.failure.map(|it| it.code),
            Some(Code::SignInTimedOut)
        );
    }
}

#[tokio::test]
async fn a_client_that_the_service_forgot_at_once_is_registered_again_once() {
    let forgetful: Answer = |times| match times {
        0 => (401, NO_CLIENT),
        _ => (200, CODE),
    };
    let (daypass, asked, _folder) = scene(forgetful, APPROVED).await;
    daypass.sign_in("work", by(Flow::Device)).await.unwrap();
    assert_eq!(asked.registrations(), 2);

    let (daypass, asked, _folder) = scene(|_| (401, NO_CLIENT), APPROVED).await;
    let error = daypass.sign_in("work", by(Flow::Device)).await.unwrap_err();
    assert_eq!(error.code(), Code::RegistrationExpired);
    assert_eq!(asked.registrations(), 2);
}

#[tokio::test]
async fn polls_are_never_closer_than_asked_and_slower_after_a_slow_down_for_good() {
    let slowing: Answer = |times| match times {
        0 | 2 => (400, PENDING),
        1 => (400, SLOWER),
        _ => (200, TOKEN),
    };
    let (daypass, asked, _folder) = scene(GIVEN, slowing).await;
    let began = Instant::now();
    daypass.sign_in("work", by(Flow::Device)).await.unwrap();
    let first = asked.polls.lock().unwrap()[0] - began;
    assert!(first >= Duration::from_secs(1), "{first:?}");
    let pauses = asked.pauses();
    for (pause, least) in pauses.iter().zip([1.0, 6.0, 6.0]) {
        assert!((least..least + 1.0).contains(pause), "{pauses:?}");
    }
    assert_eq!(pauses.len(), 3);
}

#[tokio::test]
async fn polls_end_with_the_code_and_with_the_sign_in() {
    let short: Answer = |_| {
        (
            200,
            r#"{"deviceCode":"code","userCode":"ABCD-EFGH","expiresIn":3,"interval":1,
            "verificationUri":"https://d-0000000000.awsapps.com/start/#/device"}"#,
        )
    };
    let (daypass, asked, _folder) = scene(short, WAITING).await;
    let began = Instant::now();
    let error = daypass.sign_in("work", by(Flow::Device)).await.unwrap_err();
    assert_eq!(error.code(), Code::SignInTimedOut);
    assert!(
        (2..=4).contains(&began.elapsed().as_secs()),
        "{:?}",
        began.elapsed()
    );
    assert!((2..=3).contains(&asked.polled()), "{}", asked.polled());

    let (daypass, asked, _folder) = scene(GIVEN, WAITING).await;
    let wish = SignIn {
        patience: Duration::from_millis(1500),
        ..by(Flow::Device)
    };
    assert!(daypass.sign_in("work", wish).await.is_err());
    let polled = asked.polled();
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(asked.polled(), polled, "it polls on after its end");
}

#[tokio::test]
async fn trouble_while_waiting_does_not_end_a_sign_in_with_a_code() {
    let troubled: Answer = |times| match times {
        0 => (503, "{}"),
        _ => (200, TOKEN),
    };
    let (daypass, asked, _folder) = scene(GIVEN, troubled).await;
    daypass.sign_in("work", by(Flow::Device)).await.unwrap();
    assert_eq!(asked.polled(), 2);
}

#[tokio::test]
async fn the_code_is_shown_before_anything_is_opened() {
    let (daypass, _asked, _folder) = scene(GIVEN, WAITING).await;
    let waiting = tokio::spawn({
        let daypass = daypass.clone();
        async move { daypass.sign_in("work", by(Flow::Device)).await }
    });
    match until_shown(&daypass).await {
        Step::Device { user_code, .. } => assert_eq!(user_code, "ABCD-EFGH"),
        other => panic!("{other:?}"),
    }
    assert_eq!(daypass.host().opener.recorded().len(), 0);
    daypass.cancel_sign_in("work");
    assert!(waiting.await.unwrap().is_err());
}
