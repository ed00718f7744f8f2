//! The round badge of a party.

use stylers_macro::style_sheet;

use super::icons::{Icon, icon};
use super::shapes::*;

/// Initials, or a short number, or a figure where there is neither.
#[component]
pub fn Badge(
    /// What stands in it.
    initials: Ask<String>,
    /// Twice the size.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    let class = style_sheet!("./style/badge.css");
    view! { class = class,
        <span class="badge" data-large=large.to_string() aria-hidden="true">
            {move || {
                let initials = initials.run(());
                if initials.is_empty() { icon(Icon::Person) } else { initials.into_any() }
            }}
        </span>
    }
}
