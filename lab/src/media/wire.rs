//! The UDP sockets of one leg: one for each address that is offered to the phone.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use tokio::net::UdpSocket;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::JoinSet;

/// Larger than any datagram of WebRTC, which keeps below the MTU of an Ethernet.
const DATAGRAM_BYTES: usize = 2048;
/// More than a burst of a video frame; what comes beyond it is lost, as on any network.
const QUEUED_DATAGRAMS: usize = 256;

/// Something received.
#[derive(Debug)]
pub struct Datagram {
    /// Who sent it.
    pub source: SocketAddr,
    /// The local address it came to.
    pub destination: SocketAddr,
    /// What is in it.
    pub contents: Vec<u8>,
}

/// The sockets of one leg; closed on drop.
#[derive(Debug)]
pub struct Wire {
    sockets: Vec<(SocketAddr, Arc<UdpSocket>)>,
    received: Receiver<Datagram>,
    _readers: JoinSet<()>,
}

impl Wire {
    /// Binds a free port of each address. An address that cannot be bound is left out.
    ///
    /// # Errors
    ///
    /// When none of them can be bound.
    pub async fn bind(ips: &[IpAddr]) -> io::Result<Self> {
        let (to, received) = channel(QUEUED_DATAGRAMS);
        let (mut sockets, mut readers, mut problem) = (Vec::new(), JoinSet::new(), None);
        for &ip in ips {
            match UdpSocket::bind((ip, 0))
                .await
                .and_then(|socket| Ok((socket.local_addr()?, Arc::new(socket))))
            {
                Ok((address, socket)) => {
                    readers.spawn(read(address, socket.clone(), to.clone()));
                    sockets.push((address, socket));
                }
                Err(error) => problem = Some(error),
            }
        }
        match problem {
            Some(error) if sockets.is_empty() => Err(error),
            _ if sockets.is_empty() => Err(io::Error::other("no address for media was given")),
            _ => Ok(Self { sockets, received, _readers: readers }),
        }
    }

    /// The local addresses.
    pub fn addresses(&self) -> impl Iterator<Item = SocketAddr> {
        self.sockets.iter().map(|(address, _)| *address)
    }

    /// Waits for the next datagram; `None` when no socket can receive any more.
    pub async fn receive(&mut self) -> Option<Datagram> {
        self.received.recv().await
    }

    /// Sends from one of the local addresses. What the system does not take at once is lost.
    pub fn send(&self, source: SocketAddr, destination: SocketAddr, contents: &[u8]) {
        if let Some((_, socket)) = self.sockets.iter().find(|(address, _)| *address == source) {
            let _ = socket.try_send_to(contents, destination);
        }
    }
}

async fn read(destination: SocketAddr, socket: Arc<UdpSocket>, to: Sender<Datagram>) {
    let mut buffer = vec![0; DATAGRAM_BYTES];
    loop {
        // An error here is an ICMP message about an earlier datagram, not about this socket.
        if let Ok((length, source)) = socket.recv_from(&mut buffer).await {
            let _ = to.try_send(Datagram { source, destination, contents: buffer[..length].to_vec() });
        }
    }
}
