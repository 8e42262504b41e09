//! `list` as people and scripts read it: fitted to the terminal, with labels, without what is hidden.

use serde_json::json;
use testkit::desktop::Desktop;
use testkit::scene::{Scene, Storage};
use testkit::{Context, Result, ensure};

fn scene(options: &[&str]) -> Result<Scene> {
    let scene = Scene::empty(Desktop::bare()?, options)?;
    scene.add_session("work", Storage::Shared)?;
    scene.daypass.sign_in("work")?;
    scene.daypass.ok(&["list", "--refresh"])?;
    Ok(scene)
}

/// How many columns a line takes at most: wide characters two, marks that combine none.
fn columns(line: &str) -> usize {
    let is_wide = |it: char| {
        matches!(it, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}'
            | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff60}' | '\u{1f300}'..='\u{1faff}'
            | '\u{20000}'..='\u{3fffd}')
    };
    let is_none = |it: char| {
        matches!(it, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{65f}'
            | '\u{fe00}'..='\u{fe0f}')
    };
    let takes = |it: char| match (is_none(it), is_wide(it)) {
        (true, _) => 0,
        (_, true) => 2,
        _ => 1,
    };
    line.chars().map(takes).sum()
}

#[test]
fn a_table_fits_every_terminal_whatever_accounts_are_called() -> Result<()> {
    let scene = scene(&["--accounts", "60", "--hostile"])?;
    let accounts = scene.accounts()?;
    let names = accounts.iter().filter_map(|it| it["name"].as_str());
    let longest = names.map(|it| it.chars().count()).max();
    ensure!(longest.context("no names")? >= 10_000, "no name is long");
    let id = |at: usize| accounts[at]["id"].as_str().context("no id");
    let (first, second) = (id(0)?, id(1)?);
    let set = ["label", "set", "--account"];
    let alias = "🚀 \u{5d0}\u{5d1}\u{5d2} 支付 Käse";
    scene
        .daypass
        .ok(&[&set[..], &[first, "--alias", alias]].concat())?;
    scene
        .daypass
        .ok(&[&set[..], &[second, "--label", "prod"]].concat())?;
    for width in [60, 80, 120, 200] {
        for further in [&[][..], &["--accounts"]] {
            let words = [&["list", "--no-color"][..], further].concat();
            let shown = scene.daypass.on_terminal(width, "", &words)?.code(0)?;
            for line in shown.stdout.lines() {
                let takes = columns(line);
                ensure!(takes <= usize::from(width), "{takes} of {width}: {line}");
                let at_work = line.contains(['\u{1b}', '\u{202e}', '\u{7}']);
                ensure!(!at_work, "a name is at work: {line:?}");
            }
            let mut rows = shown.stdout.lines().filter(|it| it.starts_with(second));
            let row = rows.next().context("no row")?;
            ensure!(row.contains("\u{25a0} prod, pro"), "{width}: {row}");
        }
    }
    Ok(())
}

#[test]
fn labels_aliases_and_hidden_rows_for_people_and_scripts() -> Result<()> {
    let scene = scene(&["--accounts", "3"])?;
    let accounts = [
        ("000000000001", "payments-prod"),
        ("000000000002", "old-stuff"),
    ];
    let accounts = accounts.map(|(id, name)| {
        json!({ "id": id, "name": name, "email": "a@example.com", "roles": ["Admin", "ReadOnly"] })
    });
    let accounts = json!({ "accounts": accounts });
    scene.portal.tell("accounts", &accounts)?;
    let daypass = &scene.daypass;
    let plain = daypass.ok(&["list", "--refresh"])?.stdout;
    let head = "ACCOUNT ID    ACCOUNT        ROLE\n";
    ensure!(plain.starts_with(head), "empty columns: {plain}");
    daypass.ok(&[
        "label",
        "rule",
        "add",
        "--account",
        "*prod*",
        "--label",
        "prod",
    ])?;
    daypass.ok(&["label", "set", "payments", "--alias", "Payments"])?;
    daypass.ok(&["label", "set", "old", "--hide"])?;
    let expected = "\
ACCOUNT ID    ACCOUNT        ALIAS     ROLE      LABEL
000000000001  payments-prod  Payments  Admin     \u{25a0} prod, protected
000000000001  payments-prod  Payments  ReadOnly  \u{25a0} prod, protected
";
    let shown = daypass.ok(&["list"])?.stdout;
    ensure!(shown == expected, "{shown}");
    for (words, expected) in [
        (&[][..], 2),
        (&["--all"], 4),
        (&["prod"], 2),
        (&["Payments", "read"], 1),
        (&["old"], 0),
        (&["old", "--all"], 2),
        (&["old-stuff"], 2),
        (&["000000000002"], 2),
        (&["is:hidden"], 2),
    ] {
        let document = daypass.json(&[&["list", "--json"], words].concat())?;
        let number = document["assignments"].as_array().context("no rows")?.len();
        ensure!(
            number == expected,
            "{words:?}: {number} instead of {expected}"
        );
    }
    let document = daypass.json(&["list", "--json", "payments", "admin"])?;
    let expected = json!({ "session": "work", "account_id": "000000000001",
        "account_name": "payments-prod", "account_email": "a@example.com", "role": "Admin",
        "alias": "Payments", "label": "prod", "protected": true, "hidden": false, "pinned": false,
        "last_used_at": null });
    ensure!(document["assignments"] == json!([expected]), "{document}");
    let document = daypass.json(&["list", "--json", "--accounts", "--all"])?;
    let (first, second) = (&document["accounts"][0], &document["accounts"][1]);
    ensure!(
        second["alias"] == "Payments" && first["hidden"] == true,
        "{document}"
    );
    Ok(())
}
