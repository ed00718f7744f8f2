//! Websockets as the exchange sees them: who is at the other end, and the way to send to them.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::Notify;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{Duration, Instant};

use crate::account::Account;

/// One websocket; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SocketId(pub u64);

/// A text frame on its way out.
#[derive(Debug)]
pub struct Frame {
    /// What it says.
    pub text: String,
    /// It must not leave earlier.
    pub not_before: Instant,
}

/// The sending end of a websocket, for the exchange.
#[derive(Debug)]
pub struct Outbox {
    frames: UnboundedSender<Frame>,
    cut: Arc<Notify>,
}

/// The other end of an [`Outbox`], for the task that serves the websocket.
#[derive(Debug)]
pub struct Outgoing {
    /// What is to be sent. Ends when the exchange has no more to say: then the websocket is closed.
    pub frames: UnboundedReceiver<Frame>,
    /// Told when the connection is to be dropped at once, without a closing handshake.
    pub cut: Arc<Notify>,
}

/// Both ends.
pub fn outbox() -> (Outbox, Outgoing) {
    let (sender, frames) = unbounded_channel();
    let cut = Arc::new(Notify::new());
    (Outbox { frames: sender, cut: cut.clone() }, Outgoing { frames, cut })
}

/// The open websockets of one kind.
#[derive(Debug, Default)]
pub struct Sockets {
    open: BTreeMap<SocketId, Socket>,
    /// Every frame is held back for so long.
    pub delay: Duration,
}

#[derive(Debug)]
struct Socket {
    /// Who opened it; `None` when it was opened without a token.
    account: Option<Arc<Account>>,
    outbox: Outbox,
}

impl Sockets {
    /// A websocket was opened.
    pub fn insert(&mut self, id: SocketId, account: Option<Arc<Account>>, outbox: Outbox) {
        self.open.insert(id, Socket { account, outbox });
    }

    /// A websocket was closed.
    pub fn remove(&mut self, id: SocketId) {
        self.open.remove(&id);
    }

    /// Whether that websocket is open.
    pub fn is_open(&self, id: SocketId) -> bool {
        self.open.contains_key(&id)
    }

    /// Who opened it, with a token.
    pub fn account(&self, id: SocketId) -> Option<&Arc<Account>> {
        self.open.get(&id)?.account.as_ref()
    }

    /// Sends one frame; one for a websocket that is gone is lost.
    pub fn send(&self, id: SocketId, text: String) {
        if let Some(socket) = self.open.get(&id) {
            // The task that serves it may just have ended; it will say so.
            let _ = socket.outbox.frames.send(Frame { text, not_before: Instant::now() + self.delay });
        }
    }

    /// The websockets that this login opened; of everyone when there is none.
    pub fn of(&self, login: Option<&str>) -> Vec<SocketId> {
        let opened_by = |socket: &Socket| {
            login.is_none_or(|login| socket.account.as_ref().is_some_and(|account| account.login == login))
        };
        self.open.iter().filter(|(_, socket)| opened_by(socket)).map(|(id, _)| *id).collect()
    }

    /// Drops the connections of a login, or of everyone, as a broken network would.
    pub fn cut(&self, login: Option<&str>) {
        for id in self.of(login) {
            self.open[&id].outbox.cut.notify_one();
        }
    }
}
