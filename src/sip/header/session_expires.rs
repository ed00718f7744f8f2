//! Session-Expires: how long a session lasts unless it is refreshed, and who refreshes it (RFC 4028 §4).

use super::{Headers, Name};
use crate::sip::params::Params;

/// How long a session lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionExpires {
    /// Seconds until it is over unless it is refreshed.
    pub seconds: u32,
    /// Who refreshes it; `None`: the answering side chooses.
    pub refresher: Option<Refresher>,
}

/// Who refreshes a session, seen from the request that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refresher {
    /// Who sent the request.
    Uac,
    /// Who answers it.
    Uas,
}

impl SessionExpires {
    /// Reads the value; a refresher that is neither of both is none.
    pub fn parse(text: &str) -> Option<Self> {
        let (seconds, params) = text.split_once(';').unwrap_or((text, ""));
        let refresher = Params::parse(params).get("refresher").and_then(|refresher| {
            [Refresher::Uac, Refresher::Uas]
                .into_iter()
                .find(|known| known.as_str().eq_ignore_ascii_case(refresher))
        });
        Some(Self { seconds: super::access::seconds(seconds)?, refresher })
    }

    /// The value as it is printed.
    pub fn value(&self) -> String {
        let mut value = self.seconds.to_string();
        if let Some(refresher) = self.refresher {
            value.push_str(";refresher=");
            value.push_str(refresher.as_str());
        }
        value
    }
}

impl Refresher {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Uac => "uac",
            Self::Uas => "uas",
        }
    }
}

impl Headers {
    /// Session-Expires.
    pub fn session_expires(&self) -> Option<SessionExpires> {
        SessionExpires::parse(self.get(&Name::SESSION_EXPIRES)?)
    }

    /// Min-SE: the shortest Session-Expires that is taken on the way, in seconds (RFC 4028 §5).
    pub fn min_se(&self) -> Option<u32> {
        super::access::seconds(self.get(&Name::MIN_SE)?.split(';').next()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_and_the_refresher_are_read_and_printed() {
        let parse = |text| SessionExpires::parse(text).map(|expires| expires.value());
        assert_eq!(parse("1800;refresher=uas").as_deref(), Some("1800;refresher=uas"));
        assert_eq!(parse(" 90 ; x=1 ; Refresher=UAC").as_deref(), Some("90;refresher=uac"));
        assert_eq!(parse("90;refresher=none").as_deref(), Some("90"));
        assert_eq!(parse("soon"), None);
    }
}
