//! What the browser counts of a connection's speech (W3C WebRTC Statistics).

use js_sys::{Map, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::RtcPeerConnection;

use crate::browser::promise::settled;

/// Speech, as browsers name it.
const AUDIO: &str = "audio";

/// A counter of speech.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counter {
    /// Packets that came.
    PacketsReceived,
    /// Packets that did not.
    PacketsLost,
    /// Bytes of speech that came.
    BytesReceived,
    /// How unevenly they came, in milliseconds.
    Jitter,
    /// The energy of what is played, in billionths.
    EnergyHeard,
    /// Packets that went.
    PacketsSent,
    /// Bytes of speech that went.
    BytesSent,
    /// The energy of what the microphone gives, in billionths.
    EnergySpoken,
    /// To the other side and back, in milliseconds.
    RoundTrip,
    /// What the other side missed of late, of a thousand.
    LostThere,
}

/// Where each of them stands: the type of the statistics, the field, and what it is multiplied by so that a whole number
/// says enough: milliseconds, thousandths, billionths.
const COUNTERS: [(&str, &str, f64); 10] = [
    ("inbound-rtp", "packetsReceived", 1.0),
    ("inbound-rtp", "packetsLost", 1.0),
    ("inbound-rtp", "bytesReceived", 1.0),
    ("inbound-rtp", "jitter", 1e3),
    ("inbound-rtp", "totalAudioEnergy", 1e9),
    ("outbound-rtp", "packetsSent", 1.0),
    ("outbound-rtp", "bytesSent", 1.0),
    ("media-source", "totalAudioEnergy", 1e9),
    ("remote-inbound-rtp", "roundTripTime", 1e3),
    ("remote-inbound-rtp", "fractionLost", 1e3),
];

/// What was counted until now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    counters: [Option<u64>; COUNTERS.len()],
    /// The name of the codec that comes: `opus`; empty while none does.
    pub codec: String,
}

impl Counted {
    /// A counter; `None` where the browser has none, or not yet.
    pub fn get(&self, counter: Counter) -> Option<u64> {
        self.counters[counter as usize]
    }
}

/// Asks the browser. A connection that is closed has counted nothing.
pub async fn count(connection: &RtcPeerConnection) -> Counted {
    match settled(&connection.get_stats()).await {
        // Like a `Map`, but not one to `instanceof`.
        Ok(report) => read(report.unchecked_ref()),
        Err(_) => Counted::default(),
    }
}

/// Reads a report. Streams of several names, as after another phone has taken the place of the first, are added up.
pub fn read(report: &Map) -> Counted {
    let mut counted = Counted::default();
    for entry in report.values().into_iter().flatten() {
        // All that is not of speech: pictures, and what lies below both.
        if text(&entry, "kind") != AUDIO {
            continue;
        }
        let kind = text(&entry, "type");
        for (place, (of, field, scale)) in counted.counters.iter_mut().zip(COUNTERS) {
            if of == kind
                && let Some(number) = get(&entry, field).as_f64()
            {
                *place = Some(place.unwrap_or(0) + (number * scale) as u64);
            }
        }
        if kind == "inbound-rtp" {
            let codec = text(&report.get(&get(&entry, "codecId")), "mimeType");
            if let Some((_, name)) = codec.split_once('/') {
                counted.codec = name.to_owned();
            }
        }
    }
    counted
}

fn get(owner: &JsValue, name: &str) -> JsValue {
    Reflect::get(owner, &name.into()).unwrap_or_default()
}

fn text(owner: &JsValue, name: &str) -> String {
    get(owner, name).as_string().unwrap_or_default()
}
