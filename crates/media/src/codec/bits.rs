//! Bit reader.
