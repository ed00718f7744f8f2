//! The developer's page: what is done with calls and chosen for them on rows, every event in a pane.
//!
//! It is a page as integrators write them: it loads `xc_webrtc.js`, calls its methods and sets its handlers, and has no
//! phone of its own. `library` is what it knows of the phone behind the script.

mod awaited;
pub mod bench;
mod call_choice;
mod calls;
mod calls_panel;
mod check;
mod choice;
mod events_pane;
mod ladder;
pub mod library;
mod log;
mod login_panel;
mod method_call;
mod method_row;
mod pace;
pub mod page;
mod pane;
mod phone_panel;
mod service;
mod settings_panel;
mod status_pills;
mod steps;
mod user_panel;
mod webrtc_panel;
mod xc_webrtc;
