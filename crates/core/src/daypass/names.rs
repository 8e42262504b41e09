//! What a session may be called: one file in AWS's cache and one on disk belong to each name, so two
//! names have to differ in more than case, and one name stands for one portal.

use super::{Daypass, cache_names};
use crate::secrets::Storage;
use crate::settings::{self, SessionSettings};
use crate::{Code, Error, Result};

impl Daypass {
    /// Whether a session may newly be called so; `but` is one whose name is about to go.
    pub(super) fn check_new_name(&self, name: &str, but: Option<&str>) -> Result<()> {
        settings::check_new_name(name)?;
        let world = self.world();
        let others = world.settings.sessions.iter().map(|it| it.name.as_str());
        let others = others.filter(|other| Some(*other) != but);
        match others.into_iter().find(|it| it.eq_ignore_ascii_case(name)) {
            None => Ok(()),
            Some(same) if same == name => {
                let message = format!("a session `{name}` exists already");
                Err(Error::new(Code::SessionExists, message))
            }
            Some(other) => {
                let message = format!(
                    "`{name}` differs from the session `{other}` only by case, which some disks and \
                     keychains do not tell apart"
                );
                Err(Error::new(Code::SessionExists, message)
                    .with_hint("choose a name that differs in more than case"))
            }
        }
    }

    /// Whether the session's secrets can rest where it says: AWS's tools know one token file for each
    /// session name, so the name must not stand for another portal in their config or cache.
    pub(super) async fn check_place(&self, session: &SessionSettings) -> Result<()> {
        if session.storage == Storage::Shared {
            self.check_config(session)?;
        }
        self.vault().check(&self.shelf(session)).await
    }

    fn check_config(&self, session: &SessionSettings) -> Result<()> {
        let config = self.aws_config_now();
        let block = config.as_ref().and_then(|it| it.sso_session(&session.name));
        let Some((address, region)) = block.and_then(|block| {
            let address = block.start_url.as_deref()?;
            Some((address, block.region.as_deref().unwrap_or(&session.region)))
        }) else {
            return Ok(());
        };
        if cache_names::is_at(session, address, region) {
            return Ok(());
        }
        let shown: String = format!("{address} in {region}").escape_debug().collect();
        let name = &session.name;
        let message = format!(
            "`[sso-session {name}]` in the AWS config file is another access portal, {shown}: the AWS \
             tools know one token file for each session name, so the two would share it"
        );
        let hint = format!(
            "choose another name, here or in the AWS config file; of a session that is registered \
             already: `daypass session set {name} --name NEW`"
        );
        Err(Error::new(Code::ConfigConflict, message).with_hint(hint))
    }
}
