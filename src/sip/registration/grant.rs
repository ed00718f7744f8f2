//! What the 200 to a REGISTER grants: the time, and by which way we are reached and call.

use crate::sip::endpoint::{Endpoint, Reach};
use crate::sip::header::{Headers, Name};
use crate::sip::uri::{NameAddr, Uri};

/// The proxies of Service-Route that are kept; nobody needs more.
const MOST_ROUTES: usize = 8;

/// How long the registrar holds our contact, in seconds; `None`: it does not say (RFC 3261 §10.2.4).
pub(super) fn expires(headers: &Headers, endpoint: &Endpoint) -> Option<u32> {
    let contacts = headers.contacts().ok()?;
    let listed = contacts.list();
    let only = if let [only] = listed { Some(only) } else { None };
    let contact = listed.iter().find(|contact| is_ours(contact, endpoint)).or(only);
    contact.and_then(NameAddr::expires).or_else(|| headers.expires())
}

/// By which way we are reached and call from now on.
pub(super) fn reach(headers: &Headers, endpoint: &Endpoint) -> Reach {
    let contacts = headers.contacts().ok();
    let listed = contacts.as_ref().map_or(&[] as &[NameAddr], |contacts| contacts.list());
    let ours = listed.iter().find(|contact| is_ours(contact, endpoint));
    let mut routes = Vec::new();
    for route in headers.addresses(&Name::SERVICE_ROUTE).unwrap_or_default().into_iter().take(MOST_ROUTES) {
        routes.push(route.to_string());
    }
    Reach {
        // RFC 5627 §4.2: it belongs to the contact of our instance.
        gruu: ours.and_then(|ours| ours.params.get("pub-gruu")?.parse().ok()),
        // RFC 5626 §4.2.1.
        outbound: headers.lists(&Name::REQUIRE, "outbound"),
        routes,
    }
}

/// Whether that is our contact among those of the account.
///
/// It is known by our instance (RFC 5626 §4.1), or by its host, which nobody else has. Asterisk gives the contact back
/// with the address it sees; a parameter of its own still names our host then.
fn is_ours(contact: &NameAddr, endpoint: &Endpoint) -> bool {
    let Uri { host, params, .. } = &contact.uri;
    let ours = &endpoint.contact().host;
    let rewritten = params.get("x-ast-orig-host").unwrap_or_default();
    let instance = contact.params.get("+sip.instance").map(|it| it.trim_matches(['<', '>']));
    let is_instance = |ours: &String| instance.is_some_and(|it| it.eq_ignore_ascii_case(ours));
    host.eq_ignore_ascii_case(ours)
        || rewritten.starts_with(ours.as_str())
        || endpoint.config.instance.as_ref().is_some_and(is_instance)
}
