//! Places as tables: what is read of a text, and the exact link that comes of it.

use super::place::{Nearness, Place};
use super::resources;
use crate::Code;
use crate::host::Env;
use proptest::prelude::*;
use serde::Deserialize;
use url::Url;

#[derive(Deserialize)]
struct Link {
    place: String,
    region: String,
    url: String,
}

#[derive(Deserialize)]
struct Input {
    text: String,
    #[serde(default)]
    is: Option<String>,
    #[serde(default)]
    account: Option<String>,
    #[serde(default)]
    region: Option<String>,
    #[serde(default)]
    partition: Option<String>,
    #[serde(default)]
    near: Option<String>,
    /// A word of the reason.
    #[serde(default)]
    refused: Option<String>,
}

fn lines<T: for<'a> Deserialize<'a>>(text: &str) -> Vec<T> {
    let line = |line| serde_json::from_str(line).unwrap();
    text.lines().map(line).collect()
}

#[test]
fn links_are_exactly_these() {
    let links: Vec<Link> = lines(include_str!("cases/links.jsonl"));
    assert!(links.len() >= 150, "{}", links.len());
    for link in links {
        let place = Place::parse(&link.place).unwrap();
        let url = place.address(&link.region).unwrap();
        assert_eq!(url.as_str(), link.url, "{} in {}", link.place, link.region);
    }
    assert!(resources::kinds() >= 40, "{}", resources::kinds());
}

#[test]
fn inputs_are_read_or_refused() {
    let inputs: Vec<Input> = lines(include_str!("cases/inputs.jsonl"));
    assert!(inputs.len() >= 120, "{}", inputs.len());
    for input in inputs {
        match (Place::parse(&input.text), &input.refused) {
            (Ok(place), None) => assert_eq!(seen(&place), wanted(&input), "{:?}", input.text),
            (Err(error), Some(reason)) => {
                assert_eq!(error.code(), Code::Usage);
                assert!(
                    error.message().contains(reason),
                    "{:?}: {error}",
                    input.text
                );
                assert!(
                    error.message().len() < 400,
                    "a long text is not said again whole"
                );
            }
            (Ok(place), Some(_)) => panic!("{:?} was read as {place:?}", input.text),
            (Err(error), None) => panic!("{:?}: {error}", input.text),
        }
    }
}

type Seen = (
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    String,
);

fn seen(place: &Place) -> Seen {
    let kind = match place {
        Place::Home => "home",
        Place::Service(_) => "service",
        Place::Page(_) => "page",
        Place::Resource(_) => "resource",
    };
    let near = match place.nearness() {
        Nearness::There => "there",
        Nearness::Service(_) => "service",
        Nearness::Home => "home",
    };
    (
        kind.to_owned(),
        place.account().map(str::to_owned),
        place.region(),
        place.partition().map(str::to_owned),
        near.to_owned(),
    )
}

fn wanted(input: &Input) -> Seen {
    let (kind, near) = (input.is.clone(), input.near.clone());
    (
        kind.unwrap_or_default(),
        input.account.clone(),
        input.region.clone(),
        input.partition.clone(),
        near.unwrap_or_default(),
    )
}

#[test]
fn a_place_of_another_partition_is_not_opened() {
    for (place, region) in [
        ("arn:aws-cn:s3:::b", "eu-west-1"),
        ("https://console.amazonaws.cn/", "eu-west-1"),
        ("https://console.aws.amazon.com/", "cn-north-1"),
        ("s3", "nowhere"),
        ("", "us-iso-east-1"),
    ] {
        let error = Place::parse(place).unwrap().address(region).unwrap_err();
        assert_eq!(error.code(), Code::Usage, "{place} in {region}");
    }
}

#[test]
fn what_is_a_search_is_no_place() {
    for text in ["s3", "payments prod", "arn", "https://example.com/x", ""] {
        assert!(Place::recognise(text).is_none(), "{text}");
    }
    assert!(Place::recognise("arn:aws:s3:::b").unwrap().is_ok());
    assert!(
        Place::recognise("arn:aws:s3").unwrap().is_err(),
        "a torn ARN is told"
    );
    let page = Place::recognise("https://eu-west-1.console.aws.amazon.com/s3/home");
    assert!(page.unwrap().is_ok());
}

/// How many cases each property has; the recorded run had a million.
fn cases() -> ProptestConfig {
    let asked = Env::real().get("DAYPASS_TEST_INPUTS");
    let asked = asked.and_then(|it| it.parse().ok());
    ProptestConfig {
        cases: asked.unwrap_or(10_000),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

fn is_safe(url: &Url) -> bool {
    const DOMAINS: [&str; 4] = [
        "console.aws.amazon.com",
        "console.amazonaws-us-gov.com",
        "console.amazonaws.cn",
        "console.amazonaws-eusc.eu",
    ];
    let host = url.host_str().unwrap_or_default();
    let known = |domain: &str| host == domain || host.ends_with(&format!(".{domain}"));
    url.scheme() == "https"
        && url.username().is_empty()
        && url.password().is_none()
        && url.port().is_none()
        && DOMAINS.into_iter().any(known)
        && url.as_str().bytes().all(|it| it > 0x20 && it < 0x7f)
}

const REGIONS: [&str; 6] = [
    "eu-west-1",
    "us-gov-west-1",
    "cn-north-1",
    "eusc-de-east-1",
    "us-iso-east-1",
    "evil.example",
];

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn whatever_is_given_opens_a_console_or_nothing(
        text in any_text(),
        region in prop::sample::select(&REGIONS[..]),
    ) {
        if let Ok(url) = Place::parse(&text).and_then(|place| place.address(region)) {
            prop_assert!(is_safe(&url), "{text:?}: {url}");
            let again = Url::parse(url.as_str()).unwrap();
            prop_assert_eq!(again, url);
        }
    }

    /// A resource's name never becomes another part of the address.
    #[test]
    fn names_stay_names(name in "[ -~äß日\u{1f600}]{1,40}") {
        let arn = format!("arn:aws:dynamodb:eu-west-1:111122223333:table/{name}");
        if let Ok(url) = Place::parse(&arn).and_then(|place| place.address("eu-west-1")) {
            prop_assert_eq!(url.query(), Some("region=eu-west-1"));
            prop_assert!(is_safe(&url), "{}", url);
        }
    }
}

fn any_text() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        Just("arn:aws:".to_owned()),
        Just("s3:::".to_owned()),
        Just("ec2:eu-west-1:111122223333:".to_owned()),
        Just("https://".to_owned()),
        Just("console.aws.amazon.com".to_owned()),
        Just("/".to_owned()),
        Just("instance/".to_owned()),
        Just("@".to_owned()),
        Just("..".to_owned()),
        Just("%2e%2e/".to_owned()),
        Just("\\".to_owned()),
        Just("#".to_owned()),
        Just("?region=".to_owned()),
        "[a-z0-9:./-]{0,12}",
        any::<String>(),
    ];
    prop::collection::vec(part, 0..8).prop_map(|parts| parts.concat())
}
