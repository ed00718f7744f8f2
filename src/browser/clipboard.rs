//! The clipboard.

use wasm_bindgen_futures::JsFuture;

use super::{page, window};

/// Puts text on the clipboard. Tells whether it is there: browsers have no clipboard for pages without TLS, and may
/// refuse it to others.
pub async fn copy(text: &str) -> bool {
    page::is_secure_context()
        && JsFuture::from(window().navigator().clipboard().write_text(text)).await.is_ok()
}
