//! What the core's words mean to the browser, and the browser's to the core.

use web_sys::RtcRtpTransceiverDirection;

use super::super::call::MicrophoneProblem;
use super::super::effect::{Flow, MediaEvent, Plan};
use crate::rtc::devices::DeviceError;
use crate::rtc::peer::PeerError;

/// Whether the person is to be heard; else the call is on hold.
pub(super) fn is_talk(plan: Plan) -> bool {
    plan.audio == Flow::SendReceive
}

/// Whether we send by it.
pub(super) fn sends(flow: Flow) -> bool {
    matches!(flow, Flow::SendReceive | Flow::Send)
}

/// Whether we hear or see by it.
pub(super) fn hears(flow: Flow) -> bool {
    matches!(flow, Flow::SendReceive | Flow::Receive)
}

/// As the browser names it.
pub(super) fn direction(flow: Flow) -> RtcRtpTransceiverDirection {
    match flow {
        Flow::SendReceive => RtcRtpTransceiverDirection::Sendrecv,
        Flow::Send => RtcRtpTransceiverDirection::Sendonly,
        Flow::Receive => RtcRtpTransceiverDirection::Recvonly,
        Flow::Inactive => RtcRtpTransceiverDirection::Inactive,
    }
}

/// A step of a negotiation failed.
pub(super) fn broken(error: PeerError) -> MediaEvent {
    MediaEvent::Broken(error.to_string())
}

/// Why there is no microphone or camera.
pub(super) fn device_problem(error: DeviceError) -> MicrophoneProblem {
    match error {
        DeviceError::Refused => MicrophoneProblem::Refused,
        DeviceError::Absent => MicrophoneProblem::Absent,
        DeviceError::InUse => MicrophoneProblem::InUse,
        DeviceError::InsecurePage => MicrophoneProblem::InsecurePage,
        DeviceError::Other(reason) => MicrophoneProblem::Other(reason),
    }
}
