//! The words of a language that is not part of the program: fetched by those who speak it.

use std::time::Duration;

use wasm_bindgen_futures::spawn_local;

use super::preferences::{self, Preferences};
use super::texts::Language;
use crate::browser::{http, page};

/// A person waits for the page meanwhile; without the words it comes in English.
const PATIENCE: Duration = Duration::from_secs(5);

/// Begins once the words of the person's language are there, or cannot be had.
pub fn once_there(begin: fn()) {
    load(preferences::load().language, move |_| begin());
}

/// Has the words of a language, and then goes on: with false when they cannot be had.
pub fn load(language: Language, go_on: impl FnOnce(bool) + 'static) {
    if language.is_missing() {
        spawn_local(async move { go_on(fetch(language).await) });
    } else {
        go_on(true);
    }
}

/// With English in the place of a language whose words could not be had.
pub fn that_can_be_spoken(mut preferences: Preferences) -> Preferences {
    if preferences.language.is_missing() {
        preferences.language = Language::English;
    }
    preferences
}

/// Fetches the words from where the page says that they are.
async fn fetch(language: Language) -> bool {
    let address = page::meta(&["texts-", language.tag()].concat());
    match http::send("GET", &address, &[], None, PATIENCE).await {
        // They stay as long as the page does, as those of the program do.
        Ok((200, file)) => language.learn(file.leak()),
        _ => false,
    }
}
