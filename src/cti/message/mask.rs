//! Hides secrets in JSON that people are shown.

use crate::json::Value;

/// What stands in a secret's place.
const MASK: &str = "•••";

/// Replaces the value of every key that names a secret, at any depth.
pub fn mask(value: &mut Value) {
    match value {
        Value::Object(object) => {
            for (key, value) in object.iter_mut() {
                if names_secret(key) && !value.is_null() {
                    *value = MASK.into();
                } else {
                    mask(value);
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(mask),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The payload of a message with its secrets hidden; all of it where the message itself is a secret, as in
/// `AuthenticationToken`.
pub fn masked(msg_type: &str, payload: &Value) -> Value {
    if names_secret(msg_type) {
        return MASK.into();
    }
    let mut payload = payload.clone();
    mask(&mut payload);
    payload
}

/// Whether a key holds a secret: `password`, `sipPassword`, `Token`, `credentials`, …
fn names_secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    let singular = key.strip_suffix('s').unwrap_or(&key);
    ["password", "passwd", "token", "credential", "secret"].iter().any(|name| singular.ends_with(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_hidden_at_any_depth_and_in_any_case() {
        let mut value: Value = r#"{"name":"k4x9","Password":"q7","sipPassword":12,"servers":[{"username":"u",
            "credential":{"a":"b"}},{"TOKEN":"t","secret":null}],"secretaryNumber":"2042","TOKEN":"t"}"#
            .parse()
            .expect("JSON");
        mask(&mut value);
        let expected = r#"{"name":"k4x9","Password":"•••","sipPassword":"•••","servers":[{"username":"u","credential":"•••"},{"TOKEN":"•••","secret":null}],"secretaryNumber":"2042","TOKEN":"•••"}"#;
        assert_eq!(value.to_string(), expected);
    }

    #[test]
    fn a_message_that_is_a_secret_is_hidden_whole() {
        assert_eq!(masked("AuthenticationToken", &"aaaa".into()), "•••".into());
    }
}
