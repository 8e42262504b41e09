//! An endpoint of `daypass serve`: what it printed, and raw requests to it.

use crate::cli::Waiting;
use crate::scene::Scene;
use crate::waiting::{PATIENCE, until_true};
use crate::{Context, Result};
use serde_json::Value;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// A path that is answered, and a line that asks for it.
pub const ASK: &str = "GET /credentials HTTP/1.1";

/// A running `daypass serve`.
#[derive(Debug)]
pub struct Served {
    /// The program.
    pub program: Waiting,
    /// On 127.0.0.1.
    pub port: u16,
    /// What opens it.
    pub token: String,
    /// What leads AWS's tools there.
    pub variables: Vec<(String, String)>,
}

/// Starts it with these words after `serve`.
pub fn start(scene: &Scene, words: &[&str]) -> Result<Served> {
    let program = scene.daypass.start(&[&["serve"], words].concat())?;
    let lines = program.lines(2)?;
    let variables: Vec<(String, String)> = lines
        .iter()
        .filter_map(|line| line.trim_start_matches("export ").split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let of = |name: &str| {
        let found = variables.iter().find(|(known, _)| known == name);
        found
            .map(|it| it.1.clone())
            .with_context(|| format!("no {name}"))
    };
    let address = of("AWS_CONTAINER_CREDENTIALS_FULL_URI")?;
    let port = address
        .trim_start_matches("http://127.0.0.1:")
        .split('/')
        .next();
    Ok(Served {
        port: port.and_then(|it| it.parse().ok()).context("no port")?,
        token: of("AWS_CONTAINER_AUTHORIZATION_TOKEN")?,
        program,
        variables,
    })
}

impl Served {
    /// Asks as AWS's tools do; the status and the document.
    pub fn ask(&self) -> Result<(u16, Value)> {
        let token = format!("Authorization: {}", self.token);
        let host = format!("Host: 127.0.0.1:{}", self.port);
        let answer = self.raw(ASK, &[&host, &token])?;
        Ok((status(&answer), document(&answer)?))
    }

    /// The answer to a request line and headers.
    pub fn raw(&self, line: &str, headers: &[&str]) -> Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        let head = format!("{line}\r\n{}\r\n\r\n", headers.join("\r\n"));
        // Who refuses early may close before all of it is written.
        let _ = stream.write_all(head.as_bytes());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }

    /// Waits until nobody listens any more.
    pub fn is_closed(&self) -> Result<()> {
        until_true(PATIENCE, "the port to close", || {
            Ok(TcpStream::connect(("127.0.0.1", self.port)).is_err())
        })
    }
}

/// The status of an answer; 0 where there was none.
pub fn status(answer: &str) -> u16 {
    let word = answer.split(' ').nth(1);
    word.and_then(|it| it.parse().ok()).unwrap_or_default()
}

/// Its document.
pub fn document(answer: &str) -> Result<Value> {
    let body = answer.split_once("\r\n\r\n").map_or("", |it| it.1);
    serde_json::from_str(body).with_context(|| format!("no document: {answer}"))
}
