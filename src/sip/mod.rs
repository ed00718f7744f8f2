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
//!
//! Left out because nothing here needs it: transports other than the websocket (no DNS of RFC 3263, no stream
//! framing), S/MIME, multipart bodies, SHA-512/256 digests, and proxies: this is a user agent.
//!
//! What comes from the wire is hostile or at least careless. Reading is lenient and never panics: what cannot be
//! understood is kept as it came and reported. Printing is strict.

pub mod digest;
pub mod event;
mod grammar;
pub mod header;
pub mod message;
pub mod method;
pub mod name_addr;
pub mod params;
pub mod parser;
pub mod sdp;
pub mod status;
pub mod token;
pub mod uri;
