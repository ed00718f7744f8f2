//! Every command in every state: a defined result, a reason where it is refused, and never a silent nothing.

use serde_json::json;
use xc_webrtc::phone::api::{
    Client, Command, Debug, DtmfMethod, IceChoice, IceServer, Level, Refusal, TransferMethod, View,
};
use xc_webrtc::phone::call::CallKey;
use xc_webrtc::phone::effect::{Input, MediaEvent};
use xc_webrtc::phone::event::Event;
use xc_webrtc::secret::Secret;
use xc_webrtc::sip::masked::masked;
use xc_webrtc::sip::status::StatusCode;

use crate::support::phone_world::{RECVONLY, SENDONLY, SENDRECV, THEIR_SDP, World};
use crate::support::secs;

const VIDEO: &str = "v=0\r\nm=audio 9 RTP/AVP 0\r\nm=video 9 RTP/AVP 96\r\n";
const AUTO_ANSWER: &str = "Alert-Info: xivo-autoanswer\r\n";

fn dial() -> Command {
    Command::Dial { destination: "1003".into(), video: false }
}

fn attended() -> Command {
    Command::AttendedTransfer { call: None, destination: "1003".into() }
}

fn direct() -> Command {
    Command::DirectTransfer { call: None, destination: "1003".into() }
}

const ANSWER: Command = Command::Answer { call: None, video: false };

/// Does these, one after the other; each has to be accepted.
fn after(mut world: World, commands: &[Command]) -> World {
    for command in commands {
        assert_eq!(world.command(command.clone()), Ok(()), "{command:?}");
    }
    world
}

fn held() -> World {
    let mut world = after(World::in_call(), &[Command::ToggleHold(None)]);
    world.answer_invite(StatusCode::OK, Some(RECVONLY));
    world
}

fn received_call() -> World {
    let mut world = after(World::ringing(), &[ANSWER]);
    world.receive_ack("in-1");
    world
}

fn video_call() -> World {
    let mut world = World::ready();
    world.command(Command::Dial { destination: "1002".into(), video: true }).unwrap();
    world.answer_invite(StatusCode::OK, Some(VIDEO));
    world
}

fn two_active() -> World {
    let mut world = after(World::in_call(), &[dial()]);
    world.answer_invite(StatusCode::NOT_ACCEPTABLE_HERE, None);
    world.answer_invite(StatusCode::OK, Some(THEIR_SDP));
    world
}

fn two_held() -> World {
    let mut world = after(World::in_two_calls(), &[Command::ToggleHold(None)]);
    world.answer_invite(StatusCode::OK, Some(RECVONLY));
    world
}

fn conference() -> World {
    let mut world = after(World::in_two_calls(), &[Command::Conference]);
    world.answer_invite(StatusCode::OK, Some(SENDRECV));
    world
}

fn consulting(method: TransferMethod) -> World {
    let mut world = after(World::in_call(), &[Command::SetTransferMethod(method), attended()]);
    world.answer_invite(StatusCode::OK, Some(RECVONLY));
    world
}

fn consulting_by_cti() -> World {
    let mut world = consulting(TransferMethod::Cti);
    world.receive_invite_with("consult", Some(THEIR_SDP), AUTO_ANSWER);
    world.receive_ack("consult");
    world
}

fn consulting_by_refer() -> World {
    let mut world = consulting(TransferMethod::Refer);
    world.answer_invite(StatusCode::OK, Some(THEIR_SDP));
    world
}

/// With something changed in the world outside.
fn with(mut world: World, change: impl FnOnce(&mut World)) -> World {
    change(&mut world);
    world
}

/// What a state is called, and how it is reached.
pub type State = (&'static str, fn() -> World);

/// A world in every state that a person can find the phone in.
pub fn states() -> Vec<State> {
    vec![
        ("logged out", World::new),
        ("logging in", || {
            with(World::new(), |world| {
                world.http_waits = true;
                world.log_in();
            })
        }),
        ("logged out again", || after(World::ready(), &[Command::LogOut])),
        ("stopped", || after(World::ready(), &[Command::Stop])),
        ("stopping", || {
            with(World::in_call(), |world| {
                world.registrar_waits = true;
                world.command(Command::Stop).unwrap();
            })
        }),
        ("an unusable line", || {
            with(World::new(), |world| {
                world.line = json!({"id": "-"});
                world.log_in();
            })
        }),
        ("no line yet", || {
            with(World::new(), |world| {
                world.line_waits = true;
                world.log_in();
            })
        }),
        ("refused by the registrar", || {
            with(World::new(), |world| {
                world.registrar_says = StatusCode::FORBIDDEN;
                world.log_in();
            })
        }),
        ("no SIP websocket", || {
            with(World::ready(), |world| {
                world.sip_refuses = true;
                world.cut_sip();
            })
        }),
        ("no call", World::ready),
        ("preparing", || {
            with(World::ready(), |world| {
                world.media_waits = true;
                world.command(dial()).unwrap();
            })
        }),
        ("calling", || after(World::ready(), &[dial()])),
        ("it rings there", || {
            with(after(World::ready(), &[dial()]), |world| {
                world.answer_invite(StatusCode::RINGING, None);
            })
        }),
        ("early media", || {
            with(after(World::ready(), &[dial()]), |world| {
                world.answer_invite(StatusCode::SESSION_PROGRESS, Some(THEIR_SDP));
            })
        }),
        ("it rings here", World::ringing),
        ("answering, media under way", || {
            with(World::ringing(), |world| {
                world.media_waits = true;
                world.command(ANSWER).unwrap();
            })
        }),
        ("answering, not acknowledged", || after(World::ringing(), &[ANSWER])),
        ("a call of ours", World::in_call),
        ("a call of theirs", received_call),
        ("a call, no CTI", || with(World::in_call(), World::cut_cti)),
        ("a call, no SIP", || {
            with(World::in_call(), |world| {
                world.sip_refuses = true;
                world.cut_sip();
            })
        }),
        ("a call, the token expired", || {
            with(World::in_call(), |world| {
                world.token_expired = true;
                world.cut_cti();
                world.pass(secs(40));
            })
        }),
        ("holding", || after(World::in_call(), &[Command::ToggleHold(None)])),
        ("holding, the offer under way", || {
            with(World::in_call(), |world| {
                world.media_waits = true;
                world.command(Command::ToggleHold(None)).unwrap();
            })
        }),
        ("holding, after a glare", || {
            with(after(World::in_call(), &[Command::ToggleHold(None)]), |world| {
                world.answer_invite(StatusCode::REQUEST_PENDING, None);
            })
        }),
        ("held", held),
        ("resuming", || after(held(), &[Command::ToggleHold(None)])),
        ("held by the other side", || {
            with(received_call(), |world| {
                world.receive_offer("in-1", 2, SENDONLY);
                world.receive_in_dialog("ACK", "in-1", 2);
            })
        }),
        ("their offer being answered", || {
            with(received_call(), |world| {
                world.media_waits = true;
                world.receive_offer("in-1", 2, SENDONLY);
            })
        }),
        ("a call waiting", || with(World::in_call(), |world| world.receive_invite("in-1", Some(THEIR_SDP)))),
        ("the waiting one being answered", || {
            with(World::in_call(), |world| {
                world.receive_invite("in-1", Some(THEIR_SDP));
                world.command(ANSWER).unwrap();
            })
        }),
        ("dialling a second, the first being held", || after(World::in_call(), &[dial()])),
        ("one held, one active", World::in_two_calls),
        ("one held, one active, swapping", || {
            with(World::in_two_calls(), |world| {
                let call = world.key(0);
                world.command(Command::SetHold { call, on: false }).unwrap();
            })
        }),
        ("two active", two_active),
        ("two held", two_held),
        ("a conference beginning", || after(World::in_two_calls(), &[Command::Conference])),
        ("a conference", conference),
        ("a conference being held", || after(conference(), &[Command::Conference])),
        ("transfer: holding", || after(World::in_call(), &[attended()])),
        ("transfer: the server is to call", || consulting(TransferMethod::Cti)),
        ("transfer: consulting, by CTI", consulting_by_cti),
        ("transfer: completing, by CTI", || after(consulting_by_cti(), &[Command::CompleteTransfer])),
        ("transfer: cancelled, by CTI", || after(consulting_by_cti(), &[Command::CancelTransfer])),
        ("transfer: calling, by REFER", || consulting(TransferMethod::Refer)),
        ("transfer: consulting, by REFER", consulting_by_refer),
        ("transfer: completing, by REFER", || after(consulting_by_refer(), &[Command::CompleteTransfer])),
        ("transfer: direct, by CTI", || after(World::in_call(), &[direct()])),
        ("transfer: direct, by REFER", || {
            after(World::in_call(), &[Command::SetTransferMethod(TransferMethod::Refer), direct()])
        }),
        ("a video call", video_call),
        ("a video call that rings", || {
            with(World::ready(), |world| world.receive_invite("in-1", Some(VIDEO)))
        }),
        ("video being added", || after(World::in_call(), &[Command::SetCamera { call: None, on: true }])),
        ("video offered", || {
            with(received_call(), |world| {
                world.receive_offer("in-1", 2, VIDEO);
                world.receive_in_dialog("ACK", "in-1", 2);
            })
        }),
        ("tones waiting", || {
            after(
                World::in_call(),
                &[
                    Command::SetDtmfMethod(DtmfMethod::Info),
                    Command::Dtmf { call: None, digits: "1,2".into() },
                ],
            )
        }),
        ("over", || after(World::in_call(), &[Command::HangUp(None)])),
        ("no microphone", || {
            with(World::ready(), |world| {
                world.no_microphone = Some(xc_webrtc::phone::call::MicrophoneProblem::Absent);
                world.command(dial()).unwrap();
            })
        }),
    ]
}

/// Every command: without a name, with the names of both calls, with the name of none.
pub fn commands(view: &View) -> Vec<Command> {
    let mut names: Vec<Option<CallKey>> = vec![None, Some(CallKey(999))];
    names.extend(view.calls.iter().map(|call| Some(call.key)));
    let mut commands = vec![
        Command::LogIn {
            server: String::new(),
            login: "alice".into(),
            password: Secret::new("pw"),
            client: Client::default(),
        },
        Command::LogIn {
            server: String::new(),
            login: String::new(),
            password: Secret::new("pw"),
            client: Client::default(),
        },
        Command::LogIn {
            server: "http://[".into(),
            login: "alice".into(),
            password: Secret::new("pw"),
            client: Client::default(),
        },
        Command::Resume,
        Command::TakeOver,
        Command::LogOut,
        Command::Init,
        Command::Stop,
        Command::Dial { destination: "1004".into(), video: false },
        Command::Dial { destination: "sip:x@example.org".into(), video: true },
        Command::Dial { destination: "no number".into(), video: false },
        Command::SetDtmfMethod(DtmfMethod::Info),
        Command::Conference,
        Command::CompleteTransfer,
        Command::CancelTransfer,
        Command::SetTransferMethod(TransferMethod::Refer),
        Command::SetIceServers(IceChoice::None),
        Command::SetIceServers(IceChoice::These(vec![IceServer {
            urls: vec!["nonsense".into()],
            username: None,
            credential: None,
        }])),
        Command::SetDebug(Debug {
            level: Level::Info,
            events: Some(Event::to_line),
            handlers: true,
            messages: Some(masked),
        }),
        Command::cti(&r#"{"command": "dnd", "state": true}"#.parse().unwrap()),
        Command::cti(&"nonsense".into()),
    ];
    for call in names {
        commands.extend([
            Command::Answer { call, video: false },
            Command::Answer { call, video: true },
            Command::Reject(call),
            Command::HangUp(call),
            Command::SetMicrophone { call, on: false },
            Command::ToggleMicrophone(call),
            Command::ToggleHold(call),
            Command::Dtmf { call, digits: "1".into() },
            Command::Dtmf { call, digits: "1,2".into() },
            Command::Dtmf { call, digits: "x".into() },
            Command::AttendedTransfer { call, destination: "1005".into() },
            Command::AttendedTransfer { call, destination: String::new() },
            Command::DirectTransfer { call, destination: "1005".into() },
            Command::DirectTransfer { call, destination: "?".into() },
            Command::SetCamera { call, on: true },
            Command::SetCamera { call, on: false },
            Command::SetVideo { call, on: true },
            Command::SetVideo { call, on: false },
        ]);
        let key = call.unwrap_or(CallKey(0));
        commands.extend([
            Command::Dismiss(key),
            Command::SetHold { call: key, on: true },
            Command::SetHold { call: key, on: false },
        ]);
    }
    commands
}

/// Whether the command may be accepted without anything to see: a setting, or what is so already.
fn may_be_quiet(command: &Command) -> bool {
    match command {
        Command::SetDtmfMethod(_)
        | Command::SetTransferMethod(_)
        | Command::SetIceServers(_)
        | Command::SetDebug(_)
        // Only the driver knows what the tab kept, and of other tabs.
        | Command::Resume
        | Command::TakeOver
        // The phone runs already.
        | Command::Init
        | Command::SetHold { .. }
        | Command::ToggleHold(_)
        | Command::Dtmf { .. }
        | Command::SetVideo { .. } => true,
        Command::LogIn { .. }
        | Command::LogOut
        | Command::Stop
        | Command::Dial { .. }
        | Command::Answer { .. }
        | Command::Reject(_)
        | Command::HangUp(_)
        | Command::Dismiss(_)
        | Command::SetMicrophone { .. }
        | Command::ToggleMicrophone(_)
        | Command::Conference
        | Command::AttendedTransfer { .. }
        | Command::CompleteTransfer
        | Command::CancelTransfer
        | Command::DirectTransfer { .. }
        | Command::SetCamera { .. }
        | Command::DismissMessage(_)
        | Command::Cti(_) => false,
    }
}

#[test]
fn every_command_in_every_state_is_done_or_refused_with_a_reason() {
    let mut walked = 0;
    for (state, world) in states() {
        for command in commands(&world().view()) {
            let mut world = world();
            world.forget();
            let before = world.view();
            let result = world.command(command.clone());
            let seen = world.view() != before || !world.outcome_is_empty();
            assert!(
                result.is_err() || seen || may_be_quiet(&command),
                "{state}: {command:?} was accepted and nothing came of it"
            );
            if let Err(refusal) = &result {
                let live = |view: &View| view.calls.iter().filter(|call| call.state.is_live()).count();
                let harmless = matches!(command, Command::LogIn { .. });
                assert!(
                    harmless || live(&world.view()) == live(&before),
                    "{state}: {command:?}: {refusal:?}"
                );
            }
            // What was refused has begun nothing that would have to end.
            if result.is_ok() {
                settles(&mut world, state, &command);
            }
            walked += 1;
        }
    }
    assert!(walked > 3000, "{walked}");
}

/// Whatever was begun ends: the other sides do not answer, then the person logs out, and nothing is left.
pub fn settles(world: &mut World, state: &str, command: &Command) {
    world.media_is_ready();
    world.pass(secs(90));
    for call in world.view().calls {
        for event in [MediaEvent::RemoteAudio, MediaEvent::Failed] {
            world.input(Input::Media { call: call.key, event });
        }
    }
    // Nobody is logged in: that is refused.
    let _ = world.command(Command::LogOut);
    world.pass(secs(90));
    let view = world.view();
    assert!(view.calls.iter().all(|call| !call.state.is_live()), "{state}: {command:?}: {:?}", view.calls);
    assert!(view.calls.iter().all(|call| !call.in_conference && call.transfer.is_none()));
    assert!(world.conference.is_empty(), "{state}: {command:?}");
    for call in &view.calls {
        let id = &call.sip_call_id;
        let ends = world.terminated.iter().filter(|ended| *ended == id).count();
        assert_eq!(ends, 1, "{state}: {command:?}: one end for each call");
    }
}

#[test]
fn nothing_can_be_asked_of_calls_by_who_has_none() {
    let named = Some(CallKey(999));
    for call in [None, named] {
        let commands = [
            Command::Answer { call, video: false },
            Command::ToggleHold(call),
            Command::Dtmf { call, digits: "1".into() },
            Command::SetCamera { call, on: true },
            Command::SetMicrophone { call, on: true },
            Command::AttendedTransfer { call, destination: "1003".into() },
            Command::DirectTransfer { call, destination: "1003".into() },
        ];
        for command in commands {
            assert_eq!(World::ready().command(command.clone()), Err(Refusal::NoSuchCall), "{command:?}");
        }
    }
}

#[test]
fn the_other_side_may_say_anything_at_any_time() {
    for (state, world) in states() {
        let mut world = world();
        world.input(Input::Awake);
        world.receive_invite("late", Some(VIDEO));
        world.receive_invite_with("auto", None, AUTO_ANSWER);
        if world.has_made_a_call() {
            for (cseq, method) in
                ["NOTIFY", "INFO", "UPDATE", "REFER", "OPTIONS", "BYE"].into_iter().enumerate()
            {
                let cseq = u32::try_from(cseq).unwrap() + 1;
                world.receive_from_callee(method, cseq, "", "");
            }
        }
        settles(&mut world, state, &Command::LogOut);
    }
}
