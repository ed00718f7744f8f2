//! One method: its signature, its arguments, its buttons, its last result.

use leptos::children::ChildrenFn;
use stylers_macro::style_sheet;

use super::bench::Bench;
use crate::phone::api::Command;
use crate::ui::button::{Button, Look};
use crate::ui::shapes::*;
use crate::ui::state::Ui;

/// What pressing a button comes to.
#[derive(Debug)]
pub enum Asked {
    /// The phone is asked.
    Command(Command),
    /// The answer is known already.
    Answer(String),
    /// The fields hold nothing that could be asked: why.
    Refused(String),
}

impl From<Command> for Asked {
    fn from(command: Command) -> Self {
        Self::Command(command)
    }
}

/// A button of a row.
#[derive(Clone, Copy)]
pub struct Action {
    label: &'static str,
    look: Look,
    /// Asked anew at each press, of what the fields hold then.
    ask: Callback<(), Asked>,
    /// The events and messages that tell what came of it.
    awaits: &'static [&'static str],
}

impl Action {
    /// One of several things.
    pub fn plain<A: Into<Asked>>(label: &'static str, ask: impl Fn() -> A + Send + Sync + 'static) -> Self {
        let ask = Callback::new(move |()| ask().into());
        Self { label, look: Look::Plain, ask, awaits: &[] }
    }

    /// The main thing.
    pub fn main<A: Into<Asked>>(label: &'static str, ask: impl Fn() -> A + Send + Sync + 'static) -> Self {
        Self { look: Look::Main, ..Self::plain(label, ask) }
    }

    /// Shows also the first of these events or messages that follows.
    pub fn until(self, awaits: &'static [&'static str]) -> Self {
        Self { awaits, ..self }
    }
}

/// Does what its buttons say, and shows in words what came of it and how long that took.
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
    let bench = Bench::current();
    let t = ui.sample_texts();
    let accepted = RwSignal::new(true);
    let words = RwSignal::new(String::new());
    // What came of it later.
    let answer = RwSignal::new(String::new());
    let result = move || match (words.get(), answer.get()) {
        (words, answer) if answer.is_empty() => words,
        (words, answer) => format!("{words} · {answer}"),
    };
    let run = move |action: Action| {
        answer.set(String::new());
        let (is_accepted, said) = match action.ask.run(()) {
            Asked::Answer(known) => (true, known),
            Asked::Refused(why) => (false, (t.refused)(&why)),
            Asked::Command(command) => {
                let begun = ui.moment();
                // Before it is asked: some answers come at once.
                bench.wait(action.awaits, begun, answer);
                let refusal = ui.ask(command);
                let took = (t.took)(ui.moment().saturating_since(begun));
                if refusal.is_empty() {
                    (true, format!("{} · {took}", t.accepted))
                } else {
                    bench.forget(answer);
                    answer.set(String::new());
                    (false, format!("{} · {took}", (t.refused)(&refusal)))
                }
            }
        };
        accepted.set(is_accepted);
        words.set(said);
    };
    // Enter in a field does what the first button does.
    let first = actions.first().copied();
    let submit = on(move |event| {
        event.prevent_default();
        if let Some(first) = first {
            run(first);
        }
    });
    let buttons = actions.into_iter().enumerate().map(|(index, action)| {
        let Action { label, look, .. } = action;
        if index == 0 {
            view! { <Button label=label look=look submits=true /> }.into_any()
        } else {
            view! { <Button label=label look=look press=move |()| run(action) /> }.into_any()
        }
    });
    // A row that goes with a change of language waits no more.
    on_cleanup(move || bench.forget(answer));
    view! { class = class,
        <form class="row" novalidate on:submit=submit>
            <code class="signature">{signature}</code>
            {maybe(children.map(|children| {
                view! { class = class, <div class="fields">{children()}</div> }.into_any()
            }))}
            <div class="buttons">{several(buttons)}</div>
            <output class="result" data-accepted=move || accepted.get().to_string()>{move || result()}</output>
        </form>
    }
}
