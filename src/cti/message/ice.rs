//! `IceConfig`: the STUN and TURN servers to use (xuc-cti §6.4).

use std::time::Duration;

use super::fields::{Fields, Writer, text_of};
use super::mask::mask;
use crate::json::Value;
use crate::secret::Secret;

/// One server, as the browser wants it (`RTCIceServer`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IceServer {
    /// Its addresses: `stun:…`, `turn:…`; never empty.
    pub urls: Vec<String>,
    /// The user name, for TURN.
    pub username: Option<String>,
    /// The password that goes with it.
    pub credential: Option<Secret>,
}

/// The servers to use; with neither, host candidates only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IceConfig {
    /// Tells the phone its public address.
    pub stun: Option<IceServer>,
    /// Relays media.
    pub turn: Option<IceServer>,
    /// How long the TURN password holds, where the server says so.
    pub turn_ttl: Option<Duration>,
}

impl IceServer {
    /// The servers that a page names, as `RTCConfiguration.iceServers` has them or with the older `url`; `None`: it
    /// is no list of such servers.
    pub fn list(value: &Value) -> Option<Vec<Self>> {
        let Value::Array(servers) = value else { return None };
        let read = |server| read_server(&mut Fields::of("server", server, &mut Vec::new())?);
        servers.iter().map(read).collect()
    }

    /// The server as the browser wants it, with its credential.
    pub fn to_json(&self) -> Value {
        write_server(self).done()
    }

    /// The server as a page may be shown it: without its credential.
    pub fn to_shown(&self) -> Value {
        let mut shown = write_server(self).done();
        mask(&mut shown);
        shown
    }
}

impl IceConfig {
    /// The servers, STUN first.
    pub fn servers(&self) -> impl Iterator<Item = &IceServer> {
        self.stun.iter().chain(&self.turn)
    }

    /// What a page was told by the server; `None`: that is none.
    pub fn of_payload(payload: &Value) -> Option<Self> {
        Self::read(payload, &mut Vec::new())
    }

    pub(super) fn read(payload: &Value, complaints: &mut Vec<String>) -> Option<Self> {
        let mut fields = Fields::of("IceConfig", payload, complaints)?;
        let stun = fields.object("stunConfig").and_then(|mut server| read_server(&mut server));
        let (turn, ttl) = match fields.object("turnConfig") {
            Some(mut server) => (read_server(&mut server), server.integer("ttl")),
            None => (None, None),
        };
        // No credential lasts zero seconds: such a server means that it does not expire.
        let ttl = ttl.and_then(|ttl| u64::try_from(ttl).ok()).filter(|ttl| *ttl > 0);
        let turn_ttl = ttl.filter(|_| turn.is_some()).map(Duration::from_secs);
        Some(Self { stun, turn, turn_ttl })
    }

    pub(super) fn write(&self) -> Value {
        let ttl = self.turn_ttl.and_then(|ttl| i64::try_from(ttl.as_secs()).ok());
        Writer::default()
            .put_some("stunConfig", self.stun.as_ref().map(|stun| write_server(stun).done()))
            .put_some(
                "turnConfig",
                self.turn.as_ref().map(|turn| write_server(turn).put_some("ttl", ttl).done()),
            )
            .done()
    }
}

/// One server: `urls` is an array or a string, and old servers write `url`. Without an address there is no server.
fn read_server(fields: &mut Fields<'_, '_>) -> Option<IceServer> {
    let urls: Vec<String> = match fields.value("urls").or_else(|| fields.value("url"))? {
        Value::Array(urls) => urls.iter().filter_map(text_of).filter(|url| !url.is_empty()).collect(),
        one => text_of(one).filter(|url| !url.is_empty()).into_iter().collect(),
    };
    if urls.is_empty() {
        return None;
    }
    Some(IceServer {
        urls,
        username: fields.filled("username"),
        credential: fields.filled("credential").map(Secret::new),
    })
}

fn write_server(server: &IceServer) -> Writer {
    Writer::default()
        .put_list("urls", &server.urls)
        .put_some("username", server.username.as_deref())
        .put_some("credential", server.credential.as_ref().map(Secret::expose))
}
