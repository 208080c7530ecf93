//! What the examples share: where they log to, and something to look at.

mod scene;
mod target;

pub use scene::{ball, thermal};
pub use target::{Result, Target};
