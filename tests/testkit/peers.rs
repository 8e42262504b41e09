//! The tools that Daypass is measured beside, as they come from their makers: aws-sso-util, a loop over
//! the AWS CLI; and the floor, bare requests over bare sockets.

use crate::places::tools;
use crate::races;
use crate::scene::Scene;
use crate::{Context, Result, ensure};
use serde_json::Value;
use sha1::{Digest, Sha1};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// How many requests the floor has under way.
const AT_ONCE: usize = 16;
/// Seconds after which a tool is not waited for any more.
const LONGEST: u32 = 600;
/// The Region of every simulated portal.
const REGION: &str = "eu-central-1";

/// aws-sso-util, where the set-up has installed it.
pub fn aws_sso_util() -> Option<PathBuf> {
    Some(tools().join("aws-sso-util/bin/aws-sso-util")).filter(|it| it.is_file())
}

/// A current AWS CLI v2, where the set-up has installed it.
pub fn aws_cli() -> Option<PathBuf> {
    Some(tools().join("aws-cli/dist/aws")).filter(|it| it.is_file())
}

/// Signed in as aws-sso-util looks for it: under the hash of the start URL, with the token of Daypass.
pub fn share_sign_in(scene: &Scene) -> Result<()> {
    let theirs = hex::encode(Sha1::digest(scene.portal.start_url()));
    let theirs = scene.home().sso_cache().join(format!("{theirs}.json"));
    if theirs.is_file() {
        return Ok(());
    }
    let text = fs::read_to_string(races::token_file(scene)?)?;
    let ours: Value = serde_json::from_str(&text)?;
    let mut token = ours.clone();
    token["startUrl"] = scene.portal.start_url().into();
    token["region"] = REGION.into();
    Ok(fs::write(theirs, token.to_string())?)
}

/// Everything that aws-sso-util lists; how many assignments.
pub fn listed_by_aws_sso_util(scene: &Scene) -> Result<usize> {
    let program = aws_sso_util().context("aws-sso-util is not installed")?;
    let mut command = on(scene, &program);
    command.args(["roles", "--no-header", "--sso-start-url"]);
    command.args([scene.portal.start_url(), "--sso-region", REGION]);
    let listed = succeeded("aws-sso-util roles", command.output()?)?;
    Ok(listed.lines().count())
}

/// A profile for every assignment, written by aws-sso-util.
pub fn written_by_aws_sso_util(scene: &Scene) -> Result<()> {
    let program = aws_sso_util().context("aws-sso-util is not installed")?;
    let mut command = on(scene, &program);
    command.args(["configure", "populate", "--region", REGION]);
    command.args(["--sso-start-url", scene.portal.start_url()]);
    command.args(["--sso-region", REGION]);
    succeeded("aws-sso-util configure populate", command.output()?).map(drop)
}

/// What aws-sso-util is told, to print credentials as an SDK asks for them.
pub fn credentials_by_aws_sso_util(scene: &Scene, account: &str, role: &str) -> Vec<String> {
    let portal = ["--sso-start-url", scene.portal.start_url()];
    let words = ["credential-process", "--sso-region", REGION];
    let target = ["--account-id", account, "--role-name", role];
    let words = words.iter().chain(&portal).chain(&target);
    words.map(|it| (*it).to_owned()).collect()
}

/// Everything, by one call of the AWS CLI for the accounts and one for each; how many assignments.
pub fn listed_by_a_loop_over_the_aws_cli(scene: &Scene) -> Result<usize> {
    let token = token(scene)?;
    let ask = |words: &[&str]| -> Result<Value> {
        let mut command = on(scene, &aws_cli().context("the AWS CLI is not installed")?);
        command.args(["sso", words[0], "--region", REGION, "--output", "json"]);
        command.args(["--access-token", &token]).args(&words[1..]);
        Ok(serde_json::from_str(&succeeded(
            "aws sso",
            command.output()?,
        )?)?)
    };
    let accounts = ask(&["list-accounts"])?;
    let mut assignments = 0;
    for account in accounts["accountList"].as_array().context("no accounts")? {
        let id = account["accountId"].as_str().context("no id")?;
        let roles = ask(&["list-account-roles", "--account-id", id])?;
        assignments += roles["roleList"].as_array().map_or(0, Vec::len);
    }
    Ok(assignments)
}

/// The same requests as Daypass's, sixteen at once over sockets that stay open, with nothing read out
/// of the answers but that they are good.
pub fn asked_over_bare_sockets(scene: &Scene) -> Result<()> {
    let token = token(scene)?;
    let accounts = scene.accounts()?;
    let ids = accounts.iter().filter_map(|it| it["id"].as_str());
    let pages = accounts.len().div_ceil(100);
    let one_page = "/assignment/accounts?max_result=100".to_owned();
    let mut paths = vec![one_page; pages];
    paths.extend(ids.map(|id| format!("/assignment/roles?max_result=100&account_id={id}")));
    let next = AtomicUsize::new(0);
    let host = scene.portal.base().trim_start_matches("http://");
    thread::scope(|scope| {
        let asking = (0..AT_ONCE).map(|_| scope.spawn(|| ask_on(host, &token, &paths, &next)));
        let asking: Vec<_> = asking.collect();
        for one in asking {
            one.join().map_err(|_| crate::anyhow!("a thread died"))??;
        }
        Ok(())
    })
}

fn ask_on(host: &str, token: &str, paths: &[String], next: &AtomicUsize) -> Result<()> {
    let stream = TcpStream::connect(host)?;
    stream.set_nodelay(true)?;
    let (mut out, mut answers) = (stream.try_clone()?, BufReader::new(stream));
    while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
        let head = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n");
        let head = format!("{head}x-amz-sso_bearer_token: {token}\r\n\r\n");
        out.write_all(head.as_bytes())?;
        answer(&mut answers)?;
    }
    Ok(())
}

fn answer(from: &mut impl BufRead) -> Result<()> {
    let (mut line, mut length) = (String::new(), 0_u64);
    from.read_line(&mut line)?;
    ensure!(line.starts_with("HTTP/1.1 200"), "{line}");
    loop {
        line.clear();
        from.read_line(&mut line)?;
        let Some((name, value)) = line.split_once(':') else {
            break;
        };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse()?;
        }
    }
    ensure!(length > 0, "an answer without a length");
    std::io::copy(&mut from.take(length), &mut std::io::sink())?;
    Ok(())
}

fn token(scene: &Scene) -> Result<String> {
    let mut files = crate::canary::files_below(&scene.home().sso_cache())?;
    files.retain(|path| path.extension().is_some_and(|ending| ending == "json"));
    for file in files {
        let document: Value = serde_json::from_slice(&fs::read(file)?)?;
        if let Some(token) = document["accessToken"].as_str() {
            return Ok(token.to_owned());
        }
    }
    crate::bail!("nobody is signed in")
}

fn on(scene: &Scene, program: &PathBuf) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .envs(scene.daypass.env().iter().cloned());
    command.env("AWS_DEFAULT_REGION", REGION);
    command.stdin(Stdio::null());
    command
}

fn succeeded(what: &str, output: Output) -> Result<String> {
    let words = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.code() != Some(124),
        "{what} had not ended after {LONGEST} s"
    );
    ensure!(
        output.status.success(),
        "{what} ended with {}: {}",
        output.status,
        words.lines().last().unwrap_or_default()
    );
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
