//! The other side: builds the messages that a server or a caller would send.

use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::message::{Request, Response};
use xc_webrtc::sip::method::Method;

use super::status;

/// Adds to a message in one expression.
pub trait With: Sized {
    fn with(self, name: Name, value: &str) -> Self;
    fn set(self, name: Name, value: &str) -> Self;
    fn body(self, media_type: &str, body: &str) -> Self;

    fn sdp(self, sdp: &str) -> Self {
        self.body("application/sdp", sdp)
    }
}

macro_rules! with {
    ($message:ty) => {
        impl With for $message {
            fn with(mut self, name: Name, value: &str) -> Self {
                self.headers.push(name, value);
                self
            }

            fn set(mut self, name: Name, value: &str) -> Self {
                self.headers.set(name, value);
                self
            }

            fn body(mut self, media_type: &str, body: &str) -> Self {
                self.headers.set(Name::CONTENT_TYPE, media_type);
                self.body = body.to_owned();
                self
            }
        }
    };
}

with!(Request);
with!(Response);

/// An answer of bob's to a request of ours.
pub fn answer(request: &Request, code: u16) -> Response {
    answer_as(request, code, "bob-tag")
}

/// An answer of the fork with that tag.
pub fn answer_as(request: &Request, code: u16, tag: &str) -> Response {
    let tag = (code > 100).then_some(tag);
    let mut response = request.reply(status(code), tag);
    if request.method == Method::Invite && code > 100 && code < 300 {
        response.headers.push(Name::CONTACT, "<sip:bob@192.0.2.1:5060;transport=ws>");
    }
    response
}

/// A 401 or 407 with that nonce.
pub fn challenge(request: &Request, code: u16, nonce: &str) -> Response {
    let name = if code == 401 { Name::WWW_AUTHENTICATE } else { Name::PROXY_AUTHENTICATE };
    let value = format!("Digest realm=\"xivo\", nonce=\"{nonce}\", algorithm=MD5, qop=\"auth\"");
    answer(request, code).with(name, &value)
}

/// Somebody who has a dialog with the user agent, or is about to.
pub struct Peer {
    call_id: String,
    from: String,
    to: String,
    cseq: u32,
    branches: u32,
}

impl Peer {
    /// Who is about to call.
    pub fn caller(call_id: &str) -> Self {
        Self {
            call_id: call_id.to_owned(),
            from: "\"Bob\" <sip:bob@example.org>;tag=bob-tag".to_owned(),
            to: "<sip:alice@example.org>".to_owned(),
            cseq: 100,
            branches: 0,
        }
    }

    /// Who was called with this INVITE and answered with that tag.
    pub fn callee(invite: &Request, tag: &str) -> Self {
        Self {
            call_id: invite.headers.call_id().unwrap().to_owned(),
            from: format!("{};tag={tag}", invite.headers.to().unwrap()),
            to: invite.headers.from().unwrap().to_string(),
            cseq: 100,
            branches: 0,
        }
    }

    /// Takes the tag from our response.
    pub fn learn(&mut self, response: &Response) {
        self.to = response.headers.to().unwrap().to_string();
    }

    /// A request with the next CSeq number, in the dialog if there is one.
    pub fn request(&mut self, method: Method) -> Request {
        self.cseq += 1;
        self.branches += 1;
        let mut request =
            Request::new(method.clone(), "sip:alice@alice.invalid;transport=ws".parse().unwrap());
        let via = format!("SIP/2.0/WSS server.example.org;branch=z9hG4bK-{}-{}", self.call_id, self.branches);
        let headers = &mut request.headers;
        headers.push(Name::VIA, via);
        headers.push(Name::MAX_FORWARDS, "70");
        headers.push(Name::FROM, self.from.as_str());
        headers.push(Name::TO, self.to.as_str());
        headers.push(Name::CALL_ID, self.call_id.as_str());
        headers.push(Name::CSEQ, format!("{} {method}", self.cseq));
        headers.push(Name::CONTACT, "<sip:bob@192.0.2.1:5060;transport=ws>");
        request
    }

    pub fn invite(&mut self, offer: Option<&str>) -> Request {
        let invite = self.request(Method::Invite);
        match offer {
            Some(offer) => invite.sdp(offer),
            None => invite,
        }
    }

    /// The ACK to a 2xx: a transaction of its own.
    pub fn ack(&mut self, invite: &Request) -> Request {
        let cseq = invite.headers.cseq().unwrap().number;
        let ack = self.request(Method::Ack);
        self.cseq -= 1;
        ack.set(Name::CSEQ, &format!("{cseq} ACK"))
    }

    /// A CANCEL, or the ACK to a refusal: in the transaction of the INVITE.
    pub fn beside(&self, invite: &Request, method: Method) -> Request {
        let cseq = format!("{} {method}", invite.headers.cseq().unwrap().number);
        let mut request = Request { method, body: String::new(), ..invite.clone() }.set(Name::CSEQ, &cseq);
        request.headers.remove(&Name::CONTENT_TYPE);
        request
    }
}
