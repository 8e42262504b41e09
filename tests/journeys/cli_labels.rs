//! Labels, aliases, hidden rows and rules on the command line: kept, handed on, and never broken.

use serde_json::{Value, json};
use std::fs;
use testkit::desktop::Desktop;
use testkit::scene::{Scene, Storage};
use testkit::{Context, Result, ensure};

const ALIAS: &str = "Geld, viel \u{5d0}\u{5d1}";

fn tell_accounts(scene: &Scene, first: &str) -> Result<()> {
    let account = |id: &str, name: &str| json!({ "id": id, "name": name, "email": "a@example.com", "roles": ["Admin", "ReadOnly"] });
    let accounts = [
        account("000000000001", first),
        account("000000000002", "analytics-dev"),
    ];
    let accounts = json!({ "accounts": accounts });
    scene.portal.tell("accounts", &accounts)?;
    scene.daypass.ok(&["list", "--refresh"]).map(drop)
}

fn scene(first: &str) -> Result<Scene> {
    let scene = Scene::empty(Desktop::bare()?, &[])?;
    scene.add_session("work", Storage::Shared)?;
    scene.daypass.sign_in("work")?;
    tell_accounts(&scene, first)?;
    Ok(scene)
}

/// Session, alias, label, protected and hidden of one row.
fn row(scene: &Scene, id: &str, role: &str) -> Result<Value> {
    let document = scene.daypass.json(&["list", "--all", "--json"])?;
    let rows = document["assignments"].as_array().context("no rows")?;
    let is_it = |row: &&Value| row["account_id"] == id && row["role"] == role;
    let row = rows.iter().find(is_it);
    let row = row.with_context(|| format!("{id}/{role} is not in {document}"))?;
    let keys = ["session", "alias", "label", "protected", "hidden"];
    Ok(keys.iter().map(|key| row[*key].clone()).collect())
}

fn looks(scene: &Scene, id: &str, role: &str, expected: &Value) -> Result<()> {
    let row = row(scene, id, role)?;
    ensure!(
        row == *expected,
        "{id}/{role} is {row} instead of {expected}"
    );
    Ok(())
}

fn settings(scene: &Scene) -> Result<String> {
    let path = scene.home().config().join("daypass/settings.toml");
    fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))
}

fn write_settings(scene: &Scene, text: &str) -> Result<()> {
    let path = scene.home().config().join("daypass/settings.toml");
    Ok(fs::write(path, text)?)
}

#[test]
fn choices_outlive_new_lists_and_new_names() -> Result<()> {
    let scene = scene("payments-prod")?;
    let daypass = &scene.daypass;
    let set = ["label", "set", "payments", "--alias", ALIAS];
    daypass.ok(&[&set[..], &["--label", "prod"]].concat())?;
    daypass.ok(&["label", "set", "000000000001/ReadOnly", "--no-protect"])?;
    daypass.ok(&["label", "set", "analytics", "--role", "Admin", "--hide"])?;
    let kept = |session: &str| -> Result<()> {
        let admin = json!([session, ALIAS, "prod", true, false]);
        looks(&scene, "000000000001", "Admin", &admin)?;
        let read_only = json!([session, ALIAS, "prod", false, false]);
        looks(&scene, "000000000001", "ReadOnly", &read_only)?;
        let hidden = row(&scene, "000000000002", "Admin")?;
        ensure!(hidden[4] == true, "no longer hidden: {hidden}");
        Ok(())
    };
    kept("work")?;
    tell_accounts(&scene, "payments-production, renamed")?;
    kept("work")?;
    let rule = ["label", "rule", "add", "--session", "work"];
    daypass.ok(&[&rule[..], &["--role", "Admin", "--protect"]].concat())?;
    daypass.ok(&["session", "set", "work", "--name", "job"])?;
    kept("job")?;
    let rules = daypass.json(&["label", "rule", "list", "--json"])?;
    ensure!(rules["rules"][0]["session"] == "job", "{rules}");

    // The alias is searched, and the account is found and named by it.
    let found = daypass.json(&["list", "geld", "--json"])?;
    let first = &found["assignments"][0];
    ensure!(first["account_id"] == "000000000001", "{found}");
    let removed = daypass.ok(&["label", "remove", "geld", "--alias"])?;
    removed.says("labelled prod")?;
    let without = json!(["job", null, "prod", true, false]);
    looks(&scene, "000000000001", "Admin", &without)?;
    daypass.ok(&["label", "remove", "payments"])?;
    let without = json!(["job", null, null, true, false]);
    looks(&scene, "000000000001", "Admin", &without)
}

#[test]
fn rules_have_an_order_and_the_file_keeps_what_people_wrote() -> Result<()> {
    let scene = scene("payments-prod")?;
    let daypass = &scene.daypass;
    let add = |words: &[&str]| daypass.ok(&[&["label", "rule", "add"], words].concat());
    add(&["--account", "*prod*", "--label", "prod"])?;
    let remark = "# everything that earns money\n[[rules]]\nowner = \"mara\"\n";
    write_settings(&scene, &settings(&scene)?.replace("[[rules]]\n", remark))?;
    add(&["--account", "*", "--label", "none", "--protect"])?;
    let plain = json!(["work", null, null, true, false]);
    looks(&scene, "000000000001", "Admin", &plain)?;
    add(&["--at", "1", "--account", "ana*", "--hide", "--label", "dev"])?;
    daypass.ok(&["label", "rule", "remove", "3"])?;
    let prod = json!(["work", null, "prod", true, false]);
    looks(&scene, "000000000001", "Admin", &prod)?;
    let dev = json!(["work", null, "dev", false, true]);
    looks(&scene, "000000000002", "Admin", &dev)?;
    let text = settings(&scene)?;
    ensure!(text.contains(remark), "a remark is lost:\n{text}");
    let shown = daypass.ok(&["label", "rule", "list"])?.stdout;
    let first = shown.lines().nth(1).context("no rule")?;
    ensure!(first.ends_with("label dev, hidden"), "{shown}");
    Ok(())
}

#[test]
fn what_does_not_fit_is_refused_and_what_is_broken_is_left_alone() -> Result<()> {
    let scene = scene("payments-prod")?;
    let daypass = &scene.daypass;
    daypass.ok(&[
        "label",
        "rule",
        "add",
        "--account",
        "*prod*",
        "--label",
        "prod",
    ])?;
    let text = settings(&scene)?;
    let long = "x".repeat(129);
    for refused in [
        &["rule", "add", "--account", "x"][..],
        &["rule", "add", "--account", "a\nb", "--hide"],
        &["rule", "add", "--account", &long, "--hide"],
        &["rule", "add", "--label", "nope"],
        &["rule", "add", "--at", "9", "--hide"],
        &["rule", "remove", "9"],
        &["define", "two words", "--shape", "bar", "--colour", "red"],
        &["define", "mine", "--shape", "square", "--colour", "red"],
        &["undefine", "prod"],
        &["set", "payments", "--label", "nope"],
        &["set", "payments", "--alias", "a\nb"],
        &["set", "payments", "--alias", &long],
        &["set", "payments", "--alias", "\u{202e}evil"],
        &["set", "payments"],
        &["set", "--account", "1", "--hide"],
    ] {
        let words = [&["label"], refused].concat();
        daypass.run(&words)?.code(2)?.says_what_and_what_to_do()?;
    }
    ensure!(settings(&scene)? == text, "a refused change was written");
    looks(
        &scene,
        "000000000001",
        "Admin",
        &json!(["work", null, "prod", true, false]),
    )?;

    let broken = format!("{text}\n[[rules]]\nprotected = \"yes\"\n");
    write_settings(&scene, &broken)?;
    let line = format!("line {}", broken.lines().count() - 1);
    let told = daypass.run(&["list"])?.code(1)?;
    told.says(&line)?.says("`protected`")?;
    daypass.run(&["label", "rule", "add", "--hide"])?.code(1)?;
    ensure!(settings(&scene)? == broken, "a broken file was touched");
    Ok(())
}

#[test]
fn labels_of_ones_own_are_defined_used_and_removed() -> Result<()> {
    let scene = scene("payments-prod")?;
    let daypass = &scene.daypass;
    let define = |words: &[&str]| daypass.ok(&[&["label", "define"], words].concat());
    define(&[
        "customer",
        "--shape",
        "bar",
        "--colour",
        "blue",
        "--protect",
    ])?;
    define(&["PROD", "--shape", "ring-dot", "--colour", "violet"])?;
    daypass.ok(&[
        "label",
        "rule",
        "add",
        "--account",
        "*prod*",
        "--label",
        "customer",
    ])?;
    let customer = json!(["work", null, "customer", true, false]);
    looks(&scene, "000000000001", "Admin", &customer)?;
    let found = daypass.json(&["list", "customer", "--json"])?;
    let found = found["assignments"].as_array().context("no rows")?.len();
    ensure!(found == 2, "{found} rows are found by their label");
    let labels = daypass.json(&["label", "list", "--json"])?;
    let expected = json!({ "word": "PROD", "shape": "ring-dot", "colour": "violet",
        "browser": null, "console_via": null,
        "protected": false, "built_in": true });
    ensure!(labels["labels"][0] == expected, "{labels}");
    let undefine = ["label", "undefine", "customer"];
    daypass.run(&undefine)?.code(2)?.says("cannot be removed")?;
    daypass.ok(&["label", "rule", "remove", "1"])?;
    daypass.ok(&undefine)?;
    daypass.ok(&["label", "undefine", "prod"])?;
    let labels = daypass.json(&["label", "list", "--json"])?;
    let shapes = labels["labels"].as_array().context("no labels")?;
    ensure!(
        shapes.len() == 4 && shapes[0]["shape"] == "square",
        "{labels}"
    );
    Ok(())
}

#[test]
fn one_file_carries_everything_to_another_home() -> Result<()> {
    // A name that would like to be lines of its own.
    let name = "x\nlabel = \"dev\"\n[[rules]]\nprotected = false\n#";
    let (one, other) = (scene(name)?, scene(name)?);
    let daypass = &one.daypass;
    daypass.ok(&[
        "label", "define", "customer", "--shape", "bar", "--colour", "blue",
    ])?;
    let rule = ["label", "rule", "add", "--role", "Admin"];
    daypass.ok(&[&rule[..], &["--label", "customer", "--protect"]].concat())?;
    let alias = "A \"quoted\" '''one''' = #";
    daypass.ok(&["label", "set", "000000000001", "--alias", alias])?;
    daypass.ok(&["label", "set", "000000000002/ReadOnly", "--hide"])?;
    let text = daypass.ok(&["label", "export"])?.stdout;
    let file = one.home().root().join("looks.toml");
    let file = file.display().to_string();
    daypass.ok(&["label", "export", &file])?;
    ensure!(fs::read_to_string(&file)? == text, "two exports differ");

    let import = ["label", "import", &file];
    let said = other.daypass.ok(&import)?;
    said.says("1 label added.")?
        .says("1 rule added.")?
        .says("2 choices added.")?;
    let exported = other.daypass.ok(&["label", "export"])?.stdout;
    ensure!(exported == text, "it came out another:\n{exported}");
    other.daypass.ok(&import)?.says("was there already")?;

    // Merged, what is there stays; replaced, it goes. What no longer asks is said.
    let mine = ["label", "set", "000000000002", "--alias", "Mine"];
    other.daypass.ok(&[&mine[..], &["--protect"]].concat())?;
    other.daypass.ok(&import)?;
    let merged = json!(["work", "Mine", null, true, true]);
    looks(&other, "000000000002", "ReadOnly", &merged)?;
    let replace = [&import[..], &["--replace", "--quiet"]].concat();
    let said = other.daypass.ok(&replace)?;
    said.says("1 assignment no longer asks")?;
    let replaced = json!(["work", null, null, false, true]);
    looks(&other, "000000000002", "ReadOnly", &replaced)
}

#[test]
fn a_bad_file_changes_nothing_at_all() -> Result<()> {
    let scene = scene("payments-prod")?;
    let daypass = &scene.daypass;
    daypass.ok(&["label", "set", "payments", "--label", "prod"])?;
    let state = || Ok::<_, testkit::Error>((settings(&scene)?, daypass.ok(&["label", "export"])?));
    let before = state()?;
    let whose = "session = \"work\"\naccount = \"000000000001\"\n";
    let account = format!("version = 1\n[[rules]]\nhidden = true\n[[accounts]]\n{whose}");
    let shape = "word = \"a\"\nshape = \"square\"\ncolour = \"red\"\n";
    let rules = "[[rules]]\nhidden = true\n";
    for (bad, words) in [
        (rules.to_owned(), "`version = 1` is missing"),
        (
            format!("version = 1\n{rules}[[pins]]\nsession = \"work\"\n"),
            "line 4",
        ),
        (format!("version = 1\n[[labels]]\n{shape}"), "line 2"),
        (
            format!("version = 1\n{}", rules.repeat(10_000)),
            "10000 rules",
        ),
        ("x".repeat(6 * 1024 * 1024), "4 MiB"),
        (format!("{account}label = \"no\"\n"), "`no`"),
        (format!("{account}alias = \"a\\nb\"\n"), "U+000A"),
        (format!("{account}alias = \"\\u202eb\"\n"), "U+202E"),
        (format!("{account}lable = \"prod\"\n"), "`lable`"),
        ("\u{0}\u{1}".to_owned(), "TOML"),
        (String::new(), "`version = 1` is missing"),
    ] {
        let file = scene.home().root().join("bad.toml");
        fs::write(&file, bad)?;
        let said = daypass.run(&["label", "import", &file.display().to_string()])?;
        said.code(2)?.says(words)?.says_what_and_what_to_do()?;
    }
    let after = state()?;
    ensure!(before.0 == after.0, "the settings are others");
    ensure!(before.1.stdout == after.1.stdout, "the choices are others");
    Ok(())
}
