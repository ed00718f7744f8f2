//! Requests and responses: build and print.

use std::fmt::{self, Write};

use super::grammar::one_line;
use super::header::{CSeq, HeaderError, Headers, Items, Name, Via};
use super::method::Method;
use super::status::StatusCode;
use super::uri::{NameAddr, Uri};

/// A request (RFC 3261 §7.1). What its header fields say: the accessors of [`Headers`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The Request-URI.
    pub uri: Uri,
    /// The header fields. Content-Length is not among them: printing computes it.
    pub headers: Headers,
    /// The body.
    pub body: String,
}

/// A response (RFC 3261 §7.2). What its header fields say: the accessors of [`Headers`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: StatusCode,
    /// The words that come with it; may be empty.
    pub reason: String,
    /// The header fields. Content-Length is not among them: printing computes it.
    pub headers: Headers,
    /// The body.
    pub body: String,
}

/// A request or a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// A request.
    Request(Request),
    /// A response.
    Response(Response),
}

impl Request {
    /// A request without header fields or body.
    pub const fn new(method: Method, uri: Uri) -> Self {
        Self { method, uri, headers: Headers::new(), body: String::new() }
    }

    /// Whether the fields are there and readable without which a request cannot be processed. The error is worth a
    /// 400, which [`Request::reply`] makes of the rest.
    pub fn check(&self) -> Result<(), HeaderError> {
        // The Via of the last hop, with nothing strange beside it (RFC 4475 §3.1.2.1).
        for via in Items::of(self.headers.required(&Name::VIA)?) {
            via.parse::<Via>()?;
        }
        // RFC 3261 §8.1.1.5: the method of CSeq must be that of the request.
        if check(&self.headers)?.method == self.method {
            Ok(())
        } else {
            Err(HeaderError::unreadable(Name::CSEQ, self.headers.required(&Name::CSEQ)?))
        }
    }

    /// A response to this request, with the reason phrase of the table and what RFC 3261 §8.2.6 wants copied.
    ///
    /// `to_tag` is given to To unless the request's To has one already.
    pub fn reply(&self, status: StatusCode, to_tag: Option<&str>) -> Response {
        let mut headers = Headers::new();
        for via in self.headers.all(&Name::VIA) {
            headers.push(Name::VIA, via);
        }
        // Of what should come once, the first.
        for name in [Name::FROM, Name::TO, Name::CALL_ID, Name::CSEQ, Name::TIMESTAMP] {
            let Some(value) = self.headers.get(&name) else { continue };
            if name == Name::TO {
                headers.push(name, reply_to(value, to_tag));
            } else if name != Name::TIMESTAMP || status == StatusCode::TRYING {
                headers.push(name, value);
            }
        }
        Response { status, reason: status.reason_phrase().to_owned(), headers, body: String::new() }
    }
}

/// The To of a response: as it came, unless it needs our tag.
fn reply_to(value: &str, to_tag: Option<&str>) -> String {
    let to = NameAddr::lenient(value);
    match (to.tag(), to_tag) {
        (None, Some(tag)) => to.with_tag(tag).to_string(),
        (Some(_), _) | (None, None) => value.to_owned(),
    }
}

impl Message {
    /// The header fields.
    pub const fn headers(&self) -> &Headers {
        match self {
            Self::Request(request) => &request.headers,
            Self::Response(response) => &response.headers,
        }
    }
}

/// Whether the fields are there and readable that every message must have (RFC 3261 §8.1.1); gives CSeq.
pub(super) fn check(headers: &Headers) -> Result<CSeq, HeaderError> {
    headers.top_via()?;
    headers.required(&Name::FROM)?;
    headers.required(&Name::TO)?;
    headers.call_id()?;
    headers.cseq()
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.method.fmt(f)?;
        f.write_char(' ')?;
        self.uri.fmt(f)?;
        f.write_str(" SIP/2.0\r\n")?;
        write_rest(f, &self.headers, &self.body)
    }
}

impl fmt::Display for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SIP/2.0 ")?;
        self.status.fmt(f)?;
        f.write_char(' ')?;
        f.write_str(&one_line(self.reason.clone()))?;
        f.write_str("\r\n")?;
        write_rest(f, &self.headers, &self.body)
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request(request) => request.fmt(f),
            Self::Response(response) => response.fmt(f),
        }
    }
}

impl From<Request> for Message {
    fn from(request: Request) -> Self {
        Self::Request(request)
    }
}

impl From<Response> for Message {
    fn from(response: Response) -> Self {
        Self::Response(response)
    }
}

/// RFC 7118 §5.1 lets Content-Length away, but servers that relay to a stream want it.
fn write_rest(f: &mut fmt::Formatter<'_>, headers: &Headers, body: &str) -> fmt::Result {
    fmt::Display::fmt(headers, f)?;
    write!(f, "Content-Length: {}\r\n\r\n", body.len())?;
    f.write_str(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(fields: &[(&str, &str)]) -> Request {
        let mut request = Request::new(Method::Invite, Uri::sip(Some("bob"), "example.org"));
        for (name, value) in fields {
            request.headers.push(name.parse().expect("a token"), *value);
        }
        request
    }

    const FIELDS: &[(&str, &str)] = &[
        ("v", "SIP/2.0/WS a.invalid;branch=z9hG4bK1"),
        ("Via", "SIP/2.0/WS b.invalid;branch=z9hG4bK2"),
        ("f", "<sip:alice@x>;tag=1"),
        ("t", "Doe, John <sip:bob@example.org>"),
        ("i", "abc"),
        ("CSeq", "1 INVITE"),
        ("Timestamp", "54"),
        ("Subject", "not copied"),
    ];

    #[test]
    fn a_request_is_printed_with_its_length() {
        let mut request = request(&[("i", "abc"), ("Content-Length", "99")]);
        request.body = "é\r\n".into();
        let expected = "INVITE sip:bob@example.org SIP/2.0\r\nCall-ID: abc\r\nContent-Length: 4\r\n\r\né\r\n";
        assert_eq!(request.to_string(), expected);
    }

    #[test]
    fn a_reply_goes_the_way_back() {
        let reply = request(FIELDS).reply(StatusCode::BUSY_HERE, Some("t1"));
        let expected = "SIP/2.0 486 Busy Here\r\n\
            Via: SIP/2.0/WS a.invalid;branch=z9hG4bK1\r\n\
            Via: SIP/2.0/WS b.invalid;branch=z9hG4bK2\r\n\
            From: <sip:alice@x>;tag=1\r\n\
            To: \"Doe, John\" <sip:bob@example.org>;tag=t1\r\n\
            Call-ID: abc\r\n\
            CSeq: 1 INVITE\r\n\
            Content-Length: 0\r\n\r\n";
        assert_eq!(reply.to_string(), expected);
        assert_eq!(reply.headers.to().expect("copied").tag(), Some("t1"));
    }

    #[test]
    fn a_tag_that_is_there_stays() {
        let reply = request(&[("To", "<sip:b@x>;tag=old")]).reply(StatusCode::OK, Some("new"));
        assert_eq!(reply.headers.get(&Name::TO), Some("<sip:b@x>;tag=old"));
        let reply = request(&[("To", "sip:b@x;tag=")]).reply(StatusCode::OK, Some("new"));
        assert_eq!(reply.headers.get(&Name::TO), Some("<sip:b@x>;tag=new"));
    }

    #[test]
    fn only_a_100_copies_the_timestamp() {
        let request = request(FIELDS);
        assert_eq!(request.reply(StatusCode::TRYING, None).headers.get(&Name::TIMESTAMP), Some("54"));
        assert_eq!(request.reply(StatusCode::RINGING, None).headers.get(&Name::TIMESTAMP), None);
    }

    #[test]
    fn a_request_is_checked_for_what_it_needs() {
        assert_eq!(request(FIELDS).check(), Ok(()));
        assert_eq!(request(&FIELDS[2..]).check(), Err(HeaderError::Missing(Name::VIA)));
        let mut other = request(FIELDS);
        other.method = Method::Bye;
        assert_eq!(other.check(), Err(HeaderError::unreadable(Name::CSEQ, "1 INVITE")));
    }

    #[test]
    fn no_part_of_the_start_line_can_break_it() {
        let mut evil = request(&[]);
        evil.method = Method::Other("X\r\nVia: a".into());
        evil.uri.user = Some("b\r\nVia: c".into());
        assert_eq!(evil.to_string().lines().count(), 3);
        let mut reply = evil.reply(StatusCode::OK, None);
        reply.reason = "fine\r\nVia: a".into();
        assert_eq!(reply.to_string(), "SIP/2.0 200 fine  Via: a\r\nContent-Length: 0\r\n\r\n");
    }
}
