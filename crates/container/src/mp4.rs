//! MP4, MOV, M4V, 3GP: ISO/IEC 14496-12 and QuickTime files, plain and fragmented. Reads what
//! describes the media and never the media itself.

mod boxes;
mod description;
mod edits;
mod entry_list;
mod fragments;
mod movie;
mod placement;
mod samples;
mod scan;
mod showing;
mod sync;
mod tables;

use std::collections::HashMap;
use std::sync::Arc;

use reelscope_media::{
    ByteSource, Codec, HdrFacts, Presentation, StreamFacts, Track, TrackKind, WholeSource,
};

use crate::assemble::{MAX_SAMPLES, fourcc_text, plain_config, raw_framing};
use crate::facts::complete_facts;
use crate::{ContainerError, Demuxer, Movie};
use boxes::{Header, Kind};
use entry_list::Bounds;
use movie::Draft;

const NAME: &str = "mp4";

/// The line for the table.
pub(crate) const DEMUXER: Demuxer = Demuxer {
    name: NAME,
    probe,
    open,
};

fn probe(head: &[u8], _: &str) -> u8 {
    let Some(header) = Header::parse(head) else {
        return 0;
    };
    match &header.kind {
        b"ftyp" => 100,
        b"moov" | b"moof" | b"styp" | b"sidx" => 90,
        b"mdat" | b"wide" | b"pnot" => 80,
        b"free" | b"skip" | b"uuid" | b"udta" => 50,
        _ => 0,
    }
}

fn open(source: &Arc<dyn ByteSource>) -> Result<Movie, ContainerError> {
    let mut reading = Reading {
        end: source.len(),
        ..Reading::default()
    };
    let ended = scan::walk(&**source, |found| reading.visit(&found))?;
    reading.finish(source, ended)
}

/// What was read of a file so far.
#[derive(Default)]
struct Reading {
    /// Length of the file.
    end: u64,
    /// The first brand of `ftyp`.
    brand: Option<Kind>,
    tracks: Option<Vec<Draft>>,
    fragments: Option<fragments::Reader>,
    fragments_without_movie: bool,
    movie_cut: bool,
}

impl Reading {
    fn visit(&mut self, found: &scan::Found) {
        let bytes = found.bytes();
        match &found.kind {
            b"ftyp" => self.brand = self.brand.or_else(|| boxes::Fields(bytes.payload).kind()),
            b"moov" if self.tracks.is_none() => {
                let mut bounds = Bounds {
                    end: self.end,
                    samples: MAX_SAMPLES,
                };
                let tracks = movie::tracks(bytes, &mut bounds);
                let defaults = bytes
                    .child(b"mvex")
                    .map(fragments::defaults)
                    .unwrap_or_default();
                let indexed = HashMap::new();
                self.fragments = Some(fragments::Reader {
                    defaults,
                    bounds,
                    indexed,
                });
                self.tracks = Some(tracks);
                self.movie_cut = found.cut;
            }
            b"moof" | b"sidx" => self.visit_fragment(found),
            _ => {}
        }
    }

    fn visit_fragment(&mut self, found: &scan::Found) {
        let (Some(tracks), Some(reader)) = (&mut self.tracks, &mut self.fragments) else {
            self.fragments_without_movie = true;
            return;
        };
        if found.kind == *b"moof" {
            reader.read(found.bytes(), found.offset, tracks);
        } else {
            reader.index(found.bytes(), found.end, tracks);
        }
    }

    fn finish(
        self,
        source: &Arc<dyn ByteSource>,
        ended: Option<String>,
    ) -> Result<Movie, ContainerError> {
        let damaged = |reason: &str| {
            let also = ended
                .as_ref()
                .map_or(String::new(), |ended| format!("; {ended}"));
            ContainerError::Damaged {
                container: NAME,
                reason: format!("{reason}{also}"),
            }
        };
        let Some(drafts) = self.tracks else {
            return Err(match self.brand {
                Some(brand) if matches!(&brand, b"heic" | b"heix" | b"mif1" | b"avif") => {
                    ContainerError::NoVideo {
                        container: NAME,
                        found: "a still picture".to_owned(),
                    }
                }
                _ if self.fragments_without_movie => damaged(
                    "it holds fragments without the initialisation segment (moov box) that they need",
                ),
                _ => damaged("it has no index (moov box): its recording may have been cut short"),
            });
        };
        let found = found_in_words(&drafts);
        let mut warnings: Vec<String> = ended.iter().cloned().collect();
        if self.movie_cut {
            warnings.push("the index (moov box) is cut off".to_owned());
        }
        let tracks: Vec<Track> = drafts
            .into_iter()
            .map(|draft| finished(draft, source, &mut warnings))
            .collect();
        let mut video = tracks
            .iter()
            .filter(|track| track.kind == TrackKind::Video)
            .peekable();
        if self.movie_cut && video.clone().all(|track| track.samples.is_empty()) {
            return Err(damaged("its index (moov box) is cut off"));
        }
        if video.peek().is_none() {
            return Err(ContainerError::NoVideo {
                container: NAME,
                found,
            });
        }
        let container = if self.brand.is_none_or(|brand| brand == *b"qt  ") {
            "mov"
        } else {
            NAME
        };
        Ok(Movie {
            container,
            tracks,
            warnings,
        })
    }
}

/// What there is instead of video: `"1 sound track"`.
fn found_in_words(drafts: &[Draft]) -> String {
    let sound = drafts
        .iter()
        .filter(|draft| draft.kind == TrackKind::Audio)
        .count();
    let other = drafts.len() - sound;
    match (sound, other) {
        (0, 0) => "no tracks at all".to_owned(),
        (sound, 0) => format!("only sound, tracks: {sound}"),
        (0, other) => format!("only metadata, tracks: {other}"),
        (sound, other) => format!("only sound, tracks: {sound}, and metadata, tracks: {other}"),
    }
}

fn finished(draft: Draft, source: &Arc<dyn ByteSource>, warnings: &mut Vec<String>) -> Track {
    let id = draft.id;
    warnings.extend(
        draft
            .problems
            .iter()
            .map(|problem| format!("track {id}: {problem}")),
    );
    let main = draft.descriptions.get(draft.main);
    let video = draft.kind == TrackKind::Video;
    let codec = main.map_or(Codec::Unknown, |main| main.config.codec);
    let mut configs: Vec<_> = draft
        .descriptions
        .iter()
        .map(|it| Arc::new(it.config.clone()))
        .collect();
    if configs.is_empty() {
        configs.push(Arc::new(plain_config(codec, raw_framing(codec))));
    }
    let mut unplayable = main.and_then(|main| main.unplayable.clone());
    if main.is_none() {
        unplayable = Some("it does not say how it is coded".to_owned());
    }
    let mut facts = StreamFacts::default();
    if let Some(main) = main.filter(|_| video) {
        (facts.width, facts.height) = (main.size.0.into(), main.size.1.into());
        (facts.interlaced, facts.field_order) = main.fields;
    }
    let codec_string = fourcc_text(main.map_or(*b"    ", |main| main.kind));
    let bytes = WholeSource(Arc::clone(source));
    let color = main.map_or_else(Default::default, |main| main.color);
    let hdr = main.map_or_else(HdrFacts::default, |main| main.hdr);
    let remark = main.and_then(|main| main.remark.clone());
    let (timescale, geometry, kind) = (draft.timescale, draft.geometry, draft.kind);
    let mut track = Track {
        id,
        kind,
        codec,
        codec_string: codec_string.trim().to_owned(),
        timescale,
        samples: samples::index(draft, bytes.0.len(), &configs, &bytes, warnings),
        configs,
        facts,
        color,
        hdr,
        geometry,
        presentation: Presentation::default(),
        source: Arc::new(bytes),
        remark,
        unplayable: if video { unplayable } else { None },
    };
    if video {
        complete_facts(&mut track);
    }
    track
}
