//! `daypass-sim`: starts one simulated access portal, says where it is, and runs until it
//! is told to stop.

use clap::Parser;
use daypass_sim::{Options, Sim};
use std::io::{self, Write as _};
use std::process::ExitCode;

/// An AWS access portal on your own machine, for tests and demonstrations
#[derive(Parser)]
#[command(name = "daypass-sim", version)]
struct Arguments {
    #[command(flatten)]
    options: Options,
    /// Print the environment that points AWS's tools here, as shell lines
    #[arg(long)]
    print_env: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let sim = Sim::start(arguments.options)?;
    // Whoever reads that it is ready may tell it to stop at once: it listens before it says so.
    runtime.block_on(async {
        let stop = told_to_stop()?;
        announce(&sim, arguments.print_env)?;
        stop.await
    })?;
    sim.shutdown();
    Ok(())
}

fn announce(sim: &Sim, print_env: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let (base, start_url) = (sim.base(), sim.start_url());
    writeln!(
        out,
        r#"{{"ready":true,"base":"{base}","start_url":"{start_url}"}}"#
    )?;
    let shown = sim.environment().into_iter().filter(|_| print_env);
    for (name, value) in shown {
        writeln!(out, "export {name}={value}")?;
    }
    out.flush()
}

/// Listens from now on; the result waits for the word.
#[cfg(unix)]
fn told_to_stop() -> io::Result<impl Future<Output = io::Result<()>>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => Ok(()),
            _ = terminate.recv() => Ok(()),
        }
    })
}

#[cfg(not(unix))]
fn told_to_stop() -> io::Result<impl Future<Output = io::Result<()>>> {
    Ok(tokio::signal::ctrl_c())
}
