//! Settings are obeyed, taken up anew by a running Daypass, and never lost.

use super::*;
use crate::accounts::labels::{Rule, Subject};
use crate::accounts::{AccountList, Roles};
use crate::aws_config::{OnConflict, Prune, Style, Target};
use crate::host::files::{self, Mode};
use crate::host::{Clock, Env};
use crate::session::keeper::Wake;
use crate::settings::Theme;

const URL: &str = "https://d-0000000000.awsapps.com/start";
const WORK: &str = "[sessions.work]\nstart_url = \"https://d-0000000000.awsapps.com/start\"\n\
                    region = \"eu-central-1\"\nstorage = \"shared\"\n";

fn host(folder: &std::path::Path, organisation: &str, own: &str) -> Host {
    let host = Host::fake(folder, Env::table::<String, String>([]), Clock::real());
    write(&host.paths.organisation, organisation);
    write(&settings::path(&host), own);
    let account = crate::accounts::Account {
        id: "000000000001".into(),
        name: Some("payments".into()),
        email: None,
        roles: Roles::Read(vec!["Admin".into()]),
    };
    let list = AccountList {
        accounts: vec![account],
        complete: true,
        ..AccountList::default()
    };
    copy::save(&host, "work", URL, &list).unwrap();
    host
}

fn write(path: &std::path::Path, text: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    if !text.is_empty() {
        files::replace(path, text.as_bytes(), Mode::Keep).unwrap();
    }
}

fn assignment() -> Assignment {
    Assignment {
        session: "work".into(),
        account_id: "000000000001".into(),
        role: "Admin".into(),
    }
}

fn request() -> ProfileRequest {
    ProfileRequest {
        assignment: assignment(),
        target: Target::Proposed,
        region: None,
        output: None,
        otherwise: crate::settings::ProfileKeys::default(),
        style: StyleChoice::OfSession,
        settings: Vec::new(),
        on_conflict: OnConflict::Refuse,
    }
}

#[tokio::test]
async fn new_profiles_say_what_the_settings_say_where_nothing_else_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let profiles = "[profiles]\ntemplate = \"{session}.{role}\"\nregion = \"eu-west-3\"\n\
                    output = \"yaml\"\nstyle = \"process\"\n";
    let daypass = Daypass::open(host(folder.path(), "", &format!("{profiles}{WORK}"))).unwrap();
    let shown = daypass.preview_profile(&request()).await.unwrap();
    assert_eq!(
        (shown.name.as_str(), shown.style),
        ("work.admin", Style::Process)
    );
    for line in ["region = eu-west-3", "output = yaml"] {
        assert!(shown.unified.contains(line), "{}", shown.unified);
    }
    let asked = ProfileRequest {
        region: Some("us-east-1".into()),
        style: StyleChoice::Only(Style::Sso),
        ..request()
    };
    let shown = daypass.preview_profile(&asked).await.unwrap();
    assert_eq!(shown.style, Style::Sso);
    assert!(shown.unified.contains("region = us-east-1") && !shown.unified.contains("eu-west-3"));
    let all = SyncRequest {
        sessions: vec!["work".into()],
        chosen: None,
        template: None,
        region: None,
        output: None,
        otherwise: crate::settings::ProfileKeys::default(),
        style: StyleChoice::OfSession,
        prune: Prune::Keep,
    };
    let sync = daypass.plan_sync(&all).await.unwrap();
    let unified = sync.plan().unified();
    for line in [
        "[profile work.admin]",
        "region = eu-west-3",
        "output = yaml",
        "credential_process",
    ] {
        assert!(unified.contains(line), "{unified}");
    }
    daypass
        .set_setting("profiles.template", Some("{nothing}"))
        .await
        .unwrap_err();
    daypass
        .set_setting("profiles.template", None)
        .await
        .unwrap();
    let shown = daypass.preview_profile(&request()).await.unwrap();
    assert_eq!(shown.name, "payments-admin");
}

#[tokio::test]
async fn a_change_by_hand_is_taken_up_by_the_next_look_and_a_mistake_keeps_what_was() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(folder.path(), "", WORK);
    let daypass = Daypass::open(host.clone()).unwrap();
    let mut keeper = daypass.keeper();
    let file = settings::path(&host);
    write(&file, &format!("[appearance]\ntheme = \"dark\"\n{WORK}"));
    keeper.round(Wake::Files).await;
    assert_eq!(daypass.snapshot().theme, Theme::Dark);
    write(&file, "[appearance\n");
    keeper.round(Wake::Files).await;
    let snapshot = daypass.snapshot();
    let failure = snapshot.settings_failure.clone().unwrap();
    assert_eq!(
        (failure.code, snapshot.theme),
        (Code::SettingsBroken, Theme::Dark)
    );
    assert!(
        failure.message.contains("settings.toml, line 1"),
        "{failure:?}"
    );
    assert!(snapshot.session("work").is_some());
    let revision = snapshot.sessions_revision;
    keeper.round(Wake::Time).await;
    assert_eq!(
        daypass.snapshot().sessions_revision,
        revision,
        "it is said once"
    );
    write(&file, WORK);
    keeper.round(Wake::Files).await;
    let snapshot = daypass.snapshot();
    assert_eq!(
        (snapshot.settings_failure.clone(), snapshot.theme),
        (None, Theme::Auto)
    );
}

#[tokio::test]
async fn the_application_starts_beside_a_file_that_it_cannot_read_and_takes_it_up_once_it_can() {
    let folder = tempfile::tempdir().unwrap();
    let organisation = format!(
        "locked = [\"appearance.theme\"]\n[appearance]\ntheme = \"light\"\n{}",
        WORK.replace("work", "org")
    );
    let host = host(folder.path(), &organisation, "sessions = [");
    assert_eq!(
        Daypass::open(host.clone()).err().map(|it| it.code()),
        Some(Code::SettingsBroken)
    );
    let daypass = Daypass::open_anyway(host.clone()).unwrap();
    let snapshot = daypass.snapshot();
    assert!(snapshot.settings_failure.is_some() && snapshot.session("org").is_some());
    assert_eq!(snapshot.theme, Theme::Light);
    let refused = daypass.set_setting("appearance.language", Some("de")).await;
    assert_eq!(refused.unwrap_err().code(), Code::SettingsBroken);
    let file = settings::path(&host);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "sessions = [");
    write(&file, WORK);
    daypass.keeper().round(Wake::Files).await;
    let snapshot = daypass.snapshot();
    assert!(snapshot.settings_failure.is_none() && snapshot.session("work").is_some());
    assert_eq!(snapshot.lists["work"].accounts.len(), 1, "with its list");
    let view = daypass.settings_view();
    assert_eq!(
        view.organisation.as_deref(),
        Some(host.paths.organisation.as_path())
    );
    let locked: Vec<_> = view
        .choices
        .iter()
        .filter(|it| it.locked)
        .map(|it| it.place)
        .collect();
    assert_eq!(locked, ["appearance.theme"]);
    let refused = daypass.set_setting("appearance.theme", Some("dark")).await;
    assert_eq!(refused.unwrap_err().code(), Code::SetByOrganisation);
}

#[tokio::test]
async fn what_an_organisation_guards_no_choice_of_a_user_opens() {
    let folder = tempfile::tempdir().unwrap();
    let organisation = "locked = [\"rules\"]\n[[rules]]\naccount = \"pay*\"\nlabel = \"prod\"\n";
    let own = format!("[[rules]]\naccount = \"*\"\nprotected = false\nlabel = \"dev\"\n{WORK}");
    let daypass = Daypass::open(host(folder.path(), organisation, &own)).unwrap();
    let (rules, locked) = daypass.organisation_rules();
    assert_eq!((rules.len(), locked), (1, true));
    assert_eq!(rules[0].account.as_deref(), Some("pay*"));
    let account = Subject::Account {
        session: "work".into(),
        account_id: "000000000001".into(),
    };
    let row = Subject::Assignment(assignment());
    for subject in [&account, &row] {
        let refused = daypass
            .set_protected(subject, Some(false))
            .await
            .unwrap_err();
        assert_eq!(refused.code(), Code::SetByOrganisation, "{refused:?}");
        let refused = daypass
            .set_label(subject, Some("dev".into()))
            .await
            .unwrap_err();
        assert_eq!(refused.code(), Code::SetByOrganisation, "{refused:?}");
    }
    // Also not one that was made before, or by hand.
    daypass
        .choose(&row, |it| it.protected = Some(false))
        .await
        .unwrap();
    daypass
        .choose(&account, |it| it.label = Some("dev".into()))
        .await
        .unwrap();
    let look = daypass.look_of(&assignment());
    assert!(look.protected && look.label.is_some_and(|it| it.word == "prod"));
    // What is not said there stays the user's.
    daypass.set_hidden(&row, true).await.unwrap();
    assert!(daypass.look_of(&assignment()).hidden);
    let more = vec![Rule {
        account: Some("pay*".into()),
        protected: Some(false),
        ..Rule::default()
    }];
    daypass.set_rules(more.clone()).await.unwrap();
    assert_eq!(
        daypass.rules(),
        more,
        "the organisation's are not taken for one's own"
    );
    assert!(daypass.look_of(&assignment()).protected);
}

#[tokio::test]
async fn the_password_of_a_proxy_is_not_among_what_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let own = "[network]\nproxy = \"http://mara:hunter2@proxy:3128\"\n";
    let daypass = Daypass::open(host(folder.path(), "", own)).unwrap();
    let view = daypass.settings_view();
    assert!(!format!("{view:?}").contains("hunter2"), "{view:?}");
    let proxy = view.choices.iter().find(|it| it.place == "network.proxy");
    assert_eq!(proxy.unwrap().text.as_deref(), Some("http://…@proxy:3128"));
    daypass.open_settings().await.unwrap();
    let opened = daypass.host().opener.recorded();
    assert!(
        opened.len() == 1 && opened[0].contains("settings.toml"),
        "{opened:?}"
    );
}
