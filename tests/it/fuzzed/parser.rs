//! Any bytes as a SIP message: nothing panics, and what was read once and printed is read again the same.

use xc_webrtc::sip::header::{Challenge, Credentials, Headers, Name, ReferTo, Replaces, Via};
use xc_webrtc::sip::masked::masked;
use xc_webrtc::sip::message::{Message, Request};
use xc_webrtc::sip::params::Params;
use xc_webrtc::sip::parser::{self, ParseError};
use xc_webrtc::sip::sipfrag;
use xc_webrtc::sip::status::StatusCode;
use xc_webrtc::sip::uri::{NameAddr, Uri};

/// Reads the bytes as every kind of text that a SIP message is made of.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    parts(&text);
    masked(&text);
    let Ok(parsed) = parser::parse(&text) else { return };
    match parser::parse(&parsed.message.to_string()) {
        // What cannot be processed is not kept whole. Names that came in their short forms are printed in full.
        Ok(again) if again.refusal.is_some() => {}
        Ok(again) => assert_eq!(again.message, parsed.message),
        Err(error) => assert_eq!(error, ParseError::HeaderTooLong),
    }
    fields(parsed.message.headers());
    if let Message::Request(request) = parsed.message {
        replies(&request);
    }
}

/// The text as what a header field holds.
fn parts(text: &str) {
    let mut field = Headers::new();
    field.push(Name::SUBJECT, text);
    let text = field.get(&Name::SUBJECT).unwrap_or_default();
    if let Ok(uri) = text.parse::<Uri>() {
        assert_eq!(uri.to_string().parse(), Ok(uri.clone()));
        assert!(uri.equivalent(&uri));
    }
    if let Ok(address) = text.parse::<NameAddr>() {
        assert_eq!(address.to_string().parse(), Ok(address));
    }
    let params = Params::parse(text);
    assert_eq!(Params::parse(&params.to_string()), params);
    if let Ok(via) = text.parse::<Via>() {
        assert_eq!(via.to_string().parse(), Ok(via));
    }
    if let Ok(replaces) = text.parse::<Replaces>() {
        assert_eq!(replaces.to_string().parse(), Ok(replaces));
    }
    if let Some(challenge) = Challenge::parse(text) {
        assert_eq!(Challenge::parse(&challenge.to_string()), Some(challenge));
    }
    if let Some(credentials) = Credentials::parse(text) {
        assert_eq!(Credentials::parse(&credentials.to_string()), Some(credentials));
    }
    let _ = (text.parse::<ReferTo>(), sipfrag::status(text));
}

/// All that anybody asks of header fields.
fn fields(headers: &Headers) {
    let _ = (headers.top_via(), headers.vias(), headers.from(), headers.to(), headers.call_id());
    let _ = (headers.cseq(), headers.contacts(), headers.route(), headers.record_route());
    let _ = (headers.p_asserted_identity(), headers.expires(), headers.min_expires(), headers.retry_after());
    let _ = (headers.max_forwards(), headers.content_type(), headers.allow().count());
    let _ = (headers.reasons().count(), headers.refer_to(), headers.replaces(), headers.referred_by());
    let _ = (headers.challenges(&Name::WWW_AUTHENTICATE), headers.challenges(&Name::PROXY_AUTHENTICATE));
    let _ = headers.credentials(&Name::AUTHORIZATION);
}

/// A request can be answered, whatever is in it; the answer is a message unless the request lacks what it has to repeat.
fn replies(request: &Request) {
    let reply = request.reply(StatusCode::OK, Some("t")).to_string();
    match parser::parse(&reply) {
        Ok(parsed) => assert!(parsed.message.headers().to().is_ok_and(|to| to.tag().is_some())),
        Err(error) => {
            assert!(error == ParseError::HeaderTooLong || request.check().is_err(), "{error}: {reply}")
        }
    }
}
