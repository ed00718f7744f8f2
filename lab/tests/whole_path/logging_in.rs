//! REST log-in, tokens, and the greeting on the CTI websocket.

use serde_json::json;

use crate::lab;
use crate::support::cti::{self, Cti};
use crate::support::http::{fault, get, log_in, post, request};
use crate::support::phone;

const LOGIN: &str = "/xuc/api/2.0/auth/login";
const CHECK: &str = "/xuc/api/2.0/auth/check";

#[tokio::test]
async fn wrong_credentials_and_wrong_json_are_told_apart() {
    let lab = lab().await;
    let (status, answer) = post(lab.address, LOGIN, &json!({ "login": "alice", "password": "wrong" })).await;
    assert_eq!((status, &answer["error"]), (401, &json!("InvalidCredentials")));
    for body in ["", "null", "{", r#"{"login": 1, "password": "alice"}"#, r#"{"login": "alice"}"#] {
        let (status, answer) = request(lab.address, "POST", LOGIN, &[], body).await;
        assert_eq!((status, &answer["error"]), (400, &json!("InvalidJson")), "{body}");
    }
}

#[tokio::test]
async fn a_check_renews_the_token() {
    let lab = lab().await;
    let token = log_in(lab.address, "alice").await;
    let bearer = format!("Bearer {token}");
    let (status, answer) = request(lab.address, "GET", CHECK, &[("Authorization", &bearer)], "").await;
    assert_eq!((status, &answer["login"]), (200, &json!("alice")));
    assert_ne!(answer["token"], json!(token));
    assert_eq!(answer["token"].as_str().unwrap().split('.').count(), 3);
}

#[tokio::test]
async fn an_expired_token_is_told_from_one_that_never_was() {
    let lab = lab().await;
    let token = log_in(lab.address, "alice").await;
    fault(lab.address, json!({ "what": "expire_tokens", "user": "alice" })).await;
    for (token, error) in [(token.as_str(), "TokenExpired"), ("a.b.c", "InvalidToken"), ("", "InvalidToken")]
    {
        let bearer = format!("Bearer {token}");
        let (status, answer) = request(lab.address, "GET", CHECK, &[("Authorization", &bearer)], "").await;
        assert_eq!((status, &answer["error"]), (401, &json!(error)), "{token}");
        assert!(cti::open(lab.address, token).await.is_err());
        assert!(phone::open(lab.address, &format!("wssip?token={token}")).await.is_err());
    }
    assert!(phone::open(lab.address, "wssip").await.is_err());
    assert!(phone::open(lab.address, "ws").await.is_ok(), "old phones give no token there");
}

#[tokio::test]
async fn the_cti_websocket_greets_and_tells_who_and_what() {
    let lab = lab().await;
    let token = log_in(lab.address, "bob").await;
    let mut cti = Cti::open(lab.address, &token).await;
    assert_eq!(cti.line["name"], "bob");
    assert_eq!(cti.line["sipProxyName"], "default");
    assert_eq!(cti.line["webRtc"], true);
    assert_ne!(cti.line["password"], "bob");
    cti.command(json!({ "command": "getIceConfig" })).await;
    assert_eq!(cti.expect("IceConfig").await, json!({}));
    cti.command(json!({ "command": "getCurrentCallsPhoneEvents" })).await;
    assert_eq!(cti.expect("CurrentCallsPhoneEvents").await, json!({ "events": [] }));
    cti.send(r#"{"claz": "ping"}"#).await;
    assert!(cti.next().await.unwrap().get("msgType").is_none());
    cti.command(json!({ "command": "getList", "objectType": "queue" })).await;
    assert_eq!(cti.expect("Error").await, json!({ "Error": "the lab does not serve getList" }));
    cti.send("no JSON").await;
    cti.expect("Error").await;
}

#[tokio::test]
async fn the_user_and_the_status_are_told_without_asking() {
    let lab = lab().await;
    let token = log_in(lab.address, "carol").await;
    let mut other = Cti::unread(cti::open(lab.address, &token).await.unwrap());
    assert_eq!(other.next().await.unwrap(), json!({ "msgType": "LoggedOn" }));
    let user = other.next().await.unwrap();
    assert_eq!(user["msgType"], "UserConfigUpdate");
    assert_eq!(user["ctiMessage"]["fullName"], "Carol Silva");
    let status = json!({ "msgType": "PhoneStatusUpdate", "ctiMessage": { "status": "INDISPONIBLE" } });
    assert_eq!(other.next().await.unwrap(), status);
}

#[tokio::test]
async fn a_lab_without_the_door_has_no_door() {
    let config = xc_lab::Config { test_door: false, ..xc_lab::Config::for_tests() };
    let lab = xc_lab::Lab::start(config).await.unwrap();
    for path in ["/lab/calls", "/lab/registrations", "/lab", "/"] {
        assert_eq!(get(lab.address, path).await.0, 404, "{path}");
    }
    assert_eq!(post(lab.address, "/lab/faults", &json!({ "what": "clear" })).await.0, 404);
}
