//! How far a decoder was fed in the current generation, and whether a sample's frame can still come
//! out of it.

use reelscope_media::{Pts, SampleId, SampleIndex};

/// Progress of one generation of feeding.
#[derive(Clone, Debug)]
pub(crate) struct Feeding {
    /// The generation's number at the decoder.
    pub(crate) generation: u64,
    /// Position in decode order of the first sample fed.
    pub(crate) start: usize,
    /// Position in decode order of the next sample to feed.
    pub(crate) next: usize,
    /// The latest place in presentation order whose frame came out.
    pub(crate) watermark: Option<(Pts, SampleId)>,
    /// True once the end of the track was fed.
    pub(crate) flushing: bool,
    /// True once everything that was fed has come out; nothing more can be fed.
    pub(crate) finished: bool,
}

impl Feeding {
    pub(crate) fn new(generation: u64, start: usize) -> Self {
        Self {
            generation,
            start,
            next: start,
            watermark: None,
            flushing: false,
            finished: false,
        }
    }

    /// True if the frame of a sample, which is not at hand, can still come out of this generation
    /// at no more cost than starting anew. `for_it` says that the generation was started for this
    /// very sample, so that starting anew would be the same again.
    pub(crate) fn can_reach(&self, samples: &SampleIndex, id: SampleId, for_it: bool) -> bool {
        let (Some(position), Some(start)) = (samples.decode_position(id), samples.decode_start(id))
        else {
            return false;
        };
        self.start <= start && !self.passed(samples, id) && {
            let fed = position < self.next;
            if fed {
                !self.finished
            } else {
                !self.flushing && (for_it || start <= self.next)
            }
        }
    }

    /// True if frames shown after this sample have come out already.
    pub(crate) fn passed(&self, samples: &SampleIndex, id: SampleId) -> bool {
        let place = samples.get(id).map(|sample| (sample.pts, id));
        self.watermark.is_some() && self.watermark >= place
    }

    /// Samples fed after the one whose frame came last: about as many as the decoder holds.
    pub(crate) fn in_flight(&self, samples: &SampleIndex) -> usize {
        let last = self
            .watermark
            .and_then(|(_, id)| samples.decode_position(id));
        self.next
            .saturating_sub(last.map_or(self.start, |position| position + 1))
    }
}
