//! From the first launch to the first console, in the real window, counted in what a person does: each
//! click and each field that is filled is a step, and so is the consent in the browser.

use std::fs;
use std::path::Path;
use std::time::Instant;
use testkit::application::{self, Application};
use testkit::browser::Following;
use testkit::desktop::Desktop;
use testkit::http;
use testkit::places::keep_figures;
use testkit::scene::Scene;
use testkit::waiting::{PATIENCE, until_true};
use testkit::{Context, Result, canary, ensure};

/// An access portal as AWS gives it out; the endpoints lead to the simulated one.
const START_URL: &str = "https://d-0000000000.awsapps.com/start";
/// What somebody has who used the AWS CLI so far.
const FOUND: &str = "\
[sso-session work]
sso_start_url = https://d-0000000000.awsapps.com/start
sso_region = eu-central-1
sso_registration_scopes = sso:account:access

[sso-session elsewhere]
sso_start_url = https://d-1111111111.awsapps.com/start
sso_region = us-east-1
";

/// Somebody who starts Daypass for the first time.
struct Person {
    application: Application,
    steps: Vec<String>,
    began: Instant,
    visits: usize,
    scene: Scene,
}

impl Person {
    /// On a home that has this AWS config file, or none.
    fn starts_it(config: Option<&str>) -> Result<Self> {
        let desktop = Desktop::with_keyring()?
            .and_screen("900x760")?
            .and_browser(Following::Nothing)?
            .and_tray_host()?;
        let scene = Scene::empty(desktop, &["--accounts", "40", "--start-url", START_URL])?;
        if let Some(text) = config {
            let path = scene.home().aws_config();
            fs::create_dir_all(path.parent().unwrap_or(Path::new("/")))?;
            fs::write(path, text)?;
        }
        let began = Instant::now();
        let starting = application::start(&scene.desktop, &scene.portal.env())?;
        let host = scene.desktop.tray_host()?;
        host.activate(&host.item()?)?;
        Ok(Self {
            application: Application::open(starting)?,
            steps: vec!["clicks on the tray".to_owned()],
            began,
            visits: 0,
            scene,
        })
    }

    fn clicks(&mut self, mark: &str) -> Result<()> {
        self.steps.push(format!("clicks on {mark}"));
        self.application.click(mark)
    }

    fn fills(&mut self, mark: &str, text: &str) -> Result<()> {
        self.steps.push(format!("fills {mark}"));
        self.application.fill(mark, text)
    }

    /// What is on the disk of the user's own and of Daypass's, beside its log.
    fn written(&self) -> Result<Vec<String>> {
        let home = self.scene.home();
        let folders = [home.home().join(".aws"), home.config().join("daypass")];
        let mut written = Vec::new();
        for folder in folders.iter().filter(|it| it.exists()) {
            for file in canary::files_below(folder)? {
                written.push(format!(
                    "{}: {}",
                    file.display(),
                    fs::read_to_string(&file)?
                ));
            }
        }
        Ok(written)
    }

    fn follows(&mut self) -> Result<String> {
        self.visits += 1;
        let asked = self.scene.desktop.browser()?.wait_for_asked(self.visits);
        let address =
            asked.with_context(|| self.application.web.page_text().unwrap_or_default())?;
        let visit = http::visit(&address)?;
        ensure!(visit.landed.status == 200, "{}", visit.landed.text());
        Ok(visit.landed.text())
    }

    fn consents_in_the_browser(&mut self) -> Result<()> {
        self.steps.push("consents in the browser".to_owned());
        self.follows().map(drop)
    }

    fn opens_the_first_console(&mut self) -> Result<()> {
        self.application.wait_for_rows(5)?;
        self.application.wait_until_quiet()?;
        let wanted = self.scene.read_only()?;
        let all = self.application.rows()?;
        self.fills("search", &format!("{} readonly", wanted.name))?;
        until_true(PATIENCE, "fewer rows", || {
            Ok((1..all).contains(&self.application.rows()?))
        })?;
        self.steps.push("clicks on a console".to_owned());
        self.application.open_console(&wanted)?;
        let page = self.follows()?;
        ensure!(page.contains(&wanted.account), "{page}");
        Ok(())
    }

    /// Holds it to so many steps, and keeps the figures.
    fn was_quick(&self, name: &str, steps: usize) -> Result<()> {
        let took = self.began.elapsed();
        let mut lines = vec![format!(
            "{} steps; this machine and its hand took {} ms",
            self.steps.len(),
            took.as_millis()
        )];
        lines.extend(self.steps.iter().cloned());
        keep_figures(name, &lines)?;
        ensure!(self.steps.len() == steps, "{:?}", self.steps);
        Ok(())
    }
}

/// Whoever used the AWS CLI has nothing to type but what they look for.
#[test]
fn sessions_that_are_found_lead_to_the_first_console_in_six_steps() -> Result<()> {
    let mut person = Person::starts_it(Some(FOUND))?;
    let before = person.written()?;
    person.application.says("found", "work")?;
    person.application.says("found", "elsewhere")?;
    ensure!(person.written()? == before, "written before it was wanted");
    person.clicks("import")?;
    let config = fs::read_to_string(person.scene.home().aws_config())?;
    ensure!(config == FOUND, "the config file was touched: {config}");
    person.steps.push("clicks on sign in".to_owned());
    person.application.ask_to_sign_in("work")?;
    person.consents_in_the_browser()?;
    person.opens_the_first_console()?;
    person.was_quick("first-minute-found", 6)
}

#[test]
fn a_typed_start_url_leads_to_the_first_console_in_seven_steps() -> Result<()> {
    let mut person = Person::starts_it(None)?;
    person.application.wait_for_welcome()?;
    person.fills("start-url", "http://acme.awsapps.com/start")?;
    person.application.says("portal-check", "https")?;
    person.steps.pop();
    ensure!(person.written()?.is_empty(), "{:?}", person.written()?);
    person.fills("start-url", START_URL)?;
    person.fills("region", "eu-central-1")?;
    ensure!(person.written()?.is_empty(), "{:?}", person.written()?);
    person.clicks("add-and-sign-in")?;
    person.consents_in_the_browser()?;
    person.opens_the_first_console()?;
    person.was_quick("first-minute-typed", 7)
}
