//! The CTI link to the XUC server: messages and link rules, no socket.
//!
//! | File | What it holds |
//! |---|---|
//! | [`server`] | the server's address and the URLs made of it |
//! | [`message`] | what is said on the CTI websocket, both ways |

pub mod message;
pub mod server;
