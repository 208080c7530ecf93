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

#[cfg(test)]
mod tests {
    use super::*;

    fn inspector() -> Vp8 {
        Vp8 { record: None, facts: None }
    }

    /// A tag and a key frame header of 176 × 144, scaled up for display, which does not count.
    fn key_frame() -> Vec<u8> {
        vec![0x10, 0, 0, 0x9d, 0x01, 0x2a, 176, 0x40, 144, 0x80]
    }

    /// An interframe with the last bits of its header from the golden refresh on (§9.7).
    fn interframe(shown: bool, refresh: &[u8]) -> Vec<u8> {
        // No segmentation, filter of 10 bits, no adjustments, 9 bits of partitions and quantizer,
        // no quantizer deltas.
        let bits: Vec<bool> = [[0; 26].as_slice(), refresh].concat().iter().map(|bit| *bit == 1).collect();
        let partition = bool_reader::tests::encode(&bits);
        let tag = 1 | u32::from(shown) << 4 | (partition.len() as u32) << 5;
        [&tag.to_le_bytes()[..3], &partition].concat()
    }

    #[test]
    fn a_key_frame_states_its_size() {
        let mut inspector = inspector();
        let facts = inspector.inspect(&key_frame()).unwrap();
        assert_eq!((facts.sync, facts.size), (SyncKind::Closed, Some((176, 144))));
        assert!(facts.shown && !facts.droppable);
        for end in 1..10 {
            assert_eq!(inspector.inspect(&key_frame()[..end]), Err(InspectError::Truncated));
        }
    }

    #[test]
    fn a_hidden_frame_is_not_shown() {
        let mut inspector = inspector();
        let keeps_alternate = [0, 1, 0, 0, 0, 0, 1, 0];
        let facts = inspector.inspect(&interframe(false, &keeps_alternate)).unwrap();
        assert_eq!((facts.shown, facts.droppable), (false, false));
        assert_eq!(facts.picture, PictureType::P);
        assert!(!inspector.inspect(&[]).unwrap().shown);
    }

    #[test]
    fn an_interframe_that_changes_nothing_is_droppable() {
        // refresh golden, refresh alternate, copies of two bits each, two sign biases,
        // refresh_entropy_probs, refresh_last.
        for (refresh, droppable) in [
            ([0, 0, 0, 0, 0, 0, 1, 1, 0, 0], true),
            ([0, 0, 0, 1, 0, 0, 0, 0, 0, 0], false),
            ([0, 0, 0, 0, 1, 0, 0, 0, 0, 0], false),
            ([0, 0, 0, 0, 0, 0, 0, 0, 1, 0], false),
            ([0, 0, 0, 0, 0, 0, 0, 0, 0, 1], false),
        ] {
            let facts = inspector().inspect(&interframe(true, &refresh)).unwrap();
            assert_eq!(facts.droppable, droppable, "{refresh:?}");
        }
    }
}
