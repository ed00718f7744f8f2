//! Value to text, without white space.

use std::fmt::{self, Write};

use super::Value;

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(true) => f.write_str("true"),
            Self::Bool(false) => f.write_str("false"),
            Self::Number(number) => number.fmt(f),
            Self::String(text) => write_string(f, text),
            Self::Array(values) => {
                let mut before = '[';
                for value in values {
                    f.write_char(before)?;
                    value.fmt(f)?;
                    before = ',';
                }
                f.write_str(if values.is_empty() { "[]" } else { "]" })
            }
            Self::Object(object) => {
                let mut before = '{';
                for (name, value) in &object.0 {
                    f.write_char(before)?;
                    write_string(f, name)?;
                    f.write_char(':')?;
                    value.fmt(f)?;
                    before = ',';
                }
                f.write_str(if object.0.is_empty() { "{}" } else { "}" })
            }
        }
    }
}

/// RFC 8259 §7: quotes, backslashes and controls are escaped.
fn write_string(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                f.write_char('\\')?;
                f.write_char(c)?;
            }
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            '\0'..' ' => write!(f, "\\u{:04x}", u32::from(c))?,
            _ => f.write_char(c)?,
        }
    }
    f.write_char('"')
}
