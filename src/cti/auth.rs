//! REST authentication: what is asked, and what the answers mean (xuc-cti §2).

use std::fmt;
use std::time::Duration;

use super::event::HttpOutcome;
use super::server::Server;
use crate::json::{Object, Value};
use crate::secret::Secret;

/// How long a token holds when the server does not say: what the documented example says.
const USUAL_TTL: Duration = Duration::from_secs(3600);

/// No token is believed to hold for less, lest it be renewed without pause, or for longer, lest it never be.
const TTL_LIMITS: (u64, u64) = (60, 86_400);

/// Answers are a few hundred bytes; a longer one than this comes from something else.
const LONGEST_ANSWER: usize = 1 << 16;

/// Why a log-in failed or was lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoginError {
    /// Wrong login or password.
    WrongCredentials,
    /// The server does not answer.
    Unreachable,
    /// Something answers, but it is not an XUC server.
    NotXuc,
    /// The token is no longer accepted.
    Expired,
    /// The token was accepted, but the CTI session was not opened in time, or was refused.
    NoSession,
    /// The server refused, in its own words.
    Refused {
        /// Its error code.
        code: String,
        /// Its words.
        message: String,
    },
}

impl fmt::Display for LoginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WrongCredentials => f.write_str("wrong login or password"),
            Self::Unreachable => f.write_str("the server does not answer"),
            Self::NotXuc => f.write_str("what answers is not an XUC server"),
            Self::Expired => f.write_str("the token is no longer accepted"),
            Self::NoSession => f.write_str("the server opened no CTI session"),
            Self::Refused { code, message } => write!(f, "the server refused: {code} {message}"),
        }
    }
}

impl std::error::Error for LoginError {}

/// What the program says it is: names that the server's administrator chose; empty where nothing is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// `softwareType`.
    pub software_type: String,
    /// `applicationType`.
    pub application_type: String,
}

/// A request before it has its number: method, URL, header fields, body.
pub(super) type Asking = (&'static str, String, Vec<(&'static str, String)>, Option<String>);

/// Asks for a token by password (§2.1).
pub(super) fn ask_login(server: &Server, login: &str, password: &Secret, client: &Client) -> Asking {
    let mut body = Object::default();
    body.insert("login", login);
    body.insert("password", password.expose());
    for (name, value) in
        [("softwareType", &client.software_type), ("applicationType", &client.application_type)]
    {
        if !value.is_empty() {
            body.insert(name, value.as_str());
        }
    }
    let body = Value::from(body).to_string();
    ("POST", server.login_url(), vec![("Content-Type", "application/json".into())], Some(body))
}

/// Asks whether a token still holds, and for its successor (§2.2).
pub(super) fn ask_check(server: &Server, token: &Secret) -> Asking {
    let bearer = format!("Bearer {}", token.expose());
    ("GET", server.check_url(), vec![("Authorization", bearer)], None)
}

/// A token and what came with it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Granted {
    pub(super) token: Secret,
    /// The login as the server writes it.
    pub(super) login: Option<String>,
    /// How long it holds, where the server says so.
    pub(super) ttl: Option<Duration>,
}

impl Granted {
    /// When to renew a token that was granted a moment ago: at half of its life, so that there is time to try again.
    pub(super) fn renew_in(ttl: Option<Duration>) -> Duration {
        ttl.unwrap_or(USUAL_TTL) / 2
    }

    fn read(body: &str) -> Option<Self> {
        let answer = read_object(body)?;
        let token = answer.get("token")?.as_str().filter(|token| is_token(token))?;
        let login = answer.get("login").and_then(Value::as_str).filter(|login| !login.is_empty());
        let ttl = match answer.get("TTL") {
            Some(Value::Number(seconds)) => whole_seconds(&seconds.to_string()),
            Some(Value::String(seconds)) => whole_seconds(seconds),
            _ => None,
        };
        Some(Self {
            token: Secret::new(token),
            login: login.map(str::to_owned),
            ttl: ttl.map(|seconds| Duration::from_secs(seconds.clamp(TTL_LIMITS.0, TTL_LIMITS.1))),
        })
    }
}

/// The whole seconds of a positive number, in the forms that servers write: `3600`, `3600.0`.
fn whole_seconds(text: &str) -> Option<u64> {
    let whole = text.trim().split('.').next()?;
    whole.parse().ok().filter(|seconds| *seconds > 0)
}

/// Whether a token can be put into a header field and a URL. What it is made of is the server's business.
pub(super) fn is_token(token: &str) -> bool {
    !token.is_empty() && token.len() <= LONGEST_ANSWER && token.bytes().all(|byte| byte.is_ascii_graphic())
}

/// What the answer to [`ask_login`] means.
pub(super) fn read_login(outcome: &HttpOutcome) -> Result<Granted, LoginError> {
    let (status, body) = match outcome {
        HttpOutcome::Answer { status, body } => (*status, body.as_str()),
        HttpOutcome::NoAnswer { .. } => return Err(LoginError::Unreachable),
    };
    if (200..300).contains(&status) {
        return Granted::read(body).ok_or(LoginError::NotXuc);
    }
    // Status codes are not documented; the body is (§2.5).
    match read_error(body) {
        Some((code, _)) if code == "InvalidCredentials" => Err(LoginError::WrongCredentials),
        Some((code, message)) => Err(LoginError::Refused { code, message }),
        // A proxy speaks: the server behind it is away, or the limit of §2.8 is reached.
        None if status >= 500 => Err(LoginError::Unreachable),
        None if status == 429 => {
            Err(LoginError::Refused { code: "429".into(), message: "Too many requests".into() })
        }
        None => Err(LoginError::NotXuc),
    }
}

/// What the answer to [`ask_check`] means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Checked {
    /// The token holds, and this is its successor.
    Renewed(Granted),
    /// The token will never be accepted again.
    Dead,
    /// Nobody could say; ask again later.
    Unknown(String),
}

/// What the answer to [`ask_check`] means. A server that does not answer says nothing about the token.
pub(super) fn read_check(outcome: &HttpOutcome) -> Checked {
    let (status, body) = match outcome {
        HttpOutcome::Answer { status, body } => (*status, body.as_str()),
        HttpOutcome::NoAnswer { reason } => return Checked::Unknown(reason.clone()),
    };
    match status {
        200..300 => match Granted::read(body) {
            Some(granted) => Checked::Renewed(granted),
            None => Checked::Unknown("the server's answer holds no token".into()),
        },
        // The limit of §2.8: its answer may have a body, but it is not about the token.
        429 => Checked::Unknown("too many requests".into()),
        // The edge proxy refuses malformed tokens by itself, without the server's body.
        401 | 403 => Checked::Dead,
        400..500 if read_error(body).is_some() => Checked::Dead,
        _ => Checked::Unknown(format!("the server answered {status}")),
    }
}

/// The error body of §2.5: code and words.
fn read_error(body: &str) -> Option<(String, String)> {
    let answer = read_object(body)?;
    let code = answer.get("error")?.as_str()?;
    let message = answer.get("message").and_then(Value::as_str).unwrap_or_default();
    Some((code.to_owned(), message.to_owned()))
}

fn read_object(body: &str) -> Option<Object> {
    if body.len() > LONGEST_ANSWER {
        return None;
    }
    match body.parse() {
        Ok(Value::Object(answer)) => Some(answer),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cti::server::PageOrigin;

    fn answer(status: u16, body: &str) -> HttpOutcome {
        HttpOutcome::Answer { status, body: body.into() }
    }

    fn login(status: u16, body: &str) -> Result<Granted, LoginError> {
        read_login(&answer(status, body))
    }

    fn check(status: u16, body: &str) -> Checked {
        read_check(&answer(status, body))
    }

    #[test]
    fn the_program_says_what_it_is_only_where_it_knows() {
        let page = PageOrigin { secure: true, host: "x".into() };
        let server = Server::parse("", &page).expect("a server");
        let asked = |software: &str, application: &str| {
            let client = Client { software_type: software.into(), application_type: application.into() };
            ask_login(&server, "m", &Secret::new("p"), &client).3.expect("a body")
        };
        assert_eq!(asked("", ""), r#"{"login":"m","password":"p"}"#);
        let both = r#"{"login":"m","password":"p","softwareType":"webBrowser","applicationType":"uc"}"#;
        assert_eq!(asked("webBrowser", "uc"), both);
    }

    #[test]
    fn the_life_of_a_token_is_a_number_or_a_numeric_string_within_reason() {
        let ttl = |ttl: &str| {
            let granted = login(200, &format!(r#"{{"login":"m","token":"a.b.c","TTL":{ttl}}}"#)).unwrap();
            granted.ttl.map(|ttl| ttl.as_secs())
        };
        assert_eq!(ttl("3600"), Some(3600));
        assert_eq!(ttl("\"1800\""), Some(1800));
        assert_eq!(ttl("7200.0"), Some(7200));
        assert_eq!(ttl("99999999"), Some(86_400));
        assert_eq!(ttl("1"), Some(60));
        for useless in ["0", "-5", "1e300", "null", "\"soon\"", "\"NaN\"", "\"inf\"", "[]"] {
            assert_eq!(ttl(useless), None, "{useless}");
        }
        assert_eq!(Granted::renew_in(None), Duration::from_secs(1800));
    }

    #[test]
    fn an_answer_without_a_usable_token_is_not_from_an_xuc_server() {
        for body in
            ["", "<html>", "[]", "null", "{}", r#"{"token":7}"#, r#"{"token":""}"#, r#"{"token":"a\r\nb"}"#]
        {
            assert_eq!(login(200, body), Err(LoginError::NotXuc), "{body}");
            assert!(matches!(check(200, body), Checked::Unknown(_)), "{body}");
        }
        let long = format!(r#"{{"token":"{}"}}"#, "x".repeat(LONGEST_ANSWER));
        assert_eq!(login(200, &long), Err(LoginError::NotXuc));
    }

    #[test]
    fn each_documented_refusal_of_a_login_is_told_apart() {
        let refused = |code: &str| login(400, &format!(r#"{{"error":"{code}","message":"words"}}"#));
        assert_eq!(refused("InvalidCredentials"), Err(LoginError::WrongCredentials));
        for code in ["InvalidJson", "UnhandledError", "UserNotFound", "SsoAuthenticationFailed"] {
            assert_eq!(
                refused(code),
                Err(LoginError::Refused { code: code.into(), message: "words".into() })
            );
        }
        assert_eq!(login(502, "<html>Bad gateway"), Err(LoginError::Unreachable));
        assert_eq!(login(404, "<html>"), Err(LoginError::NotXuc));
        assert_eq!(login(401, "{}"), Err(LoginError::NotXuc));
        assert!(matches!(login(429, "<html>"), Err(LoginError::Refused { code, .. }) if code == "429"));
        let silent = HttpOutcome::NoAnswer { reason: "timed out".into() };
        assert_eq!(read_login(&silent), Err(LoginError::Unreachable));
    }

    #[test]
    fn only_the_server_itself_can_end_a_token() {
        assert_eq!(check(401, r#"{"error":"TokenExpired","message":""}"#), Checked::Dead);
        assert_eq!(check(400, r#"{"error":"Whatever"}"#), Checked::Dead);
        assert_eq!(check(403, "<html>"), Checked::Dead);
        for (status, body) in
            [(404, "<html>"), (429, r#"{"error":"slow"}"#), (500, r#"{"error":"x"}"#), (302, "")]
        {
            assert!(matches!(check(status, body), Checked::Unknown(_)), "{status}");
        }
    }
}
