//! What a screen reader is told of the real window: every control by its name and role.

use std::fs;
use testkit::accessible::Node;
use testkit::browser::Following;
use testkit::desktop::Desktop;
use testkit::places::artefacts;
use testkit::real_panel::{key, type_text};
use testkit::scene::Assignment;
use testkit::seat::Seat;
use testkit::{Context, Result, ensure};

/// What somebody can act on.
const CONTROLS: [&str; 10] = [
    "button",
    "toggle button",
    "combo box",
    "entry",
    "check box",
    "radio button",
    "link",
    "list item",
    "row",
    "menu item",
];

/// What takes the keyboard and is nothing to act on: the page, and where a new part of it begins.
const PLACES: [&str; 5] = ["page", "scroll pane", "frame", "dialog", "heading"];

/// The controls of the page that are to be seen and can be reached now; a long list is told as far as
/// it is scrolled.
const COUNT: &str = r#"
const all = [...document.querySelectorAll("button, input, select, textarea, a[href], [role=row], [role=option]")];
const modal = document.querySelector("dialog[open]");
const there = (it) => it.checkVisibility({ checkVisibilityCSS: true }) && !it.closest("[inert], [aria-hidden=true]");
const inView = (it) => {
  const list = it.closest("[role=listbox]")?.getBoundingClientRect();
  const own = it.getBoundingClientRect();
  return list === undefined || (own.top >= list.top && own.bottom <= list.bottom);
};
return all.filter((it) => there(it) && inView(it) && (modal === null || modal.contains(it))).length;
"#;

/// One person with a screen reader.
struct Person(Seat);

impl Person {
    fn sits_down() -> Result<Self> {
        let desktop = Desktop::with_keyring()?
            .and_screen("900x760")?
            .and_browser(Following::Nothing)?
            .and_accessibility()?
            .and_tray_host()?;
        Ok(Self(Seat::take_with_list(desktop, &["--accounts", "12"])?))
    }

    fn presses(&self, name: &str, until: &str) -> Result<()> {
        key(&self.0.scene.desktop, name)?;
        self.0.application.web.wait_for(until).map(drop)
    }

    /// What is told of the window now; kept as evidence under that name.
    fn hears(&self, where_: &str) -> Result<Node> {
        let bus = self.0.scene.desktop.bus()?;
        let assisted = self.0.scene.desktop.accessibility()?;
        let tree = assisted.tree(bus, "daypass-desktop")?;
        let folder = artefacts()?.join("accessibility");
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(format!("{where_}.txt")), tree.outline())?;
        Ok(tree)
    }

    /// Every control that is on the page is told, with a name and a role that says what it is.
    fn knows_every_control(&self, where_: &str) -> Result<Node> {
        let tree = self.hears(where_)?;
        let all = tree.all();
        let is_control = |node: &&&Node| CONTROLS.contains(&&*node.role) && node.showing;
        let told: Vec<_> = all.iter().filter(is_control).collect();
        let nameless = told.iter().filter(|it| it.name.trim().is_empty());
        let nameless: Vec<_> = nameless.collect();
        ensure!(
            nameless.is_empty(),
            "{where_}: without a name: {nameless:?}"
        );
        let odd = all.iter().filter(|it| {
            let control = CONTROLS.contains(&&*it.role);
            it.focusable && !control && !PLACES.contains(&&*it.role)
        });
        let odd: Vec<_> = odd.map(|it| (&it.role, &it.name)).collect();
        ensure!(
            odd.is_empty(),
            "{where_}: nobody is told what these are: {odd:?}"
        );
        let there = self.0.application.web.script(COUNT, &[])?;
        let there = there.as_u64().context("no count")?;
        ensure!(
            u64::try_from(told.len())? >= there && there > 0,
            "{where_}: {there} controls are on the page, {} are told:\n{}",
            told.len(),
            tree.outline()
        );
        Ok(tree)
    }

    /// The row under the keys is told with all that it says on the screen.
    fn hears_the_row(&self, of: &Assignment, more: &[&str]) -> Result<()> {
        let tree = self.knows_every_control("search")?;
        let rows = tree.all().into_iter().filter(|it| it.role == "row");
        let names: Vec<_> = rows.map(|it| it.name.clone()).collect();
        let digits = of.account.as_str();
        let parts = [&[of.name.as_str(), of.role.as_str(), digits], more].concat();
        let told = names
            .iter()
            .any(|name| parts.iter().all(|part| name.contains(part)));
        ensure!(told, "no row says {parts:?}: {names:?}");
        Ok(())
    }
}

#[test]
fn every_control_of_the_real_window_has_a_name_and_a_role() -> Result<()> {
    let person = Person::sits_down()?;
    let wanted = person.0.scene.read_only()?;
    let rule = format!(
        "[[rules]]\naccount = \"{}\"\nlabel = \"prod\"\n",
        wanted.account
    );
    person.0.scene.rules(&rule)?;
    person.knows_every_control("list")?;

    type_text(
        &person.0.scene.desktop,
        &format!("{} readonly", wanted.account),
    )?;
    let row = format!(
        "[role=row][aria-selected=true][data-role=\"{}\"]",
        wanted.role
    );
    person.0.application.web.wait_for(&row)?;
    person.hears_the_row(&wanted, &["prod", "protected"])?;

    person.presses("ctrl+k", "[data-testid=commands]")?;
    person.knows_every_control("actions")?;
    person.presses("Escape", &row)?;
    person.presses("F10", "[data-testid=commands]")?;
    person.knows_every_control("menu")?;
    person.presses("Escape", &row)?;
    person.presses("ctrl+comma", "[data-testid=settings-page]")?;
    person.knows_every_control("settings")?;
    person.presses("Escape", &row)?;
    person.presses("Return", "dialog[open]")?;
    person.knows_every_control("question")?;
    person.presses("Escape", &row)?;
    person.presses("ctrl+Return", "[data-testid=profile-preview]")?;
    person.knows_every_control("profile")?;
    person.presses("Escape", &row)?;
    person.presses("F10", "[data-testid=commands]")?;
    type_text(&person.0.scene.desktop, "labels")?;
    person.presses("Return", "[data-testid=rule]")?;
    person.knows_every_control("labels-and-rules").map(drop)
}
