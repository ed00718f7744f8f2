//! The methods of `xc_webrtc`: the phone in the browser.

use super::call_choice::CallChoice;
use super::check::Check;
use super::method_call::MethodCall;
use super::method_row::{Action, MethodRow};
use crate::ui::field::Field;
use crate::ui::shapes::*;
use crate::ui::state::Ui;
use crate::ui::texts::SampleTexts;

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

/// The SIP Call-ID of a chosen call.
fn choice() -> StoredValue<Option<String>> {
    StoredValue::new(None)
}

/// A method with that field, which holds an object, as an argument that has to be there.
fn of_object(
    method: &'static str,
    argument: &'static str,
    field: RwSignal<String>,
    t: &SampleTexts,
) -> MethodCall {
    match field.get_untracked() {
        empty if empty.trim().is_empty() => MethodCall::xc_webrtc(method).required(argument, "", t),
        typed => MethodCall::xc_webrtc(method).object(argument, &typed, t),
    }
}

/// A method without arguments.
fn plain(method: &'static str) -> impl Fn() -> MethodCall + Send + Sync + 'static {
    move || MethodCall::xc_webrtc(method)
}

/// A method of a call.
fn of(
    method: &'static str,
    call: StoredValue<Option<String>>,
) -> impl Fn() -> MethodCall + Send + Sync + 'static {
    move || MethodCall::xc_webrtc(method).maybe(call.get_value())
}

/// A method that switches something in a call.
fn switch(
    method: &'static str,
    on: bool,
    call: StoredValue<Option<String>>,
) -> impl Fn() -> MethodCall + Send + Sync + 'static {
    move || MethodCall::xc_webrtc(method).with(on).maybe(call.get_value())
}

#[component]
fn Beginnings() -> impl IntoView {
    let ui = Ui::current();
    let t = ui.sample_texts();
    let [destination, line] = [(); 2].map(|()| text());
    let [with_video, answered_with_video] = [(); 2].map(|()| RwSignal::new(false));
    let answered = choice();
    let name = move || ui.view_now(|view| view.user.as_ref().map(|user| user.full_name.clone()));
    let init = move || MethodCall::xc_webrtc("init").with(name().unwrap_or_default());
    let by_line = move || of_object("initByLineConfig", "lineCfg", line, t).with(name().unwrap_or_default());
    // The library says itself what it does not dial.
    let dial = move || {
        let destination = destination.get_untracked();
        MethodCall::xc_webrtc("dial").with(destination.trim()).with(with_video.get_untracked())
    };
    let answer = move || {
        let video = answered_with_video.get_untracked();
        MethodCall::xc_webrtc("answerBySipCallId").maybe(answered.get_value()).with(video)
    };
    view! {
        <MethodRow
            signature="xc_webrtc.init(name)"
            actions=vec![Action::main(t.init, init).until(&["Registered", "Unregistered", "Failed"])]
        />
        <MethodRow
            signature="xc_webrtc.initByLineConfig(lineCfg, name)"
            actions=vec![Action::plain(t.init_by_line, by_line).until(&["Registered", "Unregistered", "Failed"])]
        >
            <Field label=t.line id="webrtc-line" value=line />
        </MethodRow>
        <MethodRow
            signature="xc_webrtc.dial(destination, [video])"
            actions=vec![Action::main(t.dial, dial).until(&["Connected", "Failed", "Terminated"])]
        >
            <Field label=t.destination id="webrtc-destination" value=destination />
            <Check label=t.video value=with_video />
        </MethodRow>
        <MethodRow
            signature="xc_webrtc.answerBySipCallId([sipCallId], [video])"
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
            actions=vec![Action::plain(t.reject, of("reject", rejected)).until(&["Terminated"])]
        >
            <CallChoice chosen=rejected />
        </MethodRow>
        <MethodRow
            signature="xc_webrtc.hangup([sipCallId])"
            actions=vec![Action::plain(t.hang_up, of("hangup", hung_up)).until(&["Terminated"])]
        >
            <CallChoice chosen=hung_up />
        </MethodRow>
        <MethodRow
            signature="xc_webrtc.stop()"
            actions=vec![Action::plain(t.stop, plain("stop")).until(&["Terminated"])]
        />
    }
}

#[component]
fn Holding() -> impl IntoView {
    let t = Ui::current().sample_texts();
    let [toggled, set] = [(); 2].map(|()| choice());
    view! {
        <MethodRow
            signature="xc_webrtc.holdBySipCallId([sipCallId])"
            actions=vec![Action::plain(t.toggle_hold, of("holdBySipCallId", toggled)).until(HELD)]
        >
            <CallChoice chosen=toggled />
        </MethodRow>
        <MethodRow
            signature="xc_webrtc.setHold(on, sipCallId)"
            actions=vec![
                Action::plain(t.hold, switch("setHold", true, set)).until(HELD),
                Action::plain(t.resume, switch("setHold", false, set)).until(HELD),
            ]
        >
            <CallChoice chosen=set />
        </MethodRow>
        <MethodRow
            signature="xc_webrtc.conference()"
            actions=vec![
                Action::plain(t.conference, plain("conference"))
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
    let to = move |method, destination: RwSignal<String>, call: StoredValue<Option<String>>| {
        move || {
            let destination = destination.get_untracked();
            MethodCall::xc_webrtc(method).with(destination.trim()).maybe(call.get_value())
        }
    };
    view! {
        <MethodRow
            signature="xc_webrtc.attendedTransfer(destination, [sipCallId]) · completeTransfer() · cancelTransfer()"
            actions=vec![
                Action::plain(t.consult, to("attendedTransfer", consulted_at, consulted))
                    .until(&["Connected", "TransferFailed", "HoldFailed", "Failed"]),
                Action::plain(t.complete, plain("completeTransfer")).until(TRANSFERRED),
                Action::plain(t.cancel, plain("cancelTransfer")).until(&["Resume", "Terminated"]),
            ]
        >
            <Field label=t.transfer_to id="webrtc-consult" value=consulted_at />
            <CallChoice chosen=consulted />
        </MethodRow>
        <MethodRow
            signature="xc_webrtc.directTransfer(destination, [sipCallId])"
            actions=vec![Action::plain(t.transfer, to("directTransfer", direct_to, direct)).until(TRANSFERRED)]
        >
            <Field label=t.transfer_to id="webrtc-transfer" value=direct_to />
            <CallChoice chosen=direct />
        </MethodRow>
    }
}

#[component]
fn Devices() -> impl IntoView {
    let t = Ui::current().sample_texts();
    let [digits, chosen] = [(); 2].map(|()| text());
    let [dtmf, muted, filmed, with_video, measured] = [(); 5].map(|()| choice());
    // One call for each key, as where keys are pressed one after the other; without any, the library says what it wants.
    let send = move || {
        let typed = digits.get_untracked();
        let key = |key: &str| MethodCall::xc_webrtc("dtmf").with(key).maybe(dtmf.get_value());
        let keys: Vec<_> = typed.trim().chars().map(|digit| key(&digit.to_string())).collect();
        if keys.is_empty() { vec![key("")] } else { keys }
    };
    view! {
        <MethodRow signature="xc_webrtc.dtmf(digit, [sipCallId])" actions=vec![Action::plain(t.send, send)]>
            <Field label=t.digits id="webrtc-digits" value=digits />
            <CallChoice chosen=dtmf />
        </MethodRow>
        <MethodRow
            signature="xc_webrtc.toggleMicrophone([sipCallId]) · setMicrophone(on, [sipCallId])"
            actions=vec![
                Action::plain(t.toggle, of("toggleMicrophone", muted)),
                Action::plain(t.mute, switch("setMicrophone", false, muted)),
                Action::plain(t.unmute, switch("setMicrophone", true, muted)),
            ]
        >
            <CallChoice chosen=muted />
        </MethodRow>
        <MethodRow
            signature="xc_webrtc.setCamera(on, [sipCallId])"
            actions=vec![
                Action::plain(t.camera_on, switch("setCamera", true, filmed)),
                Action::plain(t.camera_off, switch("setCamera", false, filmed)),
            ]
        >
            <CallChoice chosen=filmed />
        </MethodRow>
        <MethodRow
            signature="xc_webrtc.setVideo(on, [sipCallId])"
            actions=vec![
                Action::plain(t.add_video, switch("setVideo", true, with_video)),
                Action::plain(t.end_video, switch("setVideo", false, with_video)),
            ]
        >
            <CallChoice chosen=with_video />
        </MethodRow>
        <MethodRow
            signature="xc_webrtc.setDevices({ microphone, camera, speaker })"
            actions=vec![Action::plain(t.choose, move || of_object("setDevices", "devices", chosen, t))]
        >
            <Field label=t.devices id="webrtc-devices" value=chosen />
        </MethodRow>
        <MethodRow
            signature="xc_webrtc.getStats([sipCallId])"
            actions=vec![Action::plain(t.statistics, of("getStats", measured))]
        >
            <CallChoice chosen=measured />
        </MethodRow>
        <MethodRow
            signature="xc_webrtc.calls() · getSipStackStatus()"
            actions=vec![
                Action::plain(t.get, plain("calls")),
                Action::plain(t.status, plain("getSipStackStatus")),
            ]
        />
    }
}
