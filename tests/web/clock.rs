//! Alarms: in the worker, and without one.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use wasm_bindgen_test::wasm_bindgen_test;
use xc_webrtc::browser::clock::{self, Alarm};
use xc_webrtc::time::Instant;

use crate::support::{self, Told, eventually, lent, let_workers_fail, pass};

const SOON: Duration = Duration::from_millis(30);
const LATER: Duration = Duration::from_millis(90);

/// An alarm that tells at which moments it called.
fn alarm() -> (Alarm, Told<Instant>) {
    let calls = Told::new();
    let mut tell = calls.teller();
    (Alarm::new(move || tell(clock::now())), calls)
}

#[wasm_bindgen_test]
async fn an_alarm_calls_once_and_not_before_its_moment() {
    let (alarm, calls) = alarm();
    let moment = clock::now() + SOON;
    alarm.set(Some(moment));
    let called = calls.find("the alarm", |_| true).await;
    assert!(called >= moment);
    pass(SOON).await;
    assert_eq!(calls.all().len(), 1);
}

#[wasm_bindgen_test]
async fn an_alarm_for_a_moment_that_is_past_calls_after_set_returned() {
    let (alarm, calls) = alarm();
    alarm.set(Some(Instant::default()));
    assert!(calls.all().is_empty());
    calls.find("the alarm", |_| true).await;
}

#[wasm_bindgen_test]
async fn a_moved_alarm_calls_at_the_last_moment_only() {
    let (alarm, calls) = alarm();
    let moment = clock::now() + LATER;
    alarm.set(Some(clock::now() + SOON));
    alarm.set(Some(moment));
    let called = calls.find("the alarm", |_| true).await;
    assert!(called >= moment);
    pass(SOON).await;
    assert_eq!(calls.all().len(), 1);
}

#[wasm_bindgen_test]
async fn an_alarm_that_is_called_off_or_dropped_never_calls() {
    let (called_off, one) = alarm();
    let (dropped, other) = alarm();
    called_off.set(Some(clock::now() + SOON));
    dropped.set(Some(clock::now() + SOON));
    called_off.set(None);
    drop(dropped);
    pass(LATER).await;
    assert!(one.all().is_empty() && other.all().is_empty());
}

#[wasm_bindgen_test]
async fn an_alarm_can_be_set_again_to_the_moment_at_which_it_called() {
    let (alarm, calls) = alarm();
    let moment = clock::now() + SOON;
    alarm.set(Some(moment));
    calls.find("the first call", |_| true).await;
    alarm.set(Some(moment));
    eventually("the second call", || calls.all().len() == 2).await;
}

#[wasm_bindgen_test]
async fn an_alarm_may_set_and_drop_itself() {
    let slot: Rc<RefCell<Option<Alarm>>> = Rc::default();
    let calls = Told::new();
    let mut tell = calls.teller();
    let mine = slot.clone();
    let alarm = Alarm::new(move || {
        tell(());
        match calls_left(&mine) {
            true => mine.borrow().as_ref().unwrap().set(Some(clock::now() + Duration::from_millis(1))),
            false => drop(mine.take()),
        }
    });
    fn calls_left(slot: &Rc<RefCell<Option<Alarm>>>) -> bool {
        // Two owners besides this one while the story goes on: the story and the callback.
        Rc::strong_count(slot) > 2
    }
    let keep_going = slot.clone();
    alarm.set(Some(clock::now()));
    slot.replace(Some(alarm));
    eventually("three calls", || calls.all().len() >= 3).await;
    drop(keep_going);
    eventually("the alarm dropped itself", || slot.borrow().is_none()).await;
}

#[wasm_bindgen_test]
async fn all_alarms_share_one_worker_that_ends_with_the_last() {
    let before = lent();
    let (one, _) = alarm();
    let (other, _) = alarm();
    assert_eq!(support::workers(), before[1] + 1);
    drop(one);
    other.set(Some(clock::now() + LATER));
    drop(other);
    assert_eq!(lent(), before);
}

#[wasm_bindgen_test]
async fn alarms_call_where_the_page_forbids_workers() {
    for how in ["at once", "later"] {
        let before = lent();
        let_workers_fail(how);
        let (alarm, calls) = alarm();
        let_workers_fail("no");
        let moment = clock::now() + SOON;
        alarm.set(Some(moment));
        let called = calls.find("the alarm of the page", |_| true).await;
        assert!(called >= moment);
        assert_eq!(support::workers(), before[1], "a worker that failed {how} is not kept");
        alarm.set(Some(clock::now() + LATER));
        drop(alarm);
        assert_eq!(lent(), before);
    }
}
