//! Looks into samples for a person: a thread that reads their bytes and says what is in them. Nothing
//! that is played goes this way.

use std::sync::Arc;
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use reelscope_media::codec::{Inspector, PictureType, Unit, units};
use reelscope_media::{CodecConfig, LoadError, SampleData, SampleId, SampleSource};

/// Bytes that are read for one question about pictures; what lies behind stays unknown.
const MOST_BYTES: usize = 256 << 20;

/// A sample that is asked about.
#[derive(Clone, Debug)]
pub struct AskedSample {
    /// Its name in the track.
    pub id: SampleId,
    /// Where its bytes are.
    pub data: SampleData,
    /// What it is coded with.
    pub config: Arc<CodecConfig>,
}

/// What is asked.
#[derive(Clone, Debug)]
pub enum Subject {
    /// The types of the pictures of samples, given in decode order from a place on where decoding
    /// can start.
    Pictures(Vec<AskedSample>),
    /// The units that one sample is made of.
    Units(AskedSample),
}

/// A question about samples.
pub struct Question {
    /// Which track it is about, as the one who asks names it.
    pub track: u64,
    /// What is asked.
    pub subject: Subject,
    /// Where bytes are that are not in memory.
    pub source: Arc<dyn SampleSource>,
}

/// What was found.
#[derive(Clone, Debug)]
pub enum Answer {
    /// The types of pictures. A sample that could not be read has an unknown one.
    Pictures {
        /// [`Question::track`].
        track: u64,
        /// All samples that were asked about.
        types: Vec<(SampleId, PictureType)>,
    },
    /// The units of a sample.
    Units {
        /// [`Question::track`].
        track: u64,
        /// Which sample.
        sample: SampleId,
        /// Its units, empty if its codec has none; or why it could not be read.
        units: Result<Vec<Unit>, LoadError>,
    },
}

/// Owns the thread. One question at a time: whoever asks waits for the answer before the next one.
pub struct SampleReader {
    questions: Option<Sender<Question>>,
    answers: Receiver<Answer>,
    thread: Option<JoinHandle<()>>,
}

impl SampleReader {
    /// Starts the thread. `wake` is called after each answer, from there.
    ///
    /// # Errors
    /// If the operating system gives no thread.
    pub fn start(wake: Arc<dyn Fn() + Send + Sync>) -> std::io::Result<Self> {
        let (questions, asked) = bounded::<Question>(1);
        let (out, answers) = bounded(1);
        let thread = std::thread::Builder::new()
            .name("sample-reader".into())
            .spawn(move || {
                for question in asked {
                    if out.send(answer(question)).is_err() {
                        return;
                    }
                    wake();
                }
            })?;
        Ok(Self {
            questions: Some(questions),
            answers,
            thread: Some(thread),
        })
    }

    /// Asks. Returns false if another question has to be answered first.
    pub fn ask(&self, question: Question) -> bool {
        let Some(questions) = &self.questions else {
            return false;
        };
        match questions.try_send(question) {
            Ok(()) => true,
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => false,
        }
    }

    /// The next answer, if there is one.
    pub fn try_answer(&self) -> Option<Answer> {
        self.answers.try_recv().ok()
    }
}

impl Drop for SampleReader {
    fn drop(&mut self) {
        self.questions = None;
        // Makes room for an answer that is waiting to be taken.
        while self.answers.recv().is_ok() {}
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn answer(question: Question) -> Answer {
    let Question {
        track,
        subject,
        source,
    } = question;
    match subject {
        Subject::Pictures(samples) => Answer::Pictures {
            track,
            types: picture_types(&samples, source.as_ref()),
        },
        Subject::Units(sample) => Answer::Units {
            track,
            sample: sample.id,
            units: sample
                .data
                .load(source.as_ref())
                .map(|bytes| units(&sample.config, &bytes)),
        },
    }
}

/// Reads samples of one track in decode order.
struct TypeReader<'a> {
    source: &'a dyn SampleSource,
    /// Bytes that may still be read.
    left: usize,
    inspector: Option<(Arc<CodecConfig>, Box<dyn Inspector>)>,
}

impl TypeReader<'_> {
    fn read(&mut self, sample: &AskedSample) -> Option<PictureType> {
        let entry = sample.config.codec.entry()?;
        if entry.intra_only {
            return Some(PictureType::I);
        }
        self.left = self.left.checked_sub(sample.data.len())?;
        let bytes = sample.data.load(self.source).ok()?;
        // Parameter sets that came before go on holding within a configuration.
        let known = self
            .inspector
            .take_if(|(config, _)| *config == sample.config);
        let (_, inspector) = self.inspector.insert(known.unwrap_or_else(|| {
            let inspector = (entry.inspector)(&sample.config);
            (sample.config.clone(), inspector)
        }));
        inspector.inspect(&bytes).ok().map(|facts| facts.picture)
    }
}

fn picture_types(
    samples: &[AskedSample],
    source: &dyn SampleSource,
) -> Vec<(SampleId, PictureType)> {
    let mut reader = TypeReader {
        source,
        left: MOST_BYTES,
        inspector: None,
    };
    samples
        .iter()
        .map(|sample| (sample.id, reader.read(sample).unwrap_or_default()))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use reelscope_media::Track;
    use reelscope_store::Rows;

    use super::*;
    use crate::load_file;

    fn track(name: &str) -> Track {
        let clips = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/clips");
        let file = load_file(&clips.join(name)).unwrap();
        match file.chunks.into_iter().next().unwrap().rows {
            Rows::Track(_, track) => track,
            Rows::Logged(_) => panic!("a file is a track"),
        }
    }

    fn ask(track: &Track, subject: Subject) -> Answer {
        let reader = SampleReader::start(Arc::new(|| {})).unwrap();
        let question = Question {
            track: 7,
            subject,
            source: track.source.clone(),
        };
        assert!(reader.ask(question));
        let patience = Duration::from_secs(10);
        reader.answers.recv_timeout(patience).unwrap()
    }

    fn asked(track: &Track, id: SampleId) -> AskedSample {
        let sample = track.samples.get(id).unwrap();
        AskedSample {
            id,
            data: sample.data.clone(),
            config: track.configs[usize::from(sample.config)].clone(),
        }
    }

    /// In presentation order, as `ffprobe -show_entries frame=pict_type` has it.
    fn types(name: &str) -> String {
        let track = track(name);
        let all = track.samples.positions();
        let ids = all.map(|position| track.samples.at_decode_position(position).unwrap());
        let subject = Subject::Pictures(ids.map(|id| asked(&track, id)).collect());
        let Answer::Pictures { types, track: 7 } = ask(&track, subject) else {
            panic!("that was not asked");
        };
        let mut types = types;
        types.sort_by_key(|(id, _)| track.samples.rank(*id));
        types.iter().map(|(_, kind)| format!("{kind:?}")).collect()
    }

    #[test]
    fn pictures_have_the_types_that_ffprobe_tells() {
        assert_eq!(types("h264_b_frames.mp4"), "IBBBPBBBPBBP".repeat(3));
    }

    #[test]
    fn units_of_a_sample_are_those_that_ffmpeg_finds() {
        // `ffmpeg -i h264_b_frames.mp4 -c copy -frames:v 1 -bsf:v trace_headers -f null -`, which puts
        // the container's parameter sets before them.
        let track = track("h264_b_frames.mp4");
        let subject = Subject::Units(asked(&track, SampleId(0)));
        let Answer::Units { units, sample, .. } = ask(&track, subject) else {
            panic!("that was not asked");
        };
        let units = units.unwrap();
        let kinds: Vec<_> = units.iter().map(|unit| (unit.depth, unit.kind)).collect();
        assert_eq!(sample, SampleId(0));
        assert_eq!(kinds, [(0, Some(6)), (1, Some(5)), (0, Some(5))]);
        // All but the two lengths of four bytes.
        let whole: usize = units
            .iter()
            .filter(|unit| unit.depth == 0)
            .map(|unit| unit.len)
            .sum();
        assert_eq!(
            whole + 8,
            track.samples.get(SampleId(0)).unwrap().data.len()
        );
    }

    #[test]
    fn a_sample_behind_the_end_of_the_file_is_an_error_and_not_a_panic() {
        let track = track("h264_b_frames.mp4");
        let mut sample = asked(&track, SampleId(0));
        sample.data = SampleData::Range {
            offset: u64::MAX - 1,
            len: 100,
        };
        let Answer::Units { units, .. } = ask(&track, Subject::Units(sample)) else {
            panic!("that was not asked");
        };
        assert!(matches!(units, Err(LoadError::Truncated { .. })));
    }
}
