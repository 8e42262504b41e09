//! AWS's own clients, as people use them: the command line in its two versions and as Debian has it,
//! boto3, the SDKs for JavaScript and Rust.

use crate::debian_aws;
use crate::places::{binary, repository, tool, tools};
use crate::programs::output;
use crate::skips::skipped;
use crate::terraform;
use crate::{Context, Result, bail};
use serde_json::Value;
use std::path::PathBuf;

/// One of AWS's clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Client {
    /// AWS CLI v2.
    CommandLine,
    /// AWS CLI v1.
    CommandLine1,
    /// AWS CLI 2.9, the package of Debian 12.
    Debian,
    /// AWS SDK for Go v2, in Terraform.
    Go,
    /// boto3.
    Python,
    /// AWS SDK for JavaScript v3.
    JavaScript,
    /// AWS SDK for Rust.
    Rust,
}

impl Client {
    /// Those that `cargo xtask setup` installs everywhere.
    pub const ALL: [Self; 5] = [
        Self::CommandLine,
        Self::CommandLine1,
        Self::Python,
        Self::JavaScript,
        Self::Rust,
    ];

    /// All that this machine has; of one that it lacks, and is no part of its system, it is said so.
    pub fn on_this_machine() -> Result<Vec<Self>> {
        let mut here = Self::ALL.to_vec();
        match debian_aws::lacks()? {
            None => here.push(Self::Debian),
            Some(why) => skipped("Debian's AWS CLI 2.9", &why),
        }
        match terraform::program() {
            Some(_) => here.push(Self::Go),
            None => skipped("the SDK for Go", "there is no terraform here, which has it"),
        }
        Ok(here)
    }

    /// How its `User-Agent` begins, in small letters.
    pub fn agent(self) -> &'static str {
        match self {
            Self::CommandLine => "aws-cli/2",
            Self::CommandLine1 => "aws-cli/1",
            Self::Debian => "aws-cli/2.9.",
            Self::Go => "apn/1.0",
            Self::Python => "boto3/",
            Self::JavaScript => "aws-sdk-js/3",
            Self::Rust => "aws-sdk-rust/",
        }
    }

    /// Asks STS who the profile's credentials belong to.
    pub fn caller_identity(self, profile: &str, env: &[(String, String)]) -> Result<Value> {
        self.identity(Some(profile), env)
            .with_context(|| format!("with the profile {profile}"))
    }

    /// Asks STS who the credentials belong to that the environment leads to, without any profile.
    pub fn identity_of_environment(self, env: &[(String, String)]) -> Result<Value> {
        self.identity(None, env)
    }

    fn identity(self, profile: Option<&str>, env: &[(String, String)]) -> Result<Value> {
        let printed = match self {
            Self::Go => return terraform::caller_identity(profile, env),
            Self::Debian => self.printed(profile, &debian_aws::led(env)?),
            _ => self.printed(profile, env),
        };
        let printed = printed.with_context(|| format!("{self:?}"))?;
        serde_json::from_str(&printed).with_context(|| format!("{self:?} printed {printed}"))
    }

    fn printed(self, profile: Option<&str>, env: &[(String, String)]) -> Result<String> {
        let (program, mut words) = self.call()?;
        let commands = [Self::CommandLine, Self::CommandLine1, Self::Debian];
        if profile.is_some() && commands.contains(&self) {
            words.push("--profile".to_owned());
        }
        words.extend(profile.map(ToOwned::to_owned));
        output(&program, words, env)
    }

    fn call(self) -> Result<(PathBuf, Vec<String>)> {
        let scripts = repository().join("tests/interop");
        let path = |name: &str| scripts.join(name).display().to_string();
        let asked = ["sts", "get-caller-identity", "--output", "json"];
        let asked = || asked.map(ToOwned::to_owned).to_vec();
        Ok(match self {
            Self::CommandLine => (installed(tools().join("aws-cli/dist/aws"))?, asked()),
            Self::CommandLine1 => (installed(tools().join("aws-cli-1/bin/aws"))?, asked()),
            Self::Debian => (installed(debian_aws::PROGRAM.into())?, asked()),
            Self::Python => (
                installed(tools().join("python/bin/python"))?,
                vec![path("caller_identity.py")],
            ),
            Self::JavaScript => {
                installed(scripts.join("node_modules/@aws-sdk/client-sts/package.json"))?;
                (tool("node", "nodejs")?, vec![path("caller_identity.mjs")])
            }
            Self::Rust => (binary("daypass-interop-rust")?, Vec::new()),
            Self::Go => bail!("terraform is asked otherwise"),
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
