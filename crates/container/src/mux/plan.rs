//! Which samples are written, at which ticks of the file, and which of them it shows.

use std::ops::{Range, RangeInclusive};

use reelscope_media::{
    Codec, Pts, Sample, SampleId, SampleIndex, SyncKind, Timescale, Track, Visibility,
};

use super::MuxError;

/// Decode times that lie farther before presentation times than this were not made for playing.
const MOST_SECONDS_AHEAD: i64 = 60;
/// Largest difference of two times in a row that all players read.
const MOST_TICKS: i64 = i32::MAX as i64;
/// Steps that times are rounded to, finest first, where those of the track are too fine.
const COARSER: [u32; 3] = [1_000_000, 1_000, 1];

/// What is wanted of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MuxOptions {
    /// Presentation times of the frames that are wanted, the end excluded; `None` for all.
    pub range: Option<Range<Pts>>,
    /// Shows nothing but the range: what is decoded before it is hidden by an edit list. Otherwise the
    /// file starts at the keyframe before.
    pub exact: bool,
    /// Writes movie fragments: it can be played while it is written.
    pub fragmented: bool,
    /// The first frame is shown at 0; otherwise all keep their times.
    pub from_zero: bool,
    /// Ticks per second; `None` for the track's.
    pub timescale: Option<Timescale>,
}

impl MuxOptions {
    /// All of a track as it is.
    pub const WHOLE: Self = Self {
        range: None,
        exact: false,
        fragmented: false,
        from_zero: false,
        timescale: None,
    };

    /// The same of a part, whose first frame is shown at 0.
    #[must_use]
    pub fn within(self, range: Option<Range<Pts>>) -> Self {
        Self {
            from_zero: self.from_zero || range.is_some(),
            range,
            ..self
        }
    }
}

/// A sample that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Planned {
    pub(super) id: SampleId,
    /// Decode time in ticks of the file's media, from 0.
    pub(super) dts: u64,
    /// From there to its presentation.
    pub(super) offset: u32,
    pub(super) is_sync: bool,
    pub(super) config: u16,
}

/// What is written.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) timescale: Timescale,
    /// In decode order, never empty.
    pub(super) samples: Vec<Planned>,
    /// Duration of the last sample, in ticks.
    pub(super) last_duration: u32,
    /// How long nothing is shown at first, in ticks.
    pub(super) delay: u64,
    /// What of the media is shown, in its ticks.
    pub(super) shown: Range<u64>,
    /// How many frames are shown.
    pub(super) frames: usize,
    pub(super) rounded: bool,
    pub(super) fragmented: bool,
}

/// What of a track goes into the file.
struct Cut {
    /// Decode positions.
    positions: RangeInclusive<usize>,
    /// Presentation times that are shown, in ticks of the track.
    shown: Range<i64>,
    frames: usize,
    /// True if pictures that are shown before the first one are left out.
    skips_leading: bool,
}

impl Plan {
    pub(super) fn new(track: &Track, options: &MuxOptions) -> Result<Self, MuxError> {
        if options.exact && options.fragmented && options.range.is_some() {
            return Err(MuxError::ExactFragments);
        }
        let index = &track.samples;
        let cut = cut(index, options, track.codec)?;
        let samples: Vec<(SampleId, &Sample)> = cut
            .positions
            .clone()
            .filter_map(|position| {
                let id = index.at_decode_position(position)?;
                Some((id, index.get(id)?))
            })
            .filter(|(_, sample)| !cut.skips_leading || sample.pts.0 >= cut.shown.start)
            .collect();
        check_hidden(&samples, &cut.shown, options.fragmented)?;
        let timescale = options.timescale.unwrap_or(track.timescale);
        let times = Times::new(&samples, timescale)?;
        let scaled = |pts: i64| times.scale.of(pts).saturating_sub(times.zero);
        let first = samples.first().map(|(id, _)| *id);
        let planned = samples.iter().zip(&times.dts).map(|((id, sample), dts)| {
            let presented = scaled(sample.pts.0);
            let offset = u32::try_from(presented - dts);
            Ok(Planned {
                id: *id,
                dts: u64::try_from(*dts).unwrap_or(0),
                offset: offset.map_err(|_| MuxError::TooLarge { what: "pause" })?,
                // Readers start at the sync sample right before what is shown: it has to be the first one.
                is_sync: sample.sync != SyncKind::None
                    && (Some(id) == first.as_ref() || sample.pts.0 >= cut.shown.start),
                config: sample.config,
            })
        });
        let planned = planned.collect::<Result<Vec<_>, MuxError>>()?;
        let shown = unsigned(scaled(cut.shown.start))..unsigned(scaled(cut.shown.end));
        let keeps_time = !options.from_zero && cut.shown.start > 0;
        let delay = if keeps_time {
            unsigned(times.scale.of(cut.shown.start))
        } else {
            0
        };
        let last = samples.last().ok_or(MuxError::Empty)?.1;
        let steps = times.dts.windows(2).last();
        let usual = steps.map_or(1, |pair| {
            pair.last().unwrap_or(&0) - pair.first().unwrap_or(&0)
        });
        let last_duration = match i64::from(last.duration) {
            0 => usual,
            stated => scaled(last.pts.0.saturating_add(stated)) - scaled(last.pts.0),
        };
        Ok(Self {
            timescale: times.scale.to,
            last_duration: u32::try_from(last_duration.clamp(1, MOST_TICKS)).unwrap_or(1),
            samples: planned,
            delay,
            shown,
            frames: cut.frames,
            rounded: times.scale.rounds,
            fragmented: options.fragmented,
        })
    }

    /// How long a sample lasts until the next one is decoded, in ticks.
    pub(super) fn duration(&self, number: usize) -> u32 {
        let dts = |number: usize| Some(self.samples.get(number)?.dts);
        let step = dts(number + 1)
            .zip(dts(number))
            .map(|(next, own)| next - own);
        step.map_or(self.last_duration, |step| step as u32)
    }

    /// When the last frame ends, in ticks of the media.
    pub(super) fn media_duration(&self) -> u64 {
        let last = self.samples.last().map_or(0, |last| last.dts);
        (last + u64::from(self.last_duration)).max(self.shown.end)
    }
}

fn unsigned(ticks: i64) -> u64 {
    u64::try_from(ticks).unwrap_or(0)
}

/// Finds the samples of the range, and those from which they are decoded.
fn cut(index: &SampleIndex, options: &MuxOptions, codec: Codec) -> Result<Cut, MuxError> {
    let pts = |id: &SampleId| index.get(*id).map_or(i64::MIN, |sample| sample.pts.0);
    let all = index.shown();
    let end_of_all = index.end_pts().map_or(0, |end| end.0);
    let Some(range) = &options.range else {
        let first = all.first().ok_or(MuxError::Empty)?;
        let last = all.iter().filter_map(|id| index.decode_position(*id)).max();
        return Ok(Cut {
            positions: index.positions().start..=last.unwrap_or(0),
            shown: pts(first)..end_of_all.max(pts(all.last().unwrap_or(first)) + 1),
            frames: all.len(),
            skips_leading: false,
        });
    };
    let from = all.partition_point(|id| pts(id) < range.start.0);
    let first = all
        .get(from)
        .filter(|id| pts(id) < range.end.0)
        .ok_or(MuxError::Empty)?;
    let start = index.decode_start(*first).ok_or(MuxError::NoKeyframe)?;
    let sync = index.at_decode_position(start).and_then(|id| index.get(id));
    let sync = sync
        .filter(|sync| sync.sync != SyncKind::None)
        .ok_or(MuxError::NoKeyframe)?;
    let from = if options.exact {
        from
    } else {
        all.partition_point(|id| pts(id) < sync.pts.0).min(from)
    };
    let to = all.partition_point(|id| pts(id) < range.end.0);
    let wanted = all.get(from..to).unwrap_or_default();
    let last = wanted
        .iter()
        .filter_map(|id| index.decode_position(*id))
        .max();
    let (first, last) = (wanted.first().map_or(0, pts), last.ok_or(MuxError::Empty)?);
    let end = all.get(to).map_or(end_of_all, pts).min(range.end.0);
    let may_recover_late = matches!(codec, Codec::H264 | Codec::H265);
    let start = if options.fragmented || !may_recover_late {
        start
    } else {
        safe_start(index, start, last)
    };
    let mut cut = Cut {
        positions: start..=last,
        shown: first..end.max(wanted.last().map_or(first, pts) + 1),
        frames: wanted.len(),
        skips_leading: options.fragmented,
    };
    if options.fragmented {
        // Nothing can be hidden: what is decoded is shown.
        let decoded = |id: &&SampleId| {
            index
                .decode_position(**id)
                .is_some_and(|at| cut.positions.contains(&at))
        };
        let shown: Vec<i64> = all
            .get(from..)
            .unwrap_or_default()
            .iter()
            .filter(decoded)
            .map(pts)
            .collect();
        cut.frames = shown.len();
        cut.shown.end = shown
            .iter()
            .max()
            .map_or(cut.shown.end, |last| cut.shown.end.max(last + 1));
    }
    Ok(cut)
}

/// Where decoding starts so that the frames up to `last` come out. A decoder that starts at an open GOP lets go
/// of frames only when it has recovered, which some do after more than the next few: what is before it is put
/// into the file as well, hidden by the edit list.
fn safe_start(index: &SampleIndex, start: usize, last: usize) -> usize {
    /// Samples after which all decoders have recovered.
    const RECOVERED: usize = 32;
    /// GOPs that are put in front.
    const MOST_GOPS: usize = 2;
    let sync = |position: usize| {
        let sample = index.get(index.at_decode_position(position)?)?;
        Some(sample.sync)
    };
    let mut safe = start;
    for _ in 0..MOST_GOPS {
        if last - start >= RECOVERED || sync(safe) == Some(SyncKind::Closed) {
            break;
        }
        let first = index.at_decode_position(safe);
        let gop = first.and_then(|id| index.gop_of(id));
        let before = gop.and_then(|gop| index.gop(gop.number.checked_sub(1)?));
        let Some(before) = before else {
            break;
        };
        safe = before.samples.start;
    }
    safe
}

/// Samples that an edit list of the source hides can be hidden again outside of what is shown.
fn check_hidden(
    samples: &[(SampleId, &Sample)],
    shown: &Range<i64>,
    fragmented: bool,
) -> Result<(), MuxError> {
    let hidden = |sample: &&Sample| sample.visibility == Visibility::CutOff;
    let mut hidden = samples.iter().map(|(_, sample)| *sample).filter(hidden);
    if fragmented && hidden.clone().next().is_some() {
        return Err(MuxError::HiddenInFragments);
    }
    if hidden.any(|sample| shown.contains(&sample.pts.0)) {
        return Err(MuxError::Jumps);
    }
    Ok(())
}

/// From ticks of the track to those of the file.
#[derive(Clone, Copy, Debug)]
struct Scale {
    from: Timescale,
    to: Timescale,
    rounds: bool,
}

impl Scale {
    fn of(self, ticks: i64) -> i64 {
        self.from.rescale(ticks, self.to)
    }
}

/// Decode times that a file can hold.
struct Times {
    scale: Scale,
    /// From 0, of each sample in decode order.
    dts: Vec<i64>,
    /// The tick that is 0.
    zero: i64,
}

impl Times {
    fn new(samples: &[(SampleId, &Sample)], timescale: Timescale) -> Result<Self, MuxError> {
        let exact = Scale {
            from: timescale,
            to: timescale,
            rounds: false,
        };
        let finer = |to: &u32| *to < timescale.ticks_per_second();
        let coarser = COARSER
            .iter()
            .filter(|to| finer(to))
            .filter_map(|to| Timescale::new(*to));
        let coarser = coarser.map(|to| Scale {
            to,
            rounds: true,
            ..exact
        });
        std::iter::once(exact)
            .chain(coarser)
            .find_map(|scale| Self::on(samples, scale))
            .ok_or(MuxError::TooLarge { what: "pause" })
    }

    /// `None` if the file could not hold them.
    fn on(samples: &[(SampleId, &Sample)], scale: Scale) -> Option<Self> {
        let pts: Vec<i64> = samples.iter().map(|(_, it)| scale.of(it.pts.0)).collect();
        let stated: Vec<i64> = samples.iter().map(|(_, it)| scale.of(it.dts.0)).collect();
        let ahead = MOST_SECONDS_AHEAD * i64::from(scale.to.ticks_per_second());
        let plausible = stated.is_sorted()
            && stated
                .iter()
                .zip(&pts)
                .all(|(dts, pts)| (0..=ahead).contains(&pts.saturating_sub(*dts)));
        let dts = if plausible {
            stated
        } else {
            decode_times(&pts)
        };
        let zero = *dts.first()?;
        let dts: Vec<i64> = dts.iter().map(|dts| dts.saturating_sub(zero)).collect();
        let steps = dts.windows(2).map(|pair| match pair {
            [before, after] => after - before,
            _ => 0,
        });
        let offsets = pts
            .iter()
            .zip(&dts)
            .map(|(pts, dts)| pts.saturating_sub(zero) - dts);
        let fits = |ticks: i64| (0..=MOST_TICKS).contains(&ticks);
        (steps.chain(offsets).all(fits)).then_some(Self { scale, dts, zero })
    }
}

/// Decode times for samples of which only the presentation times are known: those in rising order,
/// early enough that none is decoded after it is shown.
fn decode_times(pts: &[i64]) -> Vec<i64> {
    let mut times = pts.to_vec();
    times.sort_unstable();
    let late = times
        .iter()
        .zip(pts)
        .map(|(dts, pts)| dts.saturating_sub(*pts));
    let late = late.max().unwrap_or(0);
    for time in &mut times {
        *time = time.saturating_sub(late);
    }
    times
}
