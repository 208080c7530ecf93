//! H.264 picture parameter sets, as far as slice headers depend on them (ITU-T H.264 §7.3.2.2),
//! and the sets in force by their ids.

use super::super::InspectError;
use super::super::bits::BitReader;
use super::super::parameter_sets::{ParameterSet, PictureParameterSet, SetTable};
use super::sps::Sps;

/// What slice headers need of a PPS.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pps {
    pub(crate) id: u8,
    pub(crate) sps_id: u8,
    /// `entropy_coding_mode_flag`: CABAC.
    pub(crate) arithmetic: bool,
    pub(crate) pic_order_present: bool,
    /// `num_ref_idx_l0_default_active_minus1` and that of list 1, plus one.
    pub(crate) default_references: [u32; 2],
    pub(crate) weighted_pred: bool,
    pub(crate) weighted_bipred_idc: u32,
    /// `26 + pic_init_qp_minus26`.
    pub(crate) initial_qp: i32,
    pub(crate) redundant_pic_cnt_present: bool,
}

impl Pps {
    /// Reads a NAL unit of type 8, header included.
    pub(crate) fn parse(nal: &[u8]) -> Result<Self, InspectError> {
        let reader = &mut BitReader::escaped(nal);
        reader.skip(8)?;
        let id = reader.ue_max(255, "pic_parameter_set_id")? as u8;
        let sps_id = reader.ue_max(31, "seq_parameter_set_id")? as u8;
        let arithmetic = reader.flag()?;
        let pic_order_present = reader.flag()?;
        skip_slice_groups(reader)?;
        let default_references = [
            1 + reader.ue_max(31, "num_ref_idx_l0_default_active_minus1")?,
            1 + reader.ue_max(31, "num_ref_idx_l1_default_active_minus1")?,
        ];
        let weighted_pred = reader.flag()?;
        let weighted_bipred_idc = reader.bits(2)?;
        let initial_qp = reader.se()?.saturating_add(26);
        for _ in 0..2 {
            reader.se()?; // pic_init_qs_minus26, chroma_qp_index_offset
        }
        reader.skip(2)?; // deblocking_filter_control_present_flag, constrained_intra_pred_flag
        let redundant_pic_cnt_present = reader.flag()?;
        Ok(Self {
            id,
            sps_id,
            arithmetic,
            pic_order_present,
            default_references,
            weighted_pred,
            weighted_bipred_idc,
            initial_qp,
            redundant_pic_cnt_present,
        })
    }
}

fn skip_slice_groups(reader: &mut BitReader<'_>) -> Result<(), InspectError> {
    let groups = 1 + reader.ue_max(7, "num_slice_groups_minus1")?;
    if groups == 1 {
        return Ok(());
    }
    match reader.ue_max(6, "slice_group_map_type")? {
        0 => {
            for _ in 0..groups {
                reader.ue()?;
            }
        }
        2 => {
            for _ in 0..2 * (groups - 1) {
                reader.ue()?;
            }
        }
        3..=5 => {
            reader.skip(1)?;
            reader.ue()?;
        }
        6 => {
            let units = 1 + reader.ue()? as usize;
            let bits_each = groups.next_power_of_two().trailing_zeros() as usize;
            reader.skip(units.saturating_mul(bits_each))?;
        }
        _ => {}
    }
    Ok(())
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

/// The parameter sets that have come, by id: at most 32 SPS and 256 PPS.
pub(crate) type ParameterSets = SetTable<Sps, Pps>;

impl ParameterSets {
    /// Takes a NAL unit in if it is a parameter set. A damaged one changes nothing.
    pub(crate) fn take(&mut self, nal: &[u8]) -> Result<(), InspectError> {
        match nal.first().map(|header| header & 0x1f) {
            Some(7) => self.put_sps(Sps::parse(nal)?),
            Some(8) => self.put_pps(Pps::parse(nal)?),
            _ => {}
        }
        Ok(())
    }
}
