//! What has to be put before a sample of H.264 or H.265 so that a decoder can start at it, and
//! samples whose framing FFmpeg would not understand.

use std::borrow::Cow;
use std::collections::VecDeque;

use bytes::Bytes;
use reelscope_media::codec::nal_units;
use reelscope_media::{Codec, CodecConfig, Framing};

/// Parameter sets that are remembered: more than streams have, fewer than could do harm.
const REMEMBERED: usize = 64;
/// Bytes of a parameter set that is still remembered.
const LONGEST: usize = 16 << 10;
/// An H.265 end-of-sequence NAL unit (ITU-T H.265 §7.3.2.6): type 36, layer 0, temporal id 0.
const END_OF_SEQUENCE: [u8; 2] = [36 << 1, 1];

/// Parameter sets that came inside of samples, in the order in which they came last.
pub(super) struct ParameterSets {
    codec: Codec,
    framing: Framing,
    /// How FFmpeg is given samples.
    given_framing: Framing,
    /// True if the configuration record has none, so that a new decoder needs them from here.
    missing_in_record: bool,
    sets: VecDeque<Bytes>,
}

/// What a sample brings along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Brings {
    /// A sequence parameter set.
    pub(super) sequence: bool,
    /// Parameter sets of any kind.
    pub(super) sets: bool,
}

impl ParameterSets {
    pub(super) fn new(config: &CodecConfig) -> Self {
        Self {
            codec: config.codec,
            framing: config.framing,
            given_framing: given_framing(config),
            missing_in_record: config.framing == Framing::AnnexB || config.record.is_empty(),
            sets: VecDeque::new(),
        }
    }

    /// Remembers the parameter sets of a sample.
    pub(super) fn note(&mut self, sample: &Bytes) -> Brings {
        let mut brings = Brings {
            sequence: false,
            sets: false,
        };
        for nal in nal_units(sample, self.framing) {
            let Some(kind) = self.kind(nal.bytes) else {
                continue;
            };
            brings.sequence |= kind == Kind::Sequence;
            brings.sets = true;
            if nal.bytes.len() > LONGEST {
                continue;
            }
            self.sets.retain(|set| set != nal.bytes);
            if self.sets.len() >= REMEMBERED {
                self.sets.pop_front();
            }
            // A copy: the sample itself must not be kept alive for it.
            self.sets.push_back(Bytes::copy_from_slice(nal.bytes));
        }
        brings
    }

    /// True if samples have brought parameter sets that may contradict the record's.
    pub(super) fn override_record(&self) -> bool {
        !self.missing_in_record && !self.sets.is_empty()
    }

    /// What a new decoder needs before a sample that brings no parameter sets.
    pub(super) fn prefix(&self) -> Vec<u8> {
        let mut prefix = Vec::new();
        if self.missing_in_record {
            for set in &self.sets {
                append(&mut prefix, self.given_framing, set);
            }
        }
        prefix
    }

    fn kind(&self, nal: &[u8]) -> Option<Kind> {
        let first = nal.first()?;
        match (self.codec, first & 0x1f, (first >> 1) & 0x3f) {
            (Codec::H264, 7, _) | (Codec::H265, _, 33) => Some(Kind::Sequence),
            (Codec::H264, 8 | 13 | 15, _) | (Codec::H265, _, 32 | 34) => Some(Kind::Other),
            _ => None,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Sequence,
    Other,
}

/// An H.265 end of sequence in a stream's framing. What follows it starts anew: pictures that refer
/// to others before are left out (H.265 §8.1.3).
pub(super) fn end_of_sequence(framing: Framing) -> Vec<u8> {
    let mut out = Vec::new();
    append(&mut out, framing, &END_OF_SEQUENCE);
    out
}

/// How samples are framed that FFmpeg is given: lengths only where a record announces them.
pub(super) fn given_framing(config: &CodecConfig) -> Framing {
    match config.framing {
        Framing::Lengths(_) if config.record.is_empty() => Framing::AnnexB,
        framing => framing,
    }
}

/// The sample as FFmpeg will understand it. Lengths need a configuration record that announces
/// them: where there is none, start codes take their place.
pub(super) fn understood<'a>(config: &CodecConfig, sample: &'a [u8]) -> Cow<'a, [u8]> {
    if !matches!(config.framing, Framing::Lengths(_)) || !config.record.is_empty() {
        return Cow::Borrowed(sample);
    }
    let mut out = Vec::with_capacity(sample.len() + 16);
    for nal in nal_units(sample, config.framing) {
        append(&mut out, Framing::AnnexB, nal.bytes);
    }
    Cow::Owned(out)
}

fn append(out: &mut Vec<u8>, framing: Framing, nal: &[u8]) {
    match framing {
        Framing::Whole => {}
        Framing::AnnexB => out.extend_from_slice(&[0, 0, 0, 1]),
        Framing::Lengths(bytes) => {
            let length = (nal.len() as u64).to_be_bytes();
            let skipped = length.len() - usize::from(bytes).min(length.len());
            out.extend(length.iter().skip(skipped));
        }
    }
    out.extend_from_slice(nal);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn annex_b(codec: Codec) -> CodecConfig {
        CodecConfig {
            codec,
            framing: Framing::AnnexB,
            record: Bytes::new(),
        }
    }

    #[test]
    fn parameter_sets_are_given_again_in_the_order_in_which_they_came_last() {
        let mut sets = ParameterSets::new(&annex_b(Codec::H264));
        let first = Bytes::from_static(b"\0\0\0\x01\x67aa\0\0\x01\x68b\0\0\x01\x65slice");
        let second = Bytes::from_static(b"\0\0\0\x01\x67cc\0\0\x01\x67aa\0\0\x01\x41slice");
        assert!(sets.note(&first).sequence);
        assert!(sets.note(&second).sequence);
        assert_eq!(
            sets.prefix(),
            b"\0\0\0\x01\x68b\0\0\0\x01\x67cc\0\0\0\x01\x67aa"
        );
    }

    #[test]
    fn an_end_of_sequence_takes_the_framing_of_its_stream() {
        assert_eq!(end_of_sequence(Framing::AnnexB), [0, 0, 0, 1, 0x48, 1]);
        assert_eq!(end_of_sequence(Framing::Lengths(4)), [0, 0, 0, 2, 0x48, 1]);
        assert_eq!(end_of_sequence(Framing::Lengths(2)), [0, 2, 0x48, 1]);
    }

    #[test]
    fn lengths_without_a_record_become_start_codes() {
        let config = CodecConfig {
            codec: Codec::H264,
            framing: Framing::Lengths(4),
            record: Bytes::new(),
        };
        let sample = understood(&config, b"\0\0\0\x02\x65a\0\0\0\x01\x41");
        assert_eq!(sample.as_ref(), b"\0\0\0\x01\x65a\0\0\0\x01\x41");
    }
}
