//! Pictures that leave the program: made and written as PNG on a thread, one after another.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, bounded};
use png::{BitDepth, ColorType, Compression, Encoder, SrgbRenderingIntent};

use crate::write_whole;

/// Pictures that wait to be made, and results that wait to be taken.
const QUEUE: usize = 256;

/// A picture in sRGB.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Still {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Rows from the top of red, green, blue and straight alpha, tightly packed.
    pub values: StillValues,
}

/// The values of a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StillValues {
    /// 8 bits each.
    Eight(Vec<u8>),
    /// 16 bits each.
    Sixteen(Vec<u16>),
}

/// Makes a picture; the error is in words. Called on the thread.
pub type MakeStill = Box<dyn FnOnce() -> Result<Still, String> + Send>;

/// A picture that was asked for.
pub struct StillJob {
    /// Makes it.
    pub make: MakeStill,
    /// Where it is written to; none to be given back.
    pub path: Option<PathBuf>,
}

/// What came of a picture.
#[derive(Debug)]
pub struct StillDone {
    /// Where it was to be written to.
    pub path: Option<PathBuf>,
    /// The picture, if it was to be given back; or what went wrong, in words.
    pub result: Result<Option<Still>, String>,
}

/// Owns the thread.
pub struct StillWriter {
    jobs: Option<Sender<StillJob>>,
    done: Receiver<StillDone>,
    thread: Option<JoinHandle<()>>,
}

impl StillWriter {
    /// Starts the thread. `wake` is called after each picture, from there.
    ///
    /// # Errors
    /// If the operating system gives no thread.
    pub fn start(wake: Arc<dyn Fn() + Send + Sync>) -> std::io::Result<Self> {
        let (jobs, asked) = bounded::<StillJob>(QUEUE);
        let (out, done) = bounded(QUEUE);
        let thread = std::thread::Builder::new()
            .name("stills".into())
            .spawn(move || {
                for job in asked {
                    if out.send(run(job)).is_err() {
                        return;
                    }
                    wake();
                }
            })?;
        Ok(Self {
            jobs: Some(jobs),
            done,
            thread: Some(thread),
        })
    }

    /// Asks for a picture. Gives it back if too many wait already.
    pub fn ask(&self, job: StillJob) -> Result<(), StillJob> {
        match &self.jobs {
            Some(jobs) => jobs
                .try_send(job)
                .map_err(crossbeam_channel::TrySendError::into_inner),
            None => Err(job),
        }
    }

    /// What came of the next picture, once it is there.
    pub fn try_done(&self) -> Option<StillDone> {
        self.done.try_recv().ok()
    }
}

impl Drop for StillWriter {
    /// Waits until what was asked for is written: whoever asked wants to have it.
    fn drop(&mut self) {
        self.jobs = None;
        let (_, nothing) = bounded(0);
        let done = std::mem::replace(&mut self.done, nothing);
        while done.recv().is_ok() {}
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn run(job: StillJob) -> StillDone {
    let made = (job.make)();
    let result = match (&job.path, made) {
        (_, Err(error)) => Err(error),
        (None, Ok(still)) => Ok(Some(still)),
        (Some(path), Ok(still)) => match save_still(path, &still) {
            Ok(()) => Ok(None),
            Err(error) => Err(error.to_string()),
        },
    };
    StillDone {
        path: job.path,
        result,
    }
}

/// Writes a picture as PNG, marked as sRGB.
///
/// # Errors
/// Whatever the operating system says.
pub fn save_still(path: &Path, still: &Still) -> std::io::Result<()> {
    let row = still.width as usize * 4;
    match &still.values {
        StillValues::Eight(values) => {
            let rows = values.chunks(row.max(1)).map(<[u8]>::to_vec);
            write(path, still, BitDepth::Eight, rows)
        }
        // Network byte order, as everything in PNG (ISO/IEC 15948 §7.1).
        StillValues::Sixteen(values) => {
            let rows = values.chunks(row.max(1));
            let rows = rows.map(|row| row.iter().flat_map(|value| value.to_be_bytes()).collect());
            write(path, still, BitDepth::Sixteen, rows)
        }
    }
}

fn write(
    path: &Path,
    still: &Still,
    depth: BitDepth,
    rows: impl Iterator<Item = Vec<u8>>,
) -> std::io::Result<()> {
    write_whole(path, |file| {
        let mut encoder = Encoder::new(file, still.width, still.height);
        encoder.set_color(ColorType::Rgba);
        encoder.set_depth(depth);
        encoder.set_compression(Compression::Fast);
        encoder.set_source_srgb(SrgbRenderingIntent::RelativeColorimetric);
        let mut header = encoder.write_header()?;
        let mut pixels = header.stream_writer()?;
        for row in rows {
            pixels.write_all(&row)?;
        }
        pixels.finish()?;
        Ok(header.finish()?)
    })
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    fn wait(writer: &StillWriter) -> StillDone {
        let start = Instant::now();
        loop {
            if let Some(done) = writer.try_done() {
                return done;
            }
            assert!(start.elapsed() < Duration::from_secs(20), "nothing comes");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn still() -> Still {
        Still {
            width: 2,
            height: 1,
            values: StillValues::Sixteen(vec![0, 1, 2, 65_535, 256, 512, 1_024, 65_535]),
        }
    }

    #[test]
    fn a_picture_is_written_with_all_its_bits_or_given_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("frame.png");
        let writer = StillWriter::start(Arc::new(|| {})).unwrap();
        for path in [Some(path.clone()), None] {
            let make: MakeStill = Box::new(|| Ok(still()));
            assert!(writer.ask(StillJob { make, path }).is_ok());
        }
        assert!(matches!(wait(&writer).result, Ok(None)));
        assert_eq!(wait(&writer).result.unwrap(), Some(still()));
        let decoder =
            png::Decoder::new(std::io::BufReader::new(std::fs::File::open(path).unwrap()));
        let mut reader = decoder.read_info().unwrap();
        let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut bytes).unwrap();
        assert_eq!(
            (info.width, info.height, info.bit_depth),
            (2, 1, BitDepth::Sixteen)
        );
        assert_eq!(bytes[..8], [0, 0, 0, 1, 0, 2, 255, 255]);
    }

    #[test]
    fn what_cannot_be_made_or_written_is_said_in_words() {
        let writer = StillWriter::start(Arc::new(|| {})).unwrap();
        let make: MakeStill = Box::new(|| Err("the adapter is gone".to_owned()));
        assert!(writer.ask(StillJob { make, path: None }).is_ok());
        assert_eq!(wait(&writer).result.unwrap_err(), "the adapter is gone");
        let make: MakeStill = Box::new(|| Ok(still()));
        let path = Some("/no such folder/frame.png".into());
        assert!(writer.ask(StillJob { make, path }).is_ok());
        assert!(wait(&writer).result.unwrap_err().contains("No such file"));
    }
}
