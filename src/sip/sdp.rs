//! What the phone reads of a session description (RFC 8866). The browser makes and understands them; nothing is
//! written here.

use super::grammar::number;

/// A session description, borrowed from its text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Description<'a> {
    /// The media, in order.
    pub media: Vec<Media<'a>>,
}

/// One `m=` section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Media<'a> {
    /// What it is.
    pub kind: MediaKind<'a>,
    /// The port; 0: refused or ended (RFC 3264 §6).
    pub port: u16,
    /// Which way media flows, as seen by who wrote the description.
    pub direction: MediaDirection,
    /// `a=mid` (RFC 5888).
    pub mid: Option<&'a str>,
    /// The ICE candidates, in order, as they came: for [`Candidate::parse`].
    pub candidates: Vec<&'a str>,
    /// Its connection address is nowhere, and no ICE says otherwise: how RFC 2543 wrote hold (RFC 3264 §8.4).
    pub is_nowhere: bool,
}

/// The kind of a medium (RFC 8866 §5.14).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaKind<'a> {
    /// `audio`
    Audio,
    /// `video`
    Video,
    /// Any other, as it came.
    Other(&'a str),
}

/// Which way media flows (RFC 8866 §6.7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MediaDirection {
    /// Both ways; also when nothing is said.
    #[default]
    SendRecv,
    /// From who wrote it.
    SendOnly,
    /// To who wrote it.
    RecvOnly,
    /// Not at all.
    Inactive,
}

/// An ICE candidate (RFC 8839 §5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// `udp`, `tcp`, as it came.
    pub transport: &'a str,
    /// Address, or a name under `.local` that hides one.
    pub address: &'a str,
    /// Port.
    pub port: u16,
    /// Where it comes from.
    pub kind: CandidateKind<'a>,
}

/// Where a candidate comes from (RFC 8445 §4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CandidateKind<'a> {
    /// `host`: an address of the machine.
    Host,
    /// `srflx`: as a STUN server sees it.
    ServerReflexive,
    /// `prflx`: as the other side saw it.
    PeerReflexive,
    /// `relay`: lent by a TURN server.
    Relay,
    /// Any other, as it came.
    Other(&'a str),
}

impl<'a> Description<'a> {
    /// Reads a description; what makes no sense is passed over.
    pub fn parse(text: &'a str) -> Self {
        let mut media: Vec<Media<'a>> = Vec::new();
        // A direction before the first medium is that of all (RFC 8866 §6.7).
        let mut session_direction = MediaDirection::default();
        // So is an address; and with ICE a description may have no address of its own yet (RFC 8840 §4.1.1).
        let mut session_nowhere = false;
        let uses_ice = text.lines().any(|line| line.starts_with("a=ice-ufrag:"));
        for line in text.lines() {
            if let Some(description) = line.strip_prefix("m=") {
                if let Some(parsed) = Media::parse(description, session_direction) {
                    media.push(Media { is_nowhere: session_nowhere, ..parsed });
                }
            } else if let Some(connection) = line.strip_prefix("c=") {
                let address = connection.trim_end();
                let nowhere = !uses_ice && (address.ends_with(" 0.0.0.0") || address.ends_with(" ::"));
                match media.last_mut() {
                    Some(media) => media.is_nowhere = nowhere,
                    None => session_nowhere = nowhere,
                }
            } else if let Some(attribute) = line.strip_prefix("a=") {
                match media.last_mut() {
                    Some(media) => media.read_attribute(attribute.trim_end()),
                    None => {
                        session_direction =
                            MediaDirection::parse(attribute.trim_end()).unwrap_or(session_direction);
                    }
                }
            }
        }
        Self { media }
    }

    /// Whether there is a video that is not refused and flows at least one way.
    pub fn has_video(&self) -> bool {
        self.media.iter().any(|media| media.kind == MediaKind::Video && media.flows())
    }

    /// Whether there is a video that is not refused: it flows, or is on hold with the sound. A browser that ends the
    /// pictures of a talk keeps their place, inactive beside sound that flows both ways.
    pub fn takes_video(&self) -> bool {
        let talks = self.audio_direction() == Some(MediaDirection::SendRecv);
        let takes = |media: &Media<'_>| media.flows() || (media.port != 0 && !talks);
        self.media.iter().any(|media| media.kind == MediaKind::Video && takes(media))
    }

    /// The direction of the first audio that is not refused.
    pub fn audio_direction(&self) -> Option<MediaDirection> {
        Some(self.audio()?.direction)
    }

    /// Whether the first audio is on hold in the way of RFC 2543: the address `0.0.0.0`.
    pub fn is_held_by_address(&self) -> bool {
        self.audio().is_some_and(|audio| audio.is_nowhere)
    }

    fn audio(&self) -> Option<&Media<'a>> {
        self.media.iter().find(|media| media.kind == MediaKind::Audio && media.port != 0)
    }
}

impl<'a> Media<'a> {
    /// Whether it is neither refused nor inactive.
    pub fn flows(&self) -> bool {
        match self.direction {
            MediaDirection::SendRecv | MediaDirection::SendOnly | MediaDirection::RecvOnly => self.port != 0,
            MediaDirection::Inactive => false,
        }
    }

    /// Reads `audio 9 UDP/TLS/RTP/SAVPF 111`; the port may be followed by a number of ports.
    fn parse(description: &'a str, direction: MediaDirection) -> Option<Self> {
        let mut words = description.split_ascii_whitespace();
        let kind = match words.next()? {
            "audio" => MediaKind::Audio,
            "video" => MediaKind::Video,
            other => MediaKind::Other(other),
        };
        let port = number(words.next()?.split('/').next()?)?;
        Some(Self { kind, port, direction, mid: None, candidates: Vec::new(), is_nowhere: false })
    }

    fn read_attribute(&mut self, attribute: &'a str) {
        if let Some(direction) = MediaDirection::parse(attribute) {
            self.direction = direction;
        } else if let Some(mid) = attribute.strip_prefix("mid:") {
            self.mid = Some(mid);
        } else if let Some(candidate) = attribute.strip_prefix("candidate:") {
            self.candidates.push(candidate);
        }
    }
}

impl MediaDirection {
    fn parse(attribute: &str) -> Option<Self> {
        match attribute {
            "sendrecv" => Some(Self::SendRecv),
            "sendonly" => Some(Self::SendOnly),
            "recvonly" => Some(Self::RecvOnly),
            "inactive" => Some(Self::Inactive),
            _ => None,
        }
    }
}

impl<'a> Candidate<'a> {
    /// Reads what follows `candidate:`, with or without `a=` before it.
    pub fn parse(mut text: &'a str) -> Option<Self> {
        // What follows may begin like that itself, though no foundation does (RFC 8839 §5.1).
        while let Some(rest) = text.strip_prefix("a=candidate:").or_else(|| text.strip_prefix("candidate:")) {
            text = rest;
        }
        let mut words = text.split_ascii_whitespace();
        let (_foundation, _component) = (words.next()?, words.next()?);
        let (transport, _priority) = (words.next()?, words.next()?);
        let (address, port) = (words.next()?, number(words.next()?)?);
        if words.next()? != "typ" {
            return None;
        }
        let kind = match words.next()? {
            "host" => CandidateKind::Host,
            "srflx" => CandidateKind::ServerReflexive,
            "prflx" => CandidateKind::PeerReflexive,
            "relay" => CandidateKind::Relay,
            other => CandidateKind::Other(other),
        };
        Some(Self { transport, address, port, kind })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFER: &str = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n\
        m=audio 54321 UDP/TLS/RTP/SAVPF 111 0\r\nc=IN IP4 192.0.2.1\r\na=mid:0\r\na=sendonly\r\n\
        a=candidate:1 1 udp 2122260223 192.0.2.1 54321 typ host generation 0\r\n\
        a=candidate:2 1 UDP 1686052607 203.0.113.5 40000 typ srflx raddr 192.0.2.1 rport 54321\r\n\
        a=candidate:broken\r\n\
        m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\na=inactive\r\n";

    #[test]
    fn media_directions_mids_and_candidates_are_read() {
        let description = Description::parse(OFFER);
        let [audio, video] = description.media.as_slice() else { panic!("two media") };
        assert_eq!((audio.kind, audio.port, audio.mid), (MediaKind::Audio, 54321, Some("0")));
        assert_eq!(description.audio_direction(), Some(MediaDirection::SendOnly));
        assert_eq!((video.kind, video.direction), (MediaKind::Video, MediaDirection::Inactive));
        let candidates: Vec<_> = audio.candidates.iter().filter_map(|text| Candidate::parse(text)).collect();
        let kinds: Vec<_> = candidates.iter().map(|candidate| candidate.kind).collect();
        assert_eq!(kinds, [CandidateKind::Host, CandidateKind::ServerReflexive]);
        assert_eq!(candidates[1].address, "203.0.113.5");
    }

    #[test]
    fn the_old_way_of_holding_is_seen_unless_ice_finds_the_address() {
        let held = |lines: &str| Description::parse(&format!("v=0\n{lines}")).is_held_by_address();
        assert!(held("c=IN IP4 0.0.0.0\nm=audio 9 RTP/AVP 0"));
        assert!(held("c=IN IP4 192.0.2.1\nm=audio 9 RTP/AVP 0\nc=IN IP4 0.0.0.0\r"));
        assert!(!held("c=IN IP4 0.0.0.0\nm=audio 9 RTP/AVP 0\nc=IN IP4 192.0.2.1"));
        assert!(!held("c=IN IP4 0.0.0.0\nm=audio 9 RTP/AVP 0\na=ice-ufrag:x"));
        assert!(held("c=IN IP6 ::\r\nm=audio 9 RTP/AVP 0"));
        assert!(!held("c=IN IP6 2001:db8::\nm=audio 9 RTP/AVP 0"));
    }

    #[test]
    fn video_counts_only_when_it_flows() {
        let with = |media: &str| Description::parse(&format!("v=0\n{media}")).has_video();
        assert!(with("m=video 9 RTP/AVP 96"));
        assert!(with("m=video 9/2 RTP/AVP 96\na=recvonly"));
        assert!(!with("m=video 0 RTP/AVP 96"));
        assert!(!with("m=video 9 RTP/AVP 96\na=inactive"));
        assert!(!with("a=inactive\nm=video 9 RTP/AVP 96"));
        assert!(!with("m=audio 9 RTP/AVP 0"));
        assert!(!Description::parse(OFFER).has_video());
        assert!(Description::parse(OFFER).takes_video(), "on hold with the sound");
        assert!(!Description::parse(&OFFER.replace("sendonly", "sendrecv")).takes_video());
        assert!(!Description::parse("v=0\nm=video 0 RTP/AVP 96").takes_video());
    }

    #[test]
    fn what_makes_no_sense_is_passed_over() {
        assert_eq!(Description::parse(""), Description::default());
        assert_eq!(Description::parse("m=\nm=audio\nm=audio x y\n=\na=\r\n").media, []);
        assert_eq!(
            Candidate::parse("candidate:1 1 udp 1 a.local 9 typ host").map(|found| found.port),
            Some(9)
        );
        assert_eq!(Candidate::parse("1 1 udp 1 a.local 9 host typ"), None);
    }
}
