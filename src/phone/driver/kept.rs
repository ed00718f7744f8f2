//! What the tab keeps (sessionStorage): the log-in and the calls, so that a reload finds the person logged in and talking,
//! and its name for registrars.

use super::super::effect::Kept;
use crate::browser::{entropy, storage};
use crate::json::Value;
use crate::secret::Secret;
use crate::sip::token;

const PLACE: &str = "xc-webrtc.login";
const CALLS: &str = "xc-webrtc.calls";
const PHONE: &str = "xc-webrtc.phone";
const INSTANCE: &str = "xc-webrtc.instance";

/// Keeps the log-in.
pub fn keep(kept: &Kept) {
    let Kept { server, login, token } = kept;
    let texts = [server, login, token.expose()].map(Value::from);
    storage::session_set(PLACE, &Value::Array(texts.into()).to_string());
}

/// Keeps it no longer.
pub fn forget() {
    storage::session_remove(PLACE);
    storage::session_remove(PHONE);
}

/// The log-in, if one is kept.
pub fn read() -> Option<Kept> {
    let Ok(Value::Array(texts)) = storage::session_get(PLACE)?.parse() else { return None };
    let [Value::String(server), Value::String(login), Value::String(token)] = texts.as_slice() else {
        return None;
    };
    Some(Kept { server: server.clone(), login: login.clone(), token: Secret::new(token.as_str()) })
}

/// Keeps the calls, as the core says them; nothing where there are none.
pub fn keep_calls(calls: &str) {
    if calls.is_empty() {
        storage::session_remove(CALLS);
    } else {
        storage::session_set(CALLS, calls);
    }
}

/// The calls of the page before.
pub fn calls() -> String {
    storage::session_get(CALLS).unwrap_or_default()
}

/// Keeps whether this tab is the phone of the person.
pub fn keep_whether_phone(is_phone: bool) {
    if is_phone {
        storage::session_set(PHONE, "1");
    } else {
        storage::session_remove(PHONE);
    }
}

/// Whether the page before this one in the tab was the phone.
pub fn was_phone() -> bool {
    storage::session_get(PHONE).is_some()
}

/// The same after a reload. Not the browser's: of two tabs with one name, the registrar would forget the first
/// (RFC 5626 §6).
pub(super) fn instance() -> String {
    storage::session_get(INSTANCE).unwrap_or_else(|| {
        let instance = token::instance(&entropy::seed());
        storage::session_set(INSTANCE, &instance);
        instance
    })
}
