//! Websockets between the parties and the proxy: in order on each, at any pace, until they are cut.

use std::collections::BTreeMap;
use std::time::Duration;

use xc_webrtc::time::Instant;

use super::chance::Chance;

/// One websocket; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SocketId(pub usize);

/// What is on its way, or will come to be known.
#[derive(Debug)]
pub enum Happening {
    ToProxy { socket: SocketId, sent: Instant, text: String },
    ToParty { socket: SocketId, sent: Instant, text: String },
    Opened { socket: SocketId },
    Refused { party: usize },
    PartyLearnsOfCut { socket: SocketId },
    ProxyLearnsOfCut { socket: SocketId },
}

/// How a socket is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// Both sides hear of it soon, each in its own time.
    Clean,
    /// It carries nothing any more and nobody says so.
    Dark,
}

/// A websocket as it really is, whatever both sides believe.
pub struct Socket {
    pub party: usize,
    /// When it was cut or closed.
    cut: Option<Instant>,
    /// What was under way when it was cut still arrives.
    flushes: bool,
    pub party_believes: bool,
    pub proxy_believes: bool,
    last_up: Instant,
    last_down: Instant,
}

pub struct Network {
    chance: Chance,
    pub sockets: Vec<Socket>,
    queue: BTreeMap<(Instant, u64), Happening>,
    number: u64,
    /// Longest way of a message, in milliseconds.
    slowest: u64,
    /// Set: no websocket can be opened.
    pub outage: bool,
    /// How many sockets were cut, by the network or by who gave them up.
    pub cuts: usize,
}

impl Network {
    pub fn new(mut chance: Chance) -> Self {
        let slowest = chance.pick(&[20, 20, 100, 400, 2500]);
        Self {
            chance,
            sockets: Vec::new(),
            queue: BTreeMap::new(),
            number: 0,
            slowest,
            outage: false,
            cuts: 0,
        }
    }

    fn put(&mut self, at: Instant, happening: Happening) {
        self.number += 1;
        self.queue.insert((at, self.number), happening);
    }

    /// When something arrives next.
    pub fn next_at(&self) -> Option<Instant> {
        self.queue.keys().next().map(|(at, _)| *at)
    }

    /// What arrives next.
    pub fn take(&mut self) -> Option<Happening> {
        self.queue.pop_first().map(|(_, happening)| happening)
    }

    /// Whether no message is under way.
    pub fn is_still(&self) -> bool {
        self.queue.is_empty()
    }

    /// From now on all goes well.
    pub fn heal(&mut self) {
        self.slowest = 20;
        self.outage = false;
    }

    pub fn slow_down(&mut self) {
        self.slowest = self.chance.pick(&[20, 400, 3000, 6000]);
    }

    fn way(&mut self) -> Duration {
        // Once in a while a message takes much longer, as after a lost packet.
        let slowest = if self.chance.one_in(12) { self.slowest * 3 } else { self.slowest };
        self.chance.millis(1, slowest)
    }

    /// A party opens a websocket.
    pub fn open(&mut self, party: usize, now: Instant) {
        let at = now + self.way() * 2;
        if self.outage {
            return self.put(at, Happening::Refused { party });
        }
        let socket = SocketId(self.sockets.len());
        self.sockets.push(Socket {
            party,
            cut: None,
            flushes: false,
            party_believes: false,
            proxy_believes: false,
            last_up: at,
            last_down: at,
        });
        self.put(at, Happening::Opened { socket });
    }

    /// The socket that a party believes it has.
    pub fn of_party(&self, party: usize) -> Option<SocketId> {
        let is_it = |socket: &Socket| socket.party == party && socket.party_believes;
        self.sockets.iter().rposition(is_it).map(SocketId)
    }

    /// Whether what this party sends arrives.
    pub fn reaches(&self, party: usize) -> bool {
        self.of_party(party).is_some_and(|socket| self.carries(socket))
    }

    fn carries(&self, socket: SocketId) -> bool {
        self.sockets[socket.0].cut.is_none()
    }

    /// Whether what was sent then comes through.
    pub fn delivers(&self, socket: SocketId, sent: Instant) -> bool {
        let socket = &self.sockets[socket.0];
        socket.cut.is_none_or(|cut| socket.flushes && sent <= cut)
    }

    pub fn send_up(&mut self, socket: SocketId, text: String, now: Instant) {
        let at = (now + self.way()).max(self.sockets[socket.0].last_up);
        self.sockets[socket.0].last_up = at;
        self.put(at, Happening::ToProxy { socket, sent: now, text });
    }

    pub fn send_down(&mut self, socket: SocketId, text: String, now: Instant) {
        let at = (now + self.way()).max(self.sockets[socket.0].last_down);
        self.sockets[socket.0].last_down = at;
        self.put(at, Happening::ToParty { socket, sent: now, text });
    }

    /// Cuts the socket of a party, if it has one.
    pub fn cut(&mut self, party: usize, how: Cut, now: Instant) -> bool {
        let Some(socket) = self.of_party(party).filter(|socket| self.carries(*socket)) else { return false };
        self.cuts += 1;
        let (party_later, proxy_later, flushes) = match how {
            Cut::Clean => (self.chance.millis(0, 3000), self.chance.millis(0, 3000), self.chance.one_in(2)),
            Cut::Dark => (self.chance.millis(60_000, 120_000), self.chance.millis(2000, 60_000), false),
        };
        self.sockets[socket.0].cut = Some(now);
        self.sockets[socket.0].flushes = flushes;
        self.put(now + party_later, Happening::PartyLearnsOfCut { socket });
        self.put(now + proxy_later, Happening::ProxyLearnsOfCut { socket });
        true
    }

    /// The party closes its socket: what it sent before still arrives, what comes to it does not. One that is being
    /// opened is not any more.
    pub fn close(&mut self, party: usize, now: Instant) {
        let sockets = &self.sockets;
        self.queue.retain(|_, happening| match happening {
            Happening::Opened { socket } => sockets[socket.0].party != party,
            Happening::Refused { party: refused } => *refused != party,
            _ => true,
        });
        let Some(id) = self.of_party(party) else { return };
        let at = now + self.way();
        let socket = &mut self.sockets[id.0];
        socket.party_believes = false;
        if socket.cut.is_none() {
            self.cuts += 1;
            socket.cut = Some(now);
            socket.flushes = true;
            let at = at.max(socket.last_up);
            self.put(at, Happening::ProxyLearnsOfCut { socket: id });
        }
    }
}
