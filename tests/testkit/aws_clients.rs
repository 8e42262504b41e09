//! AWS's own clients, as people use them: the command line, boto3, the SDKs for JavaScript and Rust.

use crate::places::{binary, repository, tool, tools};
use crate::programs::output;
use crate::{Context, Result, bail};
use serde_json::Value;
use std::path::PathBuf;

/// One of AWS's clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Client {
    /// AWS CLI v2.
    CommandLine,
    /// boto3.
    Python,
    /// AWS SDK for JavaScript v3.
    JavaScript,
    /// AWS SDK for Rust.
    Rust,
}

impl Client {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::CommandLine,
        Self::Python,
        Self::JavaScript,
        Self::Rust,
    ];

    /// How its `User-Agent` begins, in small letters.
    pub fn agent(self) -> &'static str {
        match self {
            Self::CommandLine => "aws-cli/2",
            Self::Python => "boto3/",
            Self::JavaScript => "aws-sdk-js/3",
            Self::Rust => "aws-sdk-rust/",
        }
    }

    /// Asks STS who the profile's credentials belong to.
    pub fn caller_identity(self, profile: &str, env: &[(String, String)]) -> Result<Value> {
        let words = match self {
            Self::CommandLine => vec!["--profile".to_owned(), profile.to_owned()],
            Self::Python | Self::JavaScript | Self::Rust => vec![profile.to_owned()],
        };
        self.identity(words, env)
            .with_context(|| format!("with the profile {profile}"))
    }

    /// Asks STS who the credentials belong to that the environment leads to, without any profile.
    pub fn identity_of_environment(self, env: &[(String, String)]) -> Result<Value> {
        self.identity(Vec::new(), env)
    }

    fn identity(self, words: Vec<String>, env: &[(String, String)]) -> Result<Value> {
        let (program, arguments) = self.call()?;
        let arguments = [arguments, words].concat();
        let printed = output(&program, &arguments, env).with_context(|| format!("{self:?}"))?;
        serde_json::from_str(&printed).with_context(|| format!("{self:?} printed {printed}"))
    }

    fn call(self) -> Result<(PathBuf, Vec<String>)> {
        let scripts = repository().join("tests/interop");
        let path = |name: &str| scripts.join(name).display().to_string();
        Ok(match self {
            Self::CommandLine => {
                let aws = installed(tools().join("aws-cli/dist/aws"))?;
                let words = ["sts", "get-caller-identity", "--output", "json"];
                (aws, words.map(ToOwned::to_owned).to_vec())
            }
            Self::Python => (
                installed(tools().join("python/bin/python"))?,
                vec![path("caller_identity.py")],
            ),
            Self::JavaScript => {
                installed(scripts.join("node_modules/@aws-sdk/client-sts/package.json"))?;
                (tool("node", "nodejs")?, vec![path("caller_identity.mjs")])
            }
            Self::Rust => (binary("daypass-interop-rust")?, Vec::new()),
        })
    }
}

/// The names of all profiles that the SDK for JavaScript reads from the config file.
pub fn names_by_javascript(env: &[(String, String)]) -> Result<Vec<String>> {
    let script = repository().join("tests/interop/profile_names.mjs");
    let printed = output(&tool("node", "nodejs")?, [script], env)?;
    serde_json::from_str(&printed).with_context(|| format!("it printed {printed}"))
}

/// The AWS CLI, run with any words; its standard output.
pub fn aws(words: &[&str], env: &[(String, String)]) -> Result<String> {
    output(&installed(tools().join("aws-cli/dist/aws"))?, words, env)
}

fn installed(path: PathBuf) -> Result<PathBuf> {
    if path.is_file() {
        return Ok(path);
    }
    bail!(
        "{} is missing: run `cargo xtask setup`, which installs it",
        path.display()
    )
}
