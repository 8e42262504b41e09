//! Bytes that are no request, heads that are too long, and what a browser tells of itself.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::*;
use crate::host::Env;

/// A listener that ends with the length of the path of the first `/end`, and its port.
async fn listening() -> (u16, tokio::task::JoinHandle<usize>) {
    let listener = Loopback::bind().await.unwrap();
    let port = listener.port();
    let serving = tokio::spawn(
        listener.serve(|asked| match asked.path.starts_with("/end") {
            true => Next::End(Reply::page("done"), asked.path.len()),
            false => Next::Stay(Reply::refusal(404, "Nothing is here.\n")),
        }),
    );
    (port, serving)
}

/// Sends bytes and reads what comes back, if anything.
async fn send(port: u16, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    // A listener that refuses early may close before all of it is written.
    let _ = stream.write_all(bytes).await;
    let _ = stream.shutdown().await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn no_head_longer_than_eight_kibibytes_is_heard() {
    let (port, serving) = listening().await;
    for length in [8 * 1024, 9_000, 16_384, 1_000_000] {
        let head = format!("GET /end{} HTTP/1.1\r\nHost: x\r\n\r\n", "x".repeat(length));
        let answer = send(port, head.as_bytes()).await;
        assert!(!answer.contains("200"), "{length}: {answer:.80}");
    }
    let many = "a: b\r\n".repeat(2_000);
    let answer = send(port, format!("GET /end HTTP/1.1\r\n{many}\r\n").as_bytes()).await;
    assert!(!answer.contains("200"), "{answer:.80}");
    assert!(!serving.is_finished());
    let head = format!("GET /end{} HTTP/1.1\r\nHost: x\r\n\r\n", "x".repeat(4_000));
    assert!(send(port, head.as_bytes()).await.contains("200 OK"));
    assert_eq!(serving.await.unwrap(), 4_004);
}

/// Bytes near to a request: real lines, cut, doubled and mixed with noise.
fn noise() -> impl Strategy<Value = Vec<u8>> {
    let line = prop_oneof![
        Just(b"GET / HTTP/1.1\r\n".to_vec()),
        Just(b"POST /oauth/callback HTTP/1.1\r\n".to_vec()),
        Just(b"Host: 127.0.0.1\r\n".to_vec()),
        Just(b"Content-Length: 99999999999999999999\r\n".to_vec()),
        Just(b"Transfer-Encoding: chunked\r\n".to_vec()),
        Just(b"Upgrade: h2c\r\nConnection: upgrade\r\n".to_vec()),
        Just(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec()),
        Just(b"\r\n".to_vec()),
        prop::collection::vec(any::<u8>(), 0..60),
    ];
    prop::collection::vec(line, 0..8).prop_map(|it| it.concat())
}

#[tokio::test]
async fn bytes_that_are_no_request_break_nothing() {
    let (port, serving) = listening().await;
    let wanted = Env::real().get("DAYPASS_TEST_INPUTS");
    let times = wanted
        .and_then(|it| it.parse().ok())
        .unwrap_or(20_000_usize)
        / 20;
    let (mut runner, noise) = (TestRunner::deterministic(), noise());
    for _ in 0..times {
        let bytes = noise.new_tree(&mut runner).unwrap().current();
        let answer = send(port, &bytes).await;
        assert!(!answer.contains("200 OK"), "{bytes:?}: {answer}");
    }
    assert!(!serving.is_finished());
    assert!(
        send(port, b"GET /end HTTP/1.1\r\nHost: x\r\n\r\n")
            .await
            .contains("200 OK")
    );
    serving.await.unwrap();
}

#[test]
fn only_a_whole_tab_that_goes_to_this_origin_is_a_navigation() {
    let host = ("host", "127.0.0.1:7");
    for (headers, expected) in [
        (&[host][..], true),
        (
            &[
                host,
                ("sec-fetch-mode", "navigate"),
                ("sec-fetch-dest", "document"),
            ],
            true,
        ),
        (
            &[
                host,
                ("sec-fetch-mode", "navigate"),
                ("sec-fetch-dest", "iframe"),
            ],
            false,
        ),
        (
            &[
                host,
                ("sec-fetch-mode", "no-cors"),
                ("sec-fetch-dest", "image"),
            ],
            false,
        ),
        (&[host, ("sec-fetch-mode", "cors")], false),
        (&[host, ("origin", "https://evil.example")], false),
        (&[host, ("origin", "null")], false),
        (&[("host", "localhost:7")], false),
        (&[("host", "127.0.0.1:8")], false),
        (&[("host", "127.0.0.1")], false),
        (&[], false),
    ] {
        let mut all = HeaderMap::new();
        for (name, value) in headers {
            all.insert(*name, HeaderValue::from_static(value));
        }
        let asked = Asked {
            method: "GET",
            path: "/",
            query: "",
            headers: &all,
        };
        assert_eq!(asked.is_navigation_to(7), expected, "{headers:?}");
    }
}
