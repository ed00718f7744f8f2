//! The methods of the phone in the browser.

use super::call_choice::CallChoice;
use super::method_row::{Action, MethodRow};
use crate::phone::api::Command;
use crate::phone::call::CallKey;
use crate::ui::field::Field;
use crate::ui::shapes::*;
use crate::ui::state::Ui;

/// Init, stop, dial, answer, reject, hang up, microphone.
#[component]
pub fn WebRtcPanel() -> impl IntoView {
    let t = Ui::current().sample_texts();
    let destination = RwSignal::new(String::new());
    let [answered, rejected, hung_up, muted] = [(); 4].map(|()| StoredValue::new(None::<CallKey>));
    let microphone = move |on| move |()| Command::SetMicrophone { call: muted.get_value(), on };
    view! {
        <MethodRow signature="xc_webrtc.init()" actions=vec![Action::main(t.init, |()| Command::Init)] />
        <MethodRow
            signature="xc_webrtc.dial(destination)"
            actions=vec![
                Action::main(t.dial, move |()| Command::Dial { destination: destination.get_untracked(), video: false }),
            ]
        >
            <Field label=t.destination id="webrtc-destination" value=destination />
        </MethodRow>
        <MethodRow
            signature="xc_webrtc.answer([sipCallId])"
            actions=vec![Action::plain(t.answer, move |()| Command::Answer { call: answered.get_value(), video: false })]
        >
            <CallChoice chosen=answered />
        </MethodRow>
        <MethodRow
            signature="xc_webrtc.reject([sipCallId])"
            actions=vec![Action::plain(t.reject, move |()| Command::Reject(rejected.get_value()))]
        >
            <CallChoice chosen=rejected />
        </MethodRow>
        <MethodRow
            signature="xc_webrtc.hangUp([sipCallId])"
            actions=vec![Action::plain(t.hang_up, move |()| Command::HangUp(hung_up.get_value()))]
        >
            <CallChoice chosen=hung_up />
        </MethodRow>
        <MethodRow
            signature="xc_webrtc.setMicrophone(on, [sipCallId])"
            actions=vec![Action::plain(t.mute, microphone(false)), Action::plain(t.unmute, microphone(true))]
        >
            <CallChoice chosen=muted />
        </MethodRow>
        <MethodRow signature="xc_webrtc.stop()" actions=vec![Action::plain(t.stop, |()| Command::Stop)] />
    }
}
