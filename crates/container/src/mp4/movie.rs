//! The `moov` box: a track's fixed facts and its samples, before fragments extend them.

use re_mp4::{HdlrBox, MdhdBox, MvhdBox, TkhdBox};
use reelscope_media::{Codec, Timescale, TrackKind};

use super::boxes::{self, BoxBytes, Kind};
use super::description::{self, Description};
use super::edits::{self, Rescale};
use super::entry_list::Bounds;
use super::fragments::Timeline;
use super::placement::{self, Transform};
use super::tables;

/// A track while it is put together.
pub(super) struct Draft {
    pub(super) id: u32,
    pub(super) kind: TrackKind,
    pub(super) timescale: Timescale,
    pub(super) descriptions: Vec<Description>,
    /// The description that stands for the track, as an index.
    pub(super) main: usize,
    pub(super) geometry: reelscope_media::Geometry,
    pub(super) timeline: Timeline,
    /// True if the tables name no sync samples, or all samples without telling them one by one.
    pub(super) sync_unstated: bool,
    /// What was wrong, in words.
    pub(super) problems: Vec<String>,
}

/// Reads all tracks of a `moov` box, and takes what they use off the bounds.
pub(super) fn tracks(moov: BoxBytes<'_>, bounds: &mut Bounds) -> Vec<Draft> {
    let mvhd: Option<MvhdBox> = moov.child(b"mvhd").and_then(|mvhd| mvhd.fields());
    let transform = mvhd.as_ref().map(Transform::from).unwrap_or_default();
    let movie = Movie {
        ticks_per_second: mvhd.map_or(0, |mvhd| sane_scale(mvhd.timescale)),
        transform,
    };
    let mut drafts: Vec<Draft> = Vec::new();
    for trak in moov
        .children()
        .filter(|child| child.kind == *b"trak")
        .take(MAX_TRACKS)
    {
        drafts.extend(movie.track(trak, bounds));
    }
    drafts
}

/// More tracks than any real file has.
const MAX_TRACKS: usize = 256;

/// A scale of zero, or one that is negative as a signed number, counts as 1.
fn sane_scale(ticks_per_second: u32) -> u32 {
    if (1..=i32::MAX as u32).contains(&ticks_per_second) {
        ticks_per_second
    } else {
        1
    }
}

struct Movie {
    /// 0 if the file does not say.
    ticks_per_second: u32,
    transform: Transform,
}

impl Movie {
    fn track(&self, trak: BoxBytes<'_>, bounds: &mut Bounds) -> Option<Draft> {
        let mdia = trak.child(b"mdia")?;
        let minf = mdia.child(b"minf");
        let stbl = minf.and_then(|minf| minf.child(b"stbl"));
        let tkhd: Option<TkhdBox> = trak.child(b"tkhd").and_then(|tkhd| tkhd.fields());
        let mdhd: Option<MdhdBox> = mdia.child(b"mdhd").and_then(|mdhd| mdhd.fields());
        let stsd = stbl.and_then(|stbl| stbl.child(b"stsd"));
        let descriptions = stsd.map(description::read).unwrap_or_default();
        let (main, only) = main_description(&descriptions);
        let handler = mdia.child(b"hdlr").map_or([0; 4], handler);
        let scale = sane_scale(mdhd.map_or(self.ticks_per_second, |mdhd| mdhd.timescale));
        let mut draft = Draft {
            id: tkhd.as_ref().map_or(0, |tkhd| tkhd.track_id),
            kind: kind(handler, descriptions.get(main)),
            timescale: Timescale::new(scale)?,
            geometry: self.geometry(tkhd.as_ref(), descriptions.get(main)),
            descriptions,
            main,
            timeline: Timeline::default(),
            sync_unstated: false,
            problems: Vec::new(),
        };
        if draft.kind == TrackKind::Video {
            let edits = trak
                .descend(&[b"edts", b"elst"])
                .map(edits::read)
                .unwrap_or_default();
            let scale = Rescale {
                movie: self.ticks_per_second,
                media: scale,
            };
            draft.fill(minf, &edits, scale, bounds, only);
        }
        Some(draft)
    }

    fn geometry(
        &self,
        tkhd: Option<&TkhdBox>,
        description: Option<&Description>,
    ) -> reelscope_media::Geometry {
        let own = tkhd.map(Transform::from).unwrap_or_default();
        let transform = own.then(self.transform);
        let stated = description.and_then(|description| description.pixel_aspect);
        let size = description.map_or((0, 0), |description| description.size);
        reelscope_media::Geometry {
            orientation: transform.orientation(),
            pixel_aspect: placement::pixel_aspect(stated, transform, tkhd, size),
            clean_aperture: description.and_then(|description| description.clean_aperture),
        }
    }
}

impl Draft {
    /// Takes the samples from the tables and puts them through the edit list.
    fn fill(
        &mut self,
        minf: Option<BoxBytes<'_>>,
        edits: &[edits::Edit],
        scale: Rescale,
        bounds: &mut Bounds,
        only: Option<u32>,
    ) {
        self.timeline.offset = edits::fragment_offset(edits, scale);
        let tables = minf.and_then(|minf| Some((minf, minf.child(b"stbl")?)));
        let Some((minf, stbl)) = tables else {
            self.problems.push("it has no sample tables".to_owned());
            return;
        };
        if self
            .descriptions
            .get(self.main)
            .is_some_and(|it| is_elsewhere(minf, it.reference))
        {
            self.problems
                .push("its media data is in another file, which is not read".to_owned());
            return;
        }
        let expanded = tables::expand(stbl, *bounds, only, self.timescale);
        let limit = bounds.samples;
        bounds.samples = limit.saturating_sub(expanded.seen);
        self.problems.extend(expanded.problem);
        self.sync_unstated = !expanded.lists_sync && !expanded.entries.is_empty();
        self.timeline.shift = expanded.shift;
        self.timeline.end = expanded.end;
        self.timeline.entries = expanded.entries;
        if edits.is_empty()
            || expanded.contradictory
            || self.timeline.entries.is_empty()
            || scale.movie == 0
        {
            return;
        }
        let media = std::mem::take(&mut self.timeline.entries);
        let edited = edits::apply(&media, edits, scale, expanded.shift, limit);
        bounds.samples = limit.saturating_sub(expanded.seen.max(edited.entries.len()));
        if edited.cut {
            self.problems
                .push(format!("its edit list asks for more than {limit} samples"));
        }
        self.timeline.entries = edited.entries;
    }
}

/// True if a data reference (from 1) is a QuickTime alias of another file.
fn is_elsewhere(minf: BoxBytes<'_>, reference: u16) -> bool {
    const SELF_CONTAINED: u32 = 1;
    let parse = || {
        let dref = minf.descend(&[b"dinf", b"dref"])?;
        let (_, _, mut fields) = dref.full()?;
        fields.u32()?;
        let mut entries = boxes::boxes(fields.0);
        let entry = entries.nth(usize::from(reference).checked_sub(1)?)?;
        let (_, flags, path) = entry.full()?;
        Some(entry.kind == *b"alis" && flags & SELF_CONTAINED == 0 && path.0.len() > MIN_ALIAS_LEN)
    };
    parse().unwrap_or(false)
}

/// An alias shorter than this names no file.
const MIN_ALIAS_LEN: usize = 138;

fn handler(hdlr: BoxBytes<'_>) -> Kind {
    hdlr.fields()
        .map_or([0; 4], |hdlr: HdlrBox| hdlr.handler_type.value)
}

fn kind(handler: Kind, description: Option<&Description>) -> TrackKind {
    let known = description.is_some_and(|it| it.config.codec != Codec::Unknown);
    match &handler {
        b"vide" => TrackKind::Video,
        b"soun" => TrackKind::Audio,
        // Auxiliary pictures (`auxv`) and the like: whatever holds a known video codec.
        _ if known => TrackKind::Video,
        _ => TrackKind::Other,
    }
}

/// The description that a track goes by, and the only one (from 1) whose samples count, if so: of
/// several codecs in one track, the first is played, as in FFmpeg.
fn main_description(descriptions: &[Description]) -> (usize, Option<u32>) {
    let mut main = 0;
    let mut same = 0;
    for (at, description) in descriptions.iter().enumerate() {
        let current = descriptions.get(main).map(|it| it.kind);
        if at == 0 || current == Some(description.kind) || current == Some(*b"jpeg") {
            main = if current == Some(description.kind) {
                main
            } else {
                at
            };
            same += 1;
        }
    }
    let alone = descriptions.len() > 1 && same == 1;
    (
        main,
        if alone {
            u32::try_from(main + 1).ok()
        } else {
            None
        },
    )
}
