//! Stories told by a real Asterisk 22: its events were recorded, the switchboard answers with what people are told.
//!
//! In the recordings alice (1001), bob (1002) and carol (1003) call each other. What Asterisk would have answered to the
//! switchboard's own questions is made up here.

mod theatre;
mod transfers;

use xc_webrtc::cti::message::command::Command;
use xc_webrtc::cti::message::{Message, WebRtcCmd};

use crate::ami::Notice;
use theatre::*;

#[test]
fn a_number_that_answers_by_itself() {
    let mut theatre = Theatre::of(&["alice"], ECHO);
    theatre.play_on();
    assert_eq!(theatre.story_of("alice"), "Dialing(600) CALLING Established(600) Released(600) AVAILABLE");
    let events = theatre.events_of("alice");
    for event in &events {
        assert_eq!(event.sip_call_id(), Some("call-of-PJSIP/alice"));
        assert_eq!((event.dn.as_deref(), event.variable("XIVO_DSTNUM")), (Some("1001"), Some("600")));
        assert_eq!(event.direction.as_ref().unwrap().as_str(), "Outgoing");
        assert_eq!(event.unique_id, events[0].unique_id);
    }
}

#[test]
fn two_people_talk_and_one_holds() {
    let mut theatre = Theatre::of(&["alice", "bob"], TALK);
    theatre.play_on();
    assert_eq!(
        theatre.story_of("alice"),
        "Dialing(1002) CALLING Dialing(1002) Established(1002) OnHold(1002) ONHOLD Established(1002) CALLING \
         Released(1002) AVAILABLE"
    );
    assert_eq!(
        theatre.story_of("bob"),
        "Ringing(1001) RINGING Established(1001) CALLING Released(1001) AVAILABLE"
    );
    let (alice, bob) = (theatre.events_of("alice"), theatre.events_of("bob"));
    assert_eq!(alice[0].linked_id, bob[0].linked_id);
    assert_ne!(alice[0].unique_id, bob[0].unique_id);
    assert_eq!(bob[0].other_name.as_deref(), Some("Alice Martin"));
    assert_eq!(bob[0].sip_call_id(), Some("call-of-PJSIP/bob"));
    assert_eq!(bob[0].direction.as_ref().unwrap().as_str(), "Incoming");
    assert_eq!(
        (bob[0].variable("XIVO_SRCNUM"), bob[0].variable("XIVO_DSTNUM")),
        (Some("1001"), Some("1002"))
    );
}

#[test]
fn only_people_who_are_followed_are_told() {
    let mut theatre = Theatre::of(&["bob"], TALK);
    theatre.play_on();
    assert!(theatre.told.iter().all(|(login, _)| login == "bob"));
    assert!(theatre.switchboard.greeting("alice").is_empty());
}

#[test]
fn a_refusal_ends_the_call_of_both() {
    let mut theatre = Theatre::of(&["alice", "bob"], REFUSED);
    theatre.play_on();
    assert_eq!(theatre.story_of("alice"), "Dialing(1002) CALLING Dialing(1002) Released(1002) AVAILABLE");
    // Bob's phone refused before it rang.
    assert_eq!(theatre.story_of("bob"), "");
    let mut theatre = Theatre::of(&["alice"], BUSY);
    theatre.play_on();
    assert_eq!(theatre.story_of("alice"), "Dialing(603) CALLING Released(603) AVAILABLE");
}

#[test]
fn a_call_that_ends_before_its_call_id_is_known_is_told_without() {
    let mut theatre = Theatre::of(&["alice"], BUSY);
    theatre.answering = false;
    theatre.play_on();
    assert_eq!(theatre.story_of("alice"), "Dialing(603) Released(603)", "told when it is over");
    assert_eq!(theatre.events_of("alice")[0].sip_call_id(), None);
}

#[test]
fn a_call_that_is_answered_before_its_call_id_is_known_is_told_from_its_beginning() {
    let mut theatre = Theatre::of(&["alice"], ECHO);
    theatre.answering = false;
    theatre.play_until("Hangup", "PJSIP/alice");
    assert_eq!(theatre.story_of("alice"), "");
    for (id, question) in std::mem::take(&mut theatre.questions) {
        theatre.answer(id, &question);
    }
    assert_eq!(theatre.story_of("alice"), "Dialing(600) CALLING Established(600)");
    assert!(theatre.events_of("alice").iter().all(|event| event.sip_call_id().is_some()));
}

#[test]
fn a_dialled_number_is_told_when_its_own_phone_is_called_and_when_it_refuses() {
    let mut theatre = Theatre::of(&["alice"], OWN_PHONE_REFUSES);
    theatre.obey("alice", dial("1003")).unwrap();
    theatre.play_until("Hangup", "PJSIP/alice");
    assert_eq!(
        theatre.story_of("alice"),
        "Dialing(1003) CALLING [your own phone did not take the call that Asterisk made to it]"
    );
    let event = theatre.events_of("alice")[0];
    assert_eq!((event.unique_id.as_deref(), event.variable("USR_ticket")), (Some(ERRAND), Some("A-77")));
    theatre.play_on();
    assert!(theatre.story_of("alice").ends_with("Released(1003) AVAILABLE"));
}

#[test]
fn calls_are_ended_and_the_phone_is_asked_for_the_rest() {
    let mut theatre = Theatre::of(&["alice", "bob"], TALK);
    let hang_up = Command::Hangup { unique_id: None };
    assert_eq!(theatre.obey("bob", hang_up.clone()), Err("there is no such call".into()));
    theatre.play_until("Newstate", "PJSIP/bob");
    theatre.play_next();
    theatre.obey("bob", hang_up.clone()).unwrap();
    assert_eq!(theatre.asked("Hangup").get("Cause"), Some("21"), "it rings: declined");
    theatre.play_until("Hold", "PJSIP/alice");
    theatre.obey("alice", hang_up).unwrap();
    assert_eq!(theatre.asked("Hangup").get("Cause"), Some("16"));
    theatre.told.clear();
    theatre.obey("alice", Command::Hold { unique_id: None }).unwrap();
    theatre.obey("alice", Command::SendDtmf { key: "5".into() }).unwrap();
    let sip_call_id = Some("call-of-PJSIP/alice".to_owned());
    let commands = [WebRtcCmd::Hold { sip_call_id }, WebRtcCmd::SendDtmf { key: "5".into() }];
    assert_eq!(theatre.told, commands.map(|command| ("alice".to_owned(), Message::WebRtcCmd(command))));
}

#[test]
fn nobody_ends_the_call_of_another() {
    let mut theatre = Theatre::of(&["alice", "bob", "carol"], TALK);
    theatre.play_until("Hold", "PJSIP/alice");
    let unique_id = theatre.events_of("bob")[0].unique_id.clone();
    assert_eq!(theatre.obey("carol", Command::Hangup { unique_id }), Err("there is no such call".into()));
}

#[test]
fn attached_data_comes_back() {
    let mut theatre = Theatre::of(&["alice"], TALK);
    theatre.play_until("Hold", "PJSIP/alice");
    let data = |value: &str| Command::SetData { variables: vec![("USR_ticket".into(), value.into())] };
    theatre.obey("alice", data("1")).unwrap();
    theatre.obey("alice", data("2")).unwrap();
    let events = theatre.switchboard.current_calls("alice");
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].variable("USR_ticket"), Some("2"));
}

#[test]
fn what_happened_while_the_link_was_lost_is_told_after() {
    let mut theatre = Theatre::of(&["alice"], TALK);
    theatre.play_until("Hold", "PJSIP/alice");
    let unique_id = theatre.events_of("alice")[0].unique_id.clone().unwrap();
    theatre.switchboard.handle(&Notice::Down("AMI is away".into()));
    assert_eq!(theatre.obey("alice", Command::Hangup { unique_id: None }), Err("AMI is away".into()));
    assert_eq!(theatre.switchboard.current_calls("alice").len(), 1);
    theatre.told.clear();

    // That call is still there, and a new one.
    theatre.switchboard.handle(&Notice::Up);
    theatre.run();
    theatre.hear(&format!(
        "Event: CoreShowChannel\nChannel: PJSIP/alice-00000001\nChannelState: 6\nUniqueid: {unique_id}\n\
         ConnectedLineNum: 1002\nConnectedLineName: Bob Keller\nApplication: Dial\nBridgeId: b1\n\n\
         Event: CoreShowChannel\nChannel: PJSIP/alice-00000002\nChannelState: 5\nUniqueid: 9.9\n\
         ConnectedLineNum: 1003\nApplication: AppDial\nBridgeId: \n\nEvent: CoreShowChannelsComplete\n\n"
    ));
    assert_eq!(theatre.story_of("alice"), "Ringing(1003) BUSY_AND_RINGING");
    theatre.told.clear();

    // Both ended.
    theatre.switchboard.handle(&Notice::Down("AMI is away".into()));
    theatre.switchboard.handle(&Notice::Up);
    theatre.run();
    theatre.hear("Event: CoreShowChannelsComplete\n\n");
    assert_eq!(theatre.story_of("alice"), "Released(1002) RINGING Released(1003) AVAILABLE");
}

#[test]
fn somebody_who_comes_late_sees_the_calls_there_are() {
    let mut theatre = Theatre::of(&[], TALK);
    theatre.play_until("Hold", "PJSIP/alice");
    theatre.switchboard.follow("bob");
    theatre.run();
    assert_eq!(theatre.story_of("bob"), "Established(1001) CALLING");
    assert_eq!(theatre.events_of("bob")[0].direction.as_ref().unwrap().as_str(), "Incoming");
    let greeting = theatre.switchboard.greeting("bob");
    assert!(
        matches!(&greeting[0], Message::UserConfigUpdate(user) if user.full_name.as_deref() == Some("Bob Keller"))
    );
}

#[test]
fn names_that_are_no_endpoints_are_not_asked_for() {
    for evil in ["", "a,b", "x)", "${SHELL(reboot)}", "alice\r\nAction: Command"] {
        let theatre = Theatre::of(&[evil], "");
        assert!(!theatre.switchboard.follows(evil), "{evil:?}");
    }
}

#[test]
fn whatever_asterisk_says_in_whatever_order_is_survived() {
    let recordings = [ECHO, TALK, REFUSED, ATTENDED_TRANSFER, DIRECT_TRANSFER, OWN_PHONE_REFUSES].concat();
    let all = messages(&recordings);
    // Every seventh, every eleventh …, so that all events come without those before them.
    for step in [1, 7, 11, 13, 29, 31] {
        let mut theatre = Theatre::of(&["alice", "bob", "carol"], "");
        for at in 0..all.len() {
            theatre.play(all[at * step % all.len()].clone());
            for command in
                [attended("1003"), Command::CompleteTransfer, direct("1003"), Command::CancelTransfer]
            {
                let _ = theatre.obey("alice", command);
            }
        }
    }
}
