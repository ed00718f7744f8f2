//! The stories of the pure core: native, with a virtual clock, no waiting.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod cancel_races;
mod cti_link;
mod cti_messages;
mod defects_calls;
mod defects_life_cycle;
mod hostile;
mod in_dialog;
mod in_dialog_requests;
mod incoming_call;
mod json;
mod layers;
mod other_requests;
mod outgoing_call;
mod phone_calls;
mod phone_conference;
mod phone_debug;
mod phone_dtmf;
mod phone_hold;
mod phone_ice;
mod phone_line;
mod phone_page_cti;
mod phone_random;
mod phone_refer;
mod phone_transfer;
mod phone_two_calls;
mod phone_video;
mod phone_walk;
mod registration;
mod sip_parser;
mod support;
mod torture;
