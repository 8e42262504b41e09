//! Messages as they are written down: text, `{name}`, and `{count, plural, one {# day} other {# days}}`. Pure.

/// What stands in a place of a message.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value<'a> {
    /// Words, or a name that is data: nothing in it is read as a place.
    Text(&'a str),
    /// What a plural counts.
    Number(usize),
}

/// The message with its values; a place that nothing was given for stays empty.
pub(super) fn fill(message: &str, given: &[(&str, Value<'_>)]) -> String {
    let mut text = String::new();
    let mut rest = message;
    while let Some((before, place, after)) = next_place(rest) {
        text.push_str(before);
        text.push_str(&stand_in(place, given));
        rest = after;
    }
    text.push_str(rest);
    text
}

/// Whether all braces close, and every plural has a form for others.
#[cfg(test)]
pub(super) fn is_sound(message: &str) -> bool {
    let opened = message.matches('{').count();
    let plurals = message.matches(", plural,").count();
    opened == message.matches('}').count()
        && message.matches("other {").count() == plurals
        && message.matches("one {").count() == plurals
}

/// What is before the next place, what is between its braces, and what comes after.
fn next_place(text: &str) -> Option<(&str, &str, &str)> {
    let open = text.find('{')?;
    let inside = text.get(open + 1..)?;
    let close = closing(inside)?;
    Some((
        text.get(..open)?,
        inside.get(..close)?,
        inside.get(close + 1..)?,
    ))
}

/// Where the brace closes that was open already.
fn closing(inside: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, letter) in inside.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => return Some(at),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

fn stand_in(place: &str, given: &[(&str, Value<'_>)]) -> String {
    let (name, forms) = place.split_once(", plural,").unwrap_or((place, ""));
    let value = given.iter().find(|(each, _)| *each == name.trim());
    match value.map(|(_, value)| *value) {
        None => String::new(),
        Some(Value::Text(text)) => text.to_owned(),
        Some(Value::Number(number)) if forms.is_empty() => number.to_string(),
        Some(Value::Number(number)) => form(forms, number).replace('#', &number.to_string()),
    }
}

/// English and German tell one from all others; a test of the page holds every language to its rules.
fn form(forms: &str, number: usize) -> &str {
    let wanted = if number == 1 { "one" } else { "other" };
    let mut rest = forms;
    while let Some((name, form, after)) = next_place(rest) {
        if name.trim() == wanted {
            return form;
        }
        rest = after;
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_and_counted() {
        const ENDED: &str = "{over, plural, one {# sign-in has} other {# sign-ins have}} ended, {soon} more will soon";
        for (message, given, text) in [
            ("Plain", &[][..], "Plain"),
            (
                "{a} and {b}",
                &[("a", Value::Text("x")), ("b", Value::Text("{a}"))][..],
                "x and {a}",
            ),
            (
                ENDED,
                &[("over", Value::Number(1)), ("soon", Value::Number(2))][..],
                "1 sign-in has ended, 2 more will soon",
            ),
            (
                ENDED,
                &[("over", Value::Number(3)), ("soon", Value::Number(0))][..],
                "3 sign-ins have ended, 0 more will soon",
            ),
            ("{a}", &[][..], ""),
        ] {
            assert_eq!(fill(message, given), text);
        }
    }

    #[test]
    fn what_is_no_message_is_seen() {
        for wrong in ["{", "}", "{a, plural, one {x}}", "{a, plural, other {x}}"] {
            assert!(!is_sound(wrong), "{wrong}");
        }
    }
}
