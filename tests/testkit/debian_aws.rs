//! The AWS CLI as Debian 12 has it, version 2.9: older than the variables that name endpoints.
//!
//! It is led to the portal as AWS's older tools are led to endpoints that they do not know: by rules
//! for each service in a folder of data that `AWS_DATA_PATH` names.

use crate::programs::output;
use crate::{Context, Result, bail};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};

/// Where the package puts it; other tests call another one, by its own path.
pub const PROGRAM: &str = "/usr/bin/aws";

/// Folder of its data, and the variable that newer tools have for the service.
const SERVICES: [(&str, &str); 3] = [
    ("sso/2019-06-10", "AWS_ENDPOINT_URL_SSO"),
    ("sso-oidc/2019-06-10", "AWS_ENDPOINT_URL_SSO_OIDC"),
    ("sts/2011-06-15", "AWS_ENDPOINT_URL_STS"),
];

/// Why it cannot be run here, where this system has no such package; an error on one that has.
pub fn lacks() -> Result<Option<String>> {
    let version = match Path::new(PROGRAM).is_file() {
        true => output(Path::new(PROGRAM), ["--version"], &[])?,
        false => String::new(),
    };
    if version.starts_with("aws-cli/2.9.") {
        return Ok(None);
    }
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let has = |line: &str| release.lines().any(|known| known == line);
    if has("ID=debian") && has("VERSION_ID=\"12\"") {
        bail!("{PROGRAM} of the package awscli is missing: run `cargo xtask setup`");
    }
    Ok(Some(format!(
        "this system's packages have none ({PROGRAM}: {version:?})"
    )))
}

/// That environment, and what leads this version to the endpoints that are named there.
pub fn led(env: &[(String, String)]) -> Result<Vec<(String, String)>> {
    let value = |name: &str| env.iter().find(|(known, _)| known == name);
    let (_, home) = value("HOME").context("no HOME")?;
    let data = PathBuf::from(home).join(".cache/rules-for-aws-cli-2.9");
    for (service, variable) in SERVICES {
        if let Some((_, url)) = value(variable) {
            let folder = data.join(service);
            fs::create_dir_all(&folder)?;
            fs::write(folder.join("endpoint-rule-set-1.json"), rules(url))?;
        }
    }
    let own = ("AWS_DATA_PATH".to_owned(), data.display().to_string());
    Ok([env, &[own]].concat())
}

fn rules(url: &str) -> String {
    let parameter = |kind: &str, built_in: &str| json!({ "type": kind, "builtIn": built_in, "required": false, "documentation": "" });
    let rules = json!({
        "version": "1.0",
        "parameters": { "Region": parameter("String", "AWS::Region") },
        "rules": [{
            "type": "endpoint",
            "conditions": [],
            "endpoint": { "url": url, "properties": {}, "headers": {} },
        }],
    });
    rules.to_string()
}
