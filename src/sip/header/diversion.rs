//! Who sent a call on to us: Diversion (RFC 5806), else History-Info (RFC 7044).

use super::{Headers, Name};
use crate::sip::uri::NameAddr;

impl Headers {
    /// Who sent the call on the last time; `None` too when it wants to be unknown.
    ///
    /// The first Diversion is the latest (RFC 5806 §4); the last entry of History-Info is who is called now, the one
    /// before it who was (RFC 7044 §5).
    pub fn diverted_by(&self) -> Option<NameAddr> {
        let first = || self.addresses(&Name::DIVERSION).ok()?.into_iter().next();
        let before_last = || self.addresses(&Name::HISTORY_INFO).ok()?.into_iter().rev().nth(1);
        let by = first().or_else(before_last)?;
        let unknown = |privacy: &str| !matches!(privacy, "off" | "none");
        let is_private = by.params.get("privacy").is_some_and(unknown)
            || by.uri.header("Privacy").is_some_and(|privacy| unknown(&privacy));
        (!is_private).then_some(by)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diverted_by(fields: &[(Name, &str)]) -> Option<String> {
        let mut headers = Headers::new();
        for (name, value) in fields {
            headers.push(name.clone(), *value);
        }
        headers.diverted_by().map(|by| by.uri.user_text())
    }

    #[test]
    fn the_latest_of_those_who_sent_it_on_is_named() {
        let two = "\"Bob\" <sip:1002@x>;reason=no-answer, <sip:1001@x>;reason=unconditional";
        assert_eq!(diverted_by(&[(Name::DIVERSION, two)]).as_deref(), Some("1002"));
        let history = "<sip:1001@x?Reason=SIP%3Bcause%3D302>;index=1, <sip:1002@x>;index=1.1;rc=1, <sip:a@y>;index=1.1.1";
        assert_eq!(diverted_by(&[(Name::HISTORY_INFO, history)]).as_deref(), Some("1002"));
        assert_eq!(diverted_by(&[(Name::HISTORY_INFO, "<sip:a@y>;index=1")]), None);
        assert_eq!(diverted_by(&[]), None);
    }

    #[test]
    fn who_wants_to_be_unknown_is() {
        assert_eq!(diverted_by(&[(Name::DIVERSION, "<sip:1002@x>;privacy=full")]), None);
        assert!(diverted_by(&[(Name::DIVERSION, "<sip:1002@x>;privacy=off")]).is_some());
        let history = "<sip:1001@x?Privacy=history>;index=1, <sip:a@y>;index=1.1";
        assert_eq!(diverted_by(&[(Name::HISTORY_INFO, history)]), None);
    }
}
