//! Which way a request takes, and which files vouch for nobody.

use super::*;

const FAR: &str = "https://portal.sso.eu-west-1.amazonaws.com/";

fn env<const N: usize>(pairs: [(&str, &str); N]) -> Env {
    Env::table(pairs)
}

fn settings(proxy: &str, no_proxy: &str) -> Choices {
    Choices {
        proxy: Some(proxy.into()),
        no_proxy: Some(no_proxy.into()),
        ca_bundle: None,
    }
}

fn proxy_to(address: &str, env: &Env, choices: &Choices) -> Option<String> {
    let ways = Ways::open(plan(env, choices).unwrap()).unwrap();
    ways.to(address).proxy
}

#[test]
fn only_this_machine_goes_past_the_proxy() {
    let env = env([("HTTPS_PROXY", "http://p:1"), ("HTTP_PROXY", "http://p:1")]);
    for local in [
        "http://127.0.0.1:80/x",
        "https://127.8.9.1/x",
        "http://localhost/",
        "http://[::1]:9/",
    ] {
        assert_eq!(proxy_to(local, &env, &Choices::default()), None, "{local}");
    }
    for far in [FAR, "http://localhost.example/"] {
        let proxy = proxy_to(far, &env, &Choices::default());
        assert_eq!(proxy.as_deref(), Some("http://p:1"), "{far}");
    }
}

#[test]
fn the_environment_goes_before_the_settings() {
    let own = settings("http://settings:1", "");
    for (env, proxy) in [
        (env([]), "http://settings:1"),
        (env([("https_proxy", "small:2")]), "http://small:2"),
        (
            env([
                ("HTTPS_PROXY", "http://great:3"),
                ("https_proxy", "small:2"),
            ]),
            "http://great:3",
        ),
        (env([("ALL_PROXY", "http://all:4")]), "http://all:4"),
        // Set to nothing is not set, as in AWS's own tools.
        (env([("HTTPS_PROXY", "")]), "http://settings:1"),
        // Meant for http alone.
        (env([("HTTP_PROXY", "http://plain:5")]), "http://settings:1"),
    ] {
        assert_eq!(proxy_to(FAR, &env, &own).as_deref(), Some(proxy), "{env:?}");
    }
}

#[test]
fn named_hosts_are_reached_without_the_proxy() {
    let own = settings("http://p:1", "corp.example, amazonaws.com");
    assert_eq!(proxy_to(FAR, &env([]), &own), None);
    let env = env([("no_proxy", "corp.example")]);
    assert_eq!(proxy_to(FAR, &env, &own).as_deref(), Some("http://p:1"));
}

#[test]
fn a_name_and_password_are_never_shown() {
    let own = settings("http://jo:canary-word@p:1", "");
    assert_eq!(proxy_to(FAR, &env([]), &own).as_deref(), Some("http://p:1"));
    assert!(!format!("{own:?}").contains("canary"));
    for unfit in ["socks5://jo:canary-word@p:1", "http://", "canary word"] {
        let refused = Ways::open(plan(&env([]), &settings(unfit, "")).unwrap()).unwrap_err();
        assert_eq!(refused.code(), Code::ProxyFailed, "{unfit}");
        assert!(!format!("{refused:?}").contains("canary"), "{refused:?}");
    }
}

#[test]
fn a_file_without_certificates_vouches_for_nobody_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bundle.pem");
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for (content, why) in [
        (None, "cannot be read"),
        (Some(""), "holds no certificate"),
        (Some("hello"), "holds no certificate"),
        (Some(broken), "holds no certificate"),
        (
            Some("-----BEGIN CERTIFICATE-----\nAA"),
            "holds no certificate",
        ),
    ] {
        if let Some(content) = content {
            crate::host::files::replace(&path, content.as_bytes(), crate::host::files::Mode::Keep)
                .unwrap();
        }
        let env = env([("AWS_CA_BUNDLE", path.to_str().unwrap())]);
        let plan = plan(&env, &Choices::default());
        let error = plan.and_then(Ways::open).unwrap_err();
        assert_eq!(error.code(), Code::CertificateUntrusted);
        assert!(error.message().contains(why), "{error:?}");
        assert!(
            error.message().starts_with("AWS_CA_BUNDLE names /"),
            "{error:?}"
        );
        assert!(error.hint().contains("AWS_CA_BUNDLE"));
    }
}

#[test]
fn a_good_certificate_counts_beside_broken_ones() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bundle.pem");
    let good = include_str!("test_ca.pem");
    let content =
        format!("# ours\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n{good}");
    crate::host::files::replace(&path, content.as_bytes(), crate::host::files::Mode::Keep).unwrap();
    let choices = Choices {
        ca_bundle: Some(path.to_str().unwrap().to_owned()),
        ..Choices::default()
    };
    Ways::open(plan(&env([]), &choices).unwrap()).unwrap();
}
