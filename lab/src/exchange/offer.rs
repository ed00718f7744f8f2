//! The little that the exchange itself reads and changes in session descriptions; the rest is for the media.

use xc_webrtc::sip::sdp::{Description, MediaDirection};

use crate::media::{Direction, MediaKind};

/// The kinds of media that an offer asks for, sound first.
pub fn kinds(offer: &str) -> Vec<MediaKind> {
    let mut kinds = vec![MediaKind::Audio];
    if has_video(offer) {
        kinds.push(MediaKind::Video);
    }
    kinds
}

/// Whether a phone shows or sees a picture by this description.
pub fn has_video(description: &str) -> bool {
    Description::parse(description).has_video()
}

/// Whether a phone puts the call on hold by this description: it takes no sound (RFC 6337 §5.3).
pub fn holds(description: &str) -> bool {
    Description::parse(description).audio_direction().is_some_and(|direction| !receives(direction))
}

/// Whether a phone would be heard by this description.
pub fn is_heard(description: &str) -> bool {
    match Description::parse(description).audio_direction() {
        Some(MediaDirection::SendRecv | MediaDirection::SendOnly) => true,
        Some(MediaDirection::RecvOnly | MediaDirection::Inactive) | None => false,
    }
}

/// An answer to a phone that is on hold: its sound is not taken.
pub fn held(answer: &str) -> (String, Direction) {
    let sends = Description::parse(answer)
        .audio_direction()
        .is_some_and(|direction| matches!(direction, MediaDirection::SendRecv | MediaDirection::SendOnly));
    let direction = if sends { Direction::SendOnly } else { Direction::Inactive };
    (with_direction(answer, "audio", direction), direction)
}

/// An answer to a phone that offers video when the other side has none.
pub fn without_video(answer: &str) -> String {
    with_direction(answer, "video", Direction::Inactive)
}

/// The description with this direction for its media of that kind.
fn with_direction(description: &str, kind: &str, direction: Direction) -> String {
    let mut meant = false;
    let mut changed = String::with_capacity(description.len());
    for line in description.lines() {
        if let Some(medium) = line.strip_prefix("m=") {
            meant = medium.starts_with(kind);
        }
        match line {
            "a=sendrecv" | "a=sendonly" | "a=recvonly" | "a=inactive" if meant => {
                changed.push_str("a=");
                changed.push_str(name(direction));
            }
            _ => changed.push_str(line),
        }
        changed.push_str("\r\n");
    }
    changed
}

const fn name(direction: Direction) -> &'static str {
    match direction {
        Direction::SendRecv => "sendrecv",
        Direction::SendOnly => "sendonly",
        Direction::RecvOnly => "recvonly",
        Direction::Inactive => "inactive",
    }
}

const fn receives(direction: MediaDirection) -> bool {
    matches!(direction, MediaDirection::SendRecv | MediaDirection::RecvOnly)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str =
        "v=0\r\nm=audio 9 RTP/AVP 0\r\na=sendrecv\r\nm=video 9 RTP/AVP 96\r\na=mid:1\r\na=recvonly\r\n";

    #[test]
    fn an_answer_can_take_less_than_was_offered() {
        let (answer, direction) = held(ANSWER);
        assert_eq!(answer, ANSWER.replace("sendrecv", "sendonly"));
        assert_eq!(direction, Direction::SendOnly);
        assert_eq!(held(&ANSWER.replace("sendrecv", "recvonly")).1, Direction::Inactive);
        assert_eq!(without_video(ANSWER), ANSWER.replace("recvonly", "inactive"));
    }

    #[test]
    fn a_phone_that_takes_no_sound_holds() {
        for (direction, held, heard) in [
            ("sendrecv", false, true),
            ("recvonly", false, false),
            ("sendonly", true, true),
            ("inactive", true, false),
        ] {
            let offer = ANSWER.replace("sendrecv", direction);
            assert_eq!((holds(&offer), is_heard(&offer)), (held, heard), "{direction}");
        }
        assert!(!holds("rubbish"));
    }
}
