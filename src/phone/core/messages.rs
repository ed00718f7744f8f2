//! What the messages of the CTI server mean for the line, the user and the calls.

use crate::cti::message::{Message, PhoneEvent, Received, WebRtcCmd};
use crate::time::Instant;

use super::super::api::{Notice, Refusal};
use super::super::call::CallKey;
use super::super::effect::Output;
use super::Core;

impl Core {
    pub(super) fn on_message(&mut self, received: Received, now: Instant) {
        let Received { message, msg_type, payload } = received;
        match message {
            Message::UserConfigUpdate(update) => {
                if let (Some(user), Some(name)) = (&mut self.user, update.full_name)
                    && !name.trim().is_empty()
                {
                    user.full_name = name;
                }
            }
            Message::LineConfig(line) => {
                if let (Some(user), Some(number)) = (&mut self.user, &line.number) {
                    user.number = Some(number.clone());
                }
                self.line = Some(*line);
                if let Some(url) = self.sip_url() {
                    self.signalling.set_url(url);
                }
                let starts = !self.stands_by && !self.signalling.is_running();
                if starts && (self.settings.auto_init || self.unusable.is_some()) {
                    // A line that cannot be used was told by an event and stands on the screen.
                    let _ = self.init(now);
                }
            }
            Message::IceConfig(ice) => self.calls.set_ice(ice.servers().cloned().collect()),
            Message::PhoneEvent(event) => self.on_phone_event(&event),
            Message::CurrentCallsPhoneEvents(events) => {
                self.table.replace(&events);
                self.calls.cti_says(&self.table);
                for event in &events {
                    self.on_phone_event(event);
                }
            }
            Message::VoiceMailStatusUpdate(status) => self.inbox.cti_told(&status),
            Message::PhoneStatusUpdate(status) => {
                self.phone_status = status.map(|status| status.as_str().to_owned())
            }
            Message::Error(error) => self.transfer_refused(&error.text, now),
            Message::WebRtcCmd(command) => self.obey(command, now),
            Message::LoggedOn
            | Message::LoggedOnError(_)
            | Message::PhoneHintStatus(_)
            | Message::Other { .. } => {}
        }
        self.outputs.push(Output::Notice(Notice::Cti { msg_type, payload }));
    }

    /// The server asks us to act on a call, for a person who uses the CTI side of the phone (xuc-cti §6.9).
    fn obey(&mut self, command: WebRtcCmd, now: Instant) {
        // A call that is gone meanwhile, or not in a state for it, leaves nothing to do and nobody to tell.
        let _ = match command {
            WebRtcCmd::Answer { sip_call_id } => {
                self.call_named(sip_call_id.as_deref()).and_then(|call| self.calls.answer(call, false, now))
            }
            WebRtcCmd::ToggleMicrophone { sip_call_id } => {
                self.call_named(sip_call_id.as_deref()).and_then(|call| self.calls.toggle_microphone(call))
            }
            WebRtcCmd::Hold { sip_call_id } => {
                self.call_named(sip_call_id.as_deref()).and_then(|call| self.calls.toggle_hold(call, now))
            }
            WebRtcCmd::SendDtmf { key } => self.dtmf(None, &key),
            WebRtcCmd::Other(name) => {
                self.diagnose("cti", format!("unknown WebRTCCmd: {name}"));
                Ok(())
            }
        };
    }

    /// The call with that SIP Call-ID; `None` in it where the server leaves the choice to us.
    fn call_named(&self, sip_call_id: Option<&str>) -> Result<Option<CallKey>, Refusal> {
        match sip_call_id {
            Some(id) => {
                let call = self.calls.iter().find(|call| call.sip_call_id == id);
                call.map(|call| Some(call.key)).ok_or(Refusal::NoSuchCall)
            }
            None => Ok(None),
        }
    }

    fn on_phone_event(&mut self, event: &PhoneEvent) {
        self.table.apply(event);
        self.calls.cti_says(&self.table);
        if let (Some(user), Some(number)) = (&mut self.user, &event.dn) {
            user.number = Some(number.clone());
        }
        if let Some(id) = event.sip_call_id() {
            self.calls.cti_told(id);
            self.join(id);
        }
    }

    /// What the server was asked for in a transfer it will not do.
    pub(super) fn transfer_refused(&mut self, reason: &str, now: Instant) {
        if let Ok((calls, user_agent)) = self.at_work() {
            calls.cti_refused(reason, user_agent, now);
        }
    }

    /// Puts on a call's card what the CTI server tells of it.
    pub(super) fn join(&mut self, id: &str) {
        let Some(known) = self.table.by_sip_call_id(id) else { return };
        if let Some(call) = self.calls.by_sip_call_id(id) {
            if known.name.is_some() {
                call.party.name.clone_from(&known.name);
            }
            call.queue.clone_from(&known.queue);
            call.attached = known.attached();
        }
    }
}
