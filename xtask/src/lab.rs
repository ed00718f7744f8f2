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
#[derive(Clone, Default)]
pub struct Options<'a> {
    /// As tests want it: media on loopback only, and the door open by which they plan faults. Otherwise media on the
    /// machine's own addresses too.
    pub for_tests: bool,
    /// The websocket of an Asterisk that does the SIP and the media instead.
    pub asterisk: Option<&'a str>,
    /// Where that Asterisk's manager interface is and who may use it, as environment variables.
    pub environment: Vec<(&'static str, String)>,
    /// The STUN and TURN servers that it tells pages of.
    pub ice: IceOptions,
}

/// STUN and TURN servers. Secrets stand in the environment, which the lab gets as it is.
#[derive(Clone, Default, clap::Args)]
pub struct IceOptions {
    /// A STUN server that pages are told of, stun:HOST:PORT; may be given more than once
    #[arg(long, value_name = "URL", conflicts_with = "xivo")]
    stun: Vec<String>,
    /// A TURN server that pages are told of, turn:HOST:PORT; may be given more than once. The environment has the
    /// secret shared with it, XC_TURN_SECRET, or the password of --turn-user, XC_TURN_PASSWORD
    #[arg(long, value_name = "URL", conflicts_with = "xivo")]
    turn: Vec<String>,
    /// A user of those TURN servers, where no secret is shared with them
    #[arg(long, value_name = "USER", requires = "turn")]
    turn_user: Option<String>,
    /// How long credentials made from the shared secret are good for, in seconds
    #[arg(long, value_name = "SECONDS", requires = "turn", conflicts_with = "turn_user")]
    turn_ttl: Option<u32>,
}

impl IceOptions {
    /// A TURN server with an account on it. The environment has the password.
    pub fn with_account(turn: &str, user: &str) -> Self {
        Self { turn: vec![turn.into()], turn_user: Some(user.into()), ..Self::default() }
    }

    /// The same for the lab.
    fn arguments(&self) -> impl Iterator<Item = String> {
        let stun = self.stun.iter().map(|url| ("--stun", url.clone()));
        let turn = self.turn.iter().map(|url| ("--turn", url.clone()));
        let user = self.turn_user.iter().map(|user| ("--turn-user", user.clone()));
        let ttl = self.turn_ttl.iter().map(|ttl| ("--turn-ttl", ttl.to_string()));
        stun.chain(turn).chain(user).chain(ttl).map(|(option, value)| format!("{option}={value}"))
    }
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
    command.args(options.ice.arguments());
    command.envs(options.environment.iter().cloned());
    let server = servers.start("lab", &command)?;
    let url = server.wait_for(Duration::from_secs(20), |line| line.strip_prefix(READY).map(String::from))?;
    Ok(Lab { url, server })
}
