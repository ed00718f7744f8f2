//! What names a transaction (RFC 3261 §17.2.3), and the requests that share the name of another (§9.1, §17.1.1.3).

use super::super::header::{CSeq, Headers, Name};
use super::super::message::Request;
use super::super::method::Method;

/// A request inside the same client transaction or beside it: CANCEL, or the ACK to a refusal (RFC 3261 §9.1, §17.1.1.3).
pub(super) fn derived(invite: &Request, method: Method) -> Request {
    let mut headers = Headers::default();
    for name in
        [Name::VIA, Name::MAX_FORWARDS, Name::ROUTE, Name::FROM, Name::TO, Name::CALL_ID, Name::USER_AGENT]
    {
        for value in invite.headers.all(&name) {
            headers.push(name.clone(), value);
        }
    }
    let number = invite.headers.cseq_number().unwrap_or_default();
    headers.push(Name::CSEQ, CSeq::value(number, &method));
    Request { method, uri: invite.uri.clone(), headers, body: String::new() }
}

/// What names a server transaction: the branch and who chose it (RFC 3261 §17.2.3).
///
/// What the request is made of was [checked](Request::check) before. Without the magic cookie the branch is not unique (RFC 2543), so more of the request goes in.
pub(super) fn server_key(request: &Request) -> String {
    let Ok(via) = request.headers.top_via() else { return String::new() };
    let (branch, host, port) = (via.branch(), &via.host, via.port.unwrap_or_default());
    // The cookie alone names nothing (RFC 4475 §3.2.1).
    if branch.strip_prefix("z9hG4bK").is_some_and(|own| !own.is_empty()) {
        return format!("{branch} {host}:{port}");
    }
    format!("{host}:{port} {}", merge_identity(request))
}

/// What merged copies of one request share: From tag, Call-ID and CSeq number.
pub(super) fn merge_identity(request: &Request) -> String {
    let headers = &request.headers;
    let from_tag = headers.tag(&Name::FROM).unwrap_or_default();
    let call_id = headers.call_id().unwrap_or_default();
    format!("{from_tag} {call_id} {}", headers.cseq_number().unwrap_or_default())
}
