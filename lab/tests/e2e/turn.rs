//! Calls that take no other way than that of a TURN server, as behind a strict firewall. The server is a real coturn;
//! the page learns of it by CTI.

use serde_json::{Value, json};
use tokio::time::Instant;

use crate::LAB;
use crate::door::Door;
use crate::support::browser::{Browser, Setup};
use crate::support::phone::{CALLS, Phone, READY};
use crate::support::settings::setting;
use crate::support::stage::{Stage, story};

/// Keeps the page's peer connections for [`TAKES_RELAYS_ONLY`].
const WATCH: &str = "
    window.connections = [];
    window.RTCPeerConnection = class extends RTCPeerConnection {
        constructor(...settings) {
            super(...settings);
            window.connections.push(this);
        }
    };";

/// Waits until media came in by a relay; gives the kinds of all ways that were tried.
const TAKES_RELAYS_ONLY: &str = "
    const tried = new Set();
    let received = 0;
    const read = async () => {
        for (const connection of window.connections) {
            const stats = await connection.getStats();
            for (const one of stats.values()) {
                if (one.type === 'local-candidate') tried.add(one.candidateType);
                if (one.type === 'candidate-pair' && one.state === 'succeeded') received += one.bytesReceived;
            }
        }
    };
    while (received === 0) await read();
    return [...tried];";

/// The servers of the run, with credentials made from that secret.
fn servers(secret: &str, ttl: u32) -> Value {
    json!({ "turn": [setting("XC_TURN_URL")], "secret": secret, "ttl": ttl })
}

/// Someone ready for calls, whose page uses only what the TURN server relays.
async fn behind_a_firewall(stage: &Stage, tone: u32) -> Phone {
    let phone = stage.phone_at_login(&LAB, Setup { tone, ..Setup::default() }).await;
    let servers =
        json!({ "turn": [setting("XC_TURN_URL")], "secret": setting("XC_TURN_SECRET"), "ttl": 120 });
    Door::new().ice(&phone.person, servers).await;
    phone.open("/?relay").await;
    phone.look(WATCH, json!({})).await;
    phone.logs_in().await;
    phone.sees(READY).await;
    phone
}

async fn takes_relays_only(browser: &Browser) {
    assert_eq!(browser.look(TAKES_RELAYS_ONLY, json!({})).await, json!(["relay"]));
}

#[tokio::test]
async fn two_people_hear_each_other_by_way_of_a_turn_server_alone() {
    story(async |stage| {
        let caller = behind_a_firewall(stage, 700).await;
        let callee = behind_a_firewall(stage, 1300).await;
        caller.calls(&callee.person.number).await;
        callee.press_in(CALLS, "Answer").await;
        callee.hears(700).await;
        caller.hears(1300).await;
        takes_relays_only(&caller).await;
        takes_relays_only(&callee).await;

        // A change of the session keeps to the way.
        caller.press_in(CALLS, "Hold").await;
        callee.sees_in(CALLS, "On hold by the other side").await;
        caller.press_in(CALLS, "Resume").await;
        callee.hears(700).await;
        takes_relays_only(&callee).await;
        caller.hangs_up().await;
        for phone in [&caller, &callee] {
            Door::new().ice(&phone.person, json!({})).await;
        }
    })
    .await;
}

/// The kinds of the ways that packets go now.
const WAYS: &str = "
    const ways = [];
    for (const connection of window.connections) {
        const stats = await connection.getStats();
        for (const { type, selectedCandidatePairId } of stats.values())
            if (type === 'transport' && selectedCandidatePairId)
                ways.push(stats.get(stats.get(selectedCandidatePairId).localCandidateId).candidateType);
    }
    return ways;";

#[tokio::test]
async fn a_path_that_is_closed_for_good_is_replaced_by_a_turn_server_at_the_second_attempt() {
    story(async |stage| {
        let (phone, door) = (stage.phone_at_login(&LAB, Setup::default()).await, Door::new());
        door.ice(&phone.person, servers(&setting("XC_TURN_SECRET"), 120)).await;
        phone.look(WATCH, json!({})).await;
        phone.logs_in().await;
        phone.sees(READY).await;
        phone.talks_to("*56").await;
        phone.hears(1000).await;
        assert_eq!(phone.look(WAYS, json!({})).await, json!(["host"]));
        door.break_paths_but_relays(&phone.person).await;
        let closed = Instant::now();
        phone.hears_nothing().await;
        phone.hears(1000).await;
        println!("heard again by way of the TURN server after {:.1?}", closed.elapsed());
        assert_eq!(phone.look(WAYS, json!({})).await, json!(["relay"]));
        phone.sees(READY).await;
        phone.hangs_up().await;
        door.ice(&phone.person, json!({})).await;
    })
    .await;
}

#[tokio::test]
async fn credentials_that_are_refused_lead_nowhere_until_the_server_gives_others() {
    const WEBRTC_EVENTS: &str = "WebRTC events";
    story(async |stage| {
        let door = Door::new();
        let phone = stage.phone_at_login(&LAB, Setup::default()).await;
        door.ice(&phone.person, servers("not the secret", 2)).await;
        phone.open("/sample?relay").await;
        phone.logs_in().await;
        phone.sees("\"ttl\":2").await;
        phone.press("Init").await;
        phone.sees_in(WEBRTC_EVENTS, "Registered").await;
        phone.fill_in("WebRTC", "Destination", "*56").await;
        phone.press_in("WebRTC", "Dial").await;
        phone.sees_in(WEBRTC_EVENTS, "No audio path to the other side was found").await;

        // At half their life the page asks for new ones, but not before 30 s are over.
        door.ice(&phone.person, servers(&setting("XC_TURN_SECRET"), 120)).await;
        phone.sees_within("\"ttl\":120", 40).await;
        phone.press_in("WebRTC", "Dial").await;
        phone.hears(1000).await;
        door.ice(&phone.person, json!({})).await;
    })
    .await;
}
