//! What is sent: raw pictures that cannot be compressed, raw pictures that can, and many small
//! samples.

use anyhow::Context;
use reelscope_wire::{
    Chunk, ChunkBuilder, Column, ImageFormat, PackedChunk, StoreId, TimeKind, component,
};

use crate::bench::random::Random;

/// Size of the raw pictures.
const SIZE: (u32, u32) = (1920, 1080);
/// Bytes of a small sample.
const SAMPLE_BYTES: std::ops::Range<usize> = 1_024..4_096;
/// The codec number of VP8.
const VP8: u32 = u32::from_be_bytes(*b"vp08");
/// Numbers of the colour model RGB and of bytes as its values.
const RGB: u8 = 2;
const U8: u8 = 6;

/// A kind of load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Load {
    /// 1080p RGB pictures of noise.
    Noise,
    /// 1080p RGB pictures of a moving pattern.
    Pattern,
    /// 100 000 samples of 1 to 4 KiB, as of a video stream.
    Samples,
}

impl Load {
    pub(super) const ALL: [Self; 3] = [Self::Noise, Self::Pattern, Self::Samples];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Noise => "noise 1080p RGB",
            Self::Pattern => "pattern 1080p RGB",
            Self::Samples => "100 000 samples of 1-4 KiB",
        }
    }

    /// Messages that are sent once at least. More of them are the same ones in another recording.
    fn count(self) -> u32 {
        match self {
            Self::Noise => 48,
            Self::Pattern => 100,
            Self::Samples => 100_000,
        }
    }

    /// Messages per second when the latency is measured.
    pub(super) fn pace(self) -> u32 {
        match self {
            Self::Noise | Self::Pattern => 30,
            Self::Samples => 500,
        }
    }

    /// The messages, ready to be sent.
    pub(super) fn chunks(self) -> anyhow::Result<Vec<PackedChunk>> {
        let id = StoreId::recording("bench", "prepared");
        let mut random = Random::new(1);
        let chunks = (0..self.count()).map(|number| {
            let chunk = self.chunk(number, &mut random)?;
            Ok(PackedChunk::new(&id, &chunk)?)
        });
        chunks.collect()
    }

    /// What says how the samples are to be read, if they are samples.
    pub(super) fn head(self) -> anyhow::Result<Option<Chunk>> {
        if self != Self::Samples {
            return Ok(None);
        }
        let codec = Column::new(component::VIDEO_STREAM_CODEC, [VP8]);
        Ok(Some(ChunkBuilder::new("/camera").column(codec).build()?))
    }

    /// One message.
    pub(super) fn chunk(self, number: u32, random: &mut Random) -> anyhow::Result<Chunk> {
        let builder = ChunkBuilder::new("/camera").times(
            "frame",
            TimeKind::Sequence,
            vec![i64::from(number)],
        );
        let builder = match self {
            Self::Noise | Self::Pattern => {
                let format = ImageFormat {
                    width: SIZE.0,
                    height: SIZE.1,
                    pixel_format: None,
                    color_model: Some(RGB),
                    channel_datatype: Some(U8),
                };
                let pixels = self.pixels(number, random);
                builder
                    .column(Column::new(component::IMAGE_FORMAT, [format]))
                    .column(Column::new(component::IMAGE_BUFFER, [pixels.as_slice()]))
            }
            Self::Samples => {
                let sample = sample(number, random);
                let samples = [sample.as_slice()];
                builder.column(Column::new(component::VIDEO_STREAM_SAMPLE, samples))
            }
        };
        builder.build().context("a message could not be made")
    }

    fn pixels(self, number: u32, random: &mut Random) -> Vec<u8> {
        let bytes = SIZE.0 as usize * SIZE.1 as usize * 3;
        if self == Self::Noise {
            return noise(bytes, random);
        }
        // Stripes that move, and a mark in each row: as compressible as drawings are.
        let row = SIZE.0 as usize * 3;
        let shift = number as usize * 8;
        let stripes: Vec<u8> = (0..row).map(|at| ((at + shift) / 64 * 32) as u8).collect();
        let mut pixels = Vec::with_capacity(bytes);
        for y in 0..SIZE.1 {
            pixels.extend_from_slice(&(y * 8).to_le_bytes());
            pixels.extend_from_slice(stripes.get(4..).unwrap_or_default());
        }
        pixels
    }
}

fn noise(bytes: usize, random: &mut Random) -> Vec<u8> {
    let mut noise = vec![0; bytes];
    for word in noise.chunks_mut(8) {
        let bits = random.next().to_le_bytes();
        word.copy_from_slice(bits.get(..word.len()).unwrap_or_default());
    }
    noise
}

/// A VP8 frame in its outer form (RFC 6386 §9.1), then noise.
fn sample(number: u32, random: &mut Random) -> Vec<u8> {
    const GOP: u32 = 30;
    /// A keyframe of 320 × 240 pixels that is shown.
    const KEY: [u8; 10] = [0x10, 2, 0, 0x9d, 1, 0x2a, 0x40, 1, 0xf0, 0];
    /// A frame that refers to others and is shown.
    const INTER: [u8; 3] = [0x11, 2, 0];
    let span = SAMPLE_BYTES.end - SAMPLE_BYTES.start;
    let length = SAMPLE_BYTES.start + (random.next() as usize) % span;
    let mut sample = if number.is_multiple_of(GOP) {
        KEY.to_vec()
    } else {
        INTER.to_vec()
    };
    sample.extend(noise(length, random));
    sample
}
