//! Which addresses are an AWS console's.

use url::Url;

/// Console hosts of the partitions; regional and account-bound names stand below them.
const CONSOLES: [&str; 9] = [
    "console.aws.amazon.com",
    "console.amazonaws-us-gov.com",
    "console.amazonaws.cn",
    "console.amazonaws-eusc.eu",
    "console.c2shome.ic.gov",
    "console.sc2shome.sgov.gov",
    "console.csphome.adc-e.uk",
    "console.csphome.hci.ic.gov",
    "health.aws.amazon.com",
];

/// True for an https address at a console host, or for a page of the simulator itself.
pub(crate) fn is_console_url(text: &str, base: &str) -> bool {
    let Ok(url) = Url::parse(text) else {
        return false;
    };
    if !url.username().is_empty() || url.password().is_some() {
        return false;
    }
    let own = Url::parse(base).is_ok_and(|base| base.origin() == url.origin());
    own || (url.scheme() == "https" && url.port().is_none() && is_console_host(&url))
}

fn is_console_host(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let below = |c: &str| host.strip_suffix(c).is_some_and(|rest| rest.ends_with('.'));
    CONSOLES
        .iter()
        .any(|console| host == *console || below(console))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_console_addresses_are_destinations() {
        let table = [
            ("https://console.aws.amazon.com/", true),
            (
                "https://eu-central-1.console.aws.amazon.com/s3/home?region=eu-central-1",
                true,
            ),
            (
                "https://111122223333-abcd1234.eu-west-1.console.aws.amazon.com/",
                true,
            ),
            ("https://console.amazonaws-us-gov.com/console/home", true),
            ("https://cn-north-1.console.amazonaws.cn/ec2/v2/home", true),
            ("http://127.0.0.1:4000/_console", true),
            ("http://127.0.0.1:4001/_console", false),
            ("http://console.aws.amazon.com/", false),
            ("https://console.aws.amazon.com.example.com/", false),
            ("https://evilconsole.aws.amazon.com/", false),
            ("https://console.aws.amazon.com@example.com/", false),
            ("https://user@console.aws.amazon.com/", false),
            ("https://console.aws.amazon.com:8443/", false),
            ("javascript:alert(1)", false),
            ("", false),
        ];
        for (text, accepted) in table {
            assert_eq!(
                is_console_url(text, "http://127.0.0.1:4000"),
                accepted,
                "{text}"
            );
        }
    }
}
