//! The streams of `patches/wasm-streams`.

use futures_util::stream::{self, StreamExt};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;
use wasm_streams::ReadableStream;

#[wasm_bindgen_test]
async fn what_goes_into_a_stream_comes_out_of_it() {
    let items = [Ok("one"), Ok("two"), Err("broken")].map(|item| match item {
        Ok(text) => Ok(JsValue::from_str(text)),
        Err(text) => Err(JsValue::from_str(text)),
    });
    let there = ReadableStream::from_stream(stream::iter(items)).into_raw();
    let back = ReadableStream::from_raw(there).into_stream();
    let read: Vec<_> = back.map(|item| item.map_err(|error| error.as_string())).collect().await;
    assert_eq!(read, [Ok("one".into()), Ok("two".into()), Err(Some("broken".into()))]);
}

#[wasm_bindgen_test]
async fn a_stream_without_more_items_ends() {
    let there = ReadableStream::from_stream(stream::empty()).into_raw();
    assert_eq!(ReadableStream::from_raw(there).into_stream().count().await, 0);
}
