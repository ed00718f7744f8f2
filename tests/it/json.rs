//! Our JSON against an independent crate.

use proptest::prelude::*;
use xc_webrtc::json::Value;

/// JSON, and what is nearly JSON.
fn texts() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop::sample::select(vec![
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"a\"",
            "\"\\u00e9\"",
            "\"\\ud83d\\ude00\"",
            "1",
            "-2.5",
            "0",
            "null",
            "true",
            " ",
            "\"",
            "\\",
            "\"b\":",
        ]),
        0..12,
    )
    .prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn an_independent_reader_agrees(text in texts()) {
        let other = serde_json::from_str::<serde_json::Value>(&text).ok();
        let ours = text.parse::<Value>().ok();
        prop_assert_eq!(ours.is_some(), other.is_some());
        if let Some(ours) = ours {
            prop_assert_eq!(serde_json::from_str(&ours.to_string()).ok(), other);
        }
    }

    #[test]
    fn any_text_is_read_as_it_was_printed(text in any::<String>()) {
        prop_assert_eq!(Value::from(text.as_str()).to_string().parse(), Ok(Value::from(text)));
    }

    #[test]
    fn no_text_can_harm_the_reader(text in any::<String>()) {
        let _ = text.parse::<Value>();
    }
}
