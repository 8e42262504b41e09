//! Older forms of the file, brought to the newest one step at a time. A step that was published is
//! never changed again, and uses nothing of the rest; a file of a newer form is refused as it is.

use toml_edit::{DocumentMut, Item, value};

/// Brings a file from one version to the next.
pub(super) type Step = fn(&mut DocumentMut);

/// The first step leads from version 1 to version 2. None was needed so far.
pub(super) const STEPS: &[Step] = &[];

/// The version that a file ends up with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It is of the newest form already.
    Newest,
    /// It was of this older one.
    Migrated(i64),
    /// It is of one that is not known here.
    Foreign(i64),
}

/// The newest form that these steps lead to.
pub(super) const fn newest(steps: &[Step]) -> i64 {
    let mut version = 1;
    let mut at = 0;
    while at < steps.len() {
        version += 1;
        at += 1;
    }
    version
}

/// Brings a document to the newest form; one of a newer or an impossible version stays as it is.
pub(super) fn migrate(document: &mut DocumentMut, steps: &[Step]) -> Outcome {
    let newest = newest(steps);
    let version = document.get("version").map_or(Some(1), Item::as_integer);
    let Some(version) = version.filter(|it| (1..=newest).contains(it)) else {
        return Outcome::Foreign(version.unwrap_or(0));
    };
    if version == newest {
        return Outcome::Newest;
    }
    let done = usize::try_from(version - 1).unwrap_or(0);
    steps.iter().skip(done).for_each(|step| step(document));
    match document.get_mut("version").and_then(Item::as_value_mut) {
        Some(old) => {
            let decor = old.decor().clone();
            *old = newest.into();
            *old.decor_mut() = decor;
        }
        None => drop(document.insert("version", value(newest))),
    }
    Outcome::Migrated(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rename(document: &mut DocumentMut) {
        if let Some(item) = document.remove("colour") {
            document.insert("color", item);
        }
    }

    fn double(document: &mut DocumentMut) {
        let number = document.get("number").and_then(Item::as_integer);
        document.insert("number", value(number.unwrap_or(1) * 2));
    }

    #[test]
    fn each_step_is_taken_once_and_in_order() {
        let steps: &[Step] = &[rename, double];
        for (before, outcome, after) in [
            (
                "colour = 1\n",
                Outcome::Migrated(1),
                "color = 1\nnumber = 2\nversion = 3\n",
            ),
            (
                "# mine\nversion = 2 # of the file\ncolour = 1\nnumber = 3\n",
                Outcome::Migrated(2),
                "# mine\nversion = 3 # of the file\ncolour = 1\nnumber = 6\n",
            ),
            (
                "version = 3\ncolour = 1\n",
                Outcome::Newest,
                "version = 3\ncolour = 1\n",
            ),
            (
                "version = 4\ncolour = 1\n",
                Outcome::Foreign(4),
                "version = 4\ncolour = 1\n",
            ),
            ("version = 0\n", Outcome::Foreign(0), "version = 0\n"),
            (
                "version = \"1\"\n",
                Outcome::Foreign(0),
                "version = \"1\"\n",
            ),
        ] {
            let mut document: DocumentMut = before.parse().unwrap();
            assert_eq!(migrate(&mut document, steps), outcome, "{before}");
            assert_eq!(document.to_string(), after);
        }
        assert_eq!(newest(STEPS), 1);
    }
}
