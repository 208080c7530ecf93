//! What is rendered, on a headless adapter, against references in double precision that are written
//! from the standards and share no code with the crate.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod channels;
mod clipping;
mod color;
mod difference;
mod dither;
mod geometry;
mod gpu;
mod hdr;
mod light;
mod picture;
mod probe;
mod reference;
mod refusals;
mod scaling;
mod scopes;
mod siting;
mod stretch;
mod targets;
mod tiles;
mod values;
mod words;
mod zscale;
