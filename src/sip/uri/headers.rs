//! The header fields that a URI brings for the request that is made of it: `?Replaces=…` (RFC 3261 §19.1.1).

use super::Uri;
use super::escape::{escape, unescape};

impl Uri {
    /// The value of the first header field of that name, escapes read.
    pub fn header(&self, name: &str) -> Option<String> {
        self.headers.as_deref()?.split('&').find_map(|field| {
            let (known, value) = field.split_once('=')?;
            known.eq_ignore_ascii_case(name).then(|| unescape(value))
        })
    }

    /// The same URI with one more header field; any text may be its value.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        let headers = self.headers.get_or_insert_default();
        if !headers.is_empty() {
            headers.push('&');
        }
        headers.push_str(name);
        headers.push('=');
        let value = value.replace('%', "%25").replace('&', "%26");
        headers.push_str(&escape(&value, "@;?,=\\"));
        self
    }
}
