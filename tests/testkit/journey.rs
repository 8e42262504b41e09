//! Journeys that go on in several tasks at once.

use crate::Result;

/// Carries one out, on two threads.
pub fn run(journey: impl Future<Output = Result<()>>) -> Result<()> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?
        .block_on(journey)
}
