//! Transfers.

use xc_webrtc::cti::message::command::Command;

use super::theatre::*;

#[test]
fn an_attended_transfer_joins_the_other_two() {
    let mut theatre = Theatre::of(&["alice", "bob", "carol"], ATTENDED_TRANSFER);
    assert_eq!(
        theatre.obey("alice", attended("1003")),
        Err("there is no call that could be transferred".into())
    );
    theatre.play_until("Newchannel", "PJSIP/alice-0000002d");
    assert_eq!(theatre.obey("alice", attended("10 03")), Ok(()));
    assert_eq!(theatre.obey("alice", attended("1003")), Err("a transfer is under way already".into()));
    let originate = theatre.asked("Originate");
    let fields = ["Channel", "Context", "Exten", "ChannelId"].map(|field| originate.get(field).unwrap());
    assert_eq!(fields, ["PJSIP/alice", "office", "1003", ERRAND]);
    let wire = originate.to_wire(1);
    assert!(wire.contains("Variable: PJSIP_HEADER(add,Alert-Info)=xivo-autoanswer\r\n"), "{wire}");

    theatre.play_until("BridgeEnter", "PJSIP/carol");
    let early = theatre.obey("alice", Command::CompleteTransfer);
    assert_eq!(early, Err("nobody has answered the consultation call yet".into()));
    theatre.play_until("BridgeLeave", "PJSIP/bob");
    assert_eq!(theatre.obey("alice", Command::CompleteTransfer), Ok(()));
    let bridge = theatre.asked("Bridge");
    assert!(bridge.get("Channel2").unwrap().starts_with("PJSIP/bob-"), "{bridge:?}");
    assert!(bridge.get("Channel1").unwrap().starts_with("PJSIP/carol-"), "{bridge:?}");
    assert_eq!(bridge.get("Tone"), Some("channel2"), "it ends the music of who waited");

    theatre.play_on();
    assert_eq!(
        theatre.story_of("alice"),
        "Dialing(1002) CALLING Dialing(1002) Established(1002) OnHold(1002) ONHOLD Dialing(1003) CALLING \
         Dialing(1003) Established(1003) Released(1002) Released(1003) AVAILABLE"
    );
    assert!(theatre.story_of("bob").ends_with("Established(1001) CALLING Established(1003)"));
    assert!(theatre.story_of("carol").ends_with("Established(1001) CALLING Established(1002)"));
    // Asterisk has joined what the two calls are called; to carol's phone it is still the same call.
    let carol = theatre.events_of("carol");
    assert_eq!(carol[0].linked_id, carol[carol.len() - 1].linked_id);
    assert_eq!(
        theatre.obey("alice", Command::CompleteTransfer),
        Err("there is no transfer under way".into())
    );
}

#[test]
fn a_call_that_a_lost_page_left_behind_is_not_the_one_to_transfer() {
    let mut theatre = Theatre::of(&["alice", "bob", "carol"], ATTENDED_TRANSFER);
    let (left, _) = TALK.split_once("Event: Hold\n").unwrap();
    theatre.hear(left);
    assert!(theatre.story_of("alice").ends_with("Established(1002)"), "{}", theatre.story_of("alice"));
    theatre.play_until("Newchannel", "PJSIP/alice-0000002d");
    theatre.obey("alice", attended("1003")).unwrap();
    theatre.play_until("BridgeLeave", "PJSIP/bob");
    theatre.obey("alice", Command::CompleteTransfer).unwrap();
    assert_eq!(theatre.asked("Bridge").get("Channel2"), Some("PJSIP/bob-0000002c"));
}

#[test]
fn a_consultation_that_is_cancelled_or_refused_ends_the_transfer_only() {
    let mut theatre = Theatre::of(&["alice"], ATTENDED_TRANSFER);
    theatre.play_until("Newchannel", "PJSIP/alice-0000002d");
    theatre.obey("alice", attended("1003")).unwrap();
    theatre.play_until("BridgeLeave", "PJSIP/bob");
    theatre.obey("alice", Command::CancelTransfer).unwrap();
    let hangup = theatre.asked("Hangup");
    assert!(hangup.get("Channel").unwrap().starts_with("PJSIP/alice-"), "{hangup:?}");
    theatre.hear(&format!("Event: Hangup\nUniqueid: {ERRAND}\n\n"));
    assert!(theatre.story_of("alice").ends_with("Released(1003) ONHOLD"), "{}", theatre.story_of("alice"));

    let mut theatre = Theatre::of(&["alice"], REFUSED_CONSULTATION);
    theatre.play_until("Newchannel", "PJSIP/alice-00000031");
    theatre.obey("alice", attended("1003")).unwrap();
    theatre.play_on();
    assert!(
        theatre.story_of("alice").ends_with("Dialing(1003) Released(1003) ONHOLD"),
        "{}",
        theatre.story_of("alice")
    );
    assert_eq!(theatre.obey("alice", Command::CancelTransfer), Err("there is no transfer under way".into()));
}

#[test]
fn a_consultation_that_is_cancelled_before_it_began_never_does() {
    let mut theatre = Theatre::of(&["alice"], ATTENDED_TRANSFER);
    theatre.play_until("Newchannel", "PJSIP/alice-0000002d");
    theatre.obey("alice", attended("1003")).unwrap();
    theatre.obey("alice", Command::CancelTransfer).unwrap();
    // Asterisk was asked already: what comes is ended as soon as it is there.
    theatre.play_until("NewConnectedLine", "PJSIP/alice-0000002d");
    assert!(theatre.asked("Hangup").get("Channel").unwrap().starts_with("PJSIP/alice-"));
    let failed = format!("Event: OriginateResponse\nActionID: {}\nResponse: Failure\n\n", theatre.originate);
    theatre.hear(&failed);
    assert!(!theatre.story_of("alice").contains('['), "{}", theatre.story_of("alice"));
}

#[test]
fn a_number_that_does_not_exist_gets_nobody() {
    let mut theatre = Theatre::of(&["alice"], TALK);
    theatre.play_until("Hold", "PJSIP/alice");
    theatre.number_exists = false;
    for command in [direct("4711"), attended("4711"), dial("4711")] {
        theatre.told.clear();
        theatre.obey("alice", command).unwrap();
        assert_eq!(theatre.story_of("alice"), "[this number does not exist]");
    }
    assert!(!theatre.asked.iter().any(|action| matches!(action.name(), "Originate" | "BlindTransfer")));
    assert_eq!(theatre.obey("alice", Command::CancelTransfer), Err("there is no transfer under way".into()));
}

#[test]
fn a_direct_transfer_sends_the_other_side_on() {
    let mut theatre = Theatre::of(&["alice", "bob", "carol"], DIRECT_TRANSFER);
    theatre.play_until("BridgeLeave", "PJSIP/alice");
    theatre.obey("alice", direct("1003")).unwrap();
    let transfer = theatre.asked("BlindTransfer");
    assert!(transfer.get("Channel").unwrap().starts_with("PJSIP/alice-"), "{transfer:?}");
    assert_eq!((transfer.get("Exten"), transfer.get("Context")), (Some("1003"), Some("office")));
    theatre.play_on();
    assert!(theatre.story_of("alice").ends_with("Established(1002) CALLING Released(1002) AVAILABLE"));
    assert!(theatre.story_of("bob").ends_with("Established(1001) Established(1003)"));
    assert!(theatre.story_of("carol").ends_with("Ringing(1002) RINGING Established(1002) CALLING"));
}
