//! The page: which one, and what every part of it shares.

use super::agent_page::AgentPage;
use super::sample::bench::Bench;
use super::sample::page::SamplePage;
use super::shapes::*;
use super::state::Ui;
use super::texts::Language;
use super::{clock, keys, preferences};
use crate::phone::api::Command;

/// Starts the phone and shows the agent's page, or the sample page where the address says so.
#[component]
pub fn App() -> impl IntoView {
    let sample = is_sample(&window().location().pathname().unwrap_or_default());
    // A developer presses Init to watch what it does; an agent just wants to be called.
    let ui = Ui::start(!sample);
    provide_context(ui);
    if sample {
        provide_context(Bench::follow(ui));
    }

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
    let page = move |_| {
        if sample { view! { <SamplePage /> }.into_any() } else { view! { <AgentPage /> }.into_any() }
    };
    keyed(language, page)
}

/// Whether the path is the sample page's, with or without a slash at its end.
fn is_sample(path: &str) -> bool {
    path.trim_end_matches('/').ends_with("/sample")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_page_is_known_by_its_path() {
        assert!(is_sample("/sample"));
        assert!(is_sample("/sample/"));
        assert!(is_sample("/phone/sample"));
        assert!(!is_sample("/"));
        assert!(!is_sample("/example"));
    }
}
