//! VP8 (RFC 6386): what the frame tag and the frame header say.

mod bool_reader;

use super::{
    Codec, CodecConfig, CodecEntry, InspectError, Inspector, PictureType, SampleFacts, StreamFacts,
    SyncKind,
};
use crate::{ColorInfo, PixelFormat};
use bool_reader::BoolReader;

pub(super) const ENTRY: CodecEntry = CodecEntry {
    codec: Codec::Vp8,
    name: "vp8",
    title: "VP8",
    intra_only: false,
    inspector: |config| Box::new(Vp8::new(config)),
};

const START_CODE: [u8; 3] = [0x9d, 0x01, 0x2a];

#[derive(Default)]
struct Vp8 {
    /// `VPCodecConfigurationRecord`: profile, level and depth.
    record: Option<[u8; 3]>,
    facts: Option<StreamFacts>,
}

/// The frame tag, §9.1.
struct FrameTag {
    key: bool,
    version: u8,
    shown: bool,
    /// Bytes of the first partition, in which the frame header is.
    first_partition: usize,
}

impl FrameTag {
    fn read(sample: &[u8]) -> Result<(Self, &[u8]), InspectError> {
        let ([a, b, c], rest) = sample.split_first_chunk().ok_or(InspectError::Truncated)?;
        let tag = u32::from_le_bytes([*a, *b, *c, 0]);
        let this = Self {
            key: tag & 1 == 0,
            version: (tag >> 1 & 7) as u8,
            shown: tag >> 4 & 1 == 1,
            first_partition: (tag >> 5) as usize,
        };
        Ok((this, rest))
    }
}

impl Vp8 {
    fn new(config: &CodecConfig) -> Self {
        let record = match config.record.as_ref() {
            [_, _, _, _, profile, level, depth, ..] => Some([*profile, *level, depth >> 4]),
            _ => None,
        };
        Self { record, facts: None }
    }

    /// §9.1, §9.2 of a key frame.
    fn key_frame(&mut self, tag: &FrameTag, header: &[u8]) -> Result<(), InspectError> {
        let ([s0, s1, s2, w0, w1, h0, h1], _) =
            header.split_first_chunk().ok_or(InspectError::Truncated)?;
        if [*s0, *s1, *s2] != START_CODE {
            return Err(InspectError::Forbidden { field: "start code" });
        }
        // The two upper bits say how to scale for display, which nobody does.
        let side = |low: u8, high: u8| u32::from(u16::from_le_bytes([low, high]) & 0x3fff);
        let (width, height) = (side(*w0, *w1), side(*h0, *h1));
        if width == 0 || height == 0 {
            return Err(InspectError::Forbidden { field: "width" });
        }
        self.facts = Some(StreamFacts {
            width,
            height,
            format: Some(PixelFormat::YUV420P),
            // §9.2 has one colour space, "similar to" ITU-R BT.601, whatever was coded. That states
            // nothing.
            color: ColorInfo::default(),
            profile: Some(format!("Profile {}", tag.version)),
            ..StreamFacts::default()
        });
        Ok(())
    }
}

/// True if an interframe leaves all that later frames build on as it is (§9.3 to §9.11):
/// references, probabilities, segmentation, loop filter adjustments.
fn leaves_no_trace(first_partition: &[u8]) -> Result<bool, InspectError> {
    let mut reader = BoolReader::new(first_partition)?;
    // segmentation_enabled: its map and parameters persist, even when only switched on or off.
    if reader.flag()? {
        return Ok(false);
    }
    reader.skip(1 + 6 + 3)?; // filter_type, loop_filter_level, sharpness_level
    // loop_filter_adj_enable, mode_ref_lf_delta_update
    if reader.flag()? && reader.flag()? {
        return Ok(false);
    }
    reader.skip(2 + 7)?; // log2_nbr_of_dct_partitions, y_ac_qi
    for _ in 0..5 {
        // Quantizer deltas: a flag, then a magnitude and a sign.
        if reader.flag()? {
            reader.skip(5)?;
        }
    }
    let refresh_golden = reader.flag()?;
    let refresh_alternate = reader.flag()?;
    if refresh_golden || refresh_alternate {
        return Ok(false);
    }
    for _ in 0..2 {
        // copy_buffer_to_golden, copy_buffer_to_arf
        if reader.flag()? || reader.flag()? {
            return Ok(false);
        }
    }
    reader.skip(2)?; // sign_bias_golden, sign_bias_alternate
    let refresh_entropy = reader.flag()?;
    let refresh_last = reader.flag()?;
    Ok(!refresh_entropy && !refresh_last)
}

impl Inspector for Vp8 {
    fn facts(&self) -> Option<&StreamFacts> {
        self.facts.as_ref()
    }

    fn inspect(&mut self, access_unit: &[u8]) -> Result<SampleFacts, InspectError> {
        // An empty sample repeats the frame before.
        if access_unit.is_empty() {
            return Ok(SampleFacts { picture: PictureType::P, ..SampleFacts::default() });
        }
        let (tag, header) = FrameTag::read(access_unit)?;
        if tag.version > 3 {
            return Err(InspectError::Forbidden { field: "version" });
        }
        let mut facts = SampleFacts { shown: tag.shown, ..SampleFacts::default() };
        if tag.key {
            self.key_frame(&tag, header)?;
            facts.sync = SyncKind::Closed;
            facts.picture = PictureType::I;
        } else {
            let partition = header.get(..tag.first_partition).unwrap_or(header);
            // Where the header is cut, the frame is not known to be of no use.
            facts.droppable = leaves_no_trace(partition).unwrap_or(false);
            facts.picture = PictureType::P;
        }
        facts.size = self.facts.as_ref().map(|stream| (stream.width, stream.height));
        Ok(facts)
    }

    /// VP Codec ISO Media File Format Binding, "Codecs Parameter String".
    fn codec_string(&self, sample_entry: &str) -> String {
        match self.record {
            Some([profile, level, depth]) => {
                format!("{sample_entry}.{profile:02}.{level:02}.{depth:02}")
            }
            None => sample_entry.to_owned(),
        }
    }
}
