//! `xc-lab`: starts a lab and says where it is.

use std::env;
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::process::ExitCode;

use clap::Parser;
use xc_lab::ice::IceWish;
use xc_lab::{Asterisk, Config, Lab, ami};
use xc_webrtc::secret::Secret;

/// A small stand-in for a XiVO server: XUC, SIP over websocket and media.
#[derive(Debug, Parser)]
#[command(version)]
struct Flags {
    /// Where to serve HTTP and websockets.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8090")]
    listen: SocketAddr,
    /// An address to offer for media; may be given several times. Without it: loopback and the machine's own.
    #[arg(long = "media-ip", value_name = "IP")]
    media_ips: Vec<IpAddr>,
    /// The SIP websocket of an Asterisk that takes over SIP and media. Log in by its SIP accounts.
    #[arg(long, value_name = "URL")]
    asterisk: Option<String>,
    /// The SIP domain to tell the phones, with --asterisk.
    #[arg(long, value_name = "DOMAIN", default_value = "default", requires = "asterisk")]
    asterisk_domain: String,
    /// The manager interface (AMI) of that Asterisk, by which calls are followed and driven. The secret is taken from
    /// the environment only: XC_ASTERISK_AMI_SECRET.
    #[arg(long, value_name = "HOST:PORT", env = "XC_ASTERISK_AMI")]
    asterisk_ami: Option<String>,
    /// Our user in its manager.conf.
    #[arg(long, value_name = "USER", env = "XC_ASTERISK_AMI_USER", default_value = "xc-lab")]
    asterisk_ami_user: String,
    /// A STUN server that pages are told of, stun:HOST:PORT; may be given several times.
    #[arg(long, value_name = "URL")]
    stun: Vec<String>,
    /// A TURN server that pages are told of, turn:HOST:PORT; may be given several times. The secret that it shares with
    /// us (its static-auth-secret, for credentials that end), or the password of --turn-user, is taken from the
    /// environment only: XC_TURN_SECRET, XC_TURN_PASSWORD.
    #[arg(long, value_name = "URL")]
    turn: Vec<String>,
    /// A user of those TURN servers, where no secret is shared with them.
    #[arg(long, value_name = "USER", requires = "turn")]
    turn_user: Option<String>,
    /// How long credentials made from the shared secret are good for, in seconds: 3600 without it.
    #[arg(long, value_name = "SECONDS", requires = "turn", conflicts_with = "turn_user")]
    turn_ttl: Option<u32>,
    /// Let tests plan faults over HTTP. Everyone who reaches the lab may then do anything with it.
    #[arg(long)]
    test_door: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    match serve(Flags::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("xc-lab: {problem}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(flags: Flags) -> io::Result<()> {
    let domain = flags.asterisk_domain;
    let manager = flags.asterisk_ami.map(|address| ami::Config {
        address,
        user: flags.asterisk_ami_user,
        secret: Secret::new(env::var("XC_ASTERISK_AMI_SECRET").unwrap_or_default()),
    });
    // What the environment holds is for the TURN servers that were named, if any.
    let secret = |name| env::var(name).ok().filter(|_| !flags.turn.is_empty());
    let ice = IceWish {
        secret: secret("XC_TURN_SECRET").filter(|_| flags.turn_user.is_none()),
        credential: secret("XC_TURN_PASSWORD").filter(|_| flags.turn_user.is_some()),
        stun: flags.stun,
        turn: flags.turn.clone(),
        username: flags.turn_user,
        ttl: flags.turn_ttl,
    };
    let ice = ice.grant().map_err(|problem| {
        io::Error::other(format!("{problem}; secrets stand in XC_TURN_SECRET and XC_TURN_PASSWORD"))
    })?;
    let lab = Lab::start(Config {
        listen: flags.listen,
        ice,
        media_ips: if flags.media_ips.is_empty() { own_addresses() } else { flags.media_ips },
        asterisk: flags.asterisk.map(|address| Asterisk { address, domain, manager }),
        test_door: flags.test_door,
    })
    .await
    .map_err(|error| io::Error::new(error.kind(), format!("cannot serve at {}: {error}", flags.listen)))?;
    // Whoever started the lab waits for this line.
    writeln!(io::stdout(), "lab listening on http://{}", lab.address)?;
    lab.run().await
}

/// Loopback, which Chromium uses, and the machine's own addresses, because Firefox takes no loopback candidates.
fn own_addresses() -> Vec<IpAddr> {
    let mut ips = vec![IpAddr::V4(Ipv4Addr::LOCALHOST)];
    let interfaces = if_addrs::get_if_addrs().unwrap_or_default();
    let usable = |interface: &if_addrs::Interface| !interface.is_loopback() && !interface.is_link_local();
    ips.extend(interfaces.into_iter().filter(usable).map(|interface| interface.ip()));
    ips
}
