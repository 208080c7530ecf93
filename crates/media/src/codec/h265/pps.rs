//! H.265 picture parameter sets, as far as slice headers depend on them (ITU-T H.265 §7.3.2.3),
//! and the sets in force by their ids.

use super::super::InspectError;
use super::super::bits::BitReader;
use super::super::parameter_sets::{ParameterSet, PictureParameterSet, SetTable};
use super::nal_header::NalHeader;
use super::sps::Sps;

/// What slice headers need of a PPS.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pps {
    pub(crate) id: u8,
    pub(crate) sps_id: u8,
    pub(crate) dependent_slices: bool,
    pub(crate) output_flag_present: bool,
    pub(crate) extra_slice_header_bits: usize,
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
        })
    }
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
