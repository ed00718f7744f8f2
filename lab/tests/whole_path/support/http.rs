//! One HTTP request, by hand: the tests need no more of HTTP than this.

use std::net::SocketAddr;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::soon;

/// Status and body of the answer; the body is `null` when it is not JSON.
pub async fn request(
    lab: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> (u16, Value) {
    let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {lab}\r\nConnection: close\r\n");
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
    let exchange = async {
        let mut stream = TcpStream::connect(lab).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    };
    let answer = soon("an HTTP answer", exchange).await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, serde_json::from_str(body).unwrap_or(Value::Null))
}

/// POST with a JSON body.
pub async fn post(lab: SocketAddr, path: &str, body: &Value) -> (u16, Value) {
    request(lab, "POST", path, &[("Content-Type", "application/json")], &body.to_string()).await
}

/// GET without anything.
pub async fn get(lab: SocketAddr, path: &str) -> (u16, Value) {
    request(lab, "GET", path, &[], "").await
}

/// Makes a fault happen.
pub async fn fault(lab: SocketAddr, fault: Value) {
    assert_eq!(post(lab, "/lab/faults", &fault).await.0, 204, "{fault}");
}

/// Logs in; gives the token.
pub async fn log_in(lab: SocketAddr, login: &str) -> String {
    let body = serde_json::json!({ "login": login, "password": login });
    let (status, answer) = post(lab, "/xuc/api/2.0/auth/login", &body).await;
    assert_eq!((status, &answer["login"], &answer["TTL"]), (200, &login.into(), &3600.into()));
    answer["token"].as_str().unwrap().to_owned()
}

/// Waits until the lab knows that the caller's phone of its only call has lost its websocket.
pub async fn caller_is_lost(lab: SocketAddr) {
    let lost = async {
        while get(lab, "/lab/calls").await.1[0]["caller"]["phones"][0]["connected"] != Value::Bool(false) {}
    };
    soon("the loss", lost).await;
}
