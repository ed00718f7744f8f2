//! The SIP websocket (RFC 7118), with the token in its address as XiVO's edge wants it (xuc-cti §2.8).

use std::sync::Arc;

use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::auth::{gone, refusal};
use super::{Site, relay, websocket};
use crate::account::Account;
use crate::exchange::{Desk, outbox};

/// The sub-protocol of SIP (RFC 7118 §4).
pub const PROTOCOL: &str = "sip";

/// `GET /wssip?token=…`, `/wssip-MDS?token=…`; `/ws` and `/ws-MDS`, where older phones give no token.
pub async fn open(
    State(site): State<Site>,
    Path(path): Path<String>,
    Query(websocket::Query { token }): Query<websocket::Query>,
    upgrade: Result<WebSocketUpgrade, axum::extract::ws::rejection::WebSocketUpgradeRejection>,
) -> Response {
    let name = path.split_once('-').map_or(path.as_str(), |(name, _)| name);
    let token_needed = match name {
        "wssip" => true,
        "ws" => false,
        _ => return refusal(StatusCode::NOT_FOUND, "NotFound", "there is nothing here"),
    };
    let Ok(upgrade) = upgrade else {
        return refusal(StatusCode::UPGRADE_REQUIRED, "UnhandledError", "a websocket is expected");
    };
    let account = match admitted(&site.desk, token, token_needed).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let upgrade = websocket::limited(upgrade).protocols([PROTOCOL]);
    if upgrade.selected_protocol().is_none() {
        return refusal(StatusCode::BAD_REQUEST, "UnhandledError", "the sub-protocol sip is expected");
    }
    match site.asterisk {
        None => upgrade.on_upgrade(async move |socket| {
            let (desk, (outbox, outgoing)) = (site.desk, outbox());
            let Some(id) = desk.ask(move |exchange| exchange.sip_opened(account, outbox)).await else {
                return;
            };
            let hear = |text: String| desk.tell(move |exchange| exchange.sip_received(id, &text));
            websocket::serve(socket, outgoing, hear).await;
            desk.tell(move |exchange| exchange.sip_closed(id));
        }),
        Some(address) => relay::open(upgrade, &address, account, site.desk).await,
    }
}

/// Whose websocket that will be; `None` when nobody has to say.
async fn admitted(
    desk: &Desk,
    token: Option<String>,
    needed: bool,
) -> Result<Option<Arc<Account>>, Response> {
    let given = token.is_some();
    let token = token.unwrap_or_default();
    let checked = desk.ask(move |exchange| (exchange.refuses_sip(), exchange.whose(&token))).await;
    match checked.ok_or_else(gone)? {
        (true, _) => Err(refusal(StatusCode::SERVICE_UNAVAILABLE, "UnhandledError", "as a test asked for")),
        (false, Ok(account)) => Ok(Some(account)),
        (false, Err(_)) if !given && !needed => Ok(None),
        (false, Err(_)) => Err(refusal(StatusCode::FORBIDDEN, "InvalidToken", "the token is not good")),
    }
}
