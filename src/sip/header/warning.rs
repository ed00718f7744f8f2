//! Warning: what is behind a refusal, in words (RFC 3261 §20.43).

use super::{Headers, Name};
use crate::sip::grammar::split_quoted;

impl Headers {
    /// The words of the first warning: of `304 example.org "Media type not available"` what is quoted.
    pub fn warning(&self) -> Option<String> {
        let value = self.get(&Name::WARNING)?;
        let (text, _) = split_quoted(&value[value.find('"')?..])?;
        Some(text).filter(|text| !text.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_read() {
        let warning = |value: &str| {
            let mut headers = Headers::new();
            headers.push(Name::WARNING, value);
            headers.warning()
        };
        let two = "304 isi.edu \"No \\\"video\\\", here\", 399 x \"other\"";
        assert_eq!(warning(two).as_deref(), Some("No \"video\", here"));
        assert_eq!(warning("304 isi.edu"), None);
        assert_eq!(warning("304 isi.edu \"\""), None);
    }
}
