//! Servers that help to find a way through networks (STUN and TURN).

use js_sys::{Array, Reflect};
use wasm_bindgen::JsValue;
use web_sys::{RtcConfiguration, RtcIceServer, RtcIceTransportPolicy, RtcPeerConnection};

use crate::browser::invoke;
use crate::secret::Secret;

/// One STUN or TURN server, as the telephony server tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IceServer {
    /// Its addresses: `stun:`, `stuns:` (RFC 7064), `turn:` or `turns:` (RFC 7065).
    pub urls: Vec<String>,
    /// The user of a TURN server.
    pub username: Option<String>,
    /// The password of a TURN server.
    pub credential: Option<Secret>,
}

/// How a connection finds a way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ice {
    /// The servers that help.
    pub servers: Vec<IceServer>,
    /// Only by way of a TURN server: nobody learns this computer's addresses, and what such a server is worth is shown.
    pub relay_only: bool,
}

/// Makes a connection with those servers that the browser takes. One that it refuses (a misspelt address, TURN without
/// a password) is left out: a call without it may work, a call that is not made never does.
pub(super) fn connection(ice: &Ice) -> Result<RtcPeerConnection, JsValue> {
    let taken: Vec<_> = ice.servers.iter().filter_map(entry).collect();
    match with_servers(&taken, ice.relay_only) {
        Err(_) if !taken.is_empty() => {
            let each_alone = taken.into_iter().filter(is_taken);
            with_servers(&each_alone.collect::<Vec<_>>(), ice.relay_only)
        }
        made => made,
    }
}

fn is_taken(server: &RtcIceServer) -> bool {
    with_servers(std::slice::from_ref(server), false).inspect(RtcPeerConnection::close).is_ok()
}

fn with_servers(servers: &[RtcIceServer], relay_only: bool) -> Result<RtcPeerConnection, JsValue> {
    RtcPeerConnection::new_with_configuration(&configuration(servers, relay_only))
}

/// Has a connection find its next way like that. A browser that takes no such change, or not these servers, goes on as
/// before.
pub(super) fn set(connection: &RtcPeerConnection, ice: &Ice) {
    let servers: Vec<_> = ice.servers.iter().filter_map(entry).collect();
    let _ = invoke(connection, "setConfiguration", &configuration(&servers, ice.relay_only));
}

fn configuration(servers: &[RtcIceServer], relay_only: bool) -> RtcConfiguration {
    let configuration = RtcConfiguration::new();
    configuration.set_ice_servers(&servers.iter().collect::<Array>());
    // One set of candidates is looked for from now on, not from the first description on (W3C WebRTC §4.4.3): while the
    // microphone opens, or while it rings. A browser that does not know this looks later.
    let _ = Reflect::set(&configuration, &"iceCandidatePoolSize".into(), &1.into());
    if relay_only {
        configuration.set_ice_transport_policy(RtcIceTransportPolicy::Relay);
    }
    configuration
}

fn entry(server: &IceServer) -> Option<RtcIceServer> {
    if server.urls.is_empty() {
        return None;
    }
    let entry = RtcIceServer::new();
    entry.set_urls(&server.urls.iter().map(JsValue::from).collect::<Array>());
    if let Some(username) = &server.username {
        entry.set_username(username);
    }
    if let Some(credential) = &server.credential {
        entry.set_credential(credential.expose());
    }
    Some(entry)
}
