//! A real Kamailio: a websocket edge proxy in front of the Asterisk of the tests.

use crate::net;
use crate::server::{Server, Servers};
use crate::short_lived::ShortLived;
use crate::trouble::{Done, OrSay};
use crate::workspace::Workspace;
use std::fs;
use std::time::Duration;

const TEMPLATE: &str = include_str!("../kamailio/kamailio.cfg");

/// What it prints once it listens.
const READY: &str = "Listening on";

/// Runs `"$@"` again each time that it ends, as a service manager does: tests restart it. Its own session, because it
/// ends by a signal to its whole process group; nothing but the end of this shell ends both.
const AGAIN_AND_AGAIN: &str = r#"
trap 'kill "$child"; exit' TERM
while :; do
  setsid "$@" &
  child=$!
  wait "$child"
done
"#;

/// A running Kamailio. Dropping it ends it.
pub struct Kamailio {
    port: u16,
    _server: Server,
    _folder: ShortLived,
}

impl Kamailio {
    /// Starts one on free ports of the loopback interface, in front of the Asterisk that takes SIP over TCP there.
    pub fn start(workspace: &Workspace, servers: &Servers, asterisk_port: u16) -> Done<Self> {
        let folder = ShortLived::new(workspace.scratch(&format!("kamailio/{}", servers.task()))?);
        let [port, sip_port] = net::free_ports()?;
        let settings = folder.path().join("kamailio.cfg");
        let text = TEMPLATE
            .replace("{ws_port}", &port.to_string())
            .replace("{sip_port}", &sip_port.to_string())
            .replace("{asterisk_port}", &asterisk_port.to_string());
        fs::write(&settings, text).or_say(|| format!("cannot write {}", settings.display()))?;
        let mut command = workspace.command("sh");
        command.args(["-c", AGAIN_AND_AGAIN, "sh", "kamailio"]);
        // In the foreground, with its words for us, and as much memory as tests need.
        command.args(["-DD", "-E", "-m", "64", "-M", "8", "-f"]).arg(&settings);
        command.arg("-P").arg(folder.path().join("pid")).arg("-Y").arg(folder.path());
        let server = servers.start("kamailio", &command)?;
        server.wait_for(Duration::from_secs(20), |line| line.contains(READY).then_some(()))?;
        Ok(Kamailio { port, _server: server, _folder: folder })
    }

    /// Its SIP websocket.
    pub fn websocket(&self) -> String {
        format!("ws://127.0.0.1:{}/ws", self.port)
    }

    /// Where it takes commands (JSON-RPC over HTTP).
    pub fn rpc(&self) -> String {
        format!("http://127.0.0.1:{}/rpc", self.port)
    }
}
