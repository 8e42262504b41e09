//! `login`: shows each step of a sign-in while it is under way.

use daypass_core::Result;
use daypass_core::daypass::{Browser, SignIn};
use daypass_core::portal::Flow;
use daypass_core::session::sign_in::{DEVICE_WARNING, Step};
use tokio::task::JoinHandle;
use url::Url;

use super::Run;
use crate::args::Login;

pub(super) async fn run(run: &Run, words: Login) -> Result<u8> {
    let name = run.session("login", words.session.as_deref())?;
    if !words.force && is_signed_in(run, &name).await? {
        run.screen.say(&format!(
            "You are signed in to `{name}` already. To sign in afresh, add --force."
        ));
        return Ok(0);
    }
    let wish = SignIn {
        flow: words.device.then_some(Flow::Device),
        browser: match words.no_browser {
            true => Browser::LeaveToUser,
            false => Browser::Open,
        },
        patience: words.timeout,
    };
    follow(run, &name, wish).await?;
    run.screen.say(&format!("Signed in to `{name}`."));
    tell_user(run, &name).await;
    Ok(0)
}

/// Says who is signed in, where that is known, and that it is another than before.
async fn tell_user(run: &Run, name: &str) {
    let Some(user) = run.daypass.who(name).await else {
        return;
    };
    let snapshot = run.daypass.snapshot();
    let before = snapshot
        .session(name)
        .and_then(|it| it.user_before.as_deref());
    match before {
        None => run.screen.say(&format!("You are {user}.")),
        Some(before) => {
            run.screen.say(&format!(
                "You are {user}; before, `{name}` was signed in as {before}."
            ));
            run.daypass.take_note_of_user(name).await;
        }
    }
}

/// Whether the tokens that are here work; an access token past its time is renewed on the way.
async fn is_signed_in(run: &Run, name: &str) -> Result<bool> {
    match run.daypass.make_usable(name).await {
        Ok(()) => Ok(true),
        Err(error) if error.code().needs_sign_in() => Ok(false),
        Err(error) => Err(error),
    }
}

async fn follow(run: &Run, name: &str, wish: SignIn) -> Result<()> {
    let mut snapshots = run.daypass.snapshots();
    let mut shown = Shown {
        run,
        name,
        browser: wish.browser,
        done: false,
        enter: None,
    };
    let sign_in = run.daypass.sign_in(name, wish);
    tokio::pin!(sign_in);
    loop {
        tokio::select! {
            ended = &mut sign_in => return ended,
            Ok(()) = snapshots.changed() => {
                let snapshot = snapshots.borrow_and_update().clone();
                let step = snapshot.session(name).and_then(|it| it.sign_in.as_ref());
                if let Some(step) = step {
                    shown.show(step)?;
                }
            }
            () = pressed(&mut shown.enter) => shown.open(),
        }
    }
}

/// What the user has seen of a sign-in.
struct Shown<'a> {
    run: &'a Run,
    name: &'a str,
    browser: Browser,
    /// Whether the user knows where to approve.
    done: bool,
    /// Waits for the user's word to open the page.
    enter: Option<JoinHandle<bool>>,
}

impl Shown<'_> {
    fn show(&mut self, step: &Step) -> Result<()> {
        match step {
            Step::Starting | Step::Finishing => Ok(()),
            _ if self.done => Ok(()),
            Step::Browser {
                address, opened, ..
            } => {
                self.done = true;
                self.browser_step(address, *opened)
            }
            Step::Device {
                user_code,
                page,
                complete_page,
                reason,
                ..
            } => {
                self.done = true;
                self.code(user_code, page, reason);
                self.device_step(complete_page)
            }
        }
    }

    fn browser_step(&self, address: &Url, opened: bool) -> Result<()> {
        let screen = &self.run.screen;
        match (self.browser, opened) {
            (Browser::LeaveToUser, _) => {
                screen.line(address.as_str())?;
                screen.say("Open this address in a browser on this machine to sign in. Waiting.");
            }
            (Browser::Open, true) => {
                screen.say("Your browser was opened to sign in. If it was not, open this address:");
                screen.say(address.as_str());
            }
            (Browser::Open, false) => {
                screen.insist("No browser could be opened. Open this address to sign in:");
                screen.insist(address.as_str());
            }
        }
        Ok(())
    }

    /// The code and the warning come before any page.
    fn code(&self, user_code: &str, page: &Url, reason: &str) {
        let screen = &self.run.screen;
        if !reason.is_empty() {
            screen.say(&format!("{reason} You sign in with a code instead."));
        }
        screen.insist(&format!(
            "Your code is {user_code}, to be approved at {page}"
        ));
        screen.insist(DEVICE_WARNING);
    }

    fn device_step(&mut self, page: &Url) -> Result<()> {
        let screen = &self.run.screen;
        let opens = self.browser == Browser::Open && self.run.host.opener.available().is_ok();
        if !opens || (!screen.can_ask() && !self.run.yes) {
            screen.line(page.as_str())?;
            screen.say("Open this address in any browser and compare the code. Waiting.");
            return Ok(());
        }
        if self.run.yes {
            self.open();
            return Ok(());
        }
        screen.insist(&format!("Press Enter to open {page}"));
        self.enter = Some(tokio::task::spawn_blocking(|| {
            std::io::stdin()
                .read_line(&mut String::new())
                .is_ok_and(|it| it > 0)
        }));
        Ok(())
    }

    fn open(&mut self) {
        if let Err(error) = self.run.daypass.open_sign_in_page(self.name) {
            self.run.screen.warn(&error);
        }
    }
}

/// Ends once Enter was pressed; never where nobody was asked, or the input has ended.
async fn pressed(enter: &mut Option<JoinHandle<bool>>) {
    if let Some(waiting) = enter {
        let pressed = waiting.await;
        *enter = None;
        if pressed.is_ok_and(|it| it) {
            return;
        }
    }
    std::future::pending().await
}
