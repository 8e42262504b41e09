//! A company's proxy: it takes CONNECT, ends TLS with certificates of its own authority, and leads
//! the hosts of AWS to a portal on this machine. Nothing else is reached through it.

use crate::authority::{Authority, Oddity};
use crate::http::split;
use crate::{Context, Result};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// The hosts that it speaks for.
const HOSTS: &[&str] = &[
    "oidc.eu-central-1.amazonaws.com",
    "portal.sso.eu-central-1.amazonaws.com",
    "signin.aws.amazon.com",
    "aws.example.com",
    "twice.example.com",
    "elsewhere.example.com",
];

/// How it treats its clients.
#[derive(Clone, Debug)]
pub struct Manners {
    /// The base address of the portal behind it.
    pub portal: String,
    /// What is odd about its certificates.
    pub oddity: Oddity,
    /// The value of `Proxy-Authorization` that it wants.
    pub password: Option<&'static str>,
    /// The status with which it refuses every CONNECT.
    pub refuses: Option<u16>,
}

impl Manners {
    /// Those of a proxy that lets everything through to that portal.
    pub fn open_to(portal: &str) -> Self {
        Self {
            portal: portal.to_owned(),
            oddity: Oddity::None,
            password: None,
            refuses: None,
        }
    }
}

/// A running proxy; dropping it closes its port.
#[derive(Debug)]
pub struct Gateway {
    address: SocketAddr,
    authority: Authority,
    asked: Arc<Mutex<Vec<String>>>,
    ending: Arc<AtomicBool>,
}

impl Gateway {
    /// Starts it.
    pub fn start(manners: Manners) -> Result<Self> {
        let authority = Authority::new()?;
        let tls = authority.vouch(HOSTS, manners.oddity)?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("listening")?;
        let address = listener.local_addr()?;
        let (asked, ending) = (Arc::default(), Arc::new(AtomicBool::new(false)));
        let own = Door {
            manners,
            tls,
            asked: Arc::clone(&asked),
        };
        let (own, until) = (Arc::new(own), Arc::clone(&ending));
        thread::spawn(move || {
            for stream in listener.incoming() {
                if until.load(Ordering::SeqCst) {
                    break;
                }
                let own = Arc::clone(&own);
                // A client that breaks off is no concern of the proxy's.
                thread::spawn(move || stream.map(|stream| own.serve(stream)));
            }
        });
        Ok(Self {
            address,
            authority,
            asked,
            ending,
        })
    }

    /// `http://127.0.0.1:PORT`.
    pub fn address(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Writes the certificate of its authority into that folder; the path, as text.
    pub fn authority(&self, folder: &Path) -> Result<String> {
        Ok(self.authority.write_to(folder)?.display().to_string())
    }

    /// The targets of every CONNECT so far.
    pub fn asked(&self) -> Vec<String> {
        self.asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.ending.store(true, Ordering::SeqCst);
        // Only to wake the listener.
        let _ = TcpStream::connect(self.address);
    }
}

/// What every connection shares.
struct Door {
    manners: Manners,
    tls: Arc<ServerConfig>,
    asked: Arc<Mutex<Vec<String>>>,
}

/// The head of a request: its first line, and its headers as they came.
struct Head {
    first: String,
    headers: Vec<String>,
}

impl Head {
    fn read(stream: &mut impl BufRead) -> Result<Self> {
        let mut line = || -> Result<String> {
            let mut text = String::new();
            stream.read_line(&mut text)?;
            Ok(text.trim_end().to_owned())
        };
        let first = line()?;
        let mut headers = Vec::new();
        loop {
            match line()? {
                end if end.is_empty() => return Ok(Self { first, headers }),
                header => headers.push(header),
            }
        }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find_map(|header| {
            let (key, value) = header.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

impl Door {
    fn serve(&self, stream: TcpStream) -> Result<()> {
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        let mut stream = BufReader::new(stream);
        let head = Head::read(&mut stream)?;
        let target = head.first.split(' ').nth(1).unwrap_or_default().to_owned();
        self.asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(target.clone());
        let host = target.split(':').next().unwrap_or_default();
        let answer = self.answer(&head, host);
        let stream = stream.get_mut();
        stream.write_all(format!("HTTP/1.1 {answer}\r\n\r\n").as_bytes())?;
        if answer.starts_with("200") {
            let connection = ServerConnection::new(Arc::clone(&self.tls))?;
            self.carry(host, StreamOwned::new(connection, stream.try_clone()?))?;
        }
        Ok(())
    }

    fn answer(&self, head: &Head, host: &str) -> String {
        let wanted = self.manners.password;
        if !head.first.starts_with("CONNECT ") {
            "405 Only CONNECT".to_owned()
        } else if wanted.is_some() && head.header("proxy-authorization") != wanted {
            "407 Who are you\r\nProxy-Authenticate: Basic realm=\"works\"".to_owned()
        } else if let Some(status) = self.manners.refuses {
            format!("{status} Not today")
        } else if HOSTS.contains(&host) {
            "200 Go on".to_owned()
        } else {
            "502 Only AWS".to_owned()
        }
    }

    /// One request and its answer; then the connection ends.
    fn carry(&self, host: &str, tls: StreamOwned<ServerConnection, TcpStream>) -> Result<()> {
        let mut tls = BufReader::new(tls);
        let head = Head::read(&mut tls)?;
        let length = head.header("content-length").unwrap_or("0").parse()?;
        let mut body = vec![0; length];
        tls.read_exact(&mut body)?;
        let (authority, _) = split(&self.manners.portal)?;
        let mut inner = TcpStream::connect(&authority)?;
        let mut request = format!(
            "{}\r\nhost: {authority}\r\nconnection: close\r\n",
            place(host, &head.first)
        );
        let kept = head.headers.iter().filter(|header| {
            let name = header
                .split(':')
                .next()
                .unwrap_or_default()
                .to_ascii_lowercase();
            name != "host" && name != "connection"
        });
        kept.for_each(|header| request.push_str(&format!("{header}\r\n")));
        inner.write_all(request.as_bytes())?;
        inner.write_all(b"\r\n")?;
        inner.write_all(&body)?;
        let mut answer = Vec::new();
        inner.read_to_end(&mut answer)?;
        let tls = tls.get_mut();
        tls.write_all(&answer)?;
        tls.conn.send_close_notify();
        tls.flush()?;
        Ok(())
    }
}

/// The portal has the organisation's own addresses below paths of its own.
fn place(host: &str, first: &str) -> String {
    match host {
        "aws.example.com" => first.replacen(" / ", " /_vanity ", 1),
        "twice.example.com" => first.replacen(" / ", " /_vanity/twice ", 1),
        _ => first.to_owned(),
    }
}
