//! Files that a page gives to its user.

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlElement, Url};

use super::window;

/// Has the browser save that text in a file of that name, where and how its user likes. Tells whether it took it.
pub fn save(name: &str, text: &str) -> bool {
    offer(name, text).is_ok()
}

fn offer(name: &str, text: &str) -> Result<(), JsValue> {
    let kind = BlobPropertyBag::new();
    kind.set_type("text/plain;charset=utf-8");
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &kind)?;
    let url = Url::create_object_url_with_blob(&blob)?;
    let clicked = click(name, &url);
    // The browser has taken the file over when the click returns; the address is of no more use.
    Url::revoke_object_url(&url)?;
    clicked
}

fn click(name: &str, url: &str) -> Result<(), JsValue> {
    let document = window().document().ok_or("no document")?;
    let link: HtmlElement = document.create_element("a")?.dyn_into()?;
    link.set_attribute("href", url)?;
    link.set_attribute("download", name)?;
    link.click();
    Ok(())
}
