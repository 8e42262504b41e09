//! A label in a table: its shape leads, its word follows, its colour helps.

use daypass_core::accounts::labels::{Colour, Label, Shape};

use super::table::{Cell, Tone};

/// The cell of a row's label, and whether the row asks first: in words, not by colour alone.
pub(crate) fn labelled(label: Option<&Label>, protected: bool) -> Cell {
    let word = label.map(|it| format!("{} {}", glyph(it.shape), it.word));
    let guard = protected.then(|| "protected".to_owned());
    let text = [word, guard].into_iter().flatten().collect::<Vec<_>>();
    let tone = label.map_or(Tone::Usual, |it| tone(it.colour));
    Cell::toned(&text.join(", "), tone)
}

fn glyph(shape: Shape) -> char {
    match shape {
        Shape::Square => '\u{25a0}',
        Shape::Diamond => '\u{25c6}',
        Shape::Ring => '\u{25cb}',
        Shape::Triangle => '\u{25b3}',
        Shape::Bar => '\u{25ac}',
        Shape::RingDot => '\u{25c9}',
    }
}

fn tone(colour: Colour) -> Tone {
    match colour {
        Colour::Red => Tone::Bad,
        Colour::Amber => Tone::Caution,
        Colour::Green => Tone::Good,
        Colour::Violet => Tone::Violet,
        Colour::Blue => Tone::Blue,
        Colour::Grey => Tone::Aside,
    }
}
