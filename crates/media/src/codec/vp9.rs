//! VP9: what its frame headers and the configuration record say.

mod header;
mod superframe;
#[cfg(test)]
mod tests;

use super::{
    Codec, CodecConfig, CodecEntry, InspectError, Inspector, PictureType, SampleFacts, StreamFacts,
    SyncKind,
};
use crate::codec::vui::full_range;
use crate::{
    Chroma, ChromaSite, ColorInfo, Layout, Matrix, PixelFormat, Primaries, Range, Transfer,
};
use header::{FrameHeader, References};

pub(super) use superframe::frames;

pub(super) const ENTRY: CodecEntry = CodecEntry {
    codec: Codec::Vp9,
    name: "vp9",
    title: "VP9",
    intra_only: false,
    inspector: |config| Box::new(Vp9::new(config)),
};

struct Vp9 {
    record: Option<Record>,
    references: References,
    facts: Option<StreamFacts>,
    profile: u8,
}

/// `VPCodecConfigurationRecord` (VP Codec ISO Media File Format Binding).
#[derive(Clone, Copy, Debug)]
struct Record {
    profile: u8,
    /// Ten times the level.
    level: u8,
    depth: u8,
    chroma_subsampling: u8,
    color: ColorInfo,
}

impl Record {
    fn read(record: &[u8]) -> Option<Self> {
        let [_, _, _, _, profile, level, format, primaries, transfer, matrix, ..] = record else {
            return None;
        };
        let chroma_subsampling = format >> 1 & 7;
        let color = ColorInfo {
            range: full_range(format & 1 == 1),
            matrix: Matrix(*matrix),
            primaries: Primaries(*primaries),
            transfer: Transfer(*transfer),
            site: match chroma_subsampling {
                0 => ChromaSite::Left,
                1 => ChromaSite::TopLeft,
                _ => ChromaSite::Unspecified,
            },
        };
        Some(Self { profile: *profile, level: *level, depth: format >> 4, chroma_subsampling, color })
    }

    fn facts(&self) -> StreamFacts {
        let chroma = match self.chroma_subsampling {
            0 | 1 => Some(Chroma::Yuv420),
            2 => Some(Chroma::Yuv422),
            3 => Some(Chroma::Yuv444),
            _ => None,
        };
        let layout = chroma.map(|chroma| match (chroma, self.color.matrix) {
            (Chroma::Yuv444, Matrix::IDENTITY) => Layout::Gbr,
            _ => Layout::Planar(chroma),
        });
        let depth = matches!(self.depth, 8 | 10 | 12).then_some(self.depth);
        StreamFacts {
            format: layout
                .zip(depth)
                .map(|(layout, depth)| PixelFormat { layout, depth, high_bits: false }),
            color: self.color,
            profile: Some(format!("Profile {}", self.profile)),
            ..StreamFacts::default()
        }
    }
}

impl Vp9 {
    fn new(config: &CodecConfig) -> Self {
        let record = Record::read(&config.record);
        Self {
            record,
            references: References::default(),
            facts: record.map(|record| record.facts()),
            profile: record.map_or(0, |record| record.profile),
        }
    }

    /// Takes over what an intra frame says of the stream.
    fn intra_frame(&mut self, frame: &FrameHeader) {
        let (Some(config), Some((width, height))) = (frame.color, frame.size) else { return };
        // Intra-only frames may repeat less than the key frames say.
        let known = self.facts.as_ref().is_some_and(|facts| facts.width > 0);
        if !frame.key && known {
            return;
        }
        self.profile = frame.profile;
        let stated = self.record.map(|record| record.color).unwrap_or_default();
        self.facts = Some(StreamFacts {
            width,
            height,
            format: Some(config.format),
            color: config.color.or(stated),
            profile: Some(format!("Profile {}", frame.profile)),
            ..StreamFacts::default()
        });
    }
}

/// Takes a frame into what is known of its sample.
fn add_frame(sample: &mut Option<SampleFacts>, frame: &FrameHeader) {
    let sample = sample.get_or_insert(SampleFacts { droppable: true, ..SampleFacts::default() });
    // Whatever a frame's own references, the next one inherits its motion vectors and probabilities
    // unless both are error resilient.
    sample.droppable &= frame.refreshes == 0 && frame.error_resilient && !frame.existing;
    if frame.key {
        sample.sync = SyncKind::Closed;
    }
    if frame.shown {
        sample.shown = true;
        sample.size = frame.size;
        sample.picture = match (frame.intra, frame.existing) {
            (true, _) => PictureType::I,
            (false, true) => PictureType::Unknown,
            (false, false) => PictureType::P,
        };
    }
}

impl Inspector for Vp9 {
    fn facts(&self) -> Option<&StreamFacts> {
        self.facts.as_ref()
    }

    fn inspect(&mut self, access_unit: &[u8]) -> Result<SampleFacts, InspectError> {
        let mut sample = None;
        for frame in frames(access_unit) {
            match self.references.next(frame) {
                Ok(header) => {
                    if header.intra {
                        self.intra_frame(&header);
                    }
                    add_frame(&mut sample, &header);
                }
                Err(error) if sample.is_none() => return Err(error),
                // What came before it can be shown.
                Err(_) => break,
            }
        }
        Ok(sample.unwrap_or_default())
    }

    /// VP Codec ISO Media File Format Binding, "Codecs Parameter String". The colour part is left
    /// out where it would say 4:2:0, BT.709 or nothing, and limited range.
    fn codec_string(&self, sample_entry: &str) -> String {
        let facts = self.facts.as_ref();
        let Some((depth, layout)) = self
            .record
            .map(|record| record.depth)
            .or(facts.and_then(|facts| facts.format).map(|format| format.depth))
            .zip(facts.map(|facts| facts.format.map(|format| format.layout)))
        else {
            return sample_entry.to_owned();
        };
        let level = self.record.map(|record| record.level).unwrap_or_else(|| {
            facts.map_or(0, |facts| smallest_level(facts.width, facts.height))
        });
        let text = format!("{sample_entry}.{:02}.{level:02}.{depth:02}", self.profile);
        let color = facts.map(|facts| facts.color).unwrap_or_default();
        let codes = [color.primaries.0, color.transfer.0, color.matrix.0];
        let subsampling = match (self.record, layout) {
            (Some(record), _) => record.chroma_subsampling,
            (None, Some(Layout::Planar(Chroma::Yuv422))) => 2,
            (None, Some(Layout::Planar(Chroma::Yuv444) | Layout::Gbr)) => 3,
            (None, _) => 1,
        };
        let plain = subsampling < 2
            && codes.iter().all(|code| matches!(code, 1 | 2))
            && color.range != Range::Full;
        if plain {
            return text;
        }
        let [primaries, transfer, matrix] = codes;
        let full = u8::from(color.range == Range::Full);
        format!("{text}.{subsampling:02}.{primaries:02}.{transfer:02}.{matrix:02}.{full:02}")
    }
}

/// Ten times the lowest level that allows pictures of this size (VP9 levels, "Max Luma Picture
/// Size" and "Max Dimension"); what else levels limit is not known from a picture.
fn smallest_level(width: u32, height: u32) -> u8 {
    const LEVELS: [(u8, u64, u32); 9] = [
        (10, 36_864, 512),
        (11, 73_728, 768),
        (20, 122_880, 960),
        (21, 245_760, 1_344),
        (30, 552_960, 2_048),
        (31, 983_040, 2_752),
        (40, 2_228_224, 4_160),
        (50, 8_912_896, 8_384),
        (60, 35_651_584, 16_832),
    ];
    let pixels = u64::from(width) * u64::from(height);
    LEVELS
        .iter()
        .find(|(_, size, side)| pixels <= *size && width.max(height) <= *side)
        .map_or(62, |(level, ..)| *level)
}
