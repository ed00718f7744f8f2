//! Alert-Info: how a call should ring (RFC 3261 §20.4), and the wish of XiVO, Wazo and Asterisk dial plans that it be
//! answered at once, which they write here in several ways (xuc-cti §9).

use super::{Headers, Name};

/// The ways.
const AUTO_ANSWER: [&str; 2] = ["xivo-autoanswer", "info=alert-autoanswer"];

impl Headers {
    /// The values of Alert-Info, as they came.
    pub fn alert_info(&self) -> impl Iterator<Item = &str> {
        self.all(&Name::ALERT_INFO)
    }

    /// Whether the server wants the phone to answer by itself.
    pub fn asks_auto_answer(&self) -> bool {
        let is_wish = |token: &str| AUTO_ANSWER.iter().any(|wish| wish.eq_ignore_ascii_case(token.trim()));
        self.alert_info().any(|value| value.split([';', ',']).any(is_wish))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(value: &str) -> bool {
        let mut headers = Headers::new();
        headers.push(Name::ALERT_INFO, value);
        headers.asks_auto_answer()
    }

    #[test]
    fn every_way_of_asking_is_understood() {
        assert!(asks("xivo-autoanswer"));
        assert!(asks("XIVO-AutoAnswer"));
        assert!(asks("<http://wazo.community>;info=alert-autoanswer;delay=0;xivo-autoanswer"));
        assert!(asks("<http://x>; info=alert-autoanswer"));
        assert!(asks("<http://x/ring.wav>, xivo-autoanswer"));
    }

    #[test]
    fn anything_else_rings() {
        for value in ["", "<http://x/ring.wav>", "not-xivo-autoanswer", "info=alert-external", "xivo"] {
            assert!(!asks(value), "{value}");
        }
        assert!(!Headers::new().asks_auto_answer());
    }
}
