//! The CTI link to the XUC server: messages and link rules, no socket.
//!
//! | File | What it holds |
//! |---|---|
//! | [`server`] | the server's address and the URLs made of it |
//! | [`link`] | the only door: log in, resume, log out, send; what happened in, what to do out |
//! | [`event`] | what goes in and what comes out |
//! | [`auth`] | the REST questions and what their answers mean |
//! | `session` | one log-in: websocket, losses, token renewals |
//! | `outbox` | what is to be put out, and what outlives a log-in |
//! | `heartbeat` | when a silent server is dead; `crate::backoff` says when it is tried again |
//! | [`message`] | what is said on the CTI websocket, both ways |
//! | [`calls`] | the user's calls as the server tells them |
//!
//! Left out: single sign-on, the contact centre and the directory. Their messages pass as data, their commands as
//! [`message::command::Command::Other`].

pub mod auth;
pub mod calls;
pub mod event;
mod heartbeat;
pub mod link;
pub mod message;
mod outbox;
pub mod server;
mod session;
