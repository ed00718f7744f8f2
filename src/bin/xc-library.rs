//! What `xc_webrtc.js` loads: the functions of `library::door`, which it calls by name.

// Nothing runs by itself; naming the crate links its exports.
use xc_webrtc as _;

fn main() {}
