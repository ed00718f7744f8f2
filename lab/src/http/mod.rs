//! The lab's face to the network: XUC's REST and CTI, the SIP websocket, the door for tests.

mod auth;
mod cti;
mod door;
mod relay;
mod sip;
mod websocket;

use axum::Router;
use axum::routing::{any, delete, get, post};

use crate::exchange::Desk;

/// What every handler may use.
#[derive(Clone)]
pub struct Site {
    /// The exchange.
    pub desk: Desk,
    /// The SIP websocket of the Asterisk that stands behind the lab, when one does.
    pub asterisk: Option<String>,
}

/// All addresses of the lab. The door for tests is only there when it was asked for: it lets anyone do anything.
pub fn router(site: Site, test_door: bool) -> Router {
    let mut router = Router::new()
        .route("/xuc/api/2.0/auth/login", post(auth::log_in))
        .route("/xuc/api/2.0/auth/check", get(auth::check))
        .route("/xuc/api/2.0/cti", any(cti::open))
        // `/wssip`, `/wssip-MDS`, `/ws` and `/ws-MDS`: whichever media server, it is the lab.
        .route("/{path}", any(sip::open));
    if test_door {
        router = router
            .route("/lab/faults", post(door::plan))
            .route("/lab/ice", post(door::ice))
            .route("/lab/send_sip", post(door::send_sip))
            .route("/lab/send_cti", post(door::send_cti))
            .route("/lab/webrtc_cmd", post(door::webrtc_cmd))
            .route("/lab/voice_mail", post(door::voice_mail))
            .route("/lab/call", post(door::call))
            .route("/lab/calls", get(door::calls))
            .route("/lab/calls/{id}", delete(door::end_call))
            .route("/lab/registrations", get(door::registrations));
    }
    router.with_state(site)
}
