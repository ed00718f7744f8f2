//! What `cargo xtask bench` measures by itself: reading a SIP message that JavaScript hands over.

use wasm_bindgen::prelude::wasm_bindgen;
use xc_webrtc::sip::parser;

/// Whether that text is a SIP message.
#[wasm_bindgen]
pub fn reads(text: &str) -> bool {
    parser::parse(text).is_ok()
}

fn main() {}
