//! Damaged files of every format: whatever is flipped or cut off, opening ends, soon and without a
//! panic, and so does loading what was found. The seeds in `seeds/` are FFmpeg's test picture.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use reelscope_media::{ByteSource, SampleData};

/// Damaged files made from each seed.
const ROUNDS: u32 = 300;

/// Opening a small file takes milliseconds; this is for machines that are busy.
const LONGEST: Duration = Duration::from_secs(5);

/// SplitMix64: the same damage in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ mixed >> 31) % limit.max(1) as u64).unwrap_or(0)
    }
}

/// Flips bits, writes extreme values, leaves bytes out, repeats some, cuts off.
fn damaged(seed: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=chance.below(8) {
        // Most structure is at the front.
        let reach = if chance.below(2) == 0 {
            bytes.len().min(512)
        } else {
            bytes.len()
        };
        let at = chance.below(reach);
        let run = (at + 1 + chance.below(8)).min(bytes.len());
        match chance.below(6) {
            0 => bytes
                .get_mut(at)
                .into_iter()
                .for_each(|byte| *byte ^= 1 << chance.below(8)),
            1 => bytes
                .get_mut(at..run)
                .into_iter()
                .for_each(|bytes| bytes.fill(0xFF)),
            2 => bytes
                .get_mut(at..run)
                .into_iter()
                .for_each(|bytes| bytes.fill(0)),
            3 => drop(bytes.drain(at..run)),
            4 => bytes.extend_from_within(at..run),
            _ if chance.below(4) == 0 => bytes.truncate(at),
            _ => bytes
                .get_mut(at)
                .into_iter()
                .for_each(|byte| *byte = byte.wrapping_add(1)),
        }
    }
    bytes
}

/// Opens the bytes and loads every sample that was found.
fn exercise(bytes: Vec<u8>, name: &str) {
    let source: Arc<dyn ByteSource> = Arc::new(Bytes::from(bytes));
    let Ok(movie) = reelscope_container::open(source, name) else {
        return;
    };
    for track in &movie.tracks {
        let ids = (0..track.samples.len()).filter_map(|at| track.samples.at_decode_position(at));
        for sample in ids.filter_map(|id| track.samples.get(id)) {
            if let SampleData::Range { .. } = sample.data {
                let _ = sample.data.load(&*track.source);
            }
        }
    }
}

#[test]
fn damaged_files_neither_panic_nor_hang() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/seeds");
    let mut seeds = 0;
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let seed = std::fs::read(&path)?;
        let mut chance = Chance(seed.len() as u64);
        for round in 0..ROUNDS {
            let bytes = damaged(&seed, &mut chance);
            let started = Instant::now();
            exercise(bytes, name);
            assert!(
                started.elapsed() < LONGEST,
                "{name} took too long in round {round}"
            );
        }
        seeds += 1;
    }
    assert!(seeds >= 10, "the seeds are gone");
    Ok(())
}

#[test]
fn seeds_are_good_files() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/seeds");
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let source: Arc<dyn ByteSource> = Arc::new(Bytes::from(std::fs::read(&path)?));
        let movie = reelscope_container::open(source, "")
            .map_err(|error| format!("{}: {error}", path.display()))?;
        let samples: usize = movie.tracks.iter().map(|track| track.samples.len()).sum();
        assert!(
            samples > 0 && movie.warnings.is_empty(),
            "{}: {movie:?}",
            path.display()
        );
    }
    Ok(())
}
