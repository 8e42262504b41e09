//! Behind a company's proxy that inspects traffic: everything by the real names of AWS's hosts.

use std::fs;

use testkit::authority::Oddity;
use testkit::cli::Daypass;
use testkit::desktop::Desktop;
use testkit::gateway::{Gateway, Manners};
use testkit::portal::Portal;
use testkit::{Context, Result, ensure, http};

const START_URL: &str = "https://d-0000000000.awsapps.com/start";

/// Fields are dropped in this order.
struct Office {
    daypass: Daypass,
    gateway: Gateway,
    portal: Portal,
    desktop: Desktop,
}

impl Office {
    fn open(oddity: Oddity) -> Result<Office> {
        Office::with(|manners| manners.oddity = oddity)
    }

    fn with(change: impl FnOnce(&mut Manners)) -> Result<Office> {
        let desktop = Desktop::bare()?;
        let options = [
            "--browser",
            "auto",
            "--accounts",
            "3",
            "--start-url",
            START_URL,
        ];
        let portal = Portal::start(desktop.home(), &options)?;
        let mut manners = Manners::open_to(portal.base());
        change(&mut manners);
        let gateway = Gateway::start(manners)?;
        let daypass = Daypass::on(&desktop)?.with("HTTPS_PROXY", &gateway.address());
        let words = ["session", "add", "work", "--start-url", START_URL];
        let further = ["--region", "eu-central-1", "--storage", "shared"];
        daypass.ok(&[&words[..], &further[..]].concat())?;
        Ok(Office {
            daypass,
            gateway,
            portal,
            desktop,
        })
    }

    fn authority(&self) -> Result<String> {
        self.gateway.authority(self.desktop.home().root())
    }

    /// The browser has a proxy of its own: it is led to the portal here.
    fn sign_in(&self, daypass: &Daypass) -> Result<()> {
        let mut login = daypass.start(&["login", "work", "--no-browser", "--force"])?;
        let address = login.first_line()?;
        let inside = "https://oidc.eu-central-1.amazonaws.com";
        let rest = address
            .strip_prefix(inside)
            .with_context(|| address.clone())?;
        http::visit(&format!("{}{rest}", self.portal.base()))?;
        login.finish()?.code(0).map(drop)
    }

    /// A whole sign-in, the list, and credentials.
    fn all_works(&self, daypass: &Daypass) -> Result<()> {
        self.sign_in(daypass)?;
        let list = daypass.json(&["list", "--refresh", "--json"])?;
        let rows = list["assignments"].as_array().context("no assignments")?;
        let text = |key: &str| rows[0][key].as_str().unwrap_or_default().to_owned();
        let target = format!("{}/{}", text("account_id"), text("role"));
        daypass.run_secretly(&["credentials", &target])?.code(0)?;
        for host in ["oidc", "portal.sso"] {
            let host = format!("{host}.eu-central-1.amazonaws.com:443");
            let asked = self.gateway.asked();
            ensure!(asked.contains(&host), "{host} is not in {asked:?}");
        }
        Ok(())
    }

    /// What is said where the list cannot be read; the sign-in stays, whatever it is.
    fn refused(&self, daypass: &Daypass, code: &str) -> Result<String> {
        if self.state()? != "active" {
            self.daypass.clone().at(&self.portal).sign_in("work")?;
        }
        let ran = daypass.run(&["list", "--refresh", "--json"])?;
        let document = ran.code(5)?.json()?;
        let error = &document["error"];
        ensure!(error["code"] == code, "not {code}: {document}");
        ensure!(
            error["hint"].as_str().is_some_and(|it| !it.is_empty()),
            "{document}"
        );
        ensure!(self.state()? == "active", "signed out");
        Ok(document.to_string())
    }

    fn state(&self) -> Result<String> {
        let status = self.daypass.run(&["status", "--json"])?.json()?;
        let state = &status["sessions"][0]["state"];
        Ok(state.as_str().context("no state")?.to_owned())
    }
}

#[test]
fn everything_works_through_a_proxy_that_inspects_traffic() -> Result<()> {
    let office = Office::open(Oddity::None)?;
    let trusting = office
        .daypass
        .clone()
        .with("AWS_CA_BUNDLE", &office.authority()?);
    office.all_works(&trusting)
}

#[test]
fn the_systems_own_variable_for_certificates_counts_too() -> Result<()> {
    let office = Office::open(Oddity::None)?;
    let trusting = office
        .daypass
        .clone()
        .with("SSL_CERT_FILE", &office.authority()?);
    office.all_works(&trusting)
}

#[test]
fn proxy_and_certificates_can_stand_in_the_settings() -> Result<()> {
    let office = Office::open(Oddity::None)?;
    let bare = office.daypass.clone().without("HTTPS_PROXY");
    let path = settings(&office)?;
    let old = fs::read_to_string(&path)?;
    let own = format!(
        "\n[network]\nproxy = \"{}\"\nca_bundle = \"{}\"\n",
        office.gateway.address(),
        office.authority()?
    );
    fs::write(&path, old + &own)?;
    office.all_works(&bare)
}

fn settings(office: &Office) -> Result<std::path::PathBuf> {
    let path = office.desktop.home().config().join("daypass/settings.toml");
    ensure!(path.is_file(), "{} is not there", path.display());
    Ok(path)
}

#[test]
fn certificates_that_nobody_vouches_for_are_said_to_be_that() -> Result<()> {
    let office = Office::open(Oddity::None)?;
    let said = office.refused(&office.daypass, "certificate_untrusted")?;
    ensure!(said.contains("AWS_CA_BUNDLE"), "{said}");
    for oddity in [Oddity::OtherName, Oddity::Over] {
        let office = Office::open(oddity)?;
        let trusting = office
            .daypass
            .clone()
            .with("AWS_CA_BUNDLE", &office.authority()?);
        office.refused(&trusting, "certificate_untrusted")?;
    }
    let office = Office::open(Oddity::NotYet)?;
    let trusting = office
        .daypass
        .clone()
        .with("AWS_CA_BUNDLE", &office.authority()?);
    office.refused(&trusting, "clock_wrong").map(drop)
}

#[test]
fn a_file_without_certificates_is_refused_by_name() -> Result<()> {
    let office = Office::open(Oddity::None)?;
    let path = office.desktop.home().root().join("empty.pem");
    fs::write(&path, "nothing\n")?;
    let daypass = office
        .daypass
        .clone()
        .with("AWS_CA_BUNDLE", &path.display().to_string());
    let said = office.refused(&daypass, "certificate_untrusted")?;
    ensure!(
        said.contains("empty.pem") && said.contains("no certificate"),
        "{said}"
    );
    ensure!(office.gateway.asked().is_empty(), "it went on without them");
    Ok(())
}

#[test]
fn a_proxy_that_wants_a_password_is_explained_and_gets_one() -> Result<()> {
    // jo:canary-word
    let office = Office::with(|manners| manners.password = Some("Basic am86Y2FuYXJ5LXdvcmQ="))?;
    let trusting = office
        .daypass
        .clone()
        .with("AWS_CA_BUNDLE", &office.authority()?);
    let said = office.refused(&trusting, "proxy_failed")?;
    ensure!(said.contains("407") && said.contains("password"), "{said}");
    let (scheme, rest) = ("http://", office.gateway.address());
    let with = |name: &str| format!("{scheme}{name}@{}", rest.trim_start_matches(scheme));
    let wrong = trusting
        .clone()
        .with("HTTPS_PROXY", &with("jo:canary-other"));
    let said = office.refused(&wrong, "proxy_failed")?;
    ensure!(!said.contains("canary"), "a password is shown: {said}");
    office.all_works(&trusting.with("HTTPS_PROXY", &with("jo:canary-word")))
}

#[test]
fn a_proxy_that_is_down_or_refuses_is_told_from_a_missing_network() -> Result<()> {
    let office = Office::with(|manners| manners.refuses = Some(503))?;
    office.refused(&office.daypass, "proxy_failed")?;
    let down = office
        .daypass
        .clone()
        .with("HTTPS_PROXY", "http://127.0.0.1:9");
    let said = office.refused(&down, "proxy_failed")?;
    ensure!(said.contains("http://127.0.0.1:9"), "{said}");
    let odd = office
        .daypass
        .clone()
        .with("HTTPS_PROXY", "socks5://127.0.0.1:9");
    office.refused(&odd, "proxy_failed").map(drop)
}

#[test]
fn what_stays_on_this_machine_never_goes_through_the_proxy() -> Result<()> {
    let office = Office::open(Oddity::None)?;
    let local = office.daypass.clone().at(&office.portal);
    let local = local.with("HTTP_PROXY", &office.gateway.address());
    local.sign_in("work")?;
    local.ok(&["list", "--refresh"])?;
    let asked = office.gateway.asked();
    ensure!(asked.is_empty(), "{asked:?}");
    Ok(())
}

#[test]
fn an_organisations_own_address_leads_to_its_portal_by_one_redirect() -> Result<()> {
    let office = Office::open(Oddity::None)?;
    let trusting = office
        .daypass
        .clone()
        .with("AWS_CA_BUNDLE", &office.authority()?);
    let add = |name: &str, address: &str| {
        let words = ["session", "add", name, "--start-url", address];
        let further = ["--region", "eu-central-1", "--storage", "shared"];
        trusting.run(&[&words[..], &further[..]].concat())
    };
    add("own", "https://aws.example.com/#/")?
        .code(0)?
        .says("https://aws.example.com leads to")?
        .says(START_URL)?;
    // A redirect to another that would lead on, a page, a host that nobody answers for.
    add("twice", "https://twice.example.com")?
        .code(2)?
        .says("not")?;
    add("page", "https://elsewhere.example.com")?
        .code(2)?
        .says("leads to none")?;
    add("gone", "https://evil-awsapps.com/start")?
        .code(5)?
        .says_what_and_what_to_do()?;
    // With the user's word the same is found out, and what leads nowhere is taken as it stands.
    let allow = |name: &str, address: &str| {
        let words = ["session", "add", name, "--start-url", address];
        let further = ["--region", "eu-central-1", "--allow-custom-portal"];
        trusting.run(&[&words[..], &further[..]].concat())?.code(0)
    };
    allow("allowed", "https://aws.example.com")?.says("leads to")?;
    allow("elsewhere", "https://elsewhere.example.com/start")?;
    let sessions = trusting.json(&["session", "list", "--json"])?;
    let sessions = sessions["sessions"].as_array().context("no sessions")?;
    let stored: Vec<_> = sessions
        .iter()
        .map(|it| (it["name"].as_str(), it["start_url"].as_str()))
        .collect();
    let expected = [
        (Some("work"), Some(START_URL)),
        (Some("own"), Some(START_URL)),
        (Some("allowed"), Some(START_URL)),
        (
            Some("elsewhere"),
            Some("https://elsewhere.example.com/start"),
        ),
    ];
    ensure!(stored == expected, "{stored:?}");
    let asked = office.gateway.asked();
    let times = |host: &str| asked.iter().filter(|it| it.starts_with(host)).count();
    ensure!(times("aws.example.com:443") == 2, "{asked:?}");
    ensure!(times("twice.example.com:443") == 1, "{asked:?}");
    ensure!(times("d-0000000000.awsapps.com") == 0, "{asked:?}");
    Ok(())
}
