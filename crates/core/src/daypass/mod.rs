//! The one handle that a front end holds: actions in; `Snapshot`s and `Notice`s out.
//! Only this room publishes.

mod assignment;
#[cfg(test)]
mod broken_tests;
mod browsers;
mod cache_names;
mod candidates;
mod chains;
mod choices;
#[cfg(test)]
mod choices_tests;
mod chosen;
mod consoles;
mod diagnostics;
mod found_chains;
mod guard;
#[cfg(test)]
mod guard_tests;
mod identity;
mod import;
#[cfg(test)]
mod import_tests;
mod keep;
mod leaving;
mod lists;
mod looks;
mod names;
mod notices;
mod places;
mod profiles;
mod reading;
mod rename;
mod serving;
mod sessions;
mod sign_in;
mod snapshot;
mod target;
mod terminals;
mod tokens;
mod window;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use tokio::runtime::Handle;
use tokio::sync::{broadcast, watch};

use crate::accounts::diff::ListDiff;
use crate::accounts::labels::Looks;
use crate::accounts::listing::Unfinished;
use crate::accounts::marks::{self, Marks};
use crate::accounts::{AccountList, Assignment, Lists, copy, rank};
use crate::doctor::{self, Check};
use crate::host::Host;
use crate::notice::{self, Notice};
use crate::portal::pace::{Pace, learned};
use crate::portal::{Endpoints, Portal};
use crate::session::record::{self, Records, Told};
use crate::session::sign_in::Step;
use crate::settings::{self, SessionSettings, Settings};
use crate::vault::{Shelf, Vault};
use crate::{Code, Error, Result};

pub use crate::settings::Via;
pub use browsers::{Manner, RecentPlace};
pub use chains::NewChain;
pub use choices::{ChoiceView, SettingsView};
pub use consoles::{ConsoleLink, ConsoleWish};
pub use found_chains::RefusedProfile;
pub use guard::Consent;
pub use import::{FoundSession, Imported, Outcome};
pub use keep::Keeper;
pub use leaving::{Belongings, Left};
pub use looks::{ImportedLooks, Which};
pub use places::SeenPlace;
pub use profiles::{
    ProfilePreview, ProfileRequest, ProfileWritten, StyleChoice, SyncPlan, SyncRequest,
};
pub use rename::Renamed;
pub use serving::{SERVED_AT_MOST, SERVED_BY_DEFAULT, Serving};
pub use sessions::{NewSession, SessionChange, SignedOut};
pub use sign_in::{Browser, SignIn};
pub use snapshot::{Failure, Reading, Served, SessionStatus, Snapshot};
pub use target::Target;
pub use window::Frame;

/// All of Daypass for one user. Clones are the same Daypass.
#[derive(Clone)]
pub struct Daypass(Arc<Inner>);

struct Inner {
    host: Host,
    vault: Vault,
    world: Mutex<World>,
    snapshots: watch::Sender<Arc<Snapshot>>,
    notices: broadcast::Sender<Notice>,
    portals: Mutex<HashMap<String, (Endpoints, Portal)>>,
    paces: Mutex<HashMap<String, Pace>>,
    /// One reading of a list at a time.
    reading_turns: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
    /// The lists as the search sees them; made anew by the first search after a change.
    index: Mutex<Arc<rank::Index>>,
    last_config: Mutex<cache_names::LastConfig>,
    /// The diagnostics that were shown, and where they were saved.
    diagnostics: Mutex<diagnostics::Shown>,
    /// Whoever reads or writes the records publishes them before the next one does.
    records_turn: tokio::sync::Mutex<()>,
    /// Wakes the keeper: somebody does not want to wait for the end of a back-off.
    hurry: tokio::sync::Notify,
    /// Front ends call from threads of their own; what goes on in the background runs here.
    runtime: Handle,
}

/// What is true now; every change of it is published.
#[derive(Default)]
struct World {
    settings: Settings,
    /// Why the user's settings could not be read.
    settings_failure: Option<Failure>,
    records: Records,
    lists: Lists,
    /// The lists as front ends see them, with the chained roles.
    rows: chains::Rows,
    /// Chained roles that stand in the AWS config file.
    found: Arc<found_chains::Found>,
    marks: Arc<Marks>,
    /// Of the settings and the marks.
    looks: Arc<Looks>,
    /// What was last seen of each session's tokens.
    seen: BTreeMap<String, Seen>,
    steps: BTreeMap<String, Step>,
    pending: HashMap<String, sign_in::Pending>,
    failures: BTreeMap<String, Failure>,
    troubles: BTreeMap<String, Trouble>,
    /// What this process told of each session.
    told: BTreeMap<String, Told>,
    /// Which sign-ins this process asked the user's name of.
    identifying: BTreeSet<(String, Option<Timestamp>)>,
    /// Until when the user put a notice off.
    snoozed: BTreeMap<String, Timestamp>,
    readings: BTreeMap<String, Reading>,
    diffs: BTreeMap<String, ListDiff>,
    /// Accounts in view, whose permission sets are to be read before those of others.
    wanted: BTreeMap<String, Vec<String>>,
    /// The readings in this process.
    under_way: HashMap<String, Arc<reading::UnderWay>>,
    /// Readings that broke off, where the disk may not know of it.
    unfinished: HashMap<String, Unfinished>,
    /// Readings that the user stopped: they do not begin by themselves.
    stopped: BTreeSet<String>,
    /// When readings failed last.
    read_at: BTreeMap<String, Timestamp>,
    /// Sessions of which the accounts in view are being read.
    reads_view: BTreeSet<String>,
    /// What the copies on disk were when they were last read or written.
    stamps: HashMap<String, copy::Stamp>,
    /// Why copies could not be written.
    unsaved: BTreeMap<String, Failure>,
    /// Endpoints that hand out credentials on this machine; dropped, they stop.
    served: BTreeMap<Assignment, serving::Open>,
    sessions_revision: u64,
    listings_revision: u64,
    accounts_revision: u64,
    /// Whether this process looks after the sessions by itself.
    keeps: bool,
}

/// What a look at a session's tokens showed.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Seen {
    tokens: Option<SeenTokens>,
    online: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct SeenTokens {
    expires_at: Timestamp,
    renewable: bool,
}

/// Why a session cannot be looked after, and when that is tried again.
#[derive(Clone, Debug, PartialEq)]
struct Trouble {
    failure: Failure,
    retry_at: Option<Timestamp>,
}

/// Which part of the snapshot a change touches.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Slice {
    Sessions,
    /// How readings go, and what they changed.
    Listings,
    /// The lists themselves, and the marks.
    Accounts,
}

impl Daypass {
    /// Opens Daypass with what is on disk. No secret is read and nothing is sent yet.
    ///
    /// # Errors
    /// `SettingsBroken`; `Internal` outside an asynchronous runtime.
    pub fn open(host: Host) -> Result<Daypass> {
        let settings = settings::load(&host)?;
        Daypass::open_with(host, settings, saved_list)
    }

    /// The same where the user's settings cannot be read: without them, until they can. Nothing of
    /// theirs is lost, and the snapshots say what is wrong.
    ///
    /// # Errors
    /// `Internal` outside an asynchronous runtime.
    pub fn open_anyway(host: Host) -> Result<Daypass> {
        let (settings, failure) = match settings::load(&host) {
            Ok(settings) => (settings, None),
            Err(error) => (settings::without_own(&host), Some(Failure::of(&error))),
        };
        let daypass = Daypass::open_with(host, settings, saved_list)?;
        if failure.is_some() {
            daypass.change(Slice::Sessions, |world| world.settings_failure = failure);
        }
        Ok(daypass)
    }

    /// The same without the lists of accounts, for who names session, account and role: a list of
    /// thousands takes longer to read than credentials.
    ///
    /// # Errors
    /// As of `open`.
    pub fn open_without_lists(host: Host) -> Result<Daypass> {
        let settings = settings::load(&host)?;
        Daypass::open_with(host, settings, |_, _| AccountList::default())
    }

    fn open_with(
        host: Host,
        settings: Settings,
        list_of: impl Fn(&Host, &SessionSettings) -> AccountList,
    ) -> Result<Daypass> {
        let runtime = Handle::try_current().map_err(|error| {
            Error::new(Code::Internal, "Daypass needs an asynchronous runtime").because(error)
        })?;
        host.net.choose(&settings.network());
        let lists = settings.sessions.iter().map(|session| {
            let list = Arc::new(list_of(&host, session));
            (session.name.clone(), list)
        });
        let mut world = World {
            lists: lists.collect(),
            records: record::load(&host),
            marks: Arc::new(marks::load(&host)),
            settings,
            ..World::default()
        };
        world.look_again();
        let first = Arc::new(snapshot::of(&world, host.clock.now(), &host.clock.zone()));
        Ok(Daypass(Arc::new(Inner {
            vault: Vault::new(&host),
            world: Mutex::new(world),
            snapshots: watch::Sender::new(first),
            notices: broadcast::Sender::new(64),
            portals: Mutex::default(),
            paces: Mutex::default(),
            reading_turns: Mutex::default(),
            index: Mutex::default(),
            records_turn: tokio::sync::Mutex::default(),
            hurry: tokio::sync::Notify::new(),
            last_config: Mutex::default(),
            diagnostics: Mutex::default(),
            runtime,
            host,
        })))
    }

    /// What is true now.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.0.snapshots.borrow().clone()
    }

    /// Tells of every new snapshot; only the latest is kept.
    pub fn snapshots(&self) -> watch::Receiver<Arc<Snapshot>> {
        self.0.snapshots.subscribe()
    }

    /// Tells what deserves telling.
    pub fn notices(&self) -> broadcast::Receiver<Notice> {
        self.0.notices.subscribe()
    }

    /// The moment that front ends reckon with.
    pub fn now(&self) -> Timestamp {
        self.host().clock.now()
    }

    /// Looks at everything that Daypass stands on, and changes nothing there.
    pub async fn examine(&self) -> Vec<Check> {
        doctor::examine(self.host()).await
    }

    fn host(&self) -> &Host {
        &self.0.host
    }

    fn vault(&self) -> &Vault {
        &self.0.vault
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.0.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes what is true and publishes it; decides what deserves telling of the change.
    fn change<T>(&self, slice: Slice, change: impl FnOnce(&mut World) -> T) -> T {
        let mut world = self.world();
        let result = change(&mut world);
        self.host().net.choose(&world.settings.network());
        match slice {
            Slice::Sessions => world.sessions_revision += 1,
            Slice::Listings => world.listings_revision += 1,
            Slice::Accounts => world.accounts_revision += 1,
        }
        world.look_again();
        let new = Arc::new(snapshot::of(&world, self.now(), &self.host().clock.zone()));
        let telling = world.keeps.then(|| tell(&mut world, &new));
        drop(world);
        self.0.snapshots.send_replace(new);
        for notice in telling.into_iter().flatten() {
            tracing::info!(?notice, "telling");
            self.remember_told(&notice);
            // Nobody may listen yet.
            let _ = self.0.notices.send(notice);
        }
        result
    }

    fn settings_of(&self, session: &str) -> Result<SessionSettings> {
        self.world().settings.session(session).cloned()
    }

    fn shelf(&self, session: &SessionSettings) -> Shelf {
        Shelf {
            mirrors: self.mirrors_of(session),
            ..self.own_shelf(session)
        }
    }

    /// Without the copies for other tools: to know them takes a reading of the AWS config file.
    fn own_shelf(&self, session: &SessionSettings) -> Shelf {
        Shelf::of(session)
    }

    fn endpoints(&self, session: &SessionSettings) -> Result<Endpoints> {
        Endpoints::find(self.host(), &session.start_url, &session.region)
    }

    /// The portal of a session; its connections are kept.
    async fn portal(&self, session: &SessionSettings) -> Result<Portal> {
        let endpoints = self.endpoints(session)?;
        let known = |portals: &HashMap<String, (Endpoints, Portal)>| {
            portals
                .get(&session.name)
                .filter(|(its, _)| *its == endpoints)
                .map(|(_, it)| it.clone())
        };
        if let Some(portal) = known(&lock(&self.0.portals)) {
            return Ok(portal);
        }
        let portal = Portal::new(self.host(), &endpoints).await;
        lock(&self.0.portals).insert(session.name.clone(), (endpoints, portal.clone()));
        Ok(portal)
    }

    /// The request budget of a session's portal, shared by all sessions at it.
    fn pace(&self, session: &SessionSettings) -> Pace {
        let portal = &session.start_url;
        let pace = || Pace::new(learned::load(self.host(), portal));
        let mut paces = lock(&self.0.paces);
        paces.entry(portal.clone()).or_insert_with(pace).clone()
    }

    fn fail(&self, session: &str, error: &Error) {
        let failure = Failure::of(error);
        self.change(Slice::Sessions, |world| {
            world.failures.insert(session.to_owned(), failure)
        });
    }
}

impl World {
    /// Where what the looks are made of has changed, they and the rows do too.
    fn look_again(&mut self) {
        let (labels, (rules, fixed)) = (self.settings.all_labels(), self.settings.all_rules());
        let chains = self.all_chains();
        if !self.looks.is_of(&labels, (&rules, fixed), &self.marks)
            || !self.looks.knows_chains(&chains)
        {
            let looks = Looks::new(&labels, &rules, self.marks.clone()).with_fixed(fixed);
            self.looks = looks.with_chains(&chains).into();
            self.accounts_revision += 1;
        }
        self.lay_rows();
    }
}

/// What stands to be told and was not, now taken as told. Nothing is told while it is muted, or in quiet
/// hours: what still stands afterwards is told then.
fn tell(world: &mut World, new: &Snapshot) -> Vec<Notice> {
    if new.muted_until.is_some() || new.quiet_until.is_some() {
        return Vec::new();
    }
    let mut notices = Vec::new();
    for session in &new.sessions {
        let told = world.told.get(&session.name);
        let told = told.filter(|it| it.signed_in_at == session.signed_in_at);
        let Some(notice) = notice::between(told.map(|it| it.stage), session.notice.as_ref()) else {
            continue;
        };
        let told = Told {
            signed_in_at: session.signed_in_at,
            stage: notice.stage,
        };
        world.told.insert(session.name.clone(), told);
        notices.push(notice);
    }
    notices
}

fn saved_list(host: &Host, session: &SessionSettings) -> AccountList {
    copy::load(host, &session.name, &session.start_url)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
