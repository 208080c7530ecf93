//! Turns FFmpeg's output into frames of samples. Its thread may wait for room in the frame queue.

use std::io::{self, BufReader, Read};
use std::process::ChildStdout;
use std::sync::{Arc, PoisonError};

use bytes::Bytes;
use reelscope_ffmpeg::{NutReader, Unit, VideoHeader};
use reelscope_media::{Frame, PixelFormat};

use super::pool::Pool;
use super::process::Link;
use super::restamp::{Restamped, TICKS};
use super::tokens::Expected;
use super::{NAME, formats, preview};
use crate::limits::{MAX_FRAME_BYTES, MAX_SIDE};
use crate::{DecodeError, Role};

/// Bytes read ahead: room for the headers between two pictures. Pictures are read past it.
const READ_AHEAD: usize = 4 << 10;
/// Bytes that are waited for before they are fetched: both ends of a pipe that is read all the time
/// spend more time on waiting for each other than on the bytes.
#[cfg(target_os = "linux")]
const WORTH_FETCHING: usize = 512 << 10;
/// How long they are waited for, in all and at a time.
#[cfg(target_os = "linux")]
const MOMENTS: (u32, std::time::Duration) = (4, std::time::Duration::from_micros(150));
/// Sizes of earlier frames that are remembered.
const KNOWN_SIZES: usize = 8;

pub(super) struct Reader<'a> {
    nut: NutReader<BufReader<ChildStdout>>,
    link: &'a Link,
    restamped: Restamped,
    pool: Arc<Pool>,
    /// Sizes that frames of this stream had, the latest one last.
    sizes: Vec<(u32, u32)>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(stdout: ChildStdout, link: &'a Link) -> Self {
        let nut = NutReader::new(BufReader::with_capacity(READ_AHEAD, stdout), (TICKS, 1));
        Self {
            nut,
            link,
            restamped: Restamped::default(),
            pool: Arc::default(),
            sizes: Vec::new(),
        }
    }

    /// Reads and sends frames until FFmpeg closes its output, or writes what cannot be read.
    pub(super) fn until_end(mut self) {
        while let Ok(Some(picture)) = self.nut.next_unit() {
            self.link.progress();
            if self.picture(&picture).is_err() {
                return;
            }
        }
    }

    fn picture(&mut self, picture: &Unit) -> io::Result<()> {
        let token = picture.ticks.and_then(|ticks| self.restamped.token(ticks));
        let mut tokens = self
            .link
            .tokens
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let expected = token.and_then(|token| tokens.take(token));
        drop(tokens);
        let stale = |generation| self.link.frames.is_stale(generation);
        let wanted = expected.filter(|it| it.whole && !stale(it.generation));
        let (Some(expected), Some(header)) = (wanted, self.nut.video()) else {
            return self.skip(picture.length);
        };
        let length = picture.length.saturating_add(picture.prefix.len() as u64);
        let Some((format, width, height)) = self.shape(&expected, header, length) else {
            self.skip(picture.length)?;
            let error = DecodeError::Damaged {
                engine: NAME,
                reason: format!("a frame of {length} bytes fits no size that the stream has had"),
            };
            self.link
                .frames
                .damaged(expected.generation, expected.sample, error);
            return Ok(());
        };
        let packed = self.read(picture)?;
        match Frame::from_packed(format, width, height, packed, expected.color) {
            Ok(frame) => {
                self.link.sending(true);
                self.link
                    .frames
                    .send(expected.generation, expected.sample, frame);
                self.link.sending(false);
            }
            Err(error) => {
                let error = DecodeError::Damaged {
                    engine: NAME,
                    reason: error.to_string(),
                };
                self.link
                    .frames
                    .damaged(expected.generation, expected.sample, error);
            }
        }
        Ok(())
    }

    /// The format and size of a frame of so many bytes: the size that its sample states if it fits,
    /// else one that the stream had before. The output's header has the size of the first frame
    /// only.
    fn shape(
        &mut self,
        expected: &Expected,
        header: VideoHeader,
        length: u64,
    ) -> Option<(PixelFormat, u32, u32)> {
        let format = formats::of_tag(header.tag).or(expected.format)?;
        let length = usize::try_from(length)
            .ok()
            .filter(|length| *length <= MAX_FRAME_BYTES)?;
        let stated = match self.link.role {
            Role::Idle => expected.size.map(preview::size),
            Role::Seek | Role::Live => expected.size,
        };
        let candidates = stated
            .into_iter()
            .chain([(header.width, header.height)])
            .chain(self.sizes.iter().rev().copied());
        let fits = |&(width, height): &(u32, u32)| {
            (1..=MAX_SIDE).contains(&width)
                && (1..=MAX_SIDE).contains(&height)
                && format.packed_size(width, height) == length
        };
        let size = candidates.into_iter().find(fits)?;
        if self.sizes.last() != Some(&size) {
            self.sizes.retain(|known| *known != size);
            if self.sizes.len() >= KNOWN_SIZES {
                self.sizes.remove(0);
            }
            self.sizes.push(size);
        }
        Some((format, size.0, size.1))
    }

    /// The bytes of a picture, of a length that was checked.
    fn read(&mut self, picture: &Unit) -> io::Result<Bytes> {
        let length = usize::try_from(picture.length)
            .unwrap_or(usize::MAX)
            .min(MAX_FRAME_BYTES);
        let mut block = self.pool.take(length + picture.prefix.len());
        let (prefix, mut rest) = block.split_at_mut(picture.prefix.len());
        prefix.copy_from_slice(&picture.prefix);
        let input = self.nut.input();
        while !rest.is_empty() {
            wait_for_more(input, rest.len());
            match input.read(rest) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(read) => rest = rest.get_mut(read..).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(self.pool.share(block))
    }

    fn skip(&mut self, length: u64) -> io::Result<()> {
        let skipped = io::copy(&mut self.nut.input().take(length), &mut io::sink())?;
        if skipped == length {
            Ok(())
        } else {
            Err(io::ErrorKind::UnexpectedEof.into())
        }
    }
}

/// Waits a moment if only few of the bytes that are to come have come.
#[cfg(target_os = "linux")]
fn wait_for_more(input: &BufReader<ChildStdout>, missing: usize) {
    if !input.buffer().is_empty() {
        return;
    }
    let enough = missing.min(WORTH_FETCHING) as u64;
    for _ in 0..MOMENTS.0 {
        let come = rustix::io::ioctl_fionread(input.get_ref());
        if come.is_ok_and(|come| come >= enough) {
            return;
        }
        std::thread::sleep(MOMENTS.1);
    }
}

/// Elsewhere pipes are small, and there is nothing to be gained.
#[cfg(not(target_os = "linux"))]
fn wait_for_more(_input: &BufReader<ChildStdout>, _missing: usize) {}
