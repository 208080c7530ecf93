//! The right frame for a wanted time: decides what to decode from where, keeps decoded frames, and
//! says honestly whether what it shows is what was asked for. Knows no GPU, no window, no store.

mod backend;
mod cache;
mod feed;
mod lane;
mod live;
mod player;
mod previews;
mod shown;
#[cfg(test)]
mod tests;

pub use cache::{FrameCache, Thumbnail, TrackKey};
pub use player::Player;
pub use shown::{Absence, Intent, PlayerError, Shown, ShownFrame, ShownState};
