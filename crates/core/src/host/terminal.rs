//! The user's own terminal: which program it is, and the words that make it run one command.

use std::path::{Path, PathBuf};

use super::{Host, Launch, programs};
use crate::{Code, Error, Result};

/// What runs a command in the default terminal of these systems.
const APPLE_SCRIPT: &str = "/usr/bin/osascript";
const WINDOWS_SHELL: &str = r"C:\Windows\System32\cmd.exe";
const POWERSHELL: &str = r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe";
/// The shell that every Unix has.
const PLAIN_SHELL: &str = "/bin/sh";

/// The line comes as an argument, so that AppleScript never reads it as its own text.
const IN_TERMINAL: [&str; 4] = [
    "on run argv",
    "tell application \"Terminal\" to do script (item 1 of argv)",
    "tell application \"Terminal\" to activate",
    "end run",
];

/// Terminals, in the order in which they are looked for, and what stands before a command given word
/// by word: none of them passes the words through a shell.
const KNOWN: [(&str, &[&str]); 13] = [
    ("xdg-terminal-exec", &[]),
    ("x-terminal-emulator", &["-e"]),
    ("gnome-terminal", &["--"]),
    ("ptyxis", &["--new-window", "--"]),
    ("kgx", &["--"]),
    ("konsole", &["-e"]),
    ("xfce4-terminal", &["-x"]),
    ("mate-terminal", &["-x"]),
    ("alacritty", &["-e"]),
    ("kitty", &[]),
    ("wezterm", &["start", "--"]),
    ("foot", &[]),
    ("xterm", &["-e"]),
];

/// How a system starts terminals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum System {
    Unix,
    Mac,
    Windows,
}

const HERE: System = if cfg!(windows) {
    System::Windows
} else if cfg!(target_os = "macos") {
    System::Mac
} else {
    System::Unix
};

/// The terminal that runs a command, word by word: the one of the settings (a program and what stands
/// before the command), else the one that the system calls the user's, else one that is known.
///
/// # Errors
/// `TerminalMissing` where there is none; `Internal` for a word that a terminal could misread.
pub fn launch(host: &Host, chosen: Option<&[String]>, command: &[String]) -> Result<Launch> {
    launch_on(HERE, host, chosen, command)
}

/// The user's shell: `SHELL` where the system lists it as one, else the one that is always there.
pub fn shell(host: &Host) -> String {
    if HERE == System::Windows {
        return POWERSHELL.to_owned();
    }
    let listed = std::fs::read_to_string(host.paths.system.join("etc/shells")).unwrap_or_default();
    let is_one = |it: &String| it.starts_with('/') && listed.lines().any(|line| line.trim() == it);
    let own = host.env.get("SHELL").filter(is_one);
    own.unwrap_or_else(|| PLAIN_SHELL.to_owned())
}

fn launch_on(
    system: System,
    host: &Host,
    chosen: Option<&[String]>,
    command: &[String],
) -> Result<Launch> {
    command.iter().try_for_each(|word| refuse_unfit(word))?;
    if let Some([program, before @ ..]) = chosen {
        return match Path::new(program).is_absolute() {
            true => Ok(before_command(PathBuf::from(program), before, command)),
            false => {
                let message = "a terminal has to be named by its whole path";
                Err(Error::new(Code::TerminalMissing, message))
            }
        };
    }
    match system {
        System::Unix => {
            let (program, before) = found(host)?;
            Ok(before_command(program, before, command))
        }
        System::Mac => {
            let script = IN_TERMINAL.iter().flat_map(|line| ["-e", line]);
            let script = script.map(str::to_owned);
            let line = format!("exec {}", quoted(command)?);
            Ok(Launch {
                program: PathBuf::from(APPLE_SCRIPT),
                arguments: script.chain([line]).collect(),
            })
        }
        System::Windows => {
            command.iter().try_for_each(|word| refuse_special(word))?;
            // `start` opens a window of the terminal that the user has chosen as the default one.
            let words = ["/d", "/c", "start", ""];
            Ok(before_command(
                PathBuf::from(WINDOWS_SHELL),
                &words,
                command,
            ))
        }
    }
}

fn before_command<S: ToString>(program: PathBuf, before: &[S], command: &[String]) -> Launch {
    let before = before.iter().map(ToString::to_string);
    Launch {
        program,
        arguments: before.chain(command.iter().cloned()).collect(),
    }
}

/// `TERMINAL` where it is a whole path, else the first of those that are known.
fn found(host: &Host) -> Result<(PathBuf, &'static [&'static str])> {
    let own = host.env.get("TERMINAL").map(PathBuf::from);
    if let Some(own) = own.filter(|it| it.is_absolute() && it.is_file()) {
        let before = words_before(&own);
        return Ok((own, before));
    }
    let mut here = KNOWN.iter().filter_map(|(name, before)| {
        let program = programs::find(&host.env, name)?;
        Some((program, *before))
    });
    here.next()
        .ok_or_else(|| Error::new(Code::TerminalMissing, "no terminal was found here"))
}

/// One that is not known is taken to be used as xterm is, as most are.
fn words_before(program: &Path) -> &'static [&'static str] {
    let name = program.file_name().unwrap_or_default();
    let known = KNOWN.iter().find(|(known, _)| name == *known);
    known.map_or(&["-e"], |(_, before)| before)
}

/// What cannot be seen is in no name of AWS, and ends words or lines for some readers.
fn refuse_unfit(word: &str) -> Result<()> {
    match word.is_empty() || word.chars().any(char::is_control) {
        false => Ok(()),
        true => Err(unfit(word)),
    }
}

/// The shell of Windows reads these also within quotes.
fn refuse_special(word: &str) -> Result<()> {
    match word.contains(['%', '^', '&', '|', '<', '>', '"', '!']) {
        false => Ok(()),
        true => Err(unfit(word)),
    }
}

fn unfit(word: &str) -> Error {
    let shown: String = word.escape_debug().take(128).collect();
    let message = format!("`{shown}` cannot stand on the command line of a terminal");
    Error::new(Code::Internal, message)
}

/// One line that every usual shell reads alike, fish included: each word in single quotes.
///
/// # Errors
/// `Internal` for a backslash, about which they do not agree.
fn quoted(words: &[String]) -> Result<String> {
    let quote = |word: &String| match word.contains('\\') {
        false => Ok(format!("'{}'", word.replace('\'', r"'\''"))),
        true => Err(unfit(word)),
    };
    let words: Result<Vec<String>> = words.iter().map(quote).collect();
    Ok(words?.join(" "))
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{Clock, Env};

    /// Whatever a list of accounts or a settings file may hold as a name.
    const HOSTILE: [&str; 7] = [
        "--role=-e;touch x",
        "$(touch x)",
        "`touch x`",
        "a b\u{a0}c",
        "it's \"quoted\"",
        "\" & do shell script \"touch x",
        "*?[~]#!",
    ];

    fn host(folder: &Path, variables: &[(&str, &str)]) -> Host {
        let variables = variables.iter().map(|(name, value)| (*name, *value));
        Host::fake(folder, Env::table(variables), Clock::real())
    }

    fn program(folder: &Path, name: &str) -> PathBuf {
        std::fs::create_dir_all(folder).unwrap();
        let path = folder.join(name);
        drop(std::fs::File::create_new(&path).unwrap());
        path
    }

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|it| (*it).to_owned()).collect()
    }

    #[test]
    fn every_known_terminal_gets_the_command_word_by_word() {
        for (name, before) in KNOWN {
            let folder = tempfile::tempdir().unwrap();
            let bin = folder.path().join("bin");
            let there = program(&bin, name);
            let path = format!("relative:{}", bin.display());
            let host = host(folder.path(), &[("PATH", &path)]);
            for hostile in HOSTILE {
                let command = words(&["/opt/day pass/daypass", "exec", hostile, "--", "/bin/sh"]);
                let launch = launch_on(System::Unix, &host, None, &command).unwrap();
                assert_eq!(launch.program, there, "{name}");
                let expected = [words(before), command].concat();
                assert_eq!(launch.arguments, expected, "{name}");
            }
        }
    }

    #[test]
    fn settings_win_over_terminal_and_terminal_over_what_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let bin = folder.path().join("bin");
        let [konsole, other] = ["konsole", "other"].map(|name| program(&bin, name));
        let (path, command) = (bin.display().to_string(), words(&["/bin/daypass"]));
        for (terminal, expected, before) in [
            (other.to_str().unwrap(), &other, "-e"),
            (konsole.to_str().unwrap(), &konsole, "-e"),
            ("other", &konsole, "-e"),
            ("/nowhere/at/all", &konsole, "-e"),
        ] {
            let host = host(folder.path(), &[("PATH", &path), ("TERMINAL", terminal)]);
            let launch = launch_on(System::Unix, &host, None, &command).unwrap();
            assert_eq!(&launch.program, expected, "{terminal}");
            assert_eq!(launch.arguments, [before, "/bin/daypass"], "{terminal}");
            for system in [System::Unix, System::Mac, System::Windows] {
                let chosen = words(&["/opt/mine", "--run", "two words"]);
                let launch = launch_on(system, &host, Some(&chosen), &command).unwrap();
                assert_eq!(launch.program, Path::new("/opt/mine"));
                let expected = ["--run", "two words", "/bin/daypass"];
                assert_eq!(launch.arguments, expected);
            }
        }
        let bare = host(folder.path(), &[("PATH", "/nowhere")]);
        let missing = launch_on(System::Unix, &bare, None, &command).unwrap_err();
        assert_eq!(missing.code(), Code::TerminalMissing);
        assert!(missing.hint().contains("settings.toml"), "{missing:?}");
    }

    #[test]
    fn a_line_for_the_terminal_of_macos_is_read_back_by_shells_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let host = host(folder.path(), &[]);
        for hostile in HOSTILE {
            let command = words(&["/usr/bin/printf", "%s|", hostile, "--", "/bin/sh"]);
            let launch = launch_on(System::Mac, &host, None, &command).unwrap();
            assert_eq!(launch.program, Path::new("/usr/bin/osascript"));
            let (line, script) = launch.arguments.split_last().unwrap();
            assert!(script.iter().all(|it| !it.contains(hostile)), "{script:?}");
            for shell in ["/bin/sh", "/bin/bash", "/usr/bin/zsh", "/usr/bin/fish"] {
                let Some(read) = read_by(shell, line) else {
                    continue;
                };
                assert_eq!(read, format!("{hostile}|--|/bin/sh|"), "{shell}");
            }
        }
        let slashed = words(&["a\\b"]);
        assert!(launch_on(System::Mac, &host, None, &slashed).is_err());
    }

    /// `None` where this machine has no such shell; every one has the first.
    #[expect(clippy::disallowed_methods, reason = "asks a shell how it reads")]
    fn read_by(shell: &str, line: &str) -> Option<String> {
        let mut command = std::process::Command::new(shell);
        let output = command.args(["-c", line]).output();
        let output = match output {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && shell != "/bin/sh" => {
                return None;
            }
            output => output.unwrap(),
        };
        Some(String::from_utf8(output.stdout).unwrap())
    }

    #[test]
    fn the_shell_of_windows_gets_nothing_that_it_reads_within_quotes() {
        let folder = tempfile::tempdir().unwrap();
        let host = host(folder.path(), &[]);
        let plain = words(&[
            r"C:\Program Files (x86)\daypass.exe",
            "--role=a_b+c=d,e.f@g-h",
        ]);
        let launch = launch_on(System::Windows, &host, None, &plain).unwrap();
        let expected = [words(&["/d", "/c", "start", ""]), plain].concat();
        assert_eq!(launch.arguments, expected);
        for special in ["a&b", "a|b", "%PATH%", "a^b", "a>b", "a<b", "a\"b", "a!b"] {
            let launch = launch_on(System::Windows, &host, None, &words(&[special]));
            assert!(launch.is_err(), "{special}");
        }
    }

    #[test]
    fn what_cannot_be_seen_reaches_no_terminal() {
        let folder = tempfile::tempdir().unwrap();
        let host = host(folder.path(), &[]);
        let chosen = words(&["/opt/mine"]);
        for word in ["", "a\nb", "a\rb", "a\0b", "\u{1b}]0;x\u{7}", "a\u{85}b"] {
            for system in [System::Unix, System::Mac, System::Windows] {
                let launch = launch_on(system, &host, Some(&chosen), &words(&[word]));
                assert_eq!(launch.unwrap_err().code(), Code::Internal, "{word:?}");
            }
        }
    }

    #[test]
    fn only_what_the_system_calls_a_shell_is_started() {
        let folder = tempfile::tempdir().unwrap();
        let etc = folder.path().join("system/etc");
        std::fs::create_dir_all(&etc).unwrap();
        let listed = "# shells\n/bin/sh\n/usr/bin/fish \n";
        #[expect(clippy::disallowed_methods, reason = "a file of the test's own")]
        std::fs::write(etc.join("shells"), listed).unwrap();
        for (own, expected) in [
            ("/usr/bin/fish", "/usr/bin/fish"),
            ("/usr/sbin/nologin", PLAIN_SHELL),
            ("fish", PLAIN_SHELL),
            ("# shells", PLAIN_SHELL),
            ("", PLAIN_SHELL),
        ] {
            let host = host(folder.path(), &[("SHELL", own)]);
            assert_eq!(shell(&host), expected, "{own}");
        }
    }
}
