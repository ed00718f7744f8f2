//! The media of one call, as a browser has them: one exchange of descriptions at a time, each taking a while
//! (RFC 9429 §4.1.10).

use xc_webrtc::phone::call::CallKey;
use xc_webrtc::phone::effect::{Flow, MediaCommand, MediaEvent, Plan};
use xc_webrtc::sip::sdp::{Description, MediaDirection};
use xc_webrtc::time::Instant;

use super::Phone;
use super::acts::Todo;

#[derive(Debug, Default)]
pub struct Media {
    /// What is being made: an answer to that offer, or an offer.
    making: Option<(Option<String>, Plan)>,
    /// Our offer that is not answered.
    offered: Option<(String, Plan)>,
    /// Ours and theirs, and what flows.
    pub agreed: Option<(String, String, Plan)>,
    pub closed: bool,
}

impl Media {
    /// Whether nothing is under way.
    pub fn is_stable(&self) -> bool {
        self.making.is_none() && self.offered.is_none()
    }

    /// Whether we are heard and hear.
    pub fn talks(&self) -> bool {
        self.agreed.as_ref().is_some_and(|(_, _, plan)| plan.audio == Flow::SendReceive)
    }

    fn begins(&mut self, offer: Option<String>, plan: Plan) -> Result<(), &'static str> {
        if self.making.is_some() {
            return Err("another description is asked for while one is being made");
        }
        self.making = Some((offer, plan));
        Ok(())
    }

    /// There is no microphone.
    pub fn gives_up(&mut self) {
        self.making = None;
    }

    /// What was asked for is there. An answer is agreed on with it.
    pub fn described(&mut self, name: &str) -> MediaEvent {
        let (offer, plan) = self.making.take().expect("it was asked for");
        let sdp = describe(name, offer.as_deref(), plan);
        match offer {
            Some(offer) => {
                self.offered = None;
                self.agreed = Some((sdp.clone(), offer, plan));
            }
            None => self.offered = Some((sdp.clone(), plan)),
        }
        MediaEvent::Described { sdp, video: plan.video == Some(Flow::SendReceive) }
    }

    fn accept(&mut self, answer: String) -> Result<(), &'static str> {
        match self.offered.take() {
            Some((ours, plan)) => {
                self.agreed = Some((ours, answer, plan));
                Ok(())
            }
            None => Err("an answer is handed over and nothing was offered"),
        }
    }
}

impl Phone {
    pub(super) fn told_of_media(&mut self, key: CallKey, command: MediaCommand, now: Instant) {
        let media = self.media.entry(key).or_default();
        if media.closed {
            return self.broke(format!("the media of {key:?} is closed, and told {command:?}"));
        }
        let result = match command {
            MediaCommand::Offer { plan, .. } => media.begins(None, plan),
            MediaCommand::Answer { offer, plan, .. } => media.begins(Some(offer), plan),
            MediaCommand::Accept { answer } => {
                return match media.accept(answer) {
                    Ok(()) => {}
                    Err(problem) => self.broke(format!("{key:?}: {problem}")),
                };
            }
            MediaCommand::Rollback => {
                media.offered = None;
                return;
            }
            MediaCommand::Anew => {
                *media = Default::default();
                return;
            }
            MediaCommand::Close => {
                media.closed = true;
                return;
            }
            _ => return,
        };
        match result {
            Ok(()) => {
                let slow = if self.chance.one_in(20) { 6000 } else { 300 };
                self.later(0, slow, Todo::Describe(key), now);
            }
            Err(problem) => self.broke(format!("{key:?}: {problem}")),
        }
    }
}

/// Our side: of what is offered, what we want of it (RFC 3264 §6.1).
fn describe(name: &str, offer: Option<&str>, plan: Plan) -> String {
    let theirs = offer.map(Description::parse);
    let allowed = theirs.as_ref().and_then(Description::audio_direction);
    let audio = line("audio", plan.audio, allowed);
    let video = match (plan.video, &theirs) {
        (Some(flow), None) => line("video", flow, None),
        (Some(flow), Some(theirs)) if theirs.has_video() => line("video", flow, None),
        (None, Some(theirs)) if theirs.has_video() => "m=video 0 RTP/AVP 96\r\n".to_owned(),
        (Some(_) | None, _) => String::new(),
    };
    format!("v=0\r\ns={name}\r\n{audio}{video}")
}

fn line(medium: &str, flow: Flow, theirs: Option<MediaDirection>) -> String {
    let (sends, hears) = match flow {
        Flow::SendReceive => (true, true),
        Flow::Send => (true, false),
        Flow::Receive => (false, true),
        Flow::Inactive => (false, false),
    };
    let (they_send, they_hear) = match theirs {
        None | Some(MediaDirection::SendRecv) => (true, true),
        Some(MediaDirection::SendOnly) => (true, false),
        Some(MediaDirection::RecvOnly) => (false, true),
        Some(MediaDirection::Inactive) => (false, false),
    };
    let direction = match (sends && they_hear, hears && they_send) {
        (true, true) => "sendrecv",
        (true, false) => "sendonly",
        (false, true) => "recvonly",
        (false, false) => "inactive",
    };
    format!("m={medium} 9 RTP/AVP 96\r\na={direction}\r\n")
}
