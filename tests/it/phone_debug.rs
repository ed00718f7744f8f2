//! The log, and SIP messages shown on demand.

use xc_webrtc::phone::api::{Command, Debug, Level};
use xc_webrtc::phone::event::Event;
use xc_webrtc::sip::masked::masked;

use crate::support::phone_world::World;

#[test]
fn events_are_logged_when_asked_for_before_init_or_after() {
    let mut world = World::new();
    world.command(Command::SetDebug(Debug { events: Some(Event::to_line), ..Debug::default() })).unwrap();
    world.log_in();
    assert_eq!(world.log[0], "RE<<< general {\"type\":\"Started\"}");
    world.command(Command::Stop).unwrap();
    world.log.clear();
    world.command(Command::Init).unwrap();
    assert_eq!(world.log.len(), 2, "{:?}", world.log);
    world.command(Command::SetDebug(Debug::default())).unwrap();
    world.log.clear();
    world.command(Command::Stop).unwrap();
    assert_eq!(world.log, [""; 0]);
}

#[test]
fn what_is_less_grave_than_the_level_is_left_out() {
    for (level, lines) in [(Level::Info, 2), (Level::Warn, 2), (Level::Error, 1), (Level::Fatal, 0)] {
        let mut world = World::ready();
        world.command(Command::SetDebug(Debug { level, ..Debug::default() })).unwrap();
        world.receive("nonsense");
        assert!(world.command(Command::Dial { destination: "x y".into(), video: false }).is_err());
        assert_eq!(world.log.len(), lines, "{level:?}: {:?}", world.log);
    }
}

#[test]
fn sip_messages_are_shown_on_demand_without_what_is_secret() {
    let mut world = World::ready();
    world.receive("OPTIONS sip:alice@x SIP/2.0\r\n\r\n");
    assert_eq!(world.shown, [""; 0]);
    world.command(Command::SetDebug(Debug { messages: Some(masked), ..Debug::default() })).unwrap();
    world.receive(
        "INVITE sip:alice@x SIP/2.0\r\nAuthorization: Digest response=\"abc\"\r\n\r\na=ice-pwd:xyz\r\n",
    );
    world.command(Command::Dial { destination: "1002".into(), video: false }).unwrap();
    assert_eq!(world.shown.len(), 2, "{:?}", world.shown);
    assert!(world.shown[0].contains("response=\"***\"") && world.shown[0].contains("a=ice-pwd:***"));
    assert!(world.shown[1].starts_with("INVITE sip:1002@default"));
    let all = world.shown.concat();
    assert!(!all.contains("abc") && !all.contains("xyz"));
}
