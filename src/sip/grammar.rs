//! The few rules of the grammar that every reader and printer shares (RFC 3261 §25.1).

use std::fmt::{self, Write};

/// Whether the byte may stand in a `token`.
pub(crate) const fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'-' | b'.' | b'!' | b'%' | b'*' | b'_' | b'+' | b'`' | b'\'' | b'~')
}

/// Whether the text is a `token`: at least one character, and only those that need no quotes.
pub(crate) fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(is_token_byte)
}

/// A whole number, if it fits. All are read in one way, whatever they are kept in.
pub(crate) fn number<N: TryFrom<u64>>(text: &str) -> Option<N> {
    text.parse::<u64>().ok()?.try_into().ok()
}

/// Splits at the first space or tab.
pub(crate) fn split_blank(text: &str) -> Option<(&str, &str)> {
    text.split_once([' ', '\t'])
}

/// Where the first `stop` stands outside a quoted string. A quote that is never closed reaches to the end, so the work
/// is one pass whatever comes.
pub(crate) fn find_unquoted(text: &str, stop: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut quoted = false;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => quoted = !quoted,
            // The next character is escaped.
            b'\\' if quoted => at += 1,
            byte if byte == stop && !quoted => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

/// Splits a text that begins with a quote into the quoted string's content and what follows it. `None` when it does
/// not begin with a quote, or the quote is never closed.
pub(crate) fn split_quoted(text: &str) -> Option<(String, &str)> {
    let inner = text.strip_prefix('"')?;
    let mut content = String::with_capacity(inner.len().min(64));
    let mut chars = inner.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((content, &inner[at + 1..])),
            '\\' => content.push(chars.next()?.1),
            c => content.push(c),
        }
    }
    None
}

/// Prints a quoted string. Line ends and NUL, which it may not hold even escaped, become spaces.
pub(crate) fn write_quoted(out: &mut impl Write, text: &str) -> fmt::Result {
    out.write_char('"')?;
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.write_char('\\')?;
                out.write_char(c)?;
            }
            '\r' | '\n' | '\0' => out.write_char(' ')?,
            c => out.write_char(c)?,
        }
    }
    out.write_char('"')
}

/// One line of text: line ends and NUL become spaces, the ends are trimmed. Without this, text from a page or from
/// another message could smuggle header fields in.
pub(crate) fn one_line(text: String) -> String {
    let trimmed = text.trim();
    if trimmed.bytes().any(is_line_breaking) {
        let spaced: String =
            trimmed.chars().map(|c| if is_line_breaking_char(c) { ' ' } else { c }).collect();
        // A NUL at an end is no white space to `trim`, but the space it became is.
        spaced.trim().to_owned()
    } else if trimmed.len() == text.len() {
        text
    } else {
        trimmed.to_owned()
    }
}

const fn is_line_breaking(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n' | b'\0')
}

const fn is_line_breaking_char(c: char) -> bool {
    matches!(c, '\r' | '\n' | '\0')
}

/// The beginning of a text from the wire, for an error or a diagnostic.
pub(crate) fn excerpt(text: &str) -> String {
    const LONGEST: usize = 80;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => {
            let mut short = text[..end].to_owned();
            short.push('…');
            short
        }
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stop_inside_quotes_does_not_count() {
        assert_eq!(find_unquoted("ab;c", b';'), Some(2));
        assert_eq!(find_unquoted("\"a;b\";c", b';'), Some(5));
        assert_eq!(find_unquoted(r#""a\";b";c"#, b';'), Some(7));
        assert_eq!(find_unquoted("\"a;b;c", b';'), None);
    }

    #[test]
    fn quoted_strings_are_read_and_printed() {
        assert_eq!(split_quoted(r#""a \"b\" \\" <x>"#), Some(("a \"b\" \\".into(), " <x>")));
        assert_eq!(split_quoted("\"never closed"), None);
        assert_eq!(split_quoted("\"ends in \\"), None);
        let mut out = String::new();
        write_quoted(&mut out, "a \"b\"\r\n\\").expect("a String takes everything");
        assert_eq!(out, r#""a \"b\"  \\""#);
    }

    #[test]
    fn a_line_has_no_line_ends() {
        assert_eq!(one_line("a\r\nVia: b".into()), "a  Via: b");
        assert_eq!(one_line(" \r\na\0 ".into()), "a");
        assert_eq!(one_line("a\tb".into()), "a\tb");
    }

    #[test]
    fn an_excerpt_ends_between_characters() {
        assert_eq!(excerpt("short"), "short");
        assert_eq!(excerpt(&"é".repeat(81)), "é".repeat(80) + "…");
    }
}
