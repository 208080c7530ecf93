//! What the bits of a track's pictures say, as far as their samples were read.

use std::collections::BTreeMap;

use reelscope_ingest::PictureReading;
use reelscope_media::SampleId;
use reelscope_media::codec::PictureType;

/// Pictures that are kept. Those of another place in the track are read again when it is looked at.
const MOST: usize = 1 << 18;

/// What is known of one track.
#[derive(Debug, Default)]
pub(crate) struct Pictures(BTreeMap<SampleId, PictureReading>);

impl Pictures {
    /// The type of a sample's picture.
    pub(crate) fn get(&self, id: SampleId) -> PictureType {
        self.reading(id)
            .map(|reading| reading.picture)
            .unwrap_or_default()
    }

    /// What was read of a sample's picture; nothing is known in it if it could not be read.
    pub(crate) fn reading(&self, id: SampleId) -> Option<&PictureReading> {
        self.0.get(&id)
    }

    /// True if the sample was read, whether its type could be told or not.
    pub(crate) fn is_known(&self, id: SampleId) -> bool {
        self.0.contains_key(&id)
    }

    /// Takes what was read.
    pub(crate) fn extend(&mut self, read: impl IntoIterator<Item = (SampleId, PictureReading)>) {
        if self.0.len() > MOST {
            self.0.clear();
        }
        self.0.extend(read);
    }
}
