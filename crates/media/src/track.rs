//! A track: the append-only samples of one codec, with all that is needed to decode and place them.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

use crate::{
    Codec, CodecConfig, ColorInfo, ColorReport, Geometry, HdrFacts, Presentation, SampleIndex,
    SampleSource, StreamFacts, Timescale, WholeSource,
};

/// What a track carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TrackKind {
    /// Pictures.
    Video,
    /// Sound.
    Audio,
    /// Anything else: subtitles, metadata.
    Other,
}

/// The samples of one codec, in one file or one stream. Whoever fills it appends; nothing is ever
/// taken away.
#[derive(Clone)]
pub struct Track {
    /// The container's number for it.
    pub id: u32,
    /// Pictures, sound or something else.
    pub kind: TrackKind,
    /// The codec; [`Codec::Unknown`] for one that the codec table does not have.
    pub codec: Codec,
    /// RFC 6381 codec string (`"avc1.64001F"`), or the container's own name of an unknown codec.
    pub codec_string: String,
    /// Ticks per second of all its times.
    pub timescale: Timescale,
    /// Decoder configurations; `Sample::config` indexes them. Never empty for video.
    pub configs: Vec<Arc<CodecConfig>>,
    /// What the bitstream says of its pictures: size, depth, colours. From the parameter sets or
    /// the first samples.
    pub facts: StreamFacts,
    /// What the container says of its colours.
    pub color: ColorInfo,
    /// What the container says of their brightness.
    pub hdr: HdrFacts,
    /// How its pictures are placed.
    pub geometry: Geometry,
    /// What its pictures' values mean.
    pub presentation: Presentation,
    /// The samples.
    pub samples: SampleIndex,
    /// Gives the bytes of samples that are not in memory.
    pub source: Arc<dyn SampleSource>,
    /// What a person should know of how it is shown (a base layer without its enhancement), in
    /// words; `None` if there is nothing to say.
    pub remark: Option<String>,
    /// Why no frame of it can be shown although its samples are known (encrypted, an unsupported
    /// codec), in words for a person; `None` if it can be.
    pub unplayable: Option<String>,
}

impl Track {
    /// A video track of which nothing else is known yet, and whose samples' bytes are nowhere.
    pub fn new(codec: Codec, timescale: Timescale) -> Self {
        Self {
            id: 0,
            kind: TrackKind::Video,
            codec,
            codec_string: codec.name().to_owned(),
            timescale,
            configs: Vec::new(),
            facts: StreamFacts::default(),
            color: ColorInfo::default(),
            hdr: HdrFacts::default(),
            geometry: Geometry::default(),
            presentation: Presentation::default(),
            samples: SampleIndex::new(),
            source: Arc::new(WholeSource(Arc::new(Bytes::new()))),
            remark: None,
            unplayable: None,
        }
    }

    /// The colours to use: the container's word first, then the bitstream's.
    pub fn color(&self) -> ColorInfo {
        self.color.or(self.facts.color)
    }

    /// The colours that are stated, and by whom: what a person `chose` first, then the container's
    /// word, then the bitstream's.
    pub fn color_report(&self, chosen: ColorInfo) -> ColorReport {
        ColorReport::new(chosen, self.color, self.facts.color)
    }

    /// The brightness metadata to use, likewise.
    pub fn hdr(&self) -> HdrFacts {
        self.hdr.or(self.facts.hdr)
    }

    /// Takes what the bitstream says. How pictures are turned, and words for a person, follow from it
    /// where the container says nothing of them.
    pub fn learn(&mut self, facts: StreamFacts) {
        fn follow<T: PartialEq>(value: &mut T, before: &T, now: T) {
            if value == before {
                *value = now;
            }
        }
        let words = |text: Option<&'static str>| text.map(str::to_owned);
        let before = std::mem::replace(&mut self.facts, facts);
        let now = &self.facts;
        follow(
            &mut self.geometry.orientation,
            &before.orientation,
            now.orientation,
        );
        follow(&mut self.remark, &words(before.remark), words(now.remark));
        follow(
            &mut self.unplayable,
            &words(before.unplayable),
            words(now.unplayable),
        );
    }

    /// Presentation time in nanoseconds of a tick of this track.
    pub fn nanos(&self, pts: crate::Pts) -> i64 {
        self.timescale.to_nanos(pts.0)
    }
}

impl fmt::Debug for Track {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Track")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .field("codec_string", &self.codec_string)
            .field("timescale", &self.timescale)
            .field("samples", &self.samples.len())
            .finish_non_exhaustive()
    }
}
