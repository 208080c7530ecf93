//! H.264 slice headers (ITU-T H.264 §7.3.3), up to the quantiser.

use super::super::bits::BitReader;
use super::super::{InspectError, PictureType};
use super::pps::{ParameterSets, Pps};
use super::sps::{PocType, Sps};

/// More modifications of a reference list than §7.4.3.1 allows for any stream.
const MAX_LIST_COMMANDS: usize = 66;

/// Frame, or which field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Structure {
    Frame,
    Top,
    Bottom,
}

/// What a slice header says of its picture.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SliceHeader {
    /// `nal_ref_idc` is not zero.
    pub(crate) reference: bool,
    pub(crate) idr: bool,
    pub(crate) first_mb: u32,
    pub(crate) picture: PictureType,
    pub(crate) pps_id: u8,
    pub(crate) frame_num: u32,
    pub(crate) structure: Structure,
    pub(crate) idr_pic_id: u32,
    pub(crate) poc_lsb: u32,
    pub(crate) delta_poc_bottom: i32,
    pub(crate) delta_poc: [i32; 2],
    /// A slice of a redundant picture, which nobody needs.
    pub(crate) redundant: bool,
    /// `memory_management_control_operation` 5: all references are given up.
    pub(crate) resets: bool,
    /// `SliceQPY` (§7.4.3), where the header could be read as far as that.
    pub(crate) qp: Option<i8>,
}

impl SliceHeader {
    /// Reads a NAL unit of type 1, 2 or 5, header included. It may end after the slice header.
    pub(crate) fn parse(nal: &[u8], sets: &ParameterSets) -> Result<Self, InspectError> {
        let reader = &mut BitReader::escaped(nal);
        reader.skip(1)?;
        let reference = reader.bits(2)? != 0;
        let idr = reader.bits(5)? == 5;
        let first_mb = reader.ue()?;
        let slice_type = reader.ue_max(9, "slice_type")? % 5;
        let pps_id = reader.ue_max(255, "pic_parameter_set_id")? as u8;
        let (sps, pps) = sets.of_slice(pps_id)?;
        if sps.separate_colour_planes {
            reader.skip(2)?; // colour_plane_id
        }
        let frame_num = reader.bits(sps.log2_max_frame_num)?;
        let structure = match sps.frame_mbs_only || !reader.flag()? {
            true => Structure::Frame,
            false if reader.flag()? => Structure::Bottom,
            false => Structure::Top,
        };
        let mut header = Self {
            reference,
            idr,
            first_mb,
            picture: match slice_type {
                2 | 4 => PictureType::I,
                1 => PictureType::B,
                _ => PictureType::P,
            },
            pps_id,
            frame_num,
            structure,
            idr_pic_id: if idr { reader.ue()? } else { 0 },
            poc_lsb: 0,
            delta_poc_bottom: 0,
            delta_poc: [0; 2],
            redundant: false,
            resets: false,
            qp: None,
        };
        header.read_order(reader, sps, pps)?;
        if pps.redundant_pic_cnt_present {
            header.redundant = reader.ue()? > 0;
        }
        // Where the NAL unit was cut off or is damaged behind here, its order is still good.
        if header.read_lists(reader, slice_type, sps, pps).is_ok()
            && header.read_marking(reader).is_ok()
        {
            header.qp = header.read_qp(reader, slice_type, pps).ok();
        }
        Ok(header)
    }

    fn read_order(
        &mut self,
        reader: &mut BitReader<'_>,
        sps: &Sps,
        pps: &Pps,
    ) -> Result<(), InspectError> {
        let both_fields = pps.pic_order_present && self.structure == Structure::Frame;
        match sps.poc {
            PocType::Lsb { log2_max } => {
                self.poc_lsb = reader.bits(log2_max)?;
                if both_fields {
                    self.delta_poc_bottom = reader.se()?;
                }
            }
            PocType::Cycle { delta_always_zero: false, .. } => {
                self.delta_poc[0] = reader.se()?;
                if both_fields {
                    self.delta_poc[1] = reader.se()?;
                }
            }
            PocType::Cycle { .. } | PocType::DecodeOrder => {}
        }
        Ok(())
    }

    /// From `direct_spatial_mv_pred_flag` through `pred_weight_table`.
    fn read_lists(
        &self,
        reader: &mut BitReader<'_>,
        slice_type: u32,
        sps: &Sps,
        pps: &Pps,
    ) -> Result<(), InspectError> {
        let lists = match self.picture {
            PictureType::I => 0,
            PictureType::B => 2,
            _ => 1,
        };
        let mut references = pps.default_references;
        if self.picture == PictureType::B {
            reader.skip(1)?; // direct_spatial_mv_pred_flag
        }
        // num_ref_idx_active_override_flag
        if lists > 0 && reader.flag()? {
            for count in references.iter_mut().take(lists) {
                *count = 1 + reader.ue_max(31, "num_ref_idx_active_minus1")?;
            }
        }
        for _ in 0..lists {
            skip_list_modification(reader)?;
        }
        let is_p = matches!(slice_type, 0 | 3);
        if pps.weighted_pred && is_p || pps.weighted_bipred_idc == 1 && lists == 2 {
            skip_weights(reader, references.iter().take(lists), sps.luma_only)?;
        }
        Ok(())
    }

    /// `dec_ref_pic_marking` (§7.3.3.3).
    fn read_marking(&mut self, reader: &mut BitReader<'_>) -> Result<(), InspectError> {
        match (self.reference, self.idr) {
            (false, _) => {}
            // no_output_of_prior_pics_flag, long_term_reference_flag
            (true, true) => reader.skip(2)?,
            (true, false) => self.resets = read_resets(reader)?,
        }
        Ok(())
    }

    /// `cabac_init_idc` and `slice_qp_delta`.
    fn read_qp(
        &self,
        reader: &mut BitReader<'_>,
        slice_type: u32,
        pps: &Pps,
    ) -> Result<i8, InspectError> {
        if pps.arithmetic && !matches!(slice_type, 2 | 4) {
            reader.ue_max(2, "cabac_init_idc")?;
        }
        super::super::quantiser(pps.initial_qp, reader.se()?)
    }

    /// True for a frame that replaces the only reference there can be, made of I slices alone.
    pub(crate) fn is_intra_reference(&self, picture: PictureType) -> bool {
        picture == PictureType::I && self.reference && self.structure == Structure::Frame
    }

    /// True if this is the first slice of another primary coded picture than `last` belongs to
    /// (§7.4.1.2.4).
    pub(crate) fn starts_picture_after(&self, last: &Self) -> bool {
        if self.redundant {
            return false;
        }
        self.frame_num != last.frame_num
            // Some streams use several PPS in one picture, which the standard does not provide for.
            || self.pps_id != last.pps_id && self.first_mb == 0
            || self.structure != last.structure
            || self.reference != last.reference
            || self.idr != last.idr
            || self.idr_pic_id != last.idr_pic_id
            || self.poc_lsb != last.poc_lsb
            || self.delta_poc_bottom != last.delta_poc_bottom
            || self.delta_poc != last.delta_poc
    }

    /// True if this is the second field of the frame whose first field is `first` (§3.30, §3.31:
    /// complementary field pairs).
    pub(crate) fn completes(&self, first: &Self) -> bool {
        let opposite = matches!(
            (first.structure, self.structure),
            (Structure::Top, Structure::Bottom) | (Structure::Bottom, Structure::Top)
        );
        opposite
            && self.frame_num == first.frame_num
            && self.reference == first.reference
            && !self.idr
            && !first.resets
    }
}

/// §7.3.3.1.
fn skip_list_modification(reader: &mut BitReader<'_>) -> Result<(), InspectError> {
    // ref_pic_list_modification_flag
    if !reader.flag()? {
        return Ok(());
    }
    for _ in 0..MAX_LIST_COMMANDS {
        if reader.ue_max(5, "modification_of_pic_nums_idc")? == 3 {
            return Ok(());
        }
        reader.ue()?;
    }
    Err(InspectError::Forbidden { field: "modification_of_pic_nums_idc" })
}

/// §7.3.3.2.
fn skip_weights<'n>(
    reader: &mut BitReader<'_>,
    references: impl Iterator<Item = &'n u32>,
    luma_only: bool,
) -> Result<(), InspectError> {
    reader.ue()?; // luma_log2_weight_denom
    if !luma_only {
        reader.ue()?; // chroma_log2_weight_denom
    }
    for count in references {
        for _ in 0..*count {
            let planes: &[usize] = if luma_only { &[2] } else { &[2, 4] };
            for values in planes {
                if reader.flag()? {
                    for _ in 0..*values {
                        reader.se()?;
                    }
                }
            }
        }
    }
    Ok(())
}

/// §7.3.3.3 of a picture that is no IDR picture.
fn read_resets(reader: &mut BitReader<'_>) -> Result<bool, InspectError> {
    let mut resets = false;
    // adaptive_ref_pic_marking_mode_flag
    if reader.flag()? {
        for _ in 0..MAX_LIST_COMMANDS {
            match reader.ue_max(6, "memory_management_control_operation")? {
                0 => return Ok(resets),
                3 => {
                    reader.ue()?;
                    reader.ue()?;
                }
                5 => resets = true,
                _ => {
                    reader.ue()?;
                }
            }
        }
    }
    Ok(resets)
}
