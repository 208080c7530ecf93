//! H.264 (ITU-T H.264, ISO/IEC 14496-10): what its parameter sets and slice headers say.

mod nal_kind;
mod poc;
mod pps;
mod slice;
mod split;
mod sps;
#[cfg(test)]
mod tests;

use super::{
    Codec, CodecConfig, CodecEntry, Framing, InspectError, Inspector, SampleFacts,
    StreamFacts, SyncKind, nal_units, record_nals,
};

pub(super) use nal_kind::unit;
pub(super) use poc::wrap_msb;
pub(super) use split::Splitter;
pub(super) use sps::crop;

use super::sei::{Dialect, Known};
use crate::FieldOrder;
use poc::OrderCounter;
use pps::ParameterSets;
use slice::{SliceHeader, Structure};
use sps::Sps;

pub(super) const ENTRY: CodecEntry = CodecEntry {
    codec: Codec::H264,
    name: "h264",
    title: "H.264",
    intra_only: false,
    inspector: |config| Box::new(H264::new(config)),
};

struct H264 {
    framing: Framing,
    sets: ParameterSets,
    order: OrderCounter,
    /// `[profile_idc, constraint flags, level_idc]` of the record or the first SPS.
    profile: Option<[u8; 3]>,
    known: Known,
}

/// What has been found out about the pictures of one access unit.
#[derive(Default)]
struct Found {
    facts: SampleFacts,
    first: Option<SliceHeader>,
    last: Option<SliceHeader>,
    recovery: Option<u16>,
    /// No picture can refer to more than the reference picture before it.
    one_reference: bool,
    error: Option<InspectError>,
}

impl H264 {
    fn new(config: &CodecConfig) -> Self {
        let mut this = Self {
            framing: config.framing,
            sets: ParameterSets::default(),
            order: OrderCounter::default(),
            profile: match config.record.as_ref() {
                [1, profile, constraints, level, ..] => Some([*profile, *constraints, *level]),
                _ => None,
            },
            known: Known::default(),
        };
        for nal in record_nals(Codec::H264, &config.record) {
            // A damaged set is reported by the first sample that needs it.
            let _ = this.sets.take(&nal);
        }
        this.activate_latest();
        this
    }

    /// Until a slice chooses an SPS, the one that came last is the best guess.
    fn activate_latest(&mut self) {
        if let (None, Some(sps)) = (self.known.facts(), self.sets.latest()) {
            self.known.activate(&sps.facts);
            self.profile.get_or_insert([sps.profile_idc, sps.constraints, sps.level_idc]);
        }
    }

    fn slice(&mut self, nal: &[u8], found: &mut Found) -> Result<(), InspectError> {
        let slice = SliceHeader::parse(nal, &self.sets)?;
        if slice.redundant {
            return Ok(());
        }
        if found.last.as_ref().is_none_or(|last| slice.starts_picture_after(last)) {
            let (sps, _) = self.sets.of_slice(slice.pps_id)?;
            let order = self.order.next(&slice, sps);
            found.picture(&slice, order, sps);
            self.known.activate(&sps.facts);
            match slice.structure {
                Structure::Top if found.first.is_none() => {
                    self.known.first_field(FieldOrder::TopFirst);
                }
                Structure::Bottom if found.first.is_none() => {
                    self.known.first_field(FieldOrder::BottomFirst);
                }
                _ => {}
            }
            self.profile.get_or_insert([sps.profile_idc, sps.constraints, sps.level_idc]);
        } else if found.first.as_ref().is_some_and(|first| slice.structure == first.structure) {
            found.facts.picture = found.facts.picture.max(slice.picture);
        }
        found.facts.quantise(slice.qp);
        found.first.get_or_insert_with(|| slice.clone());
        found.last = Some(slice);
        Ok(())
    }
}

impl Found {
    /// Takes in a field or frame.
    fn picture(&mut self, slice: &SliceHeader, order: i64, sps: &Sps) {
        let facts = &mut self.facts;
        if slice.idr || slice.resets {
            facts.restarts_order = true;
            facts.order = Some(order);
        } else {
            facts.order = Some(facts.order.map_or(order, |other| other.min(order)));
        }
        if self.first.is_none() {
            facts.shown = true;
            facts.droppable = true;
            facts.size = Some((sps.facts.width, sps.facts.height));
            facts.parameters = Some(sps.hash);
            // Of a frame coded as two fields, the first one counts: the second field of an intra
            // frame is often predicted from it.
            facts.picture = slice.picture;
            self.one_reference = sps.max_references <= 1;
        }
        facts.droppable &= !slice.reference;
    }

    fn finish(mut self) -> Result<SampleFacts, InspectError> {
        match (&self.first, self.error) {
            (Some(first), _) => {
                self.facts.sync = match self.recovery {
                    _ if first.idr => SyncKind::Closed,
                    _ if self.one_reference && first.is_intra_reference(self.facts.picture) => {
                        SyncKind::Closed
                    }
                    Some(0) => SyncKind::Open,
                    Some(count) => SyncKind::Recovery(count),
                    None => SyncKind::None,
                };
                Ok(self.facts)
            }
            (None, Some(error)) => Err(error),
            (None, None) => Ok(self.facts),
        }
    }
}

impl Inspector for H264 {
    fn facts(&self) -> Option<&StreamFacts> {
        self.known.facts()
    }

    fn inspect(&mut self, access_unit: &[u8]) -> Result<SampleFacts, InspectError> {
        let mut found = Found::default();
        for nal in nal_units(access_unit, self.framing) {
            let read = match nal.bytes.first().map(|header| header & 0x1f) {
                Some(1 | 2 | 5) => self.slice(nal.bytes, &mut found),
                Some(6) if found.first.is_none() => {
                    let pic_struct_at = self.sets.latest().and_then(|sps| sps.pic_struct_at);
                    let recovery = self.known.sei(nal.bytes, Dialect::H264 { pic_struct_at });
                    if let Some(count) = recovery {
                        found.recovery = Some(u16::try_from(count).unwrap_or(u16::MAX));
                    }
                    Ok(())
                }
                _ => self.sets.take(nal.bytes),
            };
            found.error = found.error.or(read.err());
        }
        self.activate_latest();
        found.finish()
    }

    /// RFC 6381 §3.3: profile, constraint flags and level in hexadecimal.
    fn codec_string(&self, sample_entry: &str) -> String {
        match self.profile {
            Some([profile, constraints, level]) => {
                format!("{sample_entry}.{profile:02X}{constraints:02X}{level:02X}")
            }
            None => sample_entry.to_owned(),
        }
    }
}
