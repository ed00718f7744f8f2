//! Any bytes as a frame of the CTI websocket: nothing panics, and what was read and written is read again the same.

use xc_webrtc::cti::message::command::Command;
use xc_webrtc::cti::message::{Message, mask, read};
use xc_webrtc::json::Value;

/// Reads the bytes as JSON, as a message and as a command.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Ok(value) = text.parse::<Value>() {
        let printed = value.to_string();
        assert_eq!(printed.parse(), Ok(value.clone()));
        let mut hidden = value;
        mask(&mut hidden);
        assert!(hidden.to_string().parse::<Value>().is_ok());
    }
    let _ = Command::from_frame(&text);
    let Some(received) = read(&text).received else { return };
    let written = received.message.to_frame();
    let again = read(&written).received.map(|received| received.message);
    // What is kept as it came is kept without its secrets.
    if !matches!(received.message, Message::Other { .. }) {
        assert_eq!(again, Some(received.message), "{written}");
    }
}
