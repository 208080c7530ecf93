//! FLV (Adobe Flash Video File Format 10.1 Annex E, and Enhanced RTMP for newer codecs): tags of
//! sound and pictures with times in milliseconds, one after the other.

use std::sync::Arc;

use bytes::Bytes;
use reelscope_media::{
    ByteSource, Codec, CodecConfig, Framing, Timescale, Track, TrackKind, WholeSource,
};

use crate::assemble::{
    MAX_SAMPLES, codec_of_fourcc, fourcc_text, plain_config, range_sample, raw_framing,
    silent_track, video_track,
};
use crate::facts::complete_facts;
use crate::inspection::{Inspection, Stated};
use crate::window::Window;
use crate::{ContainerError, Demuxer, Movie};

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

/// What a video tag holds.
enum Content {
    /// The decoder configuration.
    Config,
    /// A picture, with its composition time.
    Picture(i32),
    /// Nothing that is shown.
    Nothing,
}

/// The head of a video tag.
struct VideoTag {
    codec: Codec,
    name: String,
    key: bool,
    content: Content,
    /// Length of the head.
    len: usize,
}

impl VideoTag {
    const LONGEST_HEAD: usize = 8;

    fn parse(head: &[u8]) -> Option<Self> {
        let first = *head.first()?;
        let kind = first >> 4 & 7;
        let mut tag = if first & 0x80 != 0 {
            Self::parse_enhanced(first & 15, head)?
        } else {
            Self::parse_plain(first & 15, head)?
        };
        tag.key = kind == 1;
        /// Video information, or a command to the player.
        const COMMAND: u8 = 5;
        if kind == COMMAND {
            tag.content = Content::Nothing;
        }
        Some(tag)
    }

    fn parse_plain(codec_id: u8, head: &[u8]) -> Option<Self> {
        let (codec, name) = match codec_id {
            2 => (Codec::Unknown, "Sorenson H.263"),
            3 => (Codec::Unknown, "Screen video"),
            4 | 5 => (Codec::Unknown, "VP6"),
            6 => (Codec::Unknown, "Screen video 2"),
            7 => (Codec::H264, "H.264"),
            12 => (Codec::H265, "H.265"),
            _ => (Codec::Unknown, "an unknown codec"),
        };
        let name = name.to_owned();
        if codec == Codec::Unknown {
            return Some(Self {
                codec,
                name,
                key: false,
                content: Content::Picture(0),
                len: 1,
            });
        }
        let content = match head.get(1)? {
            0 => Content::Config,
            1 => Content::Picture(signed_24(head.get(2..5)?)?),
            _ => Content::Nothing,
        };
        Some(Self {
            codec,
            name,
            key: false,
            content,
            len: 5,
        })
    }

    fn parse_enhanced(kind: u8, head: &[u8]) -> Option<Self> {
        let fourcc = *head.get(1..)?.first_chunk::<4>()?;
        let codec = match &fourcc {
            b"vp09" => Codec::Vp9,
            b"vp08" => Codec::Vp8,
            _ => codec_of_fourcc(fourcc),
        };
        let has_composition_time = matches!(codec, Codec::H264 | Codec::H265);
        let (content, len) = match kind {
            0 => (Content::Config, 5),
            1 if has_composition_time => (Content::Picture(signed_24(head.get(5..8)?)?), 8),
            1 | 3 => (Content::Picture(0), 5),
            _ => (Content::Nothing, 5),
        };
        Some(Self {
            codec,
            name: fourcc_text(fourcc),
            key: false,
            content,
            len,
        })
    }
}

fn signed_24(bytes: &[u8]) -> Option<i32> {
    let [a, b, c] = *bytes.first_chunk::<3>()?;
    Some(i32::from_be_bytes([a, b, c, 0]) >> 8)
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
        sample.hidden = hidden;
        sample.config = u16::try_from(track.configs.len().saturating_sub(1)).unwrap_or(0);
        track.samples.push(sample);
    }
}

#[cfg(test)]
mod tests {
    use reelscope_media::{Dts, Pts, SampleId};

    use super::*;

    fn tag(kind: u8, time: u32, inside: &[u8]) -> Vec<u8> {
        let [_, s0, s1, s2] = u32::try_from(inside.len()).unwrap().to_be_bytes();
        let [t3, t0, t1, t2] = time.to_be_bytes();
        let head = [kind, s0, s1, s2, t0, t1, t2, t3, 0, 0, 0];
        let trailer = u32::try_from(head.len() + inside.len())
            .unwrap()
            .to_be_bytes();
        [&head, inside, &trailer].concat()
    }

    fn opened(tags: &[Vec<u8>]) -> Result<Movie, ContainerError> {
        let header = [b'F', b'L', b'V', 1, 5, 0, 0, 0, 9, 0, 0, 0, 0];
        assert_eq!(probe(&header, ""), 100);
        let source: Arc<dyn ByteSource> =
            Arc::new(Bytes::from([&header, &tags.concat()[..]].concat()));
        open(&source)
    }

    #[test]
    fn composition_times_are_added_and_may_be_negative() {
        let config = tag(9, 0, &[0x17, 0, 0, 0, 0, 1, 100, 0, 31, 0xFD, 0xE0, 0]);
        let picture = tag(9, 40, &[0x27, 1, 0xFF, 0xFF, 0xF6, 1, 2, 3]);
        let late = tag(9, 0x0100_0001, &[0x27, 1, 0, 0, 2, 4]);
        let movie = opened(&[tag(8, 0, &[0xAF, 0]), config, picture, late]).unwrap();
        let track = &movie.tracks[0];
        assert_eq!(track.configs[0].framing, Framing::Lengths(2));
        let first = track.samples.get(SampleId(0)).unwrap();
        assert_eq!(
            (first.pts, first.dts, first.data.len()),
            (Pts(30), Dts(40), 3)
        );
        assert_eq!(first.data.load(&*track.source).unwrap(), &[1, 2, 3][..]);
        assert_eq!(
            track.samples.get(SampleId(1)).unwrap().pts,
            Pts(0x0100_0003)
        );
        assert_eq!(movie.tracks[1].codec_string, "aac");
    }

    #[test]
    fn a_codec_that_is_not_known_is_named() {
        let movie = opened(&[tag(9, 0, &[0x12, 1, 2])]).unwrap();
        let reason = movie.tracks[0].unplayable.as_deref();
        assert_eq!(reason, Some("its codec Sorenson H.263 is not known"));
    }

    #[test]
    fn sound_alone_is_no_video() {
        let opened = opened(&[tag(8, 0, &[0x2F, 0])]);
        assert!(matches!(opened, Err(ContainerError::NoVideo { found, .. }) if found == "mp3"));
    }
}
