//! `open`: shows the panel of the desktop application, which is started where it does not run yet.

use daypass_core::host::{Host, programs};
use daypass_core::{Code, Error, Result};

/// Shows it. Like `doctor` it needs no settings: the application says itself what is wrong with them.
///
/// # Errors
/// The application is not installed, there is no screen, or it cannot be started.
pub(crate) fn run(host: &Host) -> Result<u8> {
    let name = format!("daypass-desktop{}", std::env::consts::EXE_SUFFIX);
    let program = host.program.with_file_name(name);
    if !program.is_file() {
        let message = format!("the application {} is not there", program.display());
        let error = Error::new(Code::StorageFailed, message);
        return Err(error.with_hint("install Daypass with its desktop application"));
    }
    let failed = |cause| {
        let message = format!("{} could not be started", program.display());
        Error::new(Code::StorageFailed, message).because(cause)
    };
    if let Err(reason) = host.opener.has_screen() {
        let error = Error::new(Code::StorageFailed, "the panel cannot be shown");
        let hint = "run this on the desktop; the command line works without";
        return Err(error.because(reason).with_hint(hint));
    }
    // One that runs already is told by the second, which then ends.
    programs::start(&program, &["--panel"]).map_err(failed)?;
    Ok(0)
}
