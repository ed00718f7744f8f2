//! The `Cti` of pages that bring none.

use wasm_bindgen::prelude::wasm_bindgen;

use super::with;
use crate::phone::api::Client;

/// Our own CTI link: log in by password. `software_type` and `application_type`: what the page says it is, or nothing.
/// `false`: the server's address cannot be read.
#[wasm_bindgen]
pub fn log_in(
    server: &str,
    login: &str,
    password: &str,
    software_type: String,
    application_type: String,
) -> bool {
    let client = Client { software_type, application_type };
    with(|library| library.cti.log_in(server, login, password, &client)).unwrap_or(false)
}

/// Our own CTI link: open it by a token.
#[wasm_bindgen]
pub fn open(server: &str, login: &str, token: &str) -> bool {
    with(|library| library.cti.open(server, login, token)).unwrap_or(false)
}

/// Our own CTI link: close it.
#[wasm_bindgen]
pub fn close() {
    with(|library| library.cti.close());
}

/// Our own CTI link: send a message. `false`: it is not up.
#[wasm_bindgen]
pub fn send(message: &str) -> bool {
    with(|library| library.cti.send(message)).unwrap_or(false)
}
