//! The fuzz targets without libFuzzer, for machines that have no nightly toolchain: changes bytes of
//! stock recordings at random. `cargo run --release --no-default-features --bin drive -- TARGET SECONDS`

use std::io::Cursor;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use reelscope_wire::{Item, LogMessage, RecordingReader};

const STOCK: [&[u8]; 4] = [
    include_bytes!("../../tests/recordings/v0.24.1.rrd"),
    include_bytes!("../../tests/recordings/v0.30.2.rrd"),
    include_bytes!("../../tests/recordings/v0.36.3.rrd"),
    include_bytes!("../../tests/recordings/v0.41.0.rrd"),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let parsed = arguments.get(1).map(|seconds| seconds.parse());
    let (Some(target), Some(Ok(seconds))) = (arguments.first(), parsed) else {
        eprintln!("usage: drive recording_reader|chunk SECONDS");
        return ExitCode::FAILURE;
    };
    let (run, seeds): (fn(&[u8]), Vec<Vec<u8>>) = match target.as_str() {
        "recording_reader" => {
            let seeds = STOCK.iter().map(|seed| seed.to_vec()).collect();
            (reelscope_wire_fuzz::recording_reader, seeds)
        }
        "chunk" => (reelscope_wire_fuzz::chunk, chunks()),
        _ => {
            eprintln!("there is no target {target}");
            return ExitCode::FAILURE;
        }
    };
    reelscope_wire_fuzz::allow_caught_panics();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let start = Instant::now();
    let mut runs = 0_u64;
    while start.elapsed() < Duration::from_secs(seconds) {
        let seed = &seeds[random.below(seeds.len())];
        let input = changed(seed.clone(), &mut random);
        if std::panic::catch_unwind(|| run(&input)).is_err() {
            let saved = std::fs::write("failed-input", &input);
            eprintln!("{target} panicked in run {runs}; its input is in ./failed-input: {saved:?}");
            return ExitCode::FAILURE;
        }
        runs += 1;
    }
    println!("{target}: {runs} runs in {seconds} s, no failure");
    ExitCode::SUCCESS
}

/// All chunks of the stock recordings, encoded.
fn chunks() -> Vec<Vec<u8>> {
    let mut chunks = Vec::new();
    for file in STOCK {
        let mut reader = RecordingReader::open(Cursor::new(file)).expect("a stock recording");
        while let Ok(Some(item)) = reader.next() {
            if let Item::Message(LogMessage::Chunk(_, chunk), _) = item {
                chunks.extend(chunk.encode());
            }
        }
    }
    chunks
}

/// Some bytes replaced, numbers made extreme, or the end cut off.
fn changed(mut bytes: Vec<u8>, random: &mut Random) -> Vec<u8> {
    const EXTREMES: [u64; 6] = [0, 1, 0x7f, 0x7fff_ffff, 0xffff_ffff, u64::MAX];
    for _ in 0..=random.below(6) {
        let at = random.below(bytes.len());
        match random.below(8) {
            0..5 => bytes[at] ^= 1 << random.below(8),
            5 => bytes[at] = random.below(256) as u8,
            6 => {
                let extreme = EXTREMES[random.below(EXTREMES.len())].to_le_bytes();
                let width = extreme.len().min(bytes.len() - at) / (1 + random.below(2));
                bytes[at..at + width].copy_from_slice(&extreme[..width]);
            }
            _ if random.below(4) == 0 => bytes.truncate(at.max(1)),
            _ => {}
        }
    }
    bytes
}

/// xorshift64 (Marsaglia, 2003): the same runs each time.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}
