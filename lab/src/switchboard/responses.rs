//! What came of the actions.

use xc_webrtc::cti::message::Message;

use super::leg::CallId;
use super::orders::Placing;
use super::{Output, Switchboard};
use crate::ami;

const NO_SUCH_NUMBER: &str = "this number does not exist";

/// What a response is waited for.
#[derive(Clone, Debug)]
pub(super) enum Pending {
    /// The list comes as events.
    List,
    /// The SIP Call-ID of a channel.
    CallId { unique_id: String },
    /// The context of an endpoint.
    Context { login: String },
    /// Name and number of an endpoint.
    CallerId { login: String },
    /// Whether a number exists.
    Exists { login: String, placing: Placing },
    /// A person's own phone is called.
    Originate { login: String, channel: String },
    /// Something a person asked for; `what` tells them that it failed.
    Order { login: String, what: &'static str },
}

impl Pending {
    /// What our manager user must be allowed to do for that.
    const fn right(&self) -> &'static str {
        match self {
            Self::List => "reporting",
            Self::Originate { .. } => "originate",
            Self::CallId { .. }
            | Self::Context { .. }
            | Self::CallerId { .. }
            | Self::Exists { .. }
            | Self::Order { .. } => "call",
        }
    }
}

impl Switchboard {
    /// An action was answered.
    pub(super) fn answered(&mut self, message: &ami::Message) {
        let (Some(outcome), Some(id)) = (message.response(), message.action()) else { return };
        let Some(pending) = self.pending.remove(&id) else { return };
        if outcome == Err("Permission denied") && self.forbidden.insert(pending.right()) {
            let right = pending.right();
            let text = format!(
                "Asterisk does not let our user of manager.conf do what is needed: add {right} to its `write`"
            );
            self.out.push_back(Output::Complain(text));
        }
        let value = message.get("Value").unwrap_or_default();
        match pending {
            Pending::List => {}
            Pending::CallId { unique_id } => {
                if let Some(leg) = self.legs.iter_mut().find(|leg| leg.unique_id == unique_id) {
                    leg.call_id = match outcome {
                        Ok(()) if !value.is_empty() => CallId::Known(value.to_owned()),
                        Ok(()) | Err(_) => CallId::Untold,
                    };
                }
                self.look(&unique_id);
            }
            Pending::Context { login } => {
                if let Some(line) = self.lines.get_mut(&login) {
                    line.learn_context(value);
                }
            }
            Pending::CallerId { login } => {
                if let Some(line) = self.lines.get_mut(&login) {
                    line.learn_caller_id(value);
                    if let Some(user) = line.user() {
                        self.tell(&login, Message::UserConfigUpdate(Box::new(user)));
                    }
                }
                self.look_at_all(&login);
            }
            Pending::Exists { login, placing } => match (outcome, placing) {
                (Ok(()), Placing::Errand { channel }) if value == "0" => {
                    self.give_up(&login, &channel, NO_SUCH_NUMBER);
                }
                (Ok(()), Placing::DirectTransfer { .. }) if value == "0" => {
                    self.tell_failure(&login, NO_SUCH_NUMBER.to_owned());
                }
                // An Asterisk without that function does not know: the call will show.
                (Ok(()) | Err(_), placing) => self.go_on(&login, placing),
            },
            Pending::Originate { login, channel } => match outcome {
                // The event comes when the phone has answered, or has not.
                Ok(()) => {
                    self.pending.insert(id, Pending::Originate { login, channel });
                }
                Err(why) => self.give_up(&login, &channel, why),
            },
            Pending::Order { login, what } => {
                if let Err(why) = outcome {
                    self.tell_failure(&login, format!("{what}: {why}"));
                }
            }
        }
    }

    /// The person's own phone has answered, or has not.
    pub(super) fn originated(&mut self, message: &ami::Message) {
        let Some(id) = message.action() else { return };
        let Some(Pending::Originate { login, channel }) = self.pending.remove(&id) else { return };
        if message.get("Response") != Some("Success") {
            self.give_up(&login, &channel, "your own phone did not take the call that Asterisk made to it");
        }
    }

    /// The call of a person's own phone did not come about.
    fn give_up(&mut self, login: &str, channel: &str, why: &str) {
        if self.errands.remove(channel).is_some_and(|errand| errand.cancelled) {
            return;
        }
        self.tell_failure(login, why.to_owned());
        if let Some(line) = self.lines.get_mut(login) {
            line.transfer = line.transfer.take().filter(|transfer| transfer.consultation != channel);
        }
    }
}
