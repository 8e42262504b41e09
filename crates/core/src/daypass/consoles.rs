//! Consoles: the link for an assignment and a place, opened in the browser, shown, or copied.

use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::{Consent, Daypass};
use crate::accounts::Assignment;
use crate::accounts::labels::Subject;
use crate::console::place::Nearness;
use crate::console::{self, Place, Wanted};
use crate::host::Sensitivity;
use crate::secrets::Secret;
use crate::settings::{SessionSettings, Via, Wish};
use crate::{Code, Error, Result};

/// How a console is opened.
#[derive(Clone, Debug, Default)]
pub struct ConsoleWish {
    /// A service's everyday name, a console address or an ARN; the console's home where nothing is said.
    pub place: Option<String>,
    /// The Region of the target; the portal's where nothing is said.
    pub region: Option<String>,
    /// The kind of link; the row's own or the session's where nothing is said.
    pub via: Option<Via>,
    /// In which browser; the row's own or the session's where nothing is said.
    pub browser: Option<Wish>,
    /// How long the console session shall last.
    pub duration: Option<SignedDuration>,
}

/// A console link, for those who want to see it.
#[derive(Debug)]
pub struct ConsoleLink {
    /// The address; a secret where it is a federation link.
    pub address: Secret,
    /// The kind.
    pub via: Via,
    /// When it can no longer be used, if ever.
    pub expires_at: Option<Timestamp>,
    /// What is other than was wished, in words for the user.
    pub notes: Vec<String>,
}

/// Where a link leads.
struct Target {
    destination: Url,
    region: String,
    notes: Vec<String>,
}

impl Daypass {
    /// Opens the console in the user's browser and returns when the browser was sent there, with what
    /// is other than was wished.
    ///
    /// # Errors
    /// `Protected` where the user has to agree first, `SignInNeeded`, `NotPermitted`, `Usage` for a
    /// place or Region that is not known, `BrowserMissing`, `Offline` and its kin.
    pub async fn open_console(
        &self,
        assignment: &Assignment,
        wish: &ConsoleWish,
        consent: Consent,
    ) -> Result<Vec<String>> {
        let manner = self.manner(&Subject::Assignment(assignment.clone()))?;
        let browser = wish.browser.as_ref().unwrap_or(&manner.browser);
        // A browser that is not here shall cost no sign-in to the console.
        let way = self.way(browser)?;
        let link = self.console_link(assignment, wish, consent).await?;
        match link.via {
            Via::Federation => {
                let waiting = console::hand_over(link.address).await?;
                let open = |address: &Url| self.open_by(way.as_ref(), address);
                waiting.open(open).await?;
            }
            Via::Portal => self.open_by(way.as_ref(), &parse(link.address.expose())?)?,
        }
        self.used(assignment).await;
        let hint = self.note_opening(assignment, wish, browser).await;
        Ok(link.notes.into_iter().chain(hint).collect())
    }

    /// Opens the console's home from a place that cannot show an error: it is then told with the
    /// session. That it is protected is no failure: the place asks, and calls again.
    ///
    /// # Errors
    /// As of `open_console`.
    pub async fn open_console_or_tell(
        &self,
        assignment: &Assignment,
        consent: Consent,
    ) -> Result<()> {
        let wish = ConsoleWish::default();
        let opened = self.open_console(assignment, &wish, consent).await;
        if let Err(error) = &opened
            && error.code() != Code::Protected
        {
            self.fail(&assignment.session, error);
        }
        opened.map(drop)
    }

    /// The link that `open_console` opens; whoever has it opens the console, so it is guarded alike.
    ///
    /// # Errors
    /// As of `open_console`.
    pub async fn console_link(
        &self,
        assignment: &Assignment,
        wish: &ConsoleWish,
        consent: Consent,
    ) -> Result<ConsoleLink> {
        self.guard(assignment, consent, "the console")?;
        let session = self.settings_of(&assignment.session)?;
        let mut target = target(&session, assignment, wish)?;
        let manner = self.manner(&Subject::Assignment(assignment.clone()))?;
        if wish.via.unwrap_or(manner.via) == Via::Portal {
            match shortcut(&session, assignment, &target) {
                Ok(address) => return Ok(plain(&address, target.notes)),
                Err(error) => target.notes.push(format!(
                    "Signed in with role credentials instead: {}.",
                    error.message()
                )),
            }
        }
        let keys = self.credentials_of(&session, assignment).await?;
        let wanted = Wanted {
            destination: &target.destination,
            issuer: &session.start_url,
            region: &target.region,
            // AWS refuses every duration that is asked for with credentials of a chained role.
            duration: wish.duration.filter(|_| assignment.chain().is_none()),
        };
        if wish.duration.is_some() && assignment.chain().is_some() {
            let note = "The console of a chained role stays open as long as its credentials last.";
            target.notes.push(note.to_owned());
        }
        let link = console::federation_link(self.host(), &keys, &wanted).await?;
        Ok(ConsoleLink {
            address: link.address,
            via: Via::Federation,
            expires_at: Some(link.expires_at),
            notes: target.notes,
        })
    }

    /// The access portal's own shortcut to the same place: it carries no secret, and whoever opens it
    /// signs in as themselves.
    ///
    /// # Errors
    /// `Usage` for a place or Region that is not known, or a portal whose shortcuts are not known.
    pub fn shareable_link(&self, assignment: &Assignment, wish: &ConsoleWish) -> Result<Url> {
        let session = self.settings_of(&assignment.session)?;
        shortcut(&session, assignment, &target(&session, assignment, wish)?)
    }

    /// Puts that shortcut on the clipboard.
    ///
    /// # Errors
    /// As of `shareable_link`; `Internal` where there is no clipboard.
    pub fn copy_shareable_link(&self, assignment: &Assignment, wish: &ConsoleWish) -> Result<()> {
        self.copy(self.shareable_link(assignment, wish)?.as_str())
    }

    /// Puts the link that `open_console` opens on the clipboard, kept out of histories and cleared
    /// after a while; tells until when it can be used.
    ///
    /// # Errors
    /// As of `open_console`; `Internal` where there is no clipboard.
    pub async fn copy_console_link(
        &self,
        assignment: &Assignment,
        wish: &ConsoleWish,
        consent: Consent,
    ) -> Result<Option<Timestamp>> {
        let link = self.console_link(assignment, wish, consent).await?;
        let sensitivity = match link.via {
            Via::Federation => Sensitivity::Secret,
            Via::Portal => Sensitivity::Plain,
        };
        self.put(link.address.expose(), sensitivity)?;
        Ok(link.expires_at)
    }
}

/// What is opened decides where: a portal may be in another Region, even in another partition.
fn target(
    session: &SessionSettings,
    assignment: &Assignment,
    wish: &ConsoleWish,
) -> Result<Target> {
    let place = Place::parse(wish.place.as_deref().unwrap_or_default())?;
    let region = place.region().or_else(|| wish.region.clone());
    let region = region.unwrap_or_else(|| session.region.clone());
    Ok(Target {
        destination: place.address(&region)?,
        notes: notes(&place, assignment),
        region,
    })
}

fn notes(place: &Place, assignment: &Assignment) -> Vec<String> {
    let near = match place.nearness() {
        Nearness::There => None,
        Nearness::Service(service) => Some(format!(
            "Daypass knows no page for this resource: this is the first page of {}.",
            service.title
        )),
        Nearness::Home => {
            Some("Daypass knows no page for this resource: this is the console's home.".to_owned())
        }
    };
    // A pasted page is meant for another account; a resource of another one may be out of reach.
    let other = match place {
        Place::Resource(arn) => arn.account.as_ref(),
        Place::Home | Place::Service(_) | Place::Page(_) => None,
    };
    let other = other.filter(|it| **it != assignment.account_id);
    let other = other.map(|it| format!("The resource is of the account {it}, not of this one."));
    near.into_iter().chain(other).collect()
}

fn shortcut(session: &SessionSettings, assignment: &Assignment, target: &Target) -> Result<Url> {
    if assignment.chain().is_some() {
        let message = "an access portal's shortcut cannot assume a further role";
        return Err(Error::new(Code::Usage, message).with_hint("open it with --via federation"));
    }
    let (account, role) = (&assignment.account_id, &assignment.role);
    console::portal_link(&session.start_url, account, role, &target.destination)
}

fn plain(address: &Url, notes: Vec<String>) -> ConsoleLink {
    ConsoleLink {
        address: Secret::new(address.as_str()),
        via: Via::Portal,
        expires_at: None,
        notes,
    }
}

fn parse(address: &str) -> Result<Url> {
    Url::parse(address)
        .map_err(|error| Error::new(Code::Internal, "the link is not an address").because(error))
}
