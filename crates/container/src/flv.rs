//! FLV (Adobe Flash Video File Format 10.1 Annex E, and Enhanced RTMP for newer codecs): tags of
//! sound and pictures with times in milliseconds, one after the other.

mod tag;

use std::sync::Arc;

use bytes::Bytes;
use reelscope_media::{
    ByteSource, Codec, CodecConfig, Framing, Timescale, Track, TrackKind, Visibility, WholeSource,
};

use crate::assemble::{
    MAX_SAMPLES, plain_config, range_sample, raw_framing, silent_track, video_track,
};
use crate::facts::complete_facts;
use crate::inspection::{Inspection, Stated};
use crate::window::Window;
use crate::{ContainerError, Demuxer, Movie};
use tag::{Content, VideoTag};

pub(crate) const DEMUXER: Demuxer = Demuxer {
    name: "flv",
    probe,
    open,
};

const TAG_HEADER: u64 = 11;
/// Behind each tag is its size.
const TAG_TRAILER: u64 = 4;

fn probe(head: &[u8], _name_hint: &str) -> u8 {
    // The header's own length is at least nine, and nobody writes a longer one than this.
    match head {
        [b'F', b'L', b'V', 0..=4, _, 0, 0, 0, 9..=64, ..] => 100,
        _ => 0,
    }
}

fn open(source: &Arc<dyn ByteSource>) -> Result<Movie, ContainerError> {
    let mut window = Window::new(&**source, 64 << 10);
    let mut reader = Reader::new(source);
    reader.read(&mut window)?;
    let Reader {
        video,
        sound,
        mut warnings,
        ..
    } = reader;
    let container = DEMUXER.name;
    let Some(mut track) = video else {
        let found = sound.map_or_else(|| "nothing else".to_owned(), |track| track.codec_string);
        return Err(ContainerError::NoVideo { container, found });
    };
    if track.samples.is_empty() {
        let reason = "it has a video track, but no pictures in it".to_owned();
        return Err(ContainerError::Damaged { container, reason });
    }
    if track.unplayable.is_none() {
        complete_facts(&mut track);
    }
    warnings.truncate(8);
    let tracks = std::iter::once(track).chain(sound).collect();
    Ok(Movie {
        container,
        tracks,
        warnings,
    })
}

struct Reader {
    source: Arc<dyn ByteSource>,
    video: Option<Track>,
    sound: Option<Track>,
    inspection: Option<Inspection>,
    warnings: Vec<String>,
}

impl Reader {
    fn new(source: &Arc<dyn ByteSource>) -> Self {
        let source = Arc::clone(source);
        Self {
            source,
            video: None,
            sound: None,
            inspection: None,
            warnings: Vec::new(),
        }
    }

    fn read(&mut self, window: &mut Window<'_>) -> Result<(), ContainerError> {
        let end = window.len();
        let header_len = window.array::<9>(0)?.map_or(9, |header| header[8]);
        let mut offset = u64::from(header_len) + TAG_TRAILER;
        while let Some(header) = window.array::<11>(offset)? {
            let [kind, s0, s1, s2, t0, t1, t2, t3, ..] = header;
            let claimed = u32::from_be_bytes([0, s0, s1, s2]);
            let time = i64::from(i32::from_be_bytes([t3, t0, t1, t2]));
            let start = offset + TAG_HEADER;
            let len = u64::from(claimed).min(end - start);
            if len < u64::from(claimed) {
                self.warnings.push("its last tag is cut off".to_owned());
            }
            match kind & 31 {
                8 => self.sound_tag(window.get(start, 5)?),
                9 => self.video_tag(window, start, len, time)?,
                // Metadata. Anything else is damage.
                18 => {}
                _ => {
                    self.warnings
                        .push(format!("it is damaged at byte {offset}"));
                    return Ok(());
                }
            }
            if self
                .video
                .as_ref()
                .is_some_and(|track| track.samples.len() >= MAX_SAMPLES)
            {
                self.warnings
                    .push(format!("only its first {MAX_SAMPLES} pictures are read"));
                return Ok(());
            }
            offset = start + len + TAG_TRAILER;
        }
        Ok(())
    }

    fn sound_tag(&mut self, head: &[u8]) {
        let Some(first) = head.first().filter(|_| self.sound.is_none()) else {
            return;
        };
        let name = match first >> 4 {
            0 | 3 => "pcm",
            1 => "adpcm",
            2 | 14 => "mp3",
            4..=6 => "nellymoser",
            7 | 8 => "g711",
            10 => "aac",
            11 => "speex",
            _ => "unknown",
        };
        let source = Arc::new(WholeSource(Arc::clone(&self.source)));
        self.sound = Some(silent_track(8, TrackKind::Audio, name, source));
    }

    fn video_tag(
        &mut self,
        window: &mut Window<'_>,
        start: u64,
        len: u64,
        time: i64,
    ) -> Result<(), ContainerError> {
        let len = usize::try_from(len).unwrap_or(usize::MAX);
        let head = window.get(start, VideoTag::LONGEST_HEAD.min(len))?;
        let Some(tag) = VideoTag::parse(head) else {
            return Ok(());
        };
        let inside = start + tag.len as u64;
        let len = len.saturating_sub(tag.len);
        match tag.content {
            Content::Nothing => {}
            Content::Config => {
                let record = Bytes::copy_from_slice(window.get(inside, len)?);
                self.configure(&tag, record);
            }
            Content::Picture(_) if len == 0 => {}
            Content::Picture(composition) => {
                let (len, composition) = (u32::try_from(len).unwrap_or(u32::MAX), composition);
                self.picture(&tag, inside, len, time, i64::from(composition));
            }
        }
        Ok(())
    }

    /// Takes a decoder configuration: the first one makes the track, later ones follow in it.
    fn configure(&mut self, tag: &VideoTag, record: Bytes) {
        let framing = match (tag.codec, &record[..]) {
            (Codec::H264, [_, _, _, _, lengths, ..]) => Framing::Lengths((lengths & 3) + 1),
            (Codec::H265, record) => {
                Framing::Lengths((record.get(21).copied().unwrap_or(3) & 3) + 1)
            }
            (codec, _) => raw_framing(codec),
        };
        let config = CodecConfig {
            codec: tag.codec,
            framing,
            record,
        };
        match &mut self.video {
            Some(track) if track.codec == config.codec => {
                let is_new = track.configs.last().is_none_or(|last| **last != config);
                if track.samples.is_empty() {
                    track.configs.clear();
                }
                if is_new && track.configs.len() < usize::from(u16::MAX) {
                    track.configs.push(Arc::new(config));
                    self.inspection = Some(Inspection::new(track));
                }
            }
            Some(_) => self
                .warnings
                .push("its codec changes, and only the first is read".into()),
            None => self.start(config, &tag.name),
        }
    }

    fn start(&mut self, config: CodecConfig, name: &str) {
        let source = Arc::new(WholeSource(Arc::clone(&self.source)));
        let mut track = video_track(9, config, Timescale::MILLIS, source);
        if track.codec == Codec::Unknown {
            track.unplayable = Some(format!("its codec {name} is not known"));
            track.codec_string = name.to_owned();
        }
        self.inspection = Some(Inspection::new(&track));
        self.video = Some(track);
    }

    fn picture(&mut self, tag: &VideoTag, offset: u64, len: u32, time: i64, composition: i64) {
        if self.video.is_none() {
            self.start(plain_config(tag.codec, raw_framing(tag.codec)), &tag.name);
        }
        let (Some(track), Some(inspection)) = (&mut self.video, &mut self.inspection) else {
            return;
        };
        if track.codec != tag.codec {
            return;
        }
        let stated = Stated {
            offset,
            len,
            key: tag.key,
            invisible: false,
        };
        let (sync, hidden) = inspection.sync_and_hidden(stated, track);
        let mut sample = range_sample(time + composition, time, sync, offset, len);
        sample.visibility = Visibility::of_picture(!hidden);
        sample.config = u16::try_from(track.configs.len().saturating_sub(1)).unwrap_or(0);
        track.samples.push(sample);
    }
}

#[cfg(test)]
mod tests;
