//! Programs with the stock SDKs of four versions, and with our own, log to reelscope, and everything that
//! they say they logged has to come out: bytes, rows, times and frames.

mod contents;
mod faults;
mod frames;
mod info;
mod ours;
mod programs;
mod python;
mod python_examples;
mod queries;
mod recorded;
mod saved;
mod stock;
mod viewer;
