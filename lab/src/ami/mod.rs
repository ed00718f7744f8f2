//! The manager interface of Asterisk (AMI): lines of text over TCP, by which a CTI server drives calls.
//!
//! | File | What it holds |
//! | --- | --- |
//! | `message` | what Asterisk says: events, and responses to actions |
//! | `parser` | its bytes made into messages, without any I/O |
//! | `action` | what it is asked to do |
//! | `link` | the connection: log-in, losses, coming back |

mod action;
mod link;
mod message;
mod parser;

use xc_webrtc::secret::Secret;

pub use action::Action;
pub use link::{Notice, serve};
pub use message::Message;
pub use parser::{Parser, TooLong};

/// Where the manager interface is, and who we are there (`manager.conf`).
#[derive(Clone, Debug)]
pub struct Config {
    /// `HOST:PORT`; the port is 5038 unless it was changed.
    pub address: String,
    /// The name of the section.
    pub user: String,
    /// Its secret.
    pub secret: Secret,
}
