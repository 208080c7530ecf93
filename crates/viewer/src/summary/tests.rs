//! Blocks of samples, held against a walk through all of them.

use bytes::Bytes;
use reelscope_media::{Sample, SampleData, SampleIndex, SyncKind};

use super::frame_rate_text;
use super::levels::{Block, Levels};

fn sample(pts: i64, bytes: u32, is_sync: bool) -> Sample {
    let sync = if is_sync {
        SyncKind::Closed
    } else {
        SyncKind::None
    };
    let data = SampleData::Range {
        offset: 0,
        len: bytes,
    };
    Sample::new(pts, pts, sync, data)
}

/// A sample every 10 ticks, every tenth one a sync sample, the bytes its number.
fn steady(count: i64) -> SampleIndex {
    (0..count)
        .map(|number| sample(number * 10, number as u32, number % 10 == 0))
        .collect()
}

fn built(samples: &SampleIndex) -> Levels {
    let mut levels = Levels::default();
    build(&mut levels, samples);
    levels
}

fn build(levels: &mut Levels, samples: &SampleIndex) {
    while levels.advance(samples, 100) > 0 {}
    assert!(levels.is_complete(samples));
}

fn blocks(levels: &Levels, samples: &SampleIndex, time: (i64, i64), grain: i64) -> Vec<Block> {
    let mut all = Vec::new();
    levels.walk(samples, time.0..time.1, grain, |block| all.push(*block));
    all
}

/// All samples one by one, without any blocks: the truth.
fn truth(samples: &SampleIndex) -> (u64, u64, u64) {
    let all = samples.shown().iter().filter_map(|id| samples.get(*id));
    all.fold((0, 0, 0), |(count, bytes, syncs), sample| {
        (
            count + 1,
            bytes + sample.data.len() as u64,
            syncs + u64::from(sample.sync != SyncKind::None),
        )
    })
}

fn sums(block: Block) -> (u64, u64, u64) {
    (block.samples, block.bytes, block.syncs)
}

#[test]
fn a_million_samples_are_seen_in_a_thousand_steps() {
    let samples = steady(1_000_000);
    let levels = built(&samples);
    assert_eq!(sums(levels.total(&samples)), truth(&samples));
    let all = blocks(&levels, &samples, (0, 10_000_000), 10_000);
    assert!((1_000..3_000).contains(&all.len()), "{}", all.len());
    let sum = all
        .iter()
        .fold(Block::default(), |sum, next| sum.and(*next));
    assert_eq!(sums(sum), truth(&samples));
    assert!(all.windows(2).all(|pair| pair[0].end == pair[1].start));
    assert!(all.iter().all(|block| block.length() <= 10_000));
}

#[test]
fn zoomed_in_every_sample_has_its_own_time() {
    let samples = steady(10_000);
    let levels = built(&samples);
    let some = blocks(&levels, &samples, (5_005, 5_055), 1);
    let times: Vec<i64> = some.iter().map(|block| block.start).collect();
    // The one that is on screen at the start counts.
    assert_eq!(times, [5_000, 5_010, 5_020, 5_030, 5_040, 5_050]);
    assert!(some.iter().all(|block| block.samples == 1));
}

#[test]
fn a_gap_is_never_inside_of_a_block_that_is_shorter() {
    let samples: SampleIndex = (0..1_000)
        .map(|number| sample(number * 10 + i64::from(number >= 500) * 4_000, 1, true))
        .collect();
    let levels = built(&samples);
    let long: Vec<Block> = blocks(&levels, &samples, (0, 20_000), 200)
        .into_iter()
        .filter(|block| block.most > 200)
        .collect();
    let [gap] = long[..] else {
        panic!("{long:?}");
    };
    assert_eq!((gap.start, gap.end, gap.samples), (4_990, 9_000, 1));
}

#[test]
fn what_goes_at_the_front_is_gone_from_the_sums() {
    let mut samples = steady(5_000);
    let mut levels = built(&samples);
    for _ in 0..300 {
        samples.remove_first_gop();
        levels.advance(&samples, 100);
        // Blocks that have lost some of their samples are not taken for whole ones.
        let from = samples.dropped() as i64 * 10;
        let first = blocks(&levels, &samples, (from, from + 1_000), 5);
        assert_eq!(first.first().map(|block| block.start), Some(from));
    }
    assert_eq!(sums(levels.total(&samples)), truth(&samples));
    for number in 5_000..6_000 {
        samples.push(sample(number * 10, number as u32, number % 10 == 0));
        levels.advance(&samples, 100);
    }
    assert_eq!(sums(levels.total(&samples)), truth(&samples));
    let sum = blocks(&levels, &samples, (0, 100_000), 2_000)
        .into_iter()
        .fold(Block::default(), Block::and);
    assert_eq!(sums(sum), truth(&samples));
}

#[test]
fn what_went_before_it_was_looked_at_is_no_loss() {
    let mut samples = steady(3_000);
    let mut levels = Levels::default();
    levels.advance(&samples, 100);
    for _ in 0..205 {
        samples.remove_first_gop();
    }
    build(&mut levels, &samples);
    assert_eq!(sums(levels.total(&samples)), truth(&samples));
}

#[test]
fn late_samples_find_their_block() {
    let mut samples = steady(3_000);
    let mut levels = built(&samples);
    for late in [25_005, 12_345, 12_344, 7] {
        samples.insert(sample(late, 1_000, false));
        build(&mut levels, &samples);
        assert_eq!(sums(levels.total(&samples)), truth(&samples), "{late}");
        let all = blocks(&levels, &samples, (0, 40_000), 500);
        assert!(all.windows(2).all(|pair| pair[0].end == pair[1].start));
    }
}

#[test]
fn a_stream_with_reordered_frames_is_right_at_any_time() {
    let mut samples = SampleIndex::new();
    let mut levels = Levels::default();
    for group in 0..200_i64 {
        for (place, offset) in [3, 1, 2].into_iter().enumerate() {
            let data = SampleData::Bytes(Bytes::from_static(b"abc"));
            samples.push(Sample {
                data,
                ..sample((group * 3 + offset) * 10, 0, place == 0 && group % 5 == 0)
            });
            levels.advance(&samples, 100);
        }
        assert_eq!(sums(levels.total(&samples)), truth(&samples), "{group}");
    }
    let total = levels.total(&samples);
    assert_eq!((total.least, total.most), (10, 10));
}

#[test]
fn frame_rates_are_written_as_people_do() {
    assert_eq!(frame_rate_text(25_000), "25 fps");
    assert_eq!(frame_rate_text(29_970), "29.97 fps");
    assert_eq!(frame_rate_text(12_500), "12.5 fps");
    assert_eq!(frame_rate_text(59_940), "59.94 fps");
    assert_eq!(frame_rate_text(23_976), "23.98 fps");
}
