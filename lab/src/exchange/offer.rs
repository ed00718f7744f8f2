//! The little that the exchange itself reads in a phone's offer; the rest is for the media.

use xc_webrtc::sip::sdp::{Description, MediaDirection};

use crate::media::MediaKind;

/// The kinds of media that an offer asks for, sound first.
pub fn kinds(offer: &str) -> Vec<MediaKind> {
    let mut kinds = vec![MediaKind::Audio];
    if Description::parse(offer).has_video() {
        kinds.push(MediaKind::Video);
    }
    kinds
}

/// Whether an offer puts the call on hold: its sound is not to be answered (RFC 6337 §5.3).
pub fn holds(offer: &str) -> bool {
    match Description::parse(offer).audio_direction() {
        Some(MediaDirection::SendOnly | MediaDirection::Inactive) => true,
        Some(MediaDirection::SendRecv | MediaDirection::RecvOnly) | None => false,
    }
}
