//! Subscription-State: how a subscription stands (RFC 6665 §8.2.3).

use super::access::seconds;
use crate::sip::params::Params;

/// How a subscription stands, as a NOTIFY says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionState {
    /// It is over; else it is active, or waits for somebody's approval.
    pub terminated: bool,
    /// Why it is over: `deactivated`, `rejected`, …
    pub reason: Option<String>,
    /// For how many seconds it goes on.
    pub expires: Option<u32>,
    /// In how many seconds it can be asked for again.
    pub retry_after: Option<u32>,
}

impl SubscriptionState {
    /// Reads `active;expires=60`, whatever it holds: a state that nobody knows goes on (RFC 6665 §4.1.3).
    pub fn parse(text: &str) -> Self {
        let (state, params) = text.split_once(';').unwrap_or((text, ""));
        let params = Params::parse(params);
        let number = |name| seconds(params.get(name)?);
        Self {
            terminated: state.trim().eq_ignore_ascii_case("terminated"),
            reason: params.get("reason").map(str::to_owned),
            expires: number("expires"),
            retry_after: number("retry-after"),
        }
    }

    /// Whether it is of no use to ask again (RFC 6665 §4.1.3).
    pub fn is_for_good(&self) -> bool {
        let named = |reason: &&str| self.reason.as_ref().is_some_and(|it| it.eq_ignore_ascii_case(reason));
        ["rejected", "noresource", "invariant"].iter().any(named)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_read() {
        let active = SubscriptionState::parse("Active ; expires=60");
        assert_eq!((active.terminated, active.expires), (false, Some(60)));
        let over = SubscriptionState::parse("terminated;reason=probation;retry-after=90");
        assert_eq!((over.terminated, over.retry_after, over.is_for_good()), (true, Some(90), false));
        assert!(SubscriptionState::parse("terminated;reason=NoResource").is_for_good());
        assert!(!SubscriptionState::parse("dancing;expires=x").terminated);
    }
}
