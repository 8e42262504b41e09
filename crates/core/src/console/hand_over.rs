//! Hands a secret address to the browser: the browser is given a one-use address on 127.0.0.1, and
//! is sent on from there.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use url::Url;

use crate::host::loopback::{Asked, Loopback, Next, Reply};
use crate::host::random;
use crate::secrets::Secret;
use crate::{Code, Error, Result};

/// How long the browser may take to come.
const LIFE: Duration = Duration::from_secs(60);

/// An address that waits for the browser.
pub struct HandOver {
    /// What the browser is given; good for one use.
    pub address: Url,
    listener: Loopback,
    target: Secret,
    path: String,
}

/// Prepares the one-use address; nothing is opened.
///
/// # Errors
/// No port is free.
pub async fn hand_over(target: Secret) -> Result<HandOver> {
    let listener = Loopback::bind().await?;
    let path = format!("/{}", random::token::<32>()?);
    let address =
        Url::parse(&format!("http://127.0.0.1:{}{path}", listener.port())).map_err(|error| {
            Error::new(Code::Internal, "a local address could not be built").because(error)
        })?;
    Ok(HandOver {
        address,
        listener,
        target,
        path,
    })
}

impl HandOver {
    /// Opens the browser by `open` and waits until it was sent on.
    ///
    /// # Errors
    /// Those of `open`; `BrowserMissing` where no browser came within a minute.
    pub async fn open(self, open: impl FnOnce(&Url) -> Result<()>) -> Result<()> {
        open(&self.address)?;
        self.until_used(LIFE).await
    }

    async fn until_used(self, life: Duration) -> Result<()> {
        let port = self.listener.port();
        let (path, target) = (self.path, Mutex::new(Some(self.target)));
        let used = AtomicBool::new(false);
        let serve = self
            .listener
            .serve(move |asked| answer(asked, port, &path, &target, &used));
        tokio::time::timeout(life, serve).await.map_err(|_| {
            Error::new(
                Code::BrowserMissing,
                "the browser did not come within a minute",
            )
            .with_hint("open the console again, or take the address with --print")
        })
    }
}

fn answer(
    asked: &Asked<'_>,
    port: u16,
    path: &str,
    target: &Mutex<Option<Secret>>,
    used: &AtomicBool,
) -> Next<()> {
    let known = asked.path == path && asked.is_navigation_to(port);
    if !known {
        return Next::Stay(Reply::refusal(404, "Nothing is here.\n"));
    }
    if asked.method != "GET" {
        return Next::Stay(Reply::refusal(
            405,
            "Only a browser's own request is answered.\n",
        ));
    }
    let target = target.lock().ok().and_then(|mut target| target.take());
    match target.filter(|_| !used.swap(true, Ordering::SeqCst)) {
        Some(target) => Next::End(Reply::redirect(target.expose()), ()),
        None => Next::Stay(Reply::refusal(410, "This address was used already.\n")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    async fn ask(address: &Url, request_line: &str, host: &str) -> String {
        let port = address.port().unwrap();
        let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", port))
            .await
            .unwrap();
        let request = format!("{request_line} HTTP/1.1\r\nHost: {host}\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    #[tokio::test]
    async fn it_works_once_for_the_right_address_only() {
        let waiting = hand_over(Secret::new(
            "https://signin.aws.amazon.com/federation?x=CANARY",
        ))
        .await
        .unwrap();
        let address = waiting.address.clone();
        let (path, host) = (
            address.path().to_owned(),
            format!("127.0.0.1:{}", address.port().unwrap()),
        );
        let served = tokio::spawn(waiting.until_used(LIFE));
        for (line, host) in [
            ("GET /".to_owned(), host.clone()),
            (format!("HEAD {path}"), host.clone()),
            (format!("GET {path}"), "rebound.example".into()),
        ] {
            let answer = ask(&address, &line, &host).await;
            assert!(answer.starts_with("HTTP/1.1 40"), "{line}: {answer}");
            assert!(!answer.contains("CANARY"));
        }
        let answer = ask(&address, &format!("GET {path}"), &host).await;
        assert!(
            answer.starts_with("HTTP/1.1 302") && answer.contains("CANARY"),
            "{answer}"
        );
        assert!(
            answer.contains("no-store") && answer.contains("no-referrer"),
            "{answer}"
        );
        served.await.unwrap().unwrap();
        let gone = tokio::net::TcpStream::connect(("127.0.0.1", address.port().unwrap())).await;
        assert!(gone.is_err(), "the port is closed");
    }

    #[tokio::test]
    async fn a_second_use_is_answered_with_gone_and_only_on_this_address() {
        let waiting = hand_over(Secret::new("https://signin.aws.amazon.com/?CANARY"))
            .await
            .unwrap();
        let address = waiting.address.clone();
        let port = address.port().unwrap();
        let served = tokio::spawn(waiting.until_used(LIFE));
        // Another address of this machine has no such port.
        if cfg!(target_os = "linux") {
            let elsewhere = tokio::net::TcpStream::connect(("127.0.0.2", port)).await;
            assert!(elsewhere.is_err(), "it is bound to more than 127.0.0.1");
        }
        // A second browser is there before the first one has been sent on.
        let mut second = tokio::net::TcpStream::connect(("127.0.0.1", port))
            .await
            .unwrap();
        second.write_all(b"GET ").await.unwrap();
        let (path, host) = (address.path(), format!("127.0.0.1:{port}"));
        let first = ask(&address, &format!("GET {path}"), &host).await;
        assert!(first.starts_with("HTTP/1.1 302"), "{first}");
        let rest = format!("{path} HTTP/1.1\r\nHost: {host}\r\n\r\n");
        second.write_all(rest.as_bytes()).await.unwrap();
        let mut gone = String::new();
        second.read_to_string(&mut gone).await.unwrap();
        assert!(gone.starts_with("HTTP/1.1 410"), "{gone}");
        assert!(!gone.contains("CANARY"), "{gone}");
        served.await.unwrap().unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn it_ends_after_sixty_seconds_and_closes_its_port() {
        let waiting = hand_over(Secret::new("x")).await.unwrap();
        let address = waiting.address.clone();
        let began = tokio::time::Instant::now();
        let error = waiting.open(|_| Ok(())).await.unwrap_err();
        assert_eq!(error.code(), Code::BrowserMissing);
        assert_eq!(began.elapsed().as_secs(), 60);
        let gone = std::net::TcpStream::connect(("127.0.0.1", address.port().unwrap()));
        assert!(gone.is_err(), "the port is closed");
    }

    #[tokio::test]
    async fn a_second_use_is_told_so() {
        let (target, used) = (Mutex::new(Some(Secret::new("x"))), AtomicBool::new(false));
        let mut headers = hyper::HeaderMap::new();
        headers.insert("host", "127.0.0.1:9".parse().unwrap());
        let asked = Asked {
            method: "GET",
            path: "/p",
            query: "",
            headers: &headers,
        };
        assert!(matches!(
            answer(&asked, 9, "/p", &target, &used),
            Next::End(..)
        ));
        assert!(matches!(
            answer(&asked, 9, "/p", &target, &used),
            Next::Stay(_)
        ));
    }

    #[tokio::test]
    async fn it_does_not_wait_for_ever() {
        let waiting = hand_over(Secret::new("x")).await.unwrap();
        let error = waiting
            .until_used(Duration::from_millis(20))
            .await
            .unwrap_err();
        assert_eq!(error.code(), Code::BrowserMissing);
    }
}
