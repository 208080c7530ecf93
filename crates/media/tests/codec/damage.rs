//! Damaged samples and records: an error, or facts that may be wrong; never a panic.

use bytes::Bytes;
use reelscope_media::codec::{AccessUnitSplitter, CODECS, record_nals};
use reelscope_media::{Codec, CodecConfig, Framing};

use crate::stream::Stream;
use crate::streams::{AV1, INTERLACED_H264, OPEN_GOP_H264, OPEN_GOP_H265, VP8, VP9};

/// Numbers that look random and are the same in every run (xorshift64).
pub(crate) struct Noise(pub(crate) u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    fn bytes(&mut self, len: usize) -> Vec<u8> {
        (0..len).map(|_| self.next() as u8).collect()
    }
}

/// Feeds a stream with flipped bits and cut ends to a splitter and an inspector.
pub(crate) fn damage(stream: &Stream, noise: &mut Noise) {
    let mut inspector = stream.inspector();
    let mut splitter = AccessUnitSplitter::new(stream.codec);
    for unit in &stream.units {
        let mut unit = unit.clone();
        for _ in 0..noise.below(4) {
            // Headers are where it matters, so they are hit more often.
            let reach = if noise.below(2) == 0 {
                unit.len().min(64)
            } else {
                unit.len()
            };
            if let Some(byte) = unit.get_mut(noise.below(reach)) {
                *byte ^= 1 << noise.below(8);
            }
        }
        if noise.below(4) == 0 {
            unit.truncate(noise.below(unit.len()));
        }
        if let Some(splitter) = &mut splitter {
            splitter.starts(unit.get(3..).unwrap_or_default());
        }
        let _ = inspector.inspect(&unit);
        inspector.codec_string("name");
    }
}

fn small_streams() -> [Stream; 6] {
    [
        Stream::annex_b(Codec::H264, OPEN_GOP_H264),
        Stream::annex_b(Codec::H264, INTERLACED_H264),
        Stream::annex_b(Codec::H265, OPEN_GOP_H265),
        Stream::ivf(AV1),
        Stream::ivf(VP8),
        Stream::ivf(VP9),
    ]
}

#[test]
fn flipped_bits_and_cut_ends_do_no_harm() {
    let mut noise = Noise(0x9e37_79b9_7f4a_7c15);
    for stream in small_streams() {
        for _ in 0..400 {
            damage(&stream, &mut noise);
        }
    }
}

#[test]
fn every_prefix_of_a_first_access_unit_can_be_inspected() {
    for stream in small_streams() {
        let unit = &stream.units[0];
        for end in 0..unit.len() {
            let mut inspector = stream.inspector();
            let _ = inspector.inspect(&unit[..end]);
            let _ = inspector.inspect(&stream.units[1]);
        }
    }
}

#[test]
fn noise_is_no_sample_and_no_record_but_does_no_harm() {
    let mut noise = Noise(0x0123_4567_89ab_cdef);
    for round in 0..2_000 {
        let len = noise.below(200);
        let record = Bytes::from(noise.bytes(len));
        for entry in CODECS {
            record_nals(entry.codec, &record);
            let framing = match entry.codec {
                Codec::H264 | Codec::H265 if round % 2 == 0 => Framing::AnnexB,
                Codec::H264 | Codec::H265 => Framing::Lengths(1 + round as u8 % 4),
                _ => Framing::Whole,
            };
            let record = record.clone();
            let config = CodecConfig {
                codec: entry.codec,
                framing,
                record,
            };
            let mut inspector = (entry.inspector)(&config);
            let len = noise.below(300);
            let _ = inspector.inspect(&noise.bytes(len));
            inspector.codec_string("name");
        }
    }
}
