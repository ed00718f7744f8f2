//! A server with two addresses, of which one goes away.

use std::net::SocketAddr;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::LAB;
use crate::door::Door;
use crate::support::browser::{Setup, Site};
use crate::support::phone::{CALLS, READY};
use crate::support::settings;
use crate::support::stage::story;

/// Another address of a server, until it is dropped.
struct Address {
    port: u16,
    _connections: JoinSet<()>,
}

impl Address {
    async fn of(server: SocketAddr) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let port = listener.local_addr().expect("a bound socket").port();
        let mut connections = JoinSet::new();
        connections.spawn(async move {
            let mut pairs = JoinSet::new();
            while let Ok((mut here, _)) = listener.accept().await {
                pairs.spawn(async move {
                    if let Ok(mut there) = TcpStream::connect(server).await {
                        // Ends in whatever way either side likes.
                        let _ = copy_bidirectional(&mut here, &mut there).await;
                    }
                });
            }
        });
        Self { port, _connections: connections }
    }
}

#[tokio::test]
async fn when_the_first_address_of_a_server_is_gone_calls_go_on_and_come_by_the_second() {
    story(async |stage| {
        let page = settings::page(Site::Main);
        let port =
            page.rsplit(':').next().and_then(|port| port.parse::<u16>().ok()).expect("a page at a port");
        let first = Address::of(SocketAddr::from(([127, 0, 0, 1], port))).await;
        let (phone, door) = (stage.phone_at_login(&LAB, Setup::default()).await, Door::new());
        phone.open_address(&format!("https://127.0.0.1:{}/", first.port)).await;
        phone.unfolds("Advanced").await;
        phone.fill("Server", &format!("https://127.0.0.1:{},localhost:{port}", first.port)).await;
        phone.logs_in().await;
        phone.sees(READY).await;
        phone.talks_to("*56").await;
        phone.hears(1000).await;

        drop(first);
        phone.sees_no_more(READY).await;
        phone.sees_within(READY, 60).await;
        phone.hears(1000).await;
        phone.hangs_up().await;
        door.until_without_calls(&phone.person).await;
        door.call(&phone.person, "0145000001", "Claire Dubois").await;
        phone.sees_in(CALLS, "Claire Dubois").await;
    })
    .await;
}
