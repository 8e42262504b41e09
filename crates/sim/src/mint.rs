//! Where tokens, codes, keys and ids come from: random ones from the system, and the
//! few that must be the same in every run from a hash.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

const UPPER_ALNUM: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// Consonants only: no word can appear, and no character is mistaken for another.
const CODE_LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";

/// `prefix` and `bytes` random bytes in base64url.
pub(crate) fn token(prefix: &str, bytes: usize) -> String {
    format!("{prefix}{}", URL_SAFE_NO_PAD.encode(random(bytes)))
}

/// `prefix` and `bytes` random bytes in ordinary base64, so that `+` and `/` occur
/// as they do in real secret keys.
pub(crate) fn secret(prefix: &str, bytes: usize) -> String {
    format!("{prefix}{}", STANDARD.encode(random(bytes)))
}

/// An access key id of the temporary kind: `ASIA` and 16 upper-case characters.
pub(crate) fn access_key_id() -> String {
    format!("ASIA{}", letters(UPPER_ALNUM, 16))
}

/// A code for people to compare: `BCDF-GHJK`.
pub(crate) fn user_code() -> String {
    format!("{}-{}", letters(CODE_LETTERS, 4), letters(CODE_LETTERS, 4))
}

/// A request id in the form of a UUID of version 4.
pub(crate) fn request_id() -> String {
    let mut b = random(16);
    b[6] = (b[6] & 0x0f) | 0x40;
    b[8] = (b[8] & 0x3f) | 0x80;
    let h = hex::encode(b);
    format!(
        "{}-{}-{}-{}-{}",
        &h[..8],
        &h[8..12],
        &h[12..16],
        &h[16..20],
        &h[20..]
    )
}

/// The PKCE challenge that belongs to `verifier`: base64url of its SHA-256, no padding.
pub(crate) fn pkce_challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

/// `length` hexadecimal characters that depend on `parts` alone.
pub(crate) fn stable_hex(parts: &[&str], length: usize) -> String {
    let mut text = hex::encode(Sha256::digest(parts.join("\u{0}").as_bytes()));
    text.truncate(length);
    text
}

/// Random bytes from the operating system.
pub(crate) fn random(bytes: usize) -> Vec<u8> {
    let mut buffer = vec![0; bytes];
    getrandom::fill(&mut buffer).expect("the operating system gives random bytes");
    buffer
}

fn letters(alphabet: &[u8], count: usize) -> String {
    let bytes = random(count);
    bytes
        .iter()
        .map(|b| char::from(alphabet[usize::from(*b) % alphabet.len()]))
        .collect()
}

/// A small generator for choices that must repeat with the same seed (SplitMix64).
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    /// The same seed throws the same numbers.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `limit` (0 where the limit is 0).
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        if limit == 0 {
            0
        } else {
            (self.next() % limit as u64) as usize
        }
    }

    /// True with the given probability.
    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64 <= probability && probability > 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_is_the_one_of_rfc_7636() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert_eq!(
            pkce_challenge(verifier),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }

    #[test]
    fn minted_things_have_the_shape_that_tools_expect() {
        assert!(access_key_id().len() == 20 && access_key_id().starts_with("ASIA"));
        assert_eq!(user_code().len(), 9);
        assert_eq!(request_id().len(), 36);
        assert_ne!(token("aoa", 32), token("aoa", 32));
    }

    #[test]
    fn the_same_seed_throws_the_same_numbers() {
        let throw = |seed| {
            (0..5)
                .scan(Dice::new(seed), |d, _| Some(d.next()))
                .collect::<Vec<_>>()
        };
        assert_eq!(throw(7), throw(7));
        assert_ne!(throw(7), throw(8));
        let mut dice = Dice::new(1);
        assert!((0..100).all(|_| dice.chance(1.0)) && (0..100).all(|_| !dice.chance(0.0)));
    }
}
