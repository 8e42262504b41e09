//! Which files of AWS's token cache belong to a session, by what the AWS config file says: names and
//! addresses under which other tools look for a sign-in at the same portal.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::SystemTime;

use super::{Daypass, lock};
use crate::aws_config::{self, AwsConfig};
use crate::portal_url;
use crate::secrets::Storage;
use crate::settings::SessionSettings;
use crate::vault::Mirror;

/// The config file as it was last read, and how to tell that it changed.
pub(super) type LastConfig = Option<(Option<(SystemTime, u64)>, Arc<AwsConfig>)>;

impl Daypass {
    /// The further files that show this session's sign-in. Where two users are registered at one
    /// portal, the first of them serves the profiles that name neither.
    pub(super) fn mirrors_of(&self, session: &SessionSettings) -> Vec<Mirror> {
        self.mirrors_instead_of(session, &session.name)
    }

    /// The same for a session that is still registered by its name of before.
    pub(super) fn mirrors_instead_of(&self, session: &SessionSettings, was: &str) -> Vec<Mirror> {
        let registered = self.world().settings.sessions.clone();
        if session.storage != Storage::Shared || !is_first(&registered, session, was) {
            return Vec::new();
        }
        let Some(config) = self.aws_config_now() else {
            return Vec::new();
        };
        let taken = |name: &str| {
            let mut others = registered.iter().filter(|it| it.name != was);
            name == session.name || others.any(|it| it.name == name)
        };
        mirrors(&config, session, taken)
    }

    /// The config file, read again where it has changed. One that cannot be read names nothing.
    pub(super) fn aws_config_now(&self) -> Option<Arc<AwsConfig>> {
        let places = self.places();
        let stamp = crate::host::files::stamp(&places.config);
        let mut last = lock(&self.0.last_config);
        if let Some((known, config)) = &*last
            && *known == stamp
        {
            return Some(config.clone());
        }
        match aws_config::read(&places) {
            Ok(config) => {
                let config = Arc::new(config);
                *last = Some((stamp, config.clone()));
                Some(config)
            }
            Err(error) => {
                tracing::warn!(?error, "the AWS config file names no further sessions");
                None
            }
        }
    }
}

/// Whether no other session with shared tokens stands before it at its portal.
fn is_first(registered: &[SessionSettings], session: &SessionSettings, was: &str) -> bool {
    let mut there = registered.iter().filter(|it| {
        (it.storage, &it.start_url, &it.region)
            == (Storage::Shared, &session.start_url, &session.region)
    });
    there.next().is_none_or(|first| first.name == was)
}

fn mirrors(
    config: &AwsConfig,
    session: &SessionSettings,
    taken: impl Fn(&str) -> bool,
) -> Vec<Mirror> {
    let here = |address: &str, region: &str| is_at(session, address, region);
    let legacy = config.profiles().iter().filter_map(|it| it.legacy_portal());
    let addresses = legacy
        .filter(|(address, region)| here(address, region))
        .map(|(address, _)| Mirror::Address(address.to_owned()));
    let named = config.sso_sessions().iter().filter(|it| {
        let portal = it.start_url.as_deref().zip(it.region.as_deref());
        !taken(&it.name) && portal.is_some_and(|(address, region)| here(address, region))
    });
    let names = named.map(|it| Mirror::Name(it.name.clone()));
    let distinct: BTreeSet<Mirror> = addresses.chain(names).collect();
    distinct.into_iter().collect()
}

/// Whether an address, spelled in any way, is that of the session's portal in its Region.
pub(super) fn is_at(session: &SessionSettings, address: &str, region: &str) -> bool {
    region == session.region
        && portal_url::parse(address).is_ok_and(|it| it.start_url == session.start_url)
}
