//! The whole job in the real application: from an empty window to a console, a profile that AWS's
//! own tools use, and the tray; each state on a picture.

use testkit::application::{self, Application};
use testkit::aws_clients::Client;
use testkit::browser::Following;
use testkit::desktop::Desktop;
use testkit::http;
use testkit::notifications::Buttons;
use testkit::scene::{Assignment, Scene};
use testkit::tray_host::{Address, outline};
use testkit::waiting::{PATIENCE, until_true};
use testkit::{Result, ensure, screenshot};

/// One person at one desktop; dropped in this order.
struct Person {
    application: Application,
    visits: usize,
    item: Address,
    scene: Scene,
}

impl Person {
    /// Starts the application in the tray and clicks on its icon.
    fn sits_down(options: &[&str]) -> Result<Self> {
        let desktop = Desktop::with_keyring()?
            .and_screen("900x760")?
            .and_browser(Following::Nothing)?
            .and_notifications(Buttons::Shown)?
            .and_tray_host()?;
        let scene = Scene::empty(desktop, options)?;
        let starting = application::start(&scene.desktop, &scene.portal.env())?;
        let item = scene.desktop.tray_host()?.item()?;
        scene.desktop.tray_host()?.activate(&item)?;
        let application = Application::open(starting)?;
        Ok(Self {
            application,
            visits: 0,
            item,
            scene,
        })
    }

    fn picture(&self, name: &str) -> Result<()> {
        let picture = screenshot::take(&self.scene.desktop, "desktop", name)?;
        screenshot::shows_something(&self.scene.desktop, &picture)
    }

    /// Goes where the browser was sent; the address on its command line and the page at the end.
    fn follows(&mut self) -> Result<(String, String)> {
        self.visits += 1;
        let address = self.scene.desktop.browser()?.wait_for_asked(self.visits)?;
        let visit = http::visit(&address)?;
        let page = visit.landed.text();
        ensure!(
            visit.landed.status == 200,
            "the browser ended at {}: {page}",
            visit.address()
        );
        Ok((address, page))
    }

    fn signs_in_for_the_first_time(&mut self) -> Result<()> {
        self.application.wait_for_welcome()?;
        self.picture("1-welcome")?;
        let start_url = self.scene.portal.start_url().to_owned();
        self.application
            .add_portal("work", &start_url, "eu-central-1")?;
        self.application.wait_for_signing_in()?;
        self.picture("2-signing-in")?;
        let (address, _) = self.follows()?;
        ensure!(address.starts_with(self.scene.portal.base()), "{address}");
        self.application
            .wait_for_pass("work", "Renews automatically")?;
        ensure!(
            self.scene.status("work")?["storage"] == "keychain",
            "another storage"
        );
        Ok(())
    }

    fn finds(&self, wanted: &Assignment) -> Result<()> {
        self.application.wait_for_rows(5)?;
        self.picture("3-list")?;
        let all = self.application.rows()?;
        self.application
            .search(&format!("{} readonly", wanted.name))?;
        until_true(PATIENCE, "fewer rows", || {
            let rows = self.application.rows()?;
            Ok(rows >= 1 && rows < all)
        })?;
        self.picture("4-search")
    }

    fn opens_the_console(&mut self, wanted: &Assignment) -> Result<()> {
        self.application.open_console(wanted)?;
        self.lands_in_the_console(wanted)?;
        self.picture("5-console-opened")
    }

    fn lands_in_the_console(&mut self, wanted: &Assignment) -> Result<()> {
        let (address, page) = self.follows()?;
        ensure!(address.starts_with("http://127.0.0.1:"), "{address}");
        ensure!(
            !address.contains("SigninToken"),
            "a secret on a command line: {address}"
        );
        ensure!(
            page.contains(&wanted.account) && page.contains(&wanted.role),
            "{page}"
        );
        Ok(())
    }

    fn writes_a_profile(&self, wanted: &Assignment) -> Result<()> {
        self.application.preview_profile(wanted)?;
        self.application.fill("profile-name", "it")?;
        self.application.fill("profile-region", "eu-central-1")?;
        self.application.says("diff", "[profile it]")?;
        self.application.says("diff", "region = eu-central-1")?;
        self.picture("6-profile-preview")?;
        ensure!(
            !self.scene.home().aws_config().exists(),
            "the preview wrote"
        );
        self.application.click("profile-write")?;
        self.application.says("toast", "it")?;
        self.picture("7-profile-written")?;
        for client in [Client::CommandLine, Client::Python] {
            let identity = client.caller_identity("it", self.scene.daypass.env())?;
            ensure!(
                identity["Account"] == wanted.account.as_str(),
                "{client:?}: {identity}"
            );
        }
        Ok(())
    }

    fn uses_the_tray(&mut self, wanted: &Assignment) -> Result<()> {
        let host = self.scene.desktop.tray_host()?;
        let line = format!("{} · {}", wanted.name, wanted.role);
        host.wait_for_entry(&self.item, &line, |entry| entry.label == line)?;
        let menu = outline(&host.menu(&self.item)?);
        let path = testkit::places::artefacts()?.join("desktop/8-tray-menu.txt");
        std::fs::write(path, menu)?;
        host.choose(&self.item, &line)?;
        self.lands_in_the_console(wanted)
    }
}

#[test]
fn from_an_empty_window_to_a_console_and_a_profile() -> Result<()> {
    let mut person = Person::sits_down(&["--accounts", "40"])?;
    person.signs_in_for_the_first_time()?;
    let wanted = person.scene.read_only()?;
    person.finds(&wanted)?;
    person.opens_the_console(&wanted)?;
    person.writes_a_profile(&wanted)?;
    person.uses_the_tray(&wanted)?;
    let canaries = person.scene.canaries()?;
    let page = person
        .application
        .web
        .script("return document.documentElement.outerHTML", &[])?;
    canaries.absent_from("the page", &page.to_string())?;
    person.scene.search(&canaries)
}

#[test]
fn a_sign_in_that_is_given_up_leaves_the_window_as_it_was() -> Result<()> {
    let person = Person::sits_down(&["--accounts", "4"])?;
    let start_url = person.scene.portal.start_url().to_owned();
    person
        .application
        .add_portal("work", &start_url, "eu-central-1")?;
    person.application.wait_for_signing_in()?;
    let address = person.scene.desktop.browser()?.wait_for_asked(1)?;
    person.application.click("cancel-sign-in")?;
    person.application.wait_for_pass("work", "Sign in")?;
    let redirect = http::query(&address, "redirect_uri").unwrap_or_default();
    until_true(PATIENCE, "the listener to be gone", || {
        Ok(http::get(&redirect).is_err())
    })
}

#[test]
fn a_device_code_is_shown_before_any_page_opens() -> Result<()> {
    let person = Person::sits_down(&["--accounts", "4", "--device-interval", "1"])?;
    let start_url = person.scene.portal.start_url().to_owned();
    person
        .application
        .add_portal("work", &start_url, "eu-central-1")?;
    person.application.wait_for_signing_in()?;
    person.scene.desktop.browser()?.wait_for_asked(1)?;
    person.application.click("use-code")?;
    person.application.says("user-code", "-")?;
    person.picture("device-code")?;
    ensure!(
        person.scene.desktop.browser()?.asked()?.len() == 1,
        "a page opened by itself"
    );
    person.application.click("open-page")?;
    let page = person.scene.desktop.browser()?.wait_for_asked(2)?;
    http::visit(&page)?;
    person
        .application
        .wait_for_pass("work", "Renews automatically")
        .map(drop)
}

#[test]
fn the_page_can_do_nothing_that_is_not_its_own() -> Result<()> {
    let person = Person::sits_down(&["--accounts", "2"])?;
    let web = &person.application.web;
    web.wait_for("[data-testid=\"start-url\"]")?;
    for command in [
        "plugin:shell|open",
        "plugin:fs|read_file",
        "plugin:opener|open_url",
        "no_such",
    ] {
        web.script(
            "window.refused = null; window.__TAURI_INTERNALS__.invoke(arguments[0], {})\
             .then(() => window.refused = false, () => window.refused = true)",
            &[command.into()],
        )?;
        until_true(PATIENCE, "an answer", || {
            Ok(!web.script("return window.refused", &[])?.is_null())
        })?;
        ensure!(
            web.script("return window.refused", &[])? == true,
            "{command} was carried out"
        );
    }
    stays_at_home(&person)
}

/// Neither the page nor what is smuggled into it reaches an address of its own choice.
fn stays_at_home(person: &Person) -> Result<()> {
    let web = &person.application.web;
    let before = person.scene.portal.ask("stats")?["operations"].clone();
    let attempts = "window.reached = []; \
         fetch(arguments[0]).then(() => window.reached.push('fetch'), () => {}); \
         new Image().src = arguments[0]; \
         const script = document.createElement('script'); \
         script.textContent = 'window.reached.push(\"inline\")'; document.head.append(script);";
    let elsewhere = person.scene.portal.start_url();
    web.script(attempts, &[elsewhere.into()])?;
    let address = web.script("return location.href", &[])?;
    web.script("location.href = arguments[0]", &[elsewhere.into()])?;
    std::thread::sleep(std::time::Duration::from_millis(700));
    ensure!(
        web.script("return location.href", &[])? == address,
        "the page went elsewhere"
    );
    ensure!(
        web.script("return window.reached", &[])? == serde_json::json!([]),
        "it got through"
    );
    let after = person.scene.portal.ask("stats")?["operations"].clone();
    ensure!(
        without_control(before) == without_control(after),
        "the portal was reached"
    );
    Ok(())
}

/// The counts of the portal's operations, without those of its control API.
fn without_control(mut counts: serde_json::Value) -> serde_json::Value {
    if let Some(counts) = counts.as_object_mut() {
        counts.retain(|operation, _| !operation.contains("sim"));
    }
    counts
}

#[test]
fn profiles_of_what_some_words_find_are_written_at_once_and_taken_back() -> Result<()> {
    let mut person = Person::sits_down(&["--accounts", "40"])?;
    person.signs_in_for_the_first_time()?;
    person.application.wait_for_rows(5)?;
    person.application.click("menu")?;
    person.application.click("command-sync")?;
    person.application.says("sync-groups", "new profiles")?;
    person.application.fill("sync-words", "readonly")?;
    person
        .application
        .fill("sync-template", "all-{account_id}-{role}")?;
    person.application.says("sync-example", "Such as all-")?;
    person.picture("sync-preview")?;
    let config = person.scene.home().aws_config();
    ensure!(!config.exists(), "the preview wrote");
    person.application.click("sync-write")?;
    person.application.says("toast", "added")?;
    let written = std::fs::read_to_string(&config)?;
    let profiles = written.matches("[profile ").count();
    ensure!(profiles > 1, "{written}");
    ensure!(
        written.matches("[profile all-").count() == profiles
            && written.matches("-readonly]").count() == profiles,
        "{written}"
    );
    person.picture("sync-written")?;
    person.application.click("toast-act")?;
    until_true(PATIENCE, "the file to be gone again", || {
        Ok(!config.exists())
    })
}
