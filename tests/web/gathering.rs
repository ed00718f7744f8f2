//! How long the phone waits for candidates: the rule alone, at moments of our own.

use std::time::Duration;

use wasm_bindgen_test::wasm_bindgen_test;
use xc_webrtc::rtc::gathering::Wait;
use xc_webrtc::time::Instant;

const HOST: &str = "candidate:1 1 udp 2122260223 192.0.2.1 50000 typ host generation 0";
const OVER_TCP: &str = "candidate:4 1 tcp 1518214911 192.0.2.1 9 typ host tcptype active generation 0";
const OUTSIDE: &str = "candidate:2 1 udp 1686052607 198.51.100.1 50000 typ srflx raddr 192.0.2.1 rport 50000";
const RELAYED: &str = "candidate:3 1 udp 41885439 203.0.113.1 60000 typ relay raddr 0.0.0.0 rport 0";

fn at(milliseconds: u64) -> Instant {
    Instant::from_origin(Duration::from_millis(milliseconds))
}

#[wasm_bindgen_test]
fn a_short_silence_after_the_last_own_address_ends_the_wait() {
    let mut wait = Wait::new(false, at(0), at(0));
    wait.candidate(HOST, at(4));
    assert_eq!(wait.until(), at(29));
    wait.candidate(HOST, at(20));
    assert_eq!(wait.until(), at(45));
}

#[wasm_bindgen_test]
fn without_any_candidate_the_wait_is_long() {
    let mut wait = Wait::new(false, at(0), at(0));
    assert_eq!(wait.until(), at(3_000));
    wait.candidate("", at(10));
    assert_eq!(wait.until(), at(3_000));
}

#[wasm_bindgen_test]
fn addresses_for_tcp_do_not_end_the_wait() {
    let mut wait = Wait::new(false, at(0), at(0));
    wait.candidate(OVER_TCP, at(4));
    assert_eq!(wait.until(), at(3_000));
    wait.candidate(HOST, at(70));
    assert_eq!(wait.until(), at(95));
    wait.candidate(OVER_TCP, at(90));
    assert_eq!(wait.until(), at(95));
}

#[wasm_bindgen_test]
fn a_server_is_waited_for_but_not_for_ever() {
    let mut wait = Wait::new(true, at(0), at(0));
    wait.candidate(HOST, at(4));
    assert_eq!(wait.until(), at(500));
    wait.candidate(OUTSIDE, at(60));
    assert_eq!(wait.until(), at(85));
    wait.candidate(RELAYED, at(90));
    assert_eq!(wait.until(), at(115));
    wait.candidate(RELAYED, at(480));
    assert_eq!(wait.until(), at(500));
}

#[wasm_bindgen_test]
fn what_was_looked_for_while_it_rang_is_told_at_once() {
    for (begun, until) in [(501, 1_029), (500, 1_014)] {
        let mut wait = Wait::new(false, at(begun), at(1_000));
        wait.candidate(HOST, at(1_004));
        assert_eq!(wait.until(), at(until));
    }
    let mut wait = Wait::new(true, at(0), at(1_000));
    wait.candidate(HOST, at(1_001));
    assert_eq!(wait.until(), at(1_500));
    wait.candidate(OUTSIDE, at(1_002));
    assert_eq!(wait.until(), at(1_012));
}
