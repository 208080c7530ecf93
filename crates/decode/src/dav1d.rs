//! AV1 by dav1d (its port to Rust). Planes are handed on where the decoder wrote them.

use std::collections::VecDeque;

use bytes::Bytes;
use dav1d::{PixelLayout, PlanarImageComponent};
use reelscope_media::codec::Inspector;
use reelscope_media::{
    Chroma, Codec, CodecConfig, ColorInfo, Frame, Layout, Matrix, PixelFormat, Plane, Primaries,
    SampleId, Transfer,
};

use crate::limits::{MAX_PIXELS, check_size};
use crate::{
    DecodeEnv, DecodeError, Decoder, DecoderEntry, EncodedSample, FrameSender, Pushed, Role,
};

pub(crate) const ENTRY: DecoderEntry = DecoderEntry {
    name: NAME,
    accepts: |codec| codec == Codec::Av1,
    open,
};

const NAME: &str = "dav1d";
/// Threads that dav1d makes use of.
const MAX_THREADS: usize = 32;
/// Pictures that are worked on at once, at most: more cost memory and delay, and gain little.
const MAX_FRAME_DELAY: usize = 8;
/// Samples remembered to name their pictures. Far above what the decoder holds back.
const REMEMBERED: usize = 128;
/// Bytes before the OBUs in an `AV1CodecConfigurationRecord` (AV1-ISOBMFF §2.3.3).
const RECORD_HEADER: usize = 4;
/// obu_type of a sequence header (AV1 specification §6.2.2).
const OBU_SEQUENCE_HEADER: u8 = 1;

struct Dav1d {
    decoder: dav1d::Decoder,
    /// True if it works on several pictures at once, and so gives them later.
    delays: bool,
    inspector: Option<Box<dyn Inspector>>,
    /// Sequence header from the configuration record.
    header: Bytes,
    /// True until a sequence header was given.
    needs_header: bool,
    frames: FrameSender,
    /// The samples given last, oldest first; timestamps are their numbers, from `first`.
    given: VecDeque<Given>,
    first: i64,
}

/// What is to be known of a sample when its picture comes.
#[derive(Clone, Copy)]
struct Given {
    generation: u64,
    sample: SampleId,
    color: ColorInfo,
}

fn open(
    config: &CodecConfig,
    env: &DecodeEnv,
    frames: FrameSender,
) -> Result<Box<dyn Decoder>, DecodeError> {
    let threads = env.threads.clamp(1, MAX_THREADS);
    // As many pictures at once as dav1d itself finds best: the root of the threads.
    let delay = match env.role {
        Role::Live => 1,
        Role::Seek | Role::Idle => (1..=MAX_FRAME_DELAY)
            .find(|n| n * n >= threads)
            .unwrap_or(MAX_FRAME_DELAY),
    };
    let mut settings = dav1d::Settings::new();
    settings.set_n_threads(u32::try_from(threads).unwrap_or(1));
    settings.set_max_frame_delay(u32::try_from(delay).unwrap_or(1));
    settings.set_apply_grain(true);
    settings.set_operating_point(0);
    // Of several spatial layers only the highest one is a picture to show.
    settings.set_all_layers(false);
    settings.set_frame_size_limit(MAX_PIXELS);
    let decoder =
        dav1d::Decoder::with_settings(&settings).map_err(|error| DecodeError::Stopped {
            engine: NAME,
            reason: error.to_string(),
        })?;
    let header = config.record.get(RECORD_HEADER..).unwrap_or_default();
    Ok(Box::new(Dav1d {
        decoder,
        delays: delay > 1,
        inspector: Codec::Av1.entry().map(|entry| (entry.inspector)(config)),
        header: if has_sequence_header(header) {
            config.record.slice(RECORD_HEADER..)
        } else {
            Bytes::new()
        },
        needs_header: true,
        frames,
        given: VecDeque::new(),
        first: 0,
    }))
}

impl Decoder for Dav1d {
    fn push(&mut self, sample: EncodedSample) -> Result<Pushed, DecodeError> {
        if sample.bytes.is_empty() {
            return Err(damaged("it is empty"));
        }
        // Damage shows in decoding.
        let inspected = self
            .inspector
            .as_mut()
            .and_then(|inspector| inspector.inspect(&sample.bytes).ok());
        if sample.optional && inspected.is_some_and(|facts| facts.droppable) {
            return Ok(Pushed::LeftOut);
        }
        let facts = self
            .inspector
            .as_ref()
            .and_then(|inspector| inspector.facts());
        if let Some(facts) = facts {
            check_size(facts.width, facts.height)?;
        }
        let color = facts.map(|facts| facts.color).unwrap_or_default();
        let timestamp = self.remember(Given {
            generation: self.frames.generation(),
            sample: sample.id,
            color,
        });
        let bytes = self.with_header(sample.bytes);
        let mut sent = self.decoder.send_data(bytes, None, Some(timestamp), None);
        let mut result = Ok(());
        loop {
            let waits = match sent {
                Ok(()) => false,
                Err(error) if error.is_again() => true,
                Err(error) => return Err(damaged(&error.to_string())),
            };
            // A second call in a row would make it wait for the pictures in work: only where there
            // are none, or where it takes nothing more before.
            let came = self.take_picture().unwrap_or_else(|error| {
                result = Err(error);
                true
            });
            match (waits, came) {
                (true, _) => sent = self.decoder.send_pending_data(),
                (false, true) if !self.delays => sent = Ok(()),
                (false, _) => return result.map(|()| Pushed::Given),
            }
        }
    }

    fn flush(&mut self) -> Result<(), DecodeError> {
        self.drain()?;
        self.reset();
        Ok(())
    }

    fn reset(&mut self) {
        self.decoder.flush();
        self.needs_header = true;
        self.first += i64::try_from(self.given.len()).unwrap_or_default();
        self.given.clear();
    }

    fn idle(&mut self) -> Result<(), DecodeError> {
        self.drain()
    }

    fn describe(&self) -> String {
        NAME.to_owned()
    }
}

impl Dav1d {
    fn remember(&mut self, given: Given) -> i64 {
        if self.given.len() >= REMEMBERED {
            self.given.pop_front();
            self.first += 1;
        }
        self.given.push_back(given);
        self.first + i64::try_from(self.given.len()).unwrap_or_default() - 1
    }

    /// The sample, behind the sequence header of the configuration record if it starts the stream
    /// and has none of its own.
    fn with_header(&mut self, sample: Bytes) -> Bytes {
        if !self.needs_header {
            return sample;
        }
        if has_sequence_header(&sample) {
            self.needs_header = false;
            return sample;
        }
        if self.header.is_empty() {
            return sample;
        }
        self.needs_header = false;
        [self.header.as_ref(), sample.as_ref()].concat().into()
    }

    /// Sends every picture that is still held.
    fn drain(&mut self) -> Result<(), DecodeError> {
        let mut result = Ok(());
        let mut misses = 0;
        // With pictures in work, the first call only announces that we would wait for them.
        while misses < 2 {
            match self.take_picture() {
                Ok(true) => misses = 0,
                Ok(false) => misses += 1,
                Err(error) => {
                    result = Err(error);
                    misses += 1;
                }
            }
        }
        result
    }

    /// Sends the next picture. False if there is none yet.
    fn take_picture(&mut self) -> Result<bool, DecodeError> {
        let picture = match self.decoder.get_picture() {
            Ok(picture) => picture,
            Err(error) if error.is_again() => return Ok(false),
            Err(error) => return Err(damaged(&error.to_string())),
        };
        let Some(given) = self.given_for(&picture) else {
            return Ok(true);
        };
        let frame = frame(&picture, given.color)?;
        self.frames.send(given.generation, given.sample, frame);
        Ok(true)
    }

    fn given_for(&self, picture: &dav1d::Picture) -> Option<Given> {
        let place = picture.timestamp()?.checked_sub(self.first)?;
        self.given.get(usize::try_from(place).ok()?).copied()
    }
}

fn damaged(reason: &str) -> DecodeError {
    DecodeError::Damaged {
        engine: NAME,
        reason: reason.to_owned(),
    }
}

fn frame(picture: &dav1d::Picture, color: ColorInfo) -> Result<Frame, DecodeError> {
    let (width, height) = (picture.width(), picture.height());
    check_size(width, height)?;
    let chroma = match picture.pixel_layout() {
        PixelLayout::I400 => Chroma::Mono,
        PixelLayout::I420 => Chroma::Yuv420,
        PixelLayout::I422 => Chroma::Yuv422,
        PixelLayout::I444 => Chroma::Yuv444,
    };
    let depth = u8::try_from(picture.bit_depth()).unwrap_or(8);
    let mut format = PixelFormat::planar(chroma, depth);
    if chroma == Chroma::Yuv444 && is_srgb(&color) {
        // The identity matrix has G, B and R in place of Y, Cb and Cr (H.273 §8.3).
        format.layout = Layout::Gbr;
    }
    let components = [
        PlanarImageComponent::Y,
        PlanarImageComponent::U,
        PlanarImageComponent::V,
    ];
    let planes = components
        .into_iter()
        .take(format.plane_count())
        .map(|component| Plane {
            stride: picture.stride(component) as usize,
            data: Bytes::from_owner(picture.plane(component)),
        })
        .collect();
    Frame::new(format, width, height, planes, color).map_err(|error| damaged(&error.to_string()))
}

/// True for pictures that FFmpeg too takes for RGB: sRGB in all three respects.
fn is_srgb(color: &ColorInfo) -> bool {
    color.matrix == Matrix::IDENTITY
        && color.primaries == Primaries::BT709
        && color.transfer == Transfer::SRGB
}

/// True if one of these OBUs (AV1 specification §5.3) is a sequence header.
fn has_sequence_header(mut obus: &[u8]) -> bool {
    while let Some((header, rest)) = obus.split_first() {
        if (header >> 3) & 0xf == OBU_SEQUENCE_HEADER {
            return true;
        }
        let has_extension = header & 4 != 0;
        let has_size = header & 2 != 0;
        if !has_size {
            return false;
        }
        let rest = rest.get(usize::from(has_extension)..).unwrap_or_default();
        let Some((size, length)) = leb128(rest) else {
            return false;
        };
        let end = usize::try_from(size)
            .ok()
            .and_then(|size| size.checked_add(length));
        obus = end.and_then(|end| rest.get(end..)).unwrap_or_default();
    }
    false
}

/// A number in the leb128 form (AV1 specification §4.10.5) and how many bytes it takes.
fn leb128(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut value = 0;
    for (place, byte) in bytes.iter().take(8).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            return Some((value, place + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sequence_header_is_found_behind_a_temporal_delimiter() {
        // temporal_delimiter (type 2, size 0), then sequence_header (type 1).
        assert!(has_sequence_header(&[0x12, 0x00, 0x0a, 0x01, 0x00]));
        // temporal_delimiter, then a frame (type 6) of one byte.
        assert!(!has_sequence_header(&[0x12, 0x00, 0x32, 0x01, 0x0a]));
    }

    #[test]
    fn obus_that_claim_more_than_there_is_end_the_search() {
        assert!(!has_sequence_header(&[
            0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff
        ]));
        assert!(!has_sequence_header(&[0x32, 0x7f, 0x0a]));
    }
}
