//! Any bytes as a session description: nothing panics, nothing is made of nothing.

use xc_webrtc::sip::sdp::{Candidate, Description};

/// Reads the bytes as a session description, and each of its lines as a candidate.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let description = Description::parse(&text);
    let lines = text.lines().count();
    let candidates: usize = description.media.iter().map(|media| media.candidates.len()).sum();
    assert!(description.media.len() + candidates <= lines);
    for candidate in description.media.iter().flat_map(|media| &media.candidates) {
        let read = Candidate::parse(candidate);
        assert_eq!(Candidate::parse(&format!("a=candidate:{candidate}")), read);
    }
    let _ = (description.has_video(), description.takes_video());
    let _ = (description.audio_direction(), description.is_held_by_address());
    for line in text.lines() {
        let _ = Candidate::parse(line);
    }
    // What is read does not depend on how lines end.
    let crlf = text.lines().collect::<Vec<_>>().join("\r\n");
    assert_eq!(Description::parse(&crlf), description);
}
