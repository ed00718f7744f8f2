//! The library for other people's pages: the phone behind the API that integrators of XiVO know.
//!
//! | File | What it holds |
//! |---|---|
//! | [`stack`] | the life cycle: what `init`, `stop`, a line and ICE servers lead to, and what `getSipStackStatus` says |
//! | `door` | the few functions that `xc_webrtc.js` calls |
//! | `order` | the API's names of what can be asked of calls |
//! | `shown` | calls as the API shows them |
//! | `own_cti` | the CTI link of pages that bring none |
//! | `js/` | `xc_webrtc.js` itself: names, argument defaults, handlers, what waits for the program to be loaded |
//!
//! State and policy are here and in `phone`; the JavaScript holds names and defaults.

pub mod shown;
pub mod stack;

#[cfg(feature = "library")]
mod door;
#[cfg(feature = "library")]
mod order;
#[cfg(feature = "library")]
mod own_cti;
