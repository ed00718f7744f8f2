//! The phone: policy of calls, registration and log-in, and the driver that joins it to the browser.
//!
//! [`core::Core`] is the whole phone without a browser; [`driver::Phone`] is the handle that pages hold.

pub mod api;
pub mod call;
mod calls;
pub mod core;
pub mod destination;
pub mod effect;
pub mod event;
pub mod inbox;
mod line;
mod outcome;
pub mod quality;
mod refusal;
mod signalling;

pub use line::problem as line_problem;
pub use refusal::reason as refusal_reason;

#[cfg(feature = "browser")]
pub mod driver;
#[cfg(feature = "browser")]
pub mod media;
#[cfg(feature = "browser")]
pub use driver::Phone;
