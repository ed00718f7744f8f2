//! JavaScript without comments and white space, and the map that leads back to its sources.
//!
//! It is read by its tokens: texts, templates and regular expressions are copied, all else loses the space around it.
//! Statements have to end by a semicolon or a brace, as they do in `src/library/js` and in what wasm-bindgen writes.

use std::fmt::Write;

/// A text without comments and white space.
pub fn squeezed(text: &str) -> String {
    let mut squeezed = Squeezed::new();
    squeezed.add(Source { name: String::new(), text: text.into() });
    squeezed.code().to_string()
}

/// One file.
pub struct Source {
    /// Its name in the map.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// What was squeezed.
#[derive(Default)]
pub struct Squeezed {
    text: String,
    sources: Vec<(String, String)>,
    mappings: String,
    column: usize,
    /// Column, source, line of the last mapping in this line of the output.
    last: (usize, usize, usize),
    /// The next mapping is the first in its line.
    first: bool,
}

impl Squeezed {
    /// Nothing yet.
    pub fn new() -> Self {
        Squeezed { first: true, ..Squeezed::default() }
    }

    /// Text that comes from no source; it has no line breaks.
    pub fn verbatim(&mut self, text: &str) {
        self.push(text);
    }

    /// A new line.
    pub fn line(&mut self) {
        self.text.push('\n');
        self.mappings.push(';');
        (self.column, self.last.0, self.first) = (0, 0, true);
    }

    /// Adds a source.
    pub fn add(&mut self, source: Source) {
        let number = self.sources.len();
        let (mut line, mut mapped_line, mut spaced) = (0, None, true);
        for token in tokens(&source.text) {
            let breaks = token.text.matches('\n').count();
            if !token.is_space {
                if mapped_line != Some(line) {
                    self.map(number, line);
                    mapped_line = Some(line);
                }
                if spaced && self.needs_space(token.text) {
                    self.push(" ");
                }
                self.push(token.text);
            }
            line += breaks;
            spaced = token.is_space;
        }
        self.sources.push((source.name, source.text));
    }

    fn needs_space(&self, next: &str) -> bool {
        let (Some(before), Some(after)) = (self.text.chars().last(), next.chars().next()) else {
            return false;
        };
        is_word(before) && is_word(after) || before == after && matches!(before, '+' | '-')
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        match text.rsplit_once('\n') {
            // A template over several lines.
            Some((before, rest)) => {
                for _ in 0..=before.matches('\n').count() {
                    self.mappings.push(';');
                }
                (self.column, self.last.0, self.first) = (rest.encode_utf16().count(), 0, true);
            }
            None => self.column += text.encode_utf16().count(),
        }
    }

    fn map(&mut self, source: usize, line: usize) {
        if !self.first {
            self.mappings.push(',');
        }
        self.first = false;
        let (last_column, last_source, last_line) = self.last;
        for (new, old) in [(self.column, last_column), (source, last_source), (line, last_line), (0, 0)] {
            vlq(&mut self.mappings, new as i64 - old as i64);
        }
        self.last = (self.column, source, line);
    }

    /// The text alone.
    pub fn code(&self) -> &str {
        &self.text
    }

    /// The text, which ends by the name of its map.
    pub fn text(&self, map: &str) -> String {
        format!("{}\n//# sourceMappingURL={map}\n", self.text)
    }

    /// The map (Source Map, revision 3).
    pub fn map_of(&self, file: &str) -> String {
        let list = |texts: &mut dyn Iterator<Item = &String>| {
            texts.map(|text| serde_json::Value::from(text.as_str()).to_string()).collect::<Vec<_>>().join(",")
        };
        let mut map = format!("{{\"version\":3,\"file\":{file:?}");
        let _ = write!(map, ",\"sources\":[{}]", list(&mut self.sources.iter().map(|(name, _)| name)));
        let _ = write!(map, ",\"sourcesContent\":[{}]", list(&mut self.sources.iter().map(|(_, text)| text)));
        let _ = write!(map, ",\"names\":[],\"mappings\":\"{}\"}}", self.mappings);
        map
    }
}

struct Token<'a> {
    text: &'a str,
    /// White space or a comment.
    is_space: bool,
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    let mut last = ';';
    while let Some(first) = rest.chars().next() {
        let (length, is_space) = match first {
            c if c.is_whitespace() => (c.len_utf8(), true),
            '/' if rest.starts_with("//") => (rest.find('\n').unwrap_or(rest.len()), true),
            '/' if rest.starts_with("/*") => (rest.find("*/").map_or(rest.len(), |end| end + 2), true),
            '"' | '\'' => (end_of_text(rest, first), false),
            '`' => (end_of_template(rest), false),
            '/' if "(,=:[!&|?{};>".contains(last) => (end_of_expression(rest), false),
            c if is_word(c) => (rest.find(|c| !is_word(c)).unwrap_or(rest.len()), false),
            c => (c.len_utf8(), false),
        };
        let (token, after) = rest.split_at(length);
        if !is_space {
            last = token.chars().last().unwrap_or(last);
        }
        tokens.push(Token { text: token, is_space });
        rest = after;
    }
    tokens
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$')
}

fn end_of_text(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

fn end_of_expression(text: &str) -> usize {
    let (mut escaped, mut in_class) = (false, false);
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => in_class = true,
            ']' => in_class = false,
            '/' if !in_class => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// With what stands in `${…}`, which may hold templates again.
fn end_of_template(text: &str) -> usize {
    let mut at = 1;
    while let Some(c) = text[at..].chars().next() {
        match c {
            '`' => return at + 1,
            '\\' => at += 1 + text[at + 1..].chars().next().map_or(0, char::len_utf8),
            '$' if text[at..].starts_with("${") => {
                let mut depth = 0_usize;
                for token in tokens(&text[at + 1..]) {
                    match token.text {
                        "{" => depth += 1,
                        "}" => depth -= 1,
                        _ => {}
                    }
                    at += token.text.len();
                    if depth == 0 {
                        break;
                    }
                }
                at += 1;
            }
            c => at += c.len_utf8(),
        }
    }
    text.len()
}

/// A number in base 64, as source maps write it.
fn vlq(to: &mut String, number: i64) {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut rest = (number.unsigned_abs() << 1) | u64::from(number < 0);
    loop {
        let digit = rest & 31;
        rest >>= 5;
        let more = if rest > 0 { 32 } else { 0 };
        to.push(char::from(DIGITS[(digit | more) as usize]));
        if rest == 0 {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn squeezed(text: &str) -> String {
        let mut squeezed = Squeezed::new();
        squeezed.add(Source { name: "a.js".into(), text: text.into() });
        squeezed.text
    }

    #[test]
    fn space_and_comments_go_and_what_is_text_stays() {
        let cases = [
            ("const  a = 1; // one\nreturn a ?? b;", "const a=1;return a??b;"),
            ("if (a)\n  b();\nelse\n  c(1 + +d);", "if(a)b();else c(1+ +d);"),
            (r#"a = " // no \" comment ";  b"#, r#"a=" // no \" comment ";b"#),
            ("x = `one ${ f({ a: `two` }) } // `;", "x=`one ${ f({ a: `two` }) } // `;"),
            (r"y = t.replace(/^[/ ]\/ /, 1) / 2;", r"y=t.replace(/^[/ ]\/ /,1)/2;"),
            ("/* a\n b */ z++", "z++"),
        ];
        for (text, short) in cases {
            assert_eq!(squeezed(text), short);
        }
    }

    #[test]
    fn the_map_leads_back_to_the_line() {
        let mut squeezed = Squeezed::new();
        squeezed.verbatim("(() => {");
        squeezed.line();
        squeezed.add(Source { name: "a.js".into(), text: "a();\n\nb();\n".into() });
        // Second line: column 0 is line 0 of the source; then column 4 is line 2.
        assert_eq!(squeezed.mappings, ";AAAA,IAEA");
        assert!(squeezed.map_of("x.js").contains("\"sources\":[\"a.js\"]"));
    }

    #[test]
    fn numbers_are_written_as_in_other_maps() {
        let mut text = String::new();
        [0, 1, -1, 16, 1000].into_iter().for_each(|number| vlq(&mut text, number));
        assert_eq!(text, "ACDgBw+B");
    }
}
