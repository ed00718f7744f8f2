//! One side's dialog with the lab (RFC 3261 §12), the lab being the other end.

use xc_webrtc::sip::header::{CSeq, HeaderError, Headers, Name, Replaces, Via};
use xc_webrtc::sip::message::{Request, Response};
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::uri::{NameAddr, Uri};

/// The lab's host in its own addresses; the websocket says where to send (RFC 7118 §5).
pub const HOST: &str = "lab.invalid";

/// A dialog, or what will become one.
#[derive(Clone, Debug)]
pub struct Dialog {
    /// The Call-ID.
    pub call_id: String,
    /// The lab's end, with its tag.
    pub local: NameAddr,
    /// The phone's end, with its tag once that is known.
    pub remote: NameAddr,
    /// Where requests go: the phone's Contact.
    pub target: Uri,
    route: Vec<NameAddr>,
    local_number: u32,
    remote_number: Option<u32>,
}

impl Dialog {
    /// The dialog that an INVITE from a phone begins.
    ///
    /// # Errors
    ///
    /// When the INVITE lacks what a dialog needs.
    pub fn of_invite(request: &Request, local_tag: &str) -> Result<Self, HeaderError> {
        let headers = &request.headers;
        let contacts = headers.contacts()?;
        let contact = contacts.first().ok_or(HeaderError::Missing(Name::CONTACT))?;
        Ok(Self {
            call_id: headers.call_id()?.to_owned(),
            local: headers.to()?.with_tag(local_tag),
            remote: headers.from()?,
            target: contact.uri.clone(),
            route: headers.record_route()?,
            local_number: 0,
            remote_number: Some(headers.cseq()?.number),
        })
    }

    /// The dialog that an INVITE to a phone will begin.
    pub fn to_phone(call_id: String, local: NameAddr, remote: NameAddr, target: Uri) -> Self {
        Self { call_id, local, remote, target, route: Vec::new(), local_number: 0, remote_number: None }
    }

    /// Takes from the phone's response what was not known before: its tag, its Contact, the route.
    pub fn learn(&mut self, response: &Response) {
        if let Ok(to) = response.headers.to() {
            self.remote = to;
        }
        if let Ok(contacts) = response.headers.contacts()
            && let Some(contact) = contacts.first()
        {
            self.target = contact.uri.clone();
        }
        if let Ok(mut route) = response.headers.record_route() {
            // RFC 3261 §12.1.2: the caller takes the route set in reverse order.
            route.reverse();
            self.route = route;
        }
    }

    /// Takes the phone's new Contact from a re-INVITE or UPDATE, or the answer to one (RFC 3261 §12.2).
    pub fn retarget(&mut self, headers: &Headers) {
        if let Ok(contacts) = headers.contacts()
            && let Some(contact) = contacts.first()
        {
            self.target = contact.uri.clone();
        }
    }

    /// A new request to the phone.
    pub fn request(&mut self, method: Method, branch: &str) -> Request {
        self.local_number += 1;
        self.numbered(method, self.local_number, branch)
    }

    /// The ACK to a 2xx of the INVITE with that number (RFC 3261 §13.2.2.4).
    pub fn ack(&self, number: u32, branch: &str) -> Request {
        self.numbered(Method::Ack, number, branch)
    }

    fn numbered(&self, method: Method, number: u32, branch: &str) -> Request {
        let mut request = Request::new(method.clone(), self.target.clone());
        let headers = &mut request.headers;
        headers.push(Name::VIA, Via::new("WS", HOST, branch).to_string());
        headers.push(Name::MAX_FORWARDS, "70");
        for hop in &self.route {
            headers.push(Name::ROUTE, hop.to_string());
        }
        headers.push(Name::FROM, self.local.to_string());
        headers.push(Name::TO, self.remote.to_string());
        headers.push(Name::CALL_ID, self.call_id.clone());
        headers.push(Name::CSEQ, CSeq { number, method }.to_string());
        request
    }

    /// Whether a request from a phone belongs to this dialog.
    pub fn matches(&self, call_id: &str, from: &NameAddr, to: &NameAddr) -> bool {
        self.call_id == call_id && self.local.tag() == to.tag() && self.remote.tag() == from.tag()
    }

    /// Whether this dialog is the one that a phone means (RFC 3891 §3).
    pub fn is_named_by(&self, replaces: &Replaces) -> bool {
        self.call_id == replaces.call_id
            && self.local.tag() == Some(&replaces.to_tag)
            && self.remote.tag() == Some(&replaces.from_tag)
    }

    /// Whether a request from the phone comes in order (RFC 3261 §12.2.2); remembers its number.
    pub fn in_order(&mut self, number: u32) -> bool {
        let in_order = self.remote_number.is_none_or(|last| last < number);
        if in_order {
            self.remote_number = Some(number);
        }
        in_order
    }
}

/// The lab's Contact for the number it stands for.
pub fn contact(number: &str) -> NameAddr {
    let mut uri = Uri::sip(Some(number), HOST);
    uri.params.set("transport", "ws");
    NameAddr::new(uri)
}
