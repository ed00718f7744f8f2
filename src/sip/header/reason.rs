//! Reason: why a call was ended (RFC 3326).

use std::fmt;

use crate::sip::grammar::number;
use crate::sip::params::Params;

/// One reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// What defines the cause: `SIP`, `Q.850`, …
    pub protocol: String,
    /// The number: a status code, or a Q.850 cause.
    pub cause: Option<u16>,
    /// Words for a person.
    pub text: Option<String>,
}

impl Reason {
    /// Reads one item of the header field; whatever it holds.
    pub fn parse(item: &str) -> Self {
        let (protocol, params) = item.split_once(';').unwrap_or((item, ""));
        let params = Params::parse(params);
        Self {
            protocol: protocol.trim().to_owned(),
            cause: params.get("cause").and_then(number),
            text: params.get("text").map(str::to_owned),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.protocol)?;
        if let Some(cause) = self.cause {
            write!(f, ";cause={cause}")?;
        }
        if let Some(text) = &self.text {
            f.write_str(";text=")?;
            crate::sip::grammar::write_quoted(f, text)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_read_and_printed() {
        let text = "SIP;cause=200;text=\"Call completed elsewhere\"";
        let reason = Reason::parse(text);
        assert_eq!(reason.cause, Some(200));
        assert_eq!(reason.text.as_deref(), Some("Call completed elsewhere"));
        assert_eq!(reason.to_string(), text);
        assert_eq!(Reason::parse("Q.850 ; cause=x").to_string(), "Q.850");
    }
}
