//! The listener of a browser sign-in under attack: strangers on the machine, web pages, slow clients.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use testkit::cli::Waiting;
use testkit::scene::{Scene, Storage};
use testkit::{Context, Result, ensure, http};

/// A sign-in that waits, the address for the browser, and where the browser would come back to.
struct Pending {
    scene: Scene,
    login: Waiting,
    address: String,
    port: u16,
}

impl Pending {
    fn begin() -> Result<Pending> {
        let scene = Scene::registered(Storage::Shared, &["--accounts", "2"])?;
        let mut login = scene.daypass.start(&["login", "work", "--no-browser"])?;
        let address = login.first_line()?;
        let redirect = http::query(&address, "redirect_uri").context("no redirect_uri")?;
        let port = redirect
            .trim_start_matches("http://127.0.0.1:")
            .split('/')
            .next();
        let port = port
            .and_then(|it| it.parse().ok())
            .with_context(|| redirect.clone())?;
        Ok(Pending {
            scene,
            login,
            address,
            port,
        })
    }

    /// The genuine redirect still ends the sign-in.
    fn ends_well(self) -> Result<()> {
        let visit = http::visit(&self.address)?;
        ensure!(visit.landed.status == 200, "{}", visit.landed.text());
        self.login.finish()?.code(0)?;
        ensure!(
            self.scene.status("work")?["state"] == "active",
            "not signed in"
        );
        Ok(())
    }
}

/// One raw request and the first bytes of its answer.
fn raw(port: u16, request: &str) -> Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    // A listener that refuses a request early may close before all of it is written.
    let _ = stream.write_all(request.as_bytes());
    let mut answer = Vec::new();
    let _ = stream.take(512).read_to_end(&mut answer);
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// What strangers may send, without the state that only the portal and Daypass know.
fn foreign(index: usize, port: u16) -> String {
    let host = format!("127.0.0.1:{port}");
    let method = ["GET", "POST", "HEAD", "OPTIONS", "PUT"][index % 5];
    let path = match index % 7 {
        0 => "/".to_owned(),
        1 => format!("/oauth/callback?code=c{index}&state=s{index}"),
        2 => format!("/oauth/callback?error=access_denied&state=s{index}"),
        3 => "/oauth/callback?error=access_denied".to_owned(),
        4 => format!("/favicon.ico?{index}"),
        5 => format!("/oauth/callback?code={}", "x".repeat(index % 900)),
        _ => format!(
            "/oauth/callback/../callback?code=c&state={}",
            "%00".repeat(index % 20)
        ),
    };
    let host = if index.is_multiple_of(11) {
        "rebound.example".to_owned()
    } else {
        host
    };
    let origin = if index.is_multiple_of(13) {
        "Origin: https://evil.example\r\n"
    } else {
        ""
    };
    format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\n{origin}Content-Length: 0\r\n\r\n")
}

#[test]
fn ten_thousand_foreign_requests_do_not_end_a_sign_in() -> Result<()> {
    let pending = Pending::begin()?;
    for index in 0..10_000 {
        let answer = raw(pending.port, &foreign(index, pending.port))?;
        ensure!(
            answer.starts_with("HTTP/1.1 4"),
            "request {index} was answered with {answer:?}"
        );
    }
    pending.ends_well()
}

#[test]
fn a_redirect_with_the_right_state_but_from_a_web_page_is_not_heard() -> Result<()> {
    let pending = Pending::begin()?;
    let state = http::query(&pending.address, "state").context("no state")?;
    let path = format!("/oauth/callback?code=guessed&state={state}");
    for headers in [
        "Host: rebound.example\r\n".to_owned(),
        format!("Host: localhost:{}\r\n", pending.port),
        format!(
            "Host: 127.0.0.1:{}\r\nOrigin: https://evil.example\r\n",
            pending.port
        ),
    ] {
        let answer = raw(
            pending.port,
            &format!("GET {path} HTTP/1.1\r\n{headers}\r\n"),
        )?;
        ensure!(
            answer.starts_with("HTTP/1.1 404"),
            "{headers:?} was answered with {answer:?}"
        );
    }
    pending.ends_well()
}

#[test]
fn a_head_without_end_is_cut_off() -> Result<()> {
    let pending = Pending::begin()?;
    let long = format!(
        "GET /{} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        "x".repeat(64 * 1024)
    );
    let answer = raw(pending.port, &long)?;
    ensure!(!answer.contains("200 OK"), "{answer:?}");
    pending.ends_well()
}

#[test]
fn five_hundred_idle_connections_do_not_delay_the_redirect() -> Result<()> {
    let pending = Pending::begin()?;
    let memory = || resident(pending.login.program().id());
    let before = memory()?;
    let idle: Vec<TcpStream> = (0..500)
        .map(|_| {
            let mut stream = TcpStream::connect(("127.0.0.1", pending.port))?;
            stream.write_all(b"GET /oauth/callback?code=")?;
            Ok(stream)
        })
        .collect::<Result<_>>()?;
    let grown = memory()?.saturating_sub(before);
    ensure!(grown < 20 * 1024, "500 idle connections took {grown} KiB");
    let start = Instant::now();
    let visit = http::visit(&pending.address)?;
    ensure!(visit.landed.status == 200, "{}", visit.landed.text());
    // A second of a test machine under load; the answer itself takes milliseconds.
    ensure!(
        start.elapsed() < Duration::from_secs(5),
        "the redirect took {:?}",
        start.elapsed()
    );
    pending.login.finish()?.code(0)?;
    drop(idle);
    Ok(())
}

/// What a process holds in memory, in KiB.
fn resident(process: u32) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .context("no VmRSS")?;
    line.split_whitespace()
        .nth(1)
        .context("no number")?
        .parse()
        .context("no number")
}

#[test]
fn it_listens_on_loopback_only_and_exactly_once() -> Result<()> {
    let pending = Pending::begin()?;
    let own = listeners_of(pending.login.program().id())?;
    ensure!(own == [format!("0100007F:{:04X}", pending.port)], "{own:?}");
    pending.ends_well()
}

/// Local addresses on which a process listens, as the kernel writes them.
fn listeners_of(process: u32) -> Result<Vec<String>> {
    let mut own = std::collections::HashSet::new();
    for entry in std::fs::read_dir(format!("/proc/{process}/fd"))? {
        if let Ok(target) = std::fs::read_link(entry?.path()) {
            own.insert(target.to_string_lossy().into_owned());
        }
    }
    let mut found = Vec::new();
    for table in ["tcp", "tcp6"] {
        let table = std::fs::read_to_string(format!("/proc/{process}/net/{table}"))?;
        for line in table.lines().skip(1) {
            let fields: Vec<_> = line.split_whitespace().collect();
            let listening = fields.get(3) == Some(&"0A");
            let inode = fields.get(9).map(|inode| format!("socket:[{inode}]"));
            if listening && inode.is_some_and(|inode| own.contains(&inode)) {
                found.push(fields[1].to_owned());
            }
        }
    }
    Ok(found)
}
