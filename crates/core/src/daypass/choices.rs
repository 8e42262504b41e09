//! Single settings: how they stand, a change of one, and what new profiles say where nobody says
//! anything else.

use std::path::PathBuf;

use super::{Daypass, Failure, ProfileRequest, Slice, SyncRequest};
use crate::Result;
use crate::aws_config::{self, Style};
use crate::settings::{self, Browsers, KEYS, ProfileKeys, ProfileStyle, Remark, Settings};

/// The settings, as they stand.
#[derive(Clone, Debug)]
pub struct SettingsView {
    /// The user's file; it may not be there yet.
    pub file: PathBuf,
    /// The organisation's file, where there is one in force.
    pub organisation: Option<PathBuf>,
    /// What that does not leave to the user, as `table.key`, `sessions`, `labels`, `rules`, `terminal`.
    pub locked: Vec<String>,
    /// Every single setting.
    pub choices: Vec<ChoiceView>,
    /// In which browsers the pages of each session open, by its name.
    pub browsers: Vec<(String, Browsers)>,
    /// What is to be said about the files.
    pub remarks: Vec<Remark>,
    /// Why the user's file cannot be read.
    pub failure: Option<Failure>,
}

/// One setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChoiceView {
    /// Its place in the file, `table.key`.
    pub place: &'static str,
    /// What it says, on a line; `None` where nobody says anything. Of a proxy, no password.
    pub text: Option<String>,
    /// Whether the organisation has set it for good.
    pub locked: bool,
}

impl SettingsView {
    fn of(file: PathBuf, settings: &Settings, failure: Option<Failure>) -> SettingsView {
        let organisation = settings.organisation.as_ref();
        let choices = KEYS.iter().map(|place| ChoiceView {
            place,
            text: shown(settings, place),
            locked: organisation.is_some_and(|it| it.locks(place)),
        });
        let sessions = settings.sessions.iter();
        let browsers = sessions.map(|it| (it.name.clone(), it.browsers.clone()));
        SettingsView {
            file,
            organisation: organisation.map(|it| it.file.clone()),
            locked: organisation.map_or_else(Vec::new, |it| it.locked.clone()),
            choices: choices.collect(),
            browsers: browsers.collect(),
            remarks: settings.remarks.clone(),
            failure,
        }
    }
}

/// A proxy may hold a password.
fn shown(settings: &Settings, place: &str) -> Option<String> {
    let choices = &settings.choices;
    let way = match place {
        "network.proxy" => choices.proxy.as_ref(),
        "network.no_proxy" => choices.no_proxy.as_ref(),
        _ => None,
    };
    way.map(settings::Way::shown)
        .or_else(|| choices.text(place))
}

impl Daypass {
    /// How the settings stand, as they are read now.
    pub fn settings_view(&self) -> SettingsView {
        let host = self.host();
        let (settings, failure) = match settings::load(host) {
            Ok(settings) => (settings, None),
            Err(error) => (settings::without_own(host), Some(Failure::of(&error))),
        };
        SettingsView::of(settings::path(host), &settings, failure)
    }

    /// Changes one setting, `table.key`; `None` goes back to what is usual.
    ///
    /// # Errors
    /// `Usage` with what is expected there, `SetByOrganisation`, `SettingsBroken`, `StorageFailed`.
    pub async fn set_setting(&self, place: &str, text: Option<&str>) -> Result<()> {
        if let ("profiles.template", Some(template)) = (place, text) {
            aws_config::check_template(template)?;
        }
        let change = |settings: &mut Settings| settings.choices.set(place, text);
        let settings = settings::update(self.host(), change).await?;
        self.change(Slice::Sessions, |world| {
            (world.settings, world.settings_failure) = (settings, None)
        });
        Ok(())
    }

    /// Opens the user's file in an editor; one that is not there yet is made.
    ///
    /// # Errors
    /// `BrowserMissing` where nothing opens it, `StorageFailed` where it cannot be made.
    pub async fn open_settings(&self) -> Result<()> {
        let file = settings::path(self.host());
        settings::make(self.host()).await?;
        self.host().opener.open_file(&file).await
    }

    /// What new profiles say where neither anybody nor a rule says anything else.
    pub(super) fn with_defaults(&self, request: &ProfileRequest) -> ProfileRequest {
        ProfileRequest {
            otherwise: self.usual_keys().or(request.otherwise.clone()),
            ..request.clone()
        }
    }

    /// The same for many at once.
    pub(super) fn with_sync_defaults(&self, request: &SyncRequest) -> SyncRequest {
        let template = request.template.clone();
        SyncRequest {
            template: template.or_else(|| self.usual_template()),
            otherwise: self.usual_keys().or(request.otherwise.clone()),
            ..request.clone()
        }
    }

    fn usual_keys(&self) -> ProfileKeys {
        let choices = self.world().settings.choices.clone();
        ProfileKeys {
            region: choices.region.map(|it| it.as_str().to_owned()),
            output: choices.output.map(|it| it.as_str().to_owned()),
        }
    }

    /// How names of profiles are built, where the settings say it.
    pub(super) fn usual_template(&self) -> Option<String> {
        let template = self.world().settings.choices.template.clone();
        template.map(|it| it.as_str().to_owned())
    }

    /// How tools get credentials, where both ways work in a session.
    pub(super) fn usual_style(&self) -> Style {
        match self.world().settings.choices.style {
            Some(ProfileStyle::Process) => Style::Process,
            Some(ProfileStyle::Sso) | None => Style::Sso,
        }
    }
}
