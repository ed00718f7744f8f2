//! Retry-After: when to ask again (RFC 3261 §20.33).

use std::time::Duration;

/// When the other side can be asked again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryAfter {
    /// Not before this has passed.
    pub delay: Duration,
}

impl RetryAfter {
    /// Reads `18000;duration=3600 (in a meeting)`: comment and parameters say nothing that we need.
    pub fn parse(text: &str) -> Option<Self> {
        let seconds = text.split([';', '(']).next()?;
        Some(Self { delay: Duration::from_secs(super::access::seconds(seconds)?.into()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seconds_are_read() {
        let seconds = |text| RetryAfter::parse(text).map(|retry| retry.delay.as_secs());
        assert_eq!(seconds("18000;duration=3600"), Some(18000));
        assert_eq!(seconds("120 (I'm in a meeting)"), Some(120));
        assert_eq!(seconds("99999999999"), Some(u32::MAX.into()));
        assert_eq!(seconds("soon"), None);
    }
}
