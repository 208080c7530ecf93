//! Taking raw streams apart into access units, as simply as can be.

use bytes::Bytes;
use reelscope_media::codec::{AccessUnitSplitter, Inspector, SampleFacts, nal_units};
use reelscope_media::{Codec, CodecConfig, Framing};

/// A raw stream in memory.
pub(crate) struct Stream {
    pub(crate) codec: Codec,
    pub(crate) framing: Framing,
    /// Access units in decode order.
    pub(crate) units: Vec<Vec<u8>>,
}

impl Stream {
    /// An Annex B byte stream.
    pub(crate) fn annex_b(codec: Codec, bytes: &[u8]) -> Self {
        let mut splitter = AccessUnitSplitter::new(codec).unwrap();
        let mut units: Vec<Vec<u8>> = Vec::new();
        for nal in nal_units(bytes, Framing::AnnexB) {
            // What the splitter is promised to be enough.
            let is_slice = match codec {
                Codec::H264 => matches!(nal.bytes[0] & 31, 1..=5),
                _ => nal.bytes[0] >> 1 & 63 < 32,
            };
            let cut = if is_slice {
                nal.bytes.len().min(256)
            } else {
                nal.bytes.len()
            };
            if splitter.starts(&nal.bytes[..cut]) {
                units.push(Vec::new());
            }
            let unit = units
                .last_mut()
                .expect("the first NAL unit starts an access unit");
            unit.extend([0, 0, 1]);
            unit.extend(nal.bytes);
        }
        Self {
            codec,
            framing: Framing::AnnexB,
            units,
        }
    }

    /// An IVF file: a header of 32 bytes; frames behind their length and an 8-byte time.
    pub(crate) fn ivf(bytes: &[u8]) -> Self {
        let codec = match &bytes[8..12] {
            b"AV01" => Codec::Av1,
            b"VP90" => Codec::Vp9,
            b"VP80" => Codec::Vp8,
            other => panic!("fourcc {other:?}"),
        };
        let mut units = Vec::new();
        let mut rest = &bytes[32..];
        while rest.len() >= 12 {
            let len = u32::from_le_bytes(rest[..4].try_into().unwrap()) as usize;
            let end = (12 + len).min(rest.len());
            units.push(rest[12..end].to_vec());
            rest = &rest[end..];
        }
        Self {
            codec,
            framing: Framing::Whole,
            units,
        }
    }

    /// An inspector of it that has seen nothing yet.
    pub(crate) fn inspector(&self) -> Box<dyn Inspector> {
        let Self { codec, framing, .. } = *self;
        (codec.entry().unwrap().inspector)(&CodecConfig {
            codec,
            framing,
            record: Bytes::new(),
        })
    }
}

/// Positions of samples in the order in which they are shown.
pub(crate) fn presentation_order(samples: &[Option<SampleFacts>]) -> Vec<usize> {
    let mut epoch = 0;
    let mut shown = Vec::new();
    for (position, facts) in samples.iter().enumerate() {
        let Some(facts) = facts else { continue };
        epoch += usize::from(facts.restarts_order);
        if facts.shown {
            shown.push((epoch, facts.order.unwrap_or(position as i64), position));
        }
    }
    shown.sort_unstable();
    shown.into_iter().map(|(_, _, position)| position).collect()
}
