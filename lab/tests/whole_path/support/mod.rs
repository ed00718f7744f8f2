//! A phone made of real sockets: log-in, CTI, SIP, media.

pub mod agent;
pub mod cti;
pub mod http;
pub mod peer;
pub mod phone;
pub mod talk;
pub mod whole;

use std::future::Future;

use tokio::time::{Duration, timeout};

/// Waits for something that must come soon; a test that waits in vain fails here.
pub async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    match timeout(Duration::from_secs(10), future).await {
        Ok(value) => value,
        Err(_) => panic!("waited in vain for {what}"),
    }
}
