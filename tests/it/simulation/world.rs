//! The parties, the proxy and the network between them on one clock.

use std::time::Duration;

use xc_webrtc::time::Instant;

use super::chance::Chance;
use super::ladder::{Fate, Ladder};
use super::network::{Cut, Happening, Network, SocketId};
use super::proxy::Proxy;
use super::watch::{Broken, Watch};
use crate::support::secs;

/// No run takes more steps: something would be going round in circles.
const MOST_STEPS: usize = 400_000;

/// Somebody with a phone.
pub trait Party {
    fn name(&self) -> String;
    /// Its websocket is open.
    fn opened(&mut self, now: Instant);
    /// Its websocket is gone, or could not be opened.
    fn closed(&mut self, now: Instant);
    fn received(&mut self, text: String, now: Instant);
    /// Does what is due.
    fn due(&mut self, now: Instant);
    /// When something is due.
    fn deadline(&self) -> Option<Instant>;
    /// What it wants done, and what it broke.
    fn wishes(&mut self) -> Vec<Wish>;
    fn broken(&mut self) -> Option<Broken>;
}

/// What a party wants done.
pub enum Wish {
    Open,
    Close,
    Send(String),
    /// For the diagram.
    Note(String),
}

pub struct World<P> {
    pub now: Instant,
    pub parties: Vec<P>,
    pub proxy: Proxy,
    pub network: Network,
    pub ladder: Ladder,
    watches: Vec<Watch>,
    pub messages: usize,
    steps: usize,
}

impl<P: Party> World<P> {
    pub fn new(parties: Vec<P>, chance: &mut Chance, draw: bool) -> Self {
        let now = Instant::from_origin(secs(1000));
        let names: Vec<_> = parties.iter().map(Party::name).collect();
        let watches = parties.iter().map(|_| Watch::default()).collect();
        let mut ladder = Ladder::new(&names, now, draw);
        let proxy = Proxy::new(chance.part());
        ladder.note(None, now, &format!("{:?}", proxy.habits));
        let network = Network::new(chance.part());
        Self { now, parties, proxy, network, ladder, watches, messages: 0, steps: 0 }
    }

    /// Has everybody do what they want at the beginning; returns when that was.
    pub fn begin(&mut self) -> Result<Instant, Broken> {
        for who in 0..self.parties.len() {
            self.carry_out(who)?;
        }
        Ok(self.now)
    }

    /// Has a party do something.
    pub fn does<R>(&mut self, party: usize, act: impl FnOnce(&mut P, Instant) -> R) -> Result<R, Broken> {
        let result = act(&mut self.parties[party], self.now);
        self.carry_out(party)?;
        Ok(result)
    }

    fn carry_out(&mut self, party: usize) -> Result<(), Broken> {
        for wish in self.parties[party].wishes() {
            match wish {
                Wish::Open => {
                    self.ladder.note(Some(party), self.now, "opens a websocket");
                    self.network.open(party, self.now);
                }
                Wish::Close => {
                    self.ladder.note(Some(party), self.now, "closes its websocket");
                    self.network.close(party, self.now);
                    self.watches[party].lost();
                }
                Wish::Note(text) => self.ladder.note(Some(party), self.now, &text),
                Wish::Send(text) => {
                    let sent = self.watches[party].sent(&text);
                    match self.network.of_party(party) {
                        Some(socket) => self.network.send_up(socket, text, self.now),
                        // Said in the moment in which the websocket was given up.
                        None => self.ladder.message(party, true, self.now, self.now, &text, Fate::Lost),
                    }
                    sent?;
                }
            }
        }
        match self.parties[party].broken() {
            Some(broken) => Err(broken),
            None => Ok(()),
        }
    }

    /// Cuts the websocket of a party.
    pub fn cut(&mut self, party: usize, how: Cut) {
        if self.network.cut(party, how, self.now) {
            self.ladder.note(Some(party), self.now, &format!("~~~~ cut: {how:?} ~~~~"));
        }
    }

    /// Lets time pass.
    pub fn pass(&mut self, time: Duration) -> Result<(), Broken> {
        let end = self.now + time;
        while let Some((at, source)) = self.next().filter(|(at, _)| *at <= end) {
            self.steps += 1;
            if self.steps > MOST_STEPS {
                return Err(format!("{source:?} has something to do all the time"));
            }
            self.now = self.now.max(at);
            match source {
                Source::Network => self.happens()?,
                Source::Proxy => {
                    self.proxy.due(self.now);
                    self.proxy_sends();
                }
                Source::Party(party) => self.does(party, P::due)?,
            }
        }
        self.now = end;
        Ok(())
    }

    fn next(&self) -> Option<(Instant, Source)> {
        let network = self.network.next_at().map(|at| (at, Source::Network));
        let proxy = self.proxy.deadline().map(|at| (at, Source::Proxy));
        let parties = self.parties.iter().enumerate();
        let parties = parties.filter_map(|(at, party)| Some((party.deadline()?, Source::Party(at))));
        parties.chain(network).chain(proxy).min_by_key(|(at, _)| *at)
    }

    fn happens(&mut self) -> Result<(), Broken> {
        let Some(happening) = self.network.take() else { return Ok(()) };
        match happening {
            Happening::ToProxy { socket, sent, text } => {
                let party = self.network.sockets[socket.0].party;
                let arrives =
                    self.network.sockets[socket.0].proxy_believes && self.network.delivers(socket, sent);
                let fate = if arrives { Fate::Arrived } else { Fate::Lost };
                self.ladder.message(party, true, sent, self.now, &text, fate);
                if arrives {
                    self.messages += 1;
                    self.proxy.received(socket, &text, self.now);
                    self.proxy_sends();
                }
            }
            Happening::ToParty { socket, sent, text } => {
                let party = self.network.sockets[socket.0].party;
                let believes = self.network.of_party(party) == Some(socket);
                let arrives = believes && self.network.delivers(socket, sent);
                let fate = if arrives { Fate::Arrived } else { Fate::Lost };
                self.ladder.message(party, false, sent, self.now, &text, fate);
                if arrives {
                    self.messages += 1;
                    self.watches[party].received(&text);
                    self.does(party, |party, now| party.received(text, now))?;
                }
            }
            Happening::Opened { socket } => {
                self.network.sockets[socket.0].party_believes = true;
                self.network.sockets[socket.0].proxy_believes = true;
                self.proxy.opened(socket);
                let party = self.network.sockets[socket.0].party;
                self.ladder.note(Some(party), self.now, "its websocket is open");
                self.does(party, P::opened)?;
            }
            Happening::Refused { party } => {
                self.ladder.note(Some(party), self.now, "no websocket can be opened");
                self.does(party, P::closed)?;
            }
            Happening::PartyLearnsOfCut { socket } => self.party_learns(socket)?,
            Happening::ProxyLearnsOfCut { socket } => {
                if std::mem::take(&mut self.network.sockets[socket.0].proxy_believes) {
                    let party = self.network.sockets[socket.0].party;
                    self.ladder.note(
                        Some(party),
                        self.now,
                        "the proxy has noticed that this websocket is gone",
                    );
                    self.proxy.closed(socket, self.now);
                    self.proxy_sends();
                }
            }
        }
        Ok(())
    }

    fn party_learns(&mut self, socket: SocketId) -> Result<(), Broken> {
        if std::mem::take(&mut self.network.sockets[socket.0].party_believes) {
            let party = self.network.sockets[socket.0].party;
            self.ladder.note(Some(party), self.now, "has noticed that its websocket is gone");
            self.watches[party].lost();
            self.does(party, P::closed)?;
        }
        Ok(())
    }

    fn proxy_sends(&mut self) {
        self.proxy.tidy(self.now);
        for (socket, text) in self.proxy.take_out() {
            self.network.send_down(socket, text, self.now);
        }
    }
}

#[derive(Debug)]
enum Source {
    Network,
    Proxy,
    Party(usize),
}
