//! What the phone owns in the browser, and how the wishes of the core are carried out there.

use std::cell::{Cell, RefCell};
use std::ops::ControlFlow;
use std::rc::{Rc, Weak};

use super::cti::CtiDriver;
use super::drain::Drain;
use super::reload::Keeper;
use super::wire::{Wire, oversized};
use super::{Listening, Sounds, kept};
use crate::browser::console::Kind;
use crate::browser::socket::SocketEvent;
use crate::browser::wake::{self, Wake, Watch};
use crate::browser::{clock, page};
use crate::rtc::audio_output::AudioOutput;

use super::super::api::{Level, Notice};
use super::super::core::Core;
use super::super::effect::{Input, Output};
use super::super::media::Media;

pub(super) type Listener = Rc<RefCell<dyn FnMut(&Notice)>>;

pub(super) struct Shell {
    pub(super) myself: Weak<Shell>,
    pub(super) core: RefCell<Core>,
    pub(super) listeners: RefCell<Vec<(u64, Listener)>>,
    pub(super) last_listener: Cell<u64>,
    pub(super) media: Media,
    drain: Drain,
    cti: CtiDriver,
    sip: Wire,
    sounds: Sounds,
    log: fn(Kind, &str),
    /// Keeps the calls over a reload, where that is wanted.
    pub(super) keeper: RefCell<Option<Keeper>>,
    _wake: Watch,
}

impl Shell {
    pub(super) fn new(core: Core, output: AudioOutput, sounds: Sounds, log: fn(Kind, &str)) -> Rc<Self> {
        let relay_only = page::has_option("relay");
        Rc::new_cyclic(|myself: &Weak<Self>| {
            let tell: Rc<dyn Fn(Input)> = Rc::new({
                let myself = myself.clone();
                move |input| {
                    if let Some(shell) = myself.upgrade() {
                        shell.handle(input);
                    }
                }
            });
            let (of_media, of_cti, of_sip, of_wake) = (tell.clone(), tell.clone(), tell.clone(), tell);
            let due = {
                let myself = myself.clone();
                move || {
                    if let Some(shell) = myself.upgrade() {
                        shell.core.borrow_mut().handle_timeout(clock::now());
                        shell.drain();
                    }
                }
            };
            Self {
                myself: myself.clone(),
                core: RefCell::new(core),
                listeners: RefCell::default(),
                last_listener: Cell::new(0),
                media: Media::new("audio_remote", relay_only, output, move |call, event| {
                    of_media(Input::Media { call, event });
                }),
                drain: Drain::new(due),
                cti: CtiDriver::new(move |input| of_cti(input)),
                sip: Wire::new(Some("sip"), move |event| of_sip(sip_input(event))),
                sounds,
                log,
                keeper: RefCell::default(),
                _wake: wake::watch(move |wake| match wake {
                    Wake::Online | Wake::Shown => of_wake(Input::Awake),
                    Wake::Offline => of_wake(Input::Doubt),
                }),
            }
        })
    }

    fn handle(&self, input: Input) {
        self.core.borrow_mut().handle(input, clock::now());
        self.drain();
    }

    /// Does what the core wants done until it waits.
    pub(super) fn drain(&self) {
        self.drain.run(&mut || {
            let output = self.core.borrow_mut().poll();
            match output {
                Output::Wait(deadline) => return ControlFlow::Break(deadline),
                output => self.carry_out(output),
            }
            ControlFlow::Continue(())
        });
    }

    fn carry_out(&self, output: Output) {
        match output {
            Output::Http(request) => self.cti.ask(request),
            Output::OpenCti { url } => self.cti.open(&url),
            Output::SendCti(text) => self.cti.send(&text),
            Output::CloseCti => self.cti.close(),
            Output::OpenSip { url } => self.sip.open(&url),
            Output::SendSip(text) => self.sip.send(&text),
            Output::CloseSip => self.sip.close(),
            Output::Keep(kept) => kept::keep(&kept),
            Output::Forget => kept::forget(),
            Output::Media { call, command } => self.media.carry_out(call, command),
            Output::Ring(_) | Output::KeyTones(_) => (self.sounds)(output),
            Output::Notice(notice) => self.tell(&notice),
            Output::Conference(calls) => self.media.set_conference(calls),
            Output::Log { level, text } => {
                let kind = match level {
                    Level::Info => Kind::Info,
                    Level::Warn => Kind::Warn,
                    Level::Error | Level::Fatal => Kind::Error,
                };
                (self.log)(kind, &text);
            }
            Output::Wait(_) => {}
        }
    }

    /// Has this tab be the phone of the person.
    pub(super) fn take_over(&self) {
        let tab = self.keeper.borrow().as_ref().and_then(|keeper| keeper.tab.borrow().clone());
        if let Some(tab) = tab {
            tab.take_over();
        }
    }

    /// Writes about handlers, if that is wanted. One that comes or goes while the core is at work is not worth waiting.
    pub(super) fn log_handler(&self, text: &str) {
        if self.core.try_borrow().is_ok_and(|core| core.debug().handlers) {
            (self.log)(Kind::Info, text);
        }
    }

    /// Has `listener` told of everything, until the answer is dropped.
    pub(super) fn listen(&self, listener: Listener) -> Listening {
        let number = self.last_listener.get() + 1;
        self.last_listener.set(number);
        self.log_handler("a handler begins to listen");
        self.listeners.borrow_mut().push((number, listener));
        Listening { shell: self.myself.clone(), number }
    }

    fn tell(&self, notice: &Notice) {
        let listeners: Vec<Listener> =
            self.listeners.borrow().iter().map(|(_, listener)| Rc::clone(listener)).collect();
        for listener in listeners {
            // A listener that is running already has caused this notice itself, and reads the state when it is done.
            if let Ok(mut listener) = listener.try_borrow_mut() {
                listener(notice);
            }
        }
    }
}

fn sip_input(event: SocketEvent) -> Input {
    match event {
        SocketEvent::Opened => Input::SipOpened,
        SocketEvent::Received(text) => Input::SipReceived(text),
        SocketEvent::Oversized(length) => oversized("sip", length),
        SocketEvent::Closed { code, reason, .. } => Input::SipClosed { reason: closed_reason(code, reason) },
    }
}

/// The reason of a closed websocket in words: browsers mostly give a bare number (RFC 6455 §7.4).
fn closed_reason(code: u16, reason: String) -> String {
    if reason.is_empty() {
        format!("The connection to the telephony server is closed ({code})")
    } else {
        reason
    }
}
