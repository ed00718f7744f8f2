//! The stories of the pure core: native, with a virtual clock, no waiting.

mod cti_link;
mod cti_messages;
mod sip_parser;
