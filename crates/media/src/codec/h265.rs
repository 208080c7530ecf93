//! H.265 (ITU-T H.265, ISO/IEC 23008-2): what its parameter sets and slice headers say. Only the
//! base layer is read.

mod nal_header;
mod nal_kind;
mod pps;
mod prediction;
mod profile;
mod reference_sets;
mod slice;
mod split;
mod sps;
#[cfg(test)]
mod tests;

use super::bits::BitReader;
use super::dolby_vision::InBand;
use super::h264::wrap_msb;
use super::sei::{Dialect, Known};
use super::{
    Codec, CodecConfig, CodecEntry, Framing, InspectError, Inspector, SampleFacts, StreamFacts,
    SyncKind, nal_units, record_nals,
};

pub(super) use nal_kind::unit;
pub(super) use split::Splitter;

use nal_header::NalHeader;
use pps::ParameterSets;
use profile::ProfileTierLevel;
use slice::SliceHeader;
use sps::Sps;

pub(super) const ENTRY: CodecEntry = CodecEntry {
    codec: Codec::H265,
    name: "h265",
    title: "H.265",
    intra_only: false,
    inspector: |config| Box::new(H265::new(config)),
};

/// `nal_unit_type` of messages before a picture (Table 7-1).
const PREFIX_SEI: u8 = 39;
/// Of Dolby Vision metadata; the standard leaves it to others.
const DOLBY_VISION: u8 = 62;

struct H265 {
    framing: Framing,
    sets: ParameterSets,
    /// The count of `prevTid0Pic` (§8.3.1).
    prev_poc: i64,
    /// The next picture is the first one of a coded video sequence, whatever its type.
    sequence_starts: bool,
    /// The references of RASL pictures are not there (`NoRaslOutputFlag`).
    skips_rasl: bool,
    profile: Option<ProfileTierLevel>,
    known: Known,
}

impl H265 {
    fn new(config: &CodecConfig) -> Self {
        let mut this = Self {
            framing: config.framing,
            sets: ParameterSets::default(),
            prev_poc: 0,
            sequence_starts: true,
            skips_rasl: false,
            profile: match config.record.as_ref() {
                [1, general @ ..] => ProfileTierLevel::read(&mut BitReader::new(general)).ok(),
                _ => None,
            },
            known: Known::default(),
        };
        for nal in record_nals(Codec::H265, &config.record) {
            // A damaged set is reported by the first sample that needs it.
            let _ = match NalHeader::read(&nal) {
                Some(NalHeader { kind: PREFIX_SEI, layer: 0, .. }) => {
                    this.sei(&nal);
                    Ok(())
                }
                _ => this.sets.take(&nal),
            };
        }
        this.activate_latest();
        this
    }

    /// Until a slice chooses an SPS, the one that came last is the best guess.
    fn activate_latest(&mut self) {
        if let (None, Some(sps)) = (self.known.facts(), self.sets.latest()) {
            self.known.activate(&sps.facts);
            self.profile.get_or_insert(sps.profile);
        }
    }

    /// Reads messages; gives the count of a recovery point.
    fn sei(&mut self, nal: &[u8]) -> Option<i32> {
        let has_pic_struct = self.sets.latest().is_some_and(|sps| sps.has_pic_struct);
        self.known.sei(nal, Dialect::H265 { has_pic_struct })
    }

    fn slice(
        &mut self,
        nal: &[u8],
        header: NalHeader,
        sample: &mut Option<SampleFacts>,
    ) -> Result<(), InspectError> {
        let Some(slice) = SliceHeader::parse(nal, header, &self.sets)? else { return Ok(()) };
        match sample {
            Some(sample) => {
                sample.picture = sample.picture.max(slice.picture);
                sample.quantise(slice.predicted.qp);
            }
            None => *sample = Some(self.picture(&slice, header)?),
        }
        Ok(())
    }

    fn picture(
        &mut self,
        slice: &SliceHeader,
        header: NalHeader,
    ) -> Result<SampleFacts, InspectError> {
        let (sps, _) = self.sets.of_slice(slice.pps_id)?;
        let starts = std::mem::replace(&mut self.sequence_starts, false);
        let restarts = header.is_irap() && (starts || header.is_idr() || header.is_bla());
        let (poc, prev_poc) = self.count(slice, header, sps, restarts);
        if header.is_irap() {
            self.skips_rasl = restarts;
        }
        let mut facts = SampleFacts {
            sync: match header.kind {
                _ if header.is_idr() => SyncKind::Closed,
                _ if header.is_irap() => SyncKind::Open,
                _ => SyncKind::None,
            },
            droppable: header.is_sub_layer_non_reference()
                && header.temporal_id == sps.highest_temporal_id,
            shown: slice.shown && !(header.is_rasl() && self.skips_rasl),
            size: Some((sps.facts.width, sps.facts.height)),
            parameters: Some(sps.hash),
            order: Some(poc),
            restarts_order: restarts,
            picture: slice.picture,
            quantiser: None,
            references: slice.predicted.references.clone(),
        };
        facts.quantise(slice.predicted.qp);
        self.known.activate(&sps.facts);
        self.profile.get_or_insert(sps.profile);
        self.prev_poc = prev_poc;
        Ok(facts)
    }

    /// `PicOrderCntVal` (§8.3.1) of this picture and of what is then `prevTid0Pic`.
    fn count(
        &self,
        slice: &SliceHeader,
        header: NalHeader,
        sps: &Sps,
        restarts: bool,
    ) -> (i64, i64) {
        let max = 1_i64 << sps.log2_max_poc_lsb;
        let lsb = i64::from(slice.poc_lsb);
        let prev_lsb = self.prev_poc & (max - 1);
        let msb = if restarts { 0 } else { wrap_msb(lsb, prev_lsb, self.prev_poc - prev_lsb, max) };
        let poc = msb.saturating_add(lsb);
        let is_base = header.temporal_id == 0
            && !header.is_leading()
            && !header.is_sub_layer_non_reference();
        (poc, if is_base { poc } else { self.prev_poc })
    }
}

impl Inspector for H265 {
    fn facts(&self) -> Option<&StreamFacts> {
        self.known.facts()
    }

    fn inspect(&mut self, access_unit: &[u8]) -> Result<SampleFacts, InspectError> {
        let mut sample = None;
        let mut recovery = None;
        let mut error = None;
        let mut ended = false;
        for nal in nal_units(access_unit, self.framing) {
            let Some(header) = NalHeader::read(nal.bytes).filter(|header| header.layer == 0) else {
                continue;
            };
            let read = match header.kind {
                _ if header.is_slice() => self.slice(nal.bytes, header, &mut sample),
                // End of sequence, end of bitstream.
                36 | 37 => {
                    ended = true;
                    Ok(())
                }
                PREFIX_SEI => {
                    if let Some(count) = self.sei(nal.bytes) {
                        recovery = Some(u16::try_from(count.max(0)).unwrap_or(u16::MAX));
                    }
                    Ok(())
                }
                DOLBY_VISION => {
                    // What is not understood says nothing.
                    if let Ok(found) = InBand::read(nal.bytes) {
                        self.known.dolby_vision(found);
                    }
                    Ok(())
                }
                _ => self.sets.take(nal.bytes),
            };
            error = error.or(read.err());
        }
        self.sequence_starts |= ended;
        self.activate_latest();
        let Some(mut facts) = sample else {
            return error.map_or(Ok(SampleFacts::default()), Err);
        };
        facts.sync = match (facts.sync, recovery) {
            (SyncKind::None, Some(0)) => SyncKind::Open,
            (SyncKind::None, Some(count)) => SyncKind::Recovery(count),
            (sync, _) => sync,
        };
        Ok(facts)
    }

    fn codec_string(&self, sample_entry: &str) -> String {
        self.profile
            .map_or_else(|| sample_entry.to_owned(), |profile| profile.codec_string(sample_entry))
    }
}
