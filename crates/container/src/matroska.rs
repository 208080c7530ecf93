//! Matroska and WebM (RFC 9559): the file is walked from block header to block header, and samples
//! are byte ranges inside the blocks. Neither an index nor sizes of clusters are needed.

mod block;
mod ebml;
mod samples;
mod segment;
mod showing;
mod source;
mod track;

use std::sync::Arc;

use reelscope_media::{ByteSource, Track, TrackKind};

use crate::window::Window;
use crate::{ContainerError, Demuxer, Movie};
use segment::Segment;

pub(crate) const DEMUXER: Demuxer = Demuxer {
    name: "matroska",
    probe,
    open,
};

fn probe(head: &[u8], _name_hint: &str) -> u8 {
    let Some((ebml::EBML, header)) = ebml::children(head).next() else {
        return 0;
    };
    let doc_type = ebml::children(header).find(|(id, _)| *id == ebml::DOC_TYPE);
    match doc_type {
        Some((_, b"matroska" | b"webm")) => 100,
        _ => 70,
    }
}

fn open(source: &Arc<dyn ByteSource>) -> Result<Movie, ContainerError> {
    let mut window = Window::new(&**source, 64 << 10);
    let mut segment = Segment::default();
    segment.walk(&mut window)?;
    let mut warnings = std::mem::take(&mut segment.warnings);
    let tracks: Vec<Track> = segment
        .tracks
        .iter()
        .map(|entry| samples::track(entry, &segment, source, &mut warnings))
        .collect();
    check(&tracks)?;
    Ok(Movie {
        container: DEMUXER.name,
        tracks,
        warnings,
    })
}

/// That there are pictures.
fn check(tracks: &[Track]) -> Result<(), ContainerError> {
    let container = DEMUXER.name;
    let is_video = |track: &&Track| track.kind == TrackKind::Video;
    if tracks.is_empty() {
        let reason = "it does not say what tracks it has".to_owned();
        return Err(ContainerError::Damaged { container, reason });
    }
    let mut videos = tracks.iter().filter(is_video).peekable();
    if videos.peek().is_none() {
        let found: Vec<&str> = tracks
            .iter()
            .map(|track| track.codec_string.as_str())
            .collect();
        return Err(ContainerError::NoVideo {
            container,
            found: found.join(", "),
        });
    }
    if videos.all(|track| track.samples.is_empty()) {
        let reason = "it has a video track, but no pictures in it".to_owned();
        return Err(ContainerError::Damaged { container, reason });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
