//! Movie fragments (ISO/IEC 14496-12 §8.8): `moof` boxes appended to the tracks' sample lists, and
//! the segment indexes that time them.

use std::collections::HashMap;

use re_mp4::{TfdtBox, TfhdBox, TrexBox};
use reelscope_media::{Timescale, TrackKind};

use super::boxes::{BoxBytes, Fields};
use super::entry_list::{Bounds, Entry};
use super::movie::Draft;

/// `sample_is_non_sync_sample` and `sample_depends_on` = 1 (§8.8.3.1).
const NOT_SYNC: u32 = 0x0001_0000 | 0x0100_0000;

/// Flags of a `trun` box: which fields it has.
const DATA_OFFSET: u32 = 0x1;
const FIRST_FLAGS: u32 = 0x4;
const SAMPLE_DURATION: u32 = 0x100;
const SAMPLE_LEN: u32 = 0x200;
const SAMPLE_FLAGS: u32 = 0x400;
const SAMPLE_COMPOSITION: u32 = 0x800;

/// Rows of defaults that are read: more tracks than any real file has.
const MAX_DEFAULTS: usize = 1024;

/// Fragments that segment indexes may announce: more than any real file has.
const MAX_INDEXED: usize = 1 << 20;

/// What fragments go by where they say nothing themselves: the fields of `trex`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Defaults {
    description: u32,
    duration: u32,
    len: u32,
    flags: u32,
}

/// The defaults of all tracks, by track id, from an `mvex` box.
pub(super) fn defaults(mvex: BoxBytes<'_>) -> HashMap<u32, Defaults> {
    let rows = mvex.children().filter(|child| child.kind == *b"trex");
    let row = |trex: BoxBytes<'_>| {
        let trex: TrexBox = trex.fields()?;
        let defaults = Defaults {
            description: trex.default_sample_description_index,
            duration: trex.default_sample_duration,
            len: trex.default_sample_size,
            flags: trex.default_sample_flags,
        };
        Some((trex.track_id, defaults))
    };
    rows.take(MAX_DEFAULTS).filter_map(row).collect()
}

/// A track's sample list as fragments extend it.
#[derive(Default)]
pub(super) struct Timeline {
    /// The samples so far, in decode order.
    pub(super) entries: Vec<Entry>,
    /// How far composition offsets go below zero.
    pub(super) shift: i64,
    /// What the edit list moves the media by; taken off every fragment's times.
    pub(super) offset: i64,
    /// Where a fragment without a time of its own starts, in media ticks.
    pub(super) end: i64,
    /// True once a fragment has added to it.
    pub(super) fragmented: bool,
}

/// Reads fragments in file order.
pub(super) struct Reader {
    pub(super) defaults: HashMap<u32, Defaults>,
    pub(super) bounds: Bounds,
    /// Media times of fragments as segment indexes state them, by position and track id.
    pub(super) indexed: HashMap<(u64, u32), i64>,
}

/// What one `traf` box goes by.
struct Run<'a> {
    timeline: &'a mut Timeline,
    /// False for tracks of which only the length of the data counts.
    keep: bool,
    defaults: Defaults,
    /// What the data offsets of `trun` boxes count from.
    base: u64,
}

impl Reader {
    /// Appends the samples of a `moof` box that starts at `offset` of the file to its video tracks.
    pub(super) fn read(&mut self, moof: BoxBytes<'_>, offset: u64, tracks: &mut [Draft]) {
        // Where the data of a run without an offset starts: behind the run before.
        let mut implicit = offset;
        // A track's later `traf` in a fragment starts over at the last time stated, as in FFmpeg.
        let mut times: HashMap<u32, i64> = HashMap::new();
        for traf in moof.children().filter(|child| child.kind == *b"traf") {
            let Some(tfhd) = traf
                .child(b"tfhd")
                .and_then(|tfhd| tfhd.fields::<TfhdBox>())
            else {
                continue;
            };
            let id = tfhd.track_id;
            let Some(track) = tracks.iter_mut().find(|track| track.id == id) else {
                continue;
            };
            let keep = track.kind == TrackKind::Video;
            let timeline = &mut track.timeline;
            let defaults = self.overridden(&tfhd);
            let base = match tfhd.base_data_offset {
                Some(base) => base,
                None if tfhd.flags & TfhdBox::FLAG_DEFAULT_BASE_IS_MOOF != 0 => offset,
                None => implicit,
            };
            let stated = traf
                .child(b"tfdt")
                .and_then(|tfdt| tfdt.fields::<TfdtBox>());
            if let Some(stated) = stated {
                times.insert(id, stated.base_media_decode_time as i64);
            }
            let start = times
                .get(&id)
                .copied()
                .or_else(|| self.indexed.get(&(offset, id)).copied())
                .unwrap_or(timeline.end);
            let mut run = Run {
                timeline,
                keep,
                defaults,
                base,
            };
            let mut dts = start;
            let mut position = None;
            for trun in traf.children().filter(|child| child.kind == *b"trun") {
                let Some(read) = run.append(trun, dts, position, &mut self.bounds) else {
                    continue;
                };
                (dts, implicit) = read;
                position = Some(implicit);
                run.timeline.end = dts;
                run.timeline.fragmented = true;
            }
        }
    }

    /// Notes what a segment index (`sidx`, §8.16.3) says of when fragments start. It counts for
    /// fragments without a `tfdt` box. `end` is where the box ends in the file. `None` if it is
    /// damaged or about a track that is not there.
    pub(super) fn index(
        &mut self,
        sidx: BoxBytes<'_>,
        end: u64,
        tracks: &mut [Draft],
    ) -> Option<()> {
        const REFERS_TO_INDEX: u32 = 1 << 31;
        let (version, _, mut fields) = sidx.full()?;
        let id = fields.u32()?;
        let scale = Timescale::new(fields.u32()?)?;
        let track = tracks.iter_mut().find(|track| track.id == id)?;
        let (mut pts, first) = match version {
            0 => (i64::from(fields.u32()?), u64::from(fields.u32()?)),
            _ => (fields.i64()?, fields.u64()?),
        };
        let mut offset = end.checked_add(first)?;
        fields.u16()?;
        for _ in 0..fields.u16()? {
            let (len, duration, _) = (fields.u32()?, fields.u32()?, fields.u32()?);
            if len & REFERS_TO_INDEX != 0 {
                return None;
            }
            if self.indexed.len() < MAX_INDEXED {
                self.indexed
                    .insert((offset, id), scale.rescale(pts, track.timescale));
            }
            offset = offset.checked_add(u64::from(len))?;
            pts = pts.saturating_add(i64::from(duration));
        }
        track.timeline.end = pts;
        Some(())
    }

    fn overridden(&self, tfhd: &TfhdBox) -> Defaults {
        let general = self
            .defaults
            .get(&tfhd.track_id)
            .copied()
            .unwrap_or_default();
        Defaults {
            description: tfhd.sample_description_index.unwrap_or(general.description),
            duration: tfhd.default_sample_duration.unwrap_or(general.duration),
            len: tfhd.default_sample_size.unwrap_or(general.len),
            flags: tfhd.default_sample_flags.unwrap_or(general.flags),
        }
    }
}

impl Run<'_> {
    /// Appends the samples of a `trun` box that starts at a media time, at `position` if it does not
    /// state one. Gives the media time and the position behind its last sample.
    fn append(
        &mut self,
        trun: BoxBytes<'_>,
        start: i64,
        position: Option<u64>,
        bounds: &mut Bounds,
    ) -> Option<(i64, u64)> {
        let (_, flags, mut fields) = trun.full()?;
        let count = fields.u32()?;
        let base = self.base;
        let mut at = match flags & DATA_OFFSET {
            0 => position.unwrap_or(base),
            _ => base.wrapping_add_signed(i64::from(fields.i32()?)),
        };
        let first_flags = if flags & FIRST_FLAGS == 0 {
            None
        } else {
            Some(fields.u32()?)
        };
        // Fragments may overlap in time: what was there before wins.
        let shown_until = self.timeline.entries.last().map(|last| last.dts);
        let offset = self.timeline.offset;
        let config = u16::try_from(self.defaults.description.saturating_sub(1)).unwrap_or(u16::MAX);
        let mut dts = start.saturating_sub(offset);
        for number in 0..count {
            let Some(row) = Row::read(&mut fields, flags, self.defaults) else {
                break;
            };
            let Some(rest) = bounds.samples.checked_sub(1) else {
                break;
            };
            bounds.samples = rest;
            let flags = match first_flags {
                Some(first) if number == 0 && flags & SAMPLE_FLAGS == 0 => first,
                _ => row.flags,
            };
            // One that is the lowest number has no positive counterpart.
            let below = -i64::from(row.composition.max(-i32::MAX));
            self.timeline.shift = self.timeline.shift.max(below);
            let entry = Entry {
                offset: at,
                len: row.len,
                dts,
                composition: Some(row.composition),
                duration: row.duration,
                config,
                sync: flags & NOT_SYNC == 0,
                hidden: shown_until.is_some_and(|until| until >= dts),
            };
            if self.keep {
                self.timeline.entries.push(entry);
            }
            dts = dts.saturating_add(i64::from(row.duration));
            at = at.saturating_add(u64::from(row.len));
            // Samples that take no room in the box may be counted by the billion.
            if fields.0.is_empty() && (row.len == 0 || at >= bounds.end) {
                break;
            }
        }
        Some((dts.saturating_add(offset), at))
    }
}

/// One sample of a `trun` box.
struct Row {
    duration: u32,
    len: u32,
    flags: u32,
    /// Read as signed in either version of the box.
    composition: i32,
}

impl Row {
    fn read(fields: &mut Fields<'_>, present: u32, defaults: Defaults) -> Option<Self> {
        let mut field = |flag: u32, default: u32| match present & flag {
            0 => Some(default),
            _ => fields.u32(),
        };
        Some(Self {
            duration: field(SAMPLE_DURATION, defaults.duration)?,
            len: field(SAMPLE_LEN, defaults.len)?,
            flags: field(SAMPLE_FLAGS, defaults.flags)?,
            composition: field(SAMPLE_COMPOSITION, 0)? as i32,
        })
    }
}
