//! The diagnostics file: what a report of trouble needs, scrubbed, as plain text that its owner reads before
//! it is saved. Nothing is ever sent.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::scrub::Scrub;
use super::{Check, Verdict, examine};
use crate::host::files::{self, Mode};
use crate::host::{Host, random, who};
use crate::settings::{self, Settings};
use crate::{Code, Error, Result};

/// Variables whose names tell how Daypass is set up; their values are not told.
const VARIABLES: [&str; 26] = [
    "AWS_CA_BUNDLE",
    "AWS_CONFIG_FILE",
    "AWS_DEFAULT_REGION",
    "AWS_ENDPOINT_URL_SSO",
    "AWS_ENDPOINT_URL_SSO_OIDC",
    "AWS_ENDPOINT_URL_STS",
    "AWS_PROFILE",
    "AWS_REGION",
    "AWS_SHARED_CREDENTIALS_FILE",
    "DAYPASS_CACHE_DIR",
    "DAYPASS_CONFIG_DIR",
    "DAYPASS_LOG",
    "DAYPASS_SIGNIN_ENDPOINT",
    "DAYPASS_SIGN_IN",
    "DAYPASS_STATE_DIR",
    "DBUS_SESSION_BUS_ADDRESS",
    "DISPLAY",
    "FLATPAK_ID",
    "APPIMAGE",
    "HTTPS_PROXY",
    "NO_PROXY",
    "SSH_CONNECTION",
    "SSL_CERT_FILE",
    "WAYLAND_DISPLAY",
    "WSL_DISTRO_NAME",
    "XDG_CURRENT_DESKTOP",
];

/// Looks at everything, as `examine` does, and tells it scrubbed.
pub async fn diagnostics(host: &Host) -> String {
    let checks = examine(host).await;
    let settings = settings::load(host).unwrap_or_default();
    scrub_of(host, &settings).clean(&text(host, &settings, &checks))
}

/// Where it goes where nobody named a place: the home folder, under the name of the second.
pub fn place(host: &Host) -> PathBuf {
    let now = host.clock.now().to_zoned(host.clock.zone());
    let now = now.strftime("%Y-%m-%d-%H%M%S");
    host.paths
        .home
        .join(format!("daypass-diagnostics-{now}.txt"))
}

/// Writes what was shown into a new file that only its owner may read.
///
/// # Errors
/// `Usage` where there is something of that name already, `StorageFailed` where it cannot be written.
pub fn save(path: &Path, shown: &str) -> Result<()> {
    if std::fs::symlink_metadata(path).is_ok() {
        let message = format!("{} is there already", path.display());
        return Err(Error::new(Code::Usage, message).with_hint("name another file"));
    }
    files::replace(path, shown.as_bytes(), Mode::Private).map_err(|error| {
        let message = format!("{} could not be written", path.display());
        Error::new(Code::StorageFailed, message).because(error)
    })
}

fn scrub_of(host: &Host, settings: &Settings) -> Scrub {
    let (users, hosts) = who::names(&host.env, &host.paths);
    let urls = settings.sessions.iter().map(|it| &it.start_url);
    let portals = urls.filter_map(|it| Some(url::Url::parse(it).ok()?.host_str()?.to_owned()));
    let salt = random::token::<16>().unwrap_or_else(|_| host.clock.now().to_string());
    // A portal on this machine tells nothing.
    let portals = portals.filter(|it| it != "localhost" && it.parse::<std::net::IpAddr>().is_err());
    Scrub::new(&host.paths.home.display().to_string(), salt.as_bytes())
        .users(&users)
        .hosts(&hosts)
        .portals(&portals.collect::<Vec<_>>())
}

fn text(host: &Host, settings: &Settings, checks: &[Check]) -> String {
    let mut text = format!(
        "Daypass diagnostics of {}\nScrubbed of keys, tokens, e-mail addresses, ARNs, account ids and names; \
         nothing of it was sent anywhere.\n\ndaypass {} on {} {}\n",
        host.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH,
    );
    text.push_str("\nSessions\n");
    for (number, session) in settings.sessions.iter().enumerate() {
        let (storage, region) = (session.storage.name(), &session.region);
        // Writing into a text does not fail.
        let _ = writeln!(text, "  {}: storage {storage}, {region}", number + 1);
    }
    text.push_str("\nVariables that are set\n");
    for name in VARIABLES.iter().filter(|it| host.env.has(it)) {
        let _ = writeln!(text, "  {name}");
    }
    text.push_str("\nChecks\n");
    checks.iter().for_each(|it| tell(&mut text, it));
    text
}

fn tell(text: &mut String, check: &Check) {
    let verdict = match check.verdict {
        Verdict::Pass => "pass",
        Verdict::Warn => "warn",
        Verdict::Fail => "FAIL",
    };
    // What was found may quote names: no control character gets into the file.
    let plain = |it: &str| -> String {
        let visible = |it: char| if it.is_control() { ' ' } else { it };
        it.chars().map(visible).collect()
    };
    let _ = writeln!(text, "  {verdict} {}: {}", check.id, plain(&check.found));
    if let Some(fix) = &check.fix {
        let _ = writeln!(text, "       {}", plain(fix));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{Clock, Env};

    #[test]
    fn what_is_told_names_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let env = Env::table([("USER", "jane"), ("HOSTNAME", "box7"), ("AWS_PROFILE", "x")]);
        let host = Host::fake(folder.path(), env, Clock::real());
        let found = format!(
            "{}/.aws of jane on box7 for 111122223333\u{1b}[31m",
            folder.path().display()
        );
        let check = Check {
            id: "config",
            title: "Config",
            verdict: Verdict::Warn,
            found,
            fix: Some("ask jane@example.org".into()),
        };
        let settings = Settings::default();
        let clean = scrub_of(&host, &settings).clean(&text(&host, &settings, &[check]));
        assert!(
            clean.contains("warn config: ~/.aws of <user> on <host> for <account "),
            "{clean}"
        );
        assert!(
            clean.contains("ask <email>") && clean.contains("  AWS_PROFILE\n"),
            "{clean}"
        );
        assert!(
            !clean.contains('\u{1b}') && !clean.contains("1111"),
            "{clean}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn it_is_saved_for_its_owner_and_never_over_something() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("diagnostics.txt");
        save(&path, "shown").unwrap();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(save(&path, "again").unwrap_err().code(), Code::Usage);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "shown");
    }
}
