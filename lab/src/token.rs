//! Tokens of those who logged in.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::time::{Duration, Instant};

use crate::account::Account;
use crate::random;

/// How long a token is good for.
pub const LIFETIME: Duration = Duration::from_secs(3600);

/// The tokens handed out.
#[derive(Debug, Default)]
pub struct Tokens {
    by_text: BTreeMap<String, Token>,
}

#[derive(Debug)]
struct Token {
    account: Arc<Account>,
    expires_at: Instant,
}

/// Why a token is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenError {
    /// It was good once.
    Expired,
    /// It was never handed out.
    Unknown,
}

impl Tokens {
    /// A new token: three parts with dots between, as the edge of a XiVO insists.
    pub fn issue(&mut self, account: Arc<Account>, now: Instant) -> String {
        // An expired token is remembered for another lifetime, so that its owner is told what is wrong with it.
        self.by_text.retain(|_, token| token.expires_at + LIFETIME > now);
        let text = format!("lab.{:x}.{}", account.user_id, random::secret());
        self.by_text.insert(text.clone(), Token { account, expires_at: now + LIFETIME });
        text
    }

    /// Whose token that is.
    ///
    /// # Errors
    ///
    /// When it is not, or no longer, good.
    pub fn check(&self, text: &str, now: Instant) -> Result<&Arc<Account>, TokenError> {
        match self.by_text.get(text) {
            None => Err(TokenError::Unknown),
            Some(token) if token.expires_at <= now => Err(TokenError::Expired),
            Some(token) => Ok(&token.account),
        }
    }

    /// Ends the tokens of that login, or of everyone, at once.
    pub fn expire(&mut self, login: Option<&str>, now: Instant) {
        for token in self.by_text.values_mut() {
            if login.is_none_or(|login| token.account.login == login) {
                token.expires_at = now;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::Directory;

    #[test]
    fn a_token_is_good_for_an_hour_and_then_known_as_expired() {
        let directory = Directory::lab();
        let alice = directory.by_name("alice").unwrap();
        let (mut tokens, now) = (Tokens::default(), Instant::now());
        let token = tokens.issue(alice.clone(), now);
        assert_eq!(token.split('.').count(), 3);
        assert_eq!(tokens.check(&token, now + Duration::from_secs(3599)).unwrap().login, "alice");
        assert_eq!(tokens.check(&token, now + LIFETIME).unwrap_err(), TokenError::Expired);
        assert_eq!(tokens.check("a.b.c", now).unwrap_err(), TokenError::Unknown);
    }

    #[test]
    fn tokens_of_one_login_can_be_ended_at_once() {
        let directory = Directory::lab();
        let (mut tokens, now) = (Tokens::default(), Instant::now());
        let alice = tokens.issue(directory.by_name("alice").unwrap().clone(), now);
        let bob = tokens.issue(directory.by_name("bob").unwrap().clone(), now);
        tokens.expire(Some("alice"), now);
        assert_eq!(tokens.check(&alice, now).unwrap_err(), TokenError::Expired);
        assert!(tokens.check(&bob, now).is_ok());
    }
}
