//! How long to wait after a refusal before asking again.

use std::time::Duration;

use crate::sip::message::Response;
use crate::sip::status::StatusCode;

/// Seconds before each attempt after a refusal; the last one for all further ones. As XiVO's own phone waits.
const RETRY: [u64; 4] = [0, 20, 40, 60];
/// The same when trying again will hardly help: a wrong password, an account that is not allowed.
const RETRY_PERMANENT: [u64; 4] = [20, 60, 120, 300];
/// A registrar that wants us to wait longer than an hour is not taken at its word.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);

/// The wait after `refusals` earlier ones in a row.
pub(super) fn delay(refusals: usize, permanent: bool, response: Option<&Response>) -> Duration {
    let delays = if permanent { RETRY_PERMANENT } else { RETRY };
    let own = Duration::from_secs(delays[refusals.min(delays.len() - 1)]);
    let asked = response.and_then(|response| response.headers.retry_after());
    own.max(asked.map_or(Duration::ZERO, |after| after.delay.min(LONGEST_WAIT)))
}

/// Whether the same request will hardly fare better soon.
pub(super) fn is_permanent(status: StatusCode) -> bool {
    matches!(status.code(), 300..=399 | 401 | 403 | 404 | 407)
}
