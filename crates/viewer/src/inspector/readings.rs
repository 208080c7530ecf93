//! What was read of samples for the inspector: the types of pictures, their quantisers and references,
//! the units of one sample. The
//! reading itself is done on a thread behind `ingest`.

use std::sync::Arc;

use reelscope_decode::Wake;
use reelscope_ingest::{Answer, AskedSample, Question, SampleReader, Subject};
use reelscope_media::codec::Unit;
use reelscope_media::{LoadError, SampleId, Track};

use super::pictures::Pictures;

/// Samples that one question is about at most.
const CHUNK: usize = 2_000;
/// A GOP up to this long is read again from its start where a part of it is known.
const SHORT_GOP: usize = 300;

/// What is known of the track that the inspector looks at.
pub(crate) struct Readings {
    reader: SampleReader,
    track: u64,
    pictures: Pictures,
    units: Option<(SampleId, Result<Vec<Unit>, LoadError>)>,
    /// True while an answer is on its way.
    waiting: bool,
}

impl Readings {
    /// Nothing is known yet. `wake` asks for a repaint.
    ///
    /// # Errors
    /// If the operating system gives no thread.
    pub(crate) fn new(wake: Wake) -> std::io::Result<Self> {
        Ok(Self {
            reader: SampleReader::start(wake)?,
            track: 0,
            pictures: Pictures::default(),
            units: None,
            waiting: false,
        })
    }

    /// Looks at a track, and takes what was found out.
    pub(crate) fn look_at(&mut self, track: u64) {
        if self.track != track {
            self.track = track;
            self.pictures = Pictures::default();
            self.units = None;
        }
        while let Some(answer) = self.reader.try_answer() {
            self.waiting = false;
            match answer {
                Answer::Pictures { track, found } if track == self.track => {
                    self.pictures.extend(found);
                }
                Answer::Units {
                    track,
                    sample,
                    units,
                } if track == self.track => self.units = Some((sample, units)),
                _ => {}
            }
        }
    }

    /// What is known of pictures.
    pub(crate) fn pictures(&self) -> &Pictures {
        &self.pictures
    }

    /// The units that were read last, and of which sample.
    pub(crate) fn units(&self) -> Option<&(SampleId, Result<Vec<Unit>, LoadError>)> {
        self.units.as_ref()
    }

    /// Has the units of a sample read, unless they are there.
    pub(crate) fn want_units(&mut self, track: &Track, id: SampleId) {
        if self.units.as_ref().is_some_and(|(known, _)| *known == id) {
            return;
        }
        if let Some(sample) = asked(track, id) {
            self.ask(track, Subject::Units(sample));
        }
    }

    /// Has the pictures in a sample's GOP read, unless its own is known.
    pub(crate) fn want_picture(&mut self, track: &Track, id: SampleId) {
        if self.waiting || self.pictures.is_known(id) {
            return;
        }
        let samples = &track.samples;
        let (Some(gop), Some(position)) = (samples.gop_of(id), samples.decode_position(id)) else {
            return;
        };
        let start = gop.samples.start;
        let from = if gop.samples.len() <= SHORT_GOP {
            start
        } else {
            position - (position - start) % CHUNK
        };
        let to = gop.samples.end.min(from.saturating_add(CHUNK));
        // The GOP's first sample brings the parameter sets.
        let first = (from > start).then_some(start);
        let positions = first.into_iter().chain(from..to);
        let ids = positions.filter_map(|position| samples.at_decode_position(position));
        let question = ids.filter_map(|id| asked(track, id)).collect();
        self.ask(track, Subject::Pictures(question));
    }

    fn ask(&mut self, track: &Track, subject: Subject) {
        if self.waiting {
            return;
        }
        self.waiting = self.reader.ask(Question {
            track: self.track,
            subject,
            source: Arc::clone(&track.source),
        });
    }
}

fn asked(track: &Track, id: SampleId) -> Option<AskedSample> {
    let sample = track.samples.get(id)?;
    Some(AskedSample {
        id,
        data: sample.data.clone(),
        config: track.configs.get(usize::from(sample.config))?.clone(),
    })
}
