//! Browser media: one owner for each browser object, released when it is dropped.
//!
//! Session descriptions come in and go out as text; what carries them is not known here.

pub mod audio_output;
pub mod device_watch;
pub mod devices;
pub mod gathering;
pub mod ice;
pub mod mixer;
pub mod peer;
pub mod picture;
pub mod ringer;
pub mod sink;
pub mod stats;
pub mod tone;
mod turns;
