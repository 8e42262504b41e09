//! The listener on 127.0.0.1 and everything between a socket and `dispatch`: limits, host
//! check, latency, faults, headers and the log.

use crate::body::Outgoing;
use crate::dispatch;
use crate::faults::{Fault, Struck};
use crate::log;
use crate::mint;
use crate::operation::Operation;
use crate::pages;
use crate::reply::Reply;
use crate::request::Request;
use crate::world::World;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// Largest body of a request; of a control request, which may hold a whole organisation.
const LARGEST: usize = 256 * 1024;
const LARGEST_CONTROL: usize = 64 * 1024 * 1024;

/// The world, one request at a time.
#[derive(Debug)]
pub(crate) struct Shared(Mutex<World>);

impl Shared {
    /// Wraps a world.
    pub(crate) fn new(world: World) -> Self {
        Self(Mutex::new(world))
    }

    /// The world, for as long as the guard lives; never across an await.
    pub(crate) fn lock(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Opens the listener, on 127.0.0.1 and nowhere else.
#[expect(
    clippy::disallowed_methods,
    reason = "the simulator's one listener, on loopback only"
)]
pub(crate) fn listen(port: u16) -> io::Result<TcpListener> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// Serves connections until the future is dropped, which ends them all.
pub(crate) async fn serve(listener: TcpListener, shared: Arc<Shared>) -> io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(stream, Arc::clone(&shared)));
                }
                // Out of file descriptors, most likely: others will be closed soon.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connection(stream: TcpStream, shared: Arc<Shared>) {
    let _ = stream.set_nodelay(true);
    let Ok((stream, line)) = with_line(stream) else {
        return;
    };
    let line = Arc::new(line);
    // A request that has arrived is carried out, also where its client is gone by then.
    let service = service_fn(move |request| {
        let answer = tokio::spawn(answer(request, Arc::clone(&shared), Arc::clone(&line)));
        async move { answer.await.map_err(io::Error::other)? }
    });
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(60));
    // A client that goes away, or a fault that was asked for: neither is an error here.
    let _ = http.serve_connection(TokioIo::new(stream), service).await;
}

/// The stream, and a second hold on the same socket: by it a connection can be cut while
/// hyper owns the first.
fn with_line(stream: TcpStream) -> io::Result<(TcpStream, TcpStream)> {
    let stream = stream.into_std()?;
    let line = stream.try_clone()?;
    Ok((TcpStream::from_std(stream)?, TcpStream::from_std(line)?))
}

async fn answer(
    incoming: hyper::Request<Incoming>,
    shared: Arc<Shared>,
    line: Arc<TcpStream>,
) -> io::Result<hyper::Response<Outgoing>> {
    let request = match whole(incoming).await {
        Ok(request) => request,
        Err(reply) => return Ok(response(&shared, reply, false)),
    };
    if !request.has_loopback_host() {
        let reply = Reply::text(403, "This host name is not the simulator's.\n");
        return Ok(response(&shared, reply, false));
    }
    let request = request.at_region(&shared.lock().options.region.clone());
    match Operation::of(&request) {
        Operation::Control => {
            let reply = dispatch::answer(&mut shared.lock(), Operation::Control, &request);
            Ok(response(&shared, reply, false))
        }
        operation => portal_answer(&shared, operation, &request, &line).await,
    }
}

async fn whole(incoming: hyper::Request<Incoming>) -> Result<Request, Reply> {
    let (parts, body) = incoming.into_parts();
    let is_control = parts.uri.path().starts_with("/_sim/");
    let largest = if is_control { LARGEST_CONTROL } else { LARGEST };
    let body: Bytes = match Limited::new(body, largest).collect().await {
        Ok(body) => body.to_bytes(),
        Err(_) => return Err(Reply::text(413, "The body is too large, or broke off.\n")),
    };
    Ok(Request {
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        raw_query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts.headers,
        body,
        wrong_region: false,
    })
}

async fn portal_answer(
    shared: &Shared,
    operation: Operation,
    request: &Request,
    line: &TcpStream,
) -> io::Result<hyper::Response<Outgoing>> {
    let arrival = arrive(shared, operation, request);
    let _gone = InFlight(shared);
    if arrival.wait > Duration::ZERO {
        tokio::time::sleep(arrival.wait).await;
    }
    let reply = settle(shared, operation, request, &arrival);
    match arrival.fault {
        Some(Fault::Reset) => {
            // The socket then ends with RST in place of FIN.
            line.set_zero_linger()?;
            Err(io::ErrorKind::ConnectionReset.into())
        }
        fault => Ok(response(shared, reply, fault == Some(Fault::Truncated))),
    }
}

/// What is decided as a request comes in.
struct Arrival {
    at: i64,
    wait: Duration,
    fault: Option<Fault>,
}

fn arrive(shared: &Shared, operation: Operation, request: &Request) -> Arrival {
    let world = &mut *shared.lock();
    world.in_flight.0 += 1;
    world.in_flight.1 = world.in_flight.1.max(world.in_flight.0);
    let (options, at) = (&world.options, world.clock.now_ms());
    let family = if operation.is_portal() {
        "portal"
    } else {
        "other"
    };
    world.log.arrived(family, at.div_euclid(1000));
    let rules = (options.faults.as_slice(), options.fault_rate);
    let struck = Struck {
        path: &request.path,
        raw_query: &request.raw_query,
        operation,
    };
    let fault = world.faults.draw(struck, rules);
    let slow = if fault == Some(Fault::Slow) {
        options.slow_ms
    } else {
        0
    };
    Arrival {
        at,
        wait: Duration::from_millis(options.latency_ms + slow),
        fault,
    }
}

/// Counts a request out again, also when its client hangs up.
struct InFlight<'a>(&'a Shared);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.lock().in_flight.0 -= 1;
    }
}

fn settle(shared: &Shared, operation: Operation, request: &Request, arrival: &Arrival) -> Reply {
    let world = &mut *shared.lock();
    let instead = arrival
        .fault
        .and_then(|fault| dispatch::instead(world, fault, operation));
    let reply = instead.unwrap_or_else(|| dispatch::answer(world, operation, request));
    let mut entry = log::entry(request, operation, arrival.at);
    entry.status = reply.status;
    entry.error.clone_from(&reply.error);
    entry.note.clone_from(&reply.note);
    let asker = reply.asker.as_deref();
    entry.client = asker.and_then(|asker| asker.client.clone());
    entry.session = asker.and_then(|asker| asker.session);
    entry.fault = arrival.fault.map(|fault| fault.name().to_owned());
    world.log.add(entry);
    reply
}

fn response(shared: &Shared, reply: Reply, truncated: bool) -> hyper::Response<Outgoing> {
    let mut builder = hyper::Response::builder()
        .status(reply.status)
        .header("date", shared.lock().clock.http_date())
        .header("x-amzn-requestid", mint::request_id())
        .header("cache-control", "no-store")
        .header("referrer-policy", "no-referrer")
        .header("x-content-type-options", "nosniff");
    if reply
        .headers
        .iter()
        .any(|(_, value)| value.starts_with("text/html"))
    {
        builder = builder
            .header("content-security-policy", pages::policy())
            .header("x-frame-options", "DENY");
    }
    for (name, value) in reply.headers {
        builder = builder.header(name, value);
    }
    let body = match truncated {
        true => Outgoing::truncated(reply.body),
        false => Outgoing::whole(reply.body),
    };
    builder
        .body(body)
        .unwrap_or_else(|_| hyper::Response::new(Outgoing::whole(String::new())))
}
