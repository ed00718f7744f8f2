//! Branches, tags, Call-IDs and cnonces from a seed.

use sha2::{Digest, Sha256};

/// Makes tokens that nobody without the seed can guess (RFC 3261 §19.3): SHA-256 over the seed and a counter.
pub struct Tokens {
    seed: [u8; 32],
    counter: u64,
}

impl Tokens {
    /// A maker of tokens. With the same seed it makes the same tokens: a seed is used once.
    pub const fn new(seed: [u8; 32]) -> Self {
        Self { seed, counter: 0 }
    }

    /// A Via branch, with the mark of RFC 3261 §8.1.1.7.
    pub fn branch(&mut self) -> String {
        self.token("z9hG4bK", 16, "")
    }

    /// A From or To tag: 64 random bits, where RFC 3261 §19.3 wants 32.
    pub fn tag(&mut self) -> String {
        self.token("", 16, "")
    }

    /// A Call-ID (RFC 3261 §8.1.1.4).
    pub fn call_id(&mut self) -> String {
        self.token("", 32, "")
    }

    /// A client nonce for digest authentication.
    pub fn cnonce(&mut self) -> String {
        self.token("", 32, "")
    }

    /// A host name that no name server knows, for who has no address of its own (RFC 7118 §5).
    pub fn invalid_host(&mut self) -> String {
        self.token("", 12, ".invalid")
    }

    /// A number, for delays.
    pub fn number(&mut self) -> u64 {
        let [a, b, c, d, e, f, g, h, ..] = self.block();
        u64::from_be_bytes([a, b, c, d, e, f, g, h])
    }

    /// A seed for another maker, or for whatever else wants one.
    pub fn seed(&mut self) -> [u8; 32] {
        self.block()
    }

    fn block(&mut self) -> [u8; 32] {
        self.counter += 1;
        Sha256::new().chain_update(self.seed).chain_update(self.counter.to_be_bytes()).finalize().into()
    }

    fn token(&mut self, before: &str, digits: usize, after: &str) -> String {
        let mut token = String::with_capacity(before.len() + digits + after.len());
        token.push_str(before);
        for byte in self.block().iter().take(digits / 2) {
            token.push(hex(byte >> 4));
            token.push(hex(byte & 15));
        }
        token.push_str(after);
        token
    }
}

/// Names a device for good (RFC 5626 §4.1): a UUID (RFC 9562 §5.4) made of these random bytes.
pub fn instance(random: &[u8; 32]) -> String {
    let mut name = String::from("urn:uuid:");
    for (at, byte) in random.iter().take(16).enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            name.push('-');
        }
        let byte = match at {
            6 => byte & 0x0f | 0x40,
            8 => byte & 0x3f | 0x80,
            _ => *byte,
        };
        name.push(hex(byte >> 4));
        name.push(hex(byte & 15));
    }
    name
}

fn hex(half: u8) -> char {
    char::from(b"0123456789abcdef"[usize::from(half)])
}

impl std::fmt::Debug for Tokens {
    /// Shows nothing of the seed.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tokens").field("counter", &self.counter).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn tokens_have_their_shapes() {
        let mut tokens = Tokens::new([7; 32]);
        let branch = tokens.branch();
        assert!(branch.starts_with("z9hG4bK") && branch.len() == 23, "{branch}");
        assert_eq!(tokens.tag().len(), 16);
        assert_eq!(tokens.call_id().len(), 32);
        assert!(tokens.invalid_host().ends_with(".invalid"));
        assert!(crate::sip::grammar::is_token(&tokens.cnonce()));
    }

    #[test]
    fn the_seed_decides_and_nothing_comes_twice() {
        let run = |seed| {
            let mut tokens = Tokens::new([seed; 32]);
            (0..1000).map(|_| tokens.tag()).collect::<BTreeSet<_>>()
        };
        assert_eq!(run(1), run(1));
        assert_eq!(run(1).len(), 1000);
        assert!(run(1).is_disjoint(&run(2)));
    }

    #[test]
    fn a_device_is_named_by_a_uuid() {
        assert_eq!(instance(&[0xff; 32]), "urn:uuid:ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert_eq!(instance(&[0; 32]), "urn:uuid:00000000-0000-4000-8000-000000000000");
    }

    #[test]
    fn the_seed_is_not_shown() {
        assert_eq!(format!("{:?}", Tokens::new([7; 32])), "Tokens { counter: 0, .. }");
    }
}
