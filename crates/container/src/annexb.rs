//! Raw H.264 and H.265 byte streams (Annex B of both): NAL units behind start codes, no times, no
//! index. The file is read once, front to back, and cut into access units.

pub(crate) mod likeness;

use std::sync::Arc;

use reelscope_media::{ByteSource, Codec, Framing, Timescale, WholeSource};

use crate::access_units::{AccessUnits, scan, start_code_finder};
use crate::assemble::{MAX_SAMPLES, plain_config, video_track};
use crate::facts::complete_facts;
use crate::raw::{append_timed, nominal_rate};
use crate::window::Window;
use crate::{ContainerError, Demuxer, Movie, named};

pub(crate) const H264: Demuxer = Demuxer {
    name: "h264",
    probe: probe_h264,
    open: open_h264,
};
pub(crate) const H265: Demuxer = Demuxer {
    name: "h265",
    probe: probe_h265,
    open: open_h265,
};

/// Read at once. Larger than any run of parameter sets, small beside a decoder's memory.
const WINDOW: usize = 1 << 20;

fn probe_h264(head: &[u8], name_hint: &str) -> u8 {
    let name = [
        "264", "h264", "avc", "jsv", "jvt", "26l", "bit", "bits", "annexb",
    ];
    likeness::h264(head).score(named(name_hint, &name))
}

fn probe_h265(head: &[u8], name_hint: &str) -> u8 {
    let name = ["265", "h265", "hevc", "bit", "bits", "annexb"];
    likeness::h265(head).score(named(name_hint, &name))
}

fn open_h264(source: &Arc<dyn ByteSource>) -> Result<Movie, ContainerError> {
    open(source, Codec::H264, H264.name)
}

fn open_h265(source: &Arc<dyn ByteSource>) -> Result<Movie, ContainerError> {
    open(source, Codec::H265, H265.name)
}

fn open(
    source: &Arc<dyn ByteSource>,
    codec: Codec,
    container: &'static str,
) -> Result<Movie, ContainerError> {
    let config = plain_config(codec, Framing::AnnexB);
    let mut units = AccessUnits::new(&config);
    let mut window = Window::new(&**source, WINDOW);
    let end = window.len();
    each_nal(&mut window, |start, nal| {
        units.nal(start, nal);
        !units.is_full()
    })?;
    units.finish(end);
    if units.samples.is_empty() {
        let reason = "there is no access unit in it".to_owned();
        return Err(ContainerError::Damaged { container, reason });
    }
    let mut warnings = Vec::new();
    if units.samples.len() == MAX_SAMPLES {
        warnings.push(format!("only its first {MAX_SAMPLES} pictures are read"));
    }
    let rate = nominal_rate(units.facts());
    let whole = Arc::new(WholeSource(Arc::clone(source)));
    let mut track = video_track(1, config, Timescale::MPEG, whole);
    append_timed(&mut track, &units.samples, rate);
    complete_facts(&mut track);
    Ok(Movie {
        container,
        tracks: vec![track],
        warnings,
    })
}

/// Calls `each` with every NAL unit, as [`scan`] does, for the whole source.
fn each_nal(
    window: &mut Window<'_>,
    mut each: impl FnMut(u64, &[u8]) -> bool,
) -> Result<(), ContainerError> {
    let finder = start_code_finder();
    let end = window.len();
    let mut from = 0;
    while from < end {
        let chunk = window.get(from, WINDOW)?;
        let last = from + chunk.len() as u64 >= end;
        match scan(&finder, chunk, last, |at, nal| each(from + at as u64, nal)) {
            Some(scanned) if !last => from += scanned.max(1) as u64,
            _ => break,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
