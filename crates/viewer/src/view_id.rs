//! The name of a view: which stream it shows, and which of the stream's views it is.

use reelscope_store::StreamId;

/// A view of a stream. A stream has one of its own, and copies of it that the person made, to look at
/// two times or in two ways at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ViewId {
    /// What is looked at.
    pub stream: StreamId,
    /// 0 for the stream's own view; copies count from 1.
    pub copy: u32,
}

impl ViewId {
    /// True for the view that lives as long as its stream.
    pub fn is_own(self) -> bool {
        self.copy == 0
    }
}

impl From<StreamId> for ViewId {
    fn from(stream: StreamId) -> Self {
        Self { stream, copy: 0 }
    }
}
