//! Entries of a file of ours, `[[kind]]` by `[[kind]]`, with the line of what is wrong in one.

use std::ops::Range;

use toml_edit::{Item, Table, TableLike};

use super::{TEXT, on_one_line};
use crate::{Code, Error, Result};

/// How entries are read: as which file, and how a fault is told.
pub(crate) struct Reader<'a> {
    /// The file as people know it.
    pub(crate) file: &'a str,
    /// The code of a fault.
    pub(crate) code: Code,
    /// The text, to count lines in; empty where they are not known.
    pub(crate) source: &'a str,
}

/// One entry.
pub(crate) struct Entry<'a> {
    reader: &'a Reader<'a>,
    kind: &'a str,
    index: usize,
    /// Where it begins in the text; lines are counted only for a fault.
    span: Option<Range<usize>>,
    table: &'a dyn TableLike,
}

impl<'a> Reader<'a> {
    /// All entries of a kind, in order.
    ///
    /// # Errors
    /// The reader's code, where something else stands there.
    pub(crate) fn entries(&'a self, root: &'a Table, kind: &'a str) -> Result<Vec<Entry<'a>>> {
        let tables: Vec<(Option<Range<usize>>, &dyn TableLike)> = match root.get(kind) {
            None => Vec::new(),
            Some(Item::ArrayOfTables(tables)) => tables
                .iter()
                .map(|it| (it.span(), it as &dyn TableLike))
                .collect(),
            Some(Item::Value(toml_edit::Value::Array(array))) => {
                let tables = array.iter().map(|it| {
                    let span = it.span();
                    let table = it.as_inline_table().ok_or_else(|| {
                        self.fault(
                            self.line(span.clone()),
                            &format!("an entry of `{kind}` is not a table"),
                        )
                    })?;
                    Ok((span, table as &dyn TableLike))
                });
                tables.collect::<Result<_>>()?
            }
            Some(other) => {
                let line = self.line(other.span());
                let message = format!("`{kind}` is not a list: write `[[{kind}]]` for each entry");
                return Err(self.fault(line, &message));
            }
        };
        let entries = tables.into_iter().enumerate();
        let entries = entries.map(|(index, (span, table))| Entry {
            reader: self,
            kind,
            index,
            span,
            table,
        });
        Ok(entries.collect())
    }

    /// The line of a place in the text, from 1; `None` where the text is not known.
    pub(crate) fn line(&self, span: Option<Range<usize>>) -> Option<usize> {
        let before = self.source.get(..span?.start)?;
        Some(before.matches('\n').count() + 1)
    }

    /// Something is wrong there.
    pub(crate) fn fault(&self, line: Option<usize>, message: &str) -> Error {
        let place = line.map_or_else(String::new, |line| format!(", line {line}"));
        Error::new(self.code, format!("{}{place}: {message}", self.file))
            .with_hint("mend that line, or take it out")
    }

    /// The whole is not TOML.
    pub(crate) fn not_toml(&self, error: &toml_edit::TomlError) -> Error {
        let message = format!("it is not valid TOML: {}", error.message().trim());
        self.fault(self.line(error.span()), &message)
    }
}

impl Entry<'_> {
    /// What stands there under a key.
    pub(crate) fn item(&self, key: &str) -> Option<&Item> {
        self.table.get(key)
    }

    /// The text of a key, if it stands there.
    ///
    /// # Errors
    /// The reader's code, where it is no text.
    pub(crate) fn text(&self, key: &str) -> Result<Option<String>> {
        let text = |item: &Item| {
            let text = item.as_str().map(str::to_owned);
            text.ok_or_else(|| self.wrong(&format!("`{key}` is not a text")))
        };
        self.table.get(key).map(text).transpose()
    }

    /// The text of a key that has to stand there.
    ///
    /// # Errors
    /// The reader's code, where it does not.
    pub(crate) fn needs(&self, key: &str) -> Result<String> {
        self.text(key)?
            .ok_or_else(|| self.wrong(&format!("`{key}` is missing")))
    }

    /// The yes or no of a key, if it stands there.
    ///
    /// # Errors
    /// The reader's code, where it is neither.
    pub(crate) fn flag(&self, key: &str) -> Result<Option<bool>> {
        let flag = |item: &Item| {
            let flag = item.as_bool();
            flag.ok_or_else(|| self.wrong(&format!("`{key}` is neither true nor false")))
        };
        self.table.get(key).map(flag).transpose()
    }

    /// The number of a key, if it stands there.
    ///
    /// # Errors
    /// The reader's code, where it is no whole number.
    pub(crate) fn number(&self, key: &str) -> Result<Option<i64>> {
        let number = |item: &Item| {
            let number = item.as_integer();
            number.ok_or_else(|| self.wrong(&format!("`{key}` is not a whole number")))
        };
        self.table.get(key).map(number).transpose()
    }

    /// The keys that stand there and are not among those.
    ///
    /// # Errors
    /// The reader's code with the first of them.
    pub(crate) fn only(&self, known: &[&str]) -> Result<()> {
        let other = self.table.iter().find(|(key, _)| !known.contains(key));
        match other {
            Some((key, _)) => {
                let key = on_one_line(key, TEXT);
                Err(self.wrong(&format!("`{key}` is not known here")))
            }
            None => Ok(()),
        }
    }

    /// Of which kind it is.
    pub(crate) fn kind(&self) -> &str {
        self.kind
    }

    /// Something about it is wrong.
    pub(crate) fn wrong(&self, message: &str) -> Error {
        let (kind, number) = (self.kind, self.index + 1);
        let message = format!("entry {number} of `{kind}`: {message}");
        self.reader
            .fault(self.reader.line(self.span.clone()), &message)
    }

    /// The same for an error that says what.
    pub(crate) fn refused(&self, error: &Error) -> Error {
        self.wrong(error.message())
    }
}
