//! Stub, to be replaced.

use super::{Codec, CodecConfig, CodecEntry, InspectError, Inspector, SampleFacts, StreamFacts};

pub(super) const ENTRY: CodecEntry = CodecEntry {
    codec: Codec::Vp8,
    name: "vp8",
    title: "VP8",
    intra_only: false,
    inspector,
};

struct Stub;

fn inspector(_: &CodecConfig) -> Box<dyn Inspector> {
    Box::new(Stub)
}

impl Inspector for Stub {
    fn facts(&self) -> Option<&StreamFacts> {
        None
    }
    fn inspect(&mut self, _: &[u8]) -> Result<SampleFacts, InspectError> {
        Ok(SampleFacts::default())
    }
}
