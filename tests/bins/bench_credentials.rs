//! What `cargo xtask bench credentials` runs: from spawn to exit, with role credentials held and with
//! only a token, beside the least that any program does and beside the AWS CLI, all in turns.
//!
//!     daypass-bench-credentials [--times 40] [--accounts 5000]

use std::env;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use testkit::budgets::Budgets;
use testkit::places::{binary, tools};
use testkit::scene::{Scene, Storage};
use testkit::{Context, Result, bail, calls, ensure, peers, races};

type Env = Vec<(String, String)>;

struct Wish {
    times: usize,
    accounts: usize,
}

/// One program that is measured: what it is called, and how its turn number N is run.
struct Rival<'a> {
    name: &'static str,
    program: PathBuf,
    words: Box<dyn Fn(usize) -> Vec<String> + 'a>,
    env: &'a Env,
    took: Vec<Duration>,
}

fn main() -> Result<()> {
    let wish = wish()?;
    let cores = std::thread::available_parallelism()?;
    say(&format!(
        "{} turns each, a list of {} accounts on disk, {cores} processors; milliseconds from spawn to exit",
        wish.times, wish.accounts
    ));
    let mut budgets = Budgets::of("credentials")?;
    for storage in Storage::BOTH {
        say(&format!("\nstorage {}", storage.word()));
        let scene = scene(storage, &wish)?;
        held(&scene, storage, &wish, &mut budgets)?;
        only_a_token(&scene, storage, &wish, &mut budgets)?;
        beside_aws_sso_util(&scene, storage, &wish)?;
    }
    budgets.finish()
}

fn wish() -> Result<Wish> {
    let words: Vec<String> = env::args().skip(1).collect();
    let mut wish = Wish {
        times: 40,
        accounts: 5_000,
    };
    for pair in words.chunks(2) {
        match pair {
            [name, value] if name == "--times" => wish.times = value.parse()?,
            [name, value] if name == "--accounts" => wish.accounts = value.parse()?,
            _ => bail!("{} is not understood, or needs a value", pair[0]),
        }
    }
    ensure!(wish.accounts > wish.times, "each turn needs an account");
    Ok(wish)
}

/// Signed in, with a whole list on disk, as somebody has who uses Daypass for long.
fn scene(storage: Storage, wish: &Wish) -> Result<Scene> {
    let accounts = wish.accounts.to_string();
    let scene = Scene::signed_in(storage, &["--accounts", &accounts, "--roles", "3"])?;
    scene.daypass.ok(&["list", "--refresh"])?;
    Ok(scene)
}

fn ids(scene: &Scene) -> Result<Vec<String>> {
    let accounts = scene.accounts()?;
    let has = |one: &&serde_json::Value| {
        let roles = one["roles"].as_array().into_iter().flatten();
        roles.into_iter().any(|it| it == "ReadOnly")
    };
    let ids = accounts
        .iter()
        .filter(has)
        .filter_map(|it| it["id"].as_str());
    Ok(ids.map(ToOwned::to_owned).collect())
}

fn words(account: &str) -> Vec<String> {
    let words = ["credentials", "--session", "work", "--account", account];
    let words = words.iter().chain(&["--role", "ReadOnly"]);
    words.map(|it| (*it).to_owned()).collect()
}

/// With held role credentials: nobody asks the portal.
fn held(scene: &Scene, storage: Storage, wish: &Wish, budgets: &mut Budgets) -> Result<()> {
    let account = ids(scene)?.first().context("no account")?.clone();
    let target = format!("{account}/ReadOnly");
    scene
        .daypass
        .run_secretly(
            &words(&account)
                .iter()
                .map(String::as_str)
                .collect::<Vec<_>>(),
        )?
        .code(0)?;
    let env = scene.daypass.env().to_vec();
    let bare = bare(scene, storage)?;
    let mut rivals = vec![
        rival("daypass credentials", scene.daypass.program(), &env, |_| {
            words(&account)
        }),
        rival(
            "bare program, the same secret",
            &binary("daypass-bare-secret")?,
            &env,
            |_| bare.clone(),
        ),
    ];
    let aws = tools().join("aws-cli/dist/aws");
    if aws.is_file() {
        let style = match storage {
            Storage::Keychain => "process",
            Storage::Shared => "sso",
        };
        scene
            .daypass
            .ok(&["profile", "add", &target, "--name", "it", "--style", style])?;
        let export = ["configure", "export-credentials", "--profile", "it"];
        let export = export.map(ToOwned::to_owned).to_vec();
        rivals.push(rival(
            "AWS CLI v2 export-credentials",
            &aws,
            &env,
            move |_| export.clone(),
        ));
    }
    let asked = scene.portal.ask("stats")?["requests"].clone();
    run(&mut rivals, wish.times)?;
    ensure!(
        asked == scene.portal.ask("stats")?["requests"],
        "the portal was asked"
    );
    say("  held role credentials, no request");
    tell(&rivals);
    say(&format!(
        "    peak memory                      {:6.1} MiB; the bare program {:.1} MiB",
        peak(&rivals[0])?,
        peak(&rivals[1])?
    ));
    let word = storage.word();
    budgets.hold(
        &format!("held_{word}_beside_a_bare_program"),
        ours_beside(&rivals, 1),
    )?;
    if rivals.len() > 2 {
        let beside = ours_beside(&rivals, 2);
        budgets.hold(&format!("held_{word}_beside_the_aws_cli"), beside)?;
    }
    budgets.hold("memory_mib", peak(&rivals[0])?)?;
    let fifty: Vec<String> = words(&account);
    let fifty: Vec<&str> = fifty.iter().map(String::as_str).collect();
    let calls = calls::at_once(&scene.daypass, 50, &fifty)?;
    say(&format!("    {}", calls.line()));
    Ok(())
}

/// It holds no role credentials of its own, and asks the portal each time.
fn beside_aws_sso_util(scene: &Scene, storage: Storage, wish: &Wish) -> Result<()> {
    let (Storage::Shared, Some(theirs)) = (storage, peers::aws_sso_util()) else {
        return Ok(());
    };
    peers::share_sign_in(scene)?;
    let account = &ids(scene)?.first().context("no account")?.clone();
    let env = scene.daypass.env().to_vec();
    let their_words = peers::credentials_by_aws_sso_util(scene, account, "ReadOnly");
    let mut rivals = vec![
        rival("daypass credentials", scene.daypass.program(), &env, |_| {
            words(account)
        }),
        rival("aws-sso-util credential-process", &theirs, &env, |_| {
            their_words.clone()
        }),
    ];
    run(&mut rivals, wish.times)?;
    say("  beside aws-sso-util");
    tell(&rivals);
    Ok(())
}

/// Each turn wants an account whose credentials nobody holds.
fn only_a_token(scene: &Scene, storage: Storage, wish: &Wish, budgets: &mut Budgets) -> Result<()> {
    let accounts: Vec<String> = ids(scene)?.into_iter().skip(1).collect();
    ensure!(accounts.len() > 2 * wish.times, "too few accounts");
    let env = scene.daypass.env().to_vec();
    // The bare program reads its token from a file, also where Daypass asks the keychain.
    let beside = Scene::signed_in(Storage::Shared, &["--accounts", "1"])?;
    let (file, portal) = match storage {
        Storage::Shared => (races::token_file(scene)?, scene),
        Storage::Keychain => (races::token_file(&beside)?, &beside),
    };
    let others: Vec<String> = match storage {
        Storage::Shared => accounts.iter().skip(wish.times).cloned().collect(),
        Storage::Keychain => vec![ids(&beside)?.first().context("no account")?.clone()],
    };
    let bare = |turn: usize| {
        let file = file.display().to_string();
        let account = others[turn % others.len()].clone();
        vec![
            file,
            "eu-central-1".to_owned(),
            account,
            "ReadOnly".to_owned(),
        ]
    };
    let their_env = portal.daypass.env().to_vec();
    let mut rivals = vec![
        rival(
            "daypass credentials",
            scene.daypass.program(),
            &env,
            |turn| words(&accounts[turn]),
        ),
        rival(
            "minimal program of the Rust SDK",
            &binary("daypass-bare-credentials")?,
            &their_env,
            bare,
        ),
    ];
    run(&mut rivals, wish.times)?;
    say("  only a token, one request");
    tell(&rivals);
    say(&format!(
        "    peak memory                      {:6.1} MiB; the minimal program {:.1} MiB",
        peak(&rivals[0])?,
        peak(&rivals[1])?
    ));
    let key = format!("token_{}_beside_a_minimal_program", storage.word());
    budgets.hold(&key, ours_beside(&rivals, 1))?;
    budgets.hold("memory_mib", peak(&rivals[0])?)
}

/// How many times as long as a rival Daypass takes, by the halves.
fn ours_beside(rivals: &[Rival<'_>], other: usize) -> f64 {
    rivals[0].within(50) / rivals[other].within(50)
}

/// What the bare program is told, so that it fetches the very secret that Daypass prints from.
fn bare(scene: &Scene, storage: Storage) -> Result<Vec<String>> {
    match storage {
        Storage::Keychain => {
            let items = scene.desktop.keyring()?.items()?;
            let item = items
                .iter()
                .find(|it| {
                    it.attributes
                        .get("username")
                        .is_some_and(|name| name.ends_with("role credentials"))
                })
                .context("no role credentials in the keychain")?;
            let attribute = |name: &str| item.attributes.get(name).cloned().unwrap_or_default();
            Ok(vec![
                "item".to_owned(),
                attribute("service"),
                attribute("username"),
            ])
        }
        Storage::Shared => {
            let folder = scene.home().home().join(".aws/cli/cache");
            let files = testkit::canary::files_below(&folder)?;
            let file = files.first().context("no role credentials")?;
            Ok(vec!["file".to_owned(), file.display().to_string()])
        }
    }
}

fn rival<'a>(
    name: &'static str,
    program: &Path,
    env: &'a Env,
    words: impl Fn(usize) -> Vec<String> + 'a,
) -> Rival<'a> {
    Rival {
        name,
        program: program.to_owned(),
        words: Box::new(words),
        env,
        took: Vec::new(),
    }
}

/// In turns, so that whatever else the machine does falls on all of them.
fn run(rivals: &mut [Rival<'_>], times: usize) -> Result<()> {
    for turn in 0..times {
        for rival in rivals.iter_mut() {
            let start = Instant::now();
            let status = rival.command(turn).status().context(rival.name)?;
            rival.took.push(start.elapsed());
            ensure!(status.success(), "{} ended with {status}", rival.name);
        }
    }
    for rival in rivals {
        rival.took.sort();
    }
    Ok(())
}

impl Rival<'_> {
    fn command(&self, turn: usize) -> Command {
        let mut command = Command::new(&self.program);
        command.args((self.words)(turn)).env_clear();
        command.envs(self.env.iter().cloned());
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command
    }

    fn within(&self, percent: usize) -> f64 {
        let at = (self.took.len() * percent).div_ceil(100).saturating_sub(1);
        self.took[at].as_secs_f64() * 1_000.0
    }
}

/// The quickest, the half, 19 of 20, and how the halves compare with the first rival's.
fn tell(rivals: &[Rival<'_>]) {
    let first = rivals[0].within(50);
    for rival in rivals {
        say(&format!(
            "    {:32} quickest {:6.1}, half within {:6.1}, 19 of 20 within {:6.1}; of daypass's {:5.2}",
            rival.name,
            rival.within(1),
            rival.within(50),
            rival.within(95),
            rival.within(50) / first
        ));
    }
}

/// The most memory that was resident at once, in MiB.
fn peak(rival: &Rival<'_>) -> Result<f64> {
    const ASK: &str = "import resource, subprocess, sys\n\
                       subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)\n\
                       print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)";
    let mut command = Command::new("/usr/bin/python3");
    command
        .args(["-c", ASK])
        .arg(&rival.program)
        .args((rival.words)(0));
    command.env_clear().envs(rival.env.iter().cloned());
    let told = command.output().context("python3 measures memory")?;
    let text = String::from_utf8_lossy(&told.stdout);
    let kilobytes: f64 = text.trim().parse().context("no figure for memory")?;
    Ok(kilobytes / 1024.0)
}

/// One line of talk.
fn say(line: &str) {
    let mut out = std::io::stdout();
    // Whoever does not want to read any more still gets the exit code.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
