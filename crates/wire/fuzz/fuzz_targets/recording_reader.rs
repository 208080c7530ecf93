//! `cargo fuzz run recording_reader`
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    reelscope_wire_fuzz::allow_caught_panics();
    reelscope_wire_fuzz::recording_reader(bytes);
});
