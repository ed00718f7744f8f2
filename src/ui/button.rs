//! The button of the pages.

use stylers_macro::style_sheet;

use super::icons::{Icon, icon};
use super::shapes::*;

/// What pressing means, and so how it looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// One of several things.
    #[default]
    Plain,
    /// The main thing here.
    Main,
    /// Begins a talk.
    Call,
    /// Ends one.
    End,
}

impl Look {
    /// Its name in `data-look`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Main => "main",
            Self::Call => "call",
            Self::End => "end",
        }
    }
}

/// A button with words, and a picture where one helps.
#[component]
pub fn Button(
    /// Its words, and so its name.
    label: &'static str,
    /// A picture before the words.
    #[prop(optional)]
    picture: Option<Icon>,
    /// How it looks.
    #[prop(optional)]
    look: Look,
    /// Sends the form that it stands in, instead of calling `press`.
    #[prop(optional)]
    submits: bool,
    /// What it does.
    #[prop(optional, into)]
    press: Option<Callback<()>>,
) -> impl IntoView {
    let class = style_sheet!("./style/button.css");
    let run = on(move |_| {
        if let Some(press) = press {
            press.run(());
        }
    });
    view! { class = class,
        <button
            class="button"
            type=if submits { "submit" } else { "button" }
            data-look=look.as_str()
            on:click=run
        >
            {maybe(picture.map(icon))}
            <span class="label">{label}</span>
        </button>
    }
}
