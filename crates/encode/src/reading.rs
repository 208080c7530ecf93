//! Samples out of what FFmpeg writes.

use std::io::{self, BufRead, Read};

use bytes::Bytes;
use reelscope_ffmpeg::NutReader;

/// Bytes of a sample that are taken in: more than any picture has raw.
const LONGEST_SAMPLE: u64 = 2 << 30;
/// Bytes that are made room for before any has come.
const FIRST_ROOM: u64 = 1 << 20;

/// A sample with the number of its picture.
pub(crate) struct Numbered {
    /// The number of the picture, from 0; `None` if FFmpeg made up another time.
    pub(crate) number: Option<u64>,
    pub(crate) is_keyframe: bool,
    pub(crate) bytes: Bytes,
}

/// Reads samples.
pub(crate) struct Reading<R> {
    nut: NutReader<R>,
}

impl<R: BufRead> Reading<R> {
    /// Reads from `input`, where so many pictures come in 1000 seconds.
    pub(crate) fn new(input: R, pace: u32) -> Self {
        let nut = NutReader::new(input, (u64::from(pace), 1_000));
        Self { nut }
    }

    /// The next sample; `None` at the end.
    ///
    /// # Errors
    /// If what comes cannot be read.
    pub(crate) fn next(&mut self) -> io::Result<Option<Numbered>> {
        let Some(unit) = self.nut.next_unit()? else {
            return Ok(None);
        };
        if unit.length > LONGEST_SAMPLE {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let mut bytes = unit.prefix;
        bytes.reserve(usize::try_from(unit.length.min(FIRST_ROOM)).unwrap_or(0));
        let input = self.nut.input();
        let read = input.take(unit.length).read_to_end(&mut bytes)?;
        if read as u64 != unit.length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(Some(Numbered {
            number: unit.ticks,
            is_keyframe: unit.is_key,
            bytes: bytes.into(),
        }))
    }
}
