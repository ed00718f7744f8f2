//! What tests can see and do: faults, messages as they please, calls from outside, and a list of what there is.

use serde::Serialize;
use tokio::time::{Duration, Instant};
use xc_webrtc::cti::message::CallDirection;
use xc_webrtc::sip::status::StatusCode;

use super::Exchange;
use super::auto_answer::AutoAnswer;
use super::call::{Call, CallId, End, Identity, Side, Stage};
use super::change::Change;
use super::fault::{Fault, Faults, Obstacle};
use super::leg::{Leg, Link, State};
use super::registrar::Registrar;
use crate::media::MediaKind;

/// A call there is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CallReport {
    /// The lab's number for it.
    pub id: u64,
    /// `summoning`, `ringing` or `talking`.
    pub stage: &'static str,
    /// What its channels share in phone events.
    pub linked_id: String,
    /// Who calls.
    pub caller: EndReport,
    /// Who is called.
    pub callee: EndReport,
}

/// One end of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EndReport {
    /// The login; `null` for the lab itself.
    pub user: Option<String>,
    /// The number.
    pub number: String,
    /// The SIP Call-ID.
    pub sip_call_id: String,
    /// The channel in phone events.
    pub unique_id: String,
    /// Its phones.
    pub phones: Vec<PhoneReport>,
}

/// One phone in a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PhoneReport {
    /// Where its INVITE stands.
    pub state: &'static str,
    /// Its websocket is open.
    pub connected: bool,
    /// Its media is connected.
    pub media: bool,
    /// Frames of sound that came from it.
    pub audio_received: u64,
    /// Frames of sound that went to it.
    pub audio_sent: u64,
    /// Pictures that came from it.
    pub video_received: u64,
    /// Pictures that went to it.
    pub video_sent: u64,
    /// What was dialled in the call.
    pub digits: String,
}

/// A contact there is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RegistrationReport {
    /// The login.
    pub user: String,
    /// The phone's address.
    pub contact: String,
    /// Seconds until it ends.
    pub expires_in: u64,
    /// How often it was refreshed in time.
    pub refreshes: u32,
}

impl Exchange {
    /// The calls there are.
    pub fn call_reports(&self) -> Vec<CallReport> {
        self.calls.iter().map(|(id, call)| self.report_call(*id, call)).collect()
    }

    /// The contacts there are.
    pub fn registration_reports(&self) -> Vec<RegistrationReport> {
        let now = Instant::now();
        let report = |binding: &super::registrar::Binding| RegistrationReport {
            user: binding.account.login.clone(),
            contact: binding.contact.to_string(),
            refreshes: binding.refreshes,
            expires_in: binding.expires_at.saturating_duration_since(now).as_secs(),
        };
        self.registrar.all().iter().map(report).collect()
    }

    /// Makes a fault happen.
    ///
    /// # Errors
    ///
    /// When it cannot: the text says why.
    pub fn plan(&mut self, fault: Fault) -> Result<(), String> {
        match fault {
            Fault::RefuseReinvite { status, user } => {
                self.faults.obstacles.push((user, Obstacle::Refusal(refusal(status)?)));
            }
            Fault::RefuseReplaces { status, user } => self.faults.kept_back.push((user, refusal(status)?)),
            Fault::DelayReinvite { ms, user } => {
                self.faults.obstacles.push((user, Obstacle::Delay(Duration::from_millis(ms.into()))));
            }
            Fault::CrossReinvite { user } => self.faults.obstacles.push((user, Obstacle::Crossing)),
            Fault::ShortRegistrations { seconds, user } => {
                let longest = &mut self.faults.longest_registrations;
                longest.retain(|(whose, _)| *whose != user);
                if seconds > 0 {
                    longest.push((user, seconds));
                }
            }
            Fault::SendReinvite { user } => self.send_reinvites(&user),
            Fault::AutoAnswer { form } => self.auto_answer = form,
            Fault::KeepHolds { on } => self.faults.keep_holds = on,
            Fault::DropSipSockets { user } => self.sip.cut(user.as_deref()),
            Fault::DropCtiSockets { user } => self.cti.cut(user.as_deref()),
            Fault::DelaySip { ms } => self.sip.delay = Duration::from_millis(ms.into()),
            Fault::RefuseSip { on } => self.faults.refuse_sip = on,
            Fault::RefuseCti { on } => self.faults.refuse_cti = on,
            Fault::SilenceSip { on, user } => self.faults.silent_sip.set(on, user),
            Fault::SilenceCti { on, user } => self.faults.silent_cti.set(on, user),
            Fault::BreakPaths { but_relays, user } => {
                for leg in self.legs.values().filter(|leg| is_of(leg, user.as_deref())) {
                    leg.media.break_path(but_relays);
                }
            }
            Fault::ForgetCalls { user } => self.forget_calls(user.as_deref()),
            Fault::Restart => {
                self.forget_calls(None);
                self.registrar = Registrar::default();
                self.sip.cut(None);
                self.cti.cut(None);
            }
            Fault::LoseMedia { of_hundred, user } => {
                for leg in self.legs.values().filter(|leg| is_of(leg, user.as_deref())) {
                    leg.media.lose(of_hundred);
                }
            }
            Fault::RefuseLogon { on } => self.faults.refuse_logon = on,
            Fault::ExpireTokens { user } => self.tokens.expire(user.as_deref(), Instant::now()),
            Fault::ExpireNonces => self.guard.forget_nonces(),
            Fault::Md5Only { on } => self.guard.md5_only = on,
            Fault::AnswerHttp { status, body } => self.faults.http = Some((status, body)),
            Fault::Clear => {
                self.faults = Faults::default();
                self.sip.delay = Duration::ZERO;
                self.guard.md5_only = false;
                self.auto_answer = AutoAnswer::default();
            }
        }
        Ok(())
    }

    /// Calls in which that login has a phone are gone, as if they had never been.
    fn forget_calls(&mut self, login: Option<&str>) {
        let of_login = self.legs.values().filter(|leg| is_of(leg, login));
        for id in of_login.filter_map(|leg| leg.call).collect::<Vec<_>>() {
            self.calls.remove(&id);
            self.legs.retain(|_, leg| leg.call != Some(id));
        }
    }

    /// A re-INVITE in every established session of a login in which nothing else is under way.
    fn send_reinvites(&mut self, login: &str) {
        let quiet = |leg: &&Leg| {
            leg.account.login == login && matches!(leg.state, State::Talking { change: Change::None, .. })
        };
        for id in self.legs.values().filter(quiet).map(|leg| leg.id).collect::<Vec<_>>() {
            let wish = self.wish(id);
            self.prepare_offer(id, wish, None);
        }
    }

    /// Sends a text by every SIP websocket of a login, as it is; gives how many there are.
    pub fn send_sip_text(&self, login: &str, text: &str) -> usize {
        let sockets = self.sip.of(Some(login));
        sockets.iter().for_each(|socket| self.sip.send(*socket, text.to_owned()));
        sockets.len()
    }

    /// Sends a frame by every CTI websocket of a login, as it is; gives how many there are.
    pub fn send_cti_text(&self, login: &str, frame: &str) -> usize {
        let sockets = self.cti.of(Some(login));
        sockets.iter().for_each(|socket| self.cti.send(*socket, frame.to_owned()));
        sockets.len()
    }

    /// A call from outside to someone: the caller is heard as a tone. `None` when no phone can ring.
    pub fn call_from_outside(&mut self, login: &str, number: String, name: String) -> Option<u64> {
        let called = self.directory.by_name(login)?.number.clone();
        let id = CallId(self.next_id());
        let unique_id = self.next_unique_id();
        let identity = Identity { account: None, number, name };
        let caller = End::new(identity, unique_id.clone(), self.names.call_id(), CallDirection::Outgoing);
        let callee = self.called_end(&called);
        let call = Call::new(unique_id, [caller, callee], Stage::Ringing, vec![MediaKind::Audio]);
        self.calls.insert(id, call);
        self.place(id);
        self.calls.contains_key(&id).then_some(id.0)
    }

    /// Ends a call by its number in the list, as the caller would; false when there is none.
    pub fn end_call_from_outside(&mut self, id: u64) -> bool {
        let id = CallId(id);
        let there = self.calls.contains_key(&id);
        self.end_call(id, super::cti::refusal_by(Side::Caller), None);
        there
    }

    fn report_call(&self, id: CallId, call: &Call) -> CallReport {
        CallReport {
            id: id.0,
            stage: match call.stage {
                Stage::Summoning => "summoning",
                Stage::Ringing => "ringing",
                Stage::Talking => "talking",
            },
            linked_id: call.linked_id.clone(),
            caller: self.report_end(&call.caller),
            callee: self.report_end(&call.callee),
        }
    }

    fn report_end(&self, end: &End) -> EndReport {
        EndReport {
            user: end.account.as_ref().map(|account| account.login.clone()),
            number: end.number.clone(),
            sip_call_id: end.call_id.clone(),
            unique_id: end.unique_id.clone(),
            phones: end.legs.iter().filter_map(|leg| self.legs.get(leg)).map(report_phone).collect(),
        }
    }
}

fn is_of(leg: &Leg, login: Option<&str>) -> bool {
    login.is_none_or(|login| leg.account.login == login)
}

fn refusal(status: u16) -> Result<StatusCode, String> {
    let refusal = StatusCode::new(status).filter(|status| status.code() >= 300);
    refusal.ok_or_else(|| format!("{status} is no refusal"))
}

fn report_phone(leg: &Leg) -> PhoneReport {
    let frames = leg.media.frames();
    PhoneReport {
        state: leg.state_name(),
        connected: matches!(leg.link, Link::Up(_)),
        media: leg.media_connected,
        audio_received: frames.audio_received,
        audio_sent: frames.audio_sent,
        video_received: frames.video_received,
        video_sent: frames.video_sent,
        digits: leg.digits.clone(),
    }
}
