//! The bare dav1d: in this process, on all cores, in a tight loop, its pictures dropped at once.

use std::ops::Range;
use std::time::{Duration, Instant};

use anyhow::bail;
use bytes::Bytes;
use reelscope_media::Track;

use super::{coded, config_at};

/// How long one run may take.
const PATIENCE: Duration = Duration::from_secs(300);
/// Bytes before the OBUs in an `AV1CodecConfigurationRecord` (AV1-ISOBMFF §2.3.3).
const RECORD_HEADER: usize = 4;

pub(super) struct Bare;

impl Bare {
    pub(super) fn decode(
        &self,
        track: &Track,
        positions: Range<usize>,
    ) -> anyhow::Result<Duration> {
        let record = &config_at(track, positions.start)?.record;
        let mut header = record.get(RECORD_HEADER..).unwrap_or_default().to_vec();
        let mut settings = dav1d::Settings::new();
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        settings.set_n_threads(u32::try_from(threads).unwrap_or(1));
        settings.set_all_layers(false);
        let begun = Instant::now();
        let mut decoder = dav1d::Decoder::with_settings(&settings)?;
        for coded in coded(track, positions) {
            let bytes = coded?.bytes;
            let bytes = if header.is_empty() {
                bytes
            } else {
                // A second sequence header that is the same does no harm.
                Bytes::from([std::mem::take(&mut header), bytes.to_vec()].concat())
            };
            give(&mut decoder, bytes, begun)?;
        }
        take_rest(&mut decoder);
        Ok(begun.elapsed())
    }
}

/// Gives a sample, and takes the pictures that have to be taken before.
fn give(decoder: &mut dav1d::Decoder, bytes: Bytes, begun: Instant) -> anyhow::Result<()> {
    let mut sent = decoder.send_data(bytes, None, None, None);
    loop {
        // A damaged sample has no picture; the player goes on behind it too.
        let _picture = decoder.get_picture();
        match sent {
            Err(error) if error.is_again() => sent = decoder.send_pending_data(),
            _ => return Ok(()),
        }
        if begun.elapsed() > PATIENCE {
            bail!("dav1d took more than {} s", PATIENCE.as_secs());
        }
    }
}

/// Takes all pictures that are still held: the first call that gives none only announces that we
/// would wait for them.
fn take_rest(decoder: &mut dav1d::Decoder) {
    let mut misses = 0;
    while misses < 2 {
        misses = if decoder.get_picture().is_ok() {
            0
        } else {
            misses + 1
        };
    }
}
