//! What components are written with, instead of `leptos::prelude`: the same names, compiled once.
//!
//! Leptos makes a type of every element, attribute and closure, and compiles its machinery anew for each, some hundred
//! bytes to some kilobytes each time, and all of it is downloaded. So components write `view!` and signals as
//! everywhere in Leptos, but `use super::shapes::*`. Then
//!
//! * an element of a `view!` is one [`Element`], drawn at once (see there for what differs);
//! * a text that changes is a closure giving a `String`, a state an attribute giving a `bool` or a `&'static str`,
//!   a part that comes and goes a closure giving an `AnyView`;
//! * effects, handlers and lists pass through [`watch`], [`on`] and [`keyed`], where they become one type;
//! * what is shared is a plain value beside one small signal that says when to read it again.

mod element;
mod list;
mod value;

use std::any::Any;

pub use element::Tag;
use leptos::prelude::request_animation_frame;
pub use leptos::prelude::{
    AnyView, Callable, Callback, Effect, IntoAny, IntoView, LocalStorage, Memo, RwSignal, StoredValue,
    TimeoutHandle, component, document, event_target_checked, event_target_value, expect_context, on_cleanup,
    provide_context, set_timeout_with_handle, untrack, view, window, window_event_listener,
};
pub use leptos::reactive::traits::*;
use leptos::tachys::view::iterators::StaticVec;
pub use leptos::web_sys::Event;
pub use list::keyed;

/// A question that a component is given to ask again and again.
pub type Ask<T> = Callback<(), T>;

/// What runs when an event comes.
pub type Handler = Box<dyn FnMut(Event)>;

/// Runs `effect` now, and again whenever what it read has changed.
pub fn watch(effect: impl FnMut() + 'static) {
    let mut effect: Box<dyn FnMut()> = Box::new(effect);
    Effect::new(move |_: Option<()>| effect());
}

/// A handler of an event.
pub fn on(handler: impl FnMut(Event) + 'static) -> Handler {
    Box::new(handler)
}

/// Holds that for as long as the present owner lives.
pub fn keep(kept: Box<dyn Any>) {
    let kept = StoredValue::new_local(Some(kept));
    // Taken out before it is dropped: its end may ask for other stored values.
    on_cleanup(move || drop(kept.try_update_value(Option::take)));
}

/// Runs it before the next picture: what is drawn now is in the document then.
pub fn next_frame(run: impl FnOnce() + 'static) {
    let run: Box<dyn FnOnce()> = Box::new(run);
    request_animation_frame(run);
}

/// Several views, one after the other, for good.
pub fn several<V: IntoAny>(views: impl IntoIterator<Item = V>) -> AnyView {
    StaticVec::from(views.into_iter().map(IntoAny::into_any).collect::<Vec<_>>()).into_any()
}

/// A view, or none.
pub fn maybe(view: Option<AnyView>) -> AnyView {
    view.unwrap_or_else(|| ().into_any())
}

/// Says of a view all that Leptos would have to know to print it on a server, where it never is: nothing.
macro_rules! drawn_in_browsers_only {
    ($view:ty, $state:ty) => {
        impl leptos::prelude::RenderHtml for $view {
            type AsyncOutput = Self;
            type Owned = Self;

            const MIN_LENGTH: usize = 0;

            fn dry_resolve(&mut self) {}

            async fn resolve(self) -> Self {
                self
            }

            fn to_html_with_buf(
                self,
                _: &mut String,
                _: &mut leptos::tachys::view::Position,
                _: bool,
                _: bool,
                _: Vec<leptos::tachys::html::attribute::any_attribute::AnyAttribute>,
            ) {
            }

            fn hydrate<const FROM_SERVER: bool>(
                self,
                _: &leptos::tachys::hydration::Cursor,
                _: &leptos::tachys::view::PositionState,
            ) -> $state {
                leptos::prelude::Render::build(self)
            }

            fn into_owned(self) -> Self {
                self
            }
        }

        /// Attributes are given where an element is written, not from outside.
        impl leptos::prelude::AddAnyAttr for $view {
            type Output<A: leptos::tachys::html::attribute::Attribute> = Self;

            fn add_any_attr<A: leptos::tachys::html::attribute::Attribute>(self, _: A) -> Self {
                self
            }
        }
    };
}
use drawn_in_browsers_only;
