//! Edit lists (ISO/IEC 14496-12 §8.6.6): which samples are shown, and when. Follows what FFmpeg's
//! demuxer makes of them, so that times come out as ffprobe reports them.

use super::boxes::BoxBytes;
use super::entry_list::Entry;

/// One row of an edit list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    /// How long it lasts, in movie ticks.
    pub(super) duration: i64,
    /// Where in the media it starts, in media ticks; -1 for an empty edit.
    pub(super) media_time: i64,
}

impl Edit {
    const EMPTY: i64 = -1;
}

/// The rows of an `elst` box, as many as there are.
pub(super) fn read(elst: BoxBytes<'_>) -> Vec<Edit> {
    let rows = || {
        let (version, _, mut fields) = elst.full()?;
        let count = fields.u32()?;
        let row_len = if version == 1 { 20 } else { 12 };
        let count = (fields.0.len() / row_len).min(usize::try_from(count).ok()?);
        let row = |_| {
            let (duration, media_time) = if version == 1 {
                (fields.i64()?, fields.i64()?)
            } else {
                (i64::from(fields.u32()?), i64::from(fields.i32()?))
            };
            // The rate: FFmpeg plays all at normal speed, and so do we.
            fields.u32()?;
            Some(Edit {
                duration,
                media_time,
            })
        };
        Some((0..count).map_while(row).collect())
    };
    rows().unwrap_or_default()
}

/// How far the media timeline is moved for fragments, which are not cut by edits: the first
/// edit's start, less the empty edit before it.
pub(super) fn fragment_offset(edits: &[Edit], scale: Rescale) -> i64 {
    let (empty, rest) = match edits.split_first() {
        Some((first, rest)) if first.media_time == Edit::EMPTY => (first.duration, rest),
        _ => (0, edits),
    };
    let start = rest.first().map_or(0, |edit| edit.media_time.max(0));
    match scale.movie {
        0 => 0,
        _ => start.saturating_sub(scale.to_media(empty)),
    }
}

/// Movie ticks to media ticks.
#[derive(Clone, Copy)]
pub(super) struct Rescale {
    /// Movie ticks per second; 0 if the file does not say.
    pub(super) movie: u32,
    /// Media ticks per second.
    pub(super) media: u32,
}

impl Rescale {
    /// To the nearest, halves away from zero.
    fn to_media(self, ticks: i64) -> i64 {
        let movie = i128::from(self.movie.max(1));
        let product = i128::from(ticks) * i128::from(self.media);
        let magnitude = (product.abs() + movie / 2) / movie;
        let signed = if product < 0 { -magnitude } else { magnitude };
        i64::try_from(signed).unwrap_or(if signed < 0 { i64::MIN } else { i64::MAX })
    }
}

/// The result of [`apply`].
pub(super) struct Edited {
    /// The samples of all edits one after the other: some more than once, some hidden.
    pub(super) entries: Vec<Entry>,
    /// True if there would be more than the limit.
    pub(super) cut: bool,
}

/// Puts the samples on the presentation timeline. `shift` is the track's shift for negative
/// composition offsets, already taken off the decode times. At most `limit` samples come out.
pub(super) fn apply(
    media: &[Entry],
    edits: &[Edit],
    scale: Rescale,
    shift: i64,
    limit: usize,
) -> Edited {
    let mut cutter = Cutter {
        media,
        shift,
        reordered: media.iter().any(|entry| entry.composition.is_some()),
        limit,
        out: Vec::with_capacity(media.len().min(limit)),
        earliest: None,
    };
    let mut timeline = if shift > 0 { -shift } else { 0 };
    let mut empty = 0_i64;
    let mut cut = false;
    let mut any_media = false;
    for edit in edits {
        let mut duration = scale.to_media(edit.duration);
        if (duration as u64).wrapping_add(edit.media_time as u64) > i64::MAX as u64 {
            duration = 0;
        }
        let start = timeline;
        timeline = timeline.saturating_add(duration);
        if timeline == i64::MAX {
            break;
        }
        // Only at the front does an empty edit delay; later ones count as media from -1 on.
        if !any_media && edit.media_time == Edit::EMPTY {
            empty = empty.saturating_add(duration);
            continue;
        }
        any_media = true;
        if !cutter.play(edit.media_time, duration, start) {
            cut = true;
            break;
        }
    }
    let ahead = cutter.earliest.unwrap_or(-1).saturating_sub(empty);
    if ahead > 0 {
        for entry in &mut cutter.out {
            entry.dts = entry.dts.saturating_sub(ahead);
        }
    }
    Edited {
        entries: cutter.out,
        cut,
    }
}

struct Cutter<'a> {
    media: &'a [Entry],
    shift: i64,
    /// True if composition offsets are stated.
    reordered: bool,
    limit: usize,
    out: Vec<Entry>,
    /// The earliest presentation time of a shown sample.
    earliest: Option<i64>,
}

impl Cutter<'_> {
    /// Appends the samples of one edit: from the sync sample at or before its start to the one
    /// after its end. False if the limit is reached.
    fn play(&mut self, media_time: i64, duration: i64, start: i64) -> bool {
        let end = duration.saturating_add(media_time);
        let mut clock = start;
        let mut begun = false;
        let mut sync_behind = false;
        let from = self.start_of(media_time);
        let first = self.out.len();
        for (at, entry) in self.media.iter().enumerate().skip(from) {
            if self.out.len() >= self.limit {
                return false;
            }
            let step = self
                .media
                .get(at + 1)
                .map_or(duration, |next| next.dts.saturating_sub(entry.dts));
            let offset = i64::from(entry.composition.unwrap_or(0));
            let pts = entry.dts.saturating_add(self.shift).saturating_add(offset);
            let shown = pts >= media_time && pts < end;
            if shown {
                let pts = clock.saturating_add(offset).saturating_add(self.shift);
                self.earliest = Some(match self.earliest {
                    Some(earliest) if earliest >= 0 => earliest.min(pts),
                    _ => pts,
                });
                if !begun {
                    self.lead_in((first, from), entry.dts, start);
                }
                begun = true;
            }
            self.out.push(Entry {
                dts: clock,
                hidden: entry.hidden || !shown,
                ..*entry
            });
            // What comes before the first shown sample is timed when that is known.
            if begun {
                clock = clock.saturating_add(step);
            }
            if pts.saturating_add(step) >= end && entry.sync {
                // With reordering, samples of this edit may follow its end's sync sample.
                if !self.reordered || sync_behind {
                    break;
                }
                sync_behind = true;
            }
        }
        true
    }

    /// Times the hidden samples from `first` on, which are those of the media from `from` on and lead in to a sample that is decoded at `dts`
    /// of the media and at `start` of the timeline.
    fn lead_in(&mut self, (first, from): (usize, usize), dts: i64, start: i64) {
        let hidden = self.out.iter_mut().skip(first);
        for (hidden, media) in hidden.zip(self.media.iter().skip(from)) {
            hidden.dts = start.saturating_sub(dts.saturating_sub(media.dts));
        }
    }

    /// Where decoding starts for an edit: the last sync sample shown at or before its start; else
    /// the last sample of any kind; else the first.
    fn start_of(&self, media_time: i64) -> usize {
        let wanted = if self.shift > 0 {
            media_time.saturating_sub(self.shift)
        } else {
            media_time
        };
        self.search(wanted, true)
            .or_else(|| self.search(wanted, false))
            .unwrap_or(0)
    }

    fn search(&self, wanted: i64, sync_only: bool) -> Option<usize> {
        let usable = |at: usize| {
            self.media
                .get(at)
                .is_some_and(|entry| !sync_only || entry.sync)
        };
        let mut at = self.last_at(wanted)?;
        while !usable(at) {
            at = at.checked_sub(1)?;
        }
        // Of several with one time, the first.
        let same = |a: usize, b: usize| {
            self.media.get(a).map(|entry| entry.dts) == self.media.get(b).map(|entry| entry.dts)
        };
        let mut back = at;
        while back > 0 && same(back, back - 1) {
            back -= 1;
            if usable(back) {
                at = back;
            }
        }
        loop {
            let entry = self.media.get(at)?;
            let Some(offset) = entry.composition else {
                return Some(at);
            };
            if entry.sync && entry.dts.saturating_add(i64::from(offset)) <= wanted {
                return Some(at);
            }
            at = at.checked_sub(1)?;
        }
    }

    /// A sample with the last decode time that is not after `wanted`.
    fn last_at(&self, wanted: i64) -> Option<usize> {
        if self.media.last().is_some_and(|last| last.dts < wanted) {
            return self.media.len().checked_sub(1);
        }
        let (mut low, mut high) = (None, self.media.len());
        loop {
            let from = low.map_or(0, |low: usize| low + 1);
            if from >= high {
                return low;
            }
            // The middle between `low` (-1 for none) and `high`, rounded down as in C.
            let middle = low.map_or((high - 1) / 2, |low| (low + high) / 2);
            let dts = self.media.get(middle)?.dts;
            if dts == wanted {
                return Some(middle);
            }
            if dts > wanted {
                high = middle
            } else {
                low = Some(middle)
            }
        }
    }
}
