//! Who is reached where (RFC 3261 §10.3, RFC 5626 §6).

use std::time::Duration;

use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::message::{Request, Response};
use xc_webrtc::sip::status::StatusCode;
use xc_webrtc::sip::uri::{NameAddr, Uri};
use xc_webrtc::time::Instant;

use super::{DOMAIN, Proxy, ROUTE};
use crate::simulation::network::SocketId;
use crate::support::status;

/// A phone of a user.
pub struct Binding {
    user: String,
    contact: NameAddr,
    pub socket: SocketId,
    expires: Instant,
    /// Of the REGISTER that made it.
    call_id: String,
    cseq: u32,
}

impl Binding {
    /// Whether this is the same phone, by its instance or its address.
    fn is(&self, contact: &NameAddr) -> bool {
        let instance = |contact: &NameAddr| contact.params.get("+sip.instance").map(str::to_owned);
        self.contact.uri.host == contact.uri.host
            || (instance(contact).is_some() && instance(contact) == instance(&self.contact))
    }
}

impl Proxy {
    pub(super) fn register(&mut self, socket: SocketId, request: &Request, now: Instant) {
        let response = self.registered(socket, request, now);
        self.send(socket, response.to_string());
    }

    fn registered(&mut self, socket: SocketId, request: &Request, now: Instant) -> Response {
        if self.habits.asks_to_register
            && let Some(challenge) = self.challenge(request, 401)
        {
            return challenge;
        }
        let Some(contact) = request.headers.contacts().expect("a contact").first().cloned() else {
            return request.reply(StatusCode::OK, Some("registrar"));
        };
        let expires = contact.expires().or_else(|| request.headers.expires()).unwrap_or(60);
        let shortest = self.habits.shortest_registration;
        if expires > 0 && expires < shortest {
            let mut response = request.reply(status(423), Some("registrar"));
            response.headers.push(Name::MIN_EXPIRES, shortest.to_string());
            return response;
        }
        let cseq = request.headers.cseq().expect("CSeq").number;
        let call_id = request.headers.call_id().expect("Call-ID").to_owned();
        // RFC 3261 §10.3, step 7: what was sent earlier by a websocket that is gone changes nothing.
        let is_late =
            |binding: &Binding| binding.is(&contact) && binding.call_id == call_id && binding.cseq >= cseq;
        if self.bindings.iter().any(is_late) {
            return request.reply(StatusCode::SERVER_INTERNAL_ERROR, Some("registrar"));
        }
        self.bindings.retain(|binding| !binding.is(&contact));
        let user = request.headers.to().expect("To").uri.user_text();
        if expires > 0 {
            if let Some(instance) = contact.params.get("+sip.instance") {
                let instance = instance.trim_matches(['<', '>']).to_owned();
                self.gruus.insert(instance, contact.uri.host.clone());
            }
            let expires = now + Duration::from_secs(expires.into());
            self.bindings.push(Binding { user: user.clone(), contact, socket, expires, call_id, cseq });
        }
        let mut response = request.reply(StatusCode::OK, Some("registrar"));
        for binding in self.bindings.iter().filter(|binding| binding.user == user && binding.expires > now) {
            let mut listed = binding.contact.clone();
            let left = binding.expires.saturating_since(now).as_secs();
            listed.params.set("expires", left.to_string().as_str());
            if let (true, Some(instance)) = (self.habits.gruu, listed.params.get("+sip.instance")) {
                let instance = instance.trim_matches(['<', '>']);
                let gruu = format!("sip:{user}@{DOMAIN};gr={instance}");
                listed.params.set("pub-gruu", gruu.as_str());
            }
            response.headers.push(Name::CONTACT, listed.to_string());
        }
        if self.habits.outbound {
            response.headers.push(Name::REQUIRE, "outbound");
        }
        if let Some(seconds) = self.habits.flow_timer.filter(|_| self.habits.pongs) {
            response.headers.push(Name::FLOW_TIMER, seconds.to_string());
        }
        if self.habits.service_route {
            response.headers.push(Name::SERVICE_ROUTE, ROUTE);
        }
        response
    }

    /// The phones of a user: all, or the one that registered last.
    pub(super) fn contacts(&mut self, user: &str, now: Instant) -> Result<Vec<(SocketId, Uri)>, StatusCode> {
        let open = &self.open;
        let of_user = self.bindings.iter().rev().filter(|binding| {
            binding.user == user && binding.expires > now && open.contains(&binding.socket)
        });
        let mut targets: Vec<_> =
            of_user.map(|binding| (binding.socket, binding.contact.uri.clone())).collect();
        if !self.habits.forks {
            targets.truncate(1);
        }
        match targets.is_empty() {
            true => Err(if user == "nobody" { StatusCode::NOT_FOUND } else { status(480) }),
            false => Ok(targets),
        }
    }
}
