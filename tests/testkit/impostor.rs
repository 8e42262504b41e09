//! Something on the network that answers in the place of AWS, or does not answer.

use crate::{Context, Result};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// What it does with every request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trick {
    /// Sends it elsewhere, as a hotel does.
    Redirect,
    /// Answers 200 with a page.
    Page,
    /// Answers 511.
    NetworkSignIn,
    /// Answers 403 with a page, as a filter does.
    Filter,
    /// Answers 407.
    WantsPassword,
    /// Answers 200 with half of a JSON document that looks whole.
    HalfJson,
    /// Closes the connection with a reset.
    Reset,
    /// Takes the request and says nothing for 30 seconds.
    Hang,
    /// Answers 500 as AWS does.
    Down,
    /// Answers 429 as AWS does.
    Throttled,
    /// Answers 401 without the marks of AWS.
    Strange401,
}

/// The running impostor; dropping it closes its port.
#[derive(Debug)]
pub struct Impostor {
    address: SocketAddr,
    trick: Arc<Mutex<Trick>>,
    asked: Arc<AtomicUsize>,
    ending: Arc<AtomicBool>,
}

impl Impostor {
    /// Starts it.
    pub fn start(trick: Trick) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("listening")?;
        let address = listener.local_addr()?;
        let own = Self {
            address,
            trick: Arc::new(Mutex::new(trick)),
            asked: Arc::default(),
            ending: Arc::default(),
        };
        let (trick, asked) = (Arc::clone(&own.trick), Arc::clone(&own.asked));
        let ending = Arc::clone(&own.ending);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(std::result::Result::ok) {
                if ending.load(Ordering::SeqCst) {
                    break;
                }
                let trick = *trick.lock().unwrap_or_else(PoisonError::into_inner);
                let asked = Arc::clone(&asked);
                // A client that breaks off is no concern of the impostor's.
                thread::spawn(move || play(trick, stream, &asked));
            }
        });
        Ok(own)
    }

    /// `http://127.0.0.1:PORT`.
    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Plays another trick from now on.
    pub fn play(&self, trick: Trick) {
        *self.trick.lock().unwrap_or_else(PoisonError::into_inner) = trick;
    }

    /// How many requests came.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl Drop for Impostor {
    fn drop(&mut self) {
        self.ending.store(true, Ordering::SeqCst);
        // Only to wake the listener.
        let _ = TcpStream::connect(self.address);
    }
}

fn play(trick: Trick, stream: TcpStream, asked: &AtomicUsize) -> Result<()> {
    if trick == Trick::Reset {
        // Closed with the request unread, the connection ends with a reset.
        stream.peek(&mut [0])?;
        asked.fetch_add(1, Ordering::SeqCst);
        return Ok(());
    }
    let mut stream = BufReader::new(stream);
    read_request(&mut stream)?;
    asked.fetch_add(1, Ordering::SeqCst);
    let page = "<!doctype html><title>Hotel</title><p>Room number, please.";
    let (html, json) = ("text/html; charset=utf-8", "application/json");
    let aws = |name: &str| format!("x-amzn-requestid: 1\r\nx-amzn-errortype: {name}\r\n");
    let (status, headers, kind, body) = match trick {
        Trick::Redirect => {
            let location = "location: http://login.hotel.example/\r\n".to_owned();
            ("302 Found", location, html, page)
        }
        Trick::Page => ("200 OK", String::new(), html, page),
        Trick::NetworkSignIn => (
            "511 Network Authentication Required",
            String::new(),
            html,
            page,
        ),
        Trick::Filter => ("403 Forbidden", String::new(), html, page),
        Trick::WantsPassword => ("407 Who are you", String::new(), html, page),
        Trick::HalfJson => ("200 OK", String::new(), json, "{\"accessToken\":\"hal"),
        Trick::Down => ("500 Oh", aws("InternalServerException"), json, "{}"),
        Trick::Throttled => ("429 Slowly", aws("TooManyRequestsException"), json, "{}"),
        Trick::Strange401 => ("401 No", String::new(), json, "{}"),
        Trick::Reset => return Ok(()),
        Trick::Hang => {
            thread::sleep(Duration::from_secs(30));
            return Ok(());
        }
    };
    let answer = format!(
        "HTTP/1.1 {status}\r\n{headers}content-type: {kind}\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{body}",
        body.len()
    );
    stream.get_mut().write_all(answer.as_bytes())?;
    Ok(())
}

fn read_request(stream: &mut BufReader<TcpStream>) -> Result<()> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        let line = line.trim_end().to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse()?;
        }
        if line.is_empty() {
            let mut body = vec![0; length];
            return stream.read_exact(&mut body).context("a body cut short");
        }
    }
}
