//! What both pages start with, and what every part of them shares.

use super::shapes::*;
use super::state::Ui;
use super::texts::Language;
use super::{clock, keys, preferences};
use crate::phone::api::Command;

/// Shows a page of the phone that was started.
pub fn show(ui: Ui, page: fn() -> AnyView) -> AnyView {
    provide_context(ui);
    clock::run(ui);
    keys::listen(ui);
    watch(move || preferences::apply(&ui.preferences()));
    // After a reload the tab still has its token. A refusal only means that there is nothing to resume.
    let _ = ui.command(Command::Resume);

    // Keyed by the language: a new one draws the page anew, from nothing.
    let language = move || {
        let chosen = ui.preferences().language;
        Language::ALL
            .into_iter()
            .position(|language| language == chosen)
            .into_iter()
            .map(|at| at as u64)
            .collect()
    };
    keyed(language, move |_| page())
}
