//! Items of a keychain that takes only small ones: what is larger lies in parts, and the item itself
//! tells which. The parts of the old and of the new bytes never share a name, so whoever breaks off
//! leaves the one or the other whole.

use std::collections::HashMap;
use std::sync::Arc;

use keyring_core::api::CredentialStore;
use keyring_core::{Entry, Error as Refusal};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// The Windows Credential Manager takes no more in one item; other keychains set no limit that we
/// could reach.
const LIMIT: Option<usize> = if cfg!(windows) { Some(2560) } else { None };

/// How an item begins that only tells where the parts are. No other item begins so.
const PARTS: &[u8] = b"Daypass parts ";

type Result<T> = std::result::Result<T, Refusal>;
type Bytes = Zeroizing<Vec<u8>>;

/// The items of one service in a keychain.
pub(super) struct Drawer {
    store: Arc<CredentialStore>,
    service: Arc<str>,
    limit: Option<usize>,
}

/// Which names the parts have: the new ones take the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum Side {
    Left,
    Right,
}

impl Side {
    fn other(self) -> Side {
        match self {
            Side::Left => Side::Right,
            Side::Right => Side::Left,
        }
    }
}

/// What an item says whose bytes lie in parts.
#[derive(Debug, Deserialize, Serialize)]
struct Index {
    side: Side,
    count: usize,
    /// Of the whole: parts of two writers do not pass for one.
    digest: String,
}

impl Drawer {
    pub(super) fn new(store: Arc<CredentialStore>, service: Arc<str>) -> Drawer {
        Drawer {
            store,
            service,
            limit: LIMIT,
        }
    }

    /// The item's bytes; `None` where there is no such item.
    pub(super) fn read(&self, item: &str) -> Result<Option<Bytes>> {
        for last in [false, true] {
            let Some(bytes) = self.get(item)? else {
                return Ok(None);
            };
            let Some(index) = Index::read(&bytes) else {
                return Ok(Some(bytes));
            };
            match self.join(item, &index)? {
                Some(whole) => return Ok(Some(whole)),
                None if last => break,
                // Another process may have replaced it between two reads.
                None => {}
            }
        }
        Err(Refusal::BadStoreFormat("a part is missing".into()))
    }

    pub(super) fn write(&self, item: &str, bytes: &[u8]) -> Result<()> {
        let Some(limit) = self.limit else {
            return self.set(item, bytes);
        };
        if bytes.len() <= limit {
            self.set(item, bytes)?;
            return self
                .clear(item, Side::Left)
                .and(self.clear(item, Side::Right));
        }
        let old = self.get(item)?.and_then(|bytes| Index::read(&bytes));
        let side = old.map_or(Side::Left, |old| old.side.other());
        self.clear(item, side)?;
        for (number, part) in bytes.chunks(limit).enumerate() {
            self.set(&part_name(item, side, number), part)?;
        }
        let index = Index::of(side, bytes.len().div_ceil(limit), bytes);
        self.set(item, &index.to_bytes())?;
        self.clear(item, side.other())
    }

    /// Removes an item; one that is not there is fine.
    pub(super) fn remove(&self, item: &str) -> Result<()> {
        self.delete(item)?;
        match self.limit {
            None => Ok(()),
            Some(_) => self
                .clear(item, Side::Left)
                .and(self.clear(item, Side::Right)),
        }
    }

    /// Removes every item under our name, also those of sessions that nobody knows any more; how many there
    /// were. A keychain that cannot search keeps them.
    pub(super) fn remove_all(&self) -> Result<usize> {
        let ours = HashMap::from([("service", &*self.service)]);
        let found = match cfg!(target_os = "linux") || cfg!(test) {
            true => self.store.search(&ours)?,
            false => Vec::new(),
        };
        for item in &found {
            match item.delete_credential() {
                Ok(()) | Err(Refusal::NoEntry) => {}
                Err(refusal) => return Err(refusal),
            }
        }
        Ok(found.len())
    }

    fn join(&self, item: &str, index: &Index) -> Result<Option<Bytes>> {
        let mut whole = Bytes::default();
        for number in 0..index.count {
            match self.get(&part_name(item, index.side, number))? {
                Some(part) => whole.extend_from_slice(&part),
                None => return Ok(None),
            }
        }
        Ok((digest(&whole) == index.digest).then_some(whole))
    }

    /// Removes all parts of one side, from the last: they have no gap wherever this breaks off.
    fn clear(&self, item: &str, side: Side) -> Result<()> {
        let mut count = 0;
        while self.get(&part_name(item, side, count))?.is_some() {
            count += 1;
        }
        (0..count)
            .rev()
            .try_for_each(|number| self.delete(&part_name(item, side, number)))
    }

    fn get(&self, name: &str) -> Result<Option<Bytes>> {
        match self.entry(name)?.get_secret() {
            Ok(bytes) => Ok(Some(Zeroizing::new(bytes))),
            Err(Refusal::NoEntry) => Ok(None),
            Err(refusal) => Err(refusal),
        }
    }

    fn set(&self, name: &str, bytes: &[u8]) -> Result<()> {
        self.entry(name)?.set_secret(bytes)
    }

    fn delete(&self, name: &str) -> Result<()> {
        match self.entry(name)?.delete_credential() {
            Ok(()) | Err(Refusal::NoEntry) => Ok(()),
            Err(refusal) => Err(refusal),
        }
    }

    fn entry(&self, name: &str) -> Result<Entry> {
        // By default Windows carries credentials to every machine that the user signs in to.
        let local = HashMap::from([("persistence", "local")]);
        let modifiers = cfg!(windows).then_some(&local);
        self.store.build(&self.service, name, modifiers)
    }
}

impl Index {
    fn of(side: Side, count: usize, whole: &[u8]) -> Index {
        Index {
            side,
            count,
            digest: digest(whole),
        }
    }

    fn read(bytes: &[u8]) -> Option<Index> {
        serde_json::from_slice(bytes.strip_prefix(PARTS)?).ok()
    }

    fn to_bytes(&self) -> Vec<u8> {
        let json = serde_json::to_vec(self).unwrap_or_default();
        [PARTS, &json].concat()
    }
}

fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// No item of Daypass's ends so.
fn part_name(item: &str, side: Side, number: usize) -> String {
    let side = match side {
        Side::Left => 'a',
        Side::Right => 'b',
    };
    format!("{item} part {side}{number}")
}

#[cfg(test)]
mod tests {
    use std::any::Any;
    use std::collections::BTreeMap;
    use std::sync::Mutex;

    use keyring_core::api::{Credential, CredentialApi, CredentialStoreApi};

    use super::*;

    const ITEM: &str = "work";
    const SIZES: [usize; 5] = [1, 2559, 2560, 2561, 10_000];

    /// A keychain with the limit of Windows, whose user can be struck dead after so many changes.
    #[derive(Debug, Default)]
    struct Chest {
        items: Mutex<BTreeMap<String, Vec<u8>>>,
        changes_left: Mutex<Option<usize>>,
    }

    #[derive(Clone, Debug)]
    struct Fake(Arc<Chest>);

    #[derive(Debug)]
    struct Item(Arc<Chest>, String);

    impl CredentialStoreApi for Fake {
        fn vendor(&self) -> String {
            "fake".into()
        }

        fn id(&self) -> String {
            "fake".into()
        }

        fn build(&self, _: &str, user: &str, _: Option<&HashMap<&str, &str>>) -> Result<Entry> {
            let item = Item(self.0.clone(), user.to_owned());
            Ok(Entry::new_with_credential(Arc::new(item)))
        }

        fn as_any(&self) -> &dyn Any {
            self
        }
    }

    impl Item {
        fn change(&self) -> Result<()> {
            match &mut *self.0.changes_left.lock().unwrap() {
                Some(0) => Err(Refusal::PlatformFailure("dead".into())),
                Some(left) => {
                    *left -= 1;
                    Ok(())
                }
                None => Ok(()),
            }
        }
    }

    impl CredentialApi for Item {
        fn set_secret(&self, secret: &[u8]) -> Result<()> {
            if secret.len() > 2560 {
                return Err(Refusal::TooLong("secret".into(), 2560));
            }
            self.change()?;
            self.0
                .items
                .lock()
                .unwrap()
                .insert(self.1.clone(), secret.to_vec());
            Ok(())
        }

        fn get_secret(&self) -> Result<Vec<u8>> {
            let items = self.0.items.lock().unwrap();
            items.get(&self.1).cloned().ok_or(Refusal::NoEntry)
        }

        fn delete_credential(&self) -> Result<()> {
            if !self.0.items.lock().unwrap().contains_key(&self.1) {
                return Err(Refusal::NoEntry);
            }
            self.change()?;
            self.0.items.lock().unwrap().remove(&self.1);
            Ok(())
        }

        fn get_credential(&self) -> Result<Option<Arc<Credential>>> {
            Ok(None)
        }

        fn get_specifiers(&self) -> Option<(String, String)> {
            None
        }

        fn as_any(&self) -> &dyn Any {
            self
        }
    }

    fn drawer(chest: &Arc<Chest>) -> Drawer {
        Drawer {
            limit: Some(2560),
            ..Drawer::new(Arc::new(Fake(chest.clone())), "Daypass".into())
        }
    }

    fn bundle(size: usize, seed: u8) -> Vec<u8> {
        (0..size).map(|at| (at % 251) as u8 ^ seed).collect()
    }

    fn read(chest: &Arc<Chest>) -> Option<Vec<u8>> {
        drawer(chest)
            .read(ITEM)
            .unwrap()
            .map(|bytes| bytes.to_vec())
    }

    fn names(chest: &Arc<Chest>) -> Vec<String> {
        chest.items.lock().unwrap().keys().cloned().collect()
    }

    #[test]
    fn bundles_of_every_size_come_back_and_go_without_a_rest() {
        let chest = Arc::new(Chest::default());
        for (round, size) in SIZES.iter().chain(SIZES.iter().rev()).enumerate() {
            let bytes = bundle(*size, round as u8);
            drawer(&chest).write(ITEM, &bytes).unwrap();
            assert_eq!(read(&chest), Some(bytes));
            let parts = if *size > 2560 { size.div_ceil(2560) } else { 0 };
            assert_eq!(
                names(&chest).len(),
                1 + parts,
                "{size}: {:?}",
                names(&chest)
            );
        }
        drawer(&chest).write(ITEM, &bundle(10_000, 9)).unwrap();
        drawer(&chest).remove(ITEM).unwrap();
        assert_eq!((read(&chest), names(&chest).len()), (None, 0));
        drawer(&chest).remove(ITEM).unwrap();
    }

    /// Every pair of sizes, broken off after every single change.
    #[test]
    fn a_break_between_any_two_changes_leaves_the_old_or_the_new_bundle() {
        let mut breaks = 0;
        for (old, new) in SIZES.iter().flat_map(|old| SIZES.map(|new| (*old, new))) {
            for left in 0.. {
                let chest = Arc::new(Chest::default());
                let (before, after) = (bundle(old, 1), bundle(new, 2));
                drawer(&chest).write(ITEM, &before).unwrap();
                *chest.changes_left.lock().unwrap() = Some(left);
                let broke_off = drawer(&chest).write(ITEM, &after).is_err();
                *chest.changes_left.lock().unwrap() = None;
                let found = read(&chest).unwrap();
                assert!(
                    found == before || found == after,
                    "{old} to {new}, {left}: a mix"
                );
                assert!(broke_off || found == after);
                // The next write finds its way, and leaves no part behind.
                drawer(&chest).write(ITEM, &bundle(3, 3)).unwrap();
                assert_eq!((read(&chest), names(&chest).len()), (Some(bundle(3, 3)), 1));
                if !broke_off {
                    break;
                }
                breaks += 1;
            }
        }
        assert!(breaks > 80, "only {breaks} breaks");
    }

    #[test]
    fn a_removal_that_breaks_off_leaves_all_or_nothing_to_be_read() {
        for left in 0.. {
            let chest = Arc::new(Chest::default());
            drawer(&chest).write(ITEM, &bundle(10_000, 1)).unwrap();
            *chest.changes_left.lock().unwrap() = Some(left);
            let broke_off = drawer(&chest).remove(ITEM).is_err();
            *chest.changes_left.lock().unwrap() = None;
            assert!(
                read(&chest).is_none_or(|it| it == bundle(10_000, 1)),
                "{left}"
            );
            drawer(&chest).remove(ITEM).unwrap();
            assert_eq!(names(&chest).len(), 0);
            if !broke_off {
                return;
            }
        }
    }

    #[test]
    fn parts_of_two_writers_do_not_pass_for_one() {
        let chest = Arc::new(Chest::default());
        drawer(&chest).write(ITEM, &bundle(10_000, 1)).unwrap();
        let part = part_name(ITEM, Side::Left, 1);
        chest.items.lock().unwrap().insert(part, bundle(2560, 7));
        assert!(drawer(&chest).read(ITEM).is_err());
    }
}
