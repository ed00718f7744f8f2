//! A browser phone for XiVO and Asterisk.
//!
//! Modules in the order in which they may depend on each other; `ARCHITECTURE.md` has the map, `tests/it/layers.rs`
//! holds the arrows. Without the feature `browser` only the pure core is here: state machines without I/O, clock or
//! randomness of their own.

/// Where memory comes from: a small part of the code of the standard library's, and as fast whatever was asked of it
/// before (TLSF: one list for each class of sizes, found by two bit maps).
#[cfg(all(feature = "browser", target_arch = "wasm32"))]
#[global_allocator]
static MEMORY: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

mod backoff;
pub mod json;
mod queue;
pub mod secret;
pub mod time;

pub mod cti;
pub mod sip;

#[cfg(feature = "browser")]
pub mod browser;
#[cfg(feature = "browser")]
pub mod rtc;

pub mod phone;

pub mod library;

#[cfg(feature = "app")]
pub mod ui;
