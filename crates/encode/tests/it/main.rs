//! Pictures come back: encoded here, decoded by FFmpeg itself, compared with what went in.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod round_trips;
mod support;
mod troubles;
