//! AV1: what its sequence and frame headers say.

mod frame;
mod metadata;
mod obu;
mod sequence;
#[cfg(test)]
mod tests;

use super::{
    Codec, CodecConfig, CodecEntry, InspectError, Inspector, SampleFacts, StreamFacts, SyncKind,
};
use crate::HdrFacts;
use frame::{FrameHeader, References};
use sequence::{CodecPoint, Sequence};

pub(super) use obu::{obu_name, obus};

pub(super) const ENTRY: CodecEntry = CodecEntry {
    codec: Codec::Av1,
    name: "av1",
    title: "AV1",
    intra_only: false,
    inspector: |config| Box::new(Av1::new(config)),
};

/// Length of an `AV1CodecConfigurationRecord` before its units.
const RECORD_HEADER: usize = 4;

struct Av1 {
    sequence: Option<Sequence>,
    /// Decoders get a sequence header from the configuration record, so samples need none.
    has_record: bool,
    point: Option<CodecPoint>,
    references: References,
    hdr: HdrFacts,
    facts: Option<StreamFacts>,
}

impl Av1 {
    fn new(config: &CodecConfig) -> Self {
        let point = CodecPoint::of_record(&config.record).ok();
        let mut this = Self {
            sequence: None,
            has_record: false,
            point,
            references: References::default(),
            hdr: HdrFacts::default(),
            facts: point.map(|point| point.facts()),
        };
        for unit in obus(config.record.get(RECORD_HEADER..).unwrap_or_default()) {
            // A damaged header is reported by the first sample that needs it.
            match unit.kind {
                obu::SEQUENCE_HEADER if this.sequence_header(unit.payload).is_ok() => {
                    this.has_record = true;
                }
                obu::METADATA => this.metadata(unit.payload),
                _ => {}
            }
        }
        this
    }

    fn sequence_header(&mut self, payload: &[u8]) -> Result<(), InspectError> {
        let sequence = Sequence::parse(payload)?;
        let facts = StreamFacts { hdr: self.hdr, ..sequence.facts.clone() };
        if self.facts.as_ref() != Some(&facts) {
            self.facts = Some(facts);
        }
        self.point = Some(sequence.point);
        self.sequence = Some(sequence);
        Ok(())
    }

    /// What is damaged, or of a kind that is not known, says nothing.
    fn metadata(&mut self, payload: &[u8]) {
        if metadata::read(payload, &mut self.hdr).is_ok()
            && let Some(facts) = &mut self.facts
        {
            facts.hdr = self.hdr;
        }
    }

    fn frame(&mut self, unit: obu::Obu<'_>) -> Result<Option<FrameHeader>, InspectError> {
        let sequence = self
            .sequence
            .as_ref()
            .ok_or(InspectError::MissingParameterSet { kind: "sequence header" })?;
        if !sequence.operating_point().has(unit.layer) {
            return Ok(None);
        }
        self.references.next(unit.payload, sequence, unit.layer).map(Some)
    }
}

/// Takes a frame into what is known of its sample.
fn add_frame(sample: &mut Option<SampleFacts>, frame: FrameHeader, decodable: bool) {
    let sample = sample.get_or_insert(SampleFacts { droppable: true, ..SampleFacts::default() });
    sample.droppable &= frame.refreshes == 0;
    if frame.key && decodable {
        sample.sync = match sample.sync {
            SyncKind::Closed => SyncKind::Closed,
            _ if frame.shown => SyncKind::Closed,
            // A delayed random access point.
            _ => SyncKind::Open,
        };
    }
    if frame.shown {
        sample.shown = true;
        sample.size = frame.size;
        sample.picture = frame.picture;
    }
}

impl Inspector for Av1 {
    fn facts(&self) -> Option<&StreamFacts> {
        self.facts.as_ref()
    }

    fn inspect(&mut self, access_unit: &[u8]) -> Result<SampleFacts, InspectError> {
        let mut sample = None;
        let mut error = None;
        let mut has_units = false;
        let mut decodable = self.has_record;
        for unit in obus(access_unit) {
            has_units = true;
            let read = match unit.kind {
                obu::SEQUENCE_HEADER => {
                    self.sequence_header(unit.payload).map(|()| decodable = true)
                }
                obu::FRAME_HEADER | obu::FRAME => self.frame(unit).map(|frame| {
                    if let Some(frame) = frame {
                        add_frame(&mut sample, frame, decodable);
                    }
                }),
                obu::METADATA => {
                    self.metadata(unit.payload);
                    Ok(())
                }
                _ => Ok(()),
            };
            error = error.or(read.err());
        }
        match (sample, error) {
            (None, Some(error)) => Err(error),
            (None, None) if !has_units && !access_unit.is_empty() => {
                Err(InspectError::NotThisCodec { codec: "AV1" })
            }
            (sample, _) => Ok(SampleFacts {
                parameters: self.sequence.as_ref().map(|sequence| sequence.hash),
                ..sample.unwrap_or_default()
            }),
        }
    }

    fn codec_string(&self, sample_entry: &str) -> String {
        self.point
            .map_or_else(|| sample_entry.to_owned(), |point| point.codec_string(sample_entry))
    }
}
