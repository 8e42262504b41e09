//! What the tray's menu offers to open, and the ink of its icon: both follow what changes elsewhere.

use crate::tray::{InTray, in_tray, in_tray_with};
use serde_json::json;
use std::thread;
use std::time::Duration;
use testkit::application::{self, Application};
use testkit::colours::{Colours, Scheme};
use testkit::desktop::Desktop;
use testkit::scene::{Assignment, Scene, Storage};
use testkit::waiting::{PATIENCE, until_true};
use testkit::{Context, Result, ensure, real_panel};

/// The key, as WebDriver writes it.
const ENTER: &str = "\u{e007}";

impl InTray {
    fn signs_in(&self) -> Result<()> {
        self.choose("Sign in to work")?;
        self.browser_ended_well(1)?;
        self.wait_for_status(": signed in")
    }

    /// Opens a console on the command line, so that the tray offers it.
    fn uses(&self, of: &Assignment) -> Result<()> {
        self.scene.daypass.ok(&["console", &of.target()]).map(drop)
    }

    fn waits_for_exactly(&self, line: &str) -> Result<()> {
        let host = self.scene.desktop.tray_host()?;
        let found = host.wait_for_entry(&self.item, line, |entry| entry.label == line);
        found.map(drop).with_context(|| self.outline())
    }
}

#[test]
fn lines_look_as_their_rows_do_now_and_the_protected_one_asks_first() -> Result<()> {
    let tray = in_tray(&[])?;
    tray.signs_in()?;
    let wanted = tray.scene.read_only()?;
    tray.uses(&wanted)?;
    let plain = format!("{} · {}", wanted.name, wanted.role);
    tray.waits_for_exactly(&plain)?;

    let rule = |gives: &str| format!("[[rules]]\naccount = \"{}\"\n{gives}\n", wanted.account);
    tray.scene.rules(&rule("label = \"dev\""))?;
    tray.waits_for_exactly(&format!("○ {plain} · dev"))?;
    tray.scene.rules(&rule("label = \"prod\""))?;
    let guarded = format!("■ {plain} · prod…");
    tray.waits_for_exactly(&guarded)?;

    let visits = tray.scene.desktop.browser()?.asked()?.len();
    tray.choose(&guarded)?;
    until_true(PATIENCE, "the panel with the question", || {
        real_panel::has_window(&tray.scene.desktop, "Daypass")
    })?;
    ensure!(
        tray.scene.desktop.browser()?.asked()?.len() == visits,
        "it did not ask first"
    );

    tray.scene
        .rules(&rule("label = \"prod\"\nprotected = false"))?;
    tray.waits_for_exactly(&format!("■ {plain} · prod"))?;
    tray.choose(&format!("■ {plain}"))?;
    tray.browser_ended_well(visits + 1)?;
    tray.scene.search(&tray.scene.canaries()?)
}

#[test]
fn a_chained_role_is_offered_by_its_own_name_and_opens() -> Result<()> {
    let tray = in_tray(&[])?;
    tray.signs_in()?;
    let base = tray.scene.read_only()?.target();
    let arn = "arn:aws:iam::444455556666:role/Deploy";
    let trust = json!({ "roles": [{ "arn": arn, "trusts": [base] }] });
    tray.scene.portal.tell("roles", &trust)?;
    let add = [
        "chain",
        "add",
        &base,
        "--role-arn",
        arn,
        "--name",
        "nightly",
    ];
    tray.scene.daypass.ok(&add)?;
    tray.scene.daypass.ok(&["console", "nightly"])?;
    tray.browser_ended_well(2)?;
    tray.waits_for_exactly("444455556666 · nightly")?;
    tray.choose("444455556666 · nightly")?;
    tray.browser_ended_well(3)?;
    let visit = tray.scene.desktop.browser()?.wait_for(3)?;
    ensure!(
        visit.page.contains("Deploy"),
        "another role: {}",
        visit.page
    );
    ensure!(tray.scene.asked("AssumeRole")? == 1, "assumed again");
    tray.scene.search(&tray.scene.canaries()?)
}

/// The panel has to be made for the first click; for the second it is there, on another page.
#[test]
fn a_protected_line_leads_to_its_question_with_and_without_a_panel() -> Result<()> {
    let scene = Scene::empty(Desktop::full()?, &["--accounts", "6"])?;
    scene.add_session("work", Storage::Keychain)?;
    scene.daypass.sign_in("work")?;
    let wanted = scene.read_only()?;
    scene.daypass.ok(&["console", &wanted.target()])?;
    scene.rules("[[rules]]\nprotected = true\n")?;
    let starting = application::start(&scene.desktop, &scene.portal.env())?;
    let host = scene.desktop.tray_host()?;
    let item = host.item()?;
    let line = format!("{} · {}…", wanted.name, wanted.role);
    host.choose(&item, &line)?;
    let application = Application::open(starting)?;
    application.says("guard", &wanted.name)?;
    application.says("guard", &wanted.role)?;
    application.click("guard-cancel")?;

    host.choose(&item, "Settings…")?;
    application.web.wait_for("[data-testid=settings-looks]")?;
    application.click("settings-looks")?;
    application.web.wait_for("[data-testid=looks-page]")?;
    host.choose(&item, "Search…")?;
    let search = "return document.activeElement?.dataset.testid === 'search'";
    until_true(PATIENCE, "the search", || {
        Ok(application.web.script(search, &[])? == true)
    })?;
    host.choose(&item, &line)?;
    application.says("guard", &wanted.name)?;
    let visits = scene.desktop.browser()?.asked()?.len();
    // An Enter that comes at once could be a finger that was still on its way.
    thread::sleep(Duration::from_millis(600));
    application.web.type_into("[data-testid=guard-go]", ENTER)?;
    let visit = scene.desktop.browser()?.wait_for(visits + 1)?;
    ensure!(visit.status == 200, "{}: {}", visit.landed, visit.page);
    Ok(())
}

#[test]
fn hostile_names_are_plain_lines_that_still_work() -> Result<()> {
    let tray = in_tray(&[])?;
    let names = [
        (
            "000000000001",
            "pay\u{202e}dorp".to_owned(),
            "pay[U+202E]dorp",
        ),
        (
            "000000000002",
            "line\nbreak".to_owned(),
            "line[U+000A]break",
        ),
        ("000000000003", "tom & jerry_a".to_owned(), "tom & jerry_a"),
        ("000000000004", "<b>bold</b>".to_owned(), "<b>bold</b>"),
        (
            "000000000005",
            "x".repeat(9_000),
            &*format!("{}…", "x".repeat(40)),
        ),
    ]
    .map(|(id, name, shown)| (id, name, shown.to_owned()));
    let accounts = names
        .iter()
        .map(|(id, name, _)| json!({ "id": id, "name": name, "roles": ["ReadOnly"] }));
    let accounts: Vec<_> = accounts.collect();
    tray.scene
        .portal
        .tell("accounts", &json!({ "accounts": accounts }))?;
    tray.signs_in()?;
    for (id, name, shown) in &names {
        tray.uses(&Assignment {
            account: (*id).to_owned(),
            name: name.clone(),
            role: "ReadOnly".to_owned(),
        })?;
        tray.waits_for_exactly(&format!("{shown} · ReadOnly"))?;
    }
    let visits = tray.scene.desktop.browser()?.asked()?.len();
    tray.choose("tom & jerry_a · ReadOnly")?;
    tray.browser_ended_well(visits + 1)
}

#[test]
fn the_menu_leads_to_the_search_and_to_the_settings() -> Result<()> {
    for line in ["Search…", "Settings…"] {
        let tray = in_tray(&[])?;
        tray.choose(line)?;
        until_true(PATIENCE, "the panel", || {
            real_panel::has_window(&tray.scene.desktop, "Daypass")
        })?;
    }
    Ok(())
}

/// How light the opaque pixels of the icon are, the darkest and the lightest, from 0 to 255.
fn lights(tray: &InTray) -> Result<(u8, u8)> {
    let pictures = tray.scene.desktop.tray_host()?.pixels(&tray.item)?;
    let (_, _, bytes) = pictures.first().context("no icon")?;
    let opaque = bytes.chunks_exact(4).filter(|argb| argb[0] > 240);
    let lights: Vec<u8> = opaque.map(|argb| argb[2]).collect();
    let darkest = lights.iter().min().context("an empty icon")?;
    let lightest = lights.iter().max().context("an empty icon")?;
    Ok((*darkest, *lightest))
}

#[test]
fn the_icon_stands_out_on_the_desktops_panel() -> Result<()> {
    let desktop = Desktop::full()?;
    let colours = Colours::serve(desktop.bus()?, Scheme::Dark)?;
    let scene = Scene::empty(desktop, &["--accounts", "2"])?;
    scene.add_session("work", Storage::Keychain)?;
    let tray = in_tray_with(scene, &[("XDG_CURRENT_DESKTOP", "XFCE")])?;
    let becomes = |what: &str, fits: fn((u8, u8)) -> bool| {
        until_true(PATIENCE, what, || Ok(fits(lights(&tray)?)))
            .with_context(|| format!("{:?}", lights(&tray)))
    };
    becomes("a light glyph", |(darkest, _)| darkest > 200)?;
    colours.turn(Scheme::Light)?;
    becomes("a dark glyph", |(_, lightest)| lightest < 60)?;
    colours.turn(Scheme::Unknown)?;
    becomes("a glyph for any panel", |(darkest, lightest)| {
        darkest < 110 && lightest > 200
    })
}
