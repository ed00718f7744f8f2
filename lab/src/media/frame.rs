//! A piece of media on its way from one leg to another.

use std::sync::Arc;

use str0m::format::{CodecExtra, PayloadParams};
use str0m::media::{MediaData, MediaKind, MediaTime, TelephoneEvent};
use tokio::time::Instant;

/// A piece of media on its way from one leg to another.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) params: PayloadParams,
    pub(super) received_at: Instant,
    pub(super) time: MediaTime,
    pub(super) data: Arc<[u8]>,
    pub(super) digit: Option<TelephoneEvent>,
}

impl Frame {
    pub(super) fn of(media: MediaData) -> Self {
        let digit = match media.codec_extra {
            CodecExtra::Tele(event) => Some(event),
            _ => None,
        };
        Self {
            params: media.params,
            received_at: Instant::from_std(media.network_time),
            time: media.time,
            data: media.data,
            digit,
        }
    }

    pub(super) fn kind(&self) -> MediaKind {
        self.params.spec().codec.kind()
    }
}
