//! Which account is read next: those in view, then pinned and recent ones, then the rest. Whoever
//! scrolls changes the order while the reading runs.

use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The accounts that a reading still has to read. The reading takes; a front end says what is in view.
#[derive(Debug, Default)]
pub struct Queue(Mutex<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    /// What is still to be read; the lines below may name others, which are passed over.
    open: HashSet<String>,
    /// What was taken since the reading began; a page may name it afterwards.
    taken: HashSet<String>,
    in_view: VecDeque<String>,
    used: VecDeque<String>,
    rest: VecDeque<String>,
}

impl Queue {
    /// A queue in which these go before the rest, as soon as they are to be read: in view, and used.
    pub fn new(in_view: &[String], used: &[String]) -> Queue {
        Queue(Mutex::new(Waiting {
            in_view: in_view.iter().cloned().collect(),
            used: used.iter().cloned().collect(),
            ..Waiting::default()
        }))
    }

    /// Begins anew: what was taken before may not have been read.
    pub fn begin(&self) {
        self.lock().taken.clear();
    }

    /// These are to be read, after those that wait already; each once.
    pub fn add(&self, account_ids: impl IntoIterator<Item = String>) {
        let mut waiting = self.lock();
        for id in account_ids {
            if !waiting.taken.contains(&id) && waiting.open.insert(id.clone()) {
                waiting.rest.push_back(id);
            }
        }
    }

    /// These are in view now, in the place of those before.
    pub fn want(&self, account_ids: &[String]) {
        self.lock().in_view = account_ids.iter().cloned().collect();
    }

    /// Whether somebody looks at this one.
    pub fn is_in_view(&self, account_id: &str) -> bool {
        self.lock().in_view.iter().any(|id| id == account_id)
    }

    /// Puts the rest in this order.
    pub fn order(&self, account_ids: impl IntoIterator<Item = String>) {
        let mut waiting = self.lock();
        let order = account_ids.into_iter();
        waiting.rest = order.filter(|id| waiting.open.contains(id)).collect();
    }

    /// The next one, which waits no longer. What is in view stays named: it may be added again.
    pub fn next(&self) -> Option<String> {
        let mut waiting = self.lock();
        let Waiting {
            open,
            taken,
            in_view,
            used,
            rest,
        } = &mut *waiting;
        let seen = in_view
            .iter()
            .chain(used.iter())
            .find(|id| open.contains(*id));
        let next = match seen {
            Some(id) => id.clone(),
            None => std::iter::from_fn(|| rest.pop_front()).find(|id| open.contains(id))?,
        };
        open.remove(&next);
        taken.insert(next.clone());
        Some(next)
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.lock().open.is_empty()
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(ids: &[&str]) -> Vec<String> {
        ids.iter().map(|it| (*it).to_owned()).collect()
    }

    #[test]
    fn in_view_first_then_used_then_the_rest() {
        let queue = Queue::new(&ids(&["d"]), &ids(&["x", "c"]));
        queue.add(ids(&["a", "b", "c", "d", "e", "f", "a"]));
        let mut seen = vec![queue.next().unwrap(), queue.next().unwrap()];
        queue.want(&ids(&["f", "c"]));
        seen.push(queue.next().unwrap());
        queue.order(ids(&["e", "d", "b", "a"]));
        queue.add(ids(&["d", "e"]));
        seen.extend(std::iter::from_fn(|| queue.next()));
        assert_eq!(seen, ["d", "c", "f", "e", "b", "a"]);
        assert!(queue.is_empty() && queue.next().is_none());
        queue.begin();
        queue.add(ids(&["a"]));
        assert_eq!(queue.next().unwrap(), "a", "a new reading reads again");
    }
}
