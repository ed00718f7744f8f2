//! One websocket: frames in are handed on, frames of its outbox go out.

use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use futures_util::{SinkExt, StreamExt};
use serde::Deserialize;
use tokio::time::sleep_until;

use crate::exchange::Outgoing;

/// More than any message of either protocol; longer ones end the connection.
const LONGEST_MESSAGE: usize = 1 << 20;

/// What a websocket's address may carry.
#[derive(Deserialize)]
pub struct Query {
    /// The token of who opens it.
    pub token: Option<String>,
}

/// The upgrade, with its limits.
pub fn limited(upgrade: WebSocketUpgrade) -> WebSocketUpgrade {
    upgrade.max_message_size(LONGEST_MESSAGE).max_frame_size(LONGEST_MESSAGE)
}

/// Serves a websocket until either side has enough of it.
pub async fn serve(socket: WebSocket, mut outgoing: Outgoing, hear: impl Fn(String)) {
    let (mut sink, mut stream) = socket.split();
    let write = async {
        while let Some(frame) = outgoing.frames.recv().await {
            sleep_until(frame.not_before).await;
            if sink.send(Message::text(frame.text)).await.is_err() {
                return;
            }
        }
        // The exchange has no more to say. The other side may be gone already.
        let _ = sink.close().await;
    };
    let read = async {
        // After a closing frame the stream goes on until that was answered.
        while let Some(Ok(message)) = stream.next().await {
            match message {
                Message::Text(text) => hear(text.to_string()),
                Message::Binary(bytes) => hear(String::from_utf8_lossy(&bytes).into_owned()),
                Message::Ping(_) | Message::Pong(_) | Message::Close(_) => {}
            }
        }
    };
    tokio::select! {
        () = write => {}
        () = read => {}
        () = outgoing.cut.notified() => {}
    }
}
