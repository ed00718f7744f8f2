//! The telephone exchange: people, their websockets, their registrations, and the calls between them.
//!
//! One task owns it ([`Desk`]) and everything that happens is told to it in turn, so nothing here waits or locks.
//!
//! | File | What it holds |
//! | --- | --- |
//! | `register` | REGISTER: who can be reached where |
//! | `request` | requests from the phones, in and out of dialogs |
//! | `invite` | INVITE from a phone: the caller's side |
//! | `fork`, `response`, `cancel` | INVITE to phones: the called side |
//! | `flow` | what a call does: placed, answered, ended |
//! | `change` | a phone changes its session: hold, video |
//! | `reoffer` | the lab changes a session: what one phone does is passed on |
//! | `transfer`, `refer`, `replace` | calls that go on between others, asked for over CTI or SIP |
//! | `digits` | what is typed in a call |
//! | `services`, `forward` | what people have set for the calls that come to them |
//! | `terms` | what is agreed with each phone, and what it hears |
//! | `tell` | what the people are told of it over CTI |
//! | `cti` | what they ask over CTI |
//! | `asterisk` | all that, where an Asterisk stands behind the lab |
//! | `media` | what the media of a leg tells |
//! | `door` | what tests can see and do |

mod asterisk;
pub mod auto_answer;
mod call;
mod cancel;
mod change;
mod cti;
mod desk;
mod dialog;
pub mod dialplan;
mod digits;
mod door;
pub mod fault;
mod flow;
mod fork;
mod forward;
mod guard;
mod invite;
mod leg;
mod media;
mod offer;
mod refer;
mod register;
mod registrar;
mod reoffer;
mod replace;
mod request;
mod response;
mod services;
mod socket;
mod tell;
mod terms;
mod transfer;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use tokio::time::Instant;
use xc_webrtc::cti::message::PhoneStatus;
use xc_webrtc::secret::Secret;
use xc_webrtc::sip::token;

use crate::account::{Account, Directory};
use crate::ice::IceServers;
use crate::media::{LegId, Media};
use crate::random;
use crate::token::{TokenError, Tokens};

use asterisk::Asterisk;
use auto_answer::AutoAnswer;
use call::{Call, CallId};
use fault::Faults;
use guard::Guard;
use leg::Leg;
use registrar::Registrar;
use services::Services;
use socket::Sockets;

pub use desk::Desk;
pub use door::{CallReport, RegistrationReport};
pub use socket::{Outbox, Outgoing, SocketId, outbox};

/// The exchange.
pub struct Exchange {
    directory: Directory,
    tokens: Tokens,
    faults: Faults,
    sip: Sockets,
    cti: Sockets,
    /// The STUN and TURN servers that pages are told of.
    ice: IceServers,
    /// The same for some logins, where tests want others.
    ice_of: BTreeMap<String, IceServers>,
    /// The numbers that each CTI websocket watches.
    watched: BTreeMap<SocketId, BTreeSet<String>>,
    /// What people have set for their calls, by login; nothing where they have not.
    services: BTreeMap<String, Services>,
    guard: Guard,
    auto_answer: AutoAnswer,
    registrar: Registrar,
    calls: BTreeMap<CallId, Call>,
    legs: BTreeMap<LegId, Leg>,
    media: Media,
    /// The Asterisk that has the calls instead, when its manager interface is known.
    asterisk: Option<Asterisk>,
    /// Branches, tags and Call-IDs.
    names: token::Tokens,
    /// The status each login was told last.
    statuses: BTreeMap<String, PhoneStatus>,
    /// The address that `LineConfig` tells.
    host: String,
    /// Seconds since 1970 at the start: the first part of channel identifiers.
    started: u64,
    last_id: u64,
}

impl Exchange {
    /// An exchange for these people; `host` is its own address as `LineConfig` tells it.
    pub fn new(directory: Directory, media: Media, host: String) -> Self {
        Self {
            directory,
            tokens: Tokens::default(),
            faults: Faults::default(),
            sip: Sockets::default(),
            cti: Sockets::default(),
            ice: IceServers::default(),
            ice_of: BTreeMap::new(),
            watched: BTreeMap::new(),
            services: BTreeMap::new(),
            guard: Guard::default(),
            auto_answer: AutoAnswer::default(),
            registrar: Registrar::default(),
            calls: BTreeMap::new(),
            legs: BTreeMap::new(),
            media,
            asterisk: None,
            names: token::Tokens::new(random::seed()),
            statuses: BTreeMap::new(),
            host,
            started: SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()),
            last_id: 0,
        }
    }

    /// From now on pages are told of these servers when they ask: those of a login, or all others.
    pub fn tell_of_ice_servers(&mut self, login: Option<String>, servers: IceServers) {
        match login {
            Some(login) => drop(self.ice_of.insert(login, servers)),
            None => self.ice = servers,
        }
    }

    /// Logs someone in: the account and a new token; `None` when login and password do not fit.
    pub fn log_in(&mut self, login: &str, password: Secret) -> Option<(Arc<Account>, String)> {
        let account = self.directory.log_in(login, password)?;
        let token = self.tokens.issue(account.clone(), Instant::now());
        Some((account, token))
    }

    /// Exchanges a good token for a new one.
    ///
    /// # Errors
    ///
    /// When it is not good.
    pub fn renew(&mut self, token: &str) -> Result<(Arc<Account>, String), TokenError> {
        let account = self.whose(token)?;
        let token = self.tokens.issue(account.clone(), Instant::now());
        Ok((account, token))
    }

    /// Whose token that is.
    ///
    /// # Errors
    ///
    /// When it is not good.
    pub fn whose(&self, token: &str) -> Result<Arc<Account>, TokenError> {
        self.tokens.check(token, Instant::now()).cloned()
    }

    /// The answer that the next REST request gets, whatever it asks, when that fault was planned.
    pub fn planned_answer(&mut self) -> Option<(u16, String)> {
        self.faults.http.take()
    }

    /// Whether SIP websockets are refused now.
    pub fn refuses_sip(&self) -> bool {
        self.faults.refuse_sip
    }

    /// Whether CTI websockets are refused now.
    pub fn refuses_cti(&self) -> bool {
        self.faults.refuse_cti
    }

    /// When [`time_passed`](Self::time_passed) has something to do.
    pub fn next_deadline(&self) -> Option<Instant> {
        self.legs.values().filter_map(Leg::deadline).chain(self.registrar.next_expiry()).min()
    }

    /// Does what is due.
    pub fn time_passed(&mut self, now: Instant) {
        self.registrar.expire(now);
        let due: Vec<LegId> = self
            .legs
            .values()
            .filter(|leg| leg.deadline().is_some_and(|deadline| deadline <= now))
            .map(|leg| leg.id)
            .collect();
        for leg in due {
            self.leg_is_due(leg, now);
        }
        self.tell_statuses();
    }

    /// Drops every connection, as a server does that is switched off.
    pub fn hang_up_everything(&mut self) {
        self.sip.cut(None);
        self.cti.cut(None);
    }

    fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    fn next_unique_id(&mut self) -> String {
        let channel = self.next_id();
        format!("{}.{channel}", self.started)
    }
}
