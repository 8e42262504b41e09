//! `session import`: what the AWS config file knows, with the sign-ins that the AWS tools made.

use serde_json::Value;
use testkit::aws_stand_in::AwsStandIn;
use testkit::canary::files_below;
use testkit::desktop::Desktop;
use testkit::scene::Scene;
use testkit::{Context, Result, ensure};

fn scene(config: &dyn Fn(&str) -> String) -> Result<Scene> {
    let scene = Scene::empty(Desktop::bare()?, &["--accounts", "4"])?;
    let text = config(scene.portal.start_url());
    scene.home().write_aws_config(text)?;
    Ok(scene)
}

fn import(scene: &Scene, further: &[&str]) -> Result<Value> {
    let words = [&["session", "import", "--json"], further].concat();
    scene.daypass.json(&words)
}

fn row<'a>(answer: &'a Value, name: &str) -> Result<&'a Value> {
    let rows = answer["sessions"].as_array().context("no sessions")?;
    let found = rows.iter().find(|it| it["name"] == name);
    found.with_context(|| format!("{name} is not in {answer}"))
}

#[test]
fn sessions_are_brought_in_and_their_sign_ins_go_on() -> Result<()> {
    let scene = scene(&|url| {
        format!(
            "[sso-session dev]\nsso_start_url = {url}\nsso_region = eu-central-1\n\n\
             [profile old]\nsso_start_url = {url}/#/\nsso_region = eu-central-1\n\
             sso_account_id = 111122223333\nsso_role_name = ReadOnly\n"
        )
    })?;
    let before = scene.home().read_aws_config()?;
    AwsStandIn::on(&scene).login("dev", scene.portal.start_url())?;

    let foreseen = import(&scene, &["--dry-run", "--allow-custom-portal"])?;
    ensure!(foreseen["dry_run"] == true, "{foreseen}");
    ensure!(
        foreseen["sessions"].as_array().map(Vec::len) == Some(1),
        "the older profile is covered: {foreseen}"
    );
    let dev = row(&foreseen, "dev")?;
    ensure!(
        dev["action"] == "added" && dev["signed_in"] == true,
        "{dev}"
    );
    let none = scene.daypass.json(&["session", "list", "--json"])?;
    ensure!(
        none["sessions"] == serde_json::json!([]),
        "a dry run did it"
    );

    let refused = import(&scene, &[])?;
    ensure!(row(&refused, "dev")?["action"] == "refused", "{refused}");
    let done = import(&scene, &["--allow-custom-portal"])?;
    let dev = row(&done, "dev")?;
    ensure!(
        dev["action"] == "added" && dev["storage"] == "shared" && dev["signed_in"] == true,
        "{dev}"
    );
    let status = scene.status("dev")?;
    ensure!(
        status["state"] == "active" && status["renewable"] == true,
        "{status}"
    );
    let wanted = scene.read_only()?.target();
    scene
        .daypass
        .run_secretly(&["credentials", &wanted])?
        .code(0)?;
    ensure!(scene.asked("CreateToken")? == 1, "somebody signed in again");
    ensure!(
        scene.home().read_aws_config()? == before,
        "the file was changed"
    );

    let again = import(&scene, &["--allow-custom-portal"])?;
    ensure!(row(&again, "dev")?["action"] == "kept", "{again}");
    scene.daypass.ok(&["logout", "dev"])?;
    // The AWS tools keep their registration; it opens nothing by itself.
    for path in files_below(&scene.home().sso_cache())? {
        let text = std::fs::read_to_string(&path)?;
        ensure!(!text.contains("accessToken"), "{} is left", path.display());
    }
    Ok(())
}

#[test]
fn what_cannot_be_brought_in_stops_nothing_else() -> Result<()> {
    let scene = scene(&|url| {
        format!(
            "[sso-session good]\nsso_start_url = {url}\nsso_region = eu-central-1\n\n\
             [sso-session con]\nsso_start_url = {url}\nsso_region = eu-central-1\n\n\
             [sso-session Good]\nsso_start_url = {url}\nsso_region = eu-central-1\n\n\
             [sso-session esc]\nsso_start_url = https://\u{1b}[31m.example/\nsso_region = x\u{7}\n\n\
             [sso-session bare]\nsso_region = eu-central-1\n"
        )
    })?;
    let answer = import(&scene, &["--allow-custom-portal"])?;
    for (name, action) in [
        ("good", "added"),
        ("con", "refused"),
        ("Good", "refused"),
        ("esc", "refused"),
        ("bare", "refused"),
    ] {
        let row = row(&answer, name)?;
        ensure!(row["action"] == action, "{row}");
        ensure!(row["reason"].is_string() == (action == "refused"), "{row}");
    }
    let words = ["session", "import", "--dry-run", "--allow-custom-portal"];
    let said = scene.daypass.ok(&words)?.stderr;
    let raw = said.chars().find(|it| it.is_control() && *it != '\n');
    ensure!(raw.is_none(), "{raw:?} reached the terminal: {said}");
    // Who names one that cannot be brought in is told by the exit code too.
    scene
        .daypass
        .run(&["session", "import", "nobody"])?
        .code(1)?
        .says("nobody")?;
    scene.daypass.run(&["session", "import", "con"])?.code(2)?;
    Ok(())
}
