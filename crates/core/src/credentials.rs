//! Role credentials: obtained once, handed out in the forms that tools expect.
//! It never signs in and never opens a browser.

mod assumed;

use jiff::{SignedDuration, Timestamp};
use zeroize::Zeroizing;

use crate::accounts::Assignment;
use crate::host::Host;
use crate::portal::{self, Portal, Refusal};
use crate::secrets::{RoleCredentials, Tokens};
use crate::session::renew::Eagerness;
use crate::vault::{RoleTurn, Shelf, Vault};
use crate::{Code, Error, Result};

pub use assumed::Ladder;

/// Held credentials with less than this left are fetched again: AWS's tools want 15 minutes.
const FRESH: SignedDuration = SignedDuration::from_mins(15);
/// Credentials whose whole life is short are used until this is left.
const LEAST: SignedDuration = SignedDuration::from_mins(1);

/// The way to a session's portal. Whoever looks after the tokens gives it, so that each renewal is
/// known there.
pub trait Access: Sync {
    /// The portal; asked for only where something has to be fetched.
    fn portal(&self) -> impl Future<Output = Result<Portal>> + Send;

    /// How far the portal's clock is ahead of ours, as far as it is known.
    fn ahead(&self) -> SignedDuration;

    /// The session's tokens, renewed as eagerly as asked.
    fn tokens(&self, eagerness: Eagerness) -> impl Future<Output = Result<Tokens>> + Send;
}

/// What fetching needs of a session.
pub struct Source<'a, A> {
    /// The world.
    pub host: &'a Host,
    /// Where secrets rest.
    pub vault: &'a Vault,
    /// The session's place there.
    pub shelf: &'a Shelf,
    /// The way to its portal.
    pub access: A,
}

impl<A: Access> Source<'_, A> {
    /// Credentials for an assignment: those that rest here while they are fresh, else new ones,
    /// fetched once for all processes that wait.
    ///
    /// # Errors
    /// `SignInNeeded`, `NotPermitted`, `Offline` and its kin, or the vault's.
    pub async fn credentials(&self, assignment: &Assignment) -> Result<RoleCredentials> {
        let Assignment {
            account_id, role, ..
        } = assignment;
        let began = self.host.clock.now();
        loop {
            if let Some(held) = self.held(account_id, role, FRESH).await? {
                return Ok(held);
            }
            let turn = self.vault.role_turn(self.shelf, account_id, role).await?;
            if let Some(turn) = turn {
                return self.fetch_once(account_id, role, &turn, began).await;
            }
        }
    }

    /// New keys, unless another process has got them, or has met trouble, since this call began.
    async fn fetch_once(
        &self,
        account_id: &str,
        role: &str,
        turn: &RoleTurn,
        began: Timestamp,
    ) -> Result<RoleCredentials> {
        // Nobody has fetched them since this call found none: they are not there now either.
        if turn.was_used_since(began)
            && let Some(held) = self.held(account_id, role, FRESH).await?
        {
            return Ok(held);
        }
        // Whoever had the turn just now has met trouble: asking again would only queue up.
        if let Some(error) = turn.trouble_since(began) {
            return self.make_do(account_id, role, error).await;
        }
        match self.fetch(account_id, role).await {
            Ok(keys) => {
                let keys = self.keep(account_id, role, keys).await?;
                turn.note_success(self.host.clock.now());
                Ok(keys)
            }
            Err(error) if error.code().is_trouble_on_the_way() => {
                turn.note_trouble(&error, self.host.clock.now());
                self.make_do(account_id, role, error).await
            }
            Err(error) => Err(error),
        }
    }

    /// Better keys for a few minutes than none, while only the network is in the way.
    async fn make_do(&self, account_id: &str, role: &str, error: Error) -> Result<RoleCredentials> {
        self.held(account_id, role, LEAST).await?.ok_or(error)
    }

    /// Keeps new keys, unless the user signed out while they were on their way.
    async fn keep(
        &self,
        account_id: &str,
        role: &str,
        keys: RoleCredentials,
    ) -> Result<RoleCredentials> {
        let kept = self.vault.write_role(self.shelf, account_id, role, &keys);
        if kept.await? {
            return Ok(keys);
        }
        let message = format!("you signed out of `{}` meanwhile", self.shelf.session);
        Err(Error::new(Code::SignInNeeded, message))
    }

    async fn held(
        &self,
        account_id: &str,
        role: &str,
        margin: SignedDuration,
    ) -> Result<Option<RoleCredentials>> {
        let held = self.vault.read_role(self.shelf, account_id, role).await?;
        let (now, ahead) = (self.host.clock.now(), self.access.ahead());
        Ok(held.filter(|keys| left(keys.expires_at, now, ahead) >= margin))
    }

    async fn fetch(&self, account_id: &str, role: &str) -> Result<RoleCredentials> {
        let portal = self.access.portal().await?;
        let token = self.access.tokens(Eagerness::WhenUnusable).await?;
        let ask = || portal.role_credentials(&token.access_token, account_id, role);
        let refused = match portal::again_if_refused_early(ask).await {
            Ok(keys) => return Ok(keys),
            Err(refused) => refused,
        };
        if refused.refusal != Refusal::Unauthorized {
            return Err(explain(refused.refusal, refused.error, account_id, role));
        }
        // A token can be refused before its time: one renewal tells whether the session is over.
        let token = self
            .access
            .tokens(Eagerness::Refused(token.access_token))
            .await?;
        let again = portal
            .role_credentials(&token.access_token, account_id, role)
            .await;
        again.map_err(|refused| explain(refused.refusal, refused.error, account_id, role))
    }
}

/// Until when keys may be handed out by our clock, and from when on newer ones are to be had.
pub struct Terms {
    /// A moment before their end.
    pub usable_until: Timestamp,
    /// Well before it.
    pub due_at: Timestamp,
}

impl Terms {
    /// Of keys that a portal gave whose clock is so far ahead of ours.
    pub fn of(keys: &RoleCredentials, ahead: SignedDuration) -> Terms {
        let before = |margin| {
            let moment = keys.expires_at.checked_sub(ahead.saturating_add(margin));
            moment.unwrap_or(keys.expires_at)
        };
        Terms {
            usable_until: before(LEAST),
            due_at: before(FRESH),
        }
    }
}

/// How long keys are still good: their end is a time of the portal's clock, not of ours.
fn left(expires_at: Timestamp, now: Timestamp, ahead: SignedDuration) -> SignedDuration {
    let now_there = now.checked_add(ahead).unwrap_or(now);
    expires_at.duration_since(now_there)
}

fn explain(refusal: Refusal, error: Error, account_id: &str, role: &str) -> Error {
    match refusal {
        Refusal::Forbidden => {
            let role: String = role.escape_debug().collect();
            Error::new(
                Code::NotPermitted,
                format!("AWS says that you have no {role} in {account_id}"),
            )
            .because(error)
        }
        Refusal::InvalidRequest => Error::new(
            Code::AccountUnknown,
            format!("AWS does not know the account {account_id} or the role"),
        )
        .because(error),
        _ => error,
    }
}

/// The forms in which credentials are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The `credential_process` document.
    Process,
    /// `export` lines for POSIX shells.
    Env,
    /// The same without `export`.
    EnvNoExport,
    /// For fish.
    Fish,
    /// For PowerShell.
    PowerShell,
    /// For the Windows command prompt.
    WindowsCmd,
    /// A JSON document of ours.
    Json,
    /// A profile for the AWS credentials file.
    Ini,
}

/// The variables that carry credentials, in the AWS CLI's order.
pub fn variables(keys: &RoleCredentials) -> Result<[(&'static str, Zeroizing<String>); 4]> {
    let plain = |name, text: &str| {
        let fits = |it: char| it.is_ascii_alphanumeric() || "+/=_.:-".contains(it);
        match !text.is_empty() && text.chars().all(fits) {
            true => Ok((name, Zeroizing::new(text.to_owned()))),
            false => Err(Error::new(
                Code::Internal,
                format!("{name} holds characters that no key of AWS has"),
            )),
        }
    };
    Ok([
        plain("AWS_ACCESS_KEY_ID", &keys.access_key_id)?,
        plain("AWS_SECRET_ACCESS_KEY", keys.secret_access_key.expose())?,
        plain("AWS_SESSION_TOKEN", keys.session_token.expose())?,
        plain("AWS_CREDENTIAL_EXPIRATION", &offset_stamp(keys.expires_at))?,
    ])
}

/// Credentials as text, with a newline at the end.
///
/// # Errors
/// `Internal` where a value holds a character that no key of AWS has: it is refused, not quoted.
pub fn render(keys: &RoleCredentials, format: Format, profile: &str) -> Result<Zeroizing<String>> {
    let variables = variables(keys)?;
    Ok(Zeroizing::new(match format {
        Format::Process => process_document(&variables),
        Format::Json => json_document(&variables, keys.expires_at),
        Format::Ini => ini_section(&variables, profile),
        Format::Env
        | Format::EnvNoExport
        | Format::Fish
        | Format::PowerShell
        | Format::WindowsCmd => {
            let lines = variables
                .iter()
                .map(|(name, value)| line(format, name, value));
            lines.collect()
        }
    }))
}

/// One variable as a line of that form; values hold nothing that a shell would read. The documents
/// have no such lines: theirs is the plain one.
pub fn line(format: Format, name: &str, value: &str) -> String {
    match format {
        Format::Env => format!("export {name}={value}\n"),
        Format::Fish => format!("set -gx {name} \"{value}\"\n"),
        Format::PowerShell => format!("$Env:{name}=\"{value}\"\n"),
        Format::WindowsCmd => format!("set {name}={value}\n"),
        Format::EnvNoExport | Format::Process | Format::Json | Format::Ini => {
            format!("{name}={value}\n")
        }
    }
}

type Variables = [(&'static str, Zeroizing<String>); 4];

/// As the AWS CLI prints it: two spaces of indentation, no account id.
fn process_document(variables: &Variables) -> String {
    let [id, secret, token, end] = variables.each_ref().map(|(_, value)| value.as_str());
    format!(
        "{{\n  \"Version\": 1,\n  \"AccessKeyId\": \"{id}\",\n  \"SecretAccessKey\": \"{secret}\",\n  \
         \"SessionToken\": \"{token}\",\n  \"Expiration\": \"{end}\"\n}}\n"
    )
}

fn json_document(variables: &Variables, expires_at: Timestamp) -> String {
    let [id, secret, token, _] = variables.each_ref().map(|(_, value)| value.as_str());
    let end = expires_at.strftime("%Y-%m-%dT%H:%M:%SZ");
    format!(
        "{{\n  \"version\": 1,\n  \"access_key_id\": \"{id}\",\n  \"secret_access_key\": \"{secret}\",\n  \
         \"session_token\": \"{token}\",\n  \"expires_at\": \"{end}\"\n}}\n"
    )
}

fn ini_section(variables: &Variables, profile: &str) -> String {
    let [id, secret, token, _] = variables.each_ref().map(|(_, value)| value.as_str());
    format!(
        "[{profile}]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\naws_session_token = {token}\n"
    )
}

/// The AWS CLI writes an offset here where all else has a `Z`.
fn offset_stamp(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::Secret;

    fn keys(secret: &str) -> RoleCredentials {
        RoleCredentials {
            access_key_id: "ASIAEXAMPLE".into(),
            secret_access_key: Secret::new(secret),
            session_token: Secret::new("TOKEN=="),
            expires_at: "2030-01-02T03:04:05Z".parse().unwrap(),
        }
    }

    #[test]
    fn a_clock_that_is_wrong_by_hours_changes_nothing() {
        let there: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
        let expires_at = there + SignedDuration::from_mins(60);
        for ahead in (-180..=180).step_by(15).map(SignedDuration::from_mins) {
            for (minutes, fresh, usable) in [
                (0, true, true),
                (45, true, true),
                (46, false, true),
                (59, false, true),
                (60, false, false),
                (180, false, false),
            ] {
                let now = there - ahead + SignedDuration::from_mins(minutes);
                let left = left(expires_at, now, ahead);
                assert_eq!(left >= FRESH, fresh, "{ahead} {minutes}");
                assert_eq!(left >= LEAST, usable, "{ahead} {minutes}");
            }
        }
    }

    #[test]
    fn the_formats_of_the_aws_cli_byte_for_byte() {
        let end = "2030-01-02T03:04:05+00:00";
        for (format, expected) in [
            (
                Format::Process,
                format!(
                    "{{\n  \"Version\": 1,\n  \"AccessKeyId\": \"ASIAEXAMPLE\",\n  \"SecretAccessKey\": \"a/b+c\",\n  \"SessionToken\": \"TOKEN==\",\n  \"Expiration\": \"{end}\"\n}}\n"
                ),
            ),
            (
                Format::Env,
                format!(
                    "export AWS_ACCESS_KEY_ID=ASIAEXAMPLE\nexport AWS_SECRET_ACCESS_KEY=a/b+c\nexport AWS_SESSION_TOKEN=TOKEN==\nexport AWS_CREDENTIAL_EXPIRATION={end}\n"
                ),
            ),
            (
                Format::Fish,
                format!(
                    "set -gx AWS_ACCESS_KEY_ID \"ASIAEXAMPLE\"\nset -gx AWS_SECRET_ACCESS_KEY \"a/b+c\"\nset -gx AWS_SESSION_TOKEN \"TOKEN==\"\nset -gx AWS_CREDENTIAL_EXPIRATION \"{end}\"\n"
                ),
            ),
            (
                Format::PowerShell,
                format!(
                    "$Env:AWS_ACCESS_KEY_ID=\"ASIAEXAMPLE\"\n$Env:AWS_SECRET_ACCESS_KEY=\"a/b+c\"\n$Env:AWS_SESSION_TOKEN=\"TOKEN==\"\n$Env:AWS_CREDENTIAL_EXPIRATION=\"{end}\"\n"
                ),
            ),
            (
                Format::WindowsCmd,
                format!(
                    "set AWS_ACCESS_KEY_ID=ASIAEXAMPLE\nset AWS_SECRET_ACCESS_KEY=a/b+c\nset AWS_SESSION_TOKEN=TOKEN==\nset AWS_CREDENTIAL_EXPIRATION={end}\n"
                ),
            ),
        ] {
            assert_eq!(
                *render(&keys("a/b+c"), format, "p").unwrap(),
                expected,
                "{format:?}"
            );
        }
    }

    #[test]
    fn a_value_that_a_shell_would_read_is_refused() {
        for secret in ["a b", "$(x)", "a;b", "a\"b", "a\nb", "`x`", "", "ä"] {
            let error = render(&keys(secret), Format::Env, "p").unwrap_err();
            assert!(
                secret.is_empty() || !error.message().contains(secret),
                "{secret:?}"
            );
        }
    }
}
