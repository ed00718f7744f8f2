//! The lab: built, started, and asked where it listens.

use crate::process;
use crate::server::{Server, Servers};
use crate::trouble::Done;
use crate::workspace::Workspace;
use std::time::Duration;

/// What the lab prints once it can be called.
const READY: &str = "lab listening on ";

/// A running lab.
pub struct Lab {
    /// Where it listens, `http://127.0.0.1:PORT`.
    pub url: String,
    /// The process.
    pub server: Server,
}

/// How to start it.
#[derive(Default)]
pub struct Options<'a> {
    /// As tests want it: media on loopback only, and the door open by which they plan faults. Otherwise media on the
    /// machine's own addresses too.
    pub for_tests: bool,
    /// The websocket of an Asterisk that does the SIP and the media instead.
    pub asterisk: Option<&'a str>,
    /// Where that Asterisk's manager interface is and who may use it, as environment variables.
    pub environment: Vec<(&'static str, String)>,
}

/// Builds the lab.
pub fn build(workspace: &Workspace) -> Done {
    println!("Building the lab.");
    process::run(
        "building the lab",
        &mut workspace.cargo(["build", "--package", "xc-lab", "--bin", "xc-lab"]),
    )
}

/// Starts what [`build`] built, on a free port of the loopback interface.
pub fn start(workspace: &Workspace, servers: &Servers, options: &Options<'_>) -> Done<Lab> {
    let mut command = workspace.command(workspace.target.join("debug/xc-lab"));
    command.args(["--listen", "127.0.0.1:0"]);
    if options.for_tests {
        command.args(["--media-ip", "127.0.0.1", "--test-door"]);
    }
    if let Some(url) = options.asterisk {
        command.args(["--asterisk", url]);
    }
    command.envs(options.environment.iter().cloned());
    let server = servers.start("lab", &command)?;
    let url = server.wait_for(Duration::from_secs(20), |line| line.strip_prefix(READY).map(String::from))?;
    Ok(Lab { url, server })
}
