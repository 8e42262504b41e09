//! The shapes of what is secret or personal, at one place of a line. Pure; all of them are told by bytes, and
//! begin and end between characters.

/// What AWS begins the ids of keys and principals with.
const KEY_BEGINNINGS: [&[u8; 4]; 12] = [
    b"AKIA", b"ASIA", b"AROA", b"AIDA", b"ABIA", b"ACCA", b"AGPA", b"AIPA", b"ANPA", b"ANVA",
    b"APKA", b"ASCA",
];
const KEY_REST: usize = 16;
/// A shorter word behind the beginning of a token may be one of a language.
const TOKEN_REST: usize = 8;
/// So long is no word and no name of a file, where capitals, small letters and digits are mixed.
const RANDOM: usize = 40;

/// A byte of a word; parts of other alphabets count too.
pub(super) fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.=+/:~%".contains(&byte)
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_+/".contains(&byte)
}

/// A mark that an earlier round has written, such as `<email>`.
pub(super) fn mark(rest: &str, account: &str) -> Option<usize> {
    const MARKS: [&str; 8] = [
        "<email>", "<arn>", "<token>", "<key id>", "<secret>", "<user>", "<host>", "<portal>",
    ];
    if let Some(mark) = MARKS.iter().find(|it| rest.starts_with(**it)) {
        return Some(mark.len());
    }
    let digest = rest.strip_prefix(account)?.as_bytes();
    let is_digest = digest.len() > 8 && digest[8] == b'>';
    let is_hex = is_digest && digest[..8].iter().all(u8::is_ascii_hexdigit);
    is_hex.then_some(account.len() + 9)
}

/// A secret, an ARN or an e-mail address that begins here: its length, and what takes its place.
pub(super) fn secret(bytes: &[u8], at: usize) -> Option<(usize, &'static str)> {
    let rest = &bytes[at..];
    let starts_run = |is: fn(u8) -> bool| at == 0 || !is(bytes[at - 1]);
    match rest[0] {
        b'a' | b'A' => {
            let found = arn(rest).map(|it| (it, "<arn>"));
            let found = found.or_else(|| key(rest).map(|it| (it, "<key id>")));
            if let Some(found) = found.or_else(|| token(rest).map(|it| (it, "<token>"))) {
                return Some(found);
            }
        }
        b'e' => {
            if let Some(length) = jwt(rest) {
                return Some((length, "<token>"));
            }
        }
        _ => {}
    }
    if starts_run(is_local)
        && let Some(length) = email(rest)
    {
        return Some((length, "<email>"));
    }
    if starts_run(is_base64)
        && let Some(length) = random(rest)
    {
        return Some((length, "<secret>"));
    }
    None
}

fn run(bytes: &[u8], is: fn(u8) -> bool) -> usize {
    bytes.iter().position(|it| !is(*it)).unwrap_or(bytes.len())
}

fn arn(rest: &[u8]) -> Option<usize> {
    let begins = |it: &[u8]| rest.len() >= it.len() && rest[..it.len()].eq_ignore_ascii_case(it);
    let is_one = begins(b"arn:aws") || begins(b"arn%3Aaws");
    is_one.then(|| run(rest, is_arn))
}

/// All but what texts put around an ARN.
fn is_arn(byte: u8) -> bool {
    !byte.is_ascii_whitespace() && !b"\"'<>`()[]{},;|\\".contains(&byte)
}

fn key(rest: &[u8]) -> Option<usize> {
    let is_key = KEY_BEGINNINGS.iter().any(|it| rest.starts_with(*it));
    let length = run(rest, |it| it.is_ascii_uppercase() || it.is_ascii_digit());
    (is_key && length >= 4 + KEY_REST).then_some(length)
}

/// Tokens of IAM Identity Center.
fn token(rest: &[u8]) -> Option<usize> {
    let is_one = rest.starts_with(b"aoa") || rest.starts_with(b"aor");
    let length = run(rest, is_token);
    let rest = rest.get(3..length)?;
    // A word of a language goes on in small letters alone.
    let odd = rest.iter().any(|it| !it.is_ascii_lowercase());
    (is_one && rest.len() >= TOKEN_REST && odd).then_some(length)
}

fn jwt(rest: &[u8]) -> Option<usize> {
    let length = run(rest, is_token);
    (rest.starts_with(b"eyJ") && length >= 3 + TOKEN_REST).then_some(length)
}

fn is_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"._%+-'!#$&*/=?^`{|}".contains(&byte) || byte >= 0x80
}

fn is_domain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b".-".contains(&byte) || byte >= 0x80
}

fn email(rest: &[u8]) -> Option<usize> {
    let local = run(rest, is_local);
    if local == 0 || rest.get(local) != Some(&b'@') {
        return None;
    }
    let domain = run(&rest[local + 1..], is_domain);
    (domain > 0).then_some(local + 1 + domain)
}

/// A long run of mixed letters and digits, such as a secret access key; a path is none.
fn random(rest: &[u8]) -> Option<usize> {
    let length = run(rest, is_base64);
    if length < RANDOM {
        return None;
    }
    let word = &rest[..length];
    let has = |is: fn(&u8) -> bool| word.iter().any(is);
    let mixed =
        has(u8::is_ascii_digit) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase);
    let slashes = word.iter().filter(|it| **it == b'/').count();
    let end = run(&rest[length..], |it| it == b'=');
    (mixed && word[0] != b'/' && slashes * 8 <= length).then_some(length + end)
}

/// Twelve digits that stand alone, also in groups of four: length, and the digits.
pub(super) fn account(bytes: &[u8], at: usize) -> Option<(usize, String)> {
    if !bytes[at].is_ascii_digit() || (at > 0 && bytes[at - 1].is_ascii_digit()) {
        return None;
    }
    let rest = &bytes[at..];
    let digits = run(rest, |it| it.is_ascii_digit());
    if digits == 12 {
        return Some((12, String::from_utf8_lossy(&rest[..12]).into_owned()));
    }
    let grouped = rest.get(..14).filter(|it| {
        let is_dash = |(place, byte): (usize, &u8)| match place {
            4 | 9 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        };
        it.iter().enumerate().all(is_dash)
    })?;
    let ends = rest.get(14).is_none_or(|it| !it.is_ascii_digit());
    let digits = grouped.iter().filter(|it| **it != b'-');
    ends.then(|| (14, digits.map(|it| char::from(*it)).collect()))
}

/// Somebody's home where systems put homes, such as `/home/NAME`.
pub(super) fn home(rest: &str) -> Option<usize> {
    const PLACES: [&str; 4] = ["/home/", "/Users/", "\\Users\\", "\\\\Users\\\\"];
    let place = PLACES.iter().find(|it| rest.starts_with(**it))?;
    let name = rest[place.len()..]
        .bytes()
        .take_while(|it| is_name(*it) || b".-".contains(it))
        .count();
    (name > 0).then_some(place.len() + name)
}
