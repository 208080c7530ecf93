//! The window under test, without a window system.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod commands;
mod compare;
mod copies;
mod frames_out;
mod inspector;
mod limits;
mod live;
mod looks;
mod loupe;
mod marks;
mod pictures;
mod playback;
mod recent;
mod runs;
mod support;
mod values;
mod window;
