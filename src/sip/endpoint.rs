//! What every part of the user agent sends with: our addresses, credentials, transactions and the way out.

mod answer;
mod body;

use super::authentication::{Authenticator, Unmet};
use super::event::{SessionEvent, SessionId};
use super::farewell::Farewells;
use super::header::{CSeq, Headers, Name, Via};
use super::keep_alive::KeepAlive;
use super::message::{Request, Response};
use super::method::Method;
use super::outbox::Outbox;
use super::token::Tokens;
use super::transaction::{ClientId, Heard, Owner, Transactions};
use super::uri::{NameAddr, Uri};
use super::user_agent::{Config, Transport};
use crate::time::{Deadline, Instant};

pub(super) use answer::Answer;
pub(super) use body::{attach_sdp, description_of, sdp_of, takes_sdp};

/// The methods that are carried out (RFC 3261 §20.5).
pub(super) const ALLOW: &str = "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, PRACK, INFO, NOTIFY, MESSAGE";
/// The extensions (RFC 3891, RFC 3262, RFC 4028).
pub(super) const SUPPORTED: &str = "replaces, 100rel, timer";
/// The bodies that are understood outside of notifications.
pub(super) const ACCEPT: &str = "application/sdp, text/plain";
/// The only body that is understood in calls.
pub(super) const SDP: &str = "application/sdp";

/// The sending half of the user agent.
#[derive(Debug)]
pub(super) struct Endpoint {
    pub(super) config: Config,
    pub(super) tokens: Tokens,
    pub(super) outbox: Outbox,
    pub(super) transactions: Transactions,
    pub(super) farewells: Farewells,
    pub(super) keep_alive: KeepAlive,
    authenticator: Authenticator,
    /// Stands in Via: a browser does not know its own address (RFC 7118 §5.2).
    host: String,
    contact: Uri,
    pub(super) reach: Reach,
}

/// By which way we are reached and call, as the registrar says; nothing while it holds no contact of ours.
#[derive(Debug, Default)]
pub(super) struct Reach {
    /// The address of this very browser, good from anywhere (RFC 5627).
    pub(super) gruu: Option<Uri>,
    /// Requests to us come over the flow that we registered over (RFC 5626).
    pub(super) outbound: bool,
    /// The proxies over which the home server wants our requests (RFC 3608), ready for Route.
    pub(super) routes: Vec<String>,
}

impl Endpoint {
    pub(super) fn new(config: Config, seed: [u8; 32]) -> Self {
        let mut tokens = Tokens::new(seed);
        let host = tokens.invalid_host();
        let mut contact = Uri::sip(None, &host);
        contact.user.clone_from(&config.aor.user);
        contact.params.set("transport", "ws");
        let authenticator = Authenticator::new(config.username.clone(), config.password.clone());
        Self {
            config,
            tokens,
            outbox: Outbox::default(),
            transactions: Transactions::default(),
            farewells: Farewells::default(),
            keep_alive: KeepAlive::default(),
            authenticator,
            host,
            contact,
            reach: Reach::default(),
        }
    }

    /// Whether nothing is under way.
    pub(super) fn is_idle(&self) -> bool {
        self.transactions.is_empty() && self.farewells.is_empty()
    }

    /// When something here wants to be asked again.
    pub(super) fn deadline(&self) -> Option<Deadline> {
        let soonest = Deadline::soonest(self.transactions.deadline(), self.farewells.deadline());
        Deadline::soonest(soonest, self.keep_alive.deadline())
    }

    /// Where requests reach us over this flow; the same URI for as long as the user agent lives.
    pub(super) fn contact(&self) -> &Uri {
        &self.contact
    }

    /// Our address with a display name, for From.
    pub(super) fn local(&self) -> NameAddr {
        NameAddr { display_name: self.config.display_name.clone(), ..NameAddr::new(self.config.aor.clone()) }
    }

    /// Tells what happened to a session.
    pub(super) fn tell(&mut self, id: SessionId, event: SessionEvent) {
        self.outbox.session(id, event);
    }

    /// A request outside of dialogs (RFC 3261 §8.1.1), without Via.
    pub(super) fn begin(&mut self, method: Method, target: Uri) -> Request {
        let mut headers = Headers::default();
        headers.push(Name::MAX_FORWARDS, "70");
        headers.push(Name::FROM, self.local().with_tag(&self.tokens.tag()).to_string());
        headers.push(Name::TO, target.in_brackets());
        headers.push(Name::CALL_ID, self.tokens.call_id());
        headers.push(Name::CSEQ, CSeq::value(1, &method));
        Request { method, uri: target, headers, body: String::new() }
    }

    /// Sends a request that begins its transaction.
    pub(super) fn send(&mut self, request: Request, owner: Owner, now: Instant) -> ClientId {
        self.send_try(request, owner, 0, now)
    }

    fn send_try(&mut self, mut request: Request, owner: Owner, tries: u8, now: Instant) -> ClientId {
        self.authenticator.authorize(&mut request);
        self.stamp(&mut request);
        self.transactions.send(request, owner, tries, now, &mut self.outbox)
    }

    /// Sends the ACK to a 2xx.
    pub(super) fn acknowledge(&mut self, invite: ClientId, to_tag: &str, mut ack: Request) {
        self.stamp(&mut ack);
        self.transactions.acknowledge(invite, to_tag, &ack, &mut self.outbox);
    }

    /// Sends a request again with credentials for the challenge that `response` brought (RFC 3261 §22.2, §22.3).
    ///
    /// `number`: its new CSeq number.
    pub(super) fn retry(
        &mut self,
        heard: Heard,
        response: &Response,
        number: u32,
        now: Instant,
    ) -> Result<ClientId, Unmet> {
        self.authenticator.challenged(&heard.request, response, heard.tries, &mut self.tokens)?;
        Ok(self.resend(heard, number, now))
    }

    /// Whether the challenge in that response can be met by sending the request again.
    pub(super) fn challenged(&mut self, heard: &Heard, response: &Response) -> bool {
        self.authenticator.challenged(&heard.request, response, heard.tries, &mut self.tokens).is_ok()
    }

    /// Sends a request again, with whatever was changed in it, as one of its own.
    pub(super) fn resend(&mut self, heard: Heard, number: u32, now: Instant) -> ClientId {
        let Heard { mut request, owner, tries, .. } = heard;
        request.headers.remove(&Name::VIA);
        request.headers.set(Name::CSEQ, CSeq::value(number, &request.method));
        self.send_try(request, owner, tries + 1, now)
    }

    /// Looks at what every response to a request of ours may bring.
    pub(super) fn informed(&mut self, response: &Response) {
        if response.status.is_success() {
            self.authenticator.informed(response);
        }
    }

    /// Adds what every request of ours has.
    fn stamp(&mut self, request: &mut Request) {
        let transport = match self.config.transport {
            Transport::Ws => "WS",
            Transport::Wss => "WSS",
        };
        let via = Via::new(transport, &self.host, &self.tokens.branch());
        request.headers.push_front(Name::VIA, via.to_string());
        // Where the answers to what they begin come to (RFC 3261 §8.1.1.8, RFC 3515 §2.2, RFC 3311 §5.1).
        if matches!(request.method, Method::Invite | Method::Refer | Method::Update | Method::Subscribe) {
            request.headers.set(Name::CONTACT, self.contact_value());
        }
        if matches!(request.method, Method::Invite | Method::Update) {
            request.headers.set(Name::ALLOW, ALLOW);
            request.headers.set(Name::SUPPORTED, SUPPORTED);
        }
        let begins = request.method != Method::Register && request.method != Method::Cancel;
        // Inside a dialog the route is the dialog's; a request that is sent again has it already (RFC 3608 §6.1).
        if begins && request.headers.get(&Name::ROUTE).is_none() && request.headers.tag(&Name::TO).is_none() {
            for route in &self.reach.routes {
                request.headers.push(Name::ROUTE, route.as_str());
            }
        }
        request.headers.set(Name::USER_AGENT, self.config.user_agent.as_str());
    }

    /// Our Contact in what begins or keeps a dialog.
    fn contact_value(&self) -> String {
        if let Some(gruu) = &self.reach.gruu {
            // RFC 5627 §4.4.
            return gruu.in_brackets();
        }
        let mut contact = self.contact.in_brackets();
        if self.reach.outbound {
            // RFC 5626 §4.3: later requests of the dialog come over this flow, too.
            contact.insert_str(contact.len() - 1, ";ob");
        }
        contact
    }
}
