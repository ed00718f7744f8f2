//! Escapes in URIs: `%41` for `A` (RFC 3261 §19.1.2).

use std::fmt::{self, Write};

/// Escapes what would end the URI: white space, controls, brackets and quotes, and those delimiters that are in
/// `also`. A percent sign stays, for it begins an escape; so does `#`, which peers send unescaped and look for in what
/// comes back.
pub(super) fn write_escaped(out: &mut dyn Write, text: &str, also: &str) -> fmt::Result {
    let must_go = |byte: u8| match byte {
        0..=b' ' | b'<' | b'>' | b'"' | 0x7f => true,
        b'@' | b':' | b';' | b'?' | b',' | b'=' | b'/' | b'\\' => also.as_bytes().contains(&byte),
        _ => false,
    };
    let mut clean_from = 0;
    for (at, byte) in text.bytes().enumerate() {
        // Only ASCII goes, so both ends of a clean run are between characters.
        if must_go(byte) {
            out.write_str(&text[clean_from..at])?;
            out.write_char('%')?;
            out.write_char(hex_digit(byte >> 4))?;
            out.write_char(hex_digit(byte & 15))?;
            clean_from = at + 1;
        }
    }
    out.write_str(&text[clean_from..])
}

/// The same, into a text of its own.
pub(super) fn escape(text: &str, also: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    // Writing to a String cannot fail.
    let _ = write_escaped(&mut escaped, text, also);
    escaped
}

/// Makes a user part of any text: here a percent sign means itself, and `#` is escaped as the grammar wants.
pub(super) fn escape_user(text: &str) -> String {
    let text = text.replace('%', "%25").replace('#', "%23");
    escape(&text, "@:\\;?/,")
}

fn hex_digit(half: u8) -> char {
    char::from(b"0123456789ABCDEF"[usize::from(half & 15)])
}

/// Reads `%41` as `A`. What is no escape, or would not be UTF-8, stays as it is.
pub(super) fn unescape(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digit = |offset: usize| bytes.get(at + offset).and_then(|byte| char::from(*byte).to_digit(16));
        match (bytes[at], digit(1), digit(2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high << 4 | low) as u8);
                at += 3;
            }
            (byte, _, _) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}
