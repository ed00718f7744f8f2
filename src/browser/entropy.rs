//! Randomness from the browser.

use super::window;

/// Thirty-two random bytes, fit for keys (`Crypto.getRandomValues`).
pub fn seed() -> [u8; 32] {
    let mut seed = [0; 32];
    let crypto = window().crypto().expect("every browser with WebAssembly has window.crypto");
    crypto.get_random_values_with_u8_array(&mut seed).expect("32 bytes are far below the quota of 65,536");
    seed
}
