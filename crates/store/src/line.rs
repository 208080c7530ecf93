//! A stream on one timeline: the track whose presentation times are the times of that timeline.

use std::collections::VecDeque;
use std::sync::{Arc, LazyLock};

use bytes::Bytes;
use reelscope_media::{
    Codec, CodecConfig, ColorInfo, Dts, Geometry, Presentation, Pts, Sample, SampleData, SampleId,
    SampleIndex, StreamFacts, SyncKind, Timescale, Track, TrackKind, WholeSource,
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
        id: 0,
        kind: TrackKind::Video,
        codec: Codec::Unknown,
        codec_string: String::new(),
        timescale: Timescale::NANOS,
        configs: Vec::new(),
        facts: StreamFacts::default(),
        color: ColorInfo::default(),
        geometry: Geometry::default(),
        presentation: Presentation::default(),
        samples: SampleIndex::new(),
        source: Arc::new(WholeSource(Arc::new(Bytes::new()))),
        unplayable: None,
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
            self.track.facts = facts.as_ref().clone();
        }
        self.track.presentation = sample.presentation;
        let is_last = self
            .origins
            .back()
            .is_none_or(|last| last.row <= origin.row);
        let before = if is_last {
            self.origins.len()
        } else {
            self.origins
                .partition_point(|other| other.row <= origin.row)
        };
        let position = self.track.samples.positions().start + before;
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
