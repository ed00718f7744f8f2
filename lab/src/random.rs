//! Randomness of the operating system, for what must not be guessed.

/// 32 random bytes, to seed a generator.
///
/// # Panics
///
/// When the operating system has no randomness to give: nothing of the lab would be safe then.
pub fn seed() -> [u8; 32] {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).expect("the operating system gives randomness");
    seed
}

/// A secret of 32 hexadecimal digits.
pub fn secret() -> String {
    seed()[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}
