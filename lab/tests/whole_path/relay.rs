//! With an Asterisk behind it the lab hands SIP through, frame by frame. A websocket server plays the Asterisk here;
//! the interop tests have a real one.

use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio::net::TcpListener;
use tokio_tungstenite::accept_hdr_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use xc_lab::{Asterisk, Config, Lab};

use crate::support::cti::Cti;
use crate::support::http::post;
use crate::support::phone;
use crate::support::soon;

/// Answers every frame with `> ` before it, and closes when it is told to.
async fn asterisk() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            #[allow(clippy::result_large_err, reason = "the signature is the library's")]
            let speak_sip = |request: &Request, mut response: Response| {
                let protocol = request.headers()["Sec-WebSocket-Protocol"].clone();
                assert_eq!(protocol, "sip");
                response.headers_mut().insert("Sec-WebSocket-Protocol", protocol);
                Ok(response)
            };
            let mut socket = accept_hdr_async(stream, speak_sip).await.unwrap();
            while let Some(Ok(Message::Text(text))) = socket.next().await {
                if text == "close" {
                    break;
                }
                socket.send(Message::text(format!("> {text}"))).await.unwrap();
            }
        }
    });
    address
}

async fn lab_before(address: SocketAddr) -> Lab {
    let asterisk = Asterisk { address: format!("ws://{address}/ws"), domain: "pbx_1".into(), manager: None };
    Lab::start(Config { asterisk: Some(asterisk), ..Config::for_tests() }).await.unwrap()
}

async fn log_in(lab: &Lab, login: &str, password: &str) -> String {
    let body = json!({ "login": login, "password": password });
    let (status, answer) = post(lab.address, "/xuc/api/2.0/auth/login", &body).await;
    assert_eq!(status, 200);
    answer["token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_line_is_what_was_typed() {
    let lab = lab_before(asterisk().await).await;
    let token = log_in(&lab, "2001", "s3cret").await;
    let cti = Cti::open(lab.address, &token).await;
    assert_eq!(cti.line["name"], "2001");
    assert_eq!(cti.line["password"], "s3cret");
    assert_eq!(cti.line["sipProxyName"], "pbx_1");
}

#[tokio::test]
async fn frames_go_both_ways_and_the_end_is_passed_on() {
    let lab = lab_before(asterisk().await).await;
    let token = log_in(&lab, "2001", "s3cret").await;
    // A domain of its own is the name of a media server, which the phone puts into the path.
    let mut socket = phone::open(lab.address, &format!("wssip-pbx_1?token={token}")).await.unwrap();
    for text in ["one", "\r\n\r\n"] {
        socket.send(Message::text(text)).await.unwrap();
        let answer = soon("an answer", socket.next()).await.unwrap().unwrap();
        assert_eq!(answer, Message::text(format!("> {text}")));
    }
    socket.send(Message::text("close")).await.unwrap();
    let end = soon("the end", socket.next()).await;
    assert!(!matches!(end, Some(Ok(Message::Text(_)))), "{end:?}");
}

#[tokio::test]
async fn an_asterisk_that_is_not_there_refuses_the_websocket() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let lab = lab_before(free).await;
    let token = log_in(&lab, "2001", "s3cret").await;
    assert!(phone::open(lab.address, &format!("wssip?token={token}")).await.is_err());
}
