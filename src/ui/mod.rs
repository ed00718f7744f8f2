//! Leptos components: they show the state of the phone and send it commands.
