//! The methods of the phone in the browser.

use super::call_choice::CallChoice;
use super::check::Check;
use super::method_row::{Action, Asked, MethodRow};
use crate::phone::api::Command;
use crate::phone::call::CallKey;
use crate::ui::field::Field;
use crate::ui::shapes::*;
use crate::ui::state::Ui;

/// What tells how holding or resuming went.
const HELD: &[&str] = &["Hold", "Resume", "HoldFailed", "ResumeFailed", "Terminated"];

/// What tells how a transfer went: the transferred call ends.
const TRANSFERRED: &[&str] = &["Terminated", "TransferFailed", "HoldFailed"];

/// Start and stop, calls, hold, conference, transfers, tones, microphone, camera.
#[component]
pub fn WebRtcPanel() -> impl IntoView {
    view! {
        <Beginnings />
        <Endings />
        <Holding />
        <Transfers />
        <Devices />
    }
}

/// A field's text.
fn text() -> RwSignal<String> {
    RwSignal::new(String::new())
}

/// A chosen call.
fn choice() -> StoredValue<Option<CallKey>> {
    StoredValue::new(None)
}

#[component]
fn Beginnings() -> impl IntoView {
    let t = Ui::current().sample_texts();
    let destination = text();
    let [with_video, answered_with_video] = [(); 2].map(|()| RwSignal::new(false));
    let answered = choice();
    let dial =
        move || Command::Dial { destination: destination.get_untracked(), video: with_video.get_untracked() };
    let answer =
        move || Command::Answer { call: answered.get_value(), video: answered_with_video.get_untracked() };
    view! {
        <MethodRow
            signature="xc_webrtc.init()"
            actions=vec![Action::main(t.init, || Command::Init).until(&["Registered", "Unregistered", "Failed"])]
        />
        <MethodRow
            signature="xc_webrtc.dial(destination, [video])"
            actions=vec![Action::main(t.dial, dial).until(&["Connected", "Failed", "Terminated"])]
        >
            <Field label=t.destination id="webrtc-destination" value=destination />
            <Check label=t.video value=with_video />
        </MethodRow>
        <MethodRow
            signature="xc_webrtc.answer([sipCallId], [video])"
            actions=vec![Action::main(t.answer, answer).until(&["Connected", "Terminated"])]
        >
            <CallChoice chosen=answered />
            <Check label=t.video value=answered_with_video />
        </MethodRow>
    }
}

#[component]
fn Endings() -> impl IntoView {
    let t = Ui::current().sample_texts();
    let [rejected, hung_up] = [(); 2].map(|()| choice());
    view! {
        <MethodRow
            signature="xc_webrtc.reject([sipCallId])"
            actions=vec![
                Action::plain(t.reject, move || Command::Reject(rejected.get_value())).until(&["Terminated"]),
            ]
        >
            <CallChoice chosen=rejected />
        </MethodRow>
        <MethodRow
            signature="xc_webrtc.hangUp([sipCallId])"
            actions=vec![
                Action::plain(t.hang_up, move || Command::HangUp(hung_up.get_value())).until(&["Terminated"]),
            ]
        >
            <CallChoice chosen=hung_up />
        </MethodRow>
        <MethodRow
            signature="xc_webrtc.stop()"
            actions=vec![Action::plain(t.stop, || Command::Stop).until(&["Unregistered"])]
        />
    }
}

#[component]
fn Holding() -> impl IntoView {
    let t = Ui::current().sample_texts();
    let [toggled, set] = [(); 2].map(|()| choice());
    let set_hold = move |on| {
        move || match set.get_value() {
            Some(call) => Asked::Command(Command::SetHold { call, on }),
            None => Asked::Refused(t.choose_call.to_owned()),
        }
    };
    view! {
        <MethodRow
            signature="xc_webrtc.hold([sipCallId])"
            actions=vec![
                Action::plain(t.toggle_hold, move || Command::ToggleHold(toggled.get_value())).until(HELD),
            ]
        >
            <CallChoice chosen=toggled />
        </MethodRow>
        <MethodRow
            signature="xc_webrtc.setHold(on, sipCallId)"
            actions=vec![
                Action::plain(t.hold, set_hold(true)).until(HELD),
                Action::plain(t.resume, set_hold(false)).until(HELD),
            ]
        >
            <CallChoice chosen=set />
        </MethodRow>
        <MethodRow
            signature="xc_webrtc.conference()"
            actions=vec![
                Action::plain(t.conference, || Command::Conference)
                    .until(&["ConferenceStarted", "Hold", "ResumeFailed", "HoldFailed"]),
            ]
        />
    }
}

#[component]
fn Transfers() -> impl IntoView {
    let t = Ui::current().sample_texts();
    let [consulted, direct] = [(); 2].map(|()| choice());
    let [consulted_at, direct_to] = [(); 2].map(|()| text());
    let attended = move || Command::AttendedTransfer {
        call: consulted.get_value(),
        destination: consulted_at.get_untracked(),
    };
    let directly =
        move || Command::DirectTransfer { call: direct.get_value(), destination: direct_to.get_untracked() };
    view! {
        <MethodRow
            signature="xc_webrtc.attendedTransfer(destination, [sipCallId]) · completeTransfer() · cancelTransfer()"
            actions=vec![
                Action::plain(t.consult, attended).until(&["Connected", "TransferFailed", "HoldFailed", "Failed"]),
                Action::plain(t.complete, || Command::CompleteTransfer).until(TRANSFERRED),
                Action::plain(t.cancel, || Command::CancelTransfer).until(&["Resume", "Terminated"]),
            ]
        >
            <Field label=t.transfer_to id="webrtc-consult" value=consulted_at />
            <CallChoice chosen=consulted />
        </MethodRow>
        <MethodRow
            signature="xc_webrtc.directTransfer(destination, [sipCallId])"
            actions=vec![Action::plain(t.transfer, directly).until(TRANSFERRED)]
        >
            <Field label=t.transfer_to id="webrtc-transfer" value=direct_to />
            <CallChoice chosen=direct />
        </MethodRow>
    }
}

#[component]
fn Devices() -> impl IntoView {
    let t = Ui::current().sample_texts();
    let digits = text();
    let [dtmf, muted, filmed, with_video] = [(); 4].map(|()| choice());
    let send = move || Command::Dtmf { call: dtmf.get_value(), digits: digits.get_untracked() };
    let microphone = move |on| move || Command::SetMicrophone { call: muted.get_value(), on };
    let camera = move |on| move || Command::SetCamera { call: filmed.get_value(), on };
    let video = move |on| move || Command::SetVideo { call: with_video.get_value(), on };
    view! {
        <MethodRow
            signature="xc_webrtc.dtmf(digits, [sipCallId])"
            actions=vec![Action::plain(t.send, send)]
        >
            <Field label=t.digits id="webrtc-digits" value=digits />
            <CallChoice chosen=dtmf />
        </MethodRow>
        <MethodRow
            signature="xc_webrtc.toggleMicrophone([sipCallId]) · setMicrophone(on, [sipCallId])"
            actions=vec![
                Action::plain(t.toggle, move || Command::ToggleMicrophone(muted.get_value())),
                Action::plain(t.mute, microphone(false)),
                Action::plain(t.unmute, microphone(true)),
            ]
        >
            <CallChoice chosen=muted />
        </MethodRow>
        <MethodRow
            signature="xc_webrtc.setCamera(on, [sipCallId])"
            actions=vec![
                Action::plain(t.camera_on, camera(true)),
                Action::plain(t.camera_off, camera(false)),
            ]
        >
            <CallChoice chosen=filmed />
        </MethodRow>
        <MethodRow
            signature="xc_webrtc.setVideo(on, [sipCallId])"
            actions=vec![
                Action::plain(t.add_video, video(true)),
                Action::plain(t.end_video, video(false)),
            ]
        >
            <CallChoice chosen=with_video />
        </MethodRow>
    }
}
