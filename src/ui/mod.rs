//! Leptos components: they show the state of the phone and send it commands.
//!
//! One component per file with its style sheet of the same name under `style/`. No rule about calls is here: what the
//! phone refuses is shown in words, not foreseen. What a component needs to work out for the screen is a pure function
//! with tests (`format`, `readiness`, `announce`, `keys`, `sample::log`).

mod agent_page;
mod announce;
mod announcer;
mod app;
mod badge;
mod button;
mod call_card;
mod call_list;
mod clock;
mod dial_pad;
mod dial_panel;
mod field;
mod focus;
mod format;
mod icons;
mod keys;
mod keys_list;
mod login;
mod past;
mod preferences;
mod readiness;
mod readiness_pill;
mod recent;
mod sample;
mod settings_menu;
mod shapes;
mod state;
mod texts;
mod top_bar;
mod video;

/// Puts the page that the address asks for into the document: the agent's phone, or the sample page at `/sample`.
pub fn mount() {
    leptos::mount::mount_to_body(app::App);
}
