//! Where the keyboard is.

use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, Event, FocusEvent, HtmlElement};

use super::shapes::*;

/// Focuses the element of that id. Tells whether it is there.
pub fn focus(id: &str) -> bool {
    element(id).is_some_and(|element| element.focus().is_ok())
}

/// The id of the card in which the focus moved; empty outside of cards.
pub fn card_around(event: &Event) -> String {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target
        .and_then(|element| element.closest("article").ok().flatten())
        .map(|card| card.id())
        .unwrap_or_default()
}

/// Whether the focus leaves for another element; where there is none, it is lost.
pub fn is_moving(event: &Event) -> bool {
    event.dyn_ref::<FocusEvent>().is_some_and(|event| event.related_target().is_some())
}

/// The element of that id.
pub fn element(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Whether nothing has the focus: the element that had it was taken away, and the next Tab would start at the top.
pub fn is_lost() -> bool {
    document().active_element().is_none_or(|element| element.tag_name() == "BODY")
}

/// Whether the person types text there, so that letters are no shortcuts.
pub fn is_typing(element: Option<Element>) -> bool {
    element.is_some_and(|element| matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"))
}

/// Whether the window is wide enough for a keyboard to be likely: focusing a field does not cover half of it.
pub fn is_roomy() -> bool {
    window().inner_width().ok().and_then(|width| width.as_f64()).is_some_and(|width| width >= 720.0)
}
