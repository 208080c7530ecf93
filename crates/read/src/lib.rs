//! Frames of videos and recordings without a window: through the same player, so that they are the same
//! frames, exact by their presentation time.
//!
//! ```no_run
//! use reelscope_read::{Engines, Opened};
//!
//! # fn main() -> Result<(), reelscope_read::ReadError> {
//! let mut opened = Opened::open("drive.mp4".as_ref())?;
//! let camera = opened.streams()[0].id;
//! let mut frames = opened.frames(camera, None, Engines::default())?;
//! let picture = frames.picture(45, None)?;
//! println!("{} × {} at {} ns", picture.width, picture.height, frames.times()[45]);
//! # Ok(())
//! # }
//! ```

mod cut;
mod error;
mod frames;
mod headless;
mod opened;

pub use cut::{Cut, is_same_file, mux_options};
pub use error::ReadError;
pub use frames::Frames;
pub use headless::{Engines, Headless};
pub use opened::{Opened, StreamFacts, TimelineFacts, timelines_of};
