//! Names of header fields, with their compact forms.

use std::fmt;
use std::str::FromStr;

use crate::sip::grammar::is_token;

/// The name of a header field, compared without regard to case. A known one prints in its canonical form, whatever
/// form it came in; any other as it came.
#[derive(Clone, Debug)]
pub struct Name(Repr);

#[derive(Clone, Debug)]
enum Repr {
    Known(&'static str),
    /// Never one of the known, in whatever case: so names of different kinds are never equal.
    Other(Box<str>),
}

/// A text that is no name: empty, or with characters that no name may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameError;

macro_rules! names {
    ($($name:ident = $canonical:literal $(/ $compact:literal)?, $source:literal;)*) => {
        impl Name {
            $(
                #[doc = concat!("`", $canonical, "`, ", $source, ".")]
                pub const $name: Self = Self(Repr::Known($canonical));
            )*
        }

        const CANONICAL: &[&str] = &[$($canonical),*];

        /// RFC 3261 §7.3.3 and the IANA registry.
        const COMPACT: &[(u8, &str)] = &[$($(($compact, $canonical),)?)*];
    };
}

// The ones that come with every message first: they are looked up in this order.
names! {
    VIA = "Via" / b'v', "RFC 3261 §20.42";
    FROM = "From" / b'f', "RFC 3261 §20.20";
    TO = "To" / b't', "RFC 3261 §20.39";
    CALL_ID = "Call-ID" / b'i', "RFC 3261 §20.8";
    CSEQ = "CSeq", "RFC 3261 §20.16";
    CONTACT = "Contact" / b'm', "RFC 3261 §20.10";
    CONTENT_TYPE = "Content-Type" / b'c', "RFC 3261 §20.15";
    CONTENT_LENGTH = "Content-Length" / b'l', "RFC 3261 §20.14";
    MAX_FORWARDS = "Max-Forwards", "RFC 3261 §20.22";
    ALLOW = "Allow", "RFC 3261 §20.5";
    SUPPORTED = "Supported" / b'k', "RFC 3261 §20.37";
    USER_AGENT = "User-Agent", "RFC 3261 §20.41";
    SERVER = "Server", "RFC 3261 §20.35";
    ROUTE = "Route", "RFC 3261 §20.34";
    RECORD_ROUTE = "Record-Route", "RFC 3261 §20.30";
    EXPIRES = "Expires", "RFC 3261 §20.19";
    AUTHENTICATION_INFO = "Authentication-Info", "RFC 3261 §20.6";
    AUTHORIZATION = "Authorization", "RFC 3261 §20.7";
    WWW_AUTHENTICATE = "WWW-Authenticate", "RFC 3261 §20.44";
    PROXY_AUTHENTICATE = "Proxy-Authenticate", "RFC 3261 §20.27";
    PROXY_AUTHORIZATION = "Proxy-Authorization", "RFC 3261 §20.28";
    PROXY_AUTHENTICATION_INFO = "Proxy-Authentication-Info", "RFC 7615 §4";
    P_ASSERTED_IDENTITY = "P-Asserted-Identity", "RFC 3325 §9.1";
    REASON = "Reason", "RFC 3326";
    ACCEPT = "Accept", "RFC 3261 §20.1";
    ACCEPT_ENCODING = "Accept-Encoding", "RFC 3261 §20.2";
    ACCEPT_LANGUAGE = "Accept-Language", "RFC 3261 §20.3";
    ALERT_INFO = "Alert-Info", "RFC 3261 §20.4";
    ALLOW_EVENTS = "Allow-Events" / b'u', "RFC 6665 §8.2.2";
    CALL_INFO = "Call-Info", "RFC 3261 §20.9";
    CONTENT_DISPOSITION = "Content-Disposition", "RFC 3261 §20.11";
    CONTENT_ENCODING = "Content-Encoding" / b'e', "RFC 3261 §20.12";
    CONTENT_LANGUAGE = "Content-Language", "RFC 3261 §20.13";
    DATE = "Date", "RFC 3261 §20.17";
    DIVERSION = "Diversion", "RFC 5806";
    ERROR_INFO = "Error-Info", "RFC 3261 §20.18";
    EVENT = "Event" / b'o', "RFC 6665 §8.2.1";
    FLOW_TIMER = "Flow-Timer", "RFC 5626 §4.4";
    HISTORY_INFO = "History-Info", "RFC 7044";
    IN_REPLY_TO = "In-Reply-To", "RFC 3261 §20.21";
    MIME_VERSION = "MIME-Version", "RFC 3261 §20.24";
    MIN_EXPIRES = "Min-Expires", "RFC 3261 §20.23";
    MIN_SE = "Min-SE", "RFC 4028 §5";
    ORGANIZATION = "Organization", "RFC 3261 §20.25";
    P_PREFERRED_IDENTITY = "P-Preferred-Identity", "RFC 3325 §9.2";
    PATH = "Path", "RFC 3327";
    PRIORITY = "Priority", "RFC 3261 §20.26";
    PRIVACY = "Privacy", "RFC 3323 §4.2";
    PROXY_REQUIRE = "Proxy-Require", "RFC 3261 §20.29";
    RACK = "RAck", "RFC 3262 §7.2";
    REFER_SUB = "Refer-Sub", "RFC 4488";
    REFER_TO = "Refer-To" / b'r', "RFC 3515 §2.1";
    REFERRED_BY = "Referred-By" / b'b', "RFC 3892";
    REMOTE_PARTY_ID = "Remote-Party-ID", "an expired draft that PBXs still send";
    REPLACES = "Replaces", "RFC 3891";
    REPLY_TO = "Reply-To", "RFC 3261 §20.31";
    REQUIRE = "Require", "RFC 3261 §20.32";
    RETRY_AFTER = "Retry-After", "RFC 3261 §20.33";
    RSEQ = "RSeq", "RFC 3262 §7.1";
    SERVICE_ROUTE = "Service-Route", "RFC 3608";
    SESSION_EXPIRES = "Session-Expires" / b'x', "RFC 4028 §4";
    SIP_ETAG = "SIP-ETag", "RFC 3903 §11.3.1";
    SIP_IF_MATCH = "SIP-If-Match", "RFC 3903 §11.3.2";
    SUBJECT = "Subject" / b's', "RFC 3261 §20.36";
    SUBSCRIPTION_STATE = "Subscription-State", "RFC 6665 §8.2.3";
    TIMESTAMP = "Timestamp", "RFC 3261 §20.38";
    UNSUPPORTED = "Unsupported", "RFC 3261 §20.40";
    WARNING = "Warning", "RFC 3261 §20.43";
    ACCEPT_CONTACT = "Accept-Contact" / b'a', "RFC 3841 §9.2";
    REJECT_CONTACT = "Reject-Contact" / b'j', "RFC 3841 §9.2";
    REQUEST_DISPOSITION = "Request-Disposition" / b'd', "RFC 3841 §9.1";
    IDENTITY = "Identity" / b'y', "RFC 8224 §4";
}

impl Name {
    /// The name as it is printed.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Repr::Known(name) => name,
            Repr::Other(name) => name,
        }
    }
}

impl FromStr for Name {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        if let [letter] = text.as_bytes() {
            let letter = letter.to_ascii_lowercase();
            if let Some((_, name)) = COMPACT.iter().find(|(compact, _)| *compact == letter) {
                return Ok(Self(Repr::Known(name)));
            }
        }
        match CANONICAL.iter().find(|name| name.eq_ignore_ascii_case(text)) {
            Some(name) => Ok(Self(Repr::Known(name))),
            None if is_token(text) => Ok(Self(Repr::Other(text.into()))),
            None => Err(NameError),
        }
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Repr::Known(one), Repr::Known(other)) => one == other,
            (Repr::Other(one), Repr::Other(other)) => one.eq_ignore_ascii_case(other),
            (Repr::Known(_), Repr::Other(_)) | (Repr::Other(_), Repr::Known(_)) => false,
        }
    }
}

impl Eq for Name {}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a header field's name")
    }
}

impl std::error::Error for NameError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        text.parse().expect("a token")
    }

    #[test]
    fn compact_forms_and_any_case_mean_the_same() {
        for text in ["Via", "v", "V", "via", "VIA"] {
            assert_eq!(name(text), Name::VIA);
            assert_eq!(name(text).to_string(), "Via");
        }
        assert_eq!(name("i"), Name::CALL_ID);
        assert_eq!(name("k"), Name::SUPPORTED);
        assert_eq!(name("call-id"), Name::CALL_ID);
    }

    #[test]
    fn other_names_are_kept_as_they_came() {
        assert_eq!(name("x-Asterisk-Foo").to_string(), "x-Asterisk-Foo");
        assert_eq!(name("X-A"), name("x-a"));
        assert_ne!(name("X-A"), Name::VIA);
        assert_eq!(name("z").to_string(), "z");
    }

    #[test]
    fn what_is_no_token_is_no_name() {
        for text in ["", "a b", "a\r\nb", "a:", "é"] {
            assert_eq!(text.parse::<Name>(), Err(NameError), "{text:?}");
        }
    }

    #[test]
    fn no_name_is_there_twice() {
        for (at, one) in CANONICAL.iter().enumerate() {
            assert!(CANONICAL[at + 1..].iter().all(|other| !one.eq_ignore_ascii_case(other)), "{one}");
        }
        for (at, (one, _)) in COMPACT.iter().enumerate() {
            assert!(COMPACT[at + 1..].iter().all(|(other, _)| one != other), "{}", char::from(*one));
        }
    }
}
