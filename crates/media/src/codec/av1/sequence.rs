//! AV1 sequence headers (AV1 specification §5.5), and the record that repeats some of it (AV1
//! Codec ISO Media File Format Binding §2.3).

use super::super::bits::{BitReader, hash_bytes};
use super::super::vui::{frame_rate, full_range};
use super::super::{InspectError, StreamFacts};
use crate::{
    Chroma, ChromaSite, ColorInfo, Layout, Matrix, PixelFormat, Primaries, Range, Transfer,
};

/// `seq_force_screen_content_tools` or `seq_force_integer_mv`: each frame says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Forced {
    PerFrame,
    To(bool),
}

/// What frame headers need of a sequence header, and what it says of the pictures.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sequence {
    pub(crate) point: CodecPoint,
    pub(crate) reduced_still_picture_header: bool,
    pub(crate) equal_picture_interval: bool,
    pub(crate) decoder_model: Option<DecoderModel>,
    pub(crate) operating_points: Vec<OperatingPoint>,
    pub(crate) frame_width_bits: u32,
    pub(crate) frame_height_bits: u32,
    /// Lengths of `frame_id` and `delta_frame_id` in bits, where frames are numbered.
    pub(crate) frame_id_bits: Option<(u32, u32)>,
    pub(crate) screen_content_tools: Forced,
    pub(crate) integer_mv: Forced,
    /// 0 where there are no order hints.
    pub(crate) order_hint_bits: u32,
    pub(crate) hash: u64,
    pub(crate) facts: StreamFacts,
}

/// Lengths of fields in bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DecoderModel {
    buffer_delay: u32,
    pub(crate) buffer_removal_time: u32,
    pub(crate) frame_presentation_time: u32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct OperatingPoint {
    /// `operating_point_idc`: which layers belong to it; 0 for all.
    pub(crate) layers: u32,
    pub(crate) decoder_model: bool,
}

impl OperatingPoint {
    /// True if units of this layer belong to it.
    pub(crate) fn has(self, layer: Option<(u32, u32)>) -> bool {
        let Some((temporal, spatial)) = layer else { return true };
        self.layers == 0
            || self.layers >> temporal & 1 == 1 && self.layers >> (spatial + 8) & 1 == 1
    }
}

/// What codec strings are made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct CodecPoint {
    profile: u8,
    level_idx: u8,
    high_tier: bool,
    config: ColorConfig,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct ColorConfig {
    depth: u8,
    mono: bool,
    subsampling: (bool, bool),
    sample_position: u8,
    color: ColorInfo,
}

impl Sequence {
    /// Reads the payload of a sequence header.
    pub(crate) fn parse(payload: &[u8]) -> Result<Self, InspectError> {
        let reader = &mut BitReader::new(payload);
        let profile = reader.byte(3)?;
        if profile > 2 {
            return Err(InspectError::Forbidden { field: "seq_profile" });
        }
        reader.skip(1)?; // still_picture
        let reduced = reader.flag()?;
        let mut interval = None;
        let mut decoder_model = None;
        let mut points = vec![OperatingPoint::default()];
        let (level_idx, high_tier);
        if reduced {
            (level_idx, high_tier) = (reader.byte(5)?, false);
        } else {
            // timing_info_present_flag
            if reader.flag()? {
                interval = read_timing(reader)?;
                // decoder_model_info_present_flag
                if reader.flag()? {
                    decoder_model = Some(DecoderModel::read(reader)?);
                }
            }
            (points, level_idx, high_tier) = read_operating_points(reader, decoder_model)?;
        }
        let frame_width_bits = 1 + reader.bits(4)?;
        let frame_height_bits = 1 + reader.bits(4)?;
        let width = 1 + reader.bits(frame_width_bits)?;
        let height = 1 + reader.bits(frame_height_bits)?;
        let tools = Tools::read(reader, reduced)?;
        reader.skip(3)?; // enable_superres, enable_cdef, enable_restoration
        let config = ColorConfig::read(reader, profile)?;
        let point = CodecPoint { profile, level_idx, high_tier, config };
        Ok(Self {
            point,
            reduced_still_picture_header: reduced,
            equal_picture_interval: interval.is_some(),
            decoder_model,
            operating_points: points,
            frame_width_bits,
            frame_height_bits,
            frame_id_bits: tools.frame_id_bits,
            screen_content_tools: tools.screen_content_tools,
            integer_mv: tools.integer_mv,
            order_hint_bits: tools.order_hint_bits,
            hash: hash_bytes(payload),
            facts: StreamFacts {
                width,
                height,
                frame_rate: interval.and_then(|(scale, ticks)| frame_rate(scale, ticks)),
                ..point.facts()
            },
        })
    }

    /// The operating point that is decoded: the first one.
    pub(crate) fn operating_point(&self) -> OperatingPoint {
        self.operating_points.first().copied().unwrap_or_default()
    }
}

/// §5.5.3: ticks per second and per picture, if pictures come at equal intervals.
fn read_timing(reader: &mut BitReader<'_>) -> Result<Option<(u32, u32)>, InspectError> {
    let units = reader.bits(32)?;
    let scale = reader.bits(32)?;
    // equal_picture_interval
    if !reader.flag()? {
        return Ok(None);
    }
    // num_ticks_per_picture_minus_1 is a uvlc(), which up to 2^32 - 2 is the same as ue(v).
    let ticks = reader.ue()?.saturating_add(1);
    Ok(Some((scale, units.saturating_mul(ticks))))
}

impl DecoderModel {
    fn read(reader: &mut BitReader<'_>) -> Result<Self, InspectError> {
        let buffer_delay = 1 + reader.bits(5)?;
        reader.skip(32)?; // num_units_in_decoding_tick
        Ok(Self {
            buffer_delay,
            buffer_removal_time: 1 + reader.bits(5)?,
            frame_presentation_time: 1 + reader.bits(5)?,
        })
    }
}

/// The operating points, and level and tier of the first.
fn read_operating_points(
    reader: &mut BitReader<'_>,
    decoder_model: Option<DecoderModel>,
) -> Result<(Vec<OperatingPoint>, u8, bool), InspectError> {
    let initial_display_delay = reader.flag()?;
    let count = 1 + reader.bits(5)?;
    let mut points = Vec::new();
    let mut first = None;
    for _ in 0..count {
        let layers = reader.bits(12)?;
        let level_idx = reader.byte(5)?;
        let high_tier = level_idx > 7 && reader.flag()?;
        let mut point = OperatingPoint { layers, decoder_model: false };
        if let Some(model) = decoder_model {
            point.decoder_model = reader.flag()?;
            if point.decoder_model {
                reader.skip(2 * model.buffer_delay as usize + 1)?;
            }
        }
        // initial_display_delay_present_for_this_op
        if initial_display_delay && reader.flag()? {
            reader.skip(4)?;
        }
        points.push(point);
        first.get_or_insert((level_idx, high_tier));
    }
    let (level_idx, high_tier) = first.unwrap_or_default();
    Ok((points, level_idx, high_tier))
}

/// From `frame_id_numbers_present_flag` to the order hints.
struct Tools {
    frame_id_bits: Option<(u32, u32)>,
    screen_content_tools: Forced,
    integer_mv: Forced,
    order_hint_bits: u32,
}

impl Tools {
    fn read(reader: &mut BitReader<'_>, reduced: bool) -> Result<Self, InspectError> {
        let mut tools = Self {
            frame_id_bits: None,
            screen_content_tools: Forced::PerFrame,
            integer_mv: Forced::PerFrame,
            order_hint_bits: 0,
        };
        if !reduced && reader.flag()? {
            let delta = 2 + reader.bits(4)?;
            tools.frame_id_bits = Some((delta + 1 + reader.bits(3)?, delta));
        }
        reader.skip(3)?; // use_128x128_superblock, enable_filter_intra, enable_intra_edge_filter
        if reduced {
            return Ok(tools);
        }
        // enable_interintra_compound, enable_masked_compound, enable_warped_motion,
        // enable_dual_filter
        reader.skip(4)?;
        let order_hints = reader.flag()?;
        if order_hints {
            reader.skip(2)?; // enable_jnt_comp, enable_ref_frame_mvs
        }
        // seq_choose_screen_content_tools, seq_choose_integer_mv
        if !reader.flag()? {
            tools.screen_content_tools = Forced::To(reader.flag()?);
        }
        if tools.screen_content_tools != Forced::To(false) && !reader.flag()? {
            tools.integer_mv = Forced::To(reader.flag()?);
        }
        if order_hints {
            tools.order_hint_bits = 1 + reader.bits(3)?;
        }
        Ok(tools)
    }
}

impl ColorConfig {
    /// §5.5.2.
    fn read(reader: &mut BitReader<'_>, profile: u8) -> Result<Self, InspectError> {
        let high = reader.flag()?;
        let twelve = profile == 2 && high && reader.flag()?;
        let depth = if twelve { 12 } else if high { 10 } else { 8 };
        let mono = profile != 1 && reader.flag()?;
        let mut color = ColorInfo::default();
        // color_description_present_flag
        if reader.flag()? {
            color.primaries = Primaries(reader.byte(8)?);
            color.transfer = Transfer(reader.byte(8)?);
            color.matrix = Matrix(reader.byte(8)?);
        }
        let srgb = color.primaries == Primaries::BT709
            && color.transfer == Transfer::SRGB
            && color.matrix == Matrix::IDENTITY;
        let mut subsampling = (true, true);
        let mut sample_position = 0;
        if mono {
            color.range = full_range(reader.flag()?);
        } else if srgb {
            color.range = Range::Full;
            subsampling = (false, false);
        } else {
            color.range = full_range(reader.flag()?);
            subsampling = match profile {
                0 => (true, true),
                1 => (false, false),
                _ if depth == 12 => {
                    let horizontal = reader.flag()?;
                    (horizontal, horizontal && reader.flag()?)
                }
                _ => (true, false),
            };
            if subsampling == (true, true) {
                sample_position = reader.byte(2)?;
            }
        }
        color.site = chroma_site(sample_position);
        Ok(Self { depth, mono, subsampling, sample_position, color })
    }

    fn format(&self) -> PixelFormat {
        let chroma = match self.subsampling {
            _ if self.mono => Chroma::Mono,
            (true, true) => Chroma::Yuv420,
            (true, false) => Chroma::Yuv422,
            (false, true) => Chroma::Yuv440,
            (false, false) => Chroma::Yuv444,
        };
        let gbr = chroma == Chroma::Yuv444 && self.color.matrix == Matrix::IDENTITY;
        PixelFormat {
            layout: if gbr { Layout::Gbr } else { Layout::Planar(chroma) },
            depth: self.depth,
            high_bits: false,
        }
    }
}

/// `chroma_sample_position` (§6.4.2).
fn chroma_site(position: u8) -> ChromaSite {
    match position {
        1 => ChromaSite::Left,
        2 => ChromaSite::TopLeft,
        _ => ChromaSite::Unspecified,
    }
}

impl CodecPoint {
    /// Reads an `AV1CodecConfigurationRecord` without its units.
    pub(crate) fn of_record(record: &[u8]) -> Result<Self, InspectError> {
        let reader = &mut BitReader::new(record);
        reader.skip(8)?; // marker, version
        let profile = reader.byte(3)?;
        let level_idx = reader.byte(5)?;
        let high_tier = reader.flag()?;
        let depth = match (reader.flag()?, reader.flag()?) {
            (false, _) => 8,
            (true, false) => 10,
            (true, true) => 12,
        };
        let mono = reader.flag()?;
        let subsampling = (reader.flag()?, reader.flag()?);
        let sample_position = reader.byte(2)?;
        let color = ColorInfo { site: chroma_site(sample_position), ..ColorInfo::default() };
        let config = ColorConfig { depth, mono, subsampling, sample_position, color };
        Ok(Self { profile, level_idx, high_tier, config })
    }

    /// What it says of the pictures, without their size.
    pub(crate) fn facts(&self) -> StreamFacts {
        let profile = match self.profile {
            0 => "Main",
            1 => "High",
            _ => "Professional",
        };
        StreamFacts {
            format: Some(self.config.format()),
            color: self.config.color,
            profile: Some(profile.to_owned()),
            ..StreamFacts::default()
        }
    }

    /// AV1 Codec ISO Media File Format Binding §5. The colour part is left out where it would say
    /// 4:2:0, BT.709 or nothing, and limited range.
    pub(crate) fn codec_string(&self, sample_entry: &str) -> String {
        let Self { profile, level_idx, config, .. } = self;
        let tier = if self.high_tier { 'H' } else { 'M' };
        let mut text = format!("{sample_entry}.{profile}.{level_idx:02}{tier}.{:02}", config.depth);
        let color = config.color;
        let codes = [color.primaries.0, color.transfer.0, color.matrix.0];
        let plain = !config.mono
            && config.subsampling == (true, true)
            && config.sample_position == 0
            && codes.iter().all(|code| matches!(code, 1 | 2))
            && color.range != Range::Full;
        if !plain {
            let [primaries, transfer, matrix] = codes;
            text.push_str(&format!(
                ".{}.{}{}{}.{primaries:02}.{transfer:02}.{matrix:02}.{}",
                u8::from(config.mono),
                u8::from(config.subsampling.0),
                u8::from(config.subsampling.1),
                config.sample_position,
                u8::from(color.range == Range::Full),
            ));
        }
        text
    }
}
