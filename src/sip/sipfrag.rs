//! The beginning of a SIP message as a body: how a call that we asked for goes (RFC 3420).

use super::grammar::number;
use super::status::StatusCode;

/// Status and reason phrase of `SIP/2.0 180 Ringing`; header fields may follow.
pub fn status(body: &str) -> Option<(StatusCode, String)> {
    let (version, rest) = body.lines().next()?.trim().split_once(' ')?;
    let (code, reason) = rest.trim_start().split_once(' ').unwrap_or((rest.trim_start(), ""));
    let status = StatusCode::new(number(code)?)?;
    version.eq_ignore_ascii_case("SIP/2.0").then(|| (status, reason.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_line_is_read() {
        let read = |body| status(body).map(|(status, reason)| (status.code(), reason));
        assert_eq!(read("SIP/2.0 180 Ringing\r\nTo: x\r\n"), Some((180, "Ringing".into())));
        assert_eq!(read("SIP/2.0 603"), Some((603, String::new())));
        for broken in
            ["", "SIP/2.0", "SIP/2.0 x y", "SIP/2.0 99 no", "HTTP/1.1 200 OK", "INVITE sip:a@b SIP/2.0"]
        {
            assert_eq!(read(broken), None, "{broken}");
        }
    }
}
