//! A decoder that works in one thread and paints each sample's number into its frame, and tracks for
//! it. Its script stands in the bytes of the samples, so that faults belong to samples as in real
//! files.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use reelscope_decode::{DecodeEnv, DecodeError, DecodeEvent, Feed, FfmpegLocator, Wake};
use reelscope_media::{
    Chroma, Codec, CodecConfig, ColorInfo, Frame, Framing, PixelFormat, Sample, SampleData,
    SampleId, SampleIndex, SyncKind, Timescale, Track,
};

use crate::backend::Backend;
use crate::{FrameCache, Player, Shown, ShownState, TrackKey};

/// What the scripted decoder does with a sample: the sample's only byte.
pub(super) const FINE: u8 = 0;
/// Puts out no frame.
pub(super) const SILENT: u8 = 1;
/// Reports damage and puts out no frame.
pub(super) const DAMAGED: u8 = 2;
/// Stops working the first time only.
pub(super) const KILLS_ONCE: u8 = 3;
/// Stops working every time.
pub(super) const KILLS_ALWAYS: u8 = 4;

/// Is left out where that is allowed.
pub(super) const UNREFERRED: u8 = 5;

/// Samples that the scripted decoder holds back.
pub(super) const HELD: usize = 5;
/// Feeds it takes between two updates.
pub(super) const QUEUE: usize = 7;

thread_local! {
    /// Generations that the decoder of the running test was asked for.
    pub(super) static STARTS: AtomicUsize = const { AtomicUsize::new(0) };
    pub(super) static KILLED: RefCell<Vec<SampleId>> = const { RefCell::new(Vec::new()) };
}

#[derive(Default)]
pub(super) struct Scripted {
    generation: u64,
    state: RefCell<State>,
}

#[derive(Default)]
pub(super) struct State {
    feeds: VecDeque<Feed>,
    held: Vec<(u32, SampleId)>,
    events: VecDeque<DecodeEvent>,
    /// Rank of the first sample of the generation if it opens a GOP that others lead.
    opened_at: Option<u32>,
    started: bool,
    dead: bool,
}

impl Scripted {
    fn work(&self, state: &mut State) {
        let generation = self.generation;
        while let Some(feed) = state.feeds.pop_front() {
            if state.dead {
                continue;
            }
            match feed {
                Feed::Flush => {
                    while !state.held.is_empty() {
                        put_out(state, generation);
                    }
                    state.events.push_back(DecodeEvent::Flushed { generation });
                }
                Feed::Sample {
                    id,
                    rank,
                    sync,
                    data,
                    optional,
                    ..
                } => {
                    let SampleData::Bytes(script) = data else {
                        panic!("samples are in memory")
                    };
                    if !state.started {
                        assert_ne!(sync, SyncKind::None, "decoding starts at sync samples");
                        state.started = true;
                        state.opened_at = (sync != SyncKind::Closed).then_some(rank);
                    }
                    let taken = DecodeEvent::Taken {
                        generation,
                        sample: id,
                    };
                    state.events.push_back(taken);
                    let killed_before = KILLED.with_borrow(|killed| killed.contains(&id));
                    match script[0] {
                        KILLS_ALWAYS => self.die(state, id),
                        KILLS_ONCE if !killed_before => self.die(state, id),
                        SILENT => {}
                        UNREFERRED if optional => {
                            let sample = id;
                            state
                                .events
                                .push_back(DecodeEvent::LeftOut { generation, sample });
                        }
                        DAMAGED => {
                            let error = DecodeError::Damaged {
                                engine: "script",
                                reason: "bad".into(),
                            };
                            state.events.push_back(DecodeEvent::Damaged {
                                generation,
                                sample: id,
                                error,
                            });
                        }
                        // Leading pictures whose references were never decoded do not come out.
                        _ if state.opened_at.is_some_and(|open| rank < open) => {}
                        _ => state.held.push((rank, id)),
                    }
                    if state.held.len() > HELD {
                        put_out(state, generation);
                    }
                }
            }
        }
    }

    fn die(&self, state: &mut State, id: SampleId) {
        KILLED.with_borrow_mut(|killed| killed.push(id));
        state.dead = true;
        let error = DecodeError::Stopped {
            engine: "script",
            reason: "killed".into(),
        };
        state.events.push_back(DecodeEvent::Failed {
            generation: self.generation,
            error,
        });
    }
}

pub(super) fn put_out(state: &mut State, generation: u64) {
    let at = state
        .held
        .iter()
        .enumerate()
        .min_by_key(|(_, held)| held.0)
        .map(|(at, _)| at);
    let (_, sample) = state.held.remove(at.unwrap());
    state.events.push_back(DecodeEvent::Frame {
        generation,
        sample,
        frame: painted(sample),
    });
}

pub(super) fn painted(sample: SampleId) -> Frame {
    let number = u16::try_from(sample.0).unwrap().to_le_bytes();
    let packed = Bytes::copy_from_slice(&number);
    Frame::from_packed(
        PixelFormat::planar(Chroma::Mono, 16),
        1,
        1,
        packed,
        ColorInfo::default(),
    )
    .unwrap()
}

pub(super) fn number_in(frame: &Frame) -> u32 {
    let bytes = &frame.planes()[0].data;
    u32::from(u16::from_le_bytes([bytes[0], bytes[1]]))
}

impl Backend for Scripted {
    fn raise_generation(&mut self) -> u64 {
        STARTS.with(|starts| starts.fetch_add(1, Ordering::Relaxed));
        self.generation += 1;
        // Frames of the generation before may still be under way.
        let late = std::mem::take(&mut self.state.get_mut().events);
        *self.state.get_mut() = State {
            events: late,
            ..State::default()
        };
        self.generation
    }

    fn pause(&self, _pause: bool) {}

    fn note(&self) -> Option<String> {
        None
    }

    fn try_feed(&self, feed: Feed) -> Result<(), Feed> {
        let mut state = self.state.borrow_mut();
        if state.feeds.len() >= QUEUE {
            return Err(feed);
        }
        state.feeds.push_back(feed);
        Ok(())
    }

    fn try_event(&self) -> Option<DecodeEvent> {
        let mut state = self.state.borrow_mut();
        self.work(&mut state);
        state.events.pop_front()
    }

    fn engine(&self) -> Option<String> {
        Some("script".into())
    }
}

/// GOPs of `I P B B P B B` in decode order, 10 ticks apart; each sync sample of the given kind.
/// Of an open GOP the first two B pictures are shown before its I picture.
pub(super) fn track(gops: usize, kind: SyncKind, script: impl Fn(u32) -> u8) -> Track {
    let mut samples = SampleIndex::new();
    let shown_at: [i64; 7] = match kind {
        SyncKind::Closed => [0, 3, 1, 2, 6, 4, 5],
        _ => [2, 0, 1, 5, 3, 4, 6],
    };
    for gop in 0..gops {
        for (at, place) in shown_at.into_iter().enumerate() {
            let number = gop * 7 + at;
            let sync = match (at, gop) {
                (0, 0) => SyncKind::Closed,
                (0, _) => kind,
                _ => SyncKind::None,
            };
            let (pts, dts) = ((gop as i64 * 7 + place) * 10, number as i64 * 10);
            let data = SampleData::Bytes(vec![script(number as u32)].into());
            samples.push(Sample {
                duration: 10,
                ..Sample::new(pts, dts, sync, data)
            });
        }
    }
    let config = CodecConfig {
        codec: Codec::H264,
        framing: Framing::AnnexB,
        record: Bytes::new(),
    };
    Track {
        id: 1,
        configs: vec![Arc::new(config)],
        samples,
        ..Track::new(Codec::H264, Timescale::MILLIS)
    }
}

pub(super) fn player() -> Player {
    STARTS.with(|starts| starts.store(0, Ordering::Relaxed));
    KILLED.with_borrow_mut(Vec::clear);
    let env = DecodeEnv::new(Arc::new(FfmpegLocator::new(None)), 1);
    let wake: Wake = Arc::new(|| {});
    Player::with_backend(TrackKey(1), env, wake, |_, _, _, _| {
        Box::<Scripted>::default()
    })
}

/// Updates until the wish is settled. Checks on the way that no frame is shown under a wrong name.
pub(super) fn settle(player: &mut Player, track: &Track, cache: &mut FrameCache) -> Shown {
    for _ in 0..10_000 {
        let shown = player.update(track, cache);
        if let Some(frame) = &shown.frame {
            assert_eq!(
                number_in(&frame.frame),
                frame.sample.0,
                "a frame under another's name"
            );
            assert_eq!(track.samples.get(frame.sample).unwrap().pts, frame.pts);
        }
        if !matches!(shown.state, ShownState::Pending) {
            return shown;
        }
    }
    panic!("the wish is never settled");
}

pub(super) fn assert_exact(shown: &Shown, sample: SampleId) {
    assert!(
        matches!(shown.state, ShownState::Exact),
        "{sample:?} is {:?}",
        shown.state
    );
    assert_eq!(shown.frame.as_ref().unwrap().sample, sample);
}

pub(super) fn starts() -> usize {
    STARTS.with(|starts| starts.load(Ordering::Relaxed))
}
