//! The sans-IO SIP user agent (RFC 3261 over RFC 7118): no browser, no async, no clock.
//!
//! | File | Idea | Source |
//! | --- | --- | --- |
//! | [`method`] | request methods | RFC 3261 §7.1, 3262, 3311, 3428, 3515, 3903, 6086, 6665 |
//! | [`status`] | status codes, classes, reason phrases | RFC 3261 §21 and the IANA registry |
//! | [`uri`] | SIP URIs: read, print, compare | RFC 3261 §19.1, RFC 3966 for `tel:` |
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
//! | `dialog` | who talks with whom, route set, CSeq, target | RFC 3261 §12 |
//! | `invite/` | sessions: calling, being called, established | RFC 3261 §13–§15, RFC 3311, 3891 |
//! | `invite/inside` | INFO, and REFER with its NOTIFYs | RFC 6086, RFC 3515 |
//! | [`sipfrag`] | the status line that tells how a referred call goes | RFC 3420 |
//! | [`masked`] | a message to show, without what is secret in it | |
//! | `offer_answer` | who owes an offer or an answer; glare | RFC 3261 §14, RFC 3264 |
//! | `farewell` | dialogs whose BYE is not answered yet | RFC 3261 §15 |
//! | `registration` | REGISTER: refresh, retry, un-register | RFC 3261 §10 |
//! | `authentication` | which challenge is met, which password is wrong | RFC 3261 §22 |
//! | `endpoint`, `outbox` | what everything is sent with | RFC 3261 §8.1, RFC 7118 §5 |
//!
//! Left out because nothing here needs it: transports other than the websocket (no DNS of RFC 3263, no stream
//! framing), redirection (3xx is a refusal), extensions other than `replaces` (any other that is required gets 420), S/MIME,
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
pub mod masked;
pub mod message;
pub mod method;
pub mod name_addr;
mod offer_answer;
mod outbox;
pub mod params;
pub mod parser;
mod registration;
pub mod sdp;
pub mod sipfrag;
pub mod status;
pub mod token;
mod transaction;
pub mod uri;
pub mod user_agent;
