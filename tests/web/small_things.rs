//! Storage, randomness, the page, and the moments at which it wakes up.

use js_sys::{Function, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Event;
use xc_webrtc::browser::console::{self, Kind};
use xc_webrtc::browser::wake::{self, Wake};
use xc_webrtc::browser::{entropy, page, storage};

use crate::support::{Told, lent};

#[wasm_bindgen_test]
fn what_is_remembered_can_be_read_until_it_is_forgotten() {
    storage::session_set("token", "a.b.c");
    storage::local_set("theme", "dark");
    assert_eq!(storage::session_get("token").as_deref(), Some("a.b.c"));
    assert_eq!(storage::local_get("theme").as_deref(), Some("dark"));
    assert_eq!(storage::local_get("token"), None, "a secret stays in its tab");
    storage::session_remove("token");
    storage::local_remove("theme");
    assert_eq!(storage::session_get("token"), None);
    assert_eq!(storage::local_get("theme"), None);
}

#[wasm_bindgen_test]
fn what_does_not_fit_is_not_remembered_and_nothing_fails() {
    storage::session_set("large", &"x".repeat(20_000_000));
    assert_eq!(storage::session_get("large"), None);
}

#[wasm_bindgen_test]
fn no_seed_comes_twice() {
    assert_ne!(entropy::seed(), entropy::seed());
}

#[wasm_bindgen_test]
fn the_page_knows_where_it_came_from() {
    let origin = page::origin();
    assert!(!origin.secure);
    assert!(origin.host.contains(':'), "{} has a port", origin.host);
    assert!(page::is_secure_context());
    assert!(!page::language().is_empty());
    let title = page::title();
    page::set_title("(1) *55");
    assert_eq!(page::title(), "(1) *55");
    page::set_title(&title);
}

#[wasm_bindgen_test]
fn the_page_tells_when_the_network_or_the_person_comes_back() {
    let before = lent();
    let told = Told::new();
    let watch = wake::watch(told.teller());
    let window = web_sys::window().unwrap();
    let dispatch = |name| window.dispatch_event(&Event::new(name).unwrap()).unwrap();
    dispatch("offline");
    dispatch("online");
    dispatch("pageshow");
    window.document().unwrap().dispatch_event(&Event::new("visibilitychange").unwrap()).unwrap();
    assert_eq!(told.all(), [Wake::Offline, Wake::Online, Wake::Shown, Wake::Shown]);
    drop(watch);
    dispatch("online");
    assert_eq!(told.all().len(), 4);
    assert_eq!(lent(), before);
}

#[wasm_bindgen_test]
fn a_line_of_the_log_is_written_as_it_is() {
    let console = Reflect::get(&js_sys::global(), &"console".into()).unwrap();
    let (name, told) = (JsValue::from_str("warn"), JsValue::from_str("xcTold"));
    let before = Reflect::get(&console, &name).unwrap();
    let listen = Function::new_with_args("line", "globalThis.xcTold = line");
    Reflect::set(&console, &name, &listen).unwrap();
    console::write(Kind::Warn, "<b>RE<<< {}");
    Reflect::set(&console, &name, &before).unwrap();
    let line = Reflect::get(&js_sys::global(), &told).unwrap();
    assert_eq!(line.as_string().as_deref(), Some("<b>RE<<< {}"));
}
