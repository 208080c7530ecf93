//! A program that logs with our SDK, and `reelscope record`, as two processes: fast, killed, and started again.
#![cfg(unix)]

use std::collections::BTreeSet;
use std::fs::File;
use std::io::BufReader;
use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;

use reelscope_tests::{Recorder, Run, Running};
use reelscope_wire::{Item, LogMessage, RecordingReader, RowId};

const PATIENCE: Duration = Duration::from_secs(150);
/// How many samples are logged in a second.
const PER_SECOND: u64 = 10_000;

/// What the logger says at its end.
#[derive(Debug)]
struct Said {
    /// Bytes in memory after a quarter of the samples, and after all.
    memory: (u64, u64),
    dropped: u64,
    seconds: f64,
}

fn logger(port: u16, samples: u64, per_second: u64, bytes: u64) -> Running {
    let addr = format!("127.0.0.1:{port}");
    let numbers = [samples, per_second, bytes].map(|number| number.to_string());
    let run = Run::program(env!("CARGO_BIN_EXE_logger"), [addr]);
    run.args(&numbers).start().unwrap()
}

fn end(logger: Running) -> Said {
    let outcome = logger.end(PATIENCE).unwrap();
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let words: Vec<&str> = outcome.stdout.split_whitespace().collect();
    Said {
        memory: (words[0].parse().unwrap(), words[1].parse().unwrap()),
        dropped: words[2].parse().unwrap(),
        seconds: words[3].parse().unwrap(),
    }
}

/// The numbers of the samples in a file, and the ids of their rows. A file that was cut off counts up to there.
fn samples(file: &Path) -> (Vec<i64>, BTreeSet<RowId>) {
    let mut reader = RecordingReader::open(BufReader::new(File::open(file).unwrap())).unwrap();
    let (mut numbers, mut ids) = (Vec::new(), BTreeSet::new());
    while let Ok(Some(item)) = reader.next() {
        if let Item::Message(LogMessage::Chunk(_, chunk), _) = item
            && &*chunk.entity == "/camera"
            && let Some(times) = chunk.time("frame")
        {
            numbers.extend((0..times.len()).filter_map(|row| times.get(row)));
            ids.extend(chunk.rows.iter().copied());
        }
    }
    numbers.sort_unstable();
    (numbers, ids)
}

#[test]
fn ten_thousand_samples_a_second_arrive_for_a_minute_and_memory_stays_flat() {
    const SAMPLES: u64 = 60 * PER_SECOND;
    const GROWTH: u64 = 16 << 20;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("fast.rrd");
    let recorder = Recorder::until_disconnect(&file).unwrap();
    let said = end(logger(recorder.port, SAMPLES, PER_SECOND, 1_000));
    recorder.end().unwrap();
    let (numbers, ids) = samples(&file);
    assert_eq!(numbers, (0..SAMPLES as i64).collect::<Vec<i64>>());
    assert_eq!(ids.len() as u64, SAMPLES);
    assert_eq!(said.dropped, 0);
    let (early, late) = said.memory;
    assert!(late < early + GROWTH, "{said:?}");
    assert!(late < 128 << 20, "{said:?}");
    // It was logged as time went by, and its end did not take long.
    assert!(said.seconds < 90.0, "{said:?}");
}

#[test]
fn a_recorder_that_is_killed_and_started_again_costs_nothing() {
    const SAMPLES: u64 = 4 * PER_SECOND;
    let folder = tempfile::tempdir().unwrap();
    let files = ["first.rrd", "second.rrd"].map(|name| folder.path().join(name));
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let start = |file: &Path, more: &[&str]| {
        let number = port.to_string();
        let args = [&["--port", &number], more].concat();
        Recorder::with(file, &args).unwrap()
    };
    let first = start(&files[0], &[]);
    let logger = logger(port, SAMPLES, PER_SECOND, 500);
    std::thread::sleep(Duration::from_millis(1_500));
    first.kill().unwrap();
    std::thread::sleep(Duration::from_millis(500));
    let second = start(&files[1], &["--until-disconnect"]);
    let said = end(logger);
    second.end().unwrap();
    assert_eq!(said.dropped, 0);
    let (before, after) = (samples(&files[0]), samples(&files[1]));
    assert!(!before.0.is_empty() && !after.0.is_empty());
    let numbers: BTreeSet<i64> = before.0.into_iter().chain(after.0).collect();
    let lost: Vec<i64> = (0..SAMPLES as i64)
        .filter(|number| !numbers.contains(number))
        .collect();
    assert!(
        lost.is_empty(),
        "{} lost, from {:?}",
        lost.len(),
        lost.first()
    );
    // What came twice has the same id both times.
    let ids: BTreeSet<RowId> = before.1.union(&after.1).copied().collect();
    assert_eq!(ids.len() as u64, SAMPLES);
}
