//! RSeq and RAck: the number of a reliable provisional response and what confirms it (RFC 3262 §7.1, §7.2).

use super::{CSeq, Headers, Name};

/// The option tag of reliable provisional responses (RFC 3262 §8.1).
pub const RELIABLE: &str = "100rel";

/// Which provisional response a PRACK confirms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RAck {
    /// Its RSeq.
    pub response: u32,
    /// Its CSeq.
    pub request: CSeq,
}

impl RAck {
    /// The value that confirms the response to the INVITE of that number.
    pub fn value(response: u32, invite: u32) -> String {
        let mut value = response.to_string();
        value.push(' ');
        value.push_str(&invite.to_string());
        value.push_str(" INVITE");
        value
    }
}

impl Headers {
    /// The number of a provisional response that wants to be confirmed.
    pub fn reliable(&self) -> Option<u32> {
        let number = super::access::seconds(self.get(&Name::RSEQ)?)?;
        self.lists(&Name::REQUIRE, RELIABLE).then_some(number)
    }

    /// RAck; `None`: there is none, or it cannot be read.
    pub fn rack(&self) -> Option<RAck> {
        let (response, request) = self.get(&Name::RACK)?.trim().split_once(' ')?;
        Some(RAck { response: super::access::seconds(response)?, request: request.trim().parse().ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_confirms_is_read_and_printed() {
        let mut headers = Headers::new();
        headers.push(Name::RACK, RAck::value(776656, 1));
        assert_eq!(headers.get(&Name::RACK), Some("776656 1 INVITE"));
        let rack = headers.rack().expect("well formed");
        assert_eq!((rack.response, rack.request.number), (776656, 1));
        headers.set(Name::RACK, "1 x INVITE");
        assert_eq!(headers.rack(), None);
    }

    #[test]
    fn only_a_response_that_requires_it_is_reliable() {
        let mut headers = Headers::new();
        headers.push(Name::RSEQ, "7");
        assert_eq!(headers.reliable(), None);
        headers.push(Name::REQUIRE, "timer, 100REL");
        assert_eq!(headers.reliable(), Some(7));
    }
}
