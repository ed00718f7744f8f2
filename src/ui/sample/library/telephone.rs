//! The library as a phone: what shortcuts, pictures and the log-in form ask of it. The rows call it themselves.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use super::Library;
use crate::phone::api::{Command, Refusal, View};
use crate::phone::call::{Call, CallKey};
use crate::ui::sample::method_call::MethodCall;
use crate::ui::telephone::{Telephone, Told};

impl Library {
    fn sip_call_id(&self, key: CallKey) -> Option<String> {
        let view = self.0.view.borrow();
        view.calls.iter().find(|call| call.key == key).map(|call| call.sip_call_id.clone())
    }

    fn dismiss(&self, key: CallKey) {
        let is_gone = |call: &Call| call.key == key && !call.state.is_live();
        self.0.view.borrow_mut().calls.retain(|call| !is_gone(call));
        self.changed();
    }

    /// Whether a method did what it was asked.
    fn does(&self, call: &MethodCall) -> Result<(), Refusal> {
        match self.call(call) {
            Ok(answer) if answer.is_truthy() => Ok(()),
            // Its own words are in the log.
            _ => Err(Refusal::WrongState),
        }
    }
}

impl Telephone for Library {
    fn view(&self) -> View {
        self.0.view.borrow().clone()
    }

    fn command(&self, command: Command) -> Result<(), Refusal> {
        let method = MethodCall::xc_webrtc;
        let id = |call: Option<CallKey>| call.and_then(|key| self.sip_call_id(key));
        match command {
            Command::LogIn { server, login, password, client } => {
                self.log_in(server, &login, &password, &client)
            }
            Command::Resume => {
                self.resume();
                Ok(())
            }
            Command::LogOut => {
                self.log_out();
                Ok(())
            }
            Command::Dismiss(key) => {
                self.dismiss(key);
                Ok(())
            }
            Command::Answer { call, video } => {
                self.does(&method("answerBySipCallId").maybe(id(call)).with(video))
            }
            Command::SetMicrophone { call, on } => {
                self.does(&method("setMicrophone").with(on).maybe(id(call)))
            }
            Command::SetHold { call, on } => self.does(&method("setHold").with(on).maybe(id(Some(call)))),
            Command::SetCamera { call, on } => self.does(&method("setCamera").with(on).maybe(id(call))),
            Command::SetVideo { call, on } => self.does(&method("setVideo").with(on).maybe(id(call))),
            Command::Dtmf { call, digits } => digits
                .chars()
                .try_for_each(|digit| self.does(&method("dtmf").with(digit.to_string()).maybe(id(call)))),
            _ => Err(Refusal::WrongState),
        }
    }

    fn show_pictures(&self) {
        // It answers nothing.
        let _ = self.call(&MethodCall::xc_webrtc("showPictures"));
    }

    fn listen(&self, told: Told) -> Box<dyn Any> {
        let told = Rc::new(RefCell::new(told));
        self.0.watchers.borrow_mut().push(Rc::downgrade(&told));
        Box::new(told)
    }
}
