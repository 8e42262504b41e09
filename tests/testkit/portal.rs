//! The access portal of a test: `daypass-sim` as a program, and its control API.

use crate::home::Home;
use crate::http;
use crate::places::binary;
use crate::programs::{Running, command, free_name};
use crate::waiting::{PATIENCE, until};
use crate::{Context, Result, bail};
use serde_json::{Value, json};
use std::fs;

/// A running portal; dropping it takes it away.
#[derive(Debug)]
pub struct Portal {
    base: String,
    start_url: String,
    program: Running,
}

impl Portal {
    /// Starts a portal with those options; its output goes to the logs of `home`.
    pub fn start(home: &Home, options: &[&str]) -> Result<Self> {
        Self::start_with(home, options, Vec::new())
    }

    /// Starts it with further variables.
    pub fn start_with(
        home: &Home,
        options: &[&str],
        further: Vec<(String, String)>,
    ) -> Result<Self> {
        let mut command = command(&binary("daypass-sim")?);
        command.envs(home.env()).envs(further);
        command.args(["--port", "0"]).args(options);
        let words = free_name(&home.logs(), "sim", "out");
        let mut program = Running::start("sim", &mut command, &home.logs())?;
        let ready: Value = until(PATIENCE, "the access portal", || {
            if let Some(status) = program.ended()? {
                bail!("daypass-sim ended with {status}");
            }
            let text = fs::read_to_string(&words)?;
            Ok(text
                .split_once('\n')
                .and_then(|(line, _)| serde_json::from_str(line).ok()))
        })?;
        let text = |key: &str| {
            ready[key]
                .as_str()
                .map(ToOwned::to_owned)
                .context("not ready")
        };
        Ok(Self {
            base: text("base")?,
            start_url: text("start_url")?,
            program,
        })
    }

    /// `http://127.0.0.1:PORT`.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The start URL to register a session with.
    pub fn start_url(&self) -> &str {
        &self.start_url
    }

    /// Makes it unreachable.
    pub fn stop(&mut self) {
        self.program.stop();
    }

    /// Asks the control API.
    pub fn ask(&self, what: &str) -> Result<Value> {
        http::get_json(&format!("{}/_sim/{what}", self.base))
    }

    /// Tells the control API.
    pub fn tell(&self, what: &str, details: &Value) -> Result<Value> {
        http::post_json(&format!("{}/_sim/{what}", self.base), details)
    }

    /// Makes every access token of now expired, while refresh tokens live on.
    pub fn expire_access_tokens(&self) -> Result<()> {
        self.tell("expire", &json!({ "what": "access_tokens" }))
            .map(drop)
    }

    /// The environment that leads AWS's own clients, and Daypass's federation call, here.
    pub fn env(&self) -> Vec<(String, String)> {
        let set = |name: &str| (name.to_owned(), self.base.clone());
        vec![
            set("AWS_ENDPOINT_URL_SSO"),
            set("AWS_ENDPOINT_URL_SSO_OIDC"),
            set("AWS_ENDPOINT_URL_STS"),
            set("DAYPASS_SIGNIN_ENDPOINT"),
        ]
    }
}
