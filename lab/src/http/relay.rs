//! The SIP websocket when an Asterisk stands behind the lab: frames go to it and back as they are.

use std::sync::Arc;

use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::header::SEC_WEBSOCKET_PROTOCOL;
use tokio_tungstenite::tungstenite::{self, Error};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use xc_webrtc::sip::message;
use xc_webrtc::sip::method::Method;
use xc_webrtc::sip::parser;

use super::auth::refusal;
use super::sip::PROTOCOL;
use crate::account::Account;
use crate::exchange::{Desk, outbox};

type Asterisk = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Opens the relay; 502 when the Asterisk does not answer. The desk is told when it registers the phone of `account`.
pub async fn open(
    upgrade: WebSocketUpgrade,
    address: &str,
    account: Option<Arc<Account>>,
    desk: Desk,
) -> Response {
    match connect(address).await {
        Ok(asterisk) => upgrade.on_upgrade(move |phone| serve(phone, asterisk, account, desk)),
        Err(error) => {
            let message = format!("the Asterisk at {address} cannot be reached: {error}");
            refusal(StatusCode::BAD_GATEWAY, "UnhandledError", &message)
        }
    }
}

async fn connect(address: &str) -> Result<Asterisk, Error> {
    let mut request = address.into_client_request()?;
    request.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(PROTOCOL));
    Ok(connect_async(request).await?.0)
}

async fn serve(phone: WebSocket, asterisk: Asterisk, mut account: Option<Arc<Account>>, desk: Desk) {
    let (outbox, outgoing) = outbox();
    let whose = account.clone();
    let Some(id) = desk.ask(move |exchange| exchange.relay_opened(whose, outbox)).await else { return };
    let (mut to_phone, mut from_phone) = phone.split();
    let (mut to_asterisk, mut from_asterisk) = asterisk.split();
    let up = async {
        while let Some(Ok(message)) = from_phone.next().await {
            let Some(message) = upwards(message) else { continue };
            if to_asterisk.send(message).await.is_err() {
                return;
            }
        }
    };
    let down = async {
        while let Some(Ok(message)) = from_asterisk.next().await {
            let Some(message) = downwards(message) else { continue };
            if let Message::Text(text) = &message
                && let Some(account) = account.take_if(|account| registers(text, account))
            {
                desk.tell(move |exchange| exchange.line_proved(&account));
            }
            if to_phone.send(message).await.is_err() {
                return;
            }
        }
    };
    // When one side closes, so does the other: a phone must learn at once that its Asterisk is gone.
    tokio::select! {
        () = up => {}
        () = down => {}
        () = outgoing.cut.notified() => {}
    }
    desk.tell(move |exchange| exchange.relay_closed(id));
}

/// Whether Asterisk says with that frame that it has registered the account's phone: then the password is right.
fn registers(frame: &str, account: &Account) -> bool {
    // Hardly any frame is one, and reading them all would be for nothing.
    if !frame.starts_with("SIP/2.0 200") {
        return false;
    }
    let Ok(parser::Parsed { message: message::Message::Response(response), .. }) = parser::parse(frame)
    else {
        return false;
    };
    let registered = response.headers.cseq().is_ok_and(|cseq| cseq.method == Method::Register);
    registered && response.headers.to().is_ok_and(|to| to.uri.user_text() == account.line_name)
}

/// Pings are answered on each side for itself.
fn upwards(message: Message) -> Option<tungstenite::Message> {
    match message {
        Message::Text(text) => Some(tungstenite::Message::text(text.as_str())),
        Message::Binary(bytes) => Some(tungstenite::Message::binary(bytes)),
        Message::Ping(_) | Message::Pong(_) | Message::Close(_) => None,
    }
}

fn downwards(message: tungstenite::Message) -> Option<Message> {
    match message {
        tungstenite::Message::Text(text) => Some(Message::text(text.as_str())),
        tungstenite::Message::Binary(bytes) => Some(Message::binary(bytes)),
        tungstenite::Message::Ping(_)
        | tungstenite::Message::Pong(_)
        | tungstenite::Message::Close(_)
        | tungstenite::Message::Frame(_) => None,
    }
}
