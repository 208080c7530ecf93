//! The nouns of video: integer times, samples and their index, tracks, decoded frames, and what
//! each codec's bits say. Nothing in here does IO, starts threads, or knows a container or a GPU.

pub mod codec;
mod color;
mod format;
mod frame;
mod geometry;
mod hdr;
mod index;
mod kept;
mod likeness;
mod presentation;
mod raw;
mod reduce;
mod sample;
mod source;
mod time;
mod track;

pub use codec::{
    CODECS, Codec, CodecConfig, CodecEntry, DolbyVision, Framing, RvlHeader, StreamFacts, SyncKind,
    sniff_image,
};
pub use color::{
    ChromaSite, ColorInfo, ColorReport, ColorSource, ColorSources, Matrix, Primaries, Range,
    Transfer,
};
pub use format::{BayerPattern, Chroma, Layout, Packing, PixelFormat};
pub use frame::{Frame, FrameShapeError, Plane};
pub use geometry::{FieldOrder, Geometry, Orientation, Ratio};
pub use hdr::{ContentLight, HdrFacts, MasteringDisplay};
pub use index::{Gop, SampleIndex};
pub use likeness::{Likeness, Shades};
pub use presentation::Presentation;
pub use raw::{ColorModel, RawFormat, RawFormatError, RawLayout, ValueType};
pub use reduce::reduced_size;
pub use sample::{Sample, SampleData, SampleId, Visibility};
pub use source::{ByteSource, LoadError, SampleSource, WholeSource};
pub use time::{Dts, Pts, Timescale};
pub use track::{Track, TrackKind};
