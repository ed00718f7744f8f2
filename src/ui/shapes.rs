//! The few shapes in which components hand their closures to Leptos.
//!
//! Leptos compiles its machinery anew for every type of closure and of value that it is given, some kilobytes each
//! time, and all of it is downloaded. So effects, handlers and lists pass through here, where they become one type;
//! a text that changes is a closure giving a `String`, a state an attribute giving a `bool` or a `&'static str`; and
//! what is shared is a plain value beside one small signal that says when to read it again.

use std::sync::Arc;

use leptos::prelude::*;

/// A question that a component is given to ask again and again.
pub type Ask<T> = Callback<(), T>;

/// Runs `effect` now, and again whenever what it read has changed.
pub fn watch(effect: impl FnMut() + 'static) {
    let mut effect: Box<dyn FnMut()> = Box::new(effect);
    Effect::new(move |_: Option<()>| effect());
}

/// A handler of an event.
pub fn on<E>(handler: impl FnMut(E) + 'static) -> Box<dyn FnMut(E)> {
    Box::new(handler)
}

/// A list drawn by key: what stays is moved, not drawn anew.
pub fn keyed(
    keys: impl Fn() -> Vec<u64> + Send + Sync + 'static,
    draw: impl Fn(u64) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let keys: Arc<dyn Fn() -> Vec<u64> + Send + Sync> = Arc::new(keys);
    let draw: Arc<dyn Fn(u64) -> AnyView + Send + Sync> = Arc::new(draw);
    view! { <For each=move || keys() key=|key| *key children=move |key| draw(key) /> }.into_any()
}
