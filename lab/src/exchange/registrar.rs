//! Where each account can be reached (RFC 3261 §10.3): contacts, each bound to the websocket it came by.

use std::sync::Arc;

use tokio::time::{Duration, Instant};
use xc_webrtc::sip::uri::Uri;

use super::socket::SocketId;
use crate::account::Account;

/// The shortest time a contact may ask for.
pub const MIN_EXPIRES: u32 = 10;
/// What a contact gets that asks for more, or for nothing.
pub const MAX_EXPIRES: u32 = 3600;
/// More phones than one person can use; the oldest makes room.
const MAX_CONTACTS: usize = 8;

/// One contact of an account.
#[derive(Clone, Debug)]
pub struct Binding {
    /// Whose.
    pub account: Arc<Account>,
    /// The phone's address.
    pub contact: Uri,
    /// The websocket that reaches it.
    pub socket: SocketId,
    /// When it ends unless refreshed.
    pub expires_at: Instant,
    /// The Call-ID of the REGISTER.
    pub call_id: String,
    /// Its sequence number.
    pub cseq: u32,
    /// How often it was refreshed before its end.
    pub refreshes: u32,
}

/// All contacts.
#[derive(Debug, Default)]
pub struct Registrar {
    bindings: Vec<Binding>,
}

/// A REGISTER that came after a later one of the same phone (RFC 3261 §10.3, step 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfOrder;

impl Registrar {
    /// The contacts of an account, oldest first.
    pub fn of(&self, login: &str) -> impl Iterator<Item = &Binding> {
        self.bindings.iter().filter(move |binding| binding.account.login == login)
    }

    /// Every contact.
    pub fn all(&self) -> &[Binding] {
        &self.bindings
    }

    /// Adds a contact or refreshes it.
    ///
    /// # Errors
    ///
    /// When a later REGISTER has spoken for it already.
    pub fn bind(&mut self, binding: Binding) -> Result<(), OutOfOrder> {
        if let Some(known) = self.find(&binding.account.login, &binding.contact) {
            if known.call_id == binding.call_id && known.cseq >= binding.cseq {
                return Err(OutOfOrder);
            }
            *known = Binding { refreshes: known.refreshes + 1, ..binding };
            return Ok(());
        }
        let login = binding.account.login.clone();
        self.bindings.push(binding);
        if self.of(&login).count() > MAX_CONTACTS
            && let Some(oldest) = self.bindings.iter().position(|binding| binding.account.login == login)
        {
            self.bindings.remove(oldest);
        }
        Ok(())
    }

    /// Removes one contact of an account.
    pub fn unbind(&mut self, login: &str, contact: &Uri) {
        self.bindings
            .retain(|binding| binding.account.login != login || !binding.contact.equivalent(contact));
    }

    /// Removes every contact of an account.
    pub fn unbind_all(&mut self, login: &str) {
        self.bindings.retain(|binding| binding.account.login != login);
    }

    /// Removes what was reached by a websocket that is gone.
    pub fn socket_closed(&mut self, socket: SocketId) {
        self.bindings.retain(|binding| binding.socket != socket);
    }

    /// Removes what was not refreshed in time.
    pub fn expire(&mut self, now: Instant) {
        self.bindings.retain(|binding| binding.expires_at > now);
    }

    /// When the next contact ends.
    pub fn next_expiry(&self) -> Option<Instant> {
        self.bindings.iter().map(|binding| binding.expires_at).min()
    }

    fn find(&mut self, login: &str, contact: &Uri) -> Option<&mut Binding> {
        self.bindings
            .iter_mut()
            .find(|binding| binding.account.login == login && binding.contact.equivalent(contact))
    }
}

/// How long a contact is kept that asked for so many seconds; `None`: that is too short.
pub fn granted(asked: Option<u32>) -> Option<Duration> {
    let seconds = asked.unwrap_or(MAX_EXPIRES).min(MAX_EXPIRES);
    (seconds >= MIN_EXPIRES).then(|| Duration::from_secs(seconds.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::Directory;

    fn binding(contact: &str, cseq: u32) -> Binding {
        Binding {
            account: Directory::lab().by_name("alice").unwrap().clone(),
            contact: contact.parse().unwrap(),
            socket: SocketId(1),
            expires_at: Instant::now() + Duration::from_secs(60),
            call_id: "r1".into(),
            cseq,
            refreshes: 0,
        }
    }

    #[test]
    fn a_refresh_replaces_and_an_old_one_is_out_of_order() {
        let mut registrar = Registrar::default();
        registrar.bind(binding("sip:alice@a.invalid;transport=ws", 1)).unwrap();
        registrar.bind(binding("sip:alice@a.invalid;transport=ws", 2)).unwrap();
        assert_eq!(registrar.bind(binding("sip:alice@a.invalid;transport=ws", 2)), Err(OutOfOrder));
        assert_eq!(registrar.of("alice").map(|binding| binding.refreshes).collect::<Vec<_>>(), [1]);
    }

    #[test]
    fn several_phones_are_kept_until_there_are_too_many() {
        let mut registrar = Registrar::default();
        for number in 0..9 {
            registrar.bind(binding(&format!("sip:alice@{number}.invalid"), 1)).unwrap();
        }
        assert_eq!(registrar.of("alice").count(), 8);
        assert_eq!(registrar.of("alice").next().unwrap().contact.host, "1.invalid");
        registrar.socket_closed(SocketId(1));
        assert_eq!(registrar.all().len(), 0);
    }

    #[test]
    fn a_contact_ends_when_it_is_not_refreshed() {
        let mut registrar = Registrar::default();
        registrar.bind(binding("sip:alice@a.invalid", 1)).unwrap();
        let end = registrar.next_expiry().unwrap();
        registrar.expire(end - Duration::from_millis(1));
        assert_eq!(registrar.all().len(), 1);
        registrar.expire(end);
        assert_eq!(registrar.all().len(), 0);
    }

    #[test]
    fn what_is_asked_for_is_granted_within_limits() {
        assert_eq!(granted(Some(60)), Some(Duration::from_secs(60)));
        assert_eq!(granted(Some(9)), None);
        assert_eq!(granted(Some(u32::MAX)), Some(Duration::from_secs(3600)));
        assert_eq!(granted(None), Some(Duration::from_secs(3600)));
    }
}
