//! The sans-IO SIP user agent (RFC 3261 over RFC 7118): no browser, no async, no clock.
