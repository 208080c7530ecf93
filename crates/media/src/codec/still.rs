//! What JPEG and PNG share: each sample is a picture of its own, and all is in its header.

use super::{InspectError, Inspector, PictureType, SampleFacts, StreamFacts, SyncKind};

/// Reads the header of a still picture.
pub(crate) type ReadHeader = fn(&[u8]) -> Result<StreamFacts, InspectError>;

/// An inspector of independent pictures.
pub(crate) struct Stills {
    read: ReadHeader,
    facts: Option<StreamFacts>,
}

impl Stills {
    pub(crate) fn new(read: ReadHeader) -> Self {
        Self { read, facts: None }
    }
}

impl Inspector for Stills {
    fn facts(&self) -> Option<&StreamFacts> {
        self.facts.as_ref()
    }

    fn inspect(&mut self, access_unit: &[u8]) -> Result<SampleFacts, InspectError> {
        let facts = (self.read)(access_unit)?;
        let sample = SampleFacts {
            sync: SyncKind::Closed,
            droppable: true,
            shown: true,
            size: Some((facts.width, facts.height)),
            picture: PictureType::I,
            ..SampleFacts::default()
        };
        self.facts = Some(facts);
        Ok(sample)
    }
}
