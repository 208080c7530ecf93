//! Uncoded pictures: the configuration record says all, see `RawFormat`.

use super::{
    Codec, CodecConfig, CodecEntry, InspectError, Inspector, PictureType, SampleFacts, StreamFacts,
    SyncKind,
};
use crate::RawFormat;

pub(super) const ENTRY: CodecEntry = CodecEntry {
    codec: Codec::Raw,
    name: "rawvideo",
    title: "raw pictures",
    intra_only: true,
    inspector: |config| Box::new(Raw::new(config)),
};

struct Raw {
    format: Option<RawFormat>,
    facts: Option<StreamFacts>,
}

impl Raw {
    fn new(config: &CodecConfig) -> Self {
        let format = RawFormat::from_record(&config.record).ok();
        let facts = format.map(|format| StreamFacts {
            width: format.width,
            height: format.height,
            format: Some(format.frame_format()),
            color: format.color(),
            ..StreamFacts::default()
        });
        Self { format, facts }
    }
}

impl Inspector for Raw {
    fn facts(&self) -> Option<&StreamFacts> {
        self.facts.as_ref()
    }

    fn inspect(&mut self, access_unit: &[u8]) -> Result<SampleFacts, InspectError> {
        let kind = "picture format";
        let format = self.format.ok_or(InspectError::MissingParameterSet { kind })?;
        if format.byte_size().is_none_or(|needed| access_unit.len() < needed) {
            return Err(InspectError::Truncated);
        }
        Ok(SampleFacts {
            sync: SyncKind::Closed,
            droppable: true,
            shown: true,
            size: Some((format.width, format.height)),
            picture: PictureType::I,
            ..SampleFacts::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_shorter_than_its_format_is_truncated() {
        let format = RawFormat::from_numbers(3, 2, None, Some(2), Some(8)).unwrap();
        let mut inspector = Raw::new(&format.config());
        assert_eq!(inspector.facts().unwrap().format.unwrap().name(), "rgb48le");
        assert_eq!(inspector.inspect(&[0; 35]), Err(InspectError::Truncated));
        assert_eq!(inspector.inspect(&[0; 36]).unwrap().size, Some((3, 2)));
    }
}
