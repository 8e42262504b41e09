//! The form of tokens and role credentials at rest, in AWS's files and in keychain items alike.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::secrets::{Registration, RoleCredentials, Secret, Tokens};

/// The token file of AWS's cache; the keychain item has the same fields. A `null` would break
/// some readers, so what is absent is left out.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TokenFile<'a> {
    start_url: &'a str,
    region: &'a str,
    access_token: &'a str,
    expires_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    registration_expires_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<&'a str>,
}

/// What other tools may have written: all but two fields can be missing.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FoundFile {
    start_url: Option<String>,
    region: Option<String>,
    access_token: Zeroizing<String>,
    expires_at: String,
    client_id: Option<String>,
    client_secret: Option<Zeroizing<String>>,
    registration_expires_at: Option<String>,
    refresh_token: Option<Zeroizing<String>>,
}

/// Whole seconds with `Z`: the one form that every SDK reads.
pub(super) fn stamp(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Any of the forms that tools have written over the years.
fn read_stamp(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let text = text
        .strip_suffix("UTC")
        .map(|rest| format!("{rest}Z"))
        .unwrap_or(text.to_owned());
    text.parse().ok()
}

impl<'a> TokenFile<'a> {
    pub(super) fn of(tokens: &'a Tokens, start_url: &'a str, region: &'a str) -> TokenFile<'a> {
        let registration = tokens.registration.as_ref();
        TokenFile {
            start_url,
            region,
            access_token: tokens.access_token.expose(),
            expires_at: stamp(tokens.access_token_expires_at),
            client_id: registration.map(|it| it.client_id.as_str()),
            client_secret: registration.map(|it| it.client_secret.expose()),
            registration_expires_at: registration.map(|it| stamp(it.expires_at)),
            refresh_token: tokens.refresh_token.as_ref().map(Secret::expose),
        }
    }

    /// Without what it takes to renew.
    pub(super) fn unrenewable(self) -> TokenFile<'a> {
        TokenFile {
            client_id: None,
            client_secret: None,
            registration_expires_at: None,
            refresh_token: None,
            ..self
        }
    }

    pub(super) fn to_json(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(serde_json::to_vec_pretty(self).unwrap_or_default())
    }

    /// `None` where the bytes are no complete token file.
    pub(super) fn read(bytes: &[u8]) -> Option<Tokens> {
        let mut file: FoundFile = serde_json::from_slice(bytes).ok()?;
        let take = |text: &mut Zeroizing<String>| Secret::new(std::mem::take(&mut **text));
        let expires_at = file.registration_expires_at.as_deref().and_then(read_stamp);
        let registration = match (file.client_id, file.client_secret.as_mut(), expires_at) {
            (Some(client_id), Some(secret), Some(expires_at)) => Some(Registration {
                client_id,
                client_secret: take(secret),
                expires_at,
            }),
            _ => None,
        };
        Some(Tokens {
            access_token: take(&mut file.access_token),
            access_token_expires_at: read_stamp(&file.expires_at)?,
            refresh_token: file.refresh_token.as_mut().map(take),
            registration,
        })
    }
}

/// Role credentials in the AWS CLI's own form.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RoleFile {
    provider_type: String,
    credentials: RoleKeys,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
struct RoleKeys {
    access_key_id: String,
    secret_access_key: Zeroizing<String>,
    session_token: Zeroizing<String>,
    expiration: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    account_id: Option<String>,
}

/// Which portal a token file is of, where it says so.
#[derive(Debug, PartialEq)]
pub(super) struct Origin {
    pub(super) start_url: Option<String>,
    pub(super) region: Option<String>,
}

impl Origin {
    /// `None` where the bytes are no complete token file.
    pub(super) fn read(bytes: &[u8]) -> Option<Origin> {
        let file: FoundFile = serde_json::from_slice(bytes).ok()?;
        Some(Origin {
            start_url: file.start_url,
            region: file.region,
        })
    }

    /// Whether it can be of this portal. A file that does not say counts as ours: some tools leave
    /// both out.
    pub(super) fn fits(&self, start_url: &str, region: &str) -> bool {
        let plain = |url: &str| {
            let url = url.split(['#', '?']).next().unwrap_or_default();
            url.trim_end_matches('/').to_ascii_lowercase()
        };
        self.start_url
            .as_deref()
            .is_none_or(|its| plain(its) == plain(start_url))
            && self.region.as_deref().is_none_or(|its| its == region)
    }
}

impl RoleFile {
    pub(super) fn of(keys: &RoleCredentials, account_id: &str) -> RoleFile {
        RoleFile {
            provider_type: "sso".into(),
            credentials: RoleKeys {
                access_key_id: keys.access_key_id.clone(),
                secret_access_key: Zeroizing::new(keys.secret_access_key.expose().into()),
                session_token: Zeroizing::new(keys.session_token.expose().into()),
                expiration: stamp(keys.expires_at),
                account_id: Some(account_id.into()),
            },
        }
    }

    pub(super) fn expires_after(&self, time: Timestamp) -> bool {
        read_stamp(&self.credentials.expiration).is_some_and(|end| end > time)
    }

    pub(super) fn into_keys(self) -> Option<RoleCredentials> {
        let mut keys = self.credentials;
        Some(RoleCredentials {
            access_key_id: keys.access_key_id,
            secret_access_key: Secret::new(std::mem::take(&mut *keys.secret_access_key)),
            session_token: Secret::new(std::mem::take(&mut *keys.session_token)),
            expires_at: read_stamp(&keys.expiration)?,
        })
    }
}

/// All role credentials of a session, as one keychain item: `ACCOUNT/ROLE` to keys.
pub(super) type RoleItem = BTreeMap<String, RoleFile>;

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens() -> Tokens {
        Tokens {
            access_token: Secret::new("aoa-EXAMPLE"),
            access_token_expires_at: "2030-01-02T03:04:05.678Z".parse().unwrap(),
            refresh_token: Some(Secret::new("aor-EXAMPLE")),
            registration: Some(Registration {
                client_id: "EXAMPLEclientid".into(),
                client_secret: Secret::new("EXAMPLEsecret"),
                expires_at: "2030-03-30T03:04:05Z".parse().unwrap(),
            }),
        }
    }

    #[test]
    fn the_file_has_the_fields_and_times_that_every_sdk_reads() {
        let tokens_then = tokens();
        let file = TokenFile::of(
            &tokens_then,
            "https://d-0000000000.awsapps.com/start",
            "eu-central-1",
        );
        let json: serde_json::Value = serde_json::from_slice(&file.to_json()).unwrap();
        let expected = serde_json::json!({
            "startUrl": "https://d-0000000000.awsapps.com/start", "region": "eu-central-1",
            "accessToken": "aoa-EXAMPLE", "expiresAt": "2030-01-02T03:04:05Z",
            "clientId": "EXAMPLEclientid", "clientSecret": "EXAMPLEsecret",
            "registrationExpiresAt": "2030-03-30T03:04:05Z", "refreshToken": "aor-EXAMPLE"
        });
        assert_eq!(json, expected);
        let mut without = tokens();
        (without.refresh_token, without.registration) = (None, None);
        let json = TokenFile::of(&without, "u", "r").to_json();
        assert!(!String::from_utf8_lossy(&json).contains("null"));
    }

    #[test]
    fn what_other_tools_wrote_is_read() {
        for (time, readable) in [
            ("2030-01-02T03:04:05Z", true),
            ("2030-01-02T03:04:05.123456789Z", true),
            ("2030-01-02T03:04:05+00:00", true),
            ("2030-01-02T03:04:05UTC", true),
            ("2030-01-02T03:04:05", false),
            ("soon", false),
        ] {
            let json = format!(r#"{{"accessToken":"a","expiresAt":"{time}","extra":1}}"#);
            assert_eq!(
                TokenFile::read(json.as_bytes()).is_some(),
                readable,
                "{time}"
            );
        }
        for torn in [
            "",
            "{",
            r#"{"accessToken":"a"#,
            r#"{"expiresAt":"2030-01-02T03:04:05Z"}"#,
        ] {
            assert!(TokenFile::read(torn.as_bytes()).is_none(), "{torn}");
        }
    }

    #[test]
    fn a_file_of_another_portal_is_told_apart() {
        let ours = ("https://a.awsapps.com/start", "eu-west-1");
        for (json, fits) in [
            (
                r#"{"startUrl":"https://A.awsapps.com/start/#/","region":"eu-west-1","accessToken":"a","expiresAt":"x"}"#,
                true,
            ),
            (r#"{"accessToken":"a","expiresAt":"x"}"#, true),
            (
                r#"{"startUrl":"https://b.awsapps.com/start","region":"eu-west-1","accessToken":"a","expiresAt":"x"}"#,
                false,
            ),
            (
                r#"{"startUrl":"https://a.awsapps.com/start","region":"us-east-1","accessToken":"a","expiresAt":"x"}"#,
                false,
            ),
        ] {
            let origin = Origin::read(json.as_bytes()).unwrap();
            assert_eq!(origin.fits(ours.0, ours.1), fits, "{json}");
        }
    }

    #[test]
    fn nothing_of_a_secret_is_shown() {
        let shown = format!("{:?}", tokens());
        assert!(
            !shown.contains("EXAMPLE\"") && !shown.contains("aoa") && !shown.contains("aor"),
            "{shown}"
        );
    }
}
