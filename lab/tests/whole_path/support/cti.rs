//! A CTI websocket.

use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::{http, soon};

pub type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

pub struct Cti {
    socket: Socket,
    /// The user's line.
    pub line: Value,
}

impl Cti {
    /// A websocket that was opened and not yet read.
    pub fn unread(socket: Socket) -> Self {
        Self { socket, line: Value::Null }
    }

    /// Logs in, opens the websocket, waits for the greeting, asks for the line.
    pub async fn open(lab: SocketAddr, token: &str) -> Self {
        let mut cti = Self::unread(open(lab, token).await.unwrap());
        cti.expect("LoggedOn").await;
        cti.command(json!({ "command": "getConfig", "objectType": "line" })).await;
        cti.line = cti.expect("LineConfig").await;
        cti
    }

    /// Logs in and opens the websocket; the greeting is still to be read.
    pub async fn greeted(lab: SocketAddr, login: &str) -> Self {
        Self::unread(open(lab, &http::log_in(lab, login).await).await.unwrap())
    }

    /// Logs in and opens the websocket.
    pub async fn of(lab: SocketAddr, login: &str) -> Self {
        Self::open(lab, &http::log_in(lab, login).await).await
    }

    pub async fn send(&mut self, text: &str) {
        self.socket.send(Message::text(text)).await.unwrap();
    }

    pub async fn command(&mut self, mut command: Value) {
        command["claz"] = "web".into();
        self.send(&command.to_string()).await;
    }

    /// The next frame; `None` when the websocket was closed.
    pub async fn next(&mut self) -> Option<Value> {
        loop {
            match soon("a CTI frame", self.socket.next()).await {
                Some(Ok(Message::Text(text))) => return Some(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                _ => return None,
            }
        }
    }

    /// The payload of the next message of that type; others before it are passed over.
    pub async fn expect(&mut self, msg_type: &str) -> Value {
        loop {
            let mut frame = self.next().await.unwrap_or_else(|| panic!("closed before {msg_type}"));
            if frame["msgType"] == msg_type {
                return frame["ctiMessage"].take();
            }
        }
    }

    /// The next phone event, which must be of that type.
    pub async fn event(&mut self, event_type: &str) -> Value {
        let event = self.expect("PhoneEvent").await;
        assert_eq!(event["eventType"], event_type, "{event}");
        event
    }

    /// Waits until the phone status is that one.
    pub async fn status(&mut self, status: &str) {
        while self.expect("PhoneStatusUpdate").await["status"] != status {}
    }
}

/// Only opens the websocket.
pub async fn open(lab: SocketAddr, token: &str) -> Result<Socket, tokio_tungstenite::tungstenite::Error> {
    let url = format!("ws://{lab}/xuc/api/2.0/cti?token={token}");
    soon("a CTI websocket", connect_async(url)).await.map(|(socket, _)| socket)
}
