//! Tables: aligned columns, a head, and as wide as the terminal allows.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::text::plain;

/// Between two columns.
const GAP: &str = "  ";
/// How narrow columns are made, round by round: which ones, and no further than to this width.
const ROUNDS: [(Patience, usize); 4] = [
    (Patience::First, 8),
    (Patience::First, 6),
    (Patience::Last, 8),
    (Patience::First, 4),
];
/// Without a terminal, longer cells stand out of their column.
const MOST: usize = 64;

/// How a cell is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    Usual,
    Good,
    Caution,
    Bad,
    Violet,
    Blue,
    Aside,
}

/// One cell: harmless text, and its tone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    text: String,
    tone: Tone,
}

impl Cell {
    /// A cell in the usual tone.
    pub(crate) fn new(text: &str) -> Cell {
        Cell::toned(text, Tone::Usual)
    }

    /// A cell in another tone.
    pub(crate) fn toned(text: &str, tone: Tone) -> Cell {
        Cell {
            text: plain(text),
            tone,
        }
    }
}

/// Rows below a head.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    head: Vec<Head>,
    rows: Vec<Vec<Cell>>,
}

#[derive(Clone, Copy, Debug)]
struct Head {
    name: &'static str,
    /// Whether, and when, it may be cut short where the terminal is narrow.
    patience: Option<Patience>,
}

/// Which columns give way before others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Patience {
    First,
    Last,
}

impl Table {
    /// A table with these columns; one whose name ends in `~` may be cut short, one with `~~` where
    /// that is not enough.
    pub(crate) fn new(columns: &[&'static str]) -> Table {
        let head = columns.iter().map(|name| Head {
            name: name.trim_end_matches('~'),
            patience: match name.strip_suffix('~') {
                Some(name) if name.ends_with('~') => Some(Patience::Last),
                Some(_) => Some(Patience::First),
                None => None,
            },
        });
        Table {
            head: head.collect(),
            rows: Vec::new(),
        }
    }

    /// Whether it has no row.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Leaves the columns out in which no row has anything, as far as they are named here.
    pub(crate) fn without_empty(mut self, names: &[&str]) -> Table {
        for column in (0..self.head.len()).rev() {
            let named = names.contains(&self.head[column].name);
            if named && self.rows.iter().all(|row| row[column].text.is_empty()) {
                self.head.remove(column);
                for row in &mut self.rows {
                    row.remove(column);
                }
            }
        }
        self
    }

    /// Adds a row with a cell for each column.
    pub(crate) fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(cells);
    }

    /// The table as text; without a width nothing is cut short.
    pub(super) fn show(&self, width: Option<usize>, colour: bool) -> String {
        let widths = self.widths(width);
        let head = self
            .head
            .iter()
            .map(|it| Cell::toned(it.name, Tone::Aside))
            .collect();
        let rows = std::iter::once(&head).chain(&self.rows);
        rows.map(|row| line(row, &widths, width.is_some(), colour))
            .collect()
    }

    fn widths(&self, terminal: Option<usize>) -> Vec<usize> {
        let mut widths: Vec<usize> = self.head.iter().map(|it| columns(it.name)).collect();
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(columns(&cell.text));
            }
        }
        let Some(terminal) = terminal else {
            // One very long name does not push the next column out of sight of all the others.
            return widths.into_iter().map(|it| it.min(MOST)).collect();
        };
        let gaps = GAP.len() * widths.len().saturating_sub(1);
        let mut excess = (widths.iter().sum::<usize>() + gaps).saturating_sub(terminal);
        for (round, least) in ROUNDS {
            while excess > 0 {
                // The widest of the patient columns gives way, cell by cell.
                let patient = widths.iter_mut().zip(&self.head);
                let patient =
                    patient.filter(|(width, head)| head.patience == Some(round) && **width > least);
                match patient.max_by_key(|(width, _)| **width) {
                    Some((width, _)) => (*width, excess) = (*width - 1, excess - 1),
                    None => break,
                }
            }
        }
        widths
    }
}

fn line(row: &[Cell], widths: &[usize], cuts: bool, colour: bool) -> String {
    let last = row.len().saturating_sub(1);
    let cells = row.iter().zip(widths).enumerate();
    let cells = cells.map(|(index, (cell, width))| {
        let text = match cuts {
            true => cut(&cell.text, *width),
            false => cell.text.clone(),
        };
        let padding = match index == last {
            true => 0,
            false => width.saturating_sub(columns(&text)),
        };
        format!(
            "{}{}",
            painted(&text, cell.tone, colour),
            " ".repeat(padding)
        )
    });
    let line = cells.collect::<Vec<_>>().join(GAP);
    format!("{}\n", line.trim_end())
}

/// How wide a text is at most: terminals disagree about ligatures and emoji.
fn columns(text: &str) -> usize {
    let apart: usize = text.chars().map(|it| it.width().unwrap_or_default()).sum();
    apart.max(text.width())
}

fn cut(text: &str, width: usize) -> String {
    if columns(text) <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut room = width.saturating_sub(1);
    for letter in text.chars() {
        let needs = letter.width().unwrap_or_default();
        if needs > room {
            break;
        }
        room -= needs;
        kept.push(letter);
    }
    kept + "…"
}

pub(super) fn painted(text: &str, tone: Tone, colour: bool) -> String {
    let code = match tone {
        Tone::Usual => "",
        Tone::Good => "32",
        Tone::Caution => "33",
        Tone::Bad => "31",
        Tone::Violet => "35",
        Tone::Blue => "34",
        Tone::Aside => "2",
    };
    match colour && !code.is_empty() && !text.is_empty() {
        true => format!("\x1b[{code}m{text}\x1b[0m"),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accounts() -> Table {
        let mut table = Table::new(&["ID", "NAME~", "ROLE"]);
        for (id, name, role) in [
            (
                "000000000001",
                "Payments production for all of Europe",
                "ReadOnly",
            ),
            ("000000000002", "日本\x1b", "Admin"),
        ] {
            table.row(vec![Cell::new(id), Cell::new(name), Cell::new(role)]);
        }
        table
    }

    #[test]
    fn without_a_terminal_nothing_is_cut() {
        let expected = "\
ID            NAME                                   ROLE
000000000001  Payments production for all of Europe  ReadOnly
000000000002  日本\\u{1b}                             Admin
";
        assert_eq!(accounts().show(None, false), expected);
    }

    #[test]
    fn one_endless_name_stands_out_of_its_column() {
        let mut table = Table::new(&["NAME~", "ROLE"]);
        table.row(vec![Cell::new(&"x".repeat(10_000)), Cell::new("Admin")]);
        table.row(vec![Cell::new("short"), Cell::new("Admin")]);
        let shown = table.show(None, false);
        let lengths: Vec<_> = shown.lines().map(str::len).collect();
        assert_eq!(lengths, [70, 10_007, 71]);
    }

    #[test]
    fn a_narrow_terminal_cuts_the_names_and_nothing_else() {
        let expected = "\
ID            NAME              ROLE
000000000001  Payments produc…  ReadOnly
000000000002  日本\\u{1b}        Admin
";
        assert_eq!(accounts().show(Some(40), false), expected);
        let narrowest = accounts().show(Some(10), false);
        assert!(narrowest.contains("Pay…  ReadOnly"), "{narrowest}");
    }

    #[test]
    fn tones_are_colours_on_a_terminal_only() {
        let mut table = Table::new(&["STATE", "X"]);
        table.row(vec![Cell::toned("active", Tone::Good), Cell::new("")]);
        assert_eq!(table.show(None, false), "STATE   X\nactive\n");
        let coloured = table.show(None, true);
        assert!(coloured.contains("\x1b[32mactive\x1b[0m"), "{coloured}");
    }
}
