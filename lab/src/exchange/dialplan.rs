//! What each number reaches.

use std::sync::Arc;

use xc_webrtc::sip::status::StatusCode;

use crate::account::{Account, Directory};

/// What a call to a number comes to.
#[derive(Debug)]
pub enum Destination {
    /// The caller hears itself.
    Echo,
    /// The caller hears a 1 kHz tone.
    Tone,
    /// It rings until the caller gives up.
    Ringing,
    /// Digits are collected until `#`, and then said back.
    Digits,
    /// One of the people.
    Account(Arc<Account>),
    /// The call is refused.
    Refused(StatusCode),
}

/// The numbers that everyone can dial, besides those of the people, and what a person should know of them.
pub const SERVICES: [(&str, &str); 6] = [
    ("*55", "hear and see yourself"),
    ("*56", "hear a 1 kHz tone"),
    ("*57", "busy"),
    ("*58", "rings for ever"),
    ("*59", "service unavailable"),
    ("*60", "type digits and then #: they are said back"),
];

impl Destination {
    /// What `number` reaches.
    pub fn of(number: &str, directory: &Directory) -> Self {
        match number {
            "*55" => Self::Echo,
            "*56" => Self::Tone,
            "*57" => Self::Refused(StatusCode::BUSY_HERE),
            "*58" => Self::Ringing,
            "*59" => Self::Refused(StatusCode::SERVICE_UNAVAILABLE),
            "*60" => Self::Digits,
            _ => match directory.by_number(number) {
                Some(account) => Self::Account(account.clone()),
                None => Self::Refused(StatusCode::NOT_FOUND),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_service_that_people_are_told_of_is_there() {
        let directory = Directory::lab();
        for (number, _) in SERVICES {
            let destination = Destination::of(number, &directory);
            assert!(!matches!(destination, Destination::Refused(StatusCode::NOT_FOUND)), "{number}");
        }
    }

    #[test]
    fn people_are_reached_by_number_only() {
        let directory = Directory::lab();
        assert!(
            matches!(Destination::of("1002", &directory), Destination::Account(bob) if bob.login == "bob")
        );
        assert!(matches!(Destination::of("bob", &directory), Destination::Refused(StatusCode::NOT_FOUND)));
        assert!(matches!(Destination::of("", &directory), Destination::Refused(StatusCode::NOT_FOUND)));
    }
}
