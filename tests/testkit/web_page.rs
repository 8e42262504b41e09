//! A web page of somebody else's, open in a real browser: it runs a script and reports what it saw.

use crate::home::{Home, make_private};
use crate::places::tool;
use crate::programs::{Running, command};
use crate::waiting::until;
use crate::{Context, Result};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// A page has a minute to do what it does.
const TIME: Duration = Duration::from_secs(60);

/// Opens a page at `HOST:PORT` of this machine, under a name of its own, runs the script there, and
/// gives back what it hands to `report(…)`. `HERE` in the script is replaced with the page's port.
pub fn run(home: &Home, host: &str, script: &str) -> Result<Value> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("listening")?;
    let port = listener.local_addr()?.port();
    let page = format!(
        "<!doctype html><meta charset=utf-8><title>Free prizes</title><body><script>\
         const report = (it) => fetch('/report', {{method: 'POST', body: JSON.stringify(it)}});\n\
         {}\n</script>",
        script.replace("HERE", &port.to_string())
    );
    let said: Arc<Mutex<Option<Value>>> = Arc::default();
    let heard = Arc::clone(&said);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (page, heard) = (page.clone(), Arc::clone(&heard));
            // A browser that breaks off is no concern of the page's.
            thread::spawn(move || serve(stream, &page, &heard).unwrap_or_default());
        }
    });
    let _browser = open(home, &format!("http://{host}:{port}/"))?;
    until(TIME, "the report of a web page", || {
        Ok(said.lock().unwrap_or_else(PoisonError::into_inner).clone())
    })
}

/// Every name is this machine, so that the page can be at any; nothing else is reached.
fn open(home: &Home, address: &str) -> Result<Running> {
    let profile = home.root().join("chromium");
    make_private(&profile)?;
    let mut command = command(&tool("chromium", "chromium")?);
    command.envs(home.env()).args([
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-proxy-server",
        "--host-resolver-rules=MAP * 127.0.0.1",
        "--disable-popup-blocking",
    ]);
    command.arg(format!("--user-data-dir={}", profile.display()));
    command.arg(address);
    Running::start("chromium", &mut command, &home.logs())
}

fn serve(stream: TcpStream, page: &str, heard: &Mutex<Option<Value>>) -> Result<()> {
    let mut stream = BufReader::new(stream);
    let mut first = String::new();
    stream.read_line(&mut first)?;
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse()?;
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    if first.starts_with("POST /report") {
        let said = serde_json::from_slice(&body)?;
        *heard.lock().unwrap_or_else(PoisonError::into_inner) = Some(said);
    }
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{page}",
        page.len()
    );
    Ok(stream.get_mut().write_all(answer.as_bytes())?)
}
