//! The walls around the page in the real window: what it may call, where it can reach, and what comes to
//! it, each tried from within.

use serde_json::{Value, json};
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;
use testkit::application::{self, Application};
use testkit::browser::Following;
use testkit::desktop::Desktop;
use testkit::notifications::Buttons;
use testkit::places::{binaries, keep_figures};
use testkit::scene::{Scene, Storage};
use testkit::waiting::{PATIENCE, until, until_true};
use testkit::{Context, Result, ensure};

/// All that the page may call of what is not Daypass's own.
const MAY: [&str; 2] = ["plugin:event|listen", "plugin:event|unlisten"];
/// Plugins that people know, none of which is here, and names that nothing has.
const ELSEWHERE: [&str; 14] = [
    "plugin:shell|open",
    "plugin:shell|execute",
    "plugin:fs|read_file",
    "plugin:fs|read_text_file",
    "plugin:fs|write_file",
    "plugin:opener|open_url",
    "plugin:http|fetch",
    "plugin:clipboard-manager|read_text",
    "plugin:updater|check",
    "plugin:process|exit",
    "plugin:global-shortcut|register",
    "plugin:single-instance|x",
    "no_such",
    "",
];

/// A session `work` in the keychain, and its panel.
fn panel() -> Result<(Application, Scene)> {
    panel_of(&["--accounts", "12"])
}

fn panel_of(options: &[&str]) -> Result<(Application, Scene)> {
    let desktop = Desktop::with_keyring()?
        .and_screen("900x760")?
        .and_browser(Following::Redirects)?
        .and_notifications(Buttons::Shown)?
        .and_tray_host()?;
    let scene = Scene::empty(desktop, options)?;
    scene.add_session("work", Storage::Keychain)?;
    let starting = application::start(&scene.desktop, &scene.portal.env())?;
    let host = scene.desktop.tray_host()?;
    host.activate(&host.item()?)?;
    let application = Application::open(starting)?;
    application.wait_for_pass("work", "Sign in")?;
    Ok((application, scene))
}

/// Every command of every plugin that was linked, by the lists that the build wrote.
fn commands_of_plugins() -> Result<Vec<String>> {
    let folder = binaries()?.join("build");
    let lists = fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))?;
    let lists = lists
        .flatten()
        .map(|entry| entry.path().join("out/acl-manifests.json"))
        .filter(|path| path.is_file());
    let newest = lists.max_by_key(|path| path.metadata().and_then(|it| it.modified()).ok());
    let newest = newest.context("the build left no list of commands")?;
    let lists: Value = serde_json::from_slice(&fs::read(newest)?)?;
    let mut found = Vec::new();
    for (plugin, list) in lists.as_object().into_iter().flatten() {
        let plugin = plugin.strip_prefix("core:").unwrap_or(plugin);
        let permissions = list["permissions"].as_object().into_iter().flatten();
        let allowed = permissions.flat_map(|(_, it)| it["commands"]["allow"].as_array());
        let names = allowed.flatten().filter_map(Value::as_str);
        found.extend(names.map(|name| match plugin {
            "__app-acl__" => name.to_owned(),
            plugin => format!("plugin:{plugin}|{name}"),
        }));
    }
    found.sort();
    found.dedup();
    Ok(found)
}

#[test]
fn every_command_that_is_not_the_pages_own_is_refused() -> Result<()> {
    let (application, _scene) = panel()?;
    let all = commands_of_plugins()?;
    let own = all.iter().filter(|name| !name.starts_with("plugin:"));
    ensure!(own.count() > 50, "the build's list has no commands of ours");
    let foreign = all.iter().map(String::as_str);
    let foreign = foreign.filter(|name| name.starts_with("plugin:") && !MAY.contains(name));
    let foreign: Vec<&str> = foreign.chain(ELSEWHERE).collect();
    ensure!(
        foreign.len() > 80,
        "only {} commands were found",
        foreign.len()
    );
    application.web.script(
        "window.refusals = null; Promise.allSettled(arguments[0].map(name => \
         window.__TAURI_INTERNALS__.invoke(name, {}))).then(all => window.refusals = \
         all.map(it => it.status === 'rejected' ? String(it.reason) : null))",
        &[json!(foreign)],
    )?;
    let refusals = until(PATIENCE, "the answers", || {
        let answers = application.web.script("return window.refusals", &[])?;
        Ok(answers.as_array().cloned())
    })?;
    for (name, refusal) in foreign.iter().zip(&refusals) {
        let words = refusal.as_str();
        let words = words.with_context(|| format!("{name} was carried out"))?;
        // Refused for what it is, and not for what it lacked.
        ensure!(
            words.contains("not allowed") || words.contains("not found"),
            "{name}: {words}"
        );
    }
    ensure!(refusals.len() == foreign.len(), "not all were answered");
    let figure = format!("{} commands were tried and refused", foreign.len());
    keep_figures("page-commands", &[figure])
}

/// Ways out of the page or into it, each as a script that gets the address of a listener.
const WAYS: [(&str, &str); 19] = [
    ("fetch", "fetch(to).catch(() => {})"),
    (
        "request",
        "const r = new XMLHttpRequest(); r.open('GET', to); r.send()",
    ),
    ("socket", "new WebSocket(to.replace('http', 'ws'))"),
    ("events", "new EventSource(to)"),
    ("beacon", "navigator.sendBeacon(to, 'x')"),
    ("image", "new Image().src = to"),
    ("frame", "put('iframe', { src: to })"),
    ("object", "put('object', { data: to })"),
    ("embed", "put('embed', { src: to })"),
    ("sound", "put('audio', { src: to, preload: 'auto' })"),
    ("style", "put('link', { rel: 'stylesheet', href: to })"),
    ("script", "put('script', { src: to })"),
    ("module", "put('script', { src: to, type: 'module' })"),
    ("worker", "new Worker(to)"),
    (
        "font",
        "new FontFace('x', `url(${to})`).load().catch(() => {})",
    ),
    (
        "form",
        "put('form', { action: to, method: 'post' }).submit()",
    ),
    (
        "inline script",
        "put('script', { textContent: 'window.ran.push(1)' })",
    ),
    (
        "attribute",
        "document.body.insertAdjacentHTML('beforeend', '<img src=/x onerror=\"window.ran.push(2)\">')",
    ),
    (
        "address",
        "put('a', { href: 'javascript:window.ran.push(3)' }).click()",
    ),
];

/// Texts that would be programs.
const TEXTS: [&str; 4] = [
    "eval('window.ran.push(4)')",
    "new Function('window.ran.push(5)')()",
    "setTimeout('window.ran.push(6)', 0)",
    "import('data:text/javascript,window.ran.push(7)').catch(() => {})",
];

/// Counts who comes to a port of this machine.
fn listener() -> Result<(String, Arc<AtomicUsize>)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = format!("http://{}/", listener.local_addr()?);
    let came = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&came);
    thread::spawn(move || {
        for _ in listener.incoming() {
            counted.fetch_add(1, Ordering::Relaxed);
        }
    });
    Ok((address, came))
}

#[test]
fn nothing_in_the_page_reaches_another_address_or_runs_a_text() -> Result<()> {
    let (application, _scene) = panel()?;
    let web = &application.web;
    let (address, came) = listener()?;
    web.script(
        "window.ran = []; window.blocked = []; document.addEventListener('securitypolicyviolation', \
         event => window.blocked.push(event.effectiveDirective))",
        &[],
    )?;
    let put = "const to = arguments[0]; const put = (name, given) => { const it = \
        Object.assign(document.createElement(name), given); document.body.append(it); return it };";
    let mut silent = Vec::new();
    let attempts = WAYS.map(|(name, script)| (name, script)).into_iter();
    for (name, script) in attempts.chain(TEXTS.map(|text| (text, text))) {
        let before = blocked(&application)?.len();
        let tried =
            format!("{put} try {{ {script} }} catch (error) {{ window.thrown = String(error) }}");
        web.script(&tried, &[json!(address)])?;
        let told = until(Duration::from_secs(2), "a report", || {
            Ok((blocked(&application)?.len() > before).then_some(()))
        });
        if told.is_err() {
            silent.push(name);
        }
    }
    let here = web.script("return location.href", &[])?;
    let windows = web.windows()?.len();
    for script in [
        "location.href = arguments[0]",
        "window.open(arguments[0])",
        "open(arguments[0], '_top')",
    ] {
        web.script(script, &[json!(address)])?;
        thread::sleep(Duration::from_millis(300));
    }
    ensure!(
        web.script("return location.href", &[])? == here,
        "the page went elsewhere"
    );
    ensure!(web.windows()?.len() == windows, "another window opened");
    ensure!(
        web.script("return window.ran", &[])? == json!([]),
        "a text was run"
    );
    ensure!(
        came.load(Ordering::Relaxed) == 0,
        "somebody came to the port"
    );
    let reports = blocked(&application)?;
    keep_figures(
        "page-walls",
        &[
            format!(
                "{} attempts, {} reports: {reports:?}",
                WAYS.len() + TEXTS.len(),
                reports.len()
            ),
            format!("without a report, and without effect: {silent:?}"),
        ],
    )?;
    // A worker of another origin the engine refuses by itself, so that there is nothing to report.
    ensure!(
        silent.is_empty() || silent == ["worker"],
        "no report of {silent:?}"
    );
    // The listener does count.
    let _ = testkit::http::get(&address);
    until_true(PATIENCE, "a visit", || Ok(came.load(Ordering::Relaxed) > 0))
}

fn blocked(application: &Application) -> Result<Vec<Value>> {
    let all = application.web.script("return window.blocked", &[])?;
    Ok(all.as_array().cloned().unwrap_or_default())
}

/// Keeps every answer and event that comes to the page, on its way to whoever asked for it.
const RECORDER: &str = "const all = window.__TAURI_INTERNALS__.callbacks; window.came = []; \
    all.get = id => { const to = Map.prototype.get.call(all, id); return to && (data => { \
    window.came.push(data instanceof ArrayBuffer ? new TextDecoder().decode(data) : \
    JSON.stringify(data) ?? ''); return to(data) }) }";

#[test]
fn no_secret_comes_to_the_page() -> Result<()> {
    let (application, scene) = panel()?;
    let web = &application.web;
    web.script(RECORDER, &[])?;
    application.ask_to_sign_in("work")?;
    application.wait_for_pass("work", "Renews automatically")?;
    let wanted = scene.read_only()?;
    application.wait_for_rows(5)?;
    application.search(&format!("{} readonly", wanted.name))?;
    application.open_console(&wanted)?;
    scene.desktop.browser()?.wait_for(2)?;
    application.preview_profile(&wanted)?;
    application.fill("profile-name", "it")?;
    application.fill("profile-region", "eu-central-1")?;
    application.says("diff", "[profile it]")?;
    application.says("diff", "region = eu-central-1")?;
    application.click("profile-write")?;
    application.says("toast", "it")?;
    let of = json!({ "session": "work", "account_id": wanted.account, "role": wanted.role });
    let sync = json!({ "sessions": ["work"], "words": "", "template": null, "region": null,
        "output": null, "otherwise_region": null, "style": null, "prune": false });
    for (command, given) in [
        (
            "serve_credentials",
            json!({ "assignment": of, "seconds": 3600, "consent": true }),
        ),
        ("copy_served", json!({ "assignment": of })),
        (
            "copy_credentials",
            json!({ "assignment": of, "shell": "posix", "consent": true }),
        ),
        (
            "copy_console_link",
            json!({ "assignment": of, "place": null, "consent": true }),
        ),
        ("preview_sync", json!({ "request": sync })),
        ("write_sync", json!({ "request": sync, "agreed": null })),
        ("snapshot", json!({})),
        ("accounts", json!({})),
        ("examine", json!({})),
        ("settings", json!({})),
        ("rules", json!({})),
        ("organisation_rules", json!({})),
        ("browser_choices", json!({})),
        ("services", json!({})),
        (
            "recent_places",
            json!({ "session": "work", "accountId": wanted.account }),
        ),
        ("found_sessions", json!({ "allowCustomPortal": true })),
        (
            "check_access",
            json!({ "session": "work", "accountId": null }),
        ),
        (
            "rename_session",
            json!({ "session": "work", "name": "job" }),
        ),
    ] {
        carried_out(&application, command, &given)?;
    }
    let mut canaries = scene.canaries()?;
    carried_out(&application, "sign_out", &json!({ "session": "job" }))?;
    application.wait_for_pass("job", "Sign in")?;
    canaries.learn("SigninToken=");
    let came = web.script("return window.came", &[])?;
    let came: Vec<&str> = came
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let bytes: usize = came.iter().map(|text| text.len()).sum();
    let held = came.iter().any(|text| text.contains(&wanted.account));
    ensure!(
        held && came.len() > 40 && bytes > 10_000,
        "{} texts, {bytes} bytes",
        came.len()
    );
    ensure!(
        canaries.count() >= 6,
        "{} secrets are known",
        canaries.count()
    );
    came.iter()
        .try_for_each(|text| canaries.absent_from("what came to the page", text))?;
    let figure = format!(
        "{} answers and events with {bytes} bytes hold none of {} secrets",
        came.len(),
        canaries.count()
    );
    keep_figures("page-secrets", &[figure])
}

/// Asks as the page does; an error names the command.
fn carried_out(application: &Application, command: &str, given: &Value) -> Result<()> {
    let web = &application.web;
    web.script(
        "window.done = null; window.__TAURI_INTERNALS__.invoke(arguments[0], arguments[1]).then(\
         () => window.done = '', error => window.done = JSON.stringify(error))",
        &[json!(command), given.clone()],
    )?;
    let done = until(PATIENCE, command, || {
        let done = web.script("return window.done", &[])?;
        Ok(done.as_str().map(ToOwned::to_owned))
    })?;
    ensure!(done.is_empty(), "{command}: {done}");
    Ok(())
}

/// What no name may bring into the page, and what of it has run.
const BROUGHT_IN: &str = "const all = css => document.body.querySelectorAll(css).length; return { \
    foreign: all('script, iframe, img, video, object, embed, base, meta, link, style, math, body, \
    form[action], a[href]'), handlers: [...document.querySelectorAll('*')].filter(it => \
    [...it.attributes].some(one => one.name.startsWith('on'))).length, ran: typeof owned !== 'undefined' \
    || document.title === 'owned' || alerts > 0, unseen: \
    /[\\u0000-\\u0008\\u001b\\u007f-\\u009f\\u200b\\u202a-\\u202e\\u2066-\\u2069]/u.test(document.body.innerText) }";

#[test]
fn fifty_names_that_want_to_be_more_are_text() -> Result<()> {
    let (application, scene) = panel_of(&["--accounts", "53", "--hostile"])?;
    let web = &application.web;
    web.script(
        "window.alerts = 0; window.alert = () => window.alerts += 1",
        &[],
    )?;
    application.ask_to_sign_in("work")?;
    application.wait_for_pass("work", "Renews automatically")?;
    let nothing = json!({ "foreign": 0, "handlers": 0, "ran": false, "unseen": false });
    let accounts = scene.accounts()?;
    for account in &accounts {
        let id = account["id"].as_str().context("no id")?;
        application.search(id)?;
        web.wait_for(&format!("[data-account=\"{id}\"]"))?;
        let brought = web.script(BROUGHT_IN, &[])?;
        ensure!(brought == nothing, "{}: {brought}", account["name"]);
    }
    ensure!(accounts.len() == 53, "{} accounts", accounts.len());
    Ok(())
}

/// What is never called with made-up words: it would close the panel, or start programs of this machine.
const LEFT_OUT: [&str; 6] = [
    "answer_close",
    "hide_panel",
    "open_settings",
    "quit",
    "show_diagnostics",
    "start_at_login",
];

/// Every argument that a command has.
const ARGUMENTS: [&str; 32] = [
    "session",
    "assignment",
    "consent",
    "subject",
    "accountId",
    "request",
    "place",
    "opening",
    "name",
    "label",
    "allowCustomPortal",
    "word",
    "url",
    "until",
    "text",
    "storage",
    "shell",
    "seconds",
    "rules",
    "query",
    "protected",
    "pinned",
    "on",
    "new",
    "names",
    "hidden",
    "flow",
    "change",
    "by",
    "alias",
    "agreed",
    "accountIds",
];

/// Calls every command so many times with thrown values for every argument that any of them has.
const THROWN: &str = "let state = 88172645463325252n; const next = below => { state ^= (state << 13n) & \
    0xffffffffffffffffn; state ^= state >> 7n; state ^= (state << 17n) & 0xffffffffffffffffn; return \
    Number(state % BigInt(below)) }; const texts = ['', 'nobody', '../..', '\\0', '\\u202e', '<b>', \
    '\\r\\n[x]', '000000000417', 'https://x@y', 'é'.repeat(3000), 'appearance.theme', 'a'.repeat(70000)]; \
    const value = depth => [() => null, () => true, () => -1, () => 1e300, () => 9007199254740993, () => \
    texts[next(texts.length)], () => texts[next(texts.length)], () => depth ? [value(depth - 1)] : [], () => \
    depth ? Object.fromEntries(['session', 'account_id', 'role', 'word', 'name'].map(name => [name, \
    value(depth - 1)])) : {}][next(9)](); window.tally = null; (async () => { let [done, refused, strange] = \
    [0, 0, []]; for (let round = 0; round < arguments[2]; round++) { const all = await \
    Promise.allSettled(arguments[0].map(command => window.__TAURI_INTERNALS__.invoke(command, \
    Object.fromEntries(arguments[1].map(name => [name, value(2)]))))); all.forEach((it, at) => { if \
    (it.status === 'fulfilled') done += 1; else if (it.reason?.code || /invalid args/.test(it.reason)) \
    refused += 1; else strange.push(`${arguments[0][at]}: ${it.reason}`) }) } window.tally = { done, \
    refused, strange } })()";

#[test]
fn whatever_words_commands_are_called_with_they_answer_and_the_application_goes_on() -> Result<()> {
    const ROUNDS: usize = 12;
    let (application, scene) = panel()?;
    let all = commands_of_plugins()?;
    let own = all.iter().filter(|name| !name.starts_with("plugin:"));
    let own: Vec<_> = own
        .filter(|name| !LEFT_OUT.contains(&name.as_str()))
        .collect();
    let web = &application.web;
    web.script(THROWN, &[json!(own), json!(ARGUMENTS), json!(ROUNDS)])?;
    let tally = until(Duration::from_secs(120), "all answers", || {
        let tally = web.script("return window.tally", &[])?;
        Ok((!tally.is_null()).then_some(tally))
    })?;
    let count = |name: &str| tally[name].as_u64().unwrap_or_default();
    ensure!(tally["strange"] == json!([]), "{}", tally["strange"]);
    ensure!(count("refused") > 300 && count("done") > 50, "{tally}");
    ensure!(scene.asked("RegisterClient")? == 0, "a sign-in began");
    application.wait_for_pass("work", "Sign in")?;
    let figure = format!(
        "{} calls refused, {} answered",
        count("refused"),
        count("done")
    );
    keep_figures("page-words", &[figure])
}
