//! Silence, loss, and devices that come and go in a call: what the person sees and is told.

use serde_json::{Value, json};
use thirtyfour::Key;

use crate::LAB;
use crate::door::Door;
use crate::support::phone::{CALLS, Phone};
use crate::support::stage::story;

const NOTHING_COMES: &str = "Nothing arrives from the other side.";
const POOR: &str = "The connection is poor";
const NO_SOUND: &str = "Your microphone gives no sound.";
const SILENT: &str = "The other side is silent.";
const NO_MICROPHONE: &str = "The other side does not hear you";

/// Notes the connections of calls that are begun from now on.
const CONNECTIONS: &str = "
  const Connection = RTCPeerConnection;
  window.connections = [];
  window.RTCPeerConnection = class extends Connection {
    constructor(...given) {
      super(...given);
      connections.push(this);
    }
  };";

/// From the last packet that came to the words about it, in seconds.
const TOLD_AFTER: &str = "
  let last = [-1, 0];
  while (!text().includes(given.text)) {
    let packets = 0;
    for (const { type, kind, packetsReceived } of (await connections.at(-1).getStats()).values())
      if (type === 'inbound-rtp' && kind === 'audio')
        packets += packetsReceived;
    if (packets !== last[0])
      last = [packets, performance.now()];
    else if (performance.now() - last[1] > 20000)
      throw new Error('nothing is told. The page shows: ' + text());
    await new Promise(done => setTimeout(done, 20));
  }
  return (performance.now() - last[1]) / 1000;";

/// Microphones that a story plugs in and out, as `plug`; and how many offers were made, as `offers`.
fn plugs() -> String {
    let script = include_str!("../../../tests/web/plug.js").replace("export ", "");
    let offers = "const { createOffer } = RTCPeerConnection.prototype;
        window.offers = 0;
        RTCPeerConnection.prototype.createOffer = function (...given) {
            offers += 1;
            return createOffer.apply(this, given);
        };";
    format!("{script} window.plug = plugs(); {offers}")
}

async fn does(phone: &Phone, script: &str) -> Value {
    phone.look(script, json!({})).await
}

#[tokio::test]
async fn packets_that_stop_are_told_within_five_seconds() {
    story(async |stage| {
        let phone = stage.phone(&LAB, 700).await;
        let door = Door::new();
        does(&phone, CONNECTIONS).await;
        phone.talks_to("*56").await;
        phone.hears(1000).await;
        phone.sees_in(CALLS, "Good · Opus").await;
        door.lose_media(&phone.person, 100).await;
        let told_after = phone.look(TOLD_AFTER, json!({ "text": NOTHING_COMES })).await;
        println!("told {told_after} s after the last packet");
        // The rule is four seconds; this looks at the page so often that it slows it down.
        assert!(told_after.as_f64().unwrap() < 7.0, "{told_after} s");
        phone.is_told(NOTHING_COMES).await;
        door.lose_media(&phone.person, 0).await;
        phone.sees_no_more(NOTHING_COMES).await;
        phone.hears(1000).await;
        phone.hangs_up().await;
    })
    .await;
}

#[tokio::test]
async fn a_microphone_that_gives_no_sound_is_told_but_not_while_it_is_off_or_on_hold() {
    story(async |stage| {
        let phone = stage.phone(&LAB, 0).await;
        phone.talks_to("*56").await;
        phone.sees_in(CALLS, NO_SOUND).await;
        phone.is_told(NO_SOUND).await;
        phone.press_in(CALLS, "Mute").await;
        phone.sees_no_more(NO_SOUND).await;
        phone.press_in(CALLS, "Mute").await;
        phone.sees_in(CALLS, NO_SOUND).await;
        phone.press_in(CALLS, "Hold").await;
        phone.sees_no_more(NO_SOUND).await;
        phone.hangs_up().await;
    })
    .await;
}

#[tokio::test]
async fn silence_of_the_other_side_is_told_while_its_packets_come() {
    story(async |stage| {
        let (caller, callee) = (stage.phone(&LAB, 700).await, stage.phone(&LAB, 0).await);
        caller.calls(&callee.person.number).await;
        callee.press_in(CALLS, "Answer").await;
        callee.hears(700).await;
        caller.sees_in(CALLS, SILENT).await;
        caller.is_told(SILENT).await;
        callee.sees_in(CALLS, NO_SOUND).await;
        callee.press_in(CALLS, "Hold").await;
        caller.sees_no_more(SILENT).await;
        caller.hangs_up().await;
    })
    .await;
}

#[tokio::test]
async fn a_loss_is_drawn_warned_of_and_can_be_saved() {
    story(async |stage| {
        let phone = stage.phone(&LAB, 700).await;
        let door = Door::new();
        phone.talks_to("*56").await;
        phone.sees_in(CALLS, "Good · Opus").await;
        door.lose_media(&phone.person, 40).await;
        phone.sees_in(CALLS, "Poor · Opus").await;
        phone.sees(POOR).await;
        phone.is_told(POOR).await;
        does(&phone, "[...document.querySelectorAll('summary')].find(fold => fold.innerText.includes('Opus')).click()").await;
        phone.sees_in(CALLS, "% lost").await;
        let saved = does(
            &phone,
            "const saved = new Promise(done => URL.createObjectURL = file => (file.text().then(done), 'blob:none'));
             HTMLAnchorElement.prototype.click = function () { window.savedAs = this.download; };
             [...document.querySelectorAll('button')].find(button => button.innerText.includes('Save')).click();
             return [await saved, window.savedAs];",
        )
        .await;
        let table = saved[0].as_str().unwrap();
        assert_eq!(saved[1], "call-quality.csv");
        assert!(table.starts_with("second,mos_hundredths,lost_per_mille"), "{table}");
        assert!(table.lines().count() > 4, "{table}");
        door.lose_media(&phone.person, 0).await;
        phone.sees_no_more(POOR).await;
        phone.hangs_up().await;
    })
    .await;
}

#[tokio::test]
async fn a_call_goes_on_by_another_microphone_and_comes_back_to_the_chosen_one() {
    story(async |stage| {
        let phone = stage.phone(&LAB, 700).await;
        does(&phone, &plugs()).await;
        does(&phone, "plug.are('Built-in', 'Headset')").await;
        phone.press("Settings").await;
        phone.sees("Headset").await;
        phone.choose("Microphone", "Headset").await;
        phone.type_keys(Key::Escape + "").await;
        phone.talks_to("*55").await;
        phone.hears(700).await;
        assert_eq!(does(&phone, "return plug.opened.map(({ label }) => label)").await, json!(["Headset"]));
        let offers = does(&phone, "return offers").await;

        phone.press_in(CALLS, "Mute").await;
        does(&phone, "plug.out()").await;
        phone.sees_in(CALLS, "You are heard by Built-in now.").await;
        phone.is_told("You are heard by Built-in now.").await;
        phone.hears_nothing().await;
        phone.press_in(CALLS, "Mute").await;
        phone.hears(700).await;

        // One headset is several devices: a storm of changes is one.
        does(&phone, "for (let time = 0; time < 20; time += 1) plug.are('Built-in', 'Headset')").await;
        phone.sees_in(CALLS, "You are heard by Headset now.").await;
        phone.hears(700).await;
        let told = does(&phone, "return [plug.opened.map(({ label }) => label), plug.sent, offers]").await;
        let sent = json!([["Built-in", false], ["Headset", true]]);
        assert_eq!(told, json!([["Headset", "Built-in", "Headset"], sent, offers]));
        phone.hangs_up().await;
    })
    .await;
}

#[tokio::test]
async fn a_microphone_that_is_forbidden_in_a_call_is_told_and_heard_again_once_it_is_allowed() {
    story(async |stage| {
        let phone = stage.phone(&LAB, 700).await;
        does(&phone, &plugs()).await;
        phone.talks_to("*55").await;
        phone.hears(700).await;
        does(&phone, "plug.forbid()").await;
        phone.sees_in(CALLS, NO_MICROPHONE).await;
        phone.is_told(NO_MICROPHONE).await;
        phone.sees("No microphone").await;
        phone.is_in_call().await;
        does(&phone, "plug.refused = false; plug.are('Built-in')").await;
        phone.sees_no_more(NO_MICROPHONE).await;
        phone.hears(700).await;
        phone.hangs_up().await;
    })
    .await;
}
