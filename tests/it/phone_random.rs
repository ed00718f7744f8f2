//! A person, a server and other sides that do anything at any time: the phone keeps its rules, and comes to rest.

use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::json;
use xc_webrtc::phone::api::Command;
use xc_webrtc::phone::call::{CallKey, MicrophoneProblem};
use xc_webrtc::phone::effect::{Input, MediaEvent};
use xc_webrtc::sip::method::Method;

use crate::phone_walk::{commands, settles, states};
use crate::support::phone_world::{RECVONLY, SENDONLY, SENDRECV, THEIR_SDP, World};
use crate::support::{millis, status};

const VIDEO: &str = "v=0\r\nm=audio 9 RTP/AVP 0\r\nm=video 9 RTP/AVP 96\r\n";

/// One thing that happens.
#[derive(Clone, Debug)]
enum Step {
    Command(Index),
    /// The other side answers the last INVITE of ours.
    Answer(u16, &'static str),
    /// It answers the last INFO or REFER.
    AnswerOther(bool, u16),
    /// Somebody calls.
    Call(u8, Option<&'static str>, bool),
    /// Somebody who calls does something inside the call.
    Inside(u8, &'static str, &'static str),
    /// Whom we called first does.
    Callee(&'static str, &'static str),
    Media(Index, MediaEvent),
    MediaReady,
    MediaWaits(bool),
    Devices(bool, bool),
    Cti(&'static str),
    CutSip(bool),
    CutCti,
    Doubt,
    Pass(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let sdp = || select(vec![THEIR_SDP, RECVONLY, SENDONLY, SENDRECV, VIDEO]);
    let code = || select(vec![100, 180, 183, 200, 200, 200, 404, 481, 486, 488, 491, 500, 503, 603]);
    let media = select(vec![
        MediaEvent::RemoteAudio,
        MediaEvent::Flowing,
        MediaEvent::Flowing,
        MediaEvent::Interrupted,
        MediaEvent::Failed,
        MediaEvent::Broken("no".into()),
        MediaEvent::RemoteVideo { on: true },
        MediaEvent::NoCamera(MicrophoneProblem::Absent),
        MediaEvent::NoMicrophone(MicrophoneProblem::Absent),
        MediaEvent::DtmfUnavailable { tones: "12".into() },
        MediaEvent::Described { sdp: "v=0".into(), video: true },
    ]);
    let cti = select(vec![
        r#"{"msgType": "Error", "ctiMessage": {"Error": "no"}}"#,
        r#"{"msgType": "WebRTCCmd", "ctiMessage": {"command": "Hold"}}"#,
        r#"{"msgType": "WebRTCCmd", "ctiMessage": {"command": "Answer"}}"#,
        r#"{"msgType": "WebRTCCmd", "ctiMessage": {"command": "SendDtmf", "key": "1"}}"#,
        r#"{"msgType": "WebRTCCmd", "ctiMessage": {"command": "ToggleMicrophone"}}"#,
    ]);
    let inside = select(vec![
        "ACK", "ACK", "ACK", "ACK", "INVITE", "INVITE", "UPDATE", "BYE", "INFO", "NOTIFY", "CANCEL",
    ]);
    let sipfrag = select(vec!["SIP/2.0 100 Trying", "SIP/2.0 200 OK", "SIP/2.0 486 Busy Here", ""]);
    prop_oneof![
        8 => any::<Index>().prop_map(Step::Command),
        6 => (code(), sdp()).prop_map(|(code, sdp)| Step::Answer(code, sdp)),
        1 => (any::<bool>(), code()).prop_map(|(info, code)| Step::AnswerOther(info, code)),
        2 => (0..4u8, proptest::option::of(sdp()), any::<bool>()).prop_map(|(call, sdp, auto)| Step::Call(call, sdp, auto)),
        6 => (0..4u8, inside, sdp()).prop_map(|(call, method, sdp)| Step::Inside(call, method, sdp)),
        2 => (select(vec!["BYE", "NOTIFY", "NOTIFY"]), sipfrag).prop_map(|(method, body)| Step::Callee(method, body)),
        2 => (any::<Index>(), media).prop_map(|(call, event)| Step::Media(call, event)),
        2 => Just(Step::MediaReady),
        1 => any::<bool>().prop_map(Step::MediaWaits),
        1 => (any::<bool>(), any::<bool>()).prop_map(|(microphone, camera)| Step::Devices(microphone, camera)),
        1 => cti.prop_map(Step::Cti),
        1 => prop::bool::weighted(0.2).prop_map(Step::CutSip),
        1 => Just(Step::CutCti),
        1 => Just(Step::Doubt),
        3 => (0..40_000u64).prop_map(Step::Pass),
    ]
}

fn play(world: &mut World, step: Step, cseq: u32) {
    match step {
        Step::Command(index) => {
            let commands = commands(&world.view());
            // Refusals are no matter here. What ends everything is left to the end, that more may happen before.
            match index.get(&commands) {
                Command::LogIn { .. } | Command::LogOut | Command::Stop => {}
                Command::HangUp(_) | Command::Reject(_) if !cseq.is_multiple_of(3) => {}
                command => drop(world.command(command.clone())),
            }
        }
        Step::Answer(code, sdp) if world.has_sent(&Method::Invite) => {
            world.answer_invite(status(code), Some(sdp).filter(|_| code < 300));
        }
        Step::AnswerOther(info, code) => {
            let method = if info { Method::Info } else { Method::Refer };
            if world.has_sent(&method) {
                world.answer_last(&method, status(code), &[]);
            }
        }
        Step::Call(call, sdp, auto) => {
            let lines = if auto { "Alert-Info: xivo-autoanswer\r\n" } else { "" };
            world.receive_invite_with(&format!("in-{call}-{cseq}"), sdp, lines);
            world.called.push(format!("in-{call}-{cseq}"));
        }
        Step::Inside(call, "CANCEL", _) => {
            if let Some(id) = called(world, call) {
                world.receive_cancel(&id, None);
            }
        }
        Step::Inside(call, method, sdp) => {
            if let Some(id) = called(world, call) {
                let (cseq, lines) = if method == "ACK" {
                    (world.last_invite_cseq(&id), "")
                } else {
                    (cseq, "Content-Type: application/sdp\r\nEvent: refer\r\n")
                };
                world.receive_in_dialog_with(
                    method,
                    &id,
                    cseq,
                    lines,
                    if method == "ACK" { "" } else { sdp },
                );
            }
        }
        Step::Callee(method, body) if world.has_made_a_call() => {
            let lines = "Event: refer\r\nSubscription-State: active\r\n";
            world.receive_from_callee(method, cseq, lines, body);
        }
        Step::Media(index, event) => {
            let keys: Vec<CallKey> = world.view().calls.iter().map(|call| call.key).collect();
            if !keys.is_empty() {
                world.input(Input::Media { call: *index.get(&keys), event });
            }
        }
        Step::MediaReady => world.media_is_ready(),
        Step::MediaWaits(waits) => world.media_waits = waits,
        Step::Devices(microphone, camera) => {
            world.no_microphone = (!microphone).then_some(MicrophoneProblem::Refused);
            world.no_camera = !camera;
        }
        Step::Cti(text) => world.receive_cti(text.parse().unwrap_or(json!(null))),
        Step::CutSip(refuses) => {
            world.sip_refuses = refuses;
            world.cut_sip();
        }
        Step::CutCti => world.cut_cti(),
        Step::Doubt => world.input(Input::Doubt),
        Step::Pass(time) => world.pass(millis(time)),
        Step::Answer(..) | Step::Callee(..) => {}
    }
}

/// The Call-ID of one of those who called and whom we answered in some way.
fn called(world: &World, call: u8) -> Option<String> {
    let ids: Vec<_> = world.called.iter().filter(|id| world.has_tag(id)).collect();
    (!ids.is_empty()).then(|| ids[usize::from(call) % ids.len()].clone())
}

/// What always holds.
fn check(world: &World) {
    let calls = world.view().calls;
    let live = calls.iter().filter(|call| call.state.is_live());
    assert!(live.count() <= 2, "{calls:?}");
    let members: Vec<CallKey> = calls.iter().filter(|call| call.in_conference).map(|call| call.key).collect();
    assert_eq!(members, world.conference, "{calls:?}");
    assert!(calls.iter().filter(|call| call.transfer.is_some()).count() <= 1, "{calls:?}");
    for call in calls.iter().filter(|call| !call.state.is_live()) {
        assert!(call.transfer.is_none() && !call.in_conference && call.consults_for.is_none(), "{call:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_the_phone_keeps_its_rules(
        start in any::<Index>(),
        steps in proptest::collection::vec(step(), 1..80),
    ) {
        let mut world = start.get(&states()).1();
        world.called = world.tagged();
        for (at, step) in steps.into_iter().enumerate() {
            // Above what the beginning has used.
            play(&mut world, step, u32::try_from(at).unwrap() + 10);
            check(&world);
        }
        settles(&mut world, "after all that", &Command::LogOut);
    }
}
