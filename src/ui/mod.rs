//! Leptos components: they show the state of the phone and send it commands.
//!
//! One component per file, mostly, with its style sheet under `style/` where it has one. No rule about calls is here: what the
//! phone refuses is shown in words, not foreseen. What a component needs to work out for the screen is a pure function
//! with tests (`format`, `readiness`, `announce`, `keys`, `sample::log`).

mod act;
mod agent_page;
mod announce;
mod announcer;
mod app;
mod badge;
mod button;
mod call_acts;
mod call_card;
mod call_list;
mod clock;
mod devices;
mod dial_pad;
mod dial_panel;
mod field;
mod focus;
mod format;
mod icons;
mod inbox;
mod keypad;
mod keys;
mod keys_list;
mod login;
mod past;
mod possible;
mod preferences;
mod quality;
mod readiness;
mod readiness_pill;
mod recent;
mod sample;
mod settings_menu;
mod shapes;
mod state;
mod telephone;
mod texts;
mod top_bar;
mod transfer;
mod video;
mod words;

use leptos::mount::mount_to_body;

use agent_page::AgentPage;
use sample::bench::Bench;
use sample::library::Library;
use sample::page::SamplePage;
use shapes::*;
use state::Ui;

use crate::phone::Phone;

/// Puts the agent's phone into the document. An agent just wants to be called, so it starts by itself.
pub fn mount_phone() {
    words::once_there(|| {
        mount_to_body(|| {
            app::show(Ui::of(Box::new(Phone::start(true))), || view! { <AgentPage /> }.into_any())
        })
    });
}

/// Puts the developer's page into the document, where one presses Init to watch what it does.
pub fn mount_sample() {
    words::once_there(|| {
        mount_to_body(|| {
            let library = Library::follow();
            let ui = Ui::of(Box::new(library.clone()));
            provide_context(Bench::follow(ui, library));
            app::show(ui, || view! { <SamplePage /> }.into_any())
        });
    });
}
