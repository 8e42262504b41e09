//! The environment variables: the process's own, or a table that a test gives.

use std::collections::BTreeMap;
use std::sync::Arc;

/// Environment variables. An empty value counts as absent, as in AWS's own tools.
#[derive(Clone, Debug)]
pub struct Env(Option<Arc<BTreeMap<String, String>>>);

impl Env {
    /// Those of this process.
    pub fn real() -> Env {
        Env(None)
    }

    /// Those of a table.
    pub fn table<K: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (K, V)>) -> Env {
        Env(Some(Arc::new(
            pairs
                .into_iter()
                .map(|(k, v)| (k.into(), v.into()))
                .collect(),
        )))
    }

    /// The value of a variable; `None` where it is unset, empty or not Unicode.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that asks the process"
    )]
    pub fn get(&self, name: &str) -> Option<String> {
        let value = match &self.0 {
            None => std::env::var(name).ok(),
            Some(table) => table.get(name).cloned(),
        };
        value.filter(|value| !value.is_empty())
    }

    /// Whether the variable has a value.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
}
