//! The phone behind `xc_webrtc.js`, as this page knows it: by its handlers, and by what its methods answer.
//!
//! All of it is what any page of an integrator could know. To the rest of the page it is a [`Telephone`] like any other.
//!
//! [`Telephone`]: crate::ui::telephone::Telephone

mod session;
mod telephone;

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::time::Duration;

use super::calls;
use super::method_call::{MethodCall, Owner};
use super::xc_webrtc::{self, Handler, JsValue, Outcome};
use crate::browser::clock;
use crate::browser::console::{self, Kind};
use crate::cti::message::masked;
use crate::json::Value;
use crate::phone::api::{Notice, Registration, Session, View};
use crate::phone::call::CallState;
use crate::phone::inbox::Inbox;
use crate::ui::telephone::Told;

/// The topics of `xc_webrtc.setHandler`.
const TOPICS: [&str; 4] = ["general", "registration", "outgoing", "incoming"];

/// The functions of a logger, and how grave what they write is.
const LOGGERS: [(&str, Kind); 4] =
    [("log", Kind::Info), ("info", Kind::Info), ("warn", Kind::Warn), ("error", Kind::Error)];

/// What the library said. Secrets are masked.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    /// To the handler of that topic.
    Event(&'static str, Value),
    /// To the handler of `Cti` for messages of that type.
    Cti(String, Value),
    /// To the handler of SIP messages.
    Sip {
        /// The message went; else it came.
        sent: bool,
        /// The message.
        text: String,
    },
    /// To that function of the logger.
    Log(&'static str, String),
}

/// A handle on it; clones are handles on the same.
#[derive(Clone)]
pub struct Library(Rc<State>);

type Hears = Rc<dyn Fn(&Heard)>;

/// What a function of ours does with its argument.
type Takes = Box<dyn Fn(&Library, &JsValue)>;

struct State {
    view: RefCell<View>,
    /// The server, as it was typed.
    server: RefCell<String>,
    /// The token that the tab keeps.
    token: RefCell<String>,
    /// Counts log-ins: what becomes of one does not matter once another has begun.
    attempt: Cell<u32>,
    /// A method is running that this page has called.
    is_asking: Cell<bool>,
    /// What the library logged meanwhile, where it did not do what it was asked.
    complaint: RefCell<String>,
    /// Who is told that the view has changed.
    watchers: RefCell<Vec<Weak<RefCell<Told>>>>,
    hears: RefCell<Option<Hears>>,
    /// The functions that the library was given.
    handlers: RefCell<Vec<Handler>>,
    /// What takes the handler of SIP messages away.
    hide_sip: RefCell<Option<JsValue>>,
}

impl Library {
    /// Sets all handlers: the first thing that is done with the library.
    pub fn follow() -> Self {
        let library = Self(Rc::new(State {
            view: RefCell::new(View {
                session: Session::LoggedOut { problem: None },
                user: None,
                registration: Registration::Stopped,
                microphone: None,
                camera: None,
                phone_status: None,
                line_known: true,
                calls: Vec::new(),
                inbox: Inbox::default(),
            }),
            server: RefCell::default(),
            token: RefCell::default(),
            attempt: Cell::new(0),
            is_asking: Cell::new(false),
            complaint: RefCell::default(),
            watchers: RefCell::default(),
            hears: RefCell::default(),
            handlers: RefCell::default(),
            hide_sip: RefCell::default(),
        }));
        library.set_logger();
        for topic in TOPICS {
            library.set_handler(Owner::XcWebrtc, topic, move |library, event| library.on_event(topic, event));
        }
        let on_calls = library.handler(|library, calls| library.on_calls(calls));
        // It takes any function.
        let _ = xc_webrtc::invoke(Owner::XcWebrtc, "setCallsHandler", &[on_calls]);
        for msg_type in xc_webrtc::message_types() {
            let name = msg_type.clone();
            library
                .set_handler(Owner::Cti, &name, move |library, payload| library.on_cti(&msg_type, payload));
        }
        library
    }

    /// Has `hears` told of all that the library says.
    pub fn listen(&self, hears: impl Fn(&Heard) + 'static) {
        self.0.hears.replace(Some(Rc::new(hears)));
    }

    /// Calls a method.
    pub fn call(&self, call: &MethodCall) -> Outcome {
        self.0.complaint.borrow_mut().clear();
        self.0.is_asking.set(true);
        let outcome = xc_webrtc::call(call);
        self.0.is_asking.set(false);
        self.changed();
        outcome
    }

    /// What the library logged during the last call, where it did not do what it was asked.
    pub fn complaint(&self) -> String {
        self.0.complaint.borrow().clone()
    }

    /// Has SIP messages told, or no longer.
    pub fn show_sip(&self, on: bool) {
        let mut hide = self.0.hide_sip.borrow_mut();
        if !on {
            if let Some(hide) = hide.take() {
                xc_webrtc::run(&hide);
            }
        } else if hide.is_none() {
            let handler = self.handler(|library, message| library.on_sip(message));
            *hide = xc_webrtc::invoke(Owner::XcWebrtc, "setSipHandler", &[handler]).ok();
        }
    }

    fn set_handler(&self, owner: Owner, topic: &str, told: impl Fn(&Self, &JsValue) + 'static) {
        let handler = self.handler(told);
        // It takes any function.
        let _ = xc_webrtc::invoke(owner, "setHandler", &[topic.into(), handler]);
    }

    /// A function for the library to call, kept as long as this is.
    fn handler(&self, told: impl Fn(&Self, &JsValue) + 'static) -> JsValue {
        let told: Takes = Box::new(told);
        let myself = Rc::downgrade(&self.0);
        let handler = xc_webrtc::handler(move |one, _| {
            if let Some(state) = myself.upgrade() {
                told(&Self(state), &one);
            }
        });
        let function = handler.as_ref().clone();
        self.0.handlers.borrow_mut().push(handler);
        function
    }

    fn set_logger(&self) {
        let loggers = LOGGERS.map(|(name, kind)| {
            let myself = Rc::downgrade(&self.0);
            xc_webrtc::handler(move |one, other| {
                if let Some(state) = myself.upgrade() {
                    Self(state).on_log(name, kind, &one, &other);
                }
            })
        });
        let named = LOGGERS.iter().zip(&loggers).map(|((name, _), function)| (*name, function));
        let logger = xc_webrtc::object_of(named);
        let _ = xc_webrtc::invoke(Owner::XcWebrtc, "setCustomLogger", &[logger]);
        self.0.handlers.borrow_mut().extend(loggers);
    }

    fn say(&self, heard: &Heard) {
        let hears = self.0.hears.borrow().clone();
        if let Some(hears) = hears {
            hears(heard);
        }
    }

    fn on_log(&self, name: &'static str, kind: Kind, one: &JsValue, other: &JsValue) {
        let mut line = xc_webrtc::reason(one);
        if !other.is_undefined() {
            line.push(' ');
            line.push_str(&xc_webrtc::reason(other));
        }
        if self.0.is_asking.get() && kind != Kind::Info {
            self.0.complaint.replace(line.clone());
        }
        console::write(kind, &line);
        self.say(&Heard::Log(name, line));
    }

    fn on_event(&self, topic: &'static str, event: &JsValue) {
        let event = xc_webrtc::masked(event);
        let text = |name| event.get(name).and_then(Value::as_str).unwrap_or_default();
        let reason = event.get("data").and_then(|data| data.get("reason")).and_then(Value::as_str);
        let reason = reason.unwrap_or_default();
        let registration = match (topic, text("type")) {
            ("general", "Started") => Some(Registration::Connecting),
            ("registration", "Registered") => Some(Registration::Registered { expires: Duration::ZERO }),
            ("registration", "Unregistered") | ("general", "Failed") => Some(Registration::Unregistered {
                reason: reason.to_owned(),
                permanent: false,
                retry_at: None,
            }),
            (_, "Terminated" | "Failed") => {
                self.on_end(text("sipCallId"), reason);
                None
            }
            _ => None,
        };
        if let Some(registration) = registration {
            self.0.view.borrow_mut().registration = registration;
        }
        self.say(&Heard::Event(topic, event));
        self.changed();
    }

    fn on_end(&self, sip_call_id: &str, reason: &str) {
        let by_us = self.0.is_asking.get();
        let mut view = self.0.view.borrow_mut();
        if let Some(call) = view.calls.iter_mut().find(|call| call.sip_call_id == sip_call_id) {
            let outcome = calls::outcome(call.direction, reason, by_us);
            call.state = CallState::Ended { outcome, lasted: None };
        }
    }

    fn on_calls(&self, told: &JsValue) {
        let told = xc_webrtc::value(told);
        let before = std::mem::take(&mut self.0.view.borrow_mut().calls);
        self.0.view.borrow_mut().calls = calls::follow(before, &told, clock::now());
        self.changed();
    }

    fn on_sip(&self, message: &JsValue) {
        let message = xc_webrtc::value(message);
        let sent = message.get("sent") == Some(&Value::Bool(true));
        let text = message.get("text").and_then(Value::as_str).unwrap_or_default().to_owned();
        self.say(&Heard::Sip { sent, text });
    }

    fn on_cti(&self, msg_type: &str, payload: &JsValue) {
        let payload = masked(msg_type, &xc_webrtc::value(payload));
        let text = |name| payload.get(name).and_then(Value::as_str);
        match msg_type {
            "LinkStatusUpdate" => self.on_link(text("status"), text("reason")),
            "PhoneStatusUpdate" => {
                self.0.view.borrow_mut().phone_status = payload.get("status").map(|status| match status {
                    Value::String(name) => name.clone(),
                    other => other.to_string(),
                });
            }
            "UserConfigUpdate" => {
                if let (Some(user), Some(name)) = (&mut self.0.view.borrow_mut().user, text("fullName")) {
                    user.full_name = name.to_owned();
                }
            }
            _ => {}
        }
        self.keep_token();
        self.say(&Heard::Cti(msg_type.to_owned(), payload));
        self.changed();
    }

    /// Has whoever shows the view read it again.
    fn changed(&self) {
        self.read_status();
        let watchers: Vec<_> = self.0.watchers.borrow().iter().filter_map(Weak::upgrade).collect();
        for watcher in watchers {
            // One that is told already reads the view when it is done.
            if let Ok(mut told) = watcher.try_borrow_mut() {
                told(&Notice::Changed);
            }
        }
    }

    /// What no event tells: that the phone is being started, or was stopped.
    fn read_status(&self) {
        let status = xc_webrtc::invoke(Owner::XcWebrtc, "getSipStackStatus", &[]).ok();
        let status = status.and_then(|status| status.as_string()).unwrap_or_default();
        let mut view = self.0.view.borrow_mut();
        let has_failed = matches!(view.registration, Registration::Unregistered { .. });
        view.registration = match status.as_str() {
            "Started" => return,
            "NotInitialized" if has_failed => return,
            "NotInitialized" | "Stopped" => Registration::Stopped,
            _ => Registration::Connecting,
        };
    }
}
