//! What the bits of samples say, asked where a container's own word is missing or known to mislead.

use reelscope_media::{
    Codec, SampleData, SyncKind, Track, Visibility,
    codec::{Inspector, PictureType, SampleFacts},
};

use crate::raw::{RawSample, look_into, presentation_places};

/// Enough of a sample to see its parameter sets and first slice header.
pub(crate) const SAMPLE_HEAD: u32 = 16 << 10;

/// Enough of a VP8 or VP9 frame to see whether it is shown.
const VPX_HEAD: u32 = 64;

/// A frame that may be hidden is read whole up to this size, to see whether it hides a second one.
const LONGEST_SUPERFRAME: u32 = 16 << 20;

/// What a container says of a sample.
#[derive(Clone, Copy)]
pub(crate) struct Stated {
    /// Its bytes, as the track's source understands them.
    pub(crate) offset: u64,
    pub(crate) len: u32,
    /// True if it is marked as a key frame.
    pub(crate) key: bool,
    /// True if it is marked as never shown.
    pub(crate) invisible: bool,
}

/// Checks key frame marks, which some muxers put on every sample, and finds frames that are only
/// there to be referred to: VP8 and VP9 have such as samples of their own.
pub(crate) struct Inspection {
    inspector: Option<Box<dyn Inspector>>,
    has_hidden: bool,
}

impl Inspection {
    /// For the samples of a track with its latest configuration.
    pub(crate) fn new(track: &Track) -> Self {
        let entry = track.codec.entry().filter(|_| track.unplayable.is_none());
        let config = track.configs.last();
        let inspector = entry
            .zip(config)
            .map(|(entry, config)| (entry.inspector)(config));
        let has_hidden = matches!(track.codec, Codec::Vp8 | Codec::Vp9);
        Self {
            inspector,
            has_hidden,
        }
    }

    /// Whether decoding can start at a sample, and whether it is hidden. To be asked in decode order.
    pub(crate) fn sync_and_hidden(&mut self, sample: Stated, track: &Track) -> (SyncKind, bool) {
        let stated = if sample.key {
            SyncKind::Stated
        } else {
            SyncKind::None
        };
        if !self.has_hidden && !sample.key {
            return (stated, sample.invisible);
        }
        let head = if self.has_hidden {
            VPX_HEAD
        } else {
            SAMPLE_HEAD
        };
        let mut facts = self.facts(track, sample.offset, sample.len.min(head));
        // What looks hidden at its start may be a VP9 superframe with a shown frame behind.
        if self.has_hidden && sample.len > head && facts.as_ref().is_some_and(|it| !it.shown) {
            facts = self.facts(track, sample.offset, sample.len.min(LONGEST_SUPERFRAME));
        }
        match facts {
            Some(facts) if self.has_hidden => (facts.sync, sample.invisible || !facts.shown),
            Some(facts) if facts.sync != SyncKind::None => (facts.sync, sample.invisible),
            Some(SampleFacts {
                picture: PictureType::P | PictureType::B,
                ..
            }) => (SyncKind::None, sample.invisible),
            _ => (stated, sample.invisible),
        }
    }

    fn facts(&mut self, track: &Track, offset: u64, len: u32) -> Option<SampleFacts> {
        let bytes = track.source.load(offset, len).ok()?;
        self.inspector.as_mut()?.inspect(&bytes).ok()
    }
}

/// Gives the samples' times, which are times of decoding, out again in presentation order. What was
/// not known from the container (sync samples) is taken from the bits as well.
pub(crate) fn present_in_picture_order(track: &mut Track) {
    let Some(entry) = track.codec.entry().filter(|entry| !entry.intra_only) else {
        return;
    };
    let Some(config) = track.configs.first() else {
        return;
    };
    let mut inspector = Some((entry.inspector)(config));
    let samples = std::mem::take(&mut track.samples);
    let mut samples: Vec<_> = (0..samples.len())
        .filter_map(|at| samples.get(samples.at_decode_position(at)?).cloned())
        .collect();
    let mut raw = Vec::with_capacity(samples.len());
    for sample in &mut samples {
        let bytes = match sample.data {
            SampleData::Range { offset, len } => track.source.load(offset, len.min(SAMPLE_HEAD)),
            SampleData::Bytes(ref bytes) => Ok(bytes.clone()),
        };
        let facts = look_into(inspector.as_mut(), &bytes.unwrap_or_default());
        raw.push(RawSample::new(0, 0, &facts));
        sample.sync = facts.sync;
        if !facts.shown {
            sample.visibility = Visibility::NoPicture;
        }
    }
    let mut times: Vec<_> = samples.iter().map(|sample| sample.pts).collect();
    times.sort_unstable();
    for (mut sample, place) in samples.into_iter().zip(presentation_places(&raw)) {
        let time = usize::try_from(place)
            .ok()
            .and_then(|place| times.get(place));
        sample.pts = time.copied().unwrap_or(sample.pts);
        track.samples.push(sample);
    }
}
