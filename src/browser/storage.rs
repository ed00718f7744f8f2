//! What is remembered: for this tab until it is closed, or for this browser.
//!
//! A browser may refuse storage (private windows, policy, no room). The phone then remembers nothing and works all the
//! same, so no function here fails.

use web_sys::Storage;

use super::window;

/// What this tab remembers under `key`. Survives a reload, not the tab.
pub fn session_get(key: &str) -> Option<String> {
    get(session(), key)
}

/// Remembers it for this tab.
pub fn session_set(key: &str, value: &str) {
    set(session(), key, value);
}

/// Forgets it.
pub fn session_remove(key: &str) {
    remove(session(), key);
}

/// What this browser remembers under `key`, for every tab and later: settings, nothing secret.
pub fn local_get(key: &str) -> Option<String> {
    get(local(), key)
}

/// Remembers it for this browser.
pub fn local_set(key: &str, value: &str) {
    set(local(), key, value);
}

/// Forgets it.
pub fn local_remove(key: &str) {
    remove(local(), key);
}

fn session() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

fn local() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

fn get(storage: Option<Storage>, key: &str) -> Option<String> {
    storage?.get_item(key).ok().flatten()
}

fn set(storage: Option<Storage>, key: &str, value: &str) {
    if let Some(storage) = storage {
        let _ = storage.set_item(key, value);
    }
}

fn remove(storage: Option<Storage>, key: &str) {
    if let Some(storage) = storage {
        let _ = storage.remove_item(key);
    }
}
