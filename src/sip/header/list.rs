//! Splitting one value into the items of its list (RFC 3261 §7.3.1).

/// The items of a comma-separated value. Commas inside quoted strings and angle brackets belong to the item; so does
/// one in a bare display name, when `addresses` are listed: an item without a URI cannot be an address. Empty items
/// are left out.
pub(in crate::sip) struct Items<'a> {
    rest: &'a str,
    addresses: bool,
}

impl<'a> Items<'a> {
    /// The items of a list of tokens or the like.
    pub(in crate::sip) const fn of(value: &'a str) -> Self {
        Self { rest: value, addresses: false }
    }

    /// The items of a list of addresses.
    pub(super) const fn of_addresses(value: &'a str) -> Self {
        Self { rest: value, addresses: true }
    }

    /// Where the first item ends. A quote or bracket that is never closed reaches to the end: one pass, whatever comes.
    fn end(&self) -> Option<usize> {
        let (mut quoted, mut escaped, mut bracketed, mut has_uri) = (false, false, false, false);
        for (at, byte) in self.rest.bytes().enumerate() {
            if escaped {
                escaped = false;
                continue;
            }
            match byte {
                b'\\' if quoted => escaped = true,
                b'"' => quoted = !quoted,
                _ if quoted => {}
                b'<' => bracketed = true,
                b'>' => (bracketed, has_uri) = (false, true),
                b':' | b'*' => has_uri = true,
                b',' if !bracketed && (has_uri || !self.addresses) => return Some(at),
                _ => {}
            }
        }
        None
    }
}

impl<'a> Iterator for Items<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        while !self.rest.is_empty() {
            let (item, rest) = match self.end() {
                Some(end) => (&self.rest[..end], &self.rest[end + 1..]),
                None => (self.rest, ""),
            };
            self.rest = rest;
            let item = item.trim();
            if !item.is_empty() {
                return Some(item);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_split_at_commas_that_separate() {
        let items: Vec<_> = Items::of(" a , b;x=\"c,d\",, <e,f> ,").collect();
        assert_eq!(items, ["a", "b;x=\"c,d\"", "<e,f>"]);
        assert_eq!(Items::of(" ").count(), 0);
    }

    #[test]
    fn a_comma_in_a_bare_name_separates_no_addresses() {
        let items: Vec<_> =
            Items::of_addresses("Doe, John <sip:j@x>;q=1, sip:b@y,\"A, B\" <sip:c@z>").collect();
        assert_eq!(items, ["Doe, John <sip:j@x>;q=1", "sip:b@y", "\"A, B\" <sip:c@z>"]);
    }

    #[test]
    fn what_is_never_closed_reaches_to_the_end() {
        assert_eq!(Items::of("a,\"b,c").collect::<Vec<_>>(), ["a", "\"b,c"]);
        assert_eq!(Items::of("a,<b,c").collect::<Vec<_>>(), ["a", "<b,c"]);
    }
}
