//! Request methods.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use super::grammar::is_token_byte;

/// A request method (RFC 3261 §7.1). Methods are compared case-sensitively: `invite` is [`Method::Other`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// Begins or changes a session (RFC 3261 §13, §14).
    Invite,
    /// Confirms the final response to an INVITE (RFC 3261 §13.2.2.4).
    Ack,
    /// Ends a session (RFC 3261 §15).
    Bye,
    /// Gives up a pending request (RFC 3261 §9).
    Cancel,
    /// Tells the registrar where calls go (RFC 3261 §10).
    Register,
    /// Asks for capabilities (RFC 3261 §11).
    Options,
    /// Carries application information in a session (RFC 6086).
    Info,
    /// Changes a session before it is established (RFC 3311).
    Update,
    /// Confirms a reliable provisional response (RFC 3262).
    Prack,
    /// Asks to call somebody else: transfer (RFC 3515).
    Refer,
    /// Asks for notifications (RFC 6665).
    Subscribe,
    /// Notifies (RFC 6665).
    Notify,
    /// An instant message (RFC 3428).
    Message,
    /// Publishes event state (RFC 3903).
    Publish,
    /// Any other, as it came.
    Other(String),
}

impl Method {
    /// The method as it stands in a message.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Invite => "INVITE",
            Self::Ack => "ACK",
            Self::Bye => "BYE",
            Self::Cancel => "CANCEL",
            Self::Register => "REGISTER",
            Self::Options => "OPTIONS",
            Self::Info => "INFO",
            Self::Update => "UPDATE",
            Self::Prack => "PRACK",
            Self::Refer => "REFER",
            Self::Subscribe => "SUBSCRIBE",
            Self::Notify => "NOTIFY",
            Self::Message => "MESSAGE",
            Self::Publish => "PUBLISH",
            Self::Other(name) => name,
        }
    }
}

impl From<&str> for Method {
    fn from(name: &str) -> Self {
        match name {
            "INVITE" => Self::Invite,
            "ACK" => Self::Ack,
            "BYE" => Self::Bye,
            "CANCEL" => Self::Cancel,
            "REGISTER" => Self::Register,
            "OPTIONS" => Self::Options,
            "INFO" => Self::Info,
            "UPDATE" => Self::Update,
            "PRACK" => Self::Prack,
            "REFER" => Self::Refer,
            "SUBSCRIBE" => Self::Subscribe,
            "NOTIFY" => Self::Notify,
            "MESSAGE" => Self::Message,
            "PUBLISH" => Self::Publish,
            other => Self::Other(other.to_owned()),
        }
    }
}

impl FromStr for Method {
    type Err = Infallible;

    fn from_str(name: &str) -> Result<Self, Infallible> {
        Ok(Self::from(name))
    }
}

impl fmt::Display for Method {
    /// Prints the method; of another one only the characters that a token may have, so that it cannot break the line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.as_str();
        if name.bytes().all(is_token_byte) {
            return f.write_str(name);
        }
        let clean: String = name.chars().filter(|c| c.is_ascii() && is_token_byte(*c as u8)).collect();
        f.write_str(&clean)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_methods_are_read_back_as_themselves() {
        for name in ["INVITE", "ACK", "BYE", "CANCEL", "REGISTER", "OPTIONS", "INFO", "UPDATE"] {
            assert_eq!(Method::from(name).to_string(), name);
            assert!(!matches!(Method::from(name), Method::Other(_)), "{name}");
        }
        for name in ["PRACK", "REFER", "SUBSCRIBE", "NOTIFY", "MESSAGE", "PUBLISH"] {
            assert_eq!(Method::from(name).to_string(), name);
            assert!(!matches!(Method::from(name), Method::Other(_)), "{name}");
        }
    }

    #[test]
    fn case_matters() {
        assert_eq!(Method::from("invite"), Method::Other("invite".into()));
    }

    #[test]
    fn an_unknown_method_cannot_break_the_line() {
        assert_eq!(Method::Other("A\r\nB: c".into()).to_string(), "ABc");
    }
}
