//! One line of a track's sample list while it is put together, before edit lists and fragments
//! have had their say.

/// A sample as the tables or a fragment state it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Position in the file.
    pub(super) offset: u64,
    /// Length in bytes.
    pub(super) len: u32,
    /// Decode time in media ticks.
    pub(super) dts: i64,
    /// Composition offset; `None` where none is stated, and then the track's shift for negative
    /// offsets does not apply either.
    pub(super) composition: Option<i32>,
    /// Ticks until the next sample's decode time.
    pub(super) duration: u32,
    /// Index of its description in `stsd`, from 0.
    pub(super) config: u16,
    /// True for a sync sample.
    pub(super) sync: bool,
    /// True if it is decoded but not shown.
    pub(super) hidden: bool,
}

/// What bounds a track's sample list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// Length of the file.
    pub(super) end: u64,
    /// Samples that may still be looked at, all tracks together.
    pub(super) samples: usize,
}
