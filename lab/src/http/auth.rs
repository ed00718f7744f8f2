//! REST log-in (xuc-cti §2.1, §2.2, §2.5).

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use xc_webrtc::secret::Secret;

use super::Site;
use crate::account::Account;
use crate::token::{LIFETIME, TokenError};

#[derive(Deserialize)]
struct LogIn {
    login: String,
    password: String,
}

/// `POST /xuc/api/2.0/auth/login`.
pub async fn log_in(State(site): State<Site>, body: Bytes) -> Response {
    if let Some(planned) = planned_answer(&site).await {
        return planned;
    }
    let Ok(LogIn { login, password }) = serde_json::from_slice(&body) else {
        return refusal(StatusCode::BAD_REQUEST, "InvalidJson", "login and password are expected as JSON");
    };
    match site.desk.ask(move |exchange| exchange.log_in(&login, Secret::new(password))).await {
        Some(Some((account, token))) => welcome(&account, &token),
        Some(None) => refusal(StatusCode::UNAUTHORIZED, "InvalidCredentials", "wrong login or password"),
        None => gone(),
    }
}

/// `GET /xuc/api/2.0/auth/check`.
pub async fn check(State(site): State<Site>, headers: HeaderMap) -> Response {
    if let Some(planned) = planned_answer(&site).await {
        return planned;
    }
    let token = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .unwrap_or_default()
        .trim()
        .to_owned();
    match site.desk.ask(move |exchange| exchange.renew(&token)).await {
        Some(Ok((account, token))) => welcome(&account, &token),
        Some(Err(TokenError::Expired)) => {
            refusal(StatusCode::UNAUTHORIZED, "TokenExpired", "the token has expired")
        }
        Some(Err(TokenError::Unknown)) => {
            refusal(StatusCode::UNAUTHORIZED, "InvalidToken", "the token is not known here")
        }
        None => gone(),
    }
}

/// What is said when the lab is shutting down.
pub fn gone() -> Response {
    refusal(StatusCode::SERVICE_UNAVAILABLE, "UnhandledError", "the lab is shutting down")
}

/// An error body (xuc-cti §2.5).
pub fn refusal(status: StatusCode, error: &str, message: &str) -> Response {
    (status, Json(json!({ "error": error, "message": message }))).into_response()
}

fn welcome(account: &Account, token: &str) -> Response {
    Json(json!({ "login": account.login, "token": token, "TTL": LIFETIME.as_secs() })).into_response()
}

async fn planned_answer(site: &Site) -> Option<Response> {
    let (status, body) = site.desk.ask(|exchange| exchange.planned_answer()).await??;
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    Some((status, [(CONTENT_TYPE, "application/json")], body).into_response())
}
