//! One console sign-in address in front of several portals: there is one for all organisations
//! in the real world, and each simulated portal knows only its own role credentials.

use crate::http::{self, Response};
use crate::{Context, Result};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::thread;

/// Runs until the program ends.
#[derive(Debug)]
pub struct Switchboard {
    address: SocketAddr,
}

impl Switchboard {
    /// Listens on loopback and asks the portals in turn, until one does not refuse.
    pub fn start(portals: &[&str]) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("listening")?;
        let address = listener.local_addr()?;
        let portals: Vec<String> = portals.iter().map(|&base| base.to_owned()).collect();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let portals = portals.clone();
                // A caller that breaks off only harms itself.
                thread::spawn(move || serve(stream, &portals).unwrap_or_default());
            }
        });
        Ok(Self { address })
    }

    /// The value of `DAYPASS_SIGNIN_ENDPOINT`.
    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }
}

fn serve(stream: TcpStream, portals: &[String]) -> Result<()> {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let (mut length, mut kind) = (0, String::new());
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.split_once(':') else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse()?,
            "content-type" => kind = value.trim().to_owned(),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let answer = ask_in_turn(&first, &kind, &body, portals)?;
    write(&mut reader.into_inner(), &answer)
}

fn ask_in_turn(first: &str, kind: &str, body: &[u8], portals: &[String]) -> Result<Response> {
    let mut words = first.split(' ');
    let method = words.next().context("no method")?;
    let path = words.next().context("no path")?;
    let headers = [("content-type", kind)];
    let mut last = None;
    for portal in portals {
        let answer = http::request(method, &format!("{portal}{path}"), &headers, body)?;
        if answer.status < 400 {
            return Ok(answer);
        }
        last = Some(answer);
    }
    last.context("there is no portal")
}

fn write(stream: &mut TcpStream, answer: &Response) -> Result<()> {
    let mut head = format!("HTTP/1.1 {} -\r\nconnection: close\r\n", answer.status);
    for name in ["location", "content-type", "content-security-policy"] {
        if let Some(value) = answer.header(name) {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
    }
    head.push_str(&format!("content-length: {}\r\n\r\n", answer.body.len()));
    stream.write_all(head.as_bytes())?;
    stream.write_all(&answer.body)?;
    Ok(stream.flush()?)
}
