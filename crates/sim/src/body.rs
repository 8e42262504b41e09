//! The body of an answer on its way out, which can break off in the middle.

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

/// All of a body, or its first half and then the end of the connection.
#[derive(Debug)]
pub(crate) struct Outgoing {
    left: Option<Bytes>,
    promised: u64,
    breaks: bool,
}

impl Outgoing {
    /// The whole body.
    pub(crate) fn whole(body: String) -> Self {
        Self {
            promised: body.len() as u64,
            left: Some(body.into()),
            breaks: false,
        }
    }

    /// A body that announces its full length and ends half-way.
    pub(crate) fn truncated(body: String) -> Self {
        let (promised, bytes) = (body.len() as u64, Bytes::from(body));
        Self {
            promised,
            left: Some(bytes.slice(..bytes.len() / 2)),
            breaks: true,
        }
    }
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        Poll::Ready(match self.left.take() {
            Some(bytes) if !bytes.is_empty() => Some(Ok(Frame::data(bytes))),
            _ if self.breaks => Some(Err(io::ErrorKind::ConnectionAborted.into())),
            _ => None,
        })
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.promised)
    }
}
