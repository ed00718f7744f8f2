//! A session that a user agent leaves without ending it, for the next one of the same account, as after a reload of the
//! page: that one takes its place (RFC 3891) or ends it.

use std::fmt;
use std::str::FromStr;

use super::dialog::Dialog;
use super::header::Name;
use super::message::Message;
use super::parser;

/// What is needed of the session. As a text it is the BYE that would end it: whom that is for, by which way, and in
/// which dialog, is all there is to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left(pub(super) Dialog);

impl Left {
    /// Its Call-ID.
    pub fn call_id(&self) -> &str {
        self.0.call_id()
    }

    /// The header fields of an INVITE that takes our place in it (RFC 3891 §4).
    pub fn replaced(&self) -> Vec<(Name, String)> {
        let replaces = self.0.refer_to().replaces.map(|replaces| (Name::REPLACES, replaces.to_string()));
        replaces.into_iter().chain([(Name::REQUIRE, "replaces".to_owned())]).collect()
    }
}

impl fmt::Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.last_words().fmt(f)
    }
}

/// That text is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotLeft;

impl FromStr for Left {
    type Err = NotLeft;

    fn from_str(text: &str) -> Result<Self, NotLeft> {
        match parser::parse(text).map(|parsed| parsed.message) {
            Ok(Message::Request(bye)) => Dialog::of_last_words(&bye).map(Self).map_err(|_| NotLeft),
            Ok(Message::Response(_)) | Err(_) => Err(NotLeft),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BYE: &str = "BYE sip:bob@192.0.2.4:5060;transport=ws SIP/2.0\r\n\
        Route: <sip:proxy.example.org;lr>\r\n\
        Max-Forwards: 70\r\n\
        From: \"Alice\" <sip:alice@example.org>;tag=ours\r\n\
        To: <sip:bob@example.org>;tag=theirs\r\n\
        Call-ID: 4711@a.invalid\r\n\
        CSeq: 7 BYE\r\n\
        Content-Length: 0\r\n\r\n";

    #[test]
    fn all_that_is_needed_is_read_from_its_text() {
        let left: Left = BYE.parse().expect("a BYE");
        assert_eq!(left.call_id(), "4711@a.invalid");
        let replaced: Vec<_> =
            left.replaced().into_iter().map(|(name, value)| format!("{name}: {value}")).collect();
        assert_eq!(replaced, ["Replaces: 4711@a.invalid;to-tag=theirs;from-tag=ours", "Require: replaces"]);
        // Whatever the page has sent since it was written down, no number comes twice.
        assert_eq!(left.to_string(), BYE.replace("CSeq: 7", "CSeq: 1032"));
    }

    #[test]
    fn what_is_no_such_text_is_refused() {
        for text in ["", "hello", "SIP/2.0 200 OK\r\n\r\n", "BYE sip:bob@example.org SIP/2.0\r\n\r\n"] {
            assert_eq!(text.parse::<Left>(), Err(NotLeft), "{text}");
        }
    }
}
