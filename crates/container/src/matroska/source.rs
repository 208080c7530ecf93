//! Samples whose first bytes were taken off when the file was written ("header stripping",
//! RFC 9559 §5.1.4.1.31.9), given out with them put back.

use bytes::Bytes;
use reelscope_media::{LoadError, SampleSource, WholeSource};

/// Gives samples with the stripped bytes in front. Their `len` counts these.
pub(super) struct Unstripped {
    pub(super) front: Vec<u8>,
    pub(super) whole: WholeSource,
}

impl SampleSource for Unstripped {
    fn load(&self, offset: u64, len: u32) -> Result<Bytes, LoadError> {
        let front_len = u32::try_from(self.front.len()).unwrap_or(u32::MAX);
        let rest = self.whole.load(offset, len.saturating_sub(front_len))?;
        let mut sample = Vec::with_capacity(self.front.len() + rest.len());
        sample.extend(&self.front);
        sample.extend(&rest);
        Ok(sample.into())
    }
}
