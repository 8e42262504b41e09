//! What X11 calls the keys of the settings.

/// The keysym of a key: a capital letter, a digit, F1 to F24, or a name.
pub(super) fn keysym(key: &str) -> Option<u32> {
    if let Some(number) = key.strip_prefix('F').and_then(|it| it.parse::<u32>().ok()) {
        return (1..=24).contains(&number).then(|| 0xffbd + number);
    }
    if let [letter] = key.as_bytes() {
        return letter
            .is_ascii_alphanumeric()
            .then(|| u32::from(letter.to_ascii_lowercase()));
    }
    Some(match key {
        "Space" => 0x20,
        "Tab" => 0xff09,
        "Enter" => 0xff0d,
        "Home" => 0xff50,
        "Left" => 0xff51,
        "Up" => 0xff52,
        "Right" => 0xff53,
        "Down" => 0xff54,
        "PageUp" => 0xff55,
        "PageDown" => 0xff56,
        "End" => 0xff57,
        "Insert" => 0xff63,
        "Delete" => 0xffff,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_the_settings_have_keysyms() {
        for (key, expected) in [
            ("A", 0x61),
            ("7", 0x37),
            ("F1", 0xffbe),
            ("F24", 0xffd5),
            ("F", 0x66),
            ("Space", 0x20),
            ("Delete", 0xffff),
        ] {
            assert_eq!(keysym(key), Some(expected), "{key}");
        }
        for key in ["", "F25", "F0", "É", "Nonsense"] {
            assert_eq!(keysym(key), None, "{key}");
        }
    }
}
