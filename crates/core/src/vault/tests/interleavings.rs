//! A writer without our lock does what it likes at any moment of a renewal: what it puts there last
//! is what counts, and is never overwritten by something older.

use proptest::prelude::*;

use super::*;
use crate::vault::Kept;

/// What a foreign writer does.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Deed {
    /// It renews, and writes the file of the session's name.
    Renew,
    /// It renews through a profile of another name at the same portal.
    RenewMirror,
    /// Somebody signs in anew with it.
    SignIn,
    /// It signs out everywhere.
    SignOut,
    /// It truncates the file and is gone.
    Tear,
}

/// The moments of a renewal between which others can act.
const MOMENTS: usize = 5;

fn deeds() -> impl Strategy<Value = Vec<(usize, Deed)>> {
    let deed = prop_oneof![
        4 => Just(Deed::Renew),
        4 => Just(Deed::RenewMirror),
        2 => Just(Deed::SignIn),
        1 => Just(Deed::SignOut),
        1 => Just(Deed::Tear),
    ];
    prop::collection::vec((0..MOMENTS, deed), 0..4)
}

/// One renewal among foreign deeds.
struct Race {
    room: Room,
    shelf: Shelf,
    deeds: Vec<(usize, Deed)>,
    /// Grants of the service so far; each ends later than the one before.
    grants: i64,
    /// What counts, by the rules: the last grant that was put there.
    newest: Option<String>,
    /// Whether the file of the session's name is torn, and what it held lost.
    torn: bool,
    /// The client of the sign-in that counts.
    client: String,
}

impl Race {
    fn grant(&mut self) -> Tokens {
        self.grants += 1;
        let access = format!("grant {}", self.grants);
        self.room.tokens(&self.client, &access, 60 + self.grants)
    }

    fn moment(&mut self, moment: usize) {
        let deeds: Vec<_> = self
            .deeds
            .iter()
            .filter(|(at, _)| *at == moment)
            .copied()
            .collect();
        for (_, deed) in deeds {
            self.act(deed);
        }
    }

    fn act(&mut self, deed: Deed) {
        let own = named("work");
        let signed_in = self.newest.is_some();
        if deed != Deed::RenewMirror {
            self.torn = deed == Deed::Tear && signed_in;
        }
        match deed {
            Deed::Renew | Deed::RenewMirror if signed_in => {
                let place = if deed == Deed::Renew {
                    own
                } else {
                    named("other")
                };
                let renewed = self.grant();
                self.room.foreign(&place, &renewed);
                self.newest = Some(renewed.access_token.expose().to_owned());
            }
            Deed::SignIn => {
                self.client = format!("client {}", self.grants);
                let fresh = self.grant();
                self.room.foreign(&own, &fresh);
                self.newest = Some(fresh.access_token.expose().to_owned());
            }
            Deed::SignOut => {
                for mirror in [own, named("other")] {
                    files::remove(&self.room.file(&mirror)).unwrap();
                }
                self.newest = None;
            }
            Deed::Tear if signed_in => self.room.bytes(&own, b"{\"accessTok"),
            Deed::Renew | Deed::RenewMirror | Deed::Tear => {}
        }
    }

    /// The steps of a renewal, as `session::renew` takes them.
    async fn renew(&mut self) {
        self.moment(0);
        let shelf = self.shelf.clone();
        let Ok(Some(seen)) = self.room.vault.read(&shelf).await else {
            return;
        };
        self.moment(1);
        let vault = self.room.vault.clone();
        let held = vault.under_lock(&shelf).await.unwrap();
        let Ok(Some(current)) = held.tokens().await else {
            return;
        };
        if current.access_token != seen.access_token {
            return;
        }
        self.moment(2);
        let signed_in = self.newest.clone();
        let (client, renewed) = (self.client.clone(), self.grant());
        // What the service grants to us is the newest, if it is still our sign-in.
        let our_client = current.registration.as_ref().map(|it| it.client_id.clone());
        let same = our_client.as_ref() == Some(&client);
        let ours = renewed.access_token.expose().to_owned();
        if same && signed_in.is_some() {
            self.newest = Some(ours.clone());
        }
        let renewed = Tokens {
            registration: current.registration.as_ref().map(Registration::duplicate),
            ..renewed
        };
        self.moment(3);
        let kept = held.keep_renewed(&renewed, &current).await.unwrap();
        if let Kept::Ours = kept {
            let newest = self.newest.replace(ours.clone());
            assert!(
                self.torn || newest == Some(ours),
                "{newest:?} is overwritten"
            );
            self.torn = false;
            // What was torn is lost: from here on our sign-in is the one that others renew.
            self.client = our_client.unwrap_or(client);
        }
        drop(held);
        self.moment(4);
    }
}

async fn race(deeds: Vec<(usize, Deed)>) {
    let room = room();
    let shelf = shelf("work", &[named("other"), address(URL)]);
    room.save(&shelf, &room.tokens("client", "grant 0", 60))
        .await;
    let mut race = Race {
        room,
        shelf: shelf.clone(),
        deeds,
        grants: 0,
        newest: Some("grant 0".into()),
        torn: false,
        client: "client".into(),
    };
    race.renew().await;
    match race.room.vault.read(&shelf).await {
        Ok(read) => {
            let read = read.map(|it| it.access_token.expose().to_owned());
            assert_eq!(read, race.newest);
            race.room.vault.spread(&shelf).await.unwrap();
            assert_eq!(race.room.read(&shelf).await, read);
        }
        Err(error) => assert!(race.torn, "{error}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn what_a_foreign_writer_puts_there_is_adopted_and_never_overwritten(deeds in deeds()) {
        // Waiting for a torn file takes no real time.
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(race(deeds));
    }
}
