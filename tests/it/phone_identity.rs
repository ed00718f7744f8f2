//! Who is there, as the card shows it: what a trusted server says, before, when and after a call is taken.

use xc_webrtc::phone::api::Command;
use xc_webrtc::phone::call::{CallState, Outcome};
use xc_webrtc::sip::header::Name;
use xc_webrtc::sip::status::StatusCode;

use crate::support::phone_world::{THEIR_SDP, World};

fn party(world: &World) -> (String, Option<String>) {
    let party = world.call().party;
    (party.number, party.name)
}

fn named(number: &str, name: &str) -> (String, Option<String>) {
    (number.to_owned(), Some(name.to_owned()))
}

#[test]
fn a_call_that_somebody_else_picked_up_shows_them_and_calls_again_what_was_dialled() {
    let mut world = World::ready();
    world.command(Command::Dial { destination: "1002".into(), video: false }).unwrap();
    let carol = [(Name::P_ASSERTED_IDENTITY, "\"Carol\" <sip:1003@default>")];
    world.answer_invite_with(StatusCode::RINGING, &carol, None);
    assert_eq!(party(&world), named("1002", "Carol"));
    world.answer_invite_with(StatusCode::OK, &carol, Some(THEIR_SDP));
    assert_eq!(party(&world), named("1003", "Carol"));
    assert_eq!(world.call().again(), "1002");
    // Pages are told of what they dialled, as ever.
    assert!(world.events.contains(&"outgoing Connected: 1002".to_owned()), "{:?}", world.events);
}

#[test]
fn a_connected_line_update_shows_who_has_the_call_now() {
    let mut world = World::ringing();
    world.command(Command::Answer { call: None, video: false }).unwrap();
    world.receive_ack("in-1");
    let line = "Remote-Party-ID: \"Carol\" <sip:1003@default>;party=calling;privacy=off;screen=yes\r\n";
    world.receive_in_dialog_with("INVITE", "in-1", 2, line, THEIR_SDP);
    assert_eq!(party(&world), named("1003", "Carol"));
    let line =
        "P-Asserted-Identity: \"Dave\" <sip:1004@default>\r\nSupported: timer\r\nSession-Expires: 1800\r\n";
    world.receive_in_dialog_with("UPDATE", "in-1", 3, line, "");
    assert_eq!(party(&world), named("1004", "Dave"));
    assert!(world.sent_words().last().unwrap().contains("200"), "{:?}", world.sent_words());
}

#[test]
fn who_sent_the_call_on_is_named() {
    for (line, by) in [
        ("Diversion: \"Bob\" <sip:1005@default>;reason=unconditional\r\n", Some(("1005", Some("Bob")))),
        ("History-Info: <sip:1005@default>;index=1, <sip:1001@default>;index=1.1\r\n", Some(("1005", None))),
        ("Diversion: <sip:1005@default>;privacy=full\r\n", None),
        ("", None),
    ] {
        let mut world = World::ready();
        world.receive_invite_with("in-1", Some(THEIR_SDP), line);
        let forwarded_by = world.call().forwarded_by;
        let by = by.map(|(number, name)| (number.to_owned(), name.map(str::to_owned)));
        assert_eq!(forwarded_by.map(|by| (by.number, by.name)), by, "{line}");
    }
}

#[test]
fn a_name_is_a_text_and_nothing_else() {
    for (sent, shown) in [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("a\u{202E}b\u{2066}c\u{7}d\u{9b}e", "abcde"),
        ("  Ana \\\"x\\\" & Co  ", "Ana \"x\" & Co"),
    ] {
        let mut world = World::ready();
        let line = format!("P-Asserted-Identity: \"{sent}\" <sip:1003@default>\r\n");
        world.receive_invite_with("in-1", Some(THEIR_SDP), &line);
        assert_eq!(party(&world), named("1003", shown));
    }
}

#[test]
fn a_call_that_was_taken_elsewhere_is_not_missed_whoever_counts_it() {
    for (reason, elsewhere) in [
        ("SIP;cause=200;text=\"Call completed elsewhere\"", true),
        ("Q.850;cause=26", true),
        ("Q.850;cause=16, SIP ; cause=200", true),
        ("Q.850;cause=16", false),
        ("SIP;cause=600;text=\"Busy everywhere\"", false),
    ] {
        let mut world = World::ringing();
        world.receive_cancel("in-1", Some(reason));
        match world.call().state {
            CallState::Ended { outcome: Outcome::AnsweredElsewhere, .. } => assert!(elsewhere, "{reason}"),
            CallState::Ended { outcome: Outcome::Missed, .. } => assert!(!elsewhere, "{reason}"),
            other => panic!("{other:?}"),
        }
    }
}
