//! The clipboard.

use js_sys::Reflect;
use web_sys::Event;

use super::promise::settled;
use super::{invoke, page, window};

/// Puts text on the clipboard. Tells whether it is there: browsers have no clipboard for pages without TLS, and may
/// refuse it to others.
pub async fn copy(text: &str) -> bool {
    page::is_secure_context() && settled(&window().navigator().clipboard().write_text(text)).await.is_ok()
}

/// The text that a `paste` event brings; empty where it brings none.
pub fn pasted(event: &Event) -> String {
    let text = Reflect::get(event, &"clipboardData".into())
        .and_then(|data| invoke(&data, "getData", &"text".into()));
    text.ok().and_then(|text| text.as_string()).unwrap_or_default()
}
