//! One method: its signature, its arguments, its buttons, its last result.

use leptos::children::ChildrenFn;
use stylers_macro::style_sheet;

use crate::phone::api::Command;
use crate::ui::button::{Button, Look};
use crate::ui::shapes::*;
use crate::ui::state::{Ui, move_on};

/// A button of a row, and the command that it sends.
pub struct Action {
    /// Its words.
    pub label: &'static str,
    /// How it looks.
    pub look: Look,
    /// Made anew at each press, of what the fields hold then.
    pub command: Callback<(), Command>,
}

impl Action {
    /// One of several things.
    pub fn plain(label: &'static str, command: impl Fn(()) -> Command + Send + Sync + 'static) -> Self {
        Self { label, look: Look::Plain, command: Callback::new(command) }
    }

    /// The main thing.
    pub fn main(label: &'static str, command: impl Fn(()) -> Command + Send + Sync + 'static) -> Self {
        Self { look: Look::Main, ..Self::plain(label, command) }
    }
}

/// Sends its command and shows in words what came of it.
#[component]
pub fn MethodRow(
    /// The method's name and arguments, as a page would write them.
    signature: &'static str,
    /// Its buttons.
    actions: Vec<Action>,
    /// The fields of its arguments.
    #[prop(optional)]
    children: Option<ChildrenFn>,
) -> impl IntoView {
    let class = style_sheet!("./style/method_row.css");
    let ui = Ui::current();
    let t = ui.sample_texts();
    // The refusal in words, and how often something was asked.
    let refusal = RwSignal::new(String::new());
    let asked = RwSignal::new(0);
    let words = move || match (asked.get(), refusal.get()) {
        (0, _) => String::new(),
        (_, refusal) if refusal.is_empty() => t.accepted.to_owned(),
        (_, refusal) => (t.refused)(&refusal),
    };
    let commands: Vec<_> = actions.iter().map(|action| action.command).collect();
    let run = move |command: Callback<(), Command>| {
        refusal.set(ui.ask(command.run(())));
        move_on(asked);
    };
    // Enter in a field does what the first button does.
    let submit = on(move |event| {
        event.prevent_default();
        if let Some(first) = commands.first() {
            run(*first);
        }
    });
    let buttons = actions.into_iter().enumerate().map(|(index, action)| {
        let Action { label, look, command } = action;
        if index == 0 {
            view! { <Button label=label look=look submits=true /> }.into_any()
        } else {
            view! { <Button label=label look=look press=move |()| run(command) /> }.into_any()
        }
    });
    view! { class = class,
        <form class="row" novalidate on:submit=submit>
            <code class="signature">{signature}</code>
            <div class="fields">{children.map(|children| children())}</div>
            <div class="buttons">{several(buttons)}</div>
            <output class="result" data-accepted=move || refusal.with(String::is_empty).to_string()>{move || words()}</output>
        </form>
    }
}
