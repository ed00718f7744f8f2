//! The phone: policy of calls, registration and log-in, and the driver that joins it to the browser.

pub mod api;
pub mod call;
pub mod destination;
pub mod event;
