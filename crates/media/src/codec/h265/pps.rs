//! H.265 picture parameter sets, as far as slice headers depend on them (ITU-T H.265 §7.3.2.3),
//! and the sets in force by their ids.

use super::super::InspectError;
use super::super::bits::BitReader;
use super::super::parameter_sets::{ParameterSet, PictureParameterSet, SetTable};
use super::nal_header::NalHeader;
use super::sps::{Sps, skip_scaling_lists};

/// What slice headers need of a PPS.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pps {
    pub(crate) id: u8,
    pub(crate) sps_id: u8,
    pub(crate) dependent_slices: bool,
    pub(crate) output_flag_present: bool,
    pub(crate) extra_slice_header_bits: usize,
    /// What slice headers need to be read to their quantiser; `None` if that could not be read.
    pub(crate) prediction: Option<Prediction>,
}

/// How slices are predicted and quantised.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Prediction {
    /// `cabac_init_present_flag`.
    pub(crate) chooses_contexts: bool,
    /// `num_ref_idx_l0_default_active_minus1` and that of list 1, plus one.
    pub(crate) default_references: [u32; 2],
    /// `26 + init_qp_minus26`.
    pub(crate) initial_qp: i32,
    /// Weights of P and of B slices.
    pub(crate) weights: [bool; 2],
    /// `lists_modification_present_flag`.
    pub(crate) modifies_lists: bool,
}

impl Pps {
    /// Reads a NAL unit of type 34, header included.
    pub(crate) fn parse(nal: &[u8]) -> Result<Self, InspectError> {
        let reader = &mut BitReader::escaped(nal);
        reader.skip(16)?;
        Ok(Self {
            id: reader.ue_max(63, "pps_pic_parameter_set_id")? as u8,
            sps_id: reader.ue_max(15, "pps_seq_parameter_set_id")? as u8,
            dependent_slices: reader.flag()?,
            output_flag_present: reader.flag()?,
            extra_slice_header_bits: reader.bits(3)? as usize,
            prediction: Prediction::read(reader).ok(),
        })
    }
}

impl Prediction {
    /// From `sign_data_hiding_enabled_flag` to `lists_modification_present_flag`.
    fn read(reader: &mut BitReader<'_>) -> Result<Self, InspectError> {
        reader.skip(1)?; // sign_data_hiding_enabled_flag
        let chooses_contexts = reader.flag()?;
        let default_references = [
            1 + reader.ue_max(14, "num_ref_idx_l0_default_active_minus1")?,
            1 + reader.ue_max(14, "num_ref_idx_l1_default_active_minus1")?,
        ];
        let initial_qp = reader.se()?.saturating_add(26);
        reader.skip(2)?; // constrained_intra_pred_flag, transform_skip_enabled_flag
        // cu_qp_delta_enabled_flag
        if reader.flag()? {
            reader.ue()?; // diff_cu_qp_delta_depth
        }
        reader.se()?; // pps_cb_qp_offset
        reader.se()?; // pps_cr_qp_offset
        reader.skip(1)?; // pps_slice_chroma_qp_offsets_present_flag
        let weights = [reader.flag()?, reader.flag()?];
        reader.skip(1)?; // transquant_bypass_enabled_flag
        let tiles = reader.flag()?;
        reader.skip(1)?; // entropy_coding_sync_enabled_flag
        if tiles {
            skip_tiles(reader)?;
        }
        reader.skip(1)?; // pps_loop_filter_across_slices_enabled_flag
        // deblocking_filter_control_present_flag
        if reader.flag()? {
            reader.skip(1)?; // deblocking_filter_override_enabled_flag
            // pps_deblocking_filter_disabled_flag
            if !reader.flag()? {
                reader.se()?; // pps_beta_offset_div2
                reader.se()?; // pps_tc_offset_div2
            }
        }
        // pps_scaling_list_data_present_flag
        if reader.flag()? {
            skip_scaling_lists(reader)?;
        }
        let modifies_lists = reader.flag()?;
        Ok(Self { chooses_contexts, default_references, initial_qp, weights, modifies_lists })
    }
}

fn skip_tiles(reader: &mut BitReader<'_>) -> Result<(), InspectError> {
    // Table A.8 allows 20 columns and 22 rows at most; this leaves room.
    let columns = reader.ue_max(255, "num_tile_columns_minus1")?;
    let rows = reader.ue_max(255, "num_tile_rows_minus1")?;
    // uniform_spacing_flag
    if !reader.flag()? {
        for _ in 0..columns + rows {
            reader.ue()?;
        }
    }
    reader.skip(1) // loop_filter_across_tiles_enabled_flag
}

impl ParameterSet for Sps {
    fn id(&self) -> u8 {
        self.id
    }
}

impl ParameterSet for Pps {
    fn id(&self) -> u8 {
        self.id
    }
}

impl PictureParameterSet for Pps {
    fn sps_id(&self) -> u8 {
        self.sps_id
    }
}

/// The parameter sets of the base layer that have come, by id: at most 16 SPS and 64 PPS.
pub(crate) type ParameterSets = SetTable<Sps, Pps>;

impl ParameterSets {
    /// Takes a NAL unit in if it is a parameter set of the base layer. A damaged one changes
    /// nothing.
    pub(crate) fn take(&mut self, nal: &[u8]) -> Result<(), InspectError> {
        match NalHeader::read(nal).filter(|header| header.layer == 0).map(|header| header.kind) {
            Some(33) => self.put_sps(Sps::parse(nal)?),
            Some(34) => self.put_pps(Pps::parse(nal)?),
            _ => {}
        }
        Ok(())
    }
}
