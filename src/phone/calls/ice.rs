//! The servers that help calls to find a path: what the page chose, else what the CTI server said (D20 of the API
//! reference); none at all by default (D42).

use crate::cti::message::IceServer;

use super::super::api::{IceChoice, Refusal};
use super::Calls;

/// Whose servers are used.
#[derive(Debug, Default)]
pub(super) struct Ice {
    choice: IceChoice,
    of_server: Vec<IceServer>,
}

impl Ice {
    /// Whether one of them relays media.
    pub(super) fn has_relay(&self) -> bool {
        self.servers().iter().any(|server| server.urls.iter().any(|url| is_turn(url)))
    }

    pub(super) fn servers(&self) -> Vec<IceServer> {
        match &self.choice {
            IceChoice::Server => self.of_server.clone(),
            IceChoice::None => Vec::new(),
            IceChoice::These(servers) => servers.clone(),
        }
    }
}

impl Calls {
    /// The servers that calls begun from now on use.
    pub(in crate::phone) fn ice_servers(&self) -> Vec<IceServer> {
        self.ice.servers()
    }

    /// Takes what the CTI server says. A server that no browser would take is left out: calls go on without it.
    pub(in crate::phone) fn set_ice(&mut self, servers: Vec<IceServer>) {
        self.ice.of_server = servers.into_iter().filter(is_usable).collect();
    }

    /// Takes the page's choice, which holds until the next one.
    pub(in crate::phone) fn choose_ice(&mut self, choice: IceChoice) -> Result<(), Refusal> {
        if let IceChoice::These(servers) = &choice
            && !servers.iter().all(is_usable)
        {
            return Err(Refusal::BadIceServer);
        }
        self.ice.choice = choice;
        Ok(())
    }
}

/// Whether a browser takes it (W3C WebRTC §4.4.1.6): one that it does not take fails every call.
fn is_usable(server: &IceServer) -> bool {
    let known = |url: &String| is_turn(url) || starts(url, "stun:") || starts(url, "stuns:");
    let has_credentials = server.username.is_some() && server.credential.is_some();
    !server.urls.is_empty() && server.urls.iter().all(|url| known(url) && (has_credentials || !is_turn(url)))
}

fn is_turn(url: &str) -> bool {
    starts(url, "turn:") || starts(url, "turns:")
}

fn starts(url: &str, scheme: &str) -> bool {
    url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        && url.len() > scheme.len()
}
