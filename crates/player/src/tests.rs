//! The player against a scripted decoder: which frame is shown for which wish, under faults.
//!
//! The scripted decoder works in one thread and paints each sample's number into its frame. Its
//! script stands in the bytes of the samples, so that faults belong to samples as in real files.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use reelscope_decode::{DecodeEnv, DecodeError, DecodeEvent, Feed, FfmpegLocator, Wake};
use reelscope_media::{
    Chroma, Codec, CodecConfig, ColorInfo, Dts, Frame, Framing, Geometry, PixelFormat, Pts, Sample,
    SampleData, SampleId, SampleIndex, StreamFacts, SyncKind, Timescale, Track, TrackKind,
    Visibility, WholeSource,
};

use crate::backend::Backend;
use crate::{FrameCache, Player, Shown, ShownState, TrackKey};

/// What the scripted decoder does with a sample: the sample's only byte.
const FINE: u8 = 0;
/// Puts out no frame.
const SILENT: u8 = 1;
/// Reports damage and puts out no frame.
const DAMAGED: u8 = 2;
/// Stops working the first time only.
const KILLS_ONCE: u8 = 3;
/// Stops working every time.
const KILLS_ALWAYS: u8 = 4;

/// Samples that the scripted decoder holds back.
const HELD: usize = 5;
/// Feeds it takes between two updates.
const QUEUE: usize = 7;

thread_local! {
    /// Generations that the decoder of the running test was asked for.
    static STARTS: AtomicUsize = const { AtomicUsize::new(0) };
    static KILLED: RefCell<Vec<SampleId>> = const { RefCell::new(Vec::new()) };
}

#[derive(Default)]
struct Scripted {
    generation: u64,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
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
                    let killed_before = KILLED.with_borrow(|killed| killed.contains(&id));
                    match script[0] {
                        KILLS_ALWAYS => self.die(state, id),
                        KILLS_ONCE if !killed_before => self.die(state, id),
                        SILENT => {}
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

fn put_out(state: &mut State, generation: u64) {
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

fn painted(sample: SampleId) -> Frame {
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

fn number_in(frame: &Frame) -> u32 {
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
fn track(gops: usize, kind: SyncKind, script: impl Fn(u32) -> u8) -> Track {
    let mut samples = SampleIndex::new();
    let shown_at: [i64; 7] = match kind {
        SyncKind::Closed => [0, 3, 1, 2, 6, 4, 5],
        _ => [2, 0, 1, 5, 3, 4, 6],
    };
    for gop in 0..gops {
        for (at, place) in shown_at.into_iter().enumerate() {
            let number = gop * 7 + at;
            samples.push(Sample {
                pts: Pts((gop as i64 * 7 + place) * 10),
                dts: Dts(number as i64 * 10),
                duration: 10,
                sync: match (at, gop) {
                    (0, 0) => SyncKind::Closed,
                    (0, _) => kind,
                    _ => SyncKind::None,
                },
                config: 0,
                visibility: Visibility::Shown,
                data: SampleData::Bytes(vec![script(number as u32)].into()),
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
        kind: TrackKind::Video,
        codec: Codec::H264,
        codec_string: "avc1".into(),
        timescale: Timescale::MILLIS,
        configs: vec![Arc::new(config)],
        facts: StreamFacts::default(),
        color: ColorInfo::default(),
        geometry: Geometry::default(),
        samples,
        source: Arc::new(WholeSource(Arc::new(Bytes::new()))),
        unplayable: None,
    }
}

fn player() -> Player {
    STARTS.with(|starts| starts.store(0, Ordering::Relaxed));
    KILLED.with_borrow_mut(Vec::clear);
    let env = DecodeEnv::new(Arc::new(FfmpegLocator::new(None)), 1);
    let wake: Wake = Arc::new(|| {});
    Player::with_backend(TrackKey(1), env, wake, |_, _, _, _| {
        Box::<Scripted>::default()
    })
}

/// Updates until the wish is settled. Checks on the way that no frame is shown under a wrong name.
fn settle(player: &mut Player, track: &Track, cache: &mut FrameCache) -> Shown {
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

fn assert_exact(shown: &Shown, sample: SampleId) {
    assert!(
        matches!(shown.state, ShownState::Exact),
        "{sample:?} is {:?}",
        shown.state
    );
    assert_eq!(shown.frame.as_ref().unwrap().sample, sample);
}

fn starts() -> usize {
    STARTS.with(|starts| starts.load(Ordering::Relaxed))
}

#[test]
fn every_frame_of_every_kind_of_gop_is_reached_from_any_other() {
    for kind in [SyncKind::Closed, SyncKind::Open, SyncKind::Stated] {
        let track = track(6, kind, |_| FINE);
        let (mut player, mut cache) = (player(), FrameCache::new(20));
        let mut random = 1_u32;
        for _ in 0..500 {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let pts = Pts(i64::from(random >> 8) % 420);
            player.want(pts);
            let shown = settle(&mut player, &track, &mut cache);
            let wanted = track.samples.latest_at(pts).unwrap();
            // The very first pictures of an open GOP that starts the track have no references.
            assert_exact(&shown, wanted);
        }
    }
}

#[test]
fn playing_on_and_stepping_back_inside_a_gop_start_no_new_decode() {
    let track = track(6, SyncKind::Closed, |_| FINE);
    let (mut player, mut cache) = (player(), FrameCache::new(1_000));
    for sample in track.samples.shown() {
        player.want_sample(*sample);
        assert_exact(&settle(&mut player, &track, &mut cache), *sample);
    }
    for sample in track.samples.shown().iter().rev() {
        player.want_sample(*sample);
        assert_exact(&player.update(&track, &mut cache), *sample);
    }
    assert_eq!(starts(), 1);
}

#[test]
fn while_the_exact_frame_is_on_its_way_the_nearest_one_is_shown_as_such() {
    let track = track(40, SyncKind::Closed, |_| FINE);
    let (mut player, mut cache) = (player(), FrameCache::new(1_000));
    player.want(Pts(0));
    settle(&mut player, &track, &mut cache);
    player.want(Pts(2_500));
    let shown = player.update(&track, &mut cache);
    assert!(matches!(shown.state, ShownState::Pending));
    assert!(shown.frame.unwrap().pts < Pts(2_500));
}

#[test]
fn before_the_first_sample_the_first_frame_is_shown_and_after_the_last_the_last() {
    let track = track(2, SyncKind::Closed, |_| FINE);
    let (mut player, mut cache) = (player(), FrameCache::new(1_000));
    player.want(Pts(-5_000));
    assert_eq!(
        settle(&mut player, &track, &mut cache).frame.unwrap().pts,
        Pts(0)
    );
    player.want(Pts(5_000));
    assert_eq!(
        settle(&mut player, &track, &mut cache).frame.unwrap().pts,
        Pts(130)
    );
}

#[test]
fn a_sample_without_a_picture_is_said_to_have_none_and_its_neighbour_is_shown() {
    let track = track(
        3,
        SyncKind::Closed,
        |number| if number == 9 { SILENT } else { FINE },
    );
    let (mut player, mut cache) = (player(), FrameCache::new(1_000));
    player.want_sample(SampleId(9));
    let shown = settle(&mut player, &track, &mut cache);
    assert!(matches!(
        shown.state,
        ShownState::Absent(crate::Absence::NoPicture)
    ));
    let frame = shown.frame.unwrap();
    assert_eq!(
        frame
            .pts
            .0
            .abs_diff(track.samples.get(SampleId(9)).unwrap().pts.0),
        10
    );
}

#[test]
fn a_damaged_sample_is_named_and_the_others_are_shown() {
    let track = track(3, SyncKind::Closed, |number| {
        if number == 9 { DAMAGED } else { FINE }
    });
    let (mut player, mut cache) = (player(), FrameCache::new(1_000));
    for sample in track.samples.shown() {
        player.want_sample(*sample);
        let shown = settle(&mut player, &track, &mut cache);
        match shown.state {
            ShownState::Absent(crate::Absence::Damaged(_)) => assert_eq!(*sample, SampleId(9)),
            _ => assert_exact(&shown, *sample),
        }
    }
    assert!(player.damage(SampleId(9)).is_some());
}

#[test]
fn a_decoder_that_dies_once_is_started_again_and_nothing_is_missing() {
    let dies = |number: u32| if number % 9 == 4 { KILLS_ONCE } else { FINE };
    let track = track(6, SyncKind::Closed, dies);
    let (mut player, mut cache) = (player(), FrameCache::new(1_000));
    for sample in track.samples.shown() {
        player.want_sample(*sample);
        assert_exact(&settle(&mut player, &track, &mut cache), *sample);
    }
}

#[test]
fn a_decoder_that_always_dies_at_one_place_is_given_up_there_and_used_elsewhere() {
    let dies = |number: u32| if number == 10 { KILLS_ALWAYS } else { FINE };
    let track = track(6, SyncKind::Closed, dies);
    let (mut player, mut cache) = (player(), FrameCache::new(1_000));
    player.want_sample(SampleId(12));
    let shown = settle(&mut player, &track, &mut cache);
    assert!(matches!(
        shown.state,
        ShownState::Failed(crate::PlayerError::KeepsFailing { tries: 3, .. })
    ));
    assert!(starts() <= 4);
    player.want_sample(SampleId(30));
    assert_exact(&settle(&mut player, &track, &mut cache), SampleId(30));
}

#[test]
fn a_track_that_cannot_be_played_says_why() {
    let mut track = track(1, SyncKind::Closed, |_| FINE);
    track.unplayable = Some("the track is encrypted".into());
    let (mut player, mut cache) = (player(), FrameCache::new(1_000));
    player.want(Pts(0));
    let ShownState::Failed(error) = settle(&mut player, &track, &mut cache).state else {
        panic!("it is shown as playable");
    };
    assert_eq!(error.to_string(), "the track is encrypted");
}

#[test]
fn random_wishes_under_random_faults_always_settle() {
    for seed in 1_u32..60 {
        let fault =
            |number: u32| match number.wrapping_mul(2_654_435_761).wrapping_add(seed * 77) >> 24 {
                0..=9 => SILENT,
                10..=19 => DAMAGED,
                20..=29 => KILLS_ONCE,
                30..=32 => KILLS_ALWAYS,
                _ => FINE,
            };
        let kind = [SyncKind::Closed, SyncKind::Open, SyncKind::Recovery(2)][seed as usize % 3];
        let track = track(12, kind, fault);
        let (mut player, mut cache) = (player(), FrameCache::new(2 * seed as usize));
        let mut random = seed;
        for step in 0..120 {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            player.want(Pts(i64::from(random >> 8) % 840));
            if step % 3 == 0 {
                // Overtaken by the next wish.
                player.update(&track, &mut cache);
            } else {
                settle(&mut player, &track, &mut cache);
            }
        }
    }
}

#[test]
fn a_part_without_pictures_is_decoded_once_and_not_for_each_of_its_samples() {
    let track = track(
        4,
        SyncKind::Closed,
        |number| if number < 14 { SILENT } else { FINE },
    );
    let (mut player, mut cache) = (player(), FrameCache::new(1_000));
    for sample in track.samples.shown() {
        player.want_sample(*sample);
        let shown = settle(&mut player, &track, &mut cache);
        let absent = matches!(shown.state, ShownState::Absent(_));
        assert_eq!(absent, sample.0 < 14, "{sample:?}");
    }
    assert_eq!(starts(), 1);
}
