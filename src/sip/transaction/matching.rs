//! What names a transaction (RFC 3261 §17.2.3), and the requests that share the name of another (§9.1, §17.1.1.3).

use super::super::header::{HeaderError, Headers, Name};
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
    let number = invite.headers.cseq().map_or(0, |cseq| cseq.number);
    headers.push(Name::CSEQ, format!("{number} {method}"));
    Request { method, uri: invite.uri.clone(), headers, body: String::new() }
}

/// What names a server transaction: the branch and who chose it (RFC 3261 §17.2.3).
///
/// Without the magic cookie the branch is not unique (RFC 2543), so more of the request goes in.
pub(super) fn server_key(request: &Request) -> Result<String, HeaderError> {
    let via = request.headers.top_via()?;
    let sent_by = format!("{}:{}", via.host, via.port.unwrap_or_default());
    if via.branch().starts_with("z9hG4bK") {
        return Ok(format!("{} {sent_by}", via.branch()));
    }
    let (from_tag, call_id, number) = merge_identity(request)?;
    Ok(format!("{sent_by} {from_tag} {call_id} {number}"))
}

/// What merged copies of one request share: From tag, Call-ID and CSeq number.
pub(super) fn merge_identity(request: &Request) -> Result<(String, String, u32), HeaderError> {
    let headers = &request.headers;
    let from_tag = headers.from()?.tag().unwrap_or_default().to_owned();
    Ok((from_tag, headers.call_id()?.to_owned(), headers.cseq()?.number))
}
