//! Decodes real clips, made by FFmpeg from its synthetic sources, and compares with what FFmpeg
//! itself says their frames are.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests fail by panicking"
)]

mod corpus;
mod frames;
mod hwaccel;
mod pictures;
mod raw;
mod seeks;
mod skipping;
mod stills;
mod support;
mod troubles;
