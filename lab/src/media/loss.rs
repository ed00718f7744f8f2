//! A network that loses speech and pictures on their way to the phone, as a test asked for.

/// Loses a share of the media packets, evenly; all else arrives.
#[derive(Debug, Default)]
pub(super) struct Loss {
    of_hundred: u8,
    /// What has gathered of the next lost packet, in hundredths.
    gathered: u8,
}

impl Loss {
    pub(super) fn new(of_hundred: u8) -> Self {
        Self { of_hundred: of_hundred.min(100), gathered: 0 }
    }

    /// Whether this datagram is lost.
    pub(super) fn takes(&mut self, datagram: &[u8]) -> bool {
        if !is_media(datagram) {
            return false;
        }
        self.gathered += self.of_hundred;
        let lost = self.gathered >= 100;
        self.gathered -= if lost { 100 } else { 0 };
        lost
    }
}

/// RTP, and neither STUN nor DTLS (RFC 7983 §7) nor RTCP (RFC 5761 §4).
fn is_media(datagram: &[u8]) -> bool {
    matches!(datagram, [128..=191, kind, ..] if !(192..=223).contains(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_the_media_is_lost_and_nothing_else() {
        let speech = [128, 111, 0, 1];
        let lost = |of_hundred, datagram: &[u8]| {
            let mut loss = Loss::new(of_hundred);
            (0..200).filter(|_| loss.takes(datagram)).count()
        };
        assert_eq!([0, 25, 100, 255].map(|share| lost(share, &speech)), [0, 50, 200, 200]);
        for other in [[0, 1, 0, 0], [22, 254, 253, 0], [128, 200, 0, 6]] {
            assert_eq!(lost(100, &other), 0, "{other:?}");
        }
    }
}
