//! What the page could be made to send: whatever it is, it is read or refused, and nothing panics on the
//! way to core.

use std::hint::black_box;
use std::path::Path;

use daypass_core::daypass::Daypass;
use daypass_core::host::{Clock, Env, Host};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::{
    Assignment, Flow, Label, Millis, NewSession, Opening, ProfileRequest, Rule, SessionChange,
    Shell, Storage, Style, Subject, SyncRequest,
};

/// Words that come for each of what is read: as many as `DAYPASS_TEST_INPUTS` says, in a recorded run.
fn inputs() -> u32 {
    let asked = Env::real().get("DAYPASS_TEST_INPUTS");
    asked.and_then(|it| it.parse().ok()).unwrap_or(5_000)
}

/// Numbers that look thrown, the same ones each time.
struct Thrown(u64);

impl Thrown {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn of<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        let at = self.next() % u64::try_from(choices.len()).unwrap_or(1);
        choices[usize::try_from(at).unwrap_or_default()]
    }

    fn text(&mut self) -> String {
        let part = self.of(&[
            "",
            "work",
            "../../etc",
            "\u{0}",
            "\u{202e}",
            "<b>",
            "\r\n[x]",
            "111122223333",
            "shared",
            "keychain",
            "browser",
            "sso",
            "posix",
            "federation",
            "#",
            "prod",
            "𝒳",
            "\u{1b}[31m",
        ]);
        let times = if self.next().is_multiple_of(50) {
            5_000
        } else {
            1
        };
        part.repeat(times)
    }

    /// Anything that JSON can say, at most so deep.
    fn value(&mut self, depth: u32) -> Value {
        match self.next() % if depth == 0 { 6 } else { 8 } {
            0 => Value::Null,
            1 => json!(self.next().is_multiple_of(2)),
            2 => json!(self.next()),
            3 => json!(*self.of(&[&i64::MIN, &i64::MAX, &-1, &0, &1, &253_402_300_800_000])),
            4 => json!(*self.of(&[&f64::MAX, &-0.5, &1e300, &f64::MIN_POSITIVE])),
            5 => json!(self.text()),
            6 => (0..self.next() % 4)
                .map(|_| self.value(depth - 1))
                .collect(),
            _ => {
                let fields = (0..self.next() % 4).map(|_| (self.text(), self.value(depth - 1)));
                Value::Object(fields.collect())
            }
        }
    }

    /// A good one with some of its parts changed, taken out or put in.
    fn like(&mut self, good: &Value) -> Value {
        match good {
            Value::Object(fields) if !self.next().is_multiple_of(12) => {
                let mut changed = Map::new();
                for (name, value) in fields {
                    match self.next() % 5 {
                        0 => drop(changed.insert(name.clone(), self.value(2))),
                        1 if self.next().is_multiple_of(3) => {}
                        2 => drop(changed.insert(name.clone(), self.like(value))),
                        _ => drop(changed.insert(name.clone(), value.clone())),
                    }
                }
                if self.next().is_multiple_of(6) {
                    changed.insert(self.text(), self.value(2));
                }
                Value::Object(changed)
            }
            Value::String(_) if self.next().is_multiple_of(2) => json!(self.text()),
            other if self.next().is_multiple_of(2) => other.clone(),
            _ => self.value(3),
        }
    }
}

/// Reads as the commands do; what was read goes on to core's form. Both have to happen.
fn read_all<T: DeserializeOwned, U>(good: Value, onwards: impl Fn(T) -> U) {
    black_box(onwards(serde_json::from_value(good.clone()).unwrap()));
    let mut thrown = Thrown(0x9e37_79b9_7f4a_7c15);
    let (mut read, mut refused) = (0_u32, 0_u32);
    for _ in 0..inputs() {
        let text = thrown.like(&good).to_string();
        match serde_json::from_str::<T>(&text) {
            Ok(value) => {
                black_box(onwards(value));
                read += 1;
            }
            Err(error) => {
                // What is told is of the form, never endless.
                assert!(error.to_string().len() < 200_000);
                refused += 1;
            }
        }
    }
    assert!(read > 20 && refused > 20, "{read} read, {refused} refused");
}

#[tokio::test]
async fn whatever_the_page_sends_is_read_or_refused() {
    use daypass_core::{accounts, daypass, secrets};
    let of = json!({ "session": "work", "account_id": "111122223333", "role": "ReadOnly" });
    read_all(of.clone(), |it: Assignment| accounts::Assignment::from(it));
    read_all(json!("keychain"), |it: Storage| secrets::Storage::from(it));
    read_all(json!("browser"), |it: Flow| it.wish());
    read_all(json!("sso"), |it: Style| {
        daypass_core::aws_config::Style::from(it)
    });
    read_all(json!("posix"), |it: Shell| {
        daypass_core::credentials::Format::from(it)
    });
    read_all(json!(1_700_000_000_000_i64), |it: Millis| {
        jiff::Timestamp::from(it)
    });
    read_all(json!(3600), |seconds: i32| super::span(seconds));
    let new = json!({ "name": "work", "start_url": "https://x.awsapps.com/start", "region": null,
        "storage": "shared", "allow_custom_portal": false });
    read_all(new, |it: NewSession| daypass::NewSession::from(it));
    let subject = json!({ "session": "work", "account_id": "111122223333", "role": null });
    read_all(subject, |it: Subject| accounts::labels::Subject::from(it));
    let request = json!({ "assignment": of, "name": "it", "region": "eu-west-1", "output": null,
        "otherwise_region": null, "style": "sso", "make_default": false, "replace": true });
    read_all(request, |it: ProfileRequest| {
        daypass::ProfileRequest::from(it)
    });
    let sync = json!({ "sessions": ["work"], "words": "read", "template": null, "region": null,
        "output": null, "otherwise_region": null, "style": "process", "prune": true });
    let core = nobodys();
    let change = json!({ "storage": null, "length_seconds": 28_800, "sign_in_browser": "firefox",
        "console_browser": null });
    read_all(change, |it: SessionChange| it.of_page(&core));
    read_all(sync, |it: SyncRequest| it.wanted(&core));
    let opening = json!({ "browser": "firefox:Work", "via": "federation" });
    read_all(opening.clone(), |it: Opening| it.of_page(&core));
    let label = json!({ "word": "prod", "shape": "square", "colour": "red", "protected": true, "opens": opening });
    read_all(label, |it: Label| it.of_page(&core));
    let rule = json!({ "session": "work", "account": "*prod*", "role": null, "label": "prod",
        "protected": true, "hidden": null, "opens": opening, "region": null, "output": null });
    read_all(rule, |it: Rule| it.of_page(&core));
}

/// A Daypass without sessions, where nothing is ever written.
fn nobodys() -> Daypass {
    let env = Env::table::<String, String>([]);
    let host = Host::fake(Path::new("/nonexistent/daypass"), env, Clock::real());
    Daypass::open_anyway(host).unwrap()
}
