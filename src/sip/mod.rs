//! The sans-IO SIP user agent (RFC 3261 over RFC 7118): no browser, no async, no clock.
//!
//! | File | Idea | Source |
//! | --- | --- | --- |
//! | [`method`] | request methods | RFC 3261 §7.1, 3262, 3311, 3428, 3515, 3903, 6086, 6665 |
//! | [`status`] | status codes, classes, reason phrases | RFC 3261 §21 and the IANA registry |
//! | [`uri`] | SIP URIs: read, print, compare | RFC 3261 §19.1, RFC 5954 for IPv6, RFC 3966 for `tel:` |
//! | [`name_addr`] | display name, URI, parameters | RFC 3261 §20.10, §25.1 `name-addr` |
//! | [`params`] | `;name=value` lists | RFC 3261 §25.1 `generic-param` |
//! | [`header`] | header names, the ordered multimap, one file for each typed header | RFC 3261 §7.3, §20 |
//! | [`message`] | requests and responses: build and print | RFC 3261 §7, §8.2.6 |
//! | [`parser`] | text to message, leniently | RFC 3261 §7, RFC 7118 §5 |
//! | [`digest`] | challenge to credentials, and the check of them | RFC 7616, RFC 8760, RFC 3261 §22.4 |
//! | [`token`] | branches, tags, Call-IDs and cnonces from a seed | RFC 3261 §8.1.1, §19.3, RFC 7118 §5 |
//! | [`sdp`] | what the phone reads of a session description | RFC 8866, RFC 8839 |
//! | [`event`] | what goes into the user agent and what comes out | |
//! | [`user_agent`] | the only door: inputs, commands, outputs | RFC 3261 §8.2 |
//! | `transaction/` | one state machine for each of the four kinds of transactions | RFC 3261 §17, RFC 6026 |
//! | `dialog` | who talks with whom, route set, CSeq, target | RFC 3261 §12, RFC 4916 |
//! | `invite/` | sessions: calling, being called, established | RFC 3261 §13–§15, RFC 3891, 3326, 3325 |
//! | `invite/early` | a callee before it has answered: PRACK, UPDATE in an early dialog | RFC 3262 §4, RFC 3311, 6228 |
//! | `invite/reliable` | our provisional responses to who requires to confirm them | RFC 3262 §3 |
//! | `invite/redirection` | where else a call goes | RFC 3261 §8.1.3.4, §21.3 |
//! | `invite/change` | re-INVITE and UPDATE, ours and theirs | RFC 3261 §14, RFC 3311, 6337 |
//! | `invite/refresh`, `session_timer` | a session ends that nobody refreshes | RFC 4028 |
//! | `invite/inside` | INFO, and REFER with its NOTIFYs | RFC 6086, RFC 3515, 3892, 4488 |
//! | [`sipfrag`] | the status line that tells how a referred call goes | RFC 3420 |
//! | [`masked`] | a message to show, without what is secret in it | |
//! | `offer_answer` | who owes an offer or an answer; glare | RFC 3261 §14, RFC 3264 |
//! | `farewell` | dialogs whose BYE is not answered yet | RFC 3261 §15 |
//! | [`left`] | a session that the next user agent of the account goes on with, or ends | RFC 3891 |
//! | `subscription` | subscriptions: states, refresh, begun anew | RFC 6665 §4.1 |
//! | [`message_summary`] | how many voice messages wait | RFC 3842 |
//! | `user_agent/outside` | what others tell outside of calls: NOTIFY, MESSAGE | RFC 6665 §4.1.3, RFC 3428 |
//! | `registration/` | REGISTER: refresh, retry, redirection, un-register | RFC 3261 §10, §8.1.3.4 |
//! | `registration/grant` | what the 200 says: time, GRUU, outbound, the home server's route | RFC 3261 §10.2.4, RFC 5626, 5627, 3608 |
//! | `keep_alive` | whether the flow still carries anything: pings, pongs, round trip, silence | RFC 5626 §3.5.1, §4.4.1, RFC 7118 §6 |
//! | `authentication` | which challenges are met, for each realm; which password is wrong; the next nonce | RFC 3261 §22, RFC 7616 §3.5, RFC 8760 §2.4 |
//! | `endpoint`, `outbox` | what everything is sent with | RFC 3261 §8.1, RFC 7118 §5 |
//!
//! Left out because nothing here needs it: transports other than the websocket (no DNS of RFC 3263, no stream
//! framing), another proxy or service that a 305 or 380 names, extensions other than those of `endpoint`'s `SUPPORTED`
//! (any other that is required gets 420), REFER from the other side (nobody else makes this phone call somebody), S/MIME,
//! multipart bodies, SHA-512/256 digests, and proxies: this is a user agent.
//!
//! What comes from the wire is hostile or at least careless. Reading is lenient and never panics: what cannot be
//! understood is kept as it came and reported. Printing is strict.

mod authentication;
mod dialog;
pub mod digest;
mod endpoint;
pub mod event;
mod farewell;
mod grammar;
pub mod header;
mod invite;
mod keep_alive;
pub mod left;
pub mod masked;
pub mod message;
pub mod message_summary;
pub mod method;
pub mod name_addr;
mod offer_answer;
mod outbox;
pub mod params;
pub mod parser;
mod registration;
pub mod sdp;
mod session_timer;
pub mod sipfrag;
pub mod status;
mod subscription;
pub mod token;
mod transaction;
pub mod uri;
pub mod user_agent;
