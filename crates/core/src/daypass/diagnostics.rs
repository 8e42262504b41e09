//! The diagnostics file for a front end that shows it: what was shown is what is saved, and the front end
//! names neither the text nor the place.

use std::path::PathBuf;
use std::sync::{MutexGuard, PoisonError};

use super::Daypass;
use crate::{Code, Error, Result, doctor};

/// What the user has seen last, and where it was saved.
#[derive(Default)]
pub(super) struct Shown {
    text: Option<String>,
    saved: Option<PathBuf>,
}

impl Daypass {
    /// Looks at everything, and tells it scrubbed. Nothing is written.
    pub async fn diagnostics(&self) -> String {
        let text = doctor::diagnostics(self.host()).await;
        *self.shown() = Shown {
            text: Some(text.clone()),
            saved: None,
        };
        text
    }

    /// Saves exactly what `diagnostics` told last, for its owner alone; its path.
    ///
    /// # Errors
    /// `Usage` where nothing was shown, or something of that name is there; `StorageFailed` where it cannot
    /// be written.
    pub fn save_diagnostics(&self) -> Result<PathBuf> {
        let mut shown = self.shown();
        let Some(text) = &shown.text else {
            let error = Error::new(Code::Usage, "nothing was saved: no diagnostics were shown");
            return Err(error.with_hint("look at them first"));
        };
        let place = doctor::place(self.host());
        doctor::save(&place, text)?;
        shown.saved = Some(place.clone());
        Ok(place)
    }

    /// Shows the folder of the saved file; where nothing can, its path is copied. Whether it is shown.
    ///
    /// # Errors
    /// `Usage` where nothing was saved; `Internal` where nothing shows folders or takes a copy.
    pub async fn show_diagnostics(&self) -> Result<bool> {
        let saved = self.shown().saved.clone();
        let Some(file) = saved else {
            return Err(Error::new(Code::Usage, "no diagnostics were saved"));
        };
        let folder = file.parent().unwrap_or(&file);
        if self.host().opener.open_file(folder).await.is_ok() {
            return Ok(true);
        }
        self.copy(&file.display().to_string())?;
        Ok(false)
    }

    fn shown(&self) -> MutexGuard<'_, Shown> {
        let shown = &self.0.diagnostics;
        shown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use crate::daypass::Daypass;
    use crate::host::files::{self, Mode};
    use crate::host::{Clock, Env, Host};
    use crate::{Code, settings};

    #[tokio::test]
    async fn only_what_was_shown_is_saved_and_nobody_else_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let host = Host::fake(
            folder.path(),
            Env::table::<String, String>([]),
            Clock::real(),
        );
        let daypass = Daypass::open(host.clone()).unwrap();
        assert_eq!(daypass.save_diagnostics().unwrap_err().code(), Code::Usage);
        assert_eq!(
            daypass.show_diagnostics().await.unwrap_err().code(),
            Code::Usage
        );
        let shown = daypass.diagnostics().await;
        std::fs::create_dir_all(settings::path(&host).parent().unwrap()).unwrap();
        files::replace(&settings::path(&host), b"broken = [", Mode::Keep).unwrap();
        let saved = daypass.save_diagnostics().unwrap();
        assert_eq!(saved.parent().unwrap(), folder.path());
        assert_eq!(std::fs::read_to_string(&saved).unwrap(), shown);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&saved).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        assert!(daypass.show_diagnostics().await.unwrap());
        let opened = host.opener.recorded();
        assert!(opened[0].contains(&folder.path().display().to_string()));
        daypass.diagnostics().await;
        assert_eq!(
            daypass.show_diagnostics().await.unwrap_err().code(),
            Code::Usage
        );
    }
}
