//! Waiting for something that can only be asked for again and again.

use std::time::Duration;

use tokio::time::{interval, timeout};

/// How often is asked.
const OFTEN: Duration = Duration::from_millis(50);

/// Asks until the answer is not `None`, for so many seconds at most.
pub async fn until<T>(wanted: &str, seconds: u64, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let asking = async {
        let mut ticks = interval(OFTEN);
        loop {
            ticks.tick().await;
            if let Some(answer) = ask().await {
                return answer;
            }
        }
    };
    let answer = timeout(Duration::from_secs(seconds), asking).await;
    answer.unwrap_or_else(|_| panic!("{wanted}: not within {seconds} s"))
}
