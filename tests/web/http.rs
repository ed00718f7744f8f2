//! Requests: answered by the server of this page, and not answered.

use std::time::Duration;

use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use xc_webrtc::browser::{http, page};

use crate::support::{LIMIT, call, fetch_for_ever, lent, replace, within};

fn this_server(path: &str) -> String {
    format!("http://{}{path}", page::origin().host)
}

#[wasm_bindgen_test]
async fn an_answer_has_its_status_and_body() {
    let headers = [("Accept", "text/html".to_owned())];
    let (status, body) = http::send("GET", &this_server("/"), &headers, None, LIMIT).await.unwrap();
    assert_eq!(status, 200);
    assert!(body.contains("<html") || body.contains("<!DOCTYPE"), "{body}");
    let (status, _) = http::send("GET", &this_server("/nothing-is-here"), &[], None, LIMIT).await.unwrap();
    assert_eq!(status, 404);
}

#[wasm_bindgen_test]
async fn nobody_at_the_address_is_no_answer() {
    let before = lent();
    let body = Some("{}");
    let outcome = within("a refusal", http::send("POST", "http://127.0.0.1:9/", &[], body, LIMIT)).await;
    assert!(!outcome.unwrap_err().reason.is_empty());
    assert_eq!(lent(), before);
}

#[wasm_bindgen_test]
async fn what_cannot_be_sent_is_no_answer_either() {
    let broken = [("Bad Name", "x".to_owned())];
    assert!(http::send("GET", &this_server("/"), &broken, None, LIMIT).await.is_err());
    assert!(http::send("GET", "http://[broken", &[], None, LIMIT).await.is_err());
}

#[wasm_bindgen_test]
async fn a_server_that_never_answers_is_given_up() {
    let silent = Closure::<dyn FnMut(JsValue, JsValue) -> JsValue>::new(|url: JsValue, options: JsValue| {
        fetch_for_ever(&url, &options)
    });
    let restore = replace(&web_sys::window().unwrap(), "fetch", silent.as_ref());
    let sent = http::send("GET", "http://silent.invalid/", &[], None, Duration::from_millis(50));
    let outcome = within("giving up", sent).await;
    call(&restore);
    assert!(outcome.unwrap_err().reason.starts_with("no answer within"));
}
