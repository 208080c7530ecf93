//! What goes into the store: rows logged to one entity, with what they mean as video.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use reelscope_media::{CodecConfig, Presentation, StreamFacts, SyncKind, Track, Visibility};

use crate::{EntityPath, LogTime, Timeline};

/// Names a row for good. They order rows by when they were logged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId {
    /// Nanoseconds since the Unix epoch when it was made.
    pub time: u64,
    /// Tells rows of the same time apart.
    pub counter: u64,
}

/// A batch of rows logged to one entity.
#[derive(Clone, Debug)]
pub struct Chunk {
    /// Where.
    pub entity: EntityPath,
    /// What.
    pub rows: Rows,
}

/// The rows of a chunk.
#[derive(Clone, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "a track is moved once, when its file is opened; rows come all the time"
)]
pub enum Rows {
    /// A whole track, logged so that its presentation time in nanoseconds is the log time.
    Track(Timeline, Track),
    /// Rows of components.
    Logged(LoggedRows),
}

/// Rows of components.
#[derive(Clone)]
pub struct LoggedRows {
    /// One for each row.
    pub ids: Vec<RowId>,
    /// When each row was logged, for each timeline. Without any, the rows are static: they count at
    /// all times.
    pub times: Vec<TimeColumn>,
    /// The components.
    pub columns: Vec<Column>,
    /// What the rows mean as video.
    pub content: Vec<Content>,
    /// Bytes of memory that the rows hold.
    pub byte_size: usize,
    /// What the rows were read from, to be written again.
    pub origin: Option<Arc<dyn Any + Send + Sync>>,
    /// When the logging program sent them, in nanoseconds since the Unix epoch, if it said so.
    pub sent_at: Option<i64>,
}

impl fmt::Debug for LoggedRows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoggedRows")
            .field("rows", &self.ids.len())
            .field("columns", &self.columns)
            .finish_non_exhaustive()
    }
}

/// When rows were logged, on one timeline.
#[derive(Clone, Debug)]
pub struct TimeColumn {
    /// The timeline.
    pub timeline: Timeline,
    /// A time for each row; `None` where the row has none here.
    pub times: Vec<Option<LogTime>>,
}

/// The values of one component.
#[derive(Clone)]
pub struct Column {
    /// Which one.
    pub component: Component,
    /// A cell for each row.
    pub cells: Arc<dyn Cells>,
}

impl fmt::Debug for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.component.name)
    }
}

/// A component and what the logging program says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Component {
    /// Its name, unique in the entity: `"VideoStream:sample"`.
    pub name: Arc<str>,
    /// The archetype that it is part of.
    pub archetype: Option<Arc<str>>,
    /// What kind of value it is.
    pub component_type: Option<Arc<str>>,
    /// Its data type, for people.
    pub data_type: Arc<str>,
}

/// What a cell holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Nothing was logged.
    Null,
    /// It was logged that there is no value.
    Empty,
    /// So many values.
    Values(usize),
}

/// Cells of a component. What they are made of is the business of whoever made them.
pub trait Cells: Send + Sync {
    /// What the cell of a row holds. `Null` past the end.
    fn presence(&self, row: usize) -> Presence;

    /// The first value, if it is a number or a truth value.
    fn number(&self, row: usize) -> Option<f64>;

    /// The first value, if it is text.
    fn text(&self, row: usize) -> Option<String>;
}

/// What rows mean as video.
#[derive(Clone, Debug)]
pub enum Content {
    /// Samples of a stream whose presentation time is the time on the timeline.
    Samples(StreamKind, Vec<LoggedSample>),
    /// A whole video with times of its own. Its row, and its track or why it could not be read.
    Asset(u32, Result<Box<Track>, String>),
    /// References to frames of a video: the row, and the time in the video in nanoseconds.
    References(Vec<(u32, i64)>),
    /// Everything logged before is not there any more: the row, and whether that holds for the
    /// entities below as well.
    Clear(Vec<(u32, bool)>),
    /// A row of a stream has no value from here on.
    Ends(StreamKind, Vec<u32>),
}

/// Which archetype a stream was logged as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StreamKind {
    /// Samples of a video codec.
    VideoStream,
    /// A whole video.
    AssetVideo,
    /// References to frames of a video.
    VideoFrameReference,
    /// Compressed pictures.
    EncodedImage,
    /// Pictures as they are.
    Image,
    /// Distances.
    DepthImage,
    /// Compressed pictures of distances.
    EncodedDepthImage,
    /// Class numbers.
    SegmentationImage,
}

impl StreamKind {
    /// The archetype's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::VideoStream => "VideoStream",
            Self::AssetVideo => "AssetVideo",
            Self::VideoFrameReference => "VideoFrameReference",
            Self::EncodedImage => "EncodedImage",
            Self::Image => "Image",
            Self::DepthImage => "DepthImage",
            Self::EncodedDepthImage => "EncodedDepthImage",
            Self::SegmentationImage => "SegmentationImage",
        }
    }
}

/// A sample as it was logged, without a time: that depends on the timeline.
#[derive(Clone, Debug)]
pub struct LoggedSample {
    /// Its row in the chunk.
    pub row: u32,
    /// Whether and how decoding can start here.
    pub sync: SyncKind,
    /// Whether its frame is to be seen.
    pub visibility: Visibility,
    /// What it is coded with.
    pub config: Arc<CodecConfig>,
    /// The access unit.
    pub data: Bytes,
    /// What the bitstream says of its pictures, where that is new.
    pub facts: Option<Arc<StreamFacts>>,
    /// How its pictures are to be shown.
    pub presentation: Presentation,
}
