//! The codec table on whole streams: small ones made by encoders, damaged ones, and the corpus.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test ends where its own input is not as expected; helpers outside #[test] count too"
)]

#[path = "codec/corpus.rs"]
mod corpus;
#[path = "codec/damage.rs"]
mod damage;
#[path = "codec/stream.rs"]
mod stream;
#[path = "codec/streams.rs"]
mod streams;
