//! A small stand-in for a XiVO server, so that a real call can be made a minute after cloning.
//!
//! It speaks XUC's REST log-in and CTI websocket, SIP over websocket with a registrar, and ends the media of calls
//! itself. With an Asterisk behind it, it keeps only the XUC part and hands SIP through; what happens to calls it learns
//! by the manager interface ([`ami`], [`switchboard`]). Wire types are those of `xc_webrtc`; the real Asterisk of the
//! interop tests keeps both honest.
//!
//! One task owns everything that calls and registrations are ([`exchange`]); HTTP and websockets ask there
//! ([`http`]); each leg's media has a task of its own ([`media`]).

pub mod account;
pub mod ami;
pub mod exchange;
pub mod http;
pub mod ice;
pub mod media;
pub mod random;
pub mod switchboard;
pub mod token;

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::sync::mpsc::unbounded_channel;
use tokio::task::JoinHandle;

use account::Directory;
use exchange::{Desk, Exchange};
use http::Site;
use ice::IceServers;
use media::Media;

/// How a lab is started.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where HTTP and websockets are served.
    pub listen: SocketAddr,
    /// The addresses offered for media.
    pub media_ips: Vec<IpAddr>,
    /// The STUN and TURN servers that pages are told of.
    pub ice: IceServers,
    /// An Asterisk that takes over SIP and media.
    pub asterisk: Option<Asterisk>,
    /// Open the door for tests: everyone who reaches the lab may then do anything with it.
    pub test_door: bool,
}

/// The Asterisk behind a lab.
#[derive(Clone, Debug)]
pub struct Asterisk {
    /// Its SIP websocket: `ws://127.0.0.1:8088/ws`.
    pub address: String,
    /// The SIP domain told to the phones.
    pub domain: String,
    /// Its manager interface. Without it nothing is known of its calls over CTI.
    pub manager: Option<ami::Config>,
}

impl Config {
    /// For tests: a free port of the loopback interface, media there too, the door open.
    pub fn for_tests() -> Self {
        let loopback = IpAddr::V4(Ipv4Addr::LOCALHOST);
        Self {
            listen: SocketAddr::new(loopback, 0),
            media_ips: vec![loopback],
            ice: IceServers::default(),
            asterisk: None,
            test_door: true,
        }
    }
}

/// A running lab; it ends when this is dropped.
pub struct Lab {
    /// Where it listens.
    pub address: SocketAddr,
    /// The way to its exchange.
    pub desk: Desk,
    server: JoinHandle<io::Result<()>>,
    /// The link to an Asterisk's manager interface.
    link: Option<JoinHandle<()>>,
}

impl Lab {
    /// Starts a lab.
    ///
    /// # Errors
    ///
    /// When the address cannot be listened on, or media cannot be had.
    pub async fn start(config: Config) -> io::Result<Self> {
        let listener = TcpListener::bind(config.listen).await?;
        let address = listener.local_addr()?;
        let (reports, reported) = unbounded_channel();
        let media = Media::new(config.media_ips, reports).map_err(io::Error::other)?;
        let directory = match &config.asterisk {
            None => Directory::lab(),
            Some(asterisk) => Directory::Asterisk { domain: asterisk.domain.clone() },
        };
        let mut exchange = Exchange::new(directory, media, address.ip().to_string());
        exchange.tell_of_ice_servers(None, config.ice);
        let desk = Desk::open(exchange, reported);
        let manager = config.asterisk.as_ref().and_then(|asterisk| asterisk.manager.clone());
        let link = manager.map(|manager| drive_asterisk(&desk, manager));
        let site = Site { desk: desk.clone(), asterisk: config.asterisk.map(|asterisk| asterisk.address) };
        let router = http::router(site, config.test_door);
        // Small messages leave at once: a call would else wait 40 ms for an acknowledgement of the last one.
        let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
        let server = tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { address, desk, server, link })
    }

    /// Serves until the lab breaks, which it should not.
    ///
    /// # Errors
    ///
    /// When the server stops.
    pub async fn run(mut self) -> io::Result<()> {
        (&mut self.server).await.map_err(io::Error::other)?
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        self.server.abort();
        if let Some(link) = &self.link {
            link.abort();
        }
        // Open websockets outlive the server that accepted them.
        self.desk.tell(|exchange| exchange.hang_up_everything());
    }
}

/// Keeps the exchange informed of an Asterisk's calls, and Asterisk of what is wanted of it.
fn drive_asterisk(desk: &Desk, manager: ami::Config) -> JoinHandle<()> {
    let (actions, asked) = unbounded_channel();
    desk.tell(move |exchange| exchange.drive_asterisk(actions));
    let desk = desk.clone();
    tokio::spawn(ami::serve(manager, asked, move |notice| {
        desk.tell(move |exchange| exchange.asterisk_noticed(&notice));
    }))
}
