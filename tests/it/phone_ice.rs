//! The servers that help calls to find a path: the page's choice, the CTI server's word, and none by default.

use serde_json::json;
use xc_webrtc::phone::api::{Command, IceChoice, IceServer, Refusal};
use xc_webrtc::phone::effect::MediaCommand;
use xc_webrtc::secret::Secret;

use crate::support::phone_world::World;

fn turn(url: &str) -> IceServer {
    IceServer { urls: vec![url.into()], username: Some("u".into()), credential: Some(Secret::new("c")) }
}

/// The server tells its servers.
fn told_by_server(world: &mut World) {
    world.receive_cti(json!({"msgType": "IceConfig", "ctiMessage": {
        "stunConfig": {"urls": ["stun:s.example.org"]},
        "turnConfig": {"urls": ["turn:t.example.org"], "username": "u", "credential": "c", "ttl": 600},
    }}));
}

/// The addresses that the media of a new call is given.
fn used(world: &mut World) -> Vec<String> {
    world.command(Command::Dial { destination: "1002".into(), video: false }).unwrap();
    let urls = world.media.iter().rev().find_map(|(_, command)| match command {
        MediaCommand::Offer { ice, .. } => Some(ice.iter().flat_map(|server| server.urls.clone()).collect()),
        _ => None,
    });
    urls.unwrap()
}

#[test]
fn none_is_used_until_somebody_says_so() {
    assert_eq!(used(&mut World::ready()), [""; 0]);
}

#[test]
fn what_the_server_says_is_used() {
    let mut world = World::ready();
    told_by_server(&mut world);
    assert_eq!(used(&mut world), ["stun:s.example.org", "turn:t.example.org"]);
}

#[test]
fn the_pages_choice_wins_whenever_it_is_made_and_outlives_a_restart() {
    let chosen = IceChoice::These(vec![turn("turns:mine.example.org")]);
    for (choice, expected) in [(IceChoice::None, vec![]), (chosen, vec!["turns:mine.example.org"])] {
        let mut world = World::new();
        world.command(Command::SetIceServers(choice)).unwrap();
        world.log_in();
        told_by_server(&mut world);
        world.command(Command::Stop).unwrap();
        world.command(Command::Init).unwrap();
        assert_eq!(used(&mut world), expected);
    }
}

#[test]
fn the_choice_can_be_given_back_to_the_server() {
    let mut world = World::ready();
    world.command(Command::SetIceServers(IceChoice::None)).unwrap();
    told_by_server(&mut world);
    world.command(Command::SetIceServers(IceChoice::Server)).unwrap();
    assert_eq!(used(&mut world).len(), 2);
}

#[test]
fn what_no_browser_would_take_is_refused_from_the_page_and_left_out_from_the_server() {
    let mut world = World::ready();
    let bare = IceServer { username: None, credential: None, ..turn("turn:x") };
    let empty = IceServer { urls: vec![], ..turn("") };
    for server in [turn("http://x"), turn("turn:"), turn("é"), bare, empty] {
        let choice = IceChoice::These(vec![server]);
        assert_eq!(world.command(Command::SetIceServers(choice)), Err(Refusal::BadIceServer));
    }
    world.receive_cti(json!({"msgType": "IceConfig", "ctiMessage": {
        "stunConfig": {"urls": ["nonsense"]}, "turnConfig": {"urls": ["turn:t.example.org"]},
    }}));
    assert_eq!(used(&mut world), [""; 0]);
    world
        .receive_cti(json!({"msgType": "IceConfig", "ctiMessage": {"stunConfig": null, "turnConfig": null}}));
}
