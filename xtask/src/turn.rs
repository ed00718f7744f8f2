//! A real TURN server (coturn), for calls that take no other way.

use crate::net;
use crate::server::{Server, Servers};
use crate::short_lived::ShortLived;
use crate::trouble::{Done, OrSay};
use crate::workspace::Workspace;
use std::fs;
use std::time::Duration;

/// Whom it lets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// The [`ACCOUNTS`].
    Accounts,
    /// Whoever has credentials made from [`SECRET`].
    SharedSecret,
}

/// Users and their passwords: two, so that a call can take other credentials than the one before.
pub const ACCOUNTS: [(&str, &str); 2] = [("alice", "first"), ("bob", "second")];

/// What the server and the lab share.
pub const SECRET: &str = "shared-with-the-lab";

/// A TURN server on the loopback interface. Its address stands in `target/turn/address` for as long as it runs; in
/// `target/turn-shared` where a secret is shared.
pub struct Turn {
    /// `turn:HOST:PORT`.
    pub url: String,
    _server: Server,
    _note: ShortLived,
}

/// Starts one and waits until it is ready.
pub fn start(workspace: &Workspace, servers: &Servers, access: Access) -> Done<Turn> {
    let (folder, options): (_, Vec<String>) = match access {
        Access::Accounts => {
            let users = ACCOUNTS.map(|(user, password)| format!("--user={user}:{password}"));
            ("turn", ["--lt-cred-mech".into()].into_iter().chain(users).collect())
        }
        Access::SharedSecret => {
            ("turn-shared", vec!["--use-auth-secret".into(), format!("--static-auth-secret={SECRET}")])
        }
    };
    let note = ShortLived::new(workspace.scratch(folder)?);
    let port = net::free_port()?;
    let mut command = workspace.command("turnserver");
    command
        .args(["-n", "--log-file", "stdout", "--simple-log", "--no-cli", "--no-tls", "--no-dtls"])
        .args(["--listening-ip", "127.0.0.1", "--relay-ip", "127.0.0.1", "--allow-loopback-peers"])
        .args(["--listening-port", &port.to_string(), "--realm", "xc-webrtc"])
        .args(options)
        .arg("--userdb")
        .arg(note.path().join("users"))
        .arg("--pidfile")
        .arg(note.path().join("pid"));
    let server = servers.start("turn", &command)?;
    server.wait_for(Duration::from_secs(20), |line| line.contains("(admin thread)").then_some(()))?;
    let address = note.path().join("address");
    fs::write(&address, format!("127.0.0.1:{port}"))
        .or_say(|| format!("cannot write {}", address.display()))?;
    Ok(Turn { url: format!("turn:127.0.0.1:{port}"), _server: server, _note: note })
}
