//! The CTI websocket (xuc-cti §3.1).

use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::auth::{gone, refusal};
use super::{Site, websocket};
use crate::exchange::{Desk, outbox};

/// `GET /xuc/api/2.0/cti?token=…`.
pub async fn open(
    State(Site { desk, .. }): State<Site>,
    Query(websocket::Query { token }): Query<websocket::Query>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let token = token.unwrap_or_default();
    let checked = desk.ask(move |exchange| (exchange.refuses_cti(), exchange.whose(&token))).await;
    match checked {
        None => gone(),
        Some((true, _)) => refusal(StatusCode::SERVICE_UNAVAILABLE, "UnhandledError", "as a test asked for"),
        Some((false, Err(_))) => refusal(StatusCode::FORBIDDEN, "InvalidToken", "the token is not good"),
        Some((false, Ok(account))) => websocket::limited(upgrade).on_upgrade(async move |socket| {
            let (outbox, outgoing) = outbox();
            let Some(id) = desk.ask(move |exchange| exchange.cti_opened(account, outbox)).await else {
                return;
            };
            websocket::serve(socket, outgoing, hear(&desk, id)).await;
            desk.tell(move |exchange| exchange.cti_closed(id));
        }),
    }
}

fn hear(desk: &Desk, id: crate::exchange::SocketId) -> impl Fn(String) {
    move |frame| desk.tell(move |exchange| exchange.cti_received(id, &frame))
}
