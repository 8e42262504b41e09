//! The program `daypass-sim` itself: what it prints, and how it ends.

use daypass_sim::web;
use serde_json::Value;
use std::io::BufReader;
use std::process::{Child, Command, Stdio};

#[expect(
    clippy::disallowed_methods,
    reason = "the program under test has to be started"
)]
fn command(program: &str) -> Command {
    Command::new(program)
}

fn start(arguments: &[&str]) -> (Child, BufReader<std::process::ChildStdout>) {
    let mut sim = command(env!("CARGO_BIN_EXE_daypass-sim"));
    let mut child = sim.args(arguments).stdout(Stdio::piped()).spawn().unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    (child, out)
}

fn line(out: &mut impl std::io::BufRead) -> String {
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    line
}

#[tokio::test]
async fn the_first_line_says_where_it_is_and_the_others_are_for_a_shell() {
    let (mut child, mut out) = start(&["--print-env", "--accounts", "3", "--browser", "auto"]);
    let ready: Value = serde_json::from_str(&line(&mut out)).unwrap();
    let base = ready["base"].as_str().unwrap();
    assert_eq!(ready["ready"], true);
    assert_eq!(ready["start_url"], format!("{base}/start"));
    let names = [
        "AWS_ENDPOINT_URL_SSO",
        "AWS_ENDPOINT_URL_SSO_OIDC",
        "AWS_ENDPOINT_URL_STS",
        "DAYPASS_SIGNIN_ENDPOINT",
    ];
    for name in names {
        assert_eq!(line(&mut out), format!("export {name}={base}\n"));
    }
    let state = web::visit(&format!("{base}/_sim/state"))
        .await
        .unwrap()
        .json();
    assert_eq!(
        (&state["accounts"], &state["options"]["browser"]),
        (&3.into(), &"auto".into())
    );
    child.kill().unwrap();
    child.wait().unwrap();
}

#[cfg(unix)]
#[test]
fn it_ends_cleanly_when_told_to() {
    for signal in ["-TERM", "-INT"] {
        let (mut child, mut out) = start(&[]);
        line(&mut out);
        let told = command("kill")
            .args([signal, &child.id().to_string()])
            .status()
            .unwrap();
        assert!(
            told.success() && child.wait().unwrap().success(),
            "{signal}"
        );
    }
}

#[test]
fn options_that_make_no_sense_are_refused_with_a_reason() {
    let table = [
        (["--page-size", "0"], 1, "page_size"),
        (["--faults", "storm"], 2, "unknown fault"),
        (["--browser", "maybe"], 2, "possible values"),
        (["--fault-rate", "2"], 1, "fault_rate"),
    ];
    for (arguments, code, reason) in table {
        let mut sim = command(env!("CARGO_BIN_EXE_daypass-sim"));
        let output = sim.args(arguments).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            (output.status.code(), told.contains(reason)),
            (Some(code), true),
            "{told}"
        );
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn all_options_of_the_contract_are_there() {
    let help = command(env!("CARGO_BIN_EXE_daypass-sim"))
        .arg("--help")
        .output()
        .unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let options = "port accounts roles page-size latency-ms rate-limit rate-burst token-ttl \
        session-ttl role-ttl client-ttl browser rotation reuse-revokes faults fault-rate hostile \
        seed print-env region start-url organisation-name user last-token";
    for option in options.split_whitespace() {
        assert!(help.contains(&format!("--{option}")), "{option}");
    }
}
