//! MPEG transport streams (ITU-T H.222.0), plain, with time stamps (Blu-ray, AVCHD) or with parity:
//! read once, front to back. Samples are byte ranges of the elementary stream.

mod elementary;
mod guess;
mod packet;
mod pes;
mod psi;
mod source;

use std::sync::Arc;

use reelscope_media::{
    ByteSource, Codec, SampleSource, SyncKind, Timescale, Track, TrackKind, Visibility, WholeSource,
};

use crate::assemble::{MAX_SAMPLES, range_sample, silent_track, video_track};
use crate::facts::complete_facts;
use crate::raw::nominal_rate;
use crate::window::Window;
use crate::{ContainerError, Demuxer, Movie};
use elementary::Stream;
use packet::{Layout, Packets};
use pes::Unwrap;
use psi::{ProgramTables, StreamEntry};
use source::Elementary;

pub(crate) const DEMUXER: Demuxer = Demuxer {
    name: "mpegts",
    probe,
    open,
};

/// Read at once.
const WINDOW: usize = 1 << 20;

/// How far program tables are looked for.
const TABLES_WITHIN: u64 = 16 << 20;

/// Video streams that are read. A multiplex of a whole satellite has fewer.
const MOST_STREAMS: usize = 32;

fn probe(head: &[u8], _name_hint: &str) -> u8 {
    let whole = head.len() / packet::PACKET;
    match Layout::detect(head) {
        Some((_, packets)) if packets >= 5 => 95,
        Some((_, packets)) if packets >= whole => 50,
        _ => 0,
    }
}

fn open(source: &Arc<dyn ByteSource>) -> Result<Movie, ContainerError> {
    let container = DEMUXER.name;
    let mut window = Window::new(&**source, WINDOW);
    let Some((layout, _)) = Layout::detect(window.get(0, 64 << 10)?) else {
        let reason = "its packets do not follow one another".to_owned();
        return Err(ContainerError::Damaged { container, reason });
    };
    let mut entries = find_streams(window, layout)?;
    let is_video = |entry: &&StreamEntry| entry.kind == TrackKind::Video;
    if !entries.iter().any(|entry| is_video(&entry)) {
        let packets = Packets::new(Window::new(&**source, WINDOW), layout, layout.first);
        let listed: Vec<u16> = entries.iter().map(|entry| entry.pid).collect();
        let guessed = guess::streams(packets)?;
        entries.extend(
            guessed
                .into_iter()
                .filter(|entry| !listed.contains(&entry.pid)),
        );
    }
    let mut streams: Vec<Stream> = entries
        .iter()
        .filter(is_video)
        .take(MOST_STREAMS)
        .map(|entry| Stream::new(entry.pid, entry.codec))
        .collect();
    if streams.is_empty() {
        let found: Vec<&str> = entries.iter().map(|entry| entry.name).collect();
        let found = if found.is_empty() {
            "no program".to_owned()
        } else {
            found.join(", ")
        };
        return Err(ContainerError::NoVideo { container, found });
    }
    read_streams(Window::new(&**source, WINDOW), layout, &mut streams)?;
    let mut warnings = Vec::new();
    let mut streams = streams.into_iter();
    let tracks: Vec<Track> = entries
        .iter()
        .filter_map(|entry| match entry.kind {
            TrackKind::Video => Some(track(entry, streams.next()?, layout, source, &mut warnings)),
            kind => {
                let whole = Arc::new(WholeSource(Arc::clone(source)));
                Some(silent_track(u32::from(entry.pid), kind, entry.name, whole))
            }
        })
        .collect();
    let has_pictures = |track: &Track| !track.samples.is_empty() || track.unplayable.is_some();
    if !tracks
        .iter()
        .any(|track| track.kind == TrackKind::Video && has_pictures(track))
    {
        let reason = "it has a video stream, but no pictures in it".to_owned();
        return Err(ContainerError::Damaged { container, reason });
    }
    Ok(Movie {
        container,
        tracks,
        warnings,
    })
}

/// The streams of all programs.
fn find_streams(window: Window<'_>, layout: Layout) -> Result<Vec<StreamEntry>, ContainerError> {
    let mut tables = ProgramTables::new();
    let mut packets = Packets::new(window, layout, layout.first);
    while let Some((start, packet)) = packets.next()? {
        if start > TABLES_WITHIN || tables.complete() {
            break;
        }
        tables.take(packet.pid(), packet.payload(), packet.starts_unit());
    }
    Ok(tables.streams)
}

fn read_streams(
    window: Window<'_>,
    layout: Layout,
    streams: &mut [Stream],
) -> Result<(), ContainerError> {
    let mut packets = Packets::new(window, layout, layout.first);
    while let Some((start, packet)) = packets.next()? {
        let pid = packet.pid();
        if let Some(stream) = streams.iter_mut().find(|stream| stream.pid == pid) {
            stream.take(start, packet);
        }
    }
    for stream in streams {
        stream.cut(true);
    }
    Ok(())
}

fn track(
    entry: &StreamEntry,
    mut stream: Stream,
    layout: Layout,
    source: &Arc<dyn ByteSource>,
    warnings: &mut Vec<String>,
) -> Track {
    let source: Arc<dyn SampleSource> = Arc::new(Elementary {
        source: Arc::clone(source),
        layout,
        pid: entry.pid,
        places: std::mem::take(&mut stream.places),
    });
    let mut track = video_track(
        u32::from(entry.pid),
        stream.config.clone(),
        Timescale::MPEG,
        source,
    );
    if entry.codec == Codec::Unknown {
        track.unplayable = Some(format!("its codec {} is not known", entry.name));
        track.codec_string = entry.name.to_owned();
    } else if stream.scrambled * 2 > stream.packets {
        track.unplayable = Some("it is encrypted".to_owned());
    }
    let restarts = append_units(&mut track, &stream);
    if restarts > 0 {
        warnings.push(format!(
            "its times start over ({restarts} ×), as of recordings joined to one file: each part follows \
             the one before"
        ));
    }
    if track.samples.len() == MAX_SAMPLES {
        warnings.push(format!("only its first {MAX_SAMPLES} pictures are read"));
    }
    if track.unplayable.is_none() {
        complete_facts(&mut track);
    }
    track
}

/// Appends the access units. One without a time follows the one before at the stream's frame rate, and so do
/// times that start over at a keyframe. How often they did.
fn append_units(track: &mut Track, stream: &Stream) -> usize {
    /// As many ticks earlier, it is no disorder any more (FFmpeg has the same limit, 0.1 s).
    const RESTART: i64 = 9_000;
    let [num, den] = nominal_rate(stream.units.facts());
    let frame =
        i64::from(track.timescale.ticks_per_second()) * i64::from(den) / i64::from(num.max(1));
    let mut unwrap = Unwrap::default();
    let mut next = (0, 0);
    let (mut shift, mut restarts, mut is_first) = (0, 0, true);
    for (unit, times) in stream.timed_units() {
        // The first time of a stream is a time of decoding: it is the earliest one.
        let stated = times.dts.map(|dts| unwrap.apply(dts));
        if let Some(stated) = stated
            && unit.sync != SyncKind::None
            && !is_first
            && stated + shift + RESTART < next.1
        {
            shift = next.1 - stated;
            restarts += 1;
        }
        is_first = false;
        let dts = stated.map_or(next.1, |dts| dts + shift);
        let pts = times.pts.map_or(next.0, |pts| unwrap.apply(pts) + shift);
        next = (pts + frame, dts + frame);
        let mut sample = range_sample(pts, dts, unit.sync, unit.offset, unit.len);
        sample.visibility = Visibility::of_picture(unit.shown);
        track.samples.push(sample);
    }
    restarts
}

#[cfg(test)]
mod tests;
