//! The developer's page: every method on a row of its own, every event in a pane.

mod awaited;
pub mod bench;
mod call_choice;
mod calls_panel;
mod check;
mod choice;
mod cti_command;
mod events_pane;
mod ladder;
mod log;
mod login_panel;
mod method_row;
pub mod page;
mod pane;
mod phone_panel;
mod service;
mod settings_panel;
mod status_pills;
mod steps;
mod user_panel;
mod webrtc_panel;
