//! Ten things that go wrong while a list is read. Each time the list stays usable, and what is said is
//! true.

use std::fs;

use daypass_core::Code;
use daypass_core::accounts::Roles;
use daypass_core::accounts::rank::Search;
use daypass_core::daypass::Reading;
use serde_json::json;
use testkit::journey::run;
use testkit::reader::{self, Reader};
use testkit::scene::{Scene, Storage};
use testkit::{Context, Result, bail, ensure};

/// Long enough to be in the middle of: some seconds at the polite start.
const MANY: &[&str] = &["--accounts", "250", "--roles", "3", "--latency-ms", "10"];

/// Holds a reading to have ended with that, and the list to be there, found in, and kept on disk.
fn ended_with(reader: &Reader, ended: daypass_core::Result<()>, code: Code) -> Result<()> {
    let Err(error) = ended else {
        bail!("it came to its end instead of {code:?}");
    };
    ensure!(error.code() == code, "{error:?} instead of {code:?}");
    ensure!(!error.hint().is_empty(), "no advice: {error:?}");
    let Some(Reading::Failed(failure)) = reader.reading() else {
        bail!("it is not told: {:?}", reader.reading());
    };
    ensure!(failure.code == code, "{failure:?}");
    let (shown, figures) = (reader.list(), reader.figures());
    ensure!(
        figures.accounts == 250 && figures.assignments > 20,
        "{figures:?}"
    );
    let known = shown.pairs().next().context("nothing is known")?;
    let (name, role) = (known.0.name.clone().unwrap_or_default(), known.1);
    let words = format!("{} {role}", known.0.id);
    let found = reader
        .daypass
        .find(&Search::of(&words), |found| found.hits.len());
    ensure!(found > 0, "{name} {role} is not found");
    let kept = reader::figures(&reader::list(&reader.restarted()?));
    ensure!(kept == figures, "on disk: {kept:?}, shown: {figures:?}");
    Ok(())
}

#[test]
fn a_storm_of_429_is_sat_out_and_nobody_sees_it() -> Result<()> {
    run(async {
        let reader = Reader::at(MANY).await?;
        let ended = reader.read_and(40, async || {
            let before = reader.asked()?;
            reader.faults(&["429"], 1.0)?;
            tokio::time::sleep(std::time::Duration::from_secs(4)).await;
            let asked = reader.asked()?.since(before);
            ensure!(asked.requests < 40, "{asked:?} in four seconds of a storm");
            ensure!(
                matches!(reader.reading(), Some(Reading::Progress { .. })),
                "{:?}",
                reader.reading()
            );
            reader.faults(&[], 1.0)
        });
        ended.await??;
        reader.is_whole()
    })
}

#[test]
fn a_service_that_asks_for_minutes_is_obeyed_and_the_reading_goes_on_later() -> Result<()> {
    run(async {
        let mut reader = Reader::at(MANY).await?;
        let ended = reader.read_and(40, async || {
            reader.portal.tell("set", &json!({ "retry_after": 120 }))?;
            reader.faults(&["429"], 1.0)
        });
        let ended = ended.await?;
        ended_with(&reader, ended, Code::Throttled)?;
        let quiet = reader.until_quiet().await?;
        ensure!(quiet == 0, "{quiet} requests although it was asked to wait");
        reader.faults(&[], 1.0)?;
        goes_on_after_a_restart(&mut reader).await
    })
}

/// Nothing that was read is asked for again.
async fn goes_on_after_a_restart(reader: &mut Reader) -> Result<()> {
    let (unread, before) = (reader.figures().unread as u64, reader.asked()?);
    reader.restart()?;
    reader.read().await?;
    let asked = reader.asked()?.since(before);
    let needed = unread + 3;
    ensure!(
        asked.requests - asked.refused <= needed,
        "{asked:?} although {unread} were unread"
    );
    reader.is_whole()
}

#[test]
fn an_error_of_the_service_now_and_then_costs_nothing() -> Result<()> {
    run(async {
        let reader = Reader::at(MANY).await?;
        reader.faults(&["5xx@/assignment/roles", "5xx@/assignment/accounts"], 0.1)?;
        reader.read().await?;
        let failed = reader.figures().failed;
        // One in a thousand fails three times in a row.
        ensure!(failed <= 3, "{failed} accounts failed");
        reader.faults(&[], 1.0)?;
        reader.read().await?;
        reader.is_whole()
    })
}

#[test]
fn a_service_that_breaks_down_is_left_alone_and_what_was_read_stays() -> Result<()> {
    run(async {
        let mut reader = Reader::at(MANY).await?;
        let before = reader.asked()?;
        let ended = reader.read_and(40, async || reader.faults(&["5xx"], 1.0));
        let ended = ended.await?;
        ended_with(&reader, ended, Code::PortalDown)?;
        ensure!(reader.figures().failed == 0, "it was no account's fault");
        let asked = reader.asked()?.since(before);
        let answered = 250 - reader.figures().unread as u64;
        ensure!(
            asked.requests < answered + 3 + 40,
            "{asked:?}, {answered} answered"
        );
        reader.faults(&[], 1.0)?;
        goes_on_after_a_restart(&mut reader).await
    })
}

#[test]
fn connections_that_are_reset_are_made_again() -> Result<()> {
    run(async {
        let reader = Reader::at(MANY).await?;
        reader.faults(
            &["reset@/assignment/roles", "reset@/assignment/accounts"],
            0.1,
        )?;
        reader.read().await?;
        reader.faults(&[], 1.0)?;
        reader.read().await?;
        reader.is_whole()
    })
}

#[test]
fn half_a_page_is_asked_for_again_and_never_taken_for_the_whole() -> Result<()> {
    run(async {
        let reader = Reader::at(MANY).await?;
        for place in ["/assignment/accounts", "/assignment/roles"] {
            let fault = json!({ "fault": format!("truncated@{place}"), "times": 2 });
            reader.portal.tell("fault", &fault)?;
        }
        reader.read().await?;
        reader.is_whole()?;
        // A page that never comes whole ends the reading, and takes no account away.
        reader.faults(&["truncated@/assignment/accounts"], 1.0)?;
        let ended = reader.read().await;
        ended_with(&reader, ended, Code::Offline)?;
        ensure!(reader.figures().complete, "{:?}", reader.figures());
        Ok(())
    })
}

#[test]
fn one_account_that_always_fails_is_marked_and_keeps_its_rows() -> Result<()> {
    let scene = Scene::signed_in(Storage::Shared, &["--accounts", "30", "--roles", "3"])?;
    scene.daypass.ok(&["list"])?;
    let victim = scene.assignment("ReadOnly")?;
    let rows = |stdout: &str| {
        stdout
            .lines()
            .filter(|it| it.contains(&victim.account))
            .count()
    };
    let fault = format!("5xx@/assignment/roles?account_id={}", victim.account);
    scene.portal.tell("set", &json!({ "faults": [fault] }))?;
    let before = scene.daypass.ok(&["list"])?;
    ensure!(rows(&before.stdout) > 0, "it has no rows");
    let refreshed = scene.daypass.ok(&["list", "--refresh"])?;
    ensure!(
        rows(&refreshed.stdout) == rows(&before.stdout),
        "rows are lost"
    );
    let words = "1 of 30 accounts could not be read";
    refreshed.says(words)?;
    // The mark survives in the copy, also for who does not read anew.
    let kept = scene.daypass.ok(&["list"])?;
    ensure!(rows(&kept.stdout) == rows(&before.stdout), "rows are lost");
    kept.says(words)?.says("daypass list --refresh")?;
    let document = scene.daypass.json(&["list", "--json"])?;
    ensure!(document["complete"] == false, "{}", document["complete"]);
    // It is retried at the next reading.
    scene.portal.tell("set", &json!({ "faults": [] }))?;
    let mended = scene.daypass.ok(&["list", "--refresh"])?;
    ensure!(!mended.stderr.contains("not complete"), "{}", mended.stderr);
    ensure!(
        !mended.stderr.contains("added"),
        "nothing is new: {}",
        mended.stderr
    );
    Ok(())
}

#[test]
fn a_sign_in_that_is_revoked_in_the_middle_is_told_and_the_list_stays() -> Result<()> {
    run(async {
        let reader = Reader::at(MANY).await?;
        let ended = reader.read_and(40, async || {
            reader.portal.tell("revoke", &json!({})).map(drop)
        });
        let ended = ended.await?;
        ended_with(&reader, ended, Code::SignInNeeded)?;
        let (unread, before) = (reader.figures().unread as u64, reader.asked()?);
        reader.sign_in().await?;
        reader.read().await?;
        let asked = reader.asked()?.since(before);
        ensure!(
            asked.requests <= unread + 3 + asked.refused,
            "{asked:?}, {unread} unread"
        );
        reader.is_whole()
    })
}

#[test]
fn an_access_token_that_ends_in_the_middle_is_renewed_and_nobody_sees_it() -> Result<()> {
    run(async {
        let reader = Reader::at(MANY).await?;
        let ended = reader.read_and(40, async || reader.portal.expire_access_tokens());
        ended.await??;
        reader.is_whole()
    })
}

#[test]
fn a_network_that_goes_in_the_middle_leaves_what_was_read() -> Result<()> {
    run(async {
        let mut reader = Reader::at(MANY).await?;
        let act = async {
            tokio::time::sleep(std::time::Duration::from_secs(4)).await;
        };
        // To stop the portal takes it whole; the reading holds the rest.
        let daypass = reader.daypass.clone();
        let reading = tokio::spawn(async move { daypass.read_accounts("work").await });
        reader.until_done(40).await?;
        reader.portal.stop();
        act.await;
        let ended = reading.await?;
        ended_with(&reader, ended, Code::Offline)?;
        // Started anew without a network, the same is there.
        reader.restart()?;
        let figures = reader.figures();
        ensure!(
            figures.accounts == 250 && figures.unread < 250,
            "{figures:?}"
        );
        ensure!(reader.read().await.is_err(), "there is no portal");
        ensure!(reader.figures() == figures, "rows are lost");
        Ok(())
    })
}

/// No file may grow beyond sixteen kilobytes, as on a disk that is full; the signal that comes with it is
/// ignored, so that the program hears it as an error.
const FULL: &str = "trap '' XFSZ; ulimit -f 16; exec \"$@\"";

#[test]
fn a_full_disk_costs_the_copy_and_says_so() -> Result<()> {
    let scene = Scene::signed_in(Storage::Shared, &["--accounts", "12"])?;
    let small = scene.daypass.json(&["list", "--json"])?;
    scene.portal.tell("set", &json!({ "accounts": 500 }))?;
    let words = ["/bin/bash", "-c", FULL, "full"].map(ToOwned::to_owned);
    let full = scene.daypass.clone().after(words.to_vec());
    let ran = full.ok(&["list", "--refresh", "--accounts", "--json"])?;
    ensure!(
        ran.json()?["accounts"].as_array().map(Vec::len) == Some(500),
        "not all are shown"
    );
    let ran = ran.says("the copy of the list of `work` could not be written")?;
    ran.says("hint: check that the disk is writable and not full")?;
    // What was there before is whole, and nothing half-written lies about.
    let before = scene.daypass.json(&["list", "--json"])?;
    ensure!(before == small, "the copy before is damaged");
    let folder = scene.home().cache().join("daypass/accounts");
    let names: Vec<_> = fs::read_dir(&folder)?
        .map(|it| it.map(|it| it.file_name()))
        .collect::<std::io::Result<_>>()?;
    ensure!(names == ["work.json"], "{names:?}");
    ensure!(scene.status("work")?["state"] == "active", "signed out");
    Ok(())
}

#[test]
fn a_corrupt_copy_is_set_aside_and_made_anew() -> Result<()> {
    let scene = Scene::signed_in(Storage::Shared, &["--accounts", "12"])?;
    let whole = scene.daypass.json(&["list", "--json"])?;
    let copy = scene.home().cache().join("daypass/accounts/work.json");
    let bytes = fs::read(&copy)?;
    fs::write(&copy, &bytes[..bytes.len() / 2])?;
    let again = scene.daypass.json(&["list", "--json"])?;
    ensure!(again["assignments"] == whole["assignments"], "another list");
    let anew: serde_json::Value = serde_json::from_slice(&fs::read(&copy)?)?;
    let accounts = anew["accounts"].as_array().map(Vec::len);
    ensure!(accounts == Some(12), "it is not made anew: {anew}");
    let folder = copy.parent().context("no folder")?;
    let names = fs::read_dir(folder)?.map(|it| Ok(it?.file_name().to_string_lossy().into_owned()));
    let names = names.collect::<Result<Vec<_>>>()?;
    let aside = names
        .iter()
        .filter(|it| it.starts_with("work.json.corrupt-"));
    ensure!(aside.count() == 1, "{names:?}");
    ensure!(scene.status("work")?["state"] == "active", "signed out");
    // Without a network nothing is known, and that is said in place of an empty list.
    fs::write(&copy, &bytes[..10])?;
    let away = scene
        .daypass
        .clone()
        .with("AWS_ENDPOINT_URL_SSO", "http://127.0.0.1:9");
    away.run(&["list"])?.code(5)?.says_what_and_what_to_do()?;
    ensure!(scene.status("work")?["state"] != "signed_out", "signed out");
    Ok(())
}

#[test]
fn assignments_that_change_in_the_middle_are_as_the_portal_has_them() -> Result<()> {
    run(async {
        let reader = Reader::at(MANY).await?;
        reader.read().await?;
        let list = reader.list();
        // Read last, as the last of the list: it goes before its turn.
        let last = list.accounts.last().context("no accounts")?.clone();
        let ended = reader.read_and(40, async || {
            let mut accounts = reader.portal.ask("accounts")?;
            let all = accounts["accounts"].as_array_mut().context("no accounts")?;
            all.retain(|it| it["id"] != last.id.as_str());
            let new =
                json!({ "id": "000000000042", "name": "zz new", "roles": ["ReadOnly", "Auditor"] });
            all.push(new);
            reader.portal.tell("accounts", &accounts).map(drop)
        });
        ended.await??;
        reader.is_whole()?;
        let list = reader.list();
        ensure!(list.account(&last.id).is_none(), "it is still there");
        let new = list
            .account("000000000042")
            .context("the new one is not there")?;
        ensure!(
            matches!(&new.roles, Roles::Read(roles) if roles.len() == 2),
            "{new:?}"
        );
        let snapshot = reader.daypass.snapshot();
        let diff = snapshot.diffs.get("work").context("nothing is told")?;
        ensure!(
            (diff.accounts_added, diff.accounts_removed) == (1, 1),
            "{diff:?}"
        );
        ensure!(diff.assignments_added == 2, "{diff:?}");
        ensure!(
            diff.assignments_removed == last.roles.known().len(),
            "{diff:?}"
        );
        Ok(())
    })
}
