//! A SIP message to be shown: as it is on the wire, without what is secret in it.

/// What stands where a secret was.
const HIDDEN: &str = "***";

/// What comes before a secret, and what ends it.
const SECRETS: [(&str, &[char]); 6] = [
    // RFC 7616 §3.4: with the nonces beside it, a weak password could be guessed from it.
    ("response=\"", &['"']),
    ("cnonce=\"", &['"']),
    ("a=ice-pwd:", &['\r', '\n']),
    // SDES keys (RFC 4568).
    ("inline:", &['\r', '\n', '|']),
    ("token=", &['&', ';', '>', ' ', '"', '\r', '\n']),
    ("password=", &['&', ';', '>', ' ', '\r', '\n']),
];

/// The message without digest responses, ICE and SRTP keys, tokens and passwords.
pub fn masked(message: &str) -> String {
    let mut text = message.to_owned();
    // One pass for each kind, whatever comes: each search begins behind the last find.
    for (before, ends) in SECRETS {
        let mut hidden = String::new();
        let mut rest = text.as_str();
        while let Some(found) = find(rest, before) {
            let (shown, secret) = rest.split_at(found + before.len());
            hidden.push_str(shown);
            hidden.push_str(HIDDEN);
            rest = &secret[secret.find(ends).unwrap_or(secret.len())..];
        }
        hidden.push_str(rest);
        text = hidden;
    }
    text
}

/// Where `wanted`, which is ASCII, begins, whatever its case.
fn find(text: &str, wanted: &str) -> Option<usize> {
    text.as_bytes().windows(wanted.len()).position(|part| part.eq_ignore_ascii_case(wanted.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_secret_is_hidden_and_the_rest_is_not() {
        let message = "INVITE sip:b@x SIP/2.0\r\nAuthorization: Digest username=\"a\", nonce=\"n\", Response=\"0123\", \
            cnonce=\"c\"\r\nContact: <sip:a@y;token=abc>;q=1\r\n\r\na=ice-ufrag:u\r\na=ice-pwd:secret\r\n\
            a=crypto:1 AES inline:key|2\r\nRéponse é";
        assert_eq!(
            masked(message),
            "INVITE sip:b@x SIP/2.0\r\nAuthorization: Digest username=\"a\", nonce=\"n\", Response=\"***\", \
            cnonce=\"***\"\r\nContact: <sip:a@y;token=***>;q=1\r\n\r\na=ice-ufrag:u\r\na=ice-pwd:***\r\n\
            a=crypto:1 AES inline:***|2\r\nRéponse é"
        );
    }

    #[test]
    fn what_is_never_closed_is_hidden_to_the_end() {
        assert_eq!(masked("a response=\"é"), "a response=\"***");
        assert_eq!(masked("token="), "token=***");
    }
}
