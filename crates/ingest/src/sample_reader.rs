//! Looks into samples for a person: a thread that reads their bytes and says what is in them. Nothing
//! that is played goes this way.

use std::collections::BTreeMap;
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

/// What the bits of a sample say of its picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PictureReading {
    /// Prediction type.
    pub picture: PictureType,
    /// Least and greatest quantiser of its slices, where the codec has such and it could be read.
    pub quantiser: Option<[i8; 2]>,
    /// What it may be predicted from, where that could be read.
    pub references: Option<References>,
}

/// The pictures that a picture may be predicted from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct References {
    /// Those among the samples that were asked about, as the bits list them.
    pub samples: Vec<SampleId>,
    /// How many others there are.
    pub others: usize,
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
    /// What was read of pictures. A sample that could not be read has an unknown type and nothing
    /// else.
    Pictures {
        /// [`Question::track`].
        track: u64,
        /// All samples that were asked about.
        found: Vec<(SampleId, PictureReading)>,
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
            found: picture_readings(&samples, source.as_ref()),
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
struct PictureReader<'a> {
    source: &'a dyn SampleSource,
    /// Bytes that may still be read.
    left: usize,
    inspector: Option<(Arc<CodecConfig>, Box<dyn Inspector>)>,
    /// The samples since the order began anew, by their places in it.
    ordered: BTreeMap<i64, SampleId>,
}

impl PictureReader<'_> {
    fn read(&mut self, sample: &AskedSample) -> Option<PictureReading> {
        let entry = sample.config.codec.entry()?;
        if entry.intra_only {
            return Some(PictureReading {
                picture: PictureType::I,
                ..PictureReading::default()
            });
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
        let facts = inspector.inspect(&bytes).ok()?;
        if facts.restarts_order {
            self.ordered.clear();
        }
        if let Some(order) = facts.order {
            self.ordered.insert(order, sample.id);
        }
        Some(PictureReading {
            picture: facts.picture,
            quantiser: facts.quantiser,
            references: facts
                .order
                .zip(facts.references)
                .map(|(order, distances)| self.named(order, &distances)),
        })
    }

    /// The samples that lie so far from a place in the order.
    fn named(&self, order: i64, distances: &[i32]) -> References {
        let place = |distance: &i32| order.saturating_add(i64::from(*distance));
        let places = distances.iter().map(place);
        let samples: Vec<SampleId> = places
            .filter_map(|place| self.ordered.get(&place).copied())
            .collect();
        References {
            others: distances.len() - samples.len(),
            samples,
        }
    }
}

fn picture_readings(
    samples: &[AskedSample],
    source: &dyn SampleSource,
) -> Vec<(SampleId, PictureReading)> {
    let mut reader = PictureReader {
        source,
        left: MOST_BYTES,
        inspector: None,
        ordered: BTreeMap::new(),
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

    /// All pictures in presentation order.
    fn readings(track: &Track) -> Vec<(SampleId, PictureReading)> {
        let all = track.samples.positions();
        let ids = all.map(|position| track.samples.at_decode_position(position).unwrap());
        let subject = Subject::Pictures(ids.map(|id| asked(track, id)).collect());
        let Answer::Pictures { found, track: 7 } = ask(track, subject) else {
            panic!("that was not asked");
        };
        let mut found = found;
        found.sort_by_key(|(id, _)| track.samples.rank(*id));
        found
    }

    /// As `ffprobe -show_entries frame=pict_type` has it.
    fn types(name: &str) -> String {
        let readings = readings(&track(name));
        let kinds = readings.iter().map(|(_, reading)| reading.picture);
        kinds.map(|kind| format!("{kind:?}")).collect()
    }

    #[test]
    fn pictures_have_the_types_that_ffprobe_tells() {
        assert_eq!(types("h264_b_frames.mp4"), "IBBBPBBBPBBP".repeat(3));
    }

    /// Quantisers of the first pictures in decode order.
    fn quantisers(name: &str, count: usize) -> Vec<[i8; 2]> {
        let track = track(name);
        let mut readings = readings(&track);
        readings.sort_by_key(|(id, _)| track.samples.decode_position(*id));
        let found = readings.into_iter().take(count);
        found
            .map(|(_, reading)| reading.quantiser.unwrap())
            .collect()
    }

    #[test]
    fn quantisers_are_those_that_ffmpeg_reads() {
        // `-bsf:v trace_headers`: 26, `pic_init_qp_minus26` (`init_qp_minus26`) and each
        // `slice_qp_delta` together.
        let same = |quantisers: &[i8]| quantisers.iter().map(|qp| [*qp; 2]).collect::<Vec<_>>();
        for (name, expected) in [
            ("h264_b_frames.mp4", [31, 32, 34, 37, 34, 32, 34, 37]),
            ("h264_b_pyramid.mp4", [30, 32, 35, 34, 37, 34, 34, 37]),
            ("h264_422_10bit.mp4", [37, 28, 31, 37, 34, 37, 37, 30]),
            ("h265.mp4", [32, 32, 34, 35, 35, 32, 34, 35]),
            ("h265_422_12bit.mp4", [32, 32, 34, 35, 35, 32, 34, 35]),
            ("h265_grey.mp4", [32, 32, 34, 35, 35, 32, 34, 35]),
        ] {
            assert_eq!(quantisers(name, 8), same(&expected), "{name}");
        }
        // Four slices each.
        assert_eq!(
            quantisers("h264_baseline_slices.mp4", 4),
            [[28, 37], [28, 30], [27, 37], [26, 34]]
        );
    }

    #[test]
    fn references_of_h265_are_those_of_its_reference_picture_sets() {
        // The same: in decode order pictures 0, 4, 2, 1, 3, with the sets {}, {-4}, {-2, +2},
        // {-1, +1, +3}, {-1, -3, +1}.
        let readings = readings(&track("h265.mp4"));
        let numbers = |picture: usize| {
            let found = readings[picture].1.references.clone().unwrap();
            let number = |id: &SampleId| readings.iter().position(|(it, _)| it == id).unwrap();
            let mut numbers: Vec<usize> = found.samples.iter().map(number).collect();
            numbers.sort_unstable();
            (numbers, found.others)
        };
        let all = [0, 1, 2, 3, 4].map(numbers);
        let expected: [&[usize]; 5] = [&[], &[0, 2, 4], &[0, 4], &[0, 2, 4], &[0]];
        assert_eq!(all, expected.map(|numbers| (numbers.to_vec(), 0)));
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
