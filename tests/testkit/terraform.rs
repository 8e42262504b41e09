//! Terraform, as a program with the AWS SDK for Go in it: its S3 backend asks STS who it is before
//! anything else.

use crate::places::tool;
use crate::programs::command;
use crate::{Context, Result};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

/// Where it is, if this machine has it.
pub fn program() -> Option<PathBuf> {
    tool("terraform", "terraform").ok()
}

/// Who STS said that it is, with that profile or what the environment leads to.
///
/// There is no bucket at the portal, so that the command itself ends with an error afterwards.
pub fn caller_identity(profile: Option<&str>, env: &[(String, String)]) -> Result<Value> {
    let terraform = program().context("no terraform here")?;
    let folder = configured(profile, env)?;
    let mut command = command(&terraform);
    command
        .args(["init", "-no-color", "-input=false", "-reconfigure"])
        .current_dir(&folder)
        .envs(env.iter().cloned())
        .env("CHECKPOINT_DISABLE", "1")
        .env("TF_LOG", "debug");
    let ran = command.output().context("running terraform")?;
    let log = String::from_utf8_lossy(&ran.stderr).into_owned();
    identity(&log).with_context(|| format!("terraform told nobody: {log}"))
}

/// A folder with nothing but such a backend in it.
fn configured(profile: Option<&str>, env: &[(String, String)]) -> Result<PathBuf> {
    let value = |name: &str| env.iter().find(|(known, _)| known == name);
    let (_, home) = value("HOME").context("no HOME")?;
    let (_, portal) = value("AWS_ENDPOINT_URL_STS").context("no portal")?;
    let folder = Path::new(home).join(".cache/terraform-of-a-test");
    fs::create_dir_all(&folder)?;
    let profile = profile.map_or_else(String::new, |name| format!("    profile = \"{name}\"\n"));
    let text = format!(
        "terraform {{\n  backend \"s3\" {{\n    bucket = \"none\"\n    key = \"none\"\n    \
         region = \"eu-central-1\"\n    use_path_style = true\n    skip_metadata_api_check = true\n    \
         endpoints = {{ s3 = \"{portal}\" }}\n{profile}  }}\n}}\n"
    );
    fs::write(folder.join("main.tf"), text)?;
    Ok(folder)
}

/// The answer of STS, which the log holds as it came.
fn identity(log: &str) -> Option<Value> {
    let (_, answer) = log.split_once("<GetCallerIdentityResult>")?;
    let within = |tag: &str| {
        let (_, rest) = answer.split_once(&format!("<{tag}>"))?;
        rest.split_once(&format!("</{tag}>"))
            .map(|(text, _)| text.to_owned())
    };
    Some(json!({ "Account": within("Account")?, "Arn": within("Arn")? }))
}
