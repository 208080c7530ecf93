//! AVI (Microsoft RIFF and OpenDML 1.02): walked from chunk header to chunk header, so that neither
//! of its indexes is needed. Times are frame numbers, so pictures that are reordered get theirs from
//! the bits.

mod header;

use std::sync::Arc;

use reelscope_media::{ByteSource, Codec, SyncKind, Track, TrackKind};

use crate::assemble::{MAX_SAMPLES, range_sample};
use crate::facts::complete_facts;
use crate::inspection::present_in_picture_order;
use crate::window::Window;
use crate::{ContainerError, Demuxer, Movie};
use header::{Stream, StreamHeader};

pub(crate) const DEMUXER: Demuxer = Demuxer {
    name: "avi",
    probe,
    open,
};

fn probe(head: &[u8], _name_hint: &str) -> u8 {
    match head {
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'A',
            b'V',
            b'I',
            b' ' | 0x19,
            ..,
        ] => 100,
        _ => 0,
    }
}

fn open(source: &Arc<dyn ByteSource>) -> Result<Movie, ContainerError> {
    let mut window = Window::new(&**source, 64 << 10);
    let mut walk = Walk::new(source);
    walk.run(&mut window)?;
    let container = DEMUXER.name;
    let mut tracks: Vec<Track> = walk
        .streams
        .into_iter()
        .map(|stream| stream.track)
        .collect();
    let is_video = |track: &Track| track.kind == TrackKind::Video;
    if !tracks.iter().any(is_video) {
        let found: Vec<&str> = tracks
            .iter()
            .map(|track| track.codec_string.as_str())
            .collect();
        let found = if found.is_empty() {
            "nothing else".to_owned()
        } else {
            found.join(", ")
        };
        return Err(ContainerError::NoVideo { container, found });
    }
    if tracks
        .iter()
        .filter(|track| is_video(track))
        .all(|track| track.samples.is_empty())
    {
        let reason = "it has a video track, but no pictures in it".to_owned();
        return Err(ContainerError::Damaged { container, reason });
    }
    for track in tracks
        .iter_mut()
        .filter(|track| is_video(track) && track.unplayable.is_none())
    {
        present_in_picture_order(track);
        complete_facts(track);
    }
    Ok(Movie {
        container,
        tracks,
        warnings: walk.warnings,
    })
}

struct Walk {
    source: Arc<dyn ByteSource>,
    streams: Vec<Stream>,
    header: Option<StreamHeader>,
    samples: usize,
    warnings: Vec<String>,
}

impl Walk {
    fn new(source: &Arc<dyn ByteSource>) -> Self {
        let (source, warnings) = (Arc::clone(source), Vec::new());
        Self {
            source,
            streams: Vec::new(),
            header: None,
            samples: 0,
            warnings,
        }
    }

    /// Walks over all chunks. Lists are stepped into and never ended, so it does not matter whether
    /// their sizes are right.
    fn run(&mut self, window: &mut Window<'_>) -> Result<(), ContainerError> {
        let end = window.len();
        let mut offset = 0;
        while let Some([a, b, c, d, s0, s1, s2, s3]) = window.array::<8>(offset)? {
            let inside = offset + 8;
            let claimed = u64::from(u32::from_le_bytes([s0, s1, s2, s3]));
            let id = [a, b, c, d];
            if matches!(&id, b"RIFF" | b"LIST") {
                let kind = window.array::<4>(inside)?.unwrap_or_default();
                let steps_in = matches!(&kind, b"AVI " | b"AVIX" | b"AVI\x19")
                    || matches!(&kind, b"hdrl" | b"strl" | b"movi" | b"rec ");
                offset = inside + if steps_in { 4 } else { claimed + (claimed & 1) };
                continue;
            }
            if !id
                .iter()
                .all(|byte| byte.is_ascii_graphic() || *byte == b' ')
            {
                self.warnings
                    .push(format!("it is damaged at byte {offset}"));
                return Ok(());
            }
            let len = claimed.min(end - inside);
            if len < claimed {
                self.warnings.push("it is cut off".to_owned());
            }
            self.chunk(window, id, inside, len)?;
            if self.samples >= MAX_SAMPLES {
                self.warnings
                    .push(format!("only its first {MAX_SAMPLES} pictures are read"));
                return Ok(());
            }
            offset = inside + len + (len & 1);
        }
        Ok(())
    }

    fn chunk(
        &mut self,
        window: &mut Window<'_>,
        id: [u8; 4],
        offset: u64,
        len: u64,
    ) -> Result<(), ContainerError> {
        match &id {
            b"strh" => {
                let bytes = window.get(offset, StreamHeader::LEN.min(len as usize))?;
                self.header = StreamHeader::parse(bytes);
            }
            b"strf" => {
                let bytes = window.get(offset, header::LONGEST_FORMAT.min(len as usize))?;
                if let Some(header) = self.header.take() {
                    let number = u32::try_from(self.streams.len()).unwrap_or(u32::MAX);
                    self.streams
                        .push(Stream::new(number, &header, bytes, &self.source));
                }
            }
            [tens, ones, b'd', b'b' | b'c'] if tens.is_ascii_digit() && ones.is_ascii_digit() => {
                let number = usize::from(tens - b'0') * 10 + usize::from(ones - b'0');
                self.picture(number, offset, len);
            }
            _ => {}
        }
        Ok(())
    }

    /// A chunk without bytes is a picture that was dropped: the time goes on.
    fn picture(&mut self, stream: usize, offset: u64, len: u64) {
        let Some(stream) = self.streams.get_mut(stream) else {
            return;
        };
        let time = stream.next_time;
        stream.next_time = time.saturating_add(stream.ticks_per_frame);
        if len == 0 || stream.track.kind != TrackKind::Video {
            return;
        }
        let sync = match stream.track.codec {
            Codec::Jpeg | Codec::Png => SyncKind::Closed,
            _ => SyncKind::None,
        };
        let len = u32::try_from(len).unwrap_or(u32::MAX);
        let mut sample = range_sample(time, time, sync, offset, len);
        sample.duration = u32::try_from(stream.ticks_per_frame).unwrap_or(0);
        stream.track.samples.push(sample);
        self.samples += 1;
    }
}

#[cfg(test)]
mod tests;
