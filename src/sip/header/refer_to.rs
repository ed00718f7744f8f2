//! Refer-To: whom the other side is asked to call (RFC 3515 §2.1), and whose place that call takes (RFC 3891 §4).

use std::fmt;
use std::str::FromStr;

use super::{HeaderError, Name, Replaces};
use crate::sip::uri::{NameAddr, Uri};

/// Whom to call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferTo {
    /// The address, without the header fields that its URI brought.
    pub target: Uri,
    /// The dialog that the new call takes the place of.
    pub replaces: Option<Replaces>,
}

impl FromStr for ReferTo {
    type Err = HeaderError;

    fn from_str(text: &str) -> Result<Self, HeaderError> {
        let unreadable = |_| HeaderError::unreadable(Name::REFER_TO, text);
        let mut target = text.parse::<NameAddr>().map_err(unreadable)?.uri;
        let replaces = target.header("Replaces").map(|value| value.parse()).transpose()?;
        target.headers = None;
        Ok(Self { target, replaces })
    }
}

impl fmt::Display for ReferTo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.replaces {
            None => f.write_str(&self.target.in_brackets()),
            Some(replaces) => {
                let target = self.target.clone().with_header("Replaces", &replaces.to_string());
                f.write_str(&target.in_brackets())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_alone_is_a_direct_transfer() {
        for text in ["<sip:carol@example.org>", "sip:carol@example.org", "\"Carol\" <sip:carol@example.org>"]
        {
            let refer_to: ReferTo = text.parse().expect("well formed");
            assert_eq!(refer_to.to_string(), "<sip:carol@example.org>");
            assert_eq!(refer_to.replaces, None);
        }
        assert!("carol".parse::<ReferTo>().is_err());
    }

    #[test]
    fn the_replaced_dialog_stands_escaped_in_the_address() {
        let text =
            "<sip:carol@c.example.org;transport=ws?Replaces=12%40b.example.org%3Bto-tag%3D5f%3Bfrom-tag%3D7>";
        let refer_to: ReferTo = text.parse().expect("well formed");
        let replaces = refer_to.replaces.as_ref().expect("a dialog");
        assert_eq!((replaces.call_id.as_str(), replaces.to_tag.as_str()), ("12@b.example.org", "5f"));
        assert_eq!(refer_to.target.to_string(), "sip:carol@c.example.org;transport=ws");
        assert_eq!(refer_to.to_string(), text);
    }

    #[test]
    fn a_call_id_of_any_signs_comes_back_as_it_went() {
        let replaces = Replaces {
            call_id: "a%b&c=d?e".into(),
            to_tag: "1".into(),
            from_tag: "2".into(),
            early_only: false,
        };
        let refer_to = ReferTo { target: Uri::sip(Some("x"), "example.org"), replaces: Some(replaces) };
        assert_eq!(refer_to.to_string().parse(), Ok(refer_to));
    }

    #[test]
    fn a_broken_dialog_is_an_error_and_no_direct_transfer() {
        assert!("<sip:carol@example.org?Replaces=12>".parse::<ReferTo>().is_err());
    }
}
