//! The round badge of a party.

use leptos::prelude::*;
use stylers_macro::style_sheet;

use super::format;
use super::icons::{Icon, icon};

/// Initials, or a short number, or a figure.
#[component]
pub fn Badge(
    /// The party's name and number.
    #[prop(into)]
    party: Signal<(Option<String>, String)>,
    /// Twice the size.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    let class = style_sheet!("./style/badge.css");
    let inside = move || {
        let initials = party.with(|(name, number)| format::initials(name.as_deref(), number));
        if initials.is_empty() { icon(Icon::Person) } else { initials.into_any() }
    };
    view! { class = class,
        <span class="badge" data-large=large.to_string() aria-hidden="true">{inside}</span>
    }
}
