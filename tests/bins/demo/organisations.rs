//! The two organisations of the demonstration: together some sixty accounts, named as companies
//! name theirs.

use testkit::Result;
use testkit::home::Home;
use testkit::portal::Portal;
use testkit::switchboard::Switchboard;

/// Who stands at the browser.
#[derive(Clone, Copy)]
pub(crate) enum Approval {
    /// A page asks.
    ByAPerson,
    /// Granted at once.
    AtOnce,
}

/// Both portals, and the console sign-in that they share.
pub(crate) struct Organisations {
    /// A logistics company with an account for each team and stage.
    pub(crate) harbourline: Portal,
    /// A smaller laboratory.
    pub(crate) tessera: Portal,
    signin: Switchboard,
}

/// Names under which the sessions are registered.
pub(crate) const HARBOURLINE: &str = "harbourline";
pub(crate) const TESSERA: &str = "tessera";

impl Organisations {
    /// Starts both.
    pub(crate) fn start(home: &Home, approval: Approval) -> Result<Self> {
        let browser = match approval {
            Approval::ByAPerson => "manual",
            Approval::AtOnce => "auto",
        };
        let common = ["--browser", browser, "--latency-ms", "40"];
        let harbourline = [
            "--organisation-name",
            "Harbourline Logistics",
            "--accounts",
            "38",
        ];
        let who = [
            "--user",
            "mara.lindqvist@harbourline.example",
            "--seed",
            "7",
            "--roles",
            "5",
        ];
        let harbourline = Portal::start(home, &[&common[..], &harbourline, &who].concat())?;
        let tessera = ["--organisation-name", "Tessera Labs", "--accounts", "24"];
        let who = [
            "--user",
            "mara@tessera.example",
            "--seed",
            "21",
            "--region",
            "eu-west-1",
        ];
        let tessera = Portal::start(home, &[&common[..], &tessera, &who].concat())?;
        let signin = Switchboard::start(&[harbourline.base(), tessera.base()])?;
        Ok(Self {
            harbourline,
            tessera,
            signin,
        })
    }

    /// What a program needs beside its usual environment: the portals are found by their start
    /// URLs, the console by this.
    pub(crate) fn env(&self) -> Vec<(String, String)> {
        vec![("DAYPASS_SIGNIN_ENDPOINT".to_owned(), self.signin.base())]
    }

    /// The words of `daypass session add` for both.
    pub(crate) fn registrations<'a>(&'a self, storage: &'a str) -> [Vec<&'a str>; 2] {
        [
            registration(HARBOURLINE, &self.harbourline, "eu-central-1", storage),
            registration(TESSERA, &self.tessera, "eu-west-1", storage),
        ]
    }
}

fn registration<'a>(
    name: &'a str,
    portal: &'a Portal,
    region: &'a str,
    storage: &'a str,
) -> Vec<&'a str> {
    let words = ["session", "add", name, "--start-url", portal.start_url()];
    let further = [
        "--region",
        region,
        "--storage",
        storage,
        "--allow-custom-portal",
    ];
    [&words[..], &further].concat()
}
