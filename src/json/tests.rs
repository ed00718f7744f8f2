use super::Value;

fn read(text: &str) -> Value {
    text.parse().unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn values_are_read_and_printed() {
    for text in [
        "null",
        "true",
        "false",
        "-0",
        "12.50e+3",
        "99999999999999999999",
        "\"é\\n\\u0001\\\"\\\\\"",
        "[]",
        "{}",
        "[1,[null],{}]",
        "{\"b\":1,\"a\":{\"c\":[]}}",
    ] {
        assert_eq!(read(text).to_string(), text);
    }
    assert_eq!(read(" { \"a\" :\t[ 1 ,\r\n 2 ] } ").to_string(), "{\"a\":[1,2]}");
}

#[test]
fn escapes_are_read() {
    assert_eq!(read(r#""\"\\\/\b\f\n\r\t\u00e9\uD83D\ude00""#), "\"\\/\u{8}\u{c}\n\r\té😀".into());
    // Halves of a pair stand for nothing, and take nothing with them.
    assert_eq!(read(r#""\ud83d!\ude00\ud83d\u0041\ud83d\n""#), "\u{fffd}!\u{fffd}\u{fffd}A\u{fffd}\n".into());
}

#[test]
fn what_is_not_json_is_refused() {
    for text in [
        "",
        " ",
        "nul",
        "tru",
        "01",
        "-",
        "1.",
        ".5",
        "1e",
        "+1",
        "1 2",
        "[1,]",
        "[1",
        "[,]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{\"a\":1",
        "\"",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"\\",
        "\"\n\"",
        "'a'",
        "\u{feff}1",
        "NaN",
        "\"\\ud800\\u\"",
    ] {
        assert!(text.parse::<Value>().is_err(), "{text}");
    }
    let deep = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert!(deep(128).parse::<Value>().is_ok());
    assert!(deep(129).parse::<Value>().is_err());
}

#[test]
fn of_a_name_that_comes_twice_the_last_counts() {
    let value = read(r#"{"a":1,"b":2,"a":3}"#);
    assert_eq!(value.get("a"), Some(&3i64.into()));
    assert_eq!(value.get("c"), None);
    let Value::Object(mut object) = value else { panic!("an object") };
    object.insert("b", "x");
    object.remove("a");
    assert_eq!(Value::from(object).to_string(), r#"{"b":"x"}"#);
}
