//! Microphones that come and go while people talk, and what is counted of the talk.

use js_sys::{Array, Function, Map, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{console_log, wasm_bindgen_test};
use xc_webrtc::phone::call::{CallKey, MicrophoneProblem};
use xc_webrtc::phone::effect::{MediaCommand, MediaEvent};
use xc_webrtc::rtc::stats::{self, Counter};

use crate::party::{Party, talk};
use crate::support::{call, eventually, property};

#[wasm_bindgen(module = "/tests/web/plug.js")]
extern "C" {
    fn plugs() -> JsValue;
    #[wasm_bindgen(js_name = costOf)]
    fn cost_of(times: u32, work: &Closure<dyn FnMut()>) -> f64;
}

/// Microphones that the test plugs in and out, until this is dropped.
struct Plugs(JsValue);

impl Plugs {
    fn new() -> Self {
        Self(plugs())
    }

    fn are(&self, names: &[&str]) {
        let names: Array = names.iter().map(|name| JsValue::from(*name)).collect();
        Reflect::apply(property(&self.0, "are").unchecked_ref::<Function>(), &self.0, &names).unwrap();
    }

    fn unplug(&self) {
        call(&property(&self.0, "out"));
    }

    /// Those that were sent in the place of others, and whether they were on.
    fn sent(&self) -> Vec<(String, bool)> {
        let sent = Array::from(&property(&self.0, "sent"));
        sent.iter()
            .map(|one| {
                let one = Array::from(&one);
                (one.get(0).as_string().unwrap_or_default(), one.get(1).is_truthy())
            })
            .collect()
    }

    fn opened(&self) -> u32 {
        Array::from(&property(&self.0, "opened")).length()
    }
}

impl Drop for Plugs {
    fn drop(&mut self) {
        call(&property(&self.0, "restore"));
    }
}

async fn two_in_a_talk() -> (Plugs, Party, Party) {
    let (mut alice, mut bob) = (Party::new("alice"), Party::new("bob"));
    let plugs = Plugs::new();
    talk(&mut alice, &mut bob).await;
    // Who answers puts the first microphone into a place that is there.
    property(&plugs.0, "sent").unchecked_into::<Array>().set_length(0);
    (plugs, alice, bob)
}

fn is_now(name: &'static str) -> impl Fn(&MediaEvent) -> bool {
    move |event| *event == MediaEvent::Microphone(Ok(name.into()))
}

#[wasm_bindgen_test]
async fn a_talk_goes_on_by_the_next_microphone_without_a_new_negotiation() {
    let (plugs, alice, bob) = two_in_a_talk().await;
    plugs.are(&["Built-in", "Headset"]);
    alice.media.set_microphone(Some("Headset".into()));
    alice.says(1, "that the headset is used", is_now("Headset")).await;
    let ear = bob.ear(1);
    ear.hears_something("bob").await;
    plugs.unplug();
    alice.says(1, "that the built-in one is used", is_now("Built-in")).await;
    ear.hears_something("bob").await;
    assert_eq!(plugs.sent(), [("Headset".into(), true), ("Built-in".into(), true)]);
    let described = |event: &MediaEvent| matches!(event, MediaEvent::Described { .. });
    assert_eq!(alice.said().iter().filter(|event| described(event)).count(), 1);
}

#[wasm_bindgen_test]
async fn who_is_muted_stays_so_whatever_is_plugged() {
    let (plugs, alice, bob) = two_in_a_talk().await;
    // Both are asked for the same microphone; bob's is left alone.
    drop(bob);
    let names: [&[&str]; 4] =
        [&["Built-in", "Headset"], &["Headset"], &["Dock", "Headset"], &["Built-in", "Dock"]];
    // A fixed walk through all orders of switching, choosing and plugging (Weyl's sequence).
    let mut step = 0_u32;
    let mut wanted = true;
    for turn in 0..24_usize {
        step = step.wrapping_add(0x9E37_79B9);
        if step & 0x8000_0000 != 0 {
            wanted = !wanted;
            alice.order(1, MediaCommand::Microphone { on: wanted });
        }
        let before = plugs.sent().len();
        plugs.are(names[turn % names.len()]);
        let chosen = [None, Some("Headset"), Some("Dock")][(step >> 8) as usize % 3];
        alice.media.set_microphone(chosen.map(str::to_owned));
        if step & 0x4000_0000 != 0 {
            // While the microphone is being opened.
            wanted = !wanted;
            alice.order(1, MediaCommand::Microphone { on: wanted });
        }
        let key = CallKey(1);
        let is_right = || {
            let stream = alice.media.local_audio(key).unwrap();
            let track: web_sys::MediaStreamTrack = stream.get_audio_tracks().get(0).unchecked_into();
            track.enabled() == wanted
        };
        assert!(is_right(), "turn {turn}");
        crate::support::pass(std::time::Duration::from_millis(60)).await;
        assert!(is_right(), "turn {turn}");
        for (name, on) in &plugs.sent()[before..] {
            assert_eq!(*on, wanted, "turn {turn}: {name} is sent");
        }
    }
    assert!(plugs.sent().len() > 2, "{:?}", plugs.sent());
}

#[wasm_bindgen_test]
async fn a_storm_of_changes_is_one() {
    let (plugs, alice, _bob) = two_in_a_talk().await;
    let before = plugs.opened();
    for _ in 0..50 {
        plugs.are(&["Headset", "Built-in"]);
    }
    alice.says(1, "that the headset is used", is_now("Headset")).await;
    // One for alice, one for bob.
    eventually("both have it", || plugs.opened() == before + 2).await;
    plugs.are(&["Headset", "Built-in"]);
    crate::support::pass(std::time::Duration::from_millis(800)).await;
    assert_eq!(plugs.opened(), before + 2, "what is used already is not opened again");
}

#[wasm_bindgen_test]
async fn without_any_microphone_the_talk_goes_on_and_one_that_comes_is_used() {
    let (plugs, alice, bob) = two_in_a_talk().await;
    drop(bob);
    plugs.are(&["Headset"]);
    alice.says(1, "that the headset is used", is_now("Headset")).await;
    plugs.unplug();
    let none = MediaEvent::Microphone(Err(MicrophoneProblem::Absent));
    alice.says(1, "that there is none", |event| *event == none).await;
    plugs.are(&["Dock"]);
    alice.says(1, "that the dock is used", is_now("Dock")).await;
}

#[wasm_bindgen_test]
async fn a_talk_is_sampled_once_a_second_and_no_more_when_it_is_over() {
    let (mut alice, mut bob) = (Party::new("alice"), Party::new("bob"));
    talk(&mut alice, &mut bob).await;
    let samples = || {
        let samples = alice.said().into_iter().filter_map(|event| match event {
            MediaEvent::Sampled(sample) => Some(sample),
            _ => None,
        });
        samples.collect::<Vec<_>>()
    };
    eventually("four samples", || samples().len() >= 4).await;
    let taken = samples();
    let [one, other] = [&taken[2], &taken[3]];
    let apart = other.at.saturating_since(one.at).as_millis();
    assert!(apart >= 900, "{apart} ms");
    assert!(other.received > one.received && other.sent > one.sent, "{taken:?}");
    assert!(other.bytes_received > one.bytes_received && other.bytes_sent > one.bytes_sent, "{taken:?}");
    assert!(other.heard > Some(0) && other.spoken > Some(0), "{taken:?}");
    assert_eq!(other.codec, "opus");
    alice.close(1);
    let count = samples().len();
    crate::support::pass(std::time::Duration::from_millis(1500)).await;
    assert_eq!(samples().len(), count);
}

#[wasm_bindgen_test]
async fn a_sample_costs_the_page_next_to_nothing() {
    let (mut alice, mut bob) = (Party::new("alice"), Party::new("bob"));
    talk(&mut alice, &mut bob).await;
    let connection = alice.media.connection(CallKey(1)).unwrap();
    let report: Map = JsFuture::from(connection.get_stats()).await.unwrap().unchecked_into();
    assert!(stats::read(&report).get(Counter::PacketsSent).is_some());
    let size = report.size();
    let reading = cost_of(200, &Closure::new(move || _ = stats::read(&report)));
    let asking = cost_of(200, &Closure::new(move || _ = connection.get_stats()));
    console_log!("a sample costs {reading:.3} ms to read ({size} entries) and {asking:.3} ms to ask for");
    assert!(reading + asking < 3.0, "{reading} ms and {asking} ms");
}
