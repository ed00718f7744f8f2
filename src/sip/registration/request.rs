//! What a REGISTER says (RFC 3261 §10.2).

use super::Registration;
use crate::sip::endpoint::Endpoint;
use crate::sip::header::{CSeq, Name};
use crate::sip::message::Request;
use crate::sip::method::Method;

impl Registration {
    /// Asks for our contact to be held for so many seconds; zero: not any more.
    pub(super) fn request(&mut self, expires: u32, endpoint: &Endpoint) -> Request {
        let local = endpoint.local();
        let number = self.next_cseq();
        let registrar = self.redirected.as_ref().unwrap_or(&endpoint.config.registrar);
        let mut request = Request::new(Method::Register, registrar.clone());
        let headers = &mut request.headers;
        headers.push(Name::MAX_FORWARDS, "70");
        headers.push(Name::FROM, local.clone().with_tag(&self.from_tag).to_string());
        headers.push(Name::TO, local.to_string());
        headers.push(Name::CALL_ID, self.call_id.as_str());
        headers.push(Name::CSEQ, CSeq::value(number, &Method::Register));
        let expires = expires.to_string();
        let mut contact = endpoint.contact().in_brackets();
        let mut supported = "path";
        if let Some(instance) = &endpoint.config.instance {
            // One flow, so one reg-id (RFC 5626 §4.2). The instance makes a GRUU possible (RFC 5627 §4.1).
            contact.push_str(";+sip.instance=\"<");
            contact.push_str(instance);
            contact.push_str(">\"");
            supported = "path, gruu";
            if !self.plain {
                contact.push_str(";reg-id=1");
                supported = "path, gruu, outbound";
            }
        }
        contact.push_str(";expires=");
        contact.push_str(&expires);
        headers.push(Name::CONTACT, contact);
        headers.push(Name::EXPIRES, expires);
        headers.push(Name::SUPPORTED, supported);
        request
    }

    pub(super) fn next_cseq(&mut self) -> u32 {
        self.cseq = self.cseq.wrapping_add(1);
        self.cseq
    }
}
