//! The forms of AWS's addresses, and a long table of those that only look like them.

use super::*;

#[track_caller]
fn reads(text: &str, start_url: &str, region: Option<&str>, partition: Option<&str>) {
    let portal = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(
        (
            portal.start_url.as_str(),
            portal.region.as_deref(),
            portal.partition,
            portal.custom
        ),
        (start_url, region, partition, false),
        "{text}"
    );
}

#[test]
fn the_forms_that_aws_gives_out() {
    let start = "https://d-0000000000.awsapps.com/start";
    for text in [
        start,
        "https://d-0000000000.awsapps.com/start/",
        "https://d-0000000000.awsapps.com/start#",
        "https://d-0000000000.awsapps.com/start/#/",
        "https://d-0000000000.awsapps.com/start#/?tab=accounts",
        "  https://D-0000000000.AWSAPPS.com/start  ",
        "d-0000000000.awsapps.com/start",
        "HTTPS://d-0000000000.awsapps.com:443/start",
    ] {
        reads(text, start, None, Some("aws"));
    }
    reads(
        "https://ssoins-0123456789abcdef.eu-west-1.portal.amazonaws.com",
        "https://ssoins-0123456789abcdef.eu-west-1.portal.amazonaws.com",
        Some("eu-west-1"),
        Some("aws"),
    );
    reads(
        "https://ssoins-0123456789abcdef.portal.eu-west-1.app.aws/",
        "https://ssoins-0123456789abcdef.portal.eu-west-1.app.aws",
        Some("eu-west-1"),
        Some("aws"),
    );
    reads(
        "https://start.us-gov-west-1.us-gov-home.awsapps.com/directory/acme",
        "https://start.us-gov-west-1.us-gov-home.awsapps.com/directory/acme",
        Some("us-gov-west-1"),
        Some("aws-us-gov"),
    );
    reads(
        "https://start.home.awsapps.cn/directory/acme#/",
        "https://start.home.awsapps.cn/directory/acme",
        None,
        Some("aws-cn"),
    );
    reads(
        "https://acme.eusc-de-east-1.portal.amazonaws.eu",
        "https://acme.eusc-de-east-1.portal.amazonaws.eu",
        Some("eusc-de-east-1"),
        Some("aws-eusc"),
    );
}

#[derive(Debug, PartialEq, serde::Deserialize)]
struct Case {
    text: String,
    is: String,
    start_url: Option<String>,
    region: Option<String>,
    partition: Option<String>,
}

fn verdict(text: &str) -> Case {
    let text = text.to_owned();
    match parse(&text) {
        Err(error) => {
            assert_eq!(error.code(), Code::PortalUrlInvalid, "{text:?}");
            Case {
                text,
                is: "refused".into(),
                start_url: None,
                region: None,
                partition: None,
            }
        }
        Ok(portal) if portal.custom => Case {
            text,
            is: "custom".into(),
            start_url: None,
            region: None,
            partition: None,
        },
        Ok(portal) => Case {
            text,
            is: "aws".into(),
            start_url: Some(portal.start_url),
            region: portal.region,
            partition: portal.partition.map(str::to_owned),
        },
    }
}

#[test]
fn only_addresses_of_the_host_list_pass() {
    let cases: Vec<Case> = include_str!("cases.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(cases.len() >= 200, "{}", cases.len());
    let wrong: Vec<_> = cases
        .iter()
        .map(|case| (verdict(&case.text), case))
        .filter(|(seen, case)| seen != *case)
        .map(|(seen, case)| format!("{seen:?}\n  instead of {case:?}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn one_redirect_counts_and_only_to_aws() {
    let from = parse("https://aws.example.com").unwrap();
    let there = "https://d-0000000000.awsapps.com/start";
    for (status, target, leads) in [
        (302, Some(there), true),
        (
            301,
            Some("https://ssoins-1.eu-west-1.portal.amazonaws.com/#/"),
            true,
        ),
        (308, Some("HTTPS://d-0000000000.AWSAPPS.com/start"), true),
        (200, Some(there), false),
        (302, None, false),
        (200, None, false),
        (304, Some(there), false),
        (302, Some("http://d-0000000000.awsapps.com/start"), false),
        (302, Some("d-0000000000.awsapps.com/start"), false),
        (302, Some("//d-0000000000.awsapps.com/start"), false),
        (302, Some("/start"), false),
        (302, Some("https://other.example/"), false),
        (302, Some("https://aws.example.com/"), false),
        (302, Some("https://evil-awsapps.com/start"), false),
        (
            302,
            Some("https://user@d-0000000000.awsapps.com/start"),
            false,
        ),
        (302, Some("http://127.0.0.1:9/start"), false),
        (
            302,
            Some("https://d-0000000000.awsapps.com:8443/start"),
            false,
        ),
        (302, Some(""), false),
        (
            302,
            Some("https://d-0000000000.awsapps.com/\u{1b}[2J"),
            false,
        ),
    ] {
        match led_to(&from, status, target) {
            Ok(portal) => assert!(leads && !portal.custom, "{status} {target:?}"),
            Err(error) => {
                assert!(!leads, "{status} {target:?}: {error:?}");
                assert_eq!(error.code(), Code::PortalNotAllowed);
                assert!(!error.message().contains('\u{1b}'), "{error:?}");
            }
        }
    }
}

#[test]
fn regions_and_their_partitions() {
    for (region, partition) in [
        ("eu-central-1", Some("aws")),
        ("us-gov-west-1", Some("aws-us-gov")),
        ("cn-north-1", Some("aws-cn")),
        ("eusc-de-east-1", Some("aws-eusc")),
        ("us-isob-east-1", Some("aws-iso-b")),
        ("eu-central", None),
        ("start", None),
        ("d-0000000000", None),
        ("eu-central-1x", None),
        ("", None),
    ] {
        assert_eq!(partition_of(region), partition, "{region}");
    }
}

#[test]
fn names_that_are_offered() {
    for (text, name) in [
        ("https://harbourline.awsapps.com/start", "harbourline"),
        ("https://d-0000000000.awsapps.com/start", "work"),
        (
            "https://start.us-gov-home.awsapps.com/directory/acme",
            "acme",
        ),
        ("http://127.0.0.1:1/start", "work"),
    ] {
        assert_eq!(parse(text).unwrap().suggested_name(), name, "{text}");
    }
}
