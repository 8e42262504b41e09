//! What makes a file broken, line by line, and that Daypass then leaves it alone.

use super::*;

fn check(text: impl AsRef<[u8]>, line: usize, reason: &str) {
    let bytes = text.as_ref();
    let fault = strict::check(bytes).expect_err(&String::from_utf8_lossy(bytes));
    assert_eq!(
        (fault.line, fault.reason.contains(reason)),
        (line, true),
        "{fault:?}"
    );
    let world = World::with(bytes);
    for style in [Style::Sso, Style::Process] {
        let (code, message) = refusal(plan(&world.places, new(style)));
        assert_eq!(code, Code::ConfigBroken);
        assert!(message.contains(&format!("line {line}:")), "{message}");
    }
    assert_eq!(world.bytes(), bytes);
    assert_eq!(read(&world.places).unwrap().fault(), Some(&fault));
}

#[test]
fn what_botocore_refuses() {
    check("[a]\nk = 1\n\n[a]\n", 4, "twice");
    check("[profile a]\n[b]\n[profile a] # again\n", 3, "twice");
    check("[a]\nk = 1\nj = 2\nK: 3\n", 4, "");
    check("[a]\nk = 1\nk = 2\n", 3, "twice");
    check("[a]\nk = 1\nK = 2\n", 3, "twice");
    check("[a]\nk = 1\nno value\n", 3, "KEY = VALUE");
    check("k = 1\n[a]\n", 1, "before the first");
    check("# c\n\nk\n", 3, "before the first");
    check("[profile a\nk = 1\n", 1, "no end");
    check("[a]\n[profile b\n", 2, "no end");
    check("[]\n", 1, "");
    check("[a]\ns3 =\n  x = 1\n  broken\n", 4, "nested");
    check("[a]\ns3 =\n  x\u{85}y = 1\n", 3, "nested");
    check("[a]\n= 1\n", 2, "");
    check("\u{feff}[a]\nk = 1\n", 1, "byte order mark");
    check(b"[a]\nk = \xff\n", 2, "UTF-8");
    check("[DEFAULT]\nregion = x\n", 1, "every profile");
}

#[test]
fn what_the_rust_sdk_refuses() {
    check("[a]\nk: v\n", 2, "=");
    check("[a]\n  k = 1\n", 2, "below the header");
    check("[a]\n  # indented comment\nk = 1\n", 2, "below the header");
    check("[a] behind\n", 1, "no end");
    check("[profile a#b]\n", 1, "no end");
    check("[a]\nk # = 1\n", 2, "=");
    check("[a]\ns3 =\n  x = 1\n  # no equals sign\n", 4, "=");
    check("[a]\n\u{a0}k = 1\n", 2, "blank");
    check("[a]\rk = 1\r", 1, "carriage return");
    check("[a]\nk = 1\rj = 2\n", 2, "carriage return");
}

#[test]
fn what_every_reader_takes() {
    for text in [
        "",
        "\n\n",
        "# only\n; comments\n",
        "[a]\nk=v # c\n  more\n[b] ; c\n[b b]\nk=\n  x=1\n\n  y = 2\n# c\nz = 3",
        "[a]\r\nk = v\r\n",
        "[profile ü]\nclé = é\n",
        "[a]\nk = v\n\tcontinued without equals\n",
        "[default]\n[profile default]\n",
    ] {
        assert_eq!(strict::check(text.as_bytes()), Ok(()), "{text:?}");
    }
}
