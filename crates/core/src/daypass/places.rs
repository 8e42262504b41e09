//! Places that were pasted where one searches: an ARN or a console address, and what to look for then.

use super::Daypass;
use crate::accounts::rank::{Found, Search};
use crate::console::Place;
use crate::console::place::Nearness;
use crate::console::services;

/// No title is longer, in characters.
const TITLE: usize = 120;

/// A place that stands in the search box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenPlace {
    /// What it is called; never empty. Where it was refused, why.
    pub title: String,
    /// The account that it names.
    pub account_id: Option<String>,
    /// Whether it can be opened.
    pub fits: bool,
}

impl Daypass {
    /// Rows for what stands in the search box: those that fit the words or, where it is a place, those
    /// that it can be opened as, all where it names no account, none where it cannot be.
    pub fn find_or_place<T>(
        &self,
        query: &str,
        see: impl FnOnce(Found<'_>, Option<SeenPlace>) -> T,
    ) -> T {
        let place = self.place_in(query);
        let words = place.as_ref().map_or(query, SeenPlace::words).to_owned();
        self.find(&Search::of(&words), |mut found| {
            if place.as_ref().is_some_and(|place| !place.fits) {
                found = Found::default();
            }
            see(found, place)
        })
    }

    /// The place that a search is, where it is one.
    pub fn place_in(&self, query: &str) -> Option<SeenPlace> {
        let place = Place::recognise(query)?;
        Some(match place {
            Ok(place) => SeenPlace {
                title: title(&place),
                account_id: place.account().map(str::to_owned),
                fits: true,
            },
            Err(error) => SeenPlace {
                title: capitalised(&format!("{}; {}", error.message(), error.hint())),
                account_id: None,
                fits: false,
            },
        })
    }
}

impl SeenPlace {
    /// The words that find where it can be opened: its account, or everything.
    pub fn words(&self) -> &str {
        self.account_id.as_deref().unwrap_or_default()
    }
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|it| it.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}

pub(super) fn title(place: &Place) -> String {
    let text = match place {
        Place::Home => "the console's home".to_owned(),
        Place::Service(service) => service.title.to_owned(),
        Place::Page(page) => page.url.as_str().trim_start_matches("https://").to_owned(),
        Place::Resource(arn) => {
            let service = services::service(&arn.service);
            let service = service.map_or(arn.service.as_str(), |it| it.title);
            match place.nearness() {
                Nearness::There => format!("{} · {service}", arn.resource),
                Nearness::Service(_) => format!("{service}, for {}", arn.resource),
                Nearness::Home => format!("the console's home, for {}", arn.text),
            }
        }
    };
    text.chars().take(TITLE).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_say_what_opens() {
        let of = |text: &str| title(&Place::parse(text).unwrap());
        for (text, wanted) in [
            (
                "arn:aws:lambda:eu-west-1:111122223333:function:orders",
                "function:orders · Lambda",
            ),
            (
                "arn:aws:kms:eu-west-1:111122223333:alias/main",
                "KMS, for alias/main",
            ),
            (
                "arn:aws:braket:eu-west-1:111122223333:job/1",
                "the console's home, for arn:aws:braket:eu-west-1:111122223333:job/1",
            ),
            (
                "https://111122223333-ab12cd34.eu-west-1.console.aws.amazon.com/ec2/home",
                "eu-west-1.console.aws.amazon.com/ec2/home",
            ),
        ] {
            assert_eq!(of(text), wanted);
        }
        assert_eq!(
            of(&format!("arn:aws:s3:::{}", "b".repeat(2_000)))
                .chars()
                .count(),
            TITLE
        );
    }
}
