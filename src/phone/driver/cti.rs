//! Does for a [`Link`](crate::cti::link::Link) what it wants done: its requests and its websocket.

use std::rc::Rc;
use std::time::Duration;

use super::super::effect::Input;
use super::wire::{Wire, oversized};
use crate::browser::socket::SocketEvent;
use crate::browser::{http, spawn};
use crate::cti::event as cti;
use crate::secret::Secret;

/// How long the XUC server may take to answer (xuc-cti §2.5).
const HTTP_WITHIN: Duration = Duration::from_secs(5);

/// See the module.
pub struct CtiDriver {
    wire: Wire,
    tell: Rc<dyn Fn(Input)>,
}

impl CtiDriver {
    /// `tell` is told what comes of it: [`Input::Cti`], or [`Input::Unreadable`].
    pub fn new(tell: impl Fn(Input) + 'static) -> Self {
        let tell: Rc<dyn Fn(Input)> = Rc::new(tell);
        let of_wire = Rc::clone(&tell);
        Self { wire: Wire::new(None, move |event| of_wire(input(event))), tell }
    }

    /// [`cti::Output::Http`]
    pub fn ask(&self, request: cti::HttpRequest) {
        let tell = Rc::clone(&self.tell);
        spawn(async move {
            let cti::HttpRequest { id, method, url, headers, body } = request;
            let answer = http::send(method, &url, &headers, body.as_deref(), HTTP_WITHIN).await;
            let outcome = match answer {
                Ok((status, body)) => cti::HttpOutcome::Answer { status, body },
                Err(no_answer) => cti::HttpOutcome::NoAnswer { reason: no_answer.reason },
            };
            tell(Input::Cti(cti::Input::Http { id, outcome }));
        });
    }

    /// [`cti::Output::Open`]
    pub fn open(&self, url: &Secret) {
        self.wire.open(url);
    }

    /// [`cti::Output::Send`]
    pub fn send(&self, text: &str) {
        self.wire.send(text);
    }

    /// [`cti::Output::Close`]
    pub fn close(&self) {
        self.wire.close();
    }
}

fn input(event: SocketEvent) -> Input {
    Input::Cti(match event {
        SocketEvent::Opened => cti::Input::Opened,
        SocketEvent::Received(text) => cti::Input::Received(text),
        SocketEvent::Oversized(length) => return oversized("cti", length),
        SocketEvent::Closed { code, reason, .. } => cti::Input::Closed { code, reason },
    })
}
