//! Randomness from the operating system.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::{Code, Error, Result};

/// `N` random bytes as base64url without padding: 43 characters for 32 bytes.
///
/// # Errors
/// The system has no randomness to give.
pub fn token<const N: usize>() -> Result<String> {
    let mut bytes = [0_u8; N];
    getrandom::fill(&mut bytes).map_err(|error| {
        Error::new(Code::Internal, "the system gives no randomness").because(error)
    })?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// A number from 0 up to, not including, 1.
pub fn fraction() -> f64 {
    let mut bytes = [0_u8; 4];
    match getrandom::fill(&mut bytes) {
        Ok(()) => f64::from(u32::from_le_bytes(bytes)) / (f64::from(u32::MAX) + 1.0),
        Err(_) => 0.5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn ten_thousand_tokens_are_all_distinct_and_long_enough() {
        let tokens: HashSet<_> = (0..10_000).map(|_| token::<32>().unwrap()).collect();
        assert_eq!(tokens.len(), 10_000);
        assert!(tokens.iter().all(|token| token.len() == 43));
    }

    #[test]
    fn fractions_stay_below_one() {
        assert!(
            (0..1000)
                .map(|_| fraction())
                .all(|it| (0.0..1.0).contains(&it))
        );
    }
}
