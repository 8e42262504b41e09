//! Places in the console: a service by its everyday name, or a console address that the user pasted.

use url::Url;

use crate::portal_url::partition_of;
use crate::{Code, Error, Result};

/// Everyday names and the console's paths for them. Sources: the service map of the tool Granted,
/// and the console's own addresses; those without a Region are global.
const SERVICES: [(&str, &str, Reach); 24] = [
    ("athena", "athena", Reach::Regional),
    ("cloudformation", "cloudformation", Reach::Regional),
    ("cloudtrail", "cloudtrail", Reach::Regional),
    ("cloudwatch", "cloudwatch", Reach::Regional),
    ("dynamodb", "dynamodbv2", Reach::Regional),
    ("ec2", "ec2/v2", Reach::Regional),
    ("ecr", "ecr", Reach::Regional),
    ("ecs", "ecs", Reach::Regional),
    ("eks", "eks", Reach::Regional),
    ("iam", "iamv2", Reach::Global),
    ("kms", "kms", Reach::Regional),
    ("lambda", "lambda", Reach::Regional),
    ("organizations", "organizations/v2", Reach::Global),
    ("rds", "rds", Reach::Regional),
    ("route53", "route53/v2", Reach::Global),
    ("s3", "s3", Reach::Regional),
    ("secretsmanager", "secretsmanager", Reach::Regional),
    ("sns", "sns", Reach::Regional),
    ("ssm", "systems-manager", Reach::Regional),
    ("sso", "singlesignon", Reach::Regional),
    ("stepfunctions", "states", Reach::Regional),
    ("billing", "billing", Reach::Global),
    ("costs", "cost-management", Reach::Global),
    ("vpc", "vpc", Reach::Regional),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    Regional,
    Global,
}

/// The console page of a place in a Region; without a place, the console's home.
///
/// # Errors
/// `Usage` where the place is neither a known service nor a console address of this partition.
pub fn destination(place: Option<&str>, region: &str) -> Result<Url> {
    let domain = console_domain(region)?;
    let address = match place.map(str::trim).filter(|place| !place.is_empty()) {
        None => format!("https://{region}.{domain}/console/home?region={region}"),
        Some(place) if place.contains("://") => return pasted(place, domain),
        Some(place) => {
            let place = place.to_lowercase();
            let (_, path, reach) = SERVICES
                .iter()
                .find(|(name, ..)| *name == place)
                .ok_or_else(|| unknown(&place))?;
            match reach {
                Reach::Regional => format!("https://{region}.{domain}/{path}/home?region={region}"),
                Reach::Global => format!("https://{domain}/{path}/home"),
            }
        }
    };
    Url::parse(&address).map_err(|error| {
        Error::new(Code::Internal, "a console address could not be built").because(error)
    })
}

fn unknown(place: &str) -> Error {
    let names: Vec<_> = SERVICES.iter().map(|(name, ..)| *name).collect();
    let place: String = place.escape_debug().collect();
    Error::new(
        Code::Usage,
        format!("`{place}` is no service that Daypass knows"),
    )
    .with_hint(format!(
        "give a console address, or one of: {}",
        names.join(", ")
    ))
}

fn pasted(text: &str, domain: &str) -> Result<Url> {
    let refused = |reason: &str| {
        Error::new(Code::Usage, format!("not a console address: {reason}"))
            .with_hint("copy the address from the console's own pages")
    };
    let mut url = Url::parse(text).map_err(|error| refused("it cannot be read").because(error))?;
    let plain = url.scheme() == "https"
        && url.username().is_empty()
        && url.password().is_none()
        && url.port().is_none();
    if !plain {
        return Err(refused("it has to begin with https:// and the host"));
    }
    let host = url.host_str().unwrap_or_default().to_owned();
    let before = host
        .strip_suffix(domain)
        .ok_or_else(|| refused("its host is not the console of this partition"))?;
    let host = without_multi_session(before, domain)
        .ok_or_else(|| refused("its host is not the console's"))?;
    url.set_host(Some(&host))
        .map_err(|error| refused("its host cannot be read").because(error))?;
    Ok(url)
}

/// With several sessions in one browser, the console puts the account into its host: drop it, so that
/// the page opens as the wanted assignment. `None` where something else stands before the domain.
fn without_multi_session(before: &str, domain: &str) -> Option<String> {
    let labels: Vec<&str> = match before.strip_suffix('.') {
        Some(before) => before.split('.').collect(),
        None if before.is_empty() => return Some(domain.to_owned()),
        None => return None,
    };
    let is_session = |label: &str| {
        label.split_once('-').is_some_and(|(id, rest)| {
            id.len() == 12
                && id.bytes().all(|it| it.is_ascii_digit())
                && rest.bytes().all(|it| it.is_ascii_alphanumeric())
        })
    };
    let rest: Vec<&str> = labels
        .iter()
        .copied()
        .skip_while(|label| is_session(label))
        .collect();
    match rest.as_slice() {
        [] => Some(domain.to_owned()),
        [region] if partition_of(region).is_some() => Some(format!("{region}.{domain}")),
        _ => None,
    }
}

fn console_domain(region: &str) -> Result<&'static str> {
    match partition_of(region) {
        Some("aws") => Ok("console.aws.amazon.com"),
        Some("aws-us-gov") => Ok("console.amazonaws-us-gov.com"),
        Some("aws-cn") => Ok("console.amazonaws.cn"),
        Some("aws-eusc") => Ok("console.amazonaws-eusc.eu"),
        _ => Err(Error::new(
            Code::Usage,
            format!("there is no console for the Region `{region}`"),
        )
        .with_hint("give a Region such as eu-central-1 with --region")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places() {
        for (place, region, address) in [
            (
                None,
                "eu-central-1",
                "https://eu-central-1.console.aws.amazon.com/console/home?region=eu-central-1",
            ),
            (
                Some("s3"),
                "eu-west-1",
                "https://eu-west-1.console.aws.amazon.com/s3/home?region=eu-west-1",
            ),
            (
                Some(" Lambda "),
                "us-gov-west-1",
                "https://us-gov-west-1.console.amazonaws-us-gov.com/lambda/home?region=us-gov-west-1",
            ),
            (
                Some("iam"),
                "cn-north-1",
                "https://console.amazonaws.cn/iamv2/home",
            ),
            (
                Some(
                    "https://111122223333-ab12cd34.eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#Instances:",
                ),
                "eu-central-1",
                "https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#Instances:",
            ),
            (
                Some("https://console.aws.amazon.com/billing/home"),
                "eu-west-1",
                "https://console.aws.amazon.com/billing/home",
            ),
        ] {
            assert_eq!(
                destination(place, region).unwrap().as_str(),
                address,
                "{place:?}"
            );
        }
    }

    #[test]
    fn what_is_no_place() {
        for place in [
            "nothing",
            "https://example.com/",
            "https://evil-console.aws.amazon.com/",
            "https://console.aws.amazon.com.evil.example/",
            "https://a.b.console.aws.amazon.com/",
            "http://console.aws.amazon.com/",
            "https://user@console.aws.amazon.com/",
            "https://console.aws.amazon.com:8443/",
            "https://console.amazonaws.cn/",
            "javascript://console.aws.amazon.com/%0aalert(1)",
        ] {
            assert_eq!(
                destination(Some(place), "eu-west-1").unwrap_err().code(),
                Code::Usage,
                "{place}"
            );
        }
        assert!(destination(None, "nowhere").is_err());
    }
}
