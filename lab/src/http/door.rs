//! The door for tests: `/lab/…`. It is closed unless the lab was started with it.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use xc_webrtc::cti::message::{Message, WebRtcCmd};

use super::Site;
use crate::exchange::fault::Fault;
use crate::exchange::{CallReport, RegistrationReport};
use crate::ice::IceWish;

/// A text for every websocket of a login.
#[derive(Deserialize)]
pub struct Text {
    user: String,
    text: String,
}

/// How many websockets a text went to.
#[derive(Serialize)]
pub struct Sent {
    sockets: usize,
}

/// A call from outside.
#[derive(Deserialize)]
pub struct OutsideCall {
    user: String,
    from_number: String,
    #[serde(default)]
    from_name: String,
}

/// The STUN and TURN servers that pages are told of from now on.
#[derive(Deserialize)]
pub struct Ice {
    /// Those of this login; of all others when absent.
    user: Option<String>,
    #[serde(default)]
    servers: IceWish,
}

/// What someone's phones are asked to do (xuc-cti §6.9).
#[derive(Deserialize)]
pub struct Order {
    user: String,
    #[serde(flatten)]
    command: OrderedCommand,
}

/// As it is on the wire: without a Call-ID the phone takes the call that is meant by where it stands.
#[derive(Deserialize)]
#[serde(tag = "command", rename_all_fields = "camelCase")]
enum OrderedCommand {
    Answer { sip_call_id: Option<String> },
    Hold { sip_call_id: Option<String> },
    SendDtmf { key: String },
    ToggleMicrophone { sip_call_id: Option<String> },
}

/// What is in a voice mail box.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Messages {
    user: String,
    new_messages: u32,
    #[serde(default)]
    waiting_messages: u32,
    #[serde(default)]
    old_messages: u32,
}

/// The call that was made.
#[derive(Serialize)]
pub struct Made {
    id: u64,
}

/// `POST /lab/faults`: 422 when it makes no sense.
pub async fn plan(State(site): State<Site>, Json(fault): Json<Fault>) -> (StatusCode, String) {
    done(site.desk.ask(move |exchange| exchange.plan(fault)).await)
}

/// `POST /lab/ice`: 422 when it makes no sense. Pages learn of it when they ask.
pub async fn ice(State(site): State<Site>, Json(Ice { user, servers }): Json<Ice>) -> (StatusCode, String) {
    match servers.grant() {
        Ok(servers) => {
            let told = site.desk.ask(move |exchange| exchange.tell_of_ice_servers(user, servers)).await;
            done(told.map(Ok))
        }
        Err(problem) => done(Some(Err(problem))),
    }
}

/// What came of something that was to be done.
fn done(outcome: Option<Result<(), String>>) -> (StatusCode, String) {
    match outcome {
        Some(Ok(())) => (StatusCode::NO_CONTENT, String::new()),
        Some(Err(problem)) => (StatusCode::UNPROCESSABLE_ENTITY, problem),
        None => (StatusCode::SERVICE_UNAVAILABLE, String::new()),
    }
}

/// `POST /lab/send_sip`: the text goes out as it is.
pub async fn send_sip(
    State(site): State<Site>,
    Json(Text { user, text }): Json<Text>,
) -> Result<Json<Sent>, StatusCode> {
    let sockets = site.desk.ask(move |exchange| exchange.send_sip_text(&user, &text)).await;
    sockets.map(|sockets| Json(Sent { sockets })).ok_or(StatusCode::SERVICE_UNAVAILABLE)
}

/// `POST /lab/send_cti`: the text goes out as it is.
pub async fn send_cti(
    State(site): State<Site>,
    Json(Text { user, text }): Json<Text>,
) -> Result<Json<Sent>, StatusCode> {
    let sockets = site.desk.ask(move |exchange| exchange.send_cti_text(&user, &text)).await;
    sockets.map(|sockets| Json(Sent { sockets })).ok_or(StatusCode::SERVICE_UNAVAILABLE)
}

/// `POST /lab/webrtc_cmd`: every page of the user is asked.
pub async fn webrtc_cmd(
    State(site): State<Site>,
    Json(Order { user, command }): Json<Order>,
) -> Result<Json<Sent>, StatusCode> {
    let command = match command {
        OrderedCommand::Answer { sip_call_id } => WebRtcCmd::Answer { sip_call_id },
        OrderedCommand::Hold { sip_call_id } => WebRtcCmd::Hold { sip_call_id },
        OrderedCommand::SendDtmf { key } => WebRtcCmd::SendDtmf { key },
        OrderedCommand::ToggleMicrophone { sip_call_id } => WebRtcCmd::ToggleMicrophone { sip_call_id },
    };
    let frame = Message::WebRtcCmd(command).to_frame();
    let sockets = site.desk.ask(move |exchange| exchange.send_cti_text(&user, &frame)).await;
    sockets.map(|sockets| Json(Sent { sockets })).ok_or(StatusCode::SERVICE_UNAVAILABLE)
}

/// `POST /lab/voice_mail`: 404 when there is no such user.
pub async fn voice_mail(State(site): State<Site>, Json(box_of): Json<Messages>) -> StatusCode {
    let Messages { user, new_messages, waiting_messages, old_messages } = box_of;
    let messages = [new_messages, waiting_messages, old_messages];
    match site.desk.ask(move |exchange| exchange.leave_messages(&user, messages)).await {
        Some(true) => StatusCode::NO_CONTENT,
        Some(false) => StatusCode::NOT_FOUND,
        None => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// `POST /lab/call`: 404 when the user has no phone to ring.
pub async fn call(State(site): State<Site>, Json(call): Json<OutsideCall>) -> Result<Json<Made>, StatusCode> {
    let OutsideCall { user, from_number, from_name } = call;
    let made = site.desk.ask(move |exchange| exchange.call_from_outside(&user, from_number, from_name)).await;
    made.flatten().map(|id| Json(Made { id })).ok_or(StatusCode::NOT_FOUND)
}

/// `GET /lab/calls`.
pub async fn calls(State(site): State<Site>) -> Result<Json<Vec<CallReport>>, StatusCode> {
    let calls = site.desk.ask(|exchange| exchange.call_reports()).await;
    calls.map(Json).ok_or(StatusCode::SERVICE_UNAVAILABLE)
}

/// `DELETE /lab/calls/ID`: the call ends as if the caller had hung up.
pub async fn end_call(State(site): State<Site>, Path(id): Path<u64>) -> StatusCode {
    match site.desk.ask(move |exchange| exchange.end_call_from_outside(id)).await {
        Some(true) => StatusCode::NO_CONTENT,
        Some(false) | None => StatusCode::NOT_FOUND,
    }
}

/// `GET /lab/registrations`.
pub async fn registrations(State(site): State<Site>) -> Result<Json<Vec<RegistrationReport>>, StatusCode> {
    let registrations = site.desk.ask(|exchange| exchange.registration_reports()).await;
    registrations.map(Json).ok_or(StatusCode::SERVICE_UNAVAILABLE)
}
