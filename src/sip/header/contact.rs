//! Contact: where somebody can be reached (RFC 3261 §20.10).

use super::{HeaderError, Name};
use crate::sip::uri::NameAddr;

/// The Contact fields of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Contacts {
    /// `*`: all there are; in a REGISTER that takes them away (RFC 3261 §10.2.2).
    Star,
    /// These; none when the message has no Contact.
    List(Vec<NameAddr>),
}

impl Contacts {
    /// The first contact: the remote target of a dialog (RFC 3261 §12.1.2).
    pub fn first(&self) -> Option<&NameAddr> {
        self.list().first()
    }

    /// The contacts; none for a star.
    pub fn list(&self) -> &[NameAddr] {
        match self {
            Self::Star => &[],
            Self::List(list) => list,
        }
    }

    pub(super) fn read(items: &[&str]) -> Result<Self, HeaderError> {
        if items.contains(&"*") {
            return Ok(Self::Star);
        }
        super::access::addresses(items, &Name::CONTACT).map(Self::List)
    }
}

impl NameAddr {
    /// The `expires` parameter of a contact: seconds until it is forgotten (RFC 3261 §10.2.1.1).
    pub fn expires(&self) -> Option<u32> {
        super::access::seconds(self.params.get("expires")?)
    }
}

#[cfg(test)]
mod tests {
    use super::super::list::Items;
    use super::*;

    fn read(values: &[&str]) -> Result<Contacts, HeaderError> {
        let items: Vec<_> = values.iter().flat_map(|value| Items::of_addresses(value)).collect();
        Contacts::read(&items)
    }

    #[test]
    fn contacts_of_every_line_are_read() {
        let contacts =
            read(&["<sip:a@x.invalid;transport=ws>;expires=60, \"B, C\" <sip:b@y>", "sip:c@z;expires=x"]);
        let contacts = contacts.expect("well formed");
        let users: Vec<_> = contacts.list().iter().map(NameAddr::user).collect();
        assert_eq!(users, ["a", "b", "c"]);
        assert_eq!(contacts.first().and_then(NameAddr::expires), Some(60));
        assert_eq!(contacts.list()[2].expires(), None);
    }

    #[test]
    fn a_star_and_nothing_are_told_apart() {
        assert_eq!(read(&["*"]), Ok(Contacts::Star));
        assert_eq!(read(&[]), Ok(Contacts::List(Vec::new())));
    }

    #[test]
    fn one_unreadable_contact_is_an_error() {
        assert_eq!(read(&["sip:a@x, <b>"]), Err(HeaderError::unreadable(Name::CONTACT, "<b>")));
    }
}
