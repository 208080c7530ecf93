//! Keeping the memory limit: the oldest whole GOPs go first, and rows without samples as old as
//! those; what is looked at stays.

use std::collections::BTreeSet;

use crate::store::release;
use crate::stream::StreamId;
use crate::{LogTime, Recording, RecordingId, RowId, Store};

/// What had to go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dropped {
    /// GOPs of any stream.
    pub gops: usize,
    /// Chunks without samples.
    pub chunks: usize,
    /// Bytes that were freed.
    pub bytes: usize,
}

/// What may go next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Candidate {
    Gop(StreamId),
    Chunk(RowId, u32),
}

impl Store {
    /// Drops the oldest of what was logged until it takes no more than `limit` bytes. The GOPs that
    /// `in_view` shows stay, and each stream's last one.
    ///
    /// Where even that is too much, a stream's only GOP goes as well.
    pub fn keep_within(&mut self, limit: usize, in_view: &[(StreamId, LogTime)]) -> Dropped {
        let mut dropped = Dropped::default();
        if self.bytes() <= limit {
            return dropped;
        }
        // So that not every row that comes costs a search.
        const SLACK: usize = 64;
        let goal = limit - limit / SLACK;
        let pinned = self.pinned(in_view);
        for whatever in [false, true] {
            while self.bytes() > goal {
                let Some((recording, candidate)) = self.oldest(&pinned, whatever) else {
                    break;
                };
                let Some(recording) = self.recording_mut(recording) else {
                    break;
                };
                let before = recording.bytes();
                match candidate {
                    Candidate::Gop(stream) => {
                        recording.drop_first_gop(stream);
                        dropped.gops += 1;
                    }
                    Candidate::Chunk(row, chunk) => {
                        recording.plain.remove(&(row, chunk));
                        recording.remove_chunk(chunk);
                        dropped.chunks += 1;
                    }
                }
                dropped.bytes += before.saturating_sub(recording.bytes());
            }
        }
        dropped
    }

    /// Streams whose first GOP is looked at.
    fn pinned(&self, in_view: &[(StreamId, LogTime)]) -> BTreeSet<StreamId> {
        let shows_first = |(id, time): &(StreamId, LogTime)| {
            let (recording, view) = self.stream(*id)?;
            let hit = self.hit(recording, &view, *time).ok()?;
            let samples = &hit.track.samples;
            let gop = samples.gop_of(hit.sample)?;
            // Leading pictures need the GOP before as well.
            let near = gop.number <= samples.first_gop() + 1;
            let owner = recording
                .streams
                .iter()
                .find(|stream| stream.track_names().any(|name| name == hit.name))?;
            near.then_some(owner.id)
        };
        in_view.iter().filter_map(shows_first).collect()
    }

    fn oldest(
        &self,
        pinned: &BTreeSet<StreamId>,
        whatever: bool,
    ) -> Option<(RecordingId, Candidate)> {
        let all = self.recordings().flat_map(|recording| {
            let gops = recording.streams.iter().filter_map(move |stream| {
                let line = stream.longest()?;
                let samples = &line.track.samples;
                let spare = samples.gop_count() - samples.first_gop() > 1;
                let may_go = whatever || (spare && !pinned.contains(&stream.id));
                let (row, _) = line.first_gop()?;
                may_go.then_some((row, recording.id, Candidate::Gop(stream.id)))
            });
            let plain = recording.plain.first_key_value();
            let plain = plain
                .map(|((row, chunk), ())| (*row, recording.id, Candidate::Chunk(*row, *chunk)));
            gops.chain(plain)
        });
        all.min()
            .map(|(_, recording, candidate)| (recording, candidate))
    }
}

impl crate::Stream {
    /// The line with most samples that were logged and can go.
    fn longest(&self) -> Option<&crate::line::Line> {
        let logged = self
            .lines
            .iter()
            .filter(|line| !line.is_static && !line.origins.is_empty());
        logged.max_by_key(|line| line.origins.len())
    }
}

impl Recording {
    fn drop_first_gop(&mut self, id: StreamId) {
        let Some(stream) = self.stream_mut(id) else {
            return;
        };
        let Some((_, last)) = stream.longest().and_then(|line| line.first_gop()) else {
            return;
        };
        let mut gone = Vec::new();
        for line in &mut stream.lines {
            // On another timeline a GOP may be cut otherwise: what lies before the end goes.
            while !line.is_static && line.first_gop().is_some_and(|(_, end)| end <= last) {
                gone.extend(line.remove_first_gop());
            }
        }
        for (chunk, _) in gone {
            release(self, chunk);
        }
    }
}
