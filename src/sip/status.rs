//! Status codes of responses, their classes and reason phrases.

use std::fmt;

/// A status code: 100 to 699 (RFC 3261 §7.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatusCode(u16);

macro_rules! status_codes {
    ($($name:ident = $code:literal $phrase:literal)*) => {
        impl StatusCode {
            $(
                #[doc = concat!("`", $code, " ", $phrase, "`")]
                pub const $name: Self = Self($code);
            )*

            /// The phrase that the IANA registry gives the code; for an unknown code that of its class.
            pub fn reason_phrase(self) -> &'static str {
                // RFC 3261 §8.1.3.2: an unknown code is treated as the x00 of its class, an unknown 1xx as 183.
                let class = if self.is_provisional() { 183 } else { self.0 / 100 * 100 };
                let phrase = |code| PHRASES.iter().find(|(known, _)| *known == code).map(|(_, phrase)| *phrase);
                phrase(self.0).or_else(|| phrase(class)).unwrap_or_default()
            }
        }

        const PHRASES: &[(u16, &str)] = &[$(($code, $phrase)),*];
    };
}

status_codes! {
    TRYING = 100 "Trying"
    RINGING = 180 "Ringing"
    CALL_IS_BEING_FORWARDED = 181 "Call Is Being Forwarded"
    QUEUED = 182 "Queued"
    SESSION_PROGRESS = 183 "Session Progress"
    EARLY_DIALOG_TERMINATED = 199 "Early Dialog Terminated"
    OK = 200 "OK"
    ACCEPTED = 202 "Accepted"
    NO_NOTIFICATION = 204 "No Notification"
    MULTIPLE_CHOICES = 300 "Multiple Choices"
    MOVED_PERMANENTLY = 301 "Moved Permanently"
    MOVED_TEMPORARILY = 302 "Moved Temporarily"
    USE_PROXY = 305 "Use Proxy"
    ALTERNATIVE_SERVICE = 380 "Alternative Service"
    BAD_REQUEST = 400 "Bad Request"
    UNAUTHORIZED = 401 "Unauthorized"
    PAYMENT_REQUIRED = 402 "Payment Required"
    FORBIDDEN = 403 "Forbidden"
    NOT_FOUND = 404 "Not Found"
    METHOD_NOT_ALLOWED = 405 "Method Not Allowed"
    NOT_ACCEPTABLE = 406 "Not Acceptable"
    PROXY_AUTHENTICATION_REQUIRED = 407 "Proxy Authentication Required"
    REQUEST_TIMEOUT = 408 "Request Timeout"
    GONE = 410 "Gone"
    REQUEST_ENTITY_TOO_LARGE = 413 "Request Entity Too Large"
    REQUEST_URI_TOO_LONG = 414 "Request-URI Too Long"
    UNSUPPORTED_MEDIA_TYPE = 415 "Unsupported Media Type"
    UNSUPPORTED_URI_SCHEME = 416 "Unsupported URI Scheme"
    BAD_EXTENSION = 420 "Bad Extension"
    EXTENSION_REQUIRED = 421 "Extension Required"
    SESSION_INTERVAL_TOO_SMALL = 422 "Session Interval Too Small"
    INTERVAL_TOO_BRIEF = 423 "Interval Too Brief"
    ANONYMITY_DISALLOWED = 433 "Anonymity Disallowed"
    FLOW_FAILED = 430 "Flow Failed"
    FIRST_HOP_LACKS_OUTBOUND_SUPPORT = 439 "First Hop Lacks Outbound Support"
    USE_IDENTITY_HEADER = 428 "Use Identity Header"
    TEMPORARILY_UNAVAILABLE = 480 "Temporarily Unavailable"
    CALL_OR_TRANSACTION_DOES_NOT_EXIST = 481 "Call/Transaction Does Not Exist"
    LOOP_DETECTED = 482 "Loop Detected"
    TOO_MANY_HOPS = 483 "Too Many Hops"
    ADDRESS_INCOMPLETE = 484 "Address Incomplete"
    AMBIGUOUS = 485 "Ambiguous"
    BUSY_HERE = 486 "Busy Here"
    REQUEST_TERMINATED = 487 "Request Terminated"
    NOT_ACCEPTABLE_HERE = 488 "Not Acceptable Here"
    BAD_EVENT = 489 "Bad Event"
    REQUEST_PENDING = 491 "Request Pending"
    UNDECIPHERABLE = 493 "Undecipherable"
    SECURITY_AGREEMENT_REQUIRED = 494 "Security Agreement Required"
    SERVER_INTERNAL_ERROR = 500 "Server Internal Error"
    NOT_IMPLEMENTED = 501 "Not Implemented"
    BAD_GATEWAY = 502 "Bad Gateway"
    SERVICE_UNAVAILABLE = 503 "Service Unavailable"
    SERVER_TIMEOUT = 504 "Server Time-out"
    VERSION_NOT_SUPPORTED = 505 "Version Not Supported"
    MESSAGE_TOO_LARGE = 513 "Message Too Large"
    PRECONDITION_FAILURE = 580 "Precondition Failure"
    BUSY_EVERYWHERE = 600 "Busy Everywhere"
    DECLINE = 603 "Decline"
    DOES_NOT_EXIST_ANYWHERE = 604 "Does Not Exist Anywhere"
    NOT_ACCEPTABLE_ANYWHERE = 606 "Not Acceptable"
    UNWANTED = 607 "Unwanted"
    REJECTED = 608 "Rejected"
}

impl StatusCode {
    /// The status code of that number; `None` outside 100 to 699.
    pub const fn new(code: u16) -> Option<Self> {
        match code {
            100..700 => Some(Self(code)),
            _ => None,
        }
    }

    /// The number.
    pub const fn code(self) -> u16 {
        self.0
    }

    /// 1xx: more will follow.
    pub const fn is_provisional(self) -> bool {
        self.0 < 200
    }

    /// 2xx to 6xx: nothing will follow.
    pub const fn is_final(self) -> bool {
        !self.is_provisional()
    }

    /// 2xx.
    pub const fn is_success(self) -> bool {
        self.0 >= 200 && self.0 < 300
    }

    /// 3xx.
    pub const fn is_redirection(self) -> bool {
        self.0 >= 300 && self.0 < 400
    }

    /// 4xx, 5xx or 6xx.
    pub const fn is_failure(self) -> bool {
        self.0 >= 400
    }
}

impl fmt::Display for StatusCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_100_to_699_are_status_codes() {
        assert_eq!(StatusCode::new(99), None);
        assert_eq!(StatusCode::new(700), None);
        assert_eq!(StatusCode::new(100), Some(StatusCode::TRYING));
        assert_eq!(StatusCode::new(699).map(StatusCode::code), Some(699));
    }

    #[test]
    fn every_code_is_in_one_class() {
        for code in (100..700).filter_map(StatusCode::new) {
            let classes =
                [code.is_provisional(), code.is_success(), code.is_redirection(), code.is_failure()];
            assert_eq!(classes.iter().filter(|is| **is).count(), 1, "{code}");
            assert_eq!(code.is_final(), !code.is_provisional(), "{code}");
        }
    }

    #[test]
    fn an_unknown_code_has_the_phrase_of_its_class() {
        assert_eq!(StatusCode::BUSY_HERE.reason_phrase(), "Busy Here");
        assert_eq!(StatusCode(499).reason_phrase(), "Bad Request");
        assert_eq!(StatusCode(299).reason_phrase(), "OK");
    }
}
