//! A stream on one timeline: the track whose presentation times are the times of that timeline.

use std::collections::VecDeque;
use std::sync::{Arc, LazyLock};

use reelscope_media::{
    Codec, CodecConfig, Dts, Pts, Sample, SampleData, SampleId, SyncKind, Timescale, Track,
};

use crate::chunk::LoggedSample;
use crate::order::Ordered;
use crate::{LogTime, RowId, Timeline};

/// A chunk in a recording.
pub(crate) type ChunkKey = u32;

/// Where a sample of a line came from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin {
    pub(crate) row: RowId,
    pub(crate) chunk: ChunkKey,
}

#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) timeline: Timeline,
    pub(crate) track: Track,
    /// Of each sample, in decode order. Empty for a track that was not logged by rows.
    pub(crate) origins: VecDeque<Origin>,
    /// Where it was logged that there is nothing any more.
    pub(crate) ends: Ordered<()>,
    /// References to another track: nanoseconds in it, and the chunk.
    pub(crate) references: Ordered<(i64, ChunkKey)>,
    /// True if it holds at all times.
    pub(crate) is_static: bool,
}

/// A track without samples.
pub(crate) static NO_TRACK: LazyLock<Track> = LazyLock::new(empty_track);

fn empty_track() -> Track {
    Track {
        codec_string: String::new(),
        ..Track::new(Codec::Unknown, Timescale::NANOS)
    }
}

impl Line {
    pub(crate) fn new(timeline: Timeline) -> Self {
        Self::of_track(timeline, empty_track())
    }

    pub(crate) fn of_track(timeline: Timeline, track: Track) -> Self {
        Self {
            timeline,
            track,
            origins: VecDeque::new(),
            ends: Ordered::default(),
            references: Ordered::default(),
            is_static: false,
        }
    }

    /// Adds a sample where its row belongs in decode order. False if there is no room for another
    /// configuration.
    pub(crate) fn add(&mut self, sample: &LoggedSample, origin: Origin, time: LogTime) -> bool {
        let Some(config) = self.config(&sample.config) else {
            return false;
        };
        if self.track.samples.is_empty() {
            self.track.codec = sample.config.codec;
            self.track.codec_string = sample.config.codec.name().to_owned();
        }
        if let Some(facts) = &sample.facts {
            self.track.learn(facts.as_ref().clone());
        }
        self.track.presentation = sample.presentation;
        let position = self.place(sample, origin.row, Pts(time.0));
        let before = position - self.track.samples.positions().start;
        self.origins.insert(before, origin);
        self.track.samples.insert_at(
            position,
            Sample {
                pts: Pts(time.0),
                dts: Dts(i64::try_from(origin.row.time).unwrap_or(i64::MAX)),
                duration: 0,
                sync: sample.sync,
                config,
                visibility: sample.visibility,
                data: SampleData::Bytes(sample.data.clone()),
            },
        );
        true
    }

    /// Where a sample belongs in decode order. Where nothing is reordered that is the order of time.
    /// Where B pictures may be, it is the order of rows, unless the sample lies too far in the past:
    /// then it was logged late, into the GOP of its time.
    fn place(&self, sample: &LoggedSample, row: RowId, pts: Pts) -> usize {
        /// More samples than any codec reorders.
        const REORDERED: usize = 32;
        let samples = &self.track.samples;
        let all = samples.positions();
        let order = samples.in_presentation_order();
        let key = |id: &SampleId| {
            let at = samples.get(*id).map(|sample| sample.pts);
            (at, self.origin(*id).map(|origin| origin.row))
        };
        let own = (Some(pts), Some(row));
        let is_newest = order.last().is_none_or(|last| key(last) <= own)
            && self.origins.back().is_none_or(|last| last.row <= row);
        if is_newest {
            return all.end;
        }
        let after = order.partition_point(|id| key(id) <= own);
        let reorders = matches!(sample.config.codec, Codec::H264 | Codec::H265)
            && self.track.facts.reorder_depth != Some(0);
        if !reorders {
            let next = order.get(after).and_then(|id| samples.decode_position(*id));
            return next.unwrap_or(all.end);
        }
        if order.len() - after <= REORDERED {
            let before = self.origins.partition_point(|other| other.row <= row);
            return all.start + before;
        }
        let before = after.checked_sub(1).and_then(|at| order.get(at));
        let gop = before.and_then(|id| samples.gop_of(*id));
        let Some(gop) = gop else {
            return all.start;
        };
        let is_shown_later = |position: &usize| {
            let id = samples.at_decode_position(*position);
            let other = id.and_then(|id| samples.get(id));
            sample.sync == SyncKind::None && other.is_some_and(|other| other.pts > pts)
        };
        let end = gop.samples.end;
        gop.samples.into_iter().find(is_shown_later).unwrap_or(end)
    }

    fn config(&mut self, config: &Arc<CodecConfig>) -> Option<u16> {
        let configs = &mut self.track.configs;
        // Streams go back and forth between few of them, the latest ones at most times.
        let known = configs.iter().rposition(|known| known == config);
        let at = known.unwrap_or_else(|| {
            configs.push(config.clone());
            configs.len() - 1
        });
        u16::try_from(at).ok()
    }

    /// The row that a sample came from.
    pub(crate) fn origin(&self, id: SampleId) -> Option<Origin> {
        let position = self.track.samples.decode_position(id)?;
        let at = position.checked_sub(self.track.samples.positions().start)?;
        self.origins.get(at).copied()
    }

    /// The first row and the last one of the first GOP.
    pub(crate) fn first_gop(&self) -> Option<(RowId, RowId)> {
        let samples = &self.track.samples;
        let gop = samples.gop(samples.first_gop())?;
        let last = self.origins.get(gop.samples.len().checked_sub(1)?)?;
        Some((self.origins.front()?.row, last.row))
    }

    /// Takes the first GOP away; gives the chunks that its samples came from.
    pub(crate) fn remove_first_gop(&mut self) -> Vec<(ChunkKey, usize)> {
        let removed = self.track.samples.remove_first_gop();
        let origins = self.origins.drain(..removed.len().min(self.origins.len()));
        origins
            .zip(removed)
            .map(|(origin, (_, sample))| (origin.chunk, sample.data.len()))
            .collect()
    }

    /// True if nothing of a sample's GOP can be decoded, because its sync sample is missing.
    pub(crate) fn lacks_sync(&self, id: SampleId) -> bool {
        let samples = &self.track.samples;
        let first = samples
            .gop_of(id)
            .and_then(|gop| samples.at_decode_position(gop.samples.start));
        let first = first.and_then(|first| samples.get(first));
        !self.origins.is_empty() && first.is_some_and(|first| first.sync == SyncKind::None)
    }
}
