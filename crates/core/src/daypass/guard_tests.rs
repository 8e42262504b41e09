//! What is protected asks, whoever protected it, and however it is opened.

use super::*;
use crate::accounts::Assignment;
use crate::accounts::labels::{NONE, Rule, Subject};
use crate::aws_config::{OnConflict, Prune, Style, Target};
use crate::credentials::Format;
use crate::host::files::{self, Mode};
use crate::host::{Clock, Env};
use crate::settings::ProfileKeys;

const ID: &str = "000000000001";

fn open(folder: &std::path::Path) -> Daypass {
    let env = Env::table::<String, String>([]);
    let host = Host::fake(folder, env, Clock::real());
    std::fs::create_dir_all(&host.paths.config).unwrap();
    let settings = host.paths.config.join("settings.toml");
    if !settings.exists() {
        let text = "[sessions.work]\nstart_url = \"https://d-0000000000.awsapps.com/start\"\n\
                    region = \"eu-central-1\"\n";
        files::replace(&settings, text.as_bytes(), Mode::Keep).unwrap();
        let list = crate::accounts::AccountList {
            accounts: vec![account("1", "payments-prod"), account("2", "analytics")],
            complete: true,
            ..Default::default()
        };
        let url = "https://d-0000000000.awsapps.com/start";
        copy::save(&host, "work", url, &list).unwrap();
    }
    Daypass::open(host).unwrap()
}

fn account(digit: &str, name: &str) -> crate::accounts::Account {
    crate::accounts::Account {
        id: format!("{digit:0>12}"),
        name: Some(name.into()),
        email: None,
        roles: crate::accounts::Roles::Read(vec!["Admin".into()]),
    }
}

fn assignment(id: &str) -> Assignment {
    Assignment {
        session: "work".into(),
        account_id: id.into(),
        role: "Admin".into(),
    }
}

fn rule() -> Rule {
    Rule {
        account: Some("*prod".into()),
        label: Some("prod".into()),
        ..Rule::default()
    }
}

/// Whether the console, its link, serving and a profile are refused for being protected.
async fn asks(daypass: &Daypass, id: &str, consent: Consent) -> Vec<bool> {
    let wish = ConsoleWish::default();
    let request = ProfileRequest {
        assignment: assignment(id),
        target: Target::Proposed,
        region: None,
        output: None,
        otherwise: ProfileKeys::default(),
        style: StyleChoice::Only(Style::Process),
        settings: Vec::new(),
        on_conflict: OnConflict::Refuse,
    };
    let link = daypass.console_link(&assignment(id), &wish, consent).await;
    let opened = daypass.open_console(&assignment(id), &wish, consent).await;
    let told = daypass.open_console_or_tell(&assignment(id), consent).await;
    let wanted = assignment(id);
    let served = daypass.serve(&wanted, SERVED_BY_DEFAULT, consent).await;
    let terminal = daypass.open_terminal(&wanted, consent).await;
    // With consent the file would be written: that is another test's matter.
    let written = match consent {
        Consent::Given => None,
        Consent::NotAsked => daypass.write_profile(&request, consent).await.err(),
    };
    let copied = daypass
        .copy_credentials(&wanted, Format::Env, consent)
        .await;
    let got = [link.err(), opened.err(), told.err(), served.err()];
    let errors: Vec<_> = got
        .into_iter()
        .chain([copied.err(), terminal.err(), written])
        .collect();
    let refused = errors
        .iter()
        .flatten()
        .map(|it| it.code() == Code::Protected);
    refused.collect()
}

#[tokio::test]
async fn whatever_is_protected_asks_in_core() {
    let folder = tempfile::tempdir().unwrap();
    let daypass = open(folder.path());
    daypass.set_rules(vec![rule()]).await.unwrap();
    assert_eq!(asks(&daypass, ID, Consent::NotAsked).await, [true; 7]);
    assert_eq!(asks(&daypass, ID, Consent::Given).await, [false; 6]);
    let other = asks(&daypass, "000000000002", Consent::NotAsked).await;
    assert!(other.iter().all(|it| !it), "{other:?}");
    let failure = daypass.snapshot().session("work").unwrap().failure.clone();
    assert!(
        failure.is_none_or(|it| it.code != Code::Protected),
        "told as a failure"
    );
}

#[tokio::test]
async fn what_another_process_protects_is_protected_here() {
    let folder = tempfile::tempdir().unwrap();
    let (here, there) = (open(folder.path()), open(folder.path()));
    assert!(!asks(&here, ID, Consent::NotAsked).await.contains(&true));
    there.set_rules(vec![rule()]).await.unwrap();
    assert_eq!(asks(&here, ID, Consent::NotAsked).await, [true; 7]);
    let subject = Subject::Assignment(assignment(ID));
    there.set_protected(&subject, Some(false)).await.unwrap();
    assert!(!asks(&here, ID, Consent::NotAsked).await.contains(&true));
    there.set_protected(&subject, Some(true)).await.unwrap();
    there.set_label(&subject, Some(NONE.into())).await.unwrap();
    assert_eq!(asks(&here, ID, Consent::NotAsked).await, [true; 7]);
}

#[tokio::test]
async fn a_sync_asks_for_what_would_be_new_only() {
    let folder = tempfile::tempdir().unwrap();
    let daypass = open(folder.path());
    daypass.set_rules(vec![rule()]).await.unwrap();
    let request = SyncRequest {
        chosen: None,
        sessions: vec!["work".into()],
        template: None,
        region: None,
        output: None,
        otherwise: ProfileKeys::default(),
        style: StyleChoice::Only(Style::Process),
        prune: Prune::Keep,
    };
    let plan = daypass.plan_sync(&request).await.unwrap();
    assert_eq!(plan.protected(), [assignment(ID)]);
    let refused = daypass
        .apply_sync(plan, Consent::NotAsked)
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::Protected);
    assert!(daypass.profiles().await.unwrap().profiles().is_empty());
    let plan = daypass.plan_sync(&request).await.unwrap();
    daypass.apply_sync(plan, Consent::Given).await.unwrap();
    let plan = daypass.plan_sync(&request).await.unwrap();
    assert_eq!(plan.protected(), []);
    daypass.apply_sync(plan, Consent::NotAsked).await.unwrap();
}

#[tokio::test]
async fn hiding_keeps_only_what_rules_do_not_say() {
    let folder = tempfile::tempdir().unwrap();
    let daypass = open(folder.path());
    let account = Subject::Account {
        session: "work".into(),
        account_id: ID.into(),
    };
    let state = |daypass: &Daypass| {
        let own = daypass.snapshot().marks.choice(&account).hidden;
        (daypass.look_of_subject(&account).hidden, own)
    };
    daypass.set_hidden(&account, true).await.unwrap();
    assert_eq!(state(&daypass), (true, Some(true)));
    daypass.set_hidden(&account, false).await.unwrap();
    assert_eq!(state(&daypass), (false, None));
    let hide = Rule {
        hidden: Some(true),
        ..Rule::default()
    };
    daypass.set_rules(vec![hide]).await.unwrap();
    daypass.set_hidden(&account, false).await.unwrap();
    assert_eq!(state(&daypass), (false, Some(false)));
    daypass.set_hidden(&account, true).await.unwrap();
    assert_eq!(state(&daypass), (true, None));
}

#[tokio::test]
async fn a_change_of_looks_is_a_change_of_accounts() {
    let folder = tempfile::tempdir().unwrap();
    let daypass = open(folder.path());
    let before = daypass.snapshot().accounts_revision;
    daypass
        .set_alias("work", ID, Some(" Payments ".into()))
        .await
        .unwrap();
    let after = daypass.snapshot();
    assert!(after.accounts_revision > before);
    assert_eq!(
        after.look_of(&assignment(ID)).alias.as_deref(),
        Some("Payments")
    );
    for (id, alias) in [(ID, "a\nb"), (ID, "  "), ("1", "x")] {
        let refused = daypass.set_alias("work", id, Some(alias.into())).await;
        assert_eq!(refused.unwrap_err().code(), Code::Usage, "{id} {alias:?}");
    }
    let unknown = daypass.set_alias("gone", ID, Some("x".into())).await;
    assert_eq!(unknown.unwrap_err().code(), Code::SessionUnknown);
}
