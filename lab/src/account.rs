//! The people who can log in, and their lines.

use std::collections::BTreeMap;
use std::sync::Arc;

use xc_webrtc::secret::Secret;

use crate::random;

/// The SIP domain of the lab's accounts: what `LineConfig` calls `sipProxyName`.
pub const DOMAIN: &str = "default";

/// A person and the line that goes with them.
#[derive(Debug)]
pub struct Account {
    /// The login, in lower case.
    pub login: String,
    /// The number that others call.
    pub number: String,
    /// The first name.
    pub first_name: String,
    /// The last name; may be empty.
    pub last_name: String,
    /// The CTI user's identifier.
    pub user_id: u32,
    /// The password of the login.
    password: Secret,
    /// The SIP account's name.
    pub line_name: String,
    /// The SIP account's password.
    pub line_password: Secret,
    /// The SIP domain.
    pub domain: String,
}

impl Account {
    /// First and last name.
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim_end().to_owned()
    }
}

/// Who may log in.
#[derive(Debug)]
pub enum Directory {
    /// The lab's own nine people, by login; the password is the login.
    Lab(BTreeMap<String, Arc<Account>>),
    /// Anyone: the login is a SIP account of an Asterisk, which checks the password when the phone registers.
    Asterisk {
        /// The SIP domain told to the phone.
        domain: String,
    },
}

impl Directory {
    /// The lab's people, with new SIP passwords.
    pub fn lab() -> Self {
        const PEOPLE: [(&str, &str, &str); 9] = [
            ("alice", "Alice", "Martin"),
            ("bob", "Bob", "Keller"),
            ("carol", "Carol", "Silva"),
            ("dave", "Dave", "Novak"),
            ("erin", "Erin", "Walsh"),
            ("frank", "Frank", "Okafor"),
            ("grace", "Grace", "Lindqvist"),
            ("heidi", "Heidi", "Brandt"),
            ("ivan", "Ivan", "Petrov"),
        ];
        Self::Lab(
            (1..)
                .zip(PEOPLE)
                .map(|(user_id, (login, first, last))| {
                    let account = Account {
                        login: login.into(),
                        number: (1000 + user_id).to_string(),
                        first_name: first.into(),
                        last_name: last.into(),
                        user_id,
                        password: Secret::new(login),
                        line_name: login.into(),
                        line_password: Secret::new(random::secret()),
                        domain: DOMAIN.into(),
                    };
                    (account.login.clone(), Arc::new(account))
                })
                .collect(),
        )
    }

    /// The account of someone who gives the right password; `None` for anyone else.
    pub fn log_in(&self, login: &str, password: Secret) -> Option<Arc<Account>> {
        match self {
            Self::Lab(accounts) => accounts
                .get(&login.trim().to_lowercase())
                .filter(|account| account.password == password)
                .cloned(),
            Self::Asterisk { .. } if login.is_empty() || password.is_empty() => None,
            Self::Asterisk { domain } => Some(Arc::new(Account {
                login: login.into(),
                number: login.into(),
                first_name: login.into(),
                last_name: String::new(),
                user_id: 1,
                password: password.clone(),
                line_name: login.into(),
                line_password: password,
                domain: domain.clone(),
            })),
        }
    }

    /// The account with that login or SIP account name.
    pub fn by_name(&self, name: &str) -> Option<&Arc<Account>> {
        match self {
            Self::Lab(accounts) => accounts.get(name),
            Self::Asterisk { .. } => None,
        }
    }

    /// The account that this number reaches.
    pub fn by_number(&self, number: &str) -> Option<&Arc<Account>> {
        match self {
            Self::Lab(accounts) => accounts.values().find(|account| account.number == number),
            Self::Asterisk { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_is_the_login_and_the_numbers_go_in_order() {
        let directory = Directory::lab();
        let ivan = directory.log_in(" Ivan ", Secret::new("ivan")).unwrap();
        assert_eq!((ivan.number.as_str(), ivan.full_name().as_str()), ("1009", "Ivan Petrov"));
        assert!(directory.log_in("ivan", Secret::new("Ivan")).is_none());
        assert!(directory.log_in("mallory", Secret::new("mallory")).is_none());
        assert_eq!(directory.by_number("1001").unwrap().login, "alice");
        assert!(directory.by_number("alice").is_none());
    }

    #[test]
    fn sip_passwords_are_not_the_logins() {
        let directory = Directory::lab();
        let (alice, bob) = (directory.by_name("alice").unwrap(), directory.by_name("bob").unwrap());
        assert_ne!(alice.line_password, bob.line_password);
        assert_eq!(alice.line_password.expose().len(), 32);
    }

    #[test]
    fn before_an_asterisk_the_typed_password_becomes_the_lines() {
        let directory = Directory::Asterisk { domain: "pbx.example.org".into() };
        let account = directory.log_in("2001", Secret::new("s3cret")).unwrap();
        assert_eq!((account.line_name.as_str(), account.line_password.expose()), ("2001", "s3cret"));
        assert!(directory.log_in("2001", Secret::new("")).is_none());
    }
}
