//! H.265 sequence parameter sets (ITU-T H.265 §7.3.2.2, §E.2.1).

use super::super::bits::{BitReader, hash_bytes};
use super::super::h264::crop;
use super::super::vui::{Appearance, frame_rate};
use super::super::{InspectError, StreamFacts};
use super::profile::ProfileTierLevel;
use super::reference_sets::{ReferenceSet, read_short_term_sets};
use crate::{Chroma, ColorInfo, Layout, Matrix, PixelFormat, Range};

/// No level allows a side longer than 16 888 luma samples; this leaves room.
const MAX_SIDE: u32 = 65_535;

/// What a stream's readers need of an SPS.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sps {
    pub(crate) id: u8,
    pub(crate) profile: ProfileTierLevel,
    /// `sps_max_sub_layers_minus1`: the highest `TemporalId`.
    pub(crate) highest_temporal_id: u8,
    pub(crate) separate_colour_planes: bool,
    pub(crate) log2_max_poc_lsb: u32,
    /// Length of `slice_segment_address` in bits.
    pub(crate) address_bits: u32,
    /// Picture timing messages have a `pic_struct`.
    pub(crate) has_pic_struct: bool,
    pub(crate) hash: u64,
    /// Planes of chroma go with luma: `ChromaArrayType` is not 0.
    pub(crate) has_chroma: bool,
    /// What slice headers need to be read to their quantiser; `None` if that could not be read.
    pub(crate) tools: Option<Tools>,
    pub(crate) facts: StreamFacts,
}

/// Tools that slice headers tell of where they are in use.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tools {
    /// `sample_adaptive_offset_enabled_flag`.
    pub(crate) offsets: bool,
    pub(crate) short_term_sets: Vec<ReferenceSet>,
    /// `num_long_term_ref_pics_sps`, and whether each may be used by the picture itself; `None`
    /// without `long_term_ref_pics_present_flag`.
    pub(crate) long_term: Option<Vec<bool>>,
    /// `sps_temporal_mvp_enabled_flag`.
    pub(crate) temporal_vectors: bool,
}

impl Sps {
    /// Reads a NAL unit of type 33, header included.
    pub(crate) fn parse(nal: &[u8]) -> Result<Self, InspectError> {
        let reader = &mut BitReader::escaped(nal);
        reader.skip(16 + 4)?; // sps_video_parameter_set_id
        let highest_temporal_id = reader.byte(3)?;
        if highest_temporal_id > 6 {
            return Err(InspectError::Forbidden { field: "sps_max_sub_layers_minus1" });
        }
        reader.skip(1)?; // sps_temporal_id_nesting_flag
        let profile = ProfileTierLevel::read(reader)?;
        let sub_layers = usize::from(highest_temporal_id) + 1;
        ProfileTierLevel::skip_sub_layers(reader, sub_layers)?;
        let id = reader.ue_max(15, "sps_seq_parameter_set_id")? as u8;
        let chroma = match reader.ue_max(3, "chroma_format_idc")? {
            0 => Chroma::Mono,
            1 => Chroma::Yuv420,
            2 => Chroma::Yuv422,
            _ => Chroma::Yuv444,
        };
        let separate_colour_planes = chroma == Chroma::Yuv444 && reader.flag()?;
        let coded = (
            reader.ue_max(MAX_SIDE, "pic_width_in_luma_samples")?,
            reader.ue_max(MAX_SIDE, "pic_height_in_luma_samples")?,
        );
        if coded.0 == 0 || coded.1 == 0 {
            return Err(InspectError::Forbidden { field: "pic_width_in_luma_samples" });
        }
        let (width, height) = read_conformance_window(reader, coded, chroma)?;
        let luma = 8 + reader.ue_max(8, "bit_depth_luma_minus8")?;
        let depth = luma.max(8 + reader.ue_max(8, "bit_depth_chroma_minus8")?) as u8;
        let log2_max_poc_lsb = 4 + reader.ue_max(12, "log2_max_pic_order_cnt_lsb_minus4")?;
        let reorder = read_reorder_depth(reader, sub_layers)?;
        let log2_block = read_block_sizes(reader)?;
        let mut facts = StreamFacts {
            width,
            height,
            reorder_depth: u8::try_from(reorder).ok(),
            profile: profile.profile_name(),
            // What video_full_range_flag is where it is not there (§E.3.1).
            color: ColorInfo { range: Range::Limited, ..ColorInfo::default() },
            ..StreamFacts::default()
        };
        // What follows only serves to reach the usability information. If it is damaged or cut, the
        // rest is good all the same.
        let mut has_pic_struct = false;
        let tools = read_tools(reader, log2_max_poc_lsb).ok();
        if tools.is_some() {
            let _ = read_tail(reader, &mut facts, &mut has_pic_struct);
        }
        let gbr = chroma == Chroma::Yuv444 && facts.color.matrix == Matrix::IDENTITY;
        facts.format = Some(PixelFormat {
            layout: if gbr { Layout::Gbr } else { Layout::Planar(chroma) },
            depth,
            high_bits: false,
        });
        let blocks = |side: u32| u64::from(side.div_ceil(1 << log2_block));
        Ok(Self {
            id,
            profile,
            highest_temporal_id,
            separate_colour_planes,
            log2_max_poc_lsb,
            address_bits: (blocks(coded.0) * blocks(coded.1)).next_power_of_two().trailing_zeros(),
            has_pic_struct,
            has_chroma: chroma != Chroma::Mono && !separate_colour_planes,
            tools,
            hash: hash_bytes(nal),
            facts,
        })
    }
}

/// The size after the conformance window. A window that leaves nothing is not applied.
fn read_conformance_window(
    reader: &mut BitReader<'_>,
    (width, height): (u32, u32),
    chroma: Chroma,
) -> Result<(u32, u32), InspectError> {
    // conformance_window_flag
    if !reader.flag()? {
        return Ok((width, height));
    }
    let (horizontal, vertical) = chroma.shifts();
    let width = crop(width, reader.ue()?, reader.ue()?, 1 << horizontal);
    let height = crop(height, reader.ue()?, reader.ue()?, 1 << vertical);
    Ok((width, height))
}

/// `sps_max_num_reorder_pics` of the highest sub-layer.
fn read_reorder_depth(
    reader: &mut BitReader<'_>,
    sub_layers: usize,
) -> Result<u32, InspectError> {
    // sps_sub_layer_ordering_info_present_flag
    let stated = if reader.flag()? { sub_layers } else { 1 };
    let mut reorder = 0;
    for _ in 0..stated {
        reader.ue()?; // sps_max_dec_pic_buffering_minus1
        reorder = reader.ue()?;
        reader.ue()?; // sps_max_latency_increase_plus1
    }
    Ok(reorder)
}

/// log2 of the coding tree block size.
fn read_block_sizes(reader: &mut BitReader<'_>) -> Result<u32, InspectError> {
    let min = 3 + reader.ue_max(3, "log2_min_luma_coding_block_size_minus3")?;
    let block = min + reader.ue_max(3, "log2_diff_max_min_luma_coding_block_size")?;
    for _ in 0..4 {
        reader.ue()?; // transform block sizes and depths
    }
    Ok(block)
}

/// From the scaling lists to the temporal vectors.
fn read_tools(reader: &mut BitReader<'_>, log2_max_poc_lsb: u32) -> Result<Tools, InspectError> {
    // scaling_list_enabled_flag, sps_scaling_list_data_present_flag
    if reader.flag()? && reader.flag()? {
        skip_scaling_lists(reader)?;
    }
    reader.skip(1)?; // amp_enabled_flag
    let offsets = reader.flag()?;
    // pcm_enabled_flag
    if reader.flag()? {
        reader.skip(8)?;
        reader.ue()?;
        reader.ue()?;
        reader.skip(1)?;
    }
    let short_term_sets = read_short_term_sets(reader)?;
    // long_term_ref_pics_present_flag
    let long_term = if reader.flag()? {
        let count = reader.ue_max(32, "num_long_term_ref_pics_sps")?;
        let used = (0..count).map(|_| {
            reader.skip(log2_max_poc_lsb as usize)?;
            reader.flag()
        });
        Some(used.collect::<Result<Vec<_>, _>>()?)
    } else {
        None
    };
    Ok(Tools { offsets, short_term_sets, long_term, temporal_vectors: reader.flag()? })
}

/// From the intra smoothing to the timing.
fn read_tail(
    reader: &mut BitReader<'_>,
    facts: &mut StreamFacts,
    has_pic_struct: &mut bool,
) -> Result<(), InspectError> {
    reader.skip(1)?; // strong_intra_smoothing_enabled_flag
    // vui_parameters_present_flag
    if reader.flag()? { read_vui(reader, facts, has_pic_struct) } else { Ok(()) }
}

/// §7.3.4.
pub(crate) fn skip_scaling_lists(reader: &mut BitReader<'_>) -> Result<(), InspectError> {
    for size in 0..4 {
        let matrices = if size == 3 { 2 } else { 6 };
        for _ in 0..matrices {
            // scaling_list_pred_mode_flag
            if !reader.flag()? {
                reader.ue()?;
                continue;
            }
            let coefficients = 64.min(1 << (4 + (size << 1)));
            for _ in 0..coefficients + i32::from(size > 1) {
                reader.se()?;
            }
        }
    }
    Ok(())
}

/// §E.2.1. What was read before an error is kept.
fn read_vui(
    reader: &mut BitReader<'_>,
    facts: &mut StreamFacts,
    has_pic_struct: &mut bool,
) -> Result<(), InspectError> {
    let mut appearance = Appearance { color: facts.color, ..Appearance::default() };
    let read = appearance.read(reader);
    facts.pixel_aspect = appearance.pixel_aspect;
    facts.color = appearance.color;
    read?;
    reader.skip(1)?; // neutral_chroma_indication_flag
    facts.interlaced = reader.flag()?; // field_seq_flag
    *has_pic_struct = reader.flag()?; // frame_field_info_present_flag
    // default_display_window_flag: what it cuts away is decoded and shown.
    if reader.flag()? {
        for _ in 0..4 {
            reader.ue()?;
        }
    }
    // vui_timing_info_present_flag
    if reader.flag()? {
        let ticks = reader.bits(32)?;
        let scale = reader.bits(32)?;
        facts.frame_rate = frame_rate(scale, ticks);
    }
    Ok(())
}
