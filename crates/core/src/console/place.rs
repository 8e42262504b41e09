//! Places in the console: its home, a service by its everyday name, an address that the user pasted, or
//! a resource by its ARN.

use url::Url;

use super::arn::Arn;
use super::pasted::{self, Page};
use super::resources;
use super::services::{self, Landing, Reach, SERVICES};
use crate::portal_url::partition_of;
use crate::{Code, Error, Result};

/// How many names a refusal offers.
const OFFERED: usize = 5;

/// Where a console opens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// The console's home.
    #[default]
    Home,
    /// A service's first page.
    Service(&'static Landing),
    /// An address of the console, kept as it is.
    Page(Page),
    /// A resource.
    Resource(Arn),
}

/// How near to what was wanted a place opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nearness {
    /// At it.
    There,
    /// At the service that the resource is of.
    Service(&'static Landing),
    /// At the console's home: not even the service is known.
    Home,
}

impl Place {
    /// Reads what a user typed or pasted; nothing is the home.
    ///
    /// # Errors
    /// `Usage` with the reason.
    pub fn parse(text: &str) -> Result<Place> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Place::Home);
        }
        if Arn::is_meant(text.trim_matches(['"', '\'', '`', ','])) {
            return Arn::parse(text).map(Place::Resource);
        }
        if text.contains("://") {
            return Page::parse(text).map(Place::Page);
        }
        let known = services::service(text).map(Place::Service);
        known.ok_or_else(|| unknown(text))
    }

    /// What stands in a search box and is no search: an ARN or a console address. Right or wrong, it is
    /// answered as one.
    pub fn recognise(text: &str) -> Option<Result<Place>> {
        let text = text.trim().trim_matches(['"', '\'', '`', ',']);
        let is_page = || Page::parse(text).is_ok();
        (Arn::is_meant(text) || is_page()).then(|| Place::parse(text))
    }

    /// As it is asked for again; `None` for the home. Of a page without the label of a session.
    pub fn text(&self) -> Option<String> {
        match self {
            Place::Home => None,
            Place::Service(service) => Some(service.name().to_owned()),
            Place::Page(page) => Some(page.url.to_string()),
            Place::Resource(arn) => Some(arn.text.clone()),
        }
    }

    /// The account that the place itself names.
    pub fn account(&self) -> Option<&str> {
        match self {
            Place::Home | Place::Service(_) => None,
            Place::Page(page) => page.account.as_deref(),
            Place::Resource(arn) => arn.account.as_deref(),
        }
    }

    /// The partition that the place itself names.
    pub fn partition(&self) -> Option<&'static str> {
        match self {
            Place::Home | Place::Service(_) => None,
            Place::Page(page) => Some(page.partition),
            Place::Resource(arn) => Some(arn.partition),
        }
    }

    /// The Region that the place itself names.
    pub fn region(&self) -> Option<String> {
        match self {
            Place::Home | Place::Service(_) => None,
            Place::Page(page) => page.region(),
            Place::Resource(arn) => arn.region.clone(),
        }
    }

    /// Whether the place itself opens, or only something near to it.
    pub fn nearness(&self) -> Nearness {
        match self {
            Place::Resource(arn) if resources::page(arn, "").is_none() => {
                services::service(&arn.service).map_or(Nearness::Home, Nearness::Service)
            }
            Place::Home | Place::Service(_) | Place::Page(_) | Place::Resource(_) => {
                Nearness::There
            }
        }
    }

    /// The address of the place, in a Region where it names none itself.
    ///
    /// # Errors
    /// `Usage` where there is no console for the Region, or the place is in another partition.
    pub fn address(&self, region: &str) -> Result<Url> {
        let region = self.region().unwrap_or_else(|| region.to_owned());
        let domain = pasted::domain(&region)?;
        self.check_partition(&region)?;
        let address = match self {
            Place::Home => home(&region, domain),
            Place::Service(service) => page_of(service, &region, domain),
            Place::Page(page) => return Ok(page.url.clone()),
            Place::Resource(arn) => self.resource(arn, &region, domain),
        };
        Url::parse(&address).map_err(|error| {
            Error::new(Code::Internal, "a console address could not be built").because(error)
        })
    }

    fn resource(&self, arn: &Arn, region: &str, domain: &str) -> String {
        match (resources::page(arn, region), self.nearness()) {
            (Some(page), _) if page.contains(region) => format!("https://{region}.{domain}/{page}"),
            (Some(page), _) => format!("https://{domain}/{page}"),
            (None, Nearness::Service(service)) => page_of(service, region, domain),
            (None, Nearness::There | Nearness::Home) => home(region, domain),
        }
    }

    fn check_partition(&self, region: &str) -> Result<()> {
        match self.partition() {
            Some(its) if partition_of(region) != Some(its) => Err(Error::new(
                Code::Usage,
                format!("this place is in the partition {its}, and the Region `{region}` is not"),
            )
            .with_hint(format!("open it as an account of the partition {its}"))),
            _ => Ok(()),
        }
    }
}

fn home(region: &str, domain: &str) -> String {
    format!("https://{region}.{domain}/console/home?region={region}")
}

fn page_of(service: &Landing, region: &str, domain: &str) -> String {
    let fragment = match service.fragment {
        "" => String::new(),
        fragment => format!("#{fragment}"),
    };
    let path = service.path;
    match service.reach {
        Reach::Regional => format!("https://{region}.{domain}/{path}?region={region}{fragment}"),
        Reach::Global => format!("https://{domain}/{path}{fragment}"),
    }
}

fn unknown(place: &str) -> Error {
    let shown: String = place
        .chars()
        .take(60)
        .flat_map(char::escape_debug)
        .collect();
    let near = near(&place.to_lowercase());
    let hint = match near.is_empty() {
        true => "give a service such as s3, a console address or an ARN".to_owned(),
        false => format!(
            "perhaps: {}; a console address or an ARN does too",
            near.join(", ")
        ),
    };
    Error::new(
        Code::Usage,
        format!("`{shown}` is no service that Daypass knows"),
    )
    .with_hint(hint)
}

/// Names that begin alike, or stand in what was typed.
fn near(typed: &str) -> Vec<&'static str> {
    let start: String = typed.chars().take(3).collect();
    let alike = |name: &&str| {
        (start.len() >= 2 && name.starts_with(&start)) || (name.len() > 2 && typed.contains(*name))
    };
    let near = |service: &&Landing| service.names.iter().any(&alike);
    let services = SERVICES.iter().filter(near);
    services.map(Landing::name).take(OFFERED).collect()
}
