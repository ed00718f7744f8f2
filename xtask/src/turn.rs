//! A real TURN server (coturn), for calls that take no other way.

use crate::net;
use crate::server::{Server, Servers};
use crate::short_lived::ShortLived;
use crate::trouble::{Done, OrSay};
use crate::workspace::Workspace;
use std::fs;
use std::time::Duration;

/// Two accounts, so that a call can take other credentials than the one before: `USER:PASSWORD`.
const ACCOUNTS: [&str; 2] = ["alice:first", "bob:second"];

/// A TURN server on the loopback interface. Its address stands in `target/turn/address` for as long as it runs.
pub struct Turn {
    _server: Server,
    _note: ShortLived,
}

/// Starts one and waits until it is ready.
pub fn start(workspace: &Workspace, servers: &Servers) -> Done<Turn> {
    let note = ShortLived::new(workspace.scratch("turn")?);
    let port = net::free_port()?;
    let mut command = workspace.command("turnserver");
    command
        .args(["-n", "--log-file", "stdout", "--simple-log", "--no-cli", "--no-tls", "--no-dtls"])
        .args(["--listening-ip", "127.0.0.1", "--relay-ip", "127.0.0.1", "--allow-loopback-peers"])
        .args(["--listening-port", &port.to_string(), "--lt-cred-mech", "--realm", "xc-webrtc"])
        .args(ACCOUNTS.iter().flat_map(|account| ["--user", account]))
        .arg("--userdb")
        .arg(note.path().join("users"))
        .arg("--pidfile")
        .arg(note.path().join("pid"));
    let server = servers.start("turn", &command)?;
    server.wait_for(Duration::from_secs(20), |line| line.contains("(admin thread)").then_some(()))?;
    let address = note.path().join("address");
    fs::write(&address, format!("127.0.0.1:{port}"))
        .or_say(|| format!("cannot write {}", address.display()))?;
    Ok(Turn { _server: server, _note: note })
}
