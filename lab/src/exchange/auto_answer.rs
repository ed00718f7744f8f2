//! How a phone is asked to answer of itself (xuc-cti §9).

use serde::Deserialize;
use xc_webrtc::sip::header::Name;

/// The way in which a server writes that wish.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AutoAnswer {
    /// As XiVO does.
    #[default]
    Xivo,
    /// As Wazo does: once for every make of phones.
    Wazo,
}

impl AutoAnswer {
    /// The header fields of the INVITE.
    pub fn fields(self) -> Vec<(Name, String)> {
        let field = |name: Name, value: &str| (name, value.to_owned());
        match self {
            Self::Xivo => vec![field(Name::ALERT_INFO, "xivo-autoanswer")],
            Self::Wazo => {
                let alert = "<http://wazo.community>;info=alert-autoanswer;delay=0;xivo-autoanswer";
                let mut fields = vec![field(Name::ALERT_INFO, alert)];
                let others = [
                    ("Answer-After", "0"),
                    ("Answer-Mode", "Auto"),
                    ("Call-Info", ";answer-after=0"),
                    ("P-Auto-answer", "normal"),
                ];
                fields
                    .extend(others.iter().filter_map(|(name, value)| Some(field(name.parse().ok()?, value))));
                fields
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_has_all_its_fields() {
        assert_eq!(AutoAnswer::Xivo.fields().len(), 1);
        assert_eq!(AutoAnswer::Wazo.fields().len(), 5);
    }
}
