//! A small honest proxy and registrar for `example.org`: RFC 3261 §16 with the transactions of RFC 6026, RFC 5626 in so
//! far as it knows over which websocket each phone is reached.

mod registrar;
mod relay;
mod timing;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use xc_webrtc::sip::header::{Headers, Name, SessionExpires};
use xc_webrtc::sip::message::{Message, Request, Response};
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::parser;
use xc_webrtc::sip::status::StatusCode;
use xc_webrtc::sip::uri::Uri;
use xc_webrtc::time::Instant;

use self::registrar::Binding;
use self::relay::Relay;
use super::chance::Chance;
use super::network::SocketId;
use crate::support::{secs, status};

/// Where it is found.
pub const DOMAIN: &str = "example.org";
const ROUTE: &str = "<sip:proxy.example.org;lr>";
/// 64·T1 (RFC 3261 §17).
const PATIENCE: Duration = Duration::from_secs(32);

/// What one proxy does and another does not.
#[derive(Debug)]
pub struct Habits {
    /// Calls go to all contacts at once.
    forks: bool,
    record_routes: bool,
    service_route: bool,
    /// Asks for a password: at the registrar, for other requests.
    asks_to_register: bool,
    asks: bool,
    /// Forgets nonces now and then.
    renews: bool,
    outbound: bool,
    gruu: bool,
    flow_timer: Option<u32>,
    pongs: bool,
    /// A call rings so long at most (RFC 3261 §16.6, timer C).
    timer_c: Duration,
    /// The longest and the shortest session interval that it likes (RFC 4028 §8.1).
    longest_session: Option<u32>,
    shortest_session: Option<u32>,
    shortest_registration: u32,
    /// What it says when nobody can be reached at a contact any more.
    gone: u16,
    /// Responses take the newest websocket of who asked (RFC 3261 §18.2.2).
    follows: bool,
    /// A call whose caller is gone is cancelled.
    cancels_orphans: bool,
    /// It carries transfers out itself, as a PBX does; else the REFER goes on.
    transfers: bool,
}

impl Habits {
    fn drawn(chance: &mut Chance) -> Self {
        let (longest_session, shortest_session) =
            chance.pick(&[(None, None), (Some(90), None), (Some(140), None), (None, Some(1900))]);
        Self {
            forks: !chance.one_in(4),
            record_routes: !chance.one_in(4),
            service_route: chance.one_in(3),
            asks_to_register: chance.one_in(2),
            asks: chance.one_in(3),
            renews: chance.one_in(2),
            outbound: chance.one_in(3),
            gruu: chance.one_in(3),
            flow_timer: chance.pick(&[None, None, Some(20), Some(60)]),
            pongs: !chance.one_in(5),
            timer_c: chance.millis(15_000, 60_000),
            longest_session,
            shortest_session,
            shortest_registration: chance.pick(&[10, 10, 120]),
            gone: chance.pick(&[480, 480, 503, 430, 408]),
            follows: chance.one_in(2),
            cancels_orphans: chance.one_in(2),
            transfers: chance.one_in(2),
        }
    }
}

/// The proxy.
pub struct Proxy {
    pub habits: Habits,
    chance: Chance,
    open: BTreeSet<SocketId>,
    /// Over which websocket the phone of that host name was heard last.
    flows: BTreeMap<String, SocketId>,
    /// The host name of the phone with that instance.
    gruus: BTreeMap<String, String>,
    bindings: Vec<Binding>,
    relays: Vec<Relay>,
    out: Vec<(SocketId, String)>,
    branches: u64,
    nonce: u64,
}

impl Proxy {
    pub fn new(mut chance: Chance) -> Self {
        let habits = Habits::drawn(&mut chance);
        Self {
            habits,
            chance,
            open: BTreeSet::new(),
            flows: BTreeMap::new(),
            gruus: BTreeMap::new(),
            bindings: Vec::new(),
            relays: Vec::new(),
            out: Vec::new(),
            branches: 0,
            nonce: 1,
        }
    }

    pub fn opened(&mut self, socket: SocketId) {
        self.open.insert(socket);
    }

    /// What it wants sent.
    pub fn take_out(&mut self) -> Vec<(SocketId, String)> {
        std::mem::take(&mut self.out)
    }

    /// How many transactions are under way.
    pub fn relays(&self) -> usize {
        self.relays.len()
    }

    /// How long a session lasts at most that nobody refreshes.
    pub fn longest_session(&self) -> Duration {
        secs(self.habits.longest_session.or(self.habits.shortest_session).unwrap_or(1800).into())
    }

    pub fn received(&mut self, socket: SocketId, text: &str, now: Instant) {
        if parser::is_keep_alive(text) {
            if text.len() > 2 && self.habits.pongs {
                self.send(socket, "\r\n".to_owned());
            }
            return;
        }
        match parser::parse(text).expect("the phones print what can be read").message {
            Message::Request(request) => self.request(socket, request, now),
            Message::Response(response) => self.response(response, now),
        }
    }

    fn send(&mut self, socket: SocketId, text: String) {
        if self.open.contains(&socket) {
            self.out.push((socket, text));
        }
    }

    fn request(&mut self, socket: SocketId, mut request: Request, now: Instant) {
        let via = request.headers.top_via().expect("a phone names itself");
        // What was still on its way by a websocket that the phone has left says nothing of where it is.
        let flow = self.flows.entry(via.host).or_insert(socket);
        *flow = socket.max(*flow);
        if request.headers.get(&Name::ROUTE) == Some(ROUTE) {
            request.headers = without_first(&request.headers, &Name::ROUTE);
        }
        match request.method {
            Method::Ack => self.acknowledged(request),
            Method::Cancel => self.cancelled(socket, &request, now),
            Method::Register => self.register(socket, &request, now),
            _ => match self.objection(&mut request) {
                Some(response) => self.refuse(socket, &request, response, now),
                None => self.relay(socket, request, now),
            },
        }
    }

    /// Why it does not take a request any further.
    fn objection(&mut self, request: &mut Request) -> Option<Response> {
        if self.habits.asks
            && let Some(challenge) = self.challenge(request, 407)
        {
            return Some(challenge);
        }
        request.headers.remove(&Name::PROXY_AUTHORIZATION);
        let asked = request.headers.session_expires();
        if let (Some(asked), Method::Invite | Method::Update) = (asked, &request.method) {
            if self.habits.shortest_session.is_some_and(|least| asked.seconds < least) {
                let mut response = request.reply(status(422), Some("proxy"));
                let least = self.habits.shortest_session.unwrap_or_default();
                response.headers.push(Name::MIN_SE, least.to_string());
                return Some(response);
            }
            if let Some(most) = self.habits.longest_session.filter(|most| *most < asked.seconds) {
                let lowered = SessionExpires { seconds: most, ..asked };
                request.headers.set(Name::SESSION_EXPIRES, lowered.value());
            }
        }
        if request.uri.user.is_none() && request.uri.host == DOMAIN {
            // OPTIONS to the proxy itself: a sign of life is wanted.
            return Some(request.reply(StatusCode::OK, Some("proxy")));
        }
        if request.method == Method::Refer && self.habits.transfers {
            // It is done, and nothing more will be told of it (RFC 5589 §7.1, RFC 4488).
            return Some(request.reply(StatusCode::NO_NOTIFICATION, Some("proxy")));
        }
        (request.headers.max_forwards() == Some(0)).then(|| request.reply(status(483), Some("proxy")))
    }

    /// The challenge to a request without credentials for the nonce of now.
    fn challenge(&mut self, request: &Request, code: u16) -> Option<Response> {
        let (asked, given) = match code {
            401 => (Name::WWW_AUTHENTICATE, Name::AUTHORIZATION),
            _ => (Name::PROXY_AUTHENTICATE, Name::PROXY_AUTHORIZATION),
        };
        let credentials = request.headers.credentials(&given);
        let nonce = format!("n{}", self.nonce);
        if credentials.iter().any(|credentials| credentials.nonce == nonce) {
            if self.habits.renews && self.chance.one_in(12) {
                self.nonce += 1;
            }
            return None;
        }
        let stale = if credentials.is_empty() { "" } else { ", stale=true" };
        let mut response = request.reply(status(code), Some("proxy"));
        let value =
            format!("Digest realm=\"r{code}\", nonce=\"{nonce}\", algorithm=MD5, qop=\"auth\"{stale}");
        response.headers.push(asked, value);
        Some(response)
    }

    /// Where a request goes: the websocket and the Request-URI for each target; or what to answer.
    fn targets(&mut self, uri: &Uri, now: Instant) -> Result<Vec<(SocketId, Uri)>, StatusCode> {
        let gone = status(self.habits.gone);
        let host = match uri.params.get("gr") {
            Some(instance) => self.gruus.get(instance).cloned().ok_or(gone)?,
            None if uri.host == DOMAIN => return self.contacts(&uri.user_text(), now),
            None => uri.host.clone(),
        };
        let flow = self.flows.get(&host).copied().filter(|flow| self.open.contains(flow));
        Ok(vec![(flow.ok_or(gone)?, uri.clone())])
    }
}

/// The same fields without the first of that name.
fn without_first(headers: &Headers, name: &Name) -> Headers {
    let mut rest = Headers::new();
    let mut found = false;
    for (other, value) in headers.iter() {
        if other == name && !found {
            found = true;
        } else {
            rest.push(other.clone(), value);
        }
    }
    rest
}
