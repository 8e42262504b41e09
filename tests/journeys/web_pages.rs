//! A sign-in waits while hostile web pages are open in a real browser on the same machine.

use serde_json::Value;
use testkit::desktop::Desktop;
use testkit::impostor::{Impostor, Trick};
use testkit::scene::{Scene, Storage};
use testkit::{Context, Result, ensure, http, web_page};

/// Everything that a page can send across origins; what it could read of the answers is counted.
/// A frame, a picture and the like even carry the right state: they are no navigation of a tab.
const SCRIPT: &str = r#"
const wrong = 'code=stolen&state=guess', right = 'code=stolen&state=STATE';
const denied = 'error=access_denied&state=guess';
const hosts = ['127.0.0.1', '0.0.0.0', 'localhost', '[::1]', 'rebound.example'];
let read = 0, tried = 0;
const settle = (it) => Promise.race([it, new Promise((done) => setTimeout(done, 3000))]);
const load = (kind, address) => settle(new Promise((done) => {
  const it = document.createElement(kind);
  it.onload = it.onerror = done;
  if (kind === 'object') it.data = address;
  else if (kind === 'link') { it.rel = 'stylesheet'; it.href = address; }
  else it.src = address;
  document.body.append(it);
  tried += 1;
})).catch(() => {});
const ask = async (address, options) => {
  tried += 1;
  try {
    const answer = await settle(fetch(address, options));
    read += (await answer.text()).length;
  } catch {}
};
const post = (address) => {
  const form = document.createElement('form');
  const frame = document.createElement('iframe');
  frame.name = 'f' + tried; form.target = frame.name; form.method = 'POST'; form.action = address;
  document.body.append(frame, form);
  form.submit();
  tried += 1;
};
const socket = (address) => settle(new Promise((done) => {
  const it = new WebSocket(address);
  it.onopen = () => { read += 1; done(); };
  it.onerror = it.onclose = done;
  tried += 1;
})).catch(() => {});
(async () => {
  for (const host of hosts) for (const query of [wrong, right, denied]) {
    const address = `http://${host}:PORT/oauth/callback?${query}`;
    await Promise.all([
      ask(address), ask(address, {mode: 'no-cors'}), ask(address, {method: 'POST', body: query}),
      ask(address, {mode: 'no-cors', method: 'POST', body: query}),
      ask(address, {headers: {'x-mine': '1'}}), ask(address, {credentials: 'include'}),
      ...['img', 'iframe', 'script', 'embed', 'object', 'video', 'link'].map((kind) => load(kind, address)),
      socket(address.replace('http:', 'ws:')),
    ]);
    navigator.sendBeacon(address, query);
    post(address);
  }
  // Whole tabs: without the state they are nobody's redirect.
  for (const query of [wrong, denied]) window.open(`http://127.0.0.1:PORT/oauth/callback?${query}`);
  let framed = 0;
  for (const frame of document.querySelectorAll('iframe')) {
    try { framed += frame.contentDocument?.body?.innerText?.length ?? 0; } catch {}
  }
  setTimeout(() => report({ read, framed, tried }), 1500);
})();
"#;

#[test]
fn no_web_page_ends_a_sign_in_or_reads_a_byte_of_it() -> Result<()> {
    let scene = Scene::registered(Storage::Shared, &["--accounts", "2"])?;
    let mut login = scene.daypass.start(&["login", "work", "--no-browser"])?;
    let address = login.first_line()?;
    let state = http::query(&address, "state").context("no state")?;
    let redirect = http::query(&address, "redirect_uri").context("no redirect")?;
    let port = redirect
        .split(':')
        .nth(2)
        .and_then(|it| it.split('/').next());
    let port = port.context("no port")?;
    let script = SCRIPT.replace("PORT", port).replace("STATE", &state);
    for host in ["evil.example", "127.0.0.1"] {
        let report = web_page::run(scene.home(), host, &script)?;
        ensure!(number(&report, "tried") > 200, "{report}");
        ensure!(
            number(&report, "read") == 0,
            "{host} read an answer: {report}"
        );
        ensure!(
            number(&report, "framed") == 0,
            "{host} read a frame: {report}"
        );
    }
    let tokens = scene.asked("CreateToken")?;
    ensure!(
        tokens == 0,
        "a stolen code was sent to the portal {tokens} times"
    );
    let visit = http::visit(&address)?;
    ensure!(visit.landed.status == 200, "{}", visit.landed.text());
    login.finish()?.code(0).map(drop)
}

/// The same pages do reach a port: what they cannot do is not for want of trying.
#[test]
fn the_pages_of_this_test_do_reach_a_port() -> Result<()> {
    let desktop = Desktop::bare()?;
    let impostor = Impostor::start(Trick::Strange401)?;
    let base = impostor.base();
    let port = base.rsplit(':').next().context("no port")?;
    let script = SCRIPT.replace("PORT", port).replace("STATE", "x");
    web_page::run(desktop.home(), "evil.example", &script)?;
    let asked = impostor.asked();
    ensure!(asked > 100, "only {asked} requests came");
    Ok(())
}

fn number(report: &Value, name: &str) -> u64 {
    report[name].as_u64().unwrap_or_default()
}
