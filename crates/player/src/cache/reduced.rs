//! The reduced frames of one track: small pictures of its sync samples, and of others around the
//! playhead.

use std::collections::BTreeMap;
use std::sync::Arc;

use reelscope_media::{Frame, Pts, SampleId};

use super::{Place, shelf};

#[derive(Debug, Default)]
pub(super) struct Reduced {
    /// Of sync samples.
    atlas: BTreeMap<Place, Arc<Frame>>,
    /// Of others.
    others: BTreeMap<Place, Arc<Frame>>,
    bytes: usize,
}

/// A small picture of a sync sample.
#[derive(Clone, Copy, Debug)]
pub struct Thumbnail<'a> {
    /// The sample.
    pub sample: SampleId,
    /// Its presentation time in track ticks.
    pub pts: Pts,
    /// The picture.
    pub frame: &'a Arc<Frame>,
}

impl Reduced {
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn has(&self, place: Place) -> bool {
        self.atlas.contains_key(&place) || self.others.contains_key(&place)
    }

    /// Keeps a frame; gives the bytes of the one that was there before.
    pub(super) fn insert(&mut self, place: Place, frame: Frame, is_sync: bool) -> usize {
        self.bytes += frame.byte_size();
        let tier = if is_sync {
            &mut self.atlas
        } else {
            &mut self.others
        };
        let old = tier
            .insert(place, Arc::new(frame))
            .map_or(0, |frame| frame.byte_size());
        self.bytes -= old;
        old
    }

    /// Drops the frame farthest from the playhead, sync samples last; gives its bytes.
    pub(super) fn remove_farthest(&mut self, playhead: Pts) -> usize {
        let tier = if self.others.is_empty() {
            &mut self.atlas
        } else {
            &mut self.others
        };
        let first = tier.first_key_value().map(|(place, _)| *place);
        let last = tier.last_key_value().map(|(place, _)| *place);
        let away = |place: &Place| place.0.0.abs_diff(playhead.0);
        let farthest = first.into_iter().chain(last).max_by_key(away);
        let freed = farthest
            .and_then(|place| tier.remove(&place))
            .map_or(0, |frame| frame.byte_size());
        self.bytes -= freed;
        freed
    }

    /// Drops the frame of a sample; gives its bytes.
    pub(super) fn remove(&mut self, place: Place) -> usize {
        let frame = self
            .atlas
            .remove(&place)
            .or_else(|| self.others.remove(&place));
        let freed = frame.map_or(0, |frame| frame.byte_size());
        self.bytes -= freed;
        freed
    }

    pub(super) fn nearest(&self, pts: Pts) -> Option<(SampleId, Pts, &Arc<Frame>)> {
        let of_sync = shelf::nearest(&self.atlas, pts);
        let of_other = shelf::nearest(&self.others, pts);
        let ((at, sample), frame) = of_sync
            .into_iter()
            .chain(of_other)
            .min_by_key(|(place, _)| place.0.0.abs_diff(pts.0))?;
        Some((*sample, *at, frame))
    }

    pub(super) fn thumbnails(&self) -> impl Iterator<Item = Thumbnail<'_>> {
        self.atlas.iter().map(|((pts, sample), frame)| Thumbnail {
            sample: *sample,
            pts: *pts,
            frame,
        })
    }
}
