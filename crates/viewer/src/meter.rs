//! How well the window keeps up, measured: from when frames are wished for, when they are on screen,
//! and how the playhead got there. Knows no players and no clock; times are given in seconds.

use std::collections::{BTreeMap, VecDeque};

use crate::view_id::ViewId;

/// Seeks that are remembered.
const SEEKS: usize = 100;
/// Wishes of which it is remembered whether their frames were at hand.
const WISHES: usize = 300;
/// The time over which frames are counted, in seconds.
const PERIOD: f64 = 1.0;

/// How the playhead got to a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Motion {
    /// It was put there.
    Seek,
    /// Time has passed, backwards if so.
    Glide {
        /// True if it plays in reverse.
        reverse: bool,
    },
}

/// What is asked of a stream.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wish {
    /// The number of the frame.
    pub(crate) number: usize,
    /// Why this one.
    pub(crate) motion: Motion,
    /// True if it was decoded already.
    pub(crate) at_hand: bool,
}

/// The frame that is wished for of a stream.
#[derive(Debug)]
struct Watch {
    number: usize,
    /// When it was wished for.
    since: f64,
    /// `None` where the stream has just been opened: that is no seek.
    motion: Option<Motion>,
    on_screen: bool,
    /// When frames came on screen that time had led to.
    shown: VecDeque<f64>,
}

/// What was measured.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    watches: BTreeMap<ViewId, Watch>,
    /// Seconds of the last seeks, the newest last.
    seeks: VecDeque<f64>,
    /// Whether the frames wished for were at hand.
    at_hand: VecDeque<bool>,
    dropped: usize,
}

/// How long seeks took.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct SeekTimes {
    /// Half of them took no longer, in seconds.
    pub(crate) half: f64,
    /// Of twenty, nineteen took no longer.
    pub(crate) most: f64,
    /// How many were measured.
    pub(crate) count: usize,
}

impl Meter {
    /// Playback starts: what was dropped before does not count any more.
    pub(crate) fn restart(&mut self) {
        self.dropped = 0;
        for watch in self.watches.values_mut() {
            watch.shown.clear();
        }
    }

    /// Forgets the streams that are not among these.
    pub(crate) fn keep_only(&mut self, streams: &[ViewId]) {
        self.watches.retain(|id, _| streams.contains(id));
    }

    /// Notes what is wished for. The same wish again is none.
    pub(crate) fn wish(&mut self, stream: ViewId, wish: Wish, at: f64) {
        let old = self.watches.get_mut(&stream);
        if old.as_ref().is_some_and(|old| old.number == wish.number) {
            return;
        }
        push(&mut self.at_hand, wish.at_hand, WISHES);
        let Some(old) = old else {
            let watch = Watch {
                number: wish.number,
                since: at,
                motion: None,
                on_screen: false,
                shown: VecDeque::new(),
            };
            self.watches.insert(stream, watch);
            return;
        };
        if let Motion::Glide { reverse } = wish.motion {
            let (from, to) = if reverse {
                (wish.number, old.number)
            } else {
                (old.number, wish.number)
            };
            // Over the end of a loop nothing is left out.
            if let Some(passed) = to.checked_sub(from) {
                self.dropped += passed - 1 + usize::from(!old.on_screen);
            }
        }
        old.number = wish.number;
        old.since = at;
        old.motion = Some(wish.motion);
        old.on_screen = false;
    }

    /// Notes that the frame wished for is on screen.
    pub(crate) fn shown(&mut self, stream: ViewId, at: f64) {
        let Some(watch) = self.watches.get_mut(&stream) else {
            return;
        };
        if std::mem::replace(&mut watch.on_screen, true) {
            return;
        }
        match watch.motion {
            Some(Motion::Seek) => push(&mut self.seeks, at - watch.since, SEEKS),
            Some(Motion::Glide { .. }) => {
                watch.shown.push_back(at);
                while watch.shown.front().is_some_and(|first| at - first > PERIOD) {
                    watch.shown.pop_front();
                }
            }
            None => {}
        }
    }

    /// Frames of a stream that came on screen in a second, lately; `None` before there are two.
    pub(crate) fn shown_per_second(&self, stream: ViewId, now: f64) -> Option<f64> {
        let shown = &self.watches.get(&stream)?.shown;
        let mut recent = shown.iter().filter(|at| now - **at <= PERIOD);
        let first = recent.next()?;
        let others = recent.count();
        let passed = now - first;
        (others > 0 && passed > 0.0).then(|| others as f64 / passed)
    }

    /// Frames that the playhead passed since playback started without their being on screen.
    pub(crate) fn dropped(&self) -> usize {
        self.dropped
    }

    /// How long the last seeks took until the exact frame was on screen.
    pub(crate) fn seek_times(&self) -> Option<SeekTimes> {
        let mut times: Vec<f64> = self.seeks.iter().copied().collect();
        times.sort_by(f64::total_cmp);
        let count = times.len();
        // The nearest rank, counted from 1.
        let rank = |percent: usize| (count * percent).div_ceil(100).checked_sub(1);
        Some(SeekTimes {
            half: *times.get(rank(50)?)?,
            most: *times.get(rank(95)?)?,
            count,
        })
    }

    /// The share of the frames lately wished for that were at hand.
    pub(crate) fn hit_rate(&self) -> Option<f64> {
        let hits = self.at_hand.iter().filter(|hit| **hit).count();
        (!self.at_hand.is_empty()).then(|| hits as f64 / self.at_hand.len() as f64)
    }
}

/// Adds a value, and drops the oldest one if there are too many.
fn push<T>(values: &mut VecDeque<T>, value: T, most: usize) {
    if values.len() >= most {
        values.pop_front();
    }
    values.push_back(value);
}

#[cfg(test)]
mod tests {
    use super::*;

    use reelscope_store::StreamId;

    const STREAM: ViewId = ViewId {
        stream: StreamId(1),
        copy: 0,
    };
    const FORWARD: Motion = Motion::Glide { reverse: false };
    const BACKWARD: Motion = Motion::Glide { reverse: true };

    fn wish(meter: &mut Meter, number: usize, motion: Motion, at: f64) {
        let at_hand = false;
        let wish = Wish {
            number,
            motion,
            at_hand,
        };
        meter.wish(STREAM, wish, at);
    }

    /// A stream that was opened at a frame.
    fn opened(number: usize) -> Meter {
        let mut meter = Meter::default();
        wish(&mut meter, number, Motion::Seek, 0.0);
        meter.shown(STREAM, 5.0);
        meter
    }

    #[test]
    fn a_seek_lasts_from_the_last_wish_to_its_frame() {
        let mut meter = opened(0);
        assert_eq!(meter.seek_times(), None, "opening is no seek");
        wish(&mut meter, 10, Motion::Seek, 10.0);
        wish(&mut meter, 20, Motion::Seek, 10.5);
        wish(&mut meter, 20, Motion::Seek, 10.6);
        meter.shown(STREAM, 10.75);
        meter.shown(STREAM, 11.0);
        let times = meter.seek_times().unwrap();
        assert_eq!((times.half, times.most, times.count), (0.25, 0.25, 1));
    }

    #[test]
    fn of_a_hundred_seeks_the_fiftieth_and_the_ninety_fifth_are_told() {
        let mut meter = opened(0);
        // The oldest fifty have to go.
        for number in 1..=150_u32 {
            let at = f64::from(number) * 1_000.0;
            wish(&mut meter, number as usize, Motion::Seek, at);
            meter.shown(STREAM, at + f64::from(number));
        }
        let times = meter.seek_times().unwrap();
        assert_eq!((times.half, times.most, times.count), (100.0, 145.0, 100));
    }

    #[test]
    fn frames_that_were_not_on_screen_in_their_time_are_dropped() {
        let mut meter = opened(0);
        wish(&mut meter, 1, FORWARD, 5.1);
        meter.shown(STREAM, 5.1);
        assert_eq!(meter.dropped(), 0);
        wish(&mut meter, 4, FORWARD, 5.2);
        assert_eq!(meter.dropped(), 2, "#2 and #3");
        wish(&mut meter, 5, FORWARD, 5.3);
        assert_eq!(meter.dropped(), 3, "#4 did not come");
        meter.shown(STREAM, 5.3);
        wish(&mut meter, 0, FORWARD, 5.4);
        assert_eq!(meter.dropped(), 3, "the loop starts over");
        meter.shown(STREAM, 5.4);
        wish(&mut meter, 90, Motion::Seek, 5.5);
        meter.shown(STREAM, 5.5);
        wish(&mut meter, 88, BACKWARD, 5.6);
        assert_eq!(meter.dropped(), 4, "#89");
        meter.restart();
        assert_eq!(meter.dropped(), 0);
    }

    #[test]
    fn the_rate_is_that_of_the_last_second() {
        let mut meter = opened(0);
        assert_eq!(meter.shown_per_second(STREAM, 5.0), None);
        for number in 1..=100_u32 {
            let at = 5.0 + f64::from(number) / 50.0;
            wish(&mut meter, number as usize, FORWARD, at);
            meter.shown(STREAM, at);
        }
        let rate = meter.shown_per_second(STREAM, 7.0).unwrap();
        assert!((rate - 50.0).abs() < 0.5, "{rate}");
        let late = meter.shown_per_second(STREAM, 7.5).unwrap();
        assert!(late < 30.0, "{late}: nothing has come for half a second");
        assert_eq!(meter.shown_per_second(STREAM, 9.0), None);
    }

    #[test]
    fn the_hit_rate_counts_each_wish_once() {
        let mut meter = opened(0);
        for (number, at_hand) in [(1, true), (1, true), (2, true), (3, true)] {
            let motion = Motion::Seek;
            let wish = Wish {
                number,
                motion,
                at_hand,
            };
            meter.wish(STREAM, wish, 6.0);
        }
        assert_eq!(meter.hit_rate(), Some(0.75));
    }
}
