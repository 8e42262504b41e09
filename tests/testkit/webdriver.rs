//! The hand on the window: the dozen WebDriver calls that the journeys need, spoken to
//! WebKitWebDriver, which starts the application itself.

use crate::desktop::Desktop;
use crate::http;
use crate::places::tool;
use crate::programs::{Running, command};
use crate::waiting::{PATIENCE, until, until_true};
use crate::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::thread::{self, JoinHandle};

/// The key under which the protocol hands over elements.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// One application under WebDriver; dropping it ends the driver and the application.
#[derive(Debug)]
pub struct WebDriver {
    session: String,
    _driver: Running,
}

/// A driver that has been told to start the application, and waits for its first window.
#[derive(Debug)]
pub struct Starting {
    driver: Running,
    answer: JoinHandle<Result<Value>>,
    base: String,
}

/// One element of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element(String);

impl Starting {
    /// Starts the driver and, through it, `application`; it may stay in the tray for now.
    pub fn launch(
        desktop: &Desktop,
        application: &Path,
        arguments: &[&str],
        env: &[(String, String)],
    ) -> Result<Self> {
        let port = free_port()?;
        let mut command = command(&tool("WebKitWebDriver", "webkit2gtk-driver")?);
        command.args([format!("--port={port}"), "--host=127.0.0.1".to_owned()]);
        command.envs(desktop.env()).envs(env.iter().cloned());
        command.env("TAURI_WEBVIEW_AUTOMATION", "true");
        let driver = Running::start("application", &mut command, &desktop.home().logs())?;
        until_true(PATIENCE, "the driver", || {
            Ok(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok())
        })?;
        let base = format!("http://127.0.0.1:{port}/session");
        let options = json!({ "binary": application.display().to_string(), "args": arguments });
        let wish = json!({ "capabilities": { "alwaysMatch": {
            "webkitgtk:browserOptions": options,
        } } });
        let address = base.clone();
        // The driver answers once a window exists, which may be after a click in the tray.
        let answer = thread::spawn(move || http::post_json(&address, &wish));
        Ok(Self {
            driver,
            answer,
            base,
        })
    }

    /// Waits for the window.
    pub fn window(self) -> Result<WebDriver> {
        let Ok(answer) = self.answer.join() else {
            bail!("the driver's answer got lost")
        };
        let answer = answer.context("starting the application under the driver")?;
        let id = answer["value"]["sessionId"]
            .as_str()
            .context("no WebDriver session")?;
        Ok(WebDriver {
            session: format!("{}/{id}", self.base),
            _driver: self.driver,
        })
    }

    /// The driver's process; the application is its child.
    pub fn driver_id(&self) -> u32 {
        self.driver.id()
    }
}

impl WebDriver {
    /// The first element that a CSS selector names.
    pub fn find(&self, css: &str) -> Result<Element> {
        let found = self.post("element", &json!({ "using": "css selector", "value": css }))?;
        element(&found).with_context(|| format!("nothing is {css}"))
    }

    /// All elements that a CSS selector names.
    pub fn all(&self, css: &str) -> Result<Vec<Element>> {
        let found = self.post(
            "elements",
            &json!({ "using": "css selector", "value": css }),
        )?;
        found
            .as_array()
            .into_iter()
            .flatten()
            .map(element)
            .collect()
    }

    /// Waits until the page has such an element, and it is to be seen.
    pub fn wait_for(&self, css: &str) -> Result<Element> {
        until(PATIENCE, &format!("{css} on the page"), || {
            let element = self.find(css)?;
            Ok(self.is_displayed(&element)?.then_some(element))
        })
        .with_context(|| format!("the page says: {}", self.page_text().unwrap_or_default()))
    }

    /// Waits until no such element is on the page.
    pub fn wait_gone(&self, css: &str) -> Result<()> {
        until_true(PATIENCE, &format!("{css} to be gone"), || {
            Ok(self.all(css)?.is_empty())
        })
    }

    /// Waits until the text of an element holds those words; the text.
    pub fn wait_for_text(&self, css: &str, words: &str) -> Result<String> {
        until(PATIENCE, &format!("`{words}` in {css}"), || {
            let text = self.text(&self.find(css)?)?;
            Ok(text.contains(words).then_some(text))
        })
        .with_context(|| format!("the page says: {}", self.page_text().unwrap_or_default()))
    }

    /// Waits for an element and clicks it.
    pub fn click(&self, css: &str) -> Result<()> {
        let element = self.wait_for(css)?;
        self.click_element(&element)
            .with_context(|| format!("clicking {css}"))
    }

    /// Clicks an element.
    pub fn click_element(&self, element: &Element) -> Result<()> {
        self.post(&format!("element/{}/click", element.0), &json!({}))
            .map(drop)
    }

    /// Waits for a field and types into it.
    pub fn type_into(&self, css: &str, text: &str) -> Result<()> {
        let element = self.wait_for(css)?;
        let keys = json!({ "text": text });
        self.post(&format!("element/{}/value", element.0), &keys)
            .map(drop)
            .with_context(|| format!("typing into {css}"))
    }

    /// Empties a field.
    pub fn clear(&self, css: &str) -> Result<()> {
        let element = self.wait_for(css)?;
        self.post(&format!("element/{}/clear", element.0), &json!({}))
            .map(drop)
    }

    /// The text that is to be seen of an element.
    pub fn text(&self, element: &Element) -> Result<String> {
        let text = self.get(&format!("element/{}/text", element.0))?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// An attribute of an element.
    pub fn attribute(&self, element: &Element, name: &str) -> Result<Option<String>> {
        let value = self.get(&format!("element/{}/attribute/{name}", element.0))?;
        Ok(value.as_str().map(ToOwned::to_owned))
    }

    /// Whether an element is to be seen.
    pub fn is_displayed(&self, element: &Element) -> Result<bool> {
        let shown = self.get(&format!("element/{}/displayed", element.0))?;
        Ok(shown.as_bool().unwrap_or_default())
    }

    /// Runs a script in the page; what it returns.
    pub fn script(&self, script: &str, arguments: &[Value]) -> Result<Value> {
        self.post(
            "execute/sync",
            &json!({ "script": script, "args": arguments }),
        )
    }

    /// The whole text of the page.
    pub fn page_text(&self) -> Result<String> {
        let text = self.script("return document.body.innerText", &[])?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// The `data-testid` of every element that has one: what a script can take hold of.
    pub fn test_ids(&self) -> Result<Vec<String>> {
        let all =
            "return [...document.querySelectorAll('[data-testid]')].map(e => e.dataset.testid)";
        let ids = self.script(all, &[])?;
        let ids = ids
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str);
        Ok(ids.map(ToOwned::to_owned).collect())
    }

    /// The handles of all windows.
    pub fn windows(&self) -> Result<Vec<String>> {
        let handles = self.get("window/handles")?;
        let handles = handles
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str);
        Ok(handles.map(ToOwned::to_owned).collect())
    }

    /// Turns to another window.
    pub fn switch_to(&self, handle: &str) -> Result<()> {
        self.post("window", &json!({ "handle": handle })).map(drop)
    }

    /// Waits for a window whose page holds `css`, and turns to it.
    pub fn switch_to_window_with(&self, css: &str) -> Result<()> {
        until_true(PATIENCE, &format!("a window with {css}"), || {
            for handle in self.windows()? {
                self.switch_to(&handle)?;
                if !self.all(css)?.is_empty() {
                    return Ok(true);
                }
            }
            Ok(false)
        })
    }

    fn get(&self, path: &str) -> Result<Value> {
        answer(&http::request(
            "GET",
            &format!("{}/{path}", self.session),
            &[],
            b"",
        )?)
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let url = format!("{}/{path}", self.session);
        let kind = [("content-type", "application/json")];
        answer(&http::request(
            "POST",
            &url,
            &kind,
            body.to_string().as_bytes(),
        )?)
    }
}

impl Drop for WebDriver {
    fn drop(&mut self) {
        // Lets the application go in an orderly way; the driver is ended in any case.
        let _ = http::request("DELETE", &self.session, &[], b"");
    }
}

fn answer(response: &http::Response) -> Result<Value> {
    let mut document = response.json()?;
    let value = document["value"].take();
    ensure!(
        response.status == 200,
        "{}: {}",
        value["error"],
        value["message"]
    );
    Ok(value)
}

fn element(found: &Value) -> Result<Element> {
    Ok(Element(
        found[ELEMENT]
            .as_str()
            .context("not an element")?
            .to_owned(),
    ))
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("looking for a port")?;
    Ok(listener.local_addr()?.port())
}
