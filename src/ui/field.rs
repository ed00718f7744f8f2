//! A labelled text field.

use super::shapes::*;
use stylers_macro::style_sheet;

/// A field whose text is a signal.
#[component]
pub fn Field(
    /// What to type, shown above.
    label: &'static str,
    /// The element's id.
    id: &'static str,
    /// `text` or `password`.
    #[prop(default = "text")]
    kind: &'static str,
    /// What a password manager may fill in, by the names of HTML; `off` for nothing.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// What is in it.
    value: RwSignal<String>,
    /// The id of the sentence that explains it.
    #[prop(optional)]
    explained_by: &'static str,
    /// Its text is what is wrong.
    #[prop(optional)]
    wrong: Option<Ask<bool>>,
) -> impl IntoView {
    let class = style_sheet!("./style/field.css");
    let explained_by = (!explained_by.is_empty()).then_some(explained_by);
    // Password managers fire `change` where they do not fire `input`.
    let typed = move |event| value.set(event_target_value(&event));
    let is_wrong = move || wrong.is_some_and(|wrong| wrong.run(()));
    view! { class = class,
        <div class="field">
            <label class="label" for=id>{label}</label>
            <input
                class="input"
                id=id
                name=id
                type=kind
                autocomplete=autocomplete
                autocapitalize="none"
                spellcheck="false"
                aria-describedby=explained_by
                aria-invalid=move || is_wrong().then_some("true")
                prop:value=move || value.get()
                on:input=on(typed)
                on:change=on(typed)
            />
        </div>
    }
}
