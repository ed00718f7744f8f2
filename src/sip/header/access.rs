//! The header fields that the phone reads, as types.

use super::auth::{Challenge, Credentials};
use super::list::Items;
use super::{
    CSeq, Contacts, HeaderError, Headers, Name, Reason, ReferTo, Replaces, RetryAfter, SubscriptionState, Via,
};
use crate::sip::grammar::number;
use crate::sip::method::Method;
use crate::sip::uri::NameAddr;

impl Headers {
    /// The first value of that name, or an error that names it.
    pub fn required(&self, name: &Name) -> Result<&str, HeaderError> {
        self.get(name).ok_or_else(|| HeaderError::Missing(name.clone()))
    }

    /// The items of every list of that name: tokens and the like. For addresses there are accessors of their own.
    pub fn items(&self, name: &Name) -> impl Iterator<Item = &str> {
        self.split(name, Items::of).into_iter()
    }

    /// The items of every list of that name, cut by `items`. All readers of lists go through here.
    fn split<'a>(&'a self, name: &Name, items: fn(&'a str) -> Items<'a>) -> Vec<&'a str> {
        let mut split = Vec::new();
        for value in self.all(name) {
            for item in items(value) {
                split.push(item);
            }
        }
        split
    }

    /// Whether one of the lists of that name has this item, whatever its case: an option tag in Supported.
    pub fn lists(&self, name: &Name, item: &str) -> bool {
        self.items(name).any(|listed| listed.eq_ignore_ascii_case(item))
    }

    /// The first Via: the transaction's.
    pub fn top_via(&self) -> Result<Via, HeaderError> {
        let value = self.required(&Name::VIA)?;
        // An empty value is unreadable, not missing.
        Items::of(value).next().unwrap_or(value).parse()
    }

    /// Every Via, the last hop's first.
    pub fn vias(&self) -> Result<Vec<Via>, HeaderError> {
        self.items(&Name::VIA).map(str::parse).collect()
    }

    /// From. Only its absence is an error: an unreadable URI is kept as it came.
    pub fn from(&self) -> Result<NameAddr, HeaderError> {
        self.required(&Name::FROM).map(NameAddr::lenient)
    }

    /// To. Only its absence is an error: an unreadable URI is kept as it came.
    pub fn to(&self) -> Result<NameAddr, HeaderError> {
        self.required(&Name::TO).map(NameAddr::lenient)
    }

    /// Call-ID; an empty one is an error.
    pub fn call_id(&self) -> Result<&str, HeaderError> {
        match self.required(&Name::CALL_ID)? {
            "" => Err(HeaderError::unreadable(Name::CALL_ID, "")),
            id => Ok(id),
        }
    }

    /// CSeq.
    pub fn cseq(&self) -> Result<CSeq, HeaderError> {
        self.required(&Name::CSEQ)?.parse()
    }

    /// The number of CSeq, where it can be read.
    pub fn cseq_number(&self) -> Option<u32> {
        Some(self.cseq().ok()?.number)
    }

    /// The tag of From or To, where there is one.
    pub fn tag(&self, name: &Name) -> Option<String> {
        NameAddr::tag_of(self.get(name)?)
    }

    /// Contact; none is no error.
    pub fn contacts(&self) -> Result<Contacts, HeaderError> {
        Contacts::read(&self.split(&Name::CONTACT, Items::of_addresses))
    }

    /// Route, the next hop first.
    pub fn route(&self) -> Result<Vec<NameAddr>, HeaderError> {
        self.addresses(&Name::ROUTE)
    }

    /// Record-Route, in the order of the message.
    pub fn record_route(&self) -> Result<Vec<NameAddr>, HeaderError> {
        self.addresses(&Name::RECORD_ROUTE)
    }

    /// Every address in the fields of that name.
    pub fn addresses(&self, name: &Name) -> Result<Vec<NameAddr>, HeaderError> {
        addresses(&self.split(name, Items::of_addresses), name)
    }

    /// The other side as a trusted server says (RFC 3325 §9.1): the first P-Asserted-Identity that can be read.
    pub fn p_asserted_identity(&self) -> Option<NameAddr> {
        let items = self.split(&Name::P_ASSERTED_IDENTITY, Items::of_addresses);
        items.into_iter().find_map(|item| item.parse().ok())
    }

    /// Expires, in seconds.
    pub fn expires(&self) -> Option<u32> {
        seconds(self.get(&Name::EXPIRES)?)
    }

    /// Min-Expires, in seconds.
    pub fn min_expires(&self) -> Option<u32> {
        seconds(self.get(&Name::MIN_EXPIRES)?)
    }

    /// Flow-Timer: for how many seconds the server waits for a keep-alive (RFC 5626 §4.4).
    pub fn flow_timer(&self) -> Option<u32> {
        seconds(self.get(&Name::FLOW_TIMER)?)
    }

    /// Retry-After.
    pub fn retry_after(&self) -> Option<RetryAfter> {
        RetryAfter::parse(self.get(&Name::RETRY_AFTER)?)
    }

    /// Max-Forwards.
    pub fn max_forwards(&self) -> Option<u32> {
        seconds(self.get(&Name::MAX_FORWARDS)?)
    }

    /// The type of the body without its parameters: `application/sdp`.
    pub fn content_type(&self) -> Option<&str> {
        let value = self.get(&Name::CONTENT_TYPE)?;
        Some(value.split(';').next().unwrap_or(value).trim_end())
    }

    /// The methods that the other side takes (RFC 3261 §20.5); none when it does not say.
    pub fn allow(&self) -> impl Iterator<Item = Method> {
        self.items(&Name::ALLOW).map(Method::from)
    }

    /// Refer-To.
    pub fn refer_to(&self) -> Result<ReferTo, HeaderError> {
        self.required(&Name::REFER_TO)?.parse()
    }

    /// What a SUBSCRIBE or NOTIFY is about (RFC 6665 §8.2.1): the package of Event, without its parameters.
    pub fn event_package(&self) -> Option<&str> {
        let value = self.get(&Name::EVENT)?;
        Some(value.split(';').next().unwrap_or(value).trim_end())
    }

    /// Subscription-State.
    pub fn subscription_state(&self) -> Option<SubscriptionState> {
        self.get(&Name::SUBSCRIPTION_STATE).map(SubscriptionState::parse)
    }

    /// Replaces; none is no error, but two are (RFC 3891 §3).
    pub fn replaces(&self) -> Result<Option<Replaces>, HeaderError> {
        let mut values = self.all(&Name::REPLACES);
        match (values.next(), values.next()) {
            (None, _) => Ok(None),
            (Some(value), None) => value.parse().map(Some),
            (Some(_), Some(second)) => Err(HeaderError::unreadable(Name::REPLACES, second)),
        }
    }

    /// Referred-By: who had the call made (RFC 3892 §3).
    pub fn referred_by(&self) -> Option<NameAddr> {
        self.get(&Name::REFERRED_BY)?.parse().ok()
    }

    /// The reasons given for the end of a call, in order.
    pub fn reasons(&self) -> impl Iterator<Item = Reason> {
        self.items(&Name::REASON).map(Reason::parse)
    }

    /// The challenges of a 401 (WWW-Authenticate) and of a 407 (Proxy-Authenticate); those that are no digest are
    /// left out.
    pub fn challenges(&self, name: &Name) -> Vec<Challenge> {
        self.all(name).filter_map(Challenge::parse).collect()
    }

    /// The credentials of Authorization or Proxy-Authorization; those that are no digest are left out.
    pub fn credentials(&self, name: &Name) -> Vec<Credentials> {
        self.all(name).filter_map(Credentials::parse).collect()
    }
}

/// The addresses that these items are, or which one is none.
pub(super) fn addresses(items: &[&str], name: &Name) -> Result<Vec<NameAddr>, HeaderError> {
    let mut addresses = Vec::new();
    for item in items {
        addresses.push(item.parse().map_err(|_| HeaderError::unreadable(name.clone(), item))?);
    }
    Ok(addresses)
}

/// `delta-seconds`. More than fits is the most that fits (RFC 3261 §20.19 says so of more than 2³² - 1).
pub(super) fn seconds(text: &str) -> Option<u32> {
    let text = text.trim();
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| number(text).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests;
