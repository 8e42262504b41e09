//! Lists of any size: what is in view comes first, a reading can be stopped and gone on with, and one
//! process reads for all.

use std::time::Duration;

use daypass_core::accounts::Roles;
use daypass_core::daypass::Reading;
use serde_json::json;
use testkit::journey::run;
use testkit::reader::{self, Reader};
use testkit::scene::{Scene, Storage};
use testkit::waiting::{PATIENCE, until_true};
use testkit::{Context, Result, ensure};

const MANY: &[&str] = &["--accounts", "250", "--roles", "3", "--latency-ms", "10"];
/// So slow that a reading is still under way after some seconds.
const SLOW: &[&str] = &["--accounts", "250", "--roles", "3", "--rate-limit", "20"];

#[test]
fn what_comes_into_view_is_read_before_the_rest() -> Result<()> {
    run(async {
        let reader = Reader::at(SLOW).await?;
        let look = async {
            reader.until_done(10).await?;
            let list = reader.list();
            let bottom = list.accounts.iter().rev().take(15).map(|it| it.id.clone());
            let bottom: Vec<_> = bottom.collect();
            reader.daypass.want_accounts("work", &bottom);
            let known = |id: &String, list: &daypass_core::accounts::AccountList| {
                list.account(id)
                    .is_some_and(|it| matches!(it.roles, Roles::Read(_)))
            };
            let shown = reader.until("the accounts in view", |snapshot| {
                let list = &snapshot.lists["work"];
                bottom.iter().all(|id| known(id, list))
            });
            shown.await?;
            let done = reader.done();
            ensure!(done < 80, "they came after {done} accounts");
            reader.daypass.stop_reading("work");
            Ok(())
        };
        let (read, looked) = tokio::join!(reader.read(), look);
        looked.and(Ok(read?))
    })
}

#[test]
fn what_is_in_view_is_read_alone_where_nothing_is_being_read() -> Result<()> {
    run(async {
        let reader = Reader::at(SLOW).await?;
        let stop = async {
            reader.until_done(5).await?;
            reader
                .until("all names", |it| it.lists["work"].accounts.len() == 250)
                .await?;
            reader.daypass.stop_reading("work");
            Ok::<_, testkit::Error>(())
        };
        let (read, stopped) = tokio::join!(reader.read(), stop);
        stopped.and(Ok(read?))?;
        let list = reader.list();
        let unread = list.accounts.iter().rev();
        let unread = unread.filter(|it| it.roles == Roles::Unread).take(3);
        let unread: Vec<_> = unread.map(|it| it.id.clone()).collect();
        ensure!(unread.len() == 3, "all is read");
        reader.daypass.want_accounts("work", &unread);
        let shown = reader.until("the accounts in view", |snapshot| {
            let list = &snapshot.lists["work"];
            let read = |id: &String| list.account(id).is_some_and(|it| it.roles != Roles::Unread);
            unread.iter().all(read)
        });
        shown.await?;
        ensure!(reader.reading().is_none(), "a whole reading began");
        until_true(PATIENCE, "the copy", || {
            let kept = reader::figures(&reader::list(&reader.restarted()?));
            Ok(kept == reader.figures())
        })
    })
}

#[test]
fn a_reading_says_how_far_it_is_and_is_stopped_at_once_and_gone_on_with() -> Result<()> {
    run(async {
        let mut reader = Reader::at(SLOW).await?;
        let stop = async {
            let told = reader.until("the time left", |snapshot| {
                let reading = snapshot.readings.get("work");
                matches!(reading, Some(Reading::Progress { left: Some(left), total: 250, .. })
                    if (1..60).contains(&left.as_secs()))
            });
            told.await?;
            reader.daypass.stop_reading("work");
            ensure!(reader.reading().is_none(), "it is shown still");
            Ok(())
        };
        let (read, stopped) = tokio::join!(reader.read(), stop);
        stopped.and(Ok(read?))?;
        let after = reader.until_quiet().await?;
        ensure!(after <= 1, "{after} requests after it was stopped");
        let figures = reader.figures();
        ensure!(figures.unread > 0 && figures.accounts == 250, "{figures:?}");
        let before = reader.asked()?;
        reader.restart()?;
        ensure!(
            reader.figures() == figures,
            "it is not kept: {:?}",
            reader.figures()
        );
        reader.read().await?;
        let asked = reader.asked()?.since(before);
        let granted = asked.requests - asked.refused;
        ensure!(
            granted == figures.unread as u64 + 3,
            "{granted}, {figures:?}"
        );
        ensure!(reader.figures().complete, "{:?}", reader.figures());
        let learned = std::fs::read_to_string(reader.folder().join("cache/pace.json"))?;
        ensure!(
            learned.contains("per_second") || learned.contains("/start"),
            "{learned}"
        );
        Ok(())
    })
}

#[test]
fn one_process_reads_and_the_others_see_it_grow() -> Result<()> {
    run(async {
        let reader = Reader::at(MANY).await?;
        let other = reader.restarted()?;
        let third = reader.restarted()?;
        let grows = async {
            reader.until_done(60).await?;
            let start = other.snapshot();
            ensure!(
                start.lists["work"].accounts.is_empty(),
                "it is there already"
            );
            let (one, two) = tokio::join!(other.read_accounts("work"), third.read_accounts("work"));
            one?;
            two.map_err(Into::into)
        };
        let (read, grown) = tokio::join!(reader.read(), grows);
        read?;
        grown?;
        let asked = reader.asked()?;
        ensure!(
            asked.requests - asked.refused == 253,
            "{asked:?} for one reading of 250 accounts"
        );
        for daypass in [&other, &third] {
            let figures = reader::figures(&reader::list(daypass));
            ensure!(
                figures == reader.figures() && figures.complete,
                "{figures:?}"
            );
        }
        Ok(())
    })
}

#[test]
fn access_that_was_just_granted_is_told_when_it_is_asked_for() -> Result<()> {
    run(async {
        let reader = Reader::at(&["--accounts", "12", "--roles", "2"]).await?;
        reader.read().await?;
        let known = reader.list().accounts[0].id.clone();
        let assign = |id: &str, role: &str, assigned: bool| {
            let order = json!({ "account_id": id, "role_name": role, "assigned": assigned });
            reader.portal.tell("assign", &order).map(drop)
        };
        let before = reader.asked()?;
        let change = reader.daypass.check_access("work", Some(&known)).await?;
        ensure!(change == Default::default(), "{change:?}");
        ensure!(
            reader.asked()?.since(before).requests == 1,
            "more than one request"
        );
        assign(&known, "JustGranted", true)?;
        assign(&known, "ReadOnly", false)?;
        let change = reader.daypass.check_access("work", Some(&known)).await?;
        let roles = |these: &[daypass_core::accounts::Assignment]| {
            these
                .iter()
                .map(|it| format!("{}/{}", it.account_id, it.role))
                .collect::<Vec<_>>()
        };
        ensure!(
            roles(&change.added) == [format!("{known}/JustGranted")],
            "{change:?}"
        );
        ensure!(
            roles(&change.removed) == [format!("{known}/ReadOnly")],
            "{change:?}"
        );
        // An account that is new comes with what the user has in it.
        assign("000000000042", "Auditor", true)?;
        let before = reader.asked()?;
        let change = reader.daypass.check_access("work", None).await?;
        ensure!(
            roles(&change.added) == ["000000000042/Auditor"],
            "{change:?}"
        );
        ensure!(
            reader.asked()?.since(before).requests == 2,
            "all was read again"
        );
        let kept = reader::list(&reader.restarted()?);
        let new = kept.account("000000000042").context("it is not kept")?;
        ensure!(new.roles.known() == ["Auditor"], "{new:?}");
        Ok(())
    })
}

#[test]
fn the_command_line_tells_what_a_reading_changed_and_keeps_what_an_interruption_left() -> Result<()>
{
    let scene = Scene::signed_in(Storage::Shared, SLOW)?;
    let interrupted = scene.daypass.start(&["list", "--refresh"])?;
    std::thread::sleep(Duration::from_secs(4));
    interrupted.program().signal(rustix::process::Signal::INT)?;
    interrupted.finish()?.code(130)?;
    let read = scene.asked("ListAccountRoles")?;
    ensure!(read > 10, "{read} accounts in four seconds");
    // Without a network what was read is there, and that it is not all is said.
    let away = scene
        .daypass
        .clone()
        .with("AWS_ENDPOINT_URL_SSO", "http://127.0.0.1:9");
    let left = away.run(&["list"])?.code(5)?;
    ensure!(
        left.stdout.lines().count() > 20,
        "nothing is shown: {}",
        left.stdout
    );
    left.says("warning: ")?.says("accounts are not read yet")?;
    let first = scene.daypass.ok(&["list"])?;
    ensure!(
        !first.stderr.contains("added"),
        "a first reading has nothing new: {}",
        first.stderr
    );
    let errors = &scene.portal.ask("stats")?["operations"]["ListAccountRoles"];
    let refused = errors["errors"]["TooManyRequestsException"]
        .as_u64()
        .unwrap_or(0);
    let granted = scene.asked("ListAccountRoles")? - refused;
    ensure!(
        (250..=251).contains(&granted),
        "{granted} requests for 250 accounts"
    );
    let victim = scene.read_only()?;
    for role in ["NewOne", "NewTwo", "NewThree"] {
        let order = json!({ "account_id": victim.account, "role_name": role });
        scene.portal.tell("assign", &order)?;
    }
    let order = json!({ "account_id": victim.account, "role_name": "ReadOnly", "assigned": false });
    scene.portal.tell("assign", &order)?;
    let told = format!(
        "work: 3 assignments added, 1 assignment removed ({})",
        victim.name
    );
    scene.daypass.ok(&["list", "--refresh"])?.says(&told)?;
    Ok(())
}
