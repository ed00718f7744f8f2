//! Waiting for promises.

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;
use xc_webrtc::browser::promise::settled;

#[wasm_bindgen_test]
async fn a_promise_is_kept_or_broken() {
    assert_eq!(settled(&Promise::resolve(&JsValue::from(7))).await, Ok(JsValue::from(7)));
    assert_eq!(settled(&Promise::reject(&JsValue::from("no"))).await, Err(JsValue::from("no")));
}

#[wasm_bindgen_test]
async fn nobody_has_to_wait() {
    let (mut keep, mut break_it) = (None, None);
    let late = Promise::new(&mut |resolve, _| keep = Some(resolve));
    let broken = Promise::new(&mut |_, reject| break_it = Some(reject));
    drop(settled(&late));
    drop(settled(&broken));
    drop(settled(&Promise::new(&mut |_, _| ())));
    for settle in [keep, break_it] {
        settle.unwrap().call0(&JsValue::UNDEFINED).unwrap();
    }
    // Theirs runs before this, and throws nothing.
    assert!(settled(&late).await.is_ok());
}
