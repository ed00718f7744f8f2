//! A CTI websocket of the story's own, as another page of the same person would have.

use futures_util::{SinkExt, StreamExt};
use reqwest::Client;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::{Duration, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::support::people::Person;
use crate::support::settings::setting;

/// How long something may take that was asked for.
const PATIENCE: Duration = Duration::from_secs(20);

/// An open websocket.
pub struct Cti {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Cti {
    /// Logs that person in.
    pub async fn of(person: &Person) -> Self {
        Self::with_password(person, &person.password).await
    }

    /// Logs somebody in who says to be that person.
    pub async fn with_password(person: &Person, password: &str) -> Self {
        let lab = setting("XC_LAB_URL");
        let body = json!({ "login": person.login, "password": password });
        let request = Client::new().post(format!("{lab}/xuc/api/2.0/auth/login"));
        let request = request.header("Content-Type", "application/json").body(body.to_string());
        let answer = request.send().await.expect("the lab answers");
        let answer: Value = answer.json().await.expect("the lab answers in JSON");
        let token = answer["token"].as_str().expect("a token");
        let url = format!("{}/xuc/api/2.0/cti?token={token}", lab.replacen("http", "ws", 1));
        let (socket, _) = connect_async(url).await.expect("the websocket opens");
        let mut cti = Self { socket };
        cti.expect("LoggedOn").await;
        cti
    }

    /// Asks for something.
    pub async fn command(&mut self, mut command: Value) {
        command["claz"] = "web".into();
        self.socket.send(Message::text(command.to_string())).await.expect("the websocket is open");
    }

    /// The next message of that type; others are passed over.
    pub async fn expect(&mut self, msg_type: &str) -> Value {
        let waiting = async {
            loop {
                let frame = self.socket.next().await.expect("the websocket is open").expect("a frame");
                let Message::Text(text) = frame else { continue };
                let mut message: Value = serde_json::from_str(&text).expect("JSON");
                if message["msgType"] == msg_type {
                    return message["ctiMessage"].take();
                }
                assert_ne!(message["msgType"], "Error", "instead of {msg_type} came {message}");
            }
        };
        timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("no {msg_type}"))
    }

    /// Waits for a phone event of that type about that number.
    pub async fn event(&mut self, event_type: &str, other: &str) -> Value {
        let mut passed = Vec::new();
        let waiting = async {
            loop {
                let event = self.expect("PhoneEvent").await;
                passed.push(format!("{} {}", event["eventType"], event["otherDN"]));
                if event["eventType"] == event_type && event["otherDN"] == other {
                    return event;
                }
            }
        };
        let event = timeout(PATIENCE, waiting).await;
        event.unwrap_or_else(|_| panic!("no {event_type} with {other}, only {passed:?}"))
    }

    /// What the lab says to a command that it cannot do.
    pub async fn refusal(&mut self, command: Value) -> String {
        self.command(command).await;
        self.expect("Error").await["Error"].as_str().expect("a text").to_owned()
    }
}

/// The SIP Call-ID in an event.
pub fn sip_call_id(event: &Value) -> &str {
    event["userData"]["SIPCALLID"].as_str().unwrap_or_else(|| panic!("no SIPCALLID in {event}"))
}
