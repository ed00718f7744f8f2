//! Dialogs (RFC 3261 §12): who talks with whom, over which route, and which request is next.

use super::header::{CSeq, HeaderError, Headers, Name, ReferTo, Replaces};
use super::message::{Request, Response};
use super::method::Method;
use super::uri::{NameAddr, Uri};

/// As many requests as nobody sends who is not heard of.
const NUMBERS_LEFT_OUT: u32 = 1 << 10;

/// Whether the other side was asked to call somebody (RFC 3515).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Refers {
    /// It was not, or has told what came of it.
    #[default]
    No,
    /// A REFER of ours is out.
    Asked,
    /// It was accepted; the outcome is still to be told (RFC 3515 §2.4.4).
    Accepted,
}

/// One dialog, early or confirmed, seen from our side.
///
/// An INVITE that forks makes several; they share Call-ID and local tag and differ in the remote tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Dialog {
    call_id: String,
    /// Our address with our tag.
    local: NameAddr,
    /// The other side's address with its tag; an old peer may have none (RFC 2543).
    remote: NameAddr,
    /// Where requests go: the other side's Contact.
    target: Uri,
    /// The proxies on the way, nearest first.
    routes: Vec<NameAddr>,
    local_cseq: u32,
    remote_cseq: Option<u32>,
    /// We made the Call-ID.
    pub(super) is_ours: bool,
    pub(super) refers: Refers,
    /// An INFO of ours is not answered yet: the next one waits, so that they arrive in order.
    pub(super) informs: bool,
    /// The other side takes UPDATE (RFC 3311 §4).
    pub(super) updates: bool,
    /// The number of the last reliable provisional response, theirs or ours (RFC 3262 §3, §4).
    pub(super) rseq: Option<u32>,
}

impl Dialog {
    /// The dialog that a response to our request makes (RFC 3261 §12.1.2).
    ///
    /// A response without Contact leaves the target as it was addressed, and a route that cannot be read is none: the
    /// peer breaks §12.1.1, but the call may go on.
    pub(super) fn from_response(request: &Request, response: &Response) -> Result<Self, HeaderError> {
        // Inside a dialog the route set does not change (RFC 3261 §12.2.1.2).
        let routes = if request.headers.tag(&Name::TO).is_some() {
            request.headers.route().unwrap_or_default()
        } else {
            response.headers.record_route().unwrap_or_default().into_iter().rev().collect()
        };
        Ok(Self {
            call_id: request.headers.call_id()?.to_owned(),
            local: request.headers.from()?,
            remote: response.headers.to()?,
            target: contact_of(&response.headers).unwrap_or_else(|| request.uri.clone()),
            routes,
            local_cseq: request.headers.cseq()?.number,
            remote_cseq: None,
            is_ours: true,
            refers: Refers::No,
            informs: false,
            updates: takes_update(&response.headers).unwrap_or(false),
            rseq: None,
        })
    }

    /// The dialog that a received request makes once it is answered with `local_tag` (RFC 3261 §12.1.1).
    pub(super) fn from_request(request: &Request, local_tag: &str) -> Result<Self, HeaderError> {
        let headers = &request.headers;
        let remote = headers.from()?;
        Ok(Self {
            call_id: headers.call_id()?.to_owned(),
            local: headers.to()?.with_tag(local_tag),
            target: contact_of(headers).unwrap_or_else(|| remote.uri.clone()),
            remote,
            routes: headers.record_route().unwrap_or_default(),
            local_cseq: 0,
            remote_cseq: Some(headers.cseq()?.number),
            is_ours: false,
            refers: Refers::No,
            informs: false,
            updates: takes_update(headers).unwrap_or(false),
            rseq: None,
        })
    }

    /// Names this dialog and the other side's place in it, for a call that takes ours (RFC 3891 §3).
    pub(super) fn refer_to(&self) -> ReferTo {
        let replaces = Replaces {
            call_id: self.call_id.clone(),
            to_tag: self.remote_tag().to_owned(),
            from_tag: self.local_tag().to_owned(),
            early_only: false,
        };
        ReferTo { target: self.target.clone(), replaces: Some(replaces) }
    }

    /// Whether that names this dialog, seen from our side.
    pub(super) fn is_named_by(&self, replaces: &Replaces) -> bool {
        replaces.call_id == self.call_id
            && replaces.to_tag == self.local_tag()
            && replaces.from_tag == self.remote_tag()
    }

    pub(super) fn call_id(&self) -> &str {
        &self.call_id
    }

    /// The request that would end the dialog, for a user agent that is to go on with it. Its number leaves room for what
    /// is sent after it was written down.
    pub(super) fn last_words(&self) -> Request {
        self.numbered(Method::Bye, self.local_cseq.wrapping_add(NUMBERS_LEFT_OUT + 1))
    }

    /// The dialog that such a request belongs to.
    pub(super) fn of_last_words(bye: &Request) -> Result<Self, HeaderError> {
        let headers = &bye.headers;
        Ok(Self {
            call_id: headers.call_id()?.to_owned(),
            local: headers.from()?,
            remote: headers.to()?,
            target: bye.uri.clone(),
            routes: headers.route().unwrap_or_default(),
            local_cseq: headers.cseq()?.number,
            remote_cseq: None,
            is_ours: true,
            refers: Refers::No,
            informs: false,
            updates: false,
            rseq: None,
        })
    }

    /// The tag that the other side chose.
    pub(super) fn remote_tag(&self) -> &str {
        self.remote.tag().unwrap_or_default()
    }

    /// The tag that we chose.
    pub(super) fn local_tag(&self) -> &str {
        self.local.tag().unwrap_or_default()
    }

    /// Whether a received request belongs to this dialog (RFC 3261 §12.2.2).
    pub(super) fn has(&self, request: &Headers) -> bool {
        let tag_is = |name, tag: &str| request.tag(name).unwrap_or_default() == tag;
        request.call_id().is_ok_and(|call_id| call_id == self.call_id)
            && tag_is(&Name::TO, self.local_tag())
            && tag_is(&Name::FROM, self.remote_tag())
    }

    /// The next request inside the dialog (RFC 3261 §12.2.1.1), without Via.
    pub(super) fn request(&mut self, method: Method) -> Request {
        let number = self.next_cseq();
        self.numbered(method, number)
    }

    /// Counts on, for a request that is sent again with credentials.
    pub(super) fn next_cseq(&mut self) -> u32 {
        self.local_cseq = self.local_cseq.wrapping_add(1);
        self.local_cseq
    }

    /// Leaves room for what an early dialog of before may have counted, which nobody knows any more: numbers may be
    /// left out (RFC 3261 §12.2.2), but none may come twice.
    pub(super) fn skip_numbers(&mut self) {
        self.local_cseq = self.local_cseq.wrapping_add(NUMBERS_LEFT_OUT);
    }

    /// The number of the last request received; zero when there was none.
    pub(super) fn remote_cseq(&self) -> u32 {
        self.remote_cseq.unwrap_or_default()
    }

    /// The ACK to the 2xx of an INVITE of this dialog, with the credentials of that INVITE (RFC 3261 §13.2.2.4).
    pub(super) fn ack(&self, invite: &Request) -> Request {
        let number = invite.headers.cseq_number().unwrap_or(self.local_cseq);
        let mut ack = self.numbered(Method::Ack, number);
        for name in [Name::AUTHORIZATION, Name::PROXY_AUTHORIZATION] {
            for value in invite.headers.all(&name) {
                ack.headers.push(name.clone(), value);
            }
        }
        ack
    }

    fn numbered(&self, method: Method, number: u32) -> Request {
        let mut headers = Headers::default();
        let (uri, routes) = self.way();
        for route in routes {
            headers.push(Name::ROUTE, route.to_string());
        }
        headers.push(Name::MAX_FORWARDS, "70");
        headers.push(Name::FROM, self.local.to_string());
        headers.push(Name::TO, self.remote.to_string());
        headers.push(Name::CALL_ID, self.call_id.as_str());
        headers.push(Name::CSEQ, CSeq::value(number, &method));
        Request { method, uri, headers, body: String::new() }
    }

    /// The Request-URI and the Route: a strict router (no `lr`) wants itself in the Request-URI and the target as the
    /// last route (RFC 3261 §12.2.1.1).
    fn way(&self) -> (Uri, Vec<NameAddr>) {
        match self.routes.split_first() {
            Some((first, rest)) if !first.uri.params.has("lr") => {
                let mut routes = rest.to_vec();
                routes.push(NameAddr::new(self.target.clone()));
                (first.uri.clone(), routes)
            }
            Some(_) | None => (self.target.clone(), self.routes.clone()),
        }
    }

    /// Sends later requests to the Contact in this message, when it has one (RFC 3261 §12.2.1.2, §12.2.2).
    pub(super) fn refresh_target(&mut self, headers: &Headers) {
        if let Some(target) = contact_of(headers) {
            self.target = target;
        }
        if let Some(updates) = takes_update(headers) {
            self.updates = updates;
        }
    }

    /// Who is in From now, when that is another address than before (RFC 4916 §4.4): it is the other side's from now
    /// on.
    pub(super) fn renamed(&mut self, request: &Headers) -> Option<NameAddr> {
        let from = request.from().ok().filter(|from| from.uri != self.remote.uri)?;
        self.remote = from.clone();
        Some(from)
    }

    /// Whether a received request is in order, noting its number if so (RFC 3261 §12.2.2).
    ///
    /// The same number again is out of order too: over a reliable transport nothing is repeated by the transaction layer.
    pub(super) fn admit(&mut self, number: u32) -> bool {
        let in_order = self.remote_cseq.is_none_or(|last| number > last);
        if in_order {
            self.remote_cseq = Some(number);
        }
        in_order
    }

    /// The request that led to this dialog had that number.
    pub(super) fn count_from(&mut self, number: u32) {
        self.local_cseq = number;
    }

    /// Takes over what an early dialog with the same peer has counted and said.
    pub(super) fn continue_from(&mut self, early: &Self) {
        self.local_cseq = self.local_cseq.max(early.local_cseq);
        self.remote_cseq = early.remote_cseq;
        self.updates |= early.updates;
    }
}

/// Whether the sender takes UPDATE; `None`: it does not say what it takes.
fn takes_update(headers: &Headers) -> Option<bool> {
    headers.get(&Name::ALLOW)?;
    Some(headers.allow().any(|method| method == Method::Update))
}

fn contact_of(headers: &Headers) -> Option<Uri> {
    headers.contacts().ok()?.first().map(|contact| contact.uri.clone())
}
