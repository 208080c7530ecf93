//! H.264 sequence parameter sets (ITU-T H.264 §7.3.2.1.1, §E.1.1).

use super::super::bits::{BitReader, hash_bytes};
use super::super::vui::{Appearance, frame_rate};
use super::super::{InspectError, StreamFacts};
use crate::{Chroma, Layout, Matrix, PixelFormat};

/// No level allows a side longer than 16 880 luma samples; this leaves room and keeps products small.
const MAX_MACROBLOCKS_PER_SIDE: u32 = 4_095;

/// Profiles whose SPS has the fields from `chroma_format_idc` on.
const HIGH_PROFILES: [u8; 13] = [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135];

/// How picture order counts are coded.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum PocType {
    /// Type 0: the low bits are in each slice header.
    Lsb { log2_max: u32 },
    /// Type 1: a cycle of expected differences.
    Cycle {
        delta_always_zero: bool,
        offset_for_non_ref_pic: i32,
        offset_for_top_to_bottom_field: i32,
        offsets_for_ref_frame: Vec<i32>,
    },
    /// Type 2: output order is decode order.
    DecodeOrder,
}

/// What a stream's readers need of an SPS.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sps {
    pub(crate) id: u8,
    pub(crate) profile_idc: u8,
    pub(crate) constraints: u8,
    pub(crate) level_idc: u8,
    pub(crate) separate_colour_planes: bool,
    /// `ChromaArrayType` is 0.
    pub(crate) luma_only: bool,
    pub(crate) log2_max_frame_num: u32,
    pub(crate) poc: PocType,
    pub(crate) max_references: u32,
    pub(crate) frame_mbs_only: bool,
    /// How many bits stand before `pic_struct` in picture timing messages, if those have one.
    pub(crate) pic_struct_at: Option<usize>,
    pub(crate) hash: u64,
    pub(crate) facts: StreamFacts,
}

impl Sps {
    /// Reads a NAL unit of type 7, header included.
    pub(crate) fn parse(nal: &[u8]) -> Result<Self, InspectError> {
        let reader = &mut BitReader::escaped(nal);
        reader.skip(8)?;
        let profile_idc = reader.byte(8)?;
        let constraints = reader.byte(8)?;
        let level_idc = reader.byte(8)?;
        let id = reader.ue_max(31, "seq_parameter_set_id")? as u8;
        let samples = if HIGH_PROFILES.contains(&profile_idc) {
            SampleFormat::read(reader)?
        } else {
            SampleFormat { chroma: Chroma::Yuv420, depth: 8, separate_planes: false }
        };
        let log2_max_frame_num = 4 + reader.ue_max(12, "log2_max_frame_num_minus4")?;
        let poc = PocType::read(reader)?;
        let max_references = reader.ue()?;
        reader.skip(1)?; // gaps_in_frame_num_value_allowed_flag
        let (width, height, frame_mbs_only) = read_size(reader, &samples)?;
        let mut facts = StreamFacts {
            width,
            height,
            reorder_depth: (poc == PocType::DecodeOrder || is_intra(profile_idc, constraints))
                .then_some(0),
            interlaced: !frame_mbs_only,
            profile: profile_name(profile_idc, constraints),
            ..StreamFacts::default()
        };
        // vui_parameters_present_flag. Damaged or cut usability information is no reason to refuse
        // the rest.
        let mut pic_struct_at = None;
        if reader.flag().unwrap_or(false) {
            let _ = read_vui(reader, &mut facts, &mut pic_struct_at);
        }
        let gbr = samples.chroma == Chroma::Yuv444 && facts.color.matrix == Matrix::IDENTITY;
        facts.format = Some(PixelFormat {
            layout: if gbr { Layout::Gbr } else { Layout::Planar(samples.chroma) },
            depth: samples.depth,
            high_bits: false,
        });
        Ok(Self {
            id,
            profile_idc,
            constraints,
            level_idc,
            separate_colour_planes: samples.separate_planes,
            luma_only: samples.separate_planes || samples.chroma == Chroma::Mono,
            log2_max_frame_num,
            poc,
            max_references,
            frame_mbs_only,
            pic_struct_at,
            hash: hash_bytes(nal),
            facts,
        })
    }
}

struct SampleFormat {
    chroma: Chroma,
    depth: u8,
    separate_planes: bool,
}

impl SampleFormat {
    /// From `chroma_format_idc` to the scaling matrices.
    fn read(reader: &mut BitReader<'_>) -> Result<Self, InspectError> {
        let chroma = match reader.ue_max(3, "chroma_format_idc")? {
            0 => Chroma::Mono,
            1 => Chroma::Yuv420,
            2 => Chroma::Yuv422,
            _ => Chroma::Yuv444,
        };
        let separate_planes = chroma == Chroma::Yuv444 && reader.flag()?;
        let luma = 8 + reader.ue_max(6, "bit_depth_luma_minus8")?;
        let depth = luma.max(8 + reader.ue_max(6, "bit_depth_chroma_minus8")?) as u8;
        reader.skip(1)?; // qpprime_y_zero_transform_bypass_flag
        // seq_scaling_matrix_present_flag
        if reader.flag()? {
            let lists = if chroma == Chroma::Yuv444 { 12 } else { 8 };
            for list in 0..lists {
                if reader.flag()? {
                    skip_scaling_list(reader, if list < 6 { 16 } else { 64 })?;
                }
            }
        }
        Ok(Self { chroma, depth, separate_planes })
    }
}

/// §7.3.2.1.1.1.
fn skip_scaling_list(reader: &mut BitReader<'_>, size: usize) -> Result<(), InspectError> {
    let mut last: i32 = 8;
    for _ in 0..size {
        last = last.wrapping_add(reader.se()?).rem_euclid(256);
        if last == 0 {
            // The rest repeats the last value.
            break;
        }
    }
    Ok(())
}

impl PocType {
    fn read(reader: &mut BitReader<'_>) -> Result<Self, InspectError> {
        match reader.ue_max(2, "pic_order_cnt_type")? {
            0 => {
                let log2_max = 4 + reader.ue_max(12, "log2_max_pic_order_cnt_lsb_minus4")?;
                Ok(Self::Lsb { log2_max })
            }
            1 => Ok(Self::Cycle {
                delta_always_zero: reader.flag()?,
                offset_for_non_ref_pic: reader.se()?,
                offset_for_top_to_bottom_field: reader.se()?,
                offsets_for_ref_frame: {
                    let count = reader.ue_max(255, "num_ref_frames_in_pic_order_cnt_cycle")?;
                    (0..count).map(|_| reader.se()).collect::<Result<_, _>>()?
                },
            }),
            _ => Ok(Self::DecodeOrder),
        }
    }
}

/// Reads the coded size and the cropping; gives the cropped size and `frame_mbs_only_flag`.
/// A crop that leaves nothing is not applied.
fn read_size(
    reader: &mut BitReader<'_>,
    samples: &SampleFormat,
) -> Result<(u32, u32, bool), InspectError> {
    let max = MAX_MACROBLOCKS_PER_SIDE;
    let columns = 1 + reader.ue_max(max, "pic_width_in_mbs_minus1")?;
    let map_rows = 1 + reader.ue_max(max, "pic_height_in_map_units_minus1")?;
    let frame_mbs_only = reader.flag()?;
    if !frame_mbs_only {
        reader.skip(1)?; // mb_adaptive_frame_field_flag
    }
    reader.skip(1)?; // direct_8x8_inference_flag
    let (mut width, mut height) =
        (columns * 16, map_rows * 16 * if frame_mbs_only { 1 } else { 2 });
    // frame_cropping_flag
    if reader.flag()? {
        let (horizontal, vertical) =
            if samples.separate_planes { (0, 0) } else { samples.chroma.shifts() };
        let unit_x = 1 << horizontal;
        let unit_y = (1 << vertical) * if frame_mbs_only { 1 } else { 2 };
        width = crop(width, reader.ue()?, reader.ue()?, unit_x);
        height = crop(height, reader.ue()?, reader.ue()?, unit_y);
    }
    Ok((width, height, frame_mbs_only))
}

/// `size` less `before` and `after` units, or all of it if that would leave nothing.
pub(crate) fn crop(size: u32, before: u32, after: u32, unit: u32) -> u32 {
    before
        .checked_add(after)
        .and_then(|units| units.checked_mul(unit))
        .and_then(|cut| size.checked_sub(cut))
        .filter(|left| *left > 0)
        .unwrap_or(size)
}

/// §E.1.1. What was read before an error is kept.
fn read_vui(
    reader: &mut BitReader<'_>,
    facts: &mut StreamFacts,
    pic_struct_at: &mut Option<usize>,
) -> Result<(), InspectError> {
    let mut appearance = Appearance::default();
    let read = appearance.read(reader);
    facts.pixel_aspect = appearance.pixel_aspect;
    facts.color = appearance.color;
    read?;
    // timing_info_present_flag
    if reader.flag()? {
        let ticks = reader.bits(32)?;
        let scale = reader.bits(32)?;
        reader.skip(1)?; // fixed_frame_rate_flag
        // A tick is the time of a field.
        facts.frame_rate = ticks.checked_mul(2).and_then(|ticks| frame_rate(scale, ticks));
    }
    let mut delays = None;
    // nal_hrd_parameters_present_flag, vcl_hrd_parameters_present_flag
    for _ in 0..2 {
        if reader.flag()? {
            delays = Some(read_hrd(reader)?);
        }
    }
    if delays.is_some() {
        reader.skip(1)?; // low_delay_hrd_flag
    }
    *pic_struct_at = reader.flag()?.then_some(delays.unwrap_or(0));
    // bitstream_restriction_flag
    if reader.flag()? {
        reader.skip(1)?; // motion_vectors_over_pic_boundaries_flag
        for _ in 0..4 {
            reader.ue()?; // sizes of macroblocks and pictures, ranges of motion vectors
        }
        let depth = reader.ue_max(16, "max_num_reorder_frames")?;
        facts.reorder_depth = Some(depth as u8);
    }
    Ok(())
}

/// §E.1.2: the length in bits of the two delays in picture timing messages.
fn read_hrd(reader: &mut BitReader<'_>) -> Result<usize, InspectError> {
    let count = 1 + reader.ue_max(31, "cpb_cnt_minus1")?;
    reader.skip(8)?;
    for _ in 0..count {
        reader.ue()?;
        reader.ue()?;
        reader.skip(1)?;
    }
    reader.skip(5)?; // initial_cpb_removal_delay_length_minus1
    let delays = 2 + reader.bits(5)? + reader.bits(5)?;
    reader.skip(5)?; // time_offset_length
    Ok(delays as usize)
}

const SET1: u8 = 0x40;
const SET3: u8 = 0x10;

/// True for profiles that have intra pictures only (§A.2).
fn is_intra(profile_idc: u8, constraints: u8) -> bool {
    profile_idc == 44 || matches!(profile_idc, 110 | 122 | 244) && constraints & SET3 != 0
}

fn profile_name(profile_idc: u8, constraints: u8) -> Option<String> {
    let name = match profile_idc {
        66 if constraints & SET1 != 0 => "Constrained Baseline",
        66 => "Baseline",
        77 => "Main",
        88 => "Extended",
        100 => "High",
        110 => "High 10",
        122 => "High 4:2:2",
        144 => "High 4:4:4",
        244 => "High 4:4:4 Predictive",
        44 => "CAVLC 4:4:4",
        83 => "Scalable Baseline",
        86 => "Scalable High",
        118 => "Multiview High",
        128 => "Stereo High",
        _ => return None,
    };
    let intra = if is_intra(profile_idc, constraints) { " Intra" } else { "" };
    Some(format!("{name}{intra}"))
}
