//! H.265 slice segment headers (ITU-T H.265 §7.3.6.1): their start, up to the picture order count.
//! What comes after it is in `prediction`.

use super::super::bits::BitReader;
use super::super::{InspectError, PictureType};
use super::nal_header::NalHeader;
use super::pps::ParameterSets;
use super::prediction::{Predicted, read_prediction};

/// What a slice segment header says of its picture.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SliceHeader {
    pub(crate) pps_id: u8,
    /// The first one of its picture.
    pub(crate) first: bool,
    pub(crate) picture: PictureType,
    pub(crate) shown: bool,
    pub(crate) poc_lsb: u32,
    /// What it is predicted from and how it is quantised.
    pub(crate) predicted: Predicted,
}

impl SliceHeader {
    /// Reads a slice segment, NAL unit header included; `None` for a dependent one, which has no
    /// header of its own.
    pub(crate) fn parse(
        nal: &[u8],
        header: NalHeader,
        sets: &ParameterSets,
    ) -> Result<Option<Self>, InspectError> {
        let reader = &mut BitReader::escaped(nal);
        reader.skip(16)?;
        let first = reader.flag()?;
        if header.is_irap() {
            reader.skip(1)?; // no_output_of_prior_pics_flag
        }
        let pps_id = reader.ue_max(63, "slice_pic_parameter_set_id")? as u8;
        let (sps, pps) = sets.of_slice(pps_id)?;
        if !first {
            let dependent = pps.dependent_slices && reader.flag()?;
            if dependent {
                return Ok(None);
            }
            reader.skip(sps.address_bits as usize)?;
        }
        reader.skip(pps.extra_slice_header_bits)?;
        let picture = match reader.ue_max(2, "slice_type")? {
            0 => PictureType::B,
            1 => PictureType::P,
            _ => PictureType::I,
        };
        let shown = !pps.output_flag_present || reader.flag()?;
        if sps.separate_colour_planes {
            reader.skip(2)?; // colour_plane_id
        }
        let poc_lsb = if header.is_idr() { 0 } else { reader.bits(sps.log2_max_poc_lsb)? };
        let predicted = read_prediction(reader, (header, picture), (sps, pps));
        Ok(Some(Self { pps_id, first, picture, shown, poc_lsb, predicted }))
    }
}
