//! One player, many wishes in any order: the frame that is called exact is FFmpeg's frame of that
//! number, to the last bit, whatever was wanted before and whatever happens to the decoder.

use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use md5::{Digest as _, Md5};
use reelscope_decode::{DecodeEnv, FfmpegLocator};
use reelscope_ingest::load_file;
use reelscope_media::{Frame, Layout, Pts, Track};
use reelscope_player::{FrameCache, Intent, Player, ShownFrame, ShownState, TrackKey};
use reelscope_store::Rows;
use reelscope_tests::{Clip, Counter, Expect, clip_path, clips, for_each};

/// Wishes per clip.
const WISHES: usize = 40;
/// Drags per clip, and moves of the pointer in each.
const DRAGS: usize = 6;
const STEPS: usize = 25;
/// How long one frame of a clip of a second or two may take, whatever else the machine does.
const PATIENCE: Duration = Duration::from_secs(20);

/// A player with its track, and a bell that rings when there is news.
struct Rig {
    track: Track,
    player: Player,
    cache: FrameCache,
    bell: Arc<(Mutex<bool>, Condvar)>,
}

impl Rig {
    fn open(key: u64, clip: &Clip, cache_bytes: usize) -> Result<Self> {
        let opened = load_file(&clip_path(&clip.file))?;
        let first = opened.chunks.into_iter().next().context("no track")?;
        let Rows::Track(_, track) = first.rows else {
            bail!("a file is no run of a program");
        };
        let bell = Arc::new((Mutex::new(false), Condvar::new()));
        let ring = bell.clone();
        let wake = Arc::new(move || {
            *ring.0.lock().unwrap() = true;
            ring.1.notify_all();
        });
        let ffmpeg = Arc::new(FfmpegLocator::new(None));
        let env = DecodeEnv::new(ffmpeg, 2);
        let player = Player::new(TrackKey(key), env, wake);
        let cache = FrameCache::new(cache_bytes);
        Ok(Self {
            track,
            player,
            cache,
            bell,
        })
    }

    /// The frame on screen at a time.
    fn frame_at(&mut self, pts: Pts) -> Result<ShownFrame> {
        self.player.want(pts);
        let deadline = Instant::now() + PATIENCE;
        loop {
            let shown = self.player.update(&self.track, &mut self.cache);
            match (shown.state, shown.frame) {
                (ShownState::Exact, Some(frame)) => return Ok(frame),
                (ShownState::Pending, _) => {}
                (state, _) => bail!("at {pts:?}: {state:?}"),
            }
            ensure!(Instant::now() < deadline, "nothing at {pts:?} in time");
            let rung = self.bell.0.lock().unwrap();
            let wait = Duration::from_millis(100);
            let (mut rung, _) = self
                .bell
                .1
                .wait_timeout_while(rung, wait, |rung| !*rung)
                .unwrap();
            *rung = false;
        }
    }

    /// Wishes for frames all over the track, and holds each against the truth.
    fn wish_at_random(&mut self, clip: &Clip, mut between: impl FnMut(usize)) -> Result<()> {
        let truth = &clip.tracks[0];
        let shown = self.track.samples.shown().to_vec();
        ensure!(shown.len() == truth.md5.len(), "{} frames", shown.len());
        let mut random = clip.file.bytes().fold(1_u32, |sum, byte| {
            sum.wrapping_mul(31).wrapping_add(byte.into())
        });
        for wish in 0..WISHES {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let number = (random >> 8) as usize % shown.len();
            let pts = self
                .track
                .samples
                .get(shown[number])
                .context("no sample")?
                .pts;
            between(wish);
            let frame = self.frame_at(pts)?;
            ensure!(
                frame.pts == pts,
                "{:?} is called exact at {pts:?}",
                frame.pts
            );
            let md5 = digest(&frame.frame);
            ensure!(md5 == truth.md5[number], "#{number} is another picture");
            if let Some(counter) = &truth.counter {
                let seen = counter_in(&frame.frame, counter)?;
                ensure!(seen == counter.values[number], "#{number} shows {seen}");
            }
        }
        Ok(())
    }

    /// Drags the playhead about. Every whole picture on the way is held against the truth of the
    /// time that it is said to have, and so is the one on which the pointer comes to rest.
    fn drag_at_random(&mut self, clip: &Clip, mut between: impl FnMut(usize)) -> Result<()> {
        let truth = &clip.tracks[0];
        let shown = self.track.samples.shown().to_vec();
        let mut random = clip.file.bytes().fold(7_u32, |sum, byte| {
            sum.wrapping_mul(31).wrapping_add(byte.into())
        });
        self.player.preview(true);
        for drag in 0..DRAGS {
            between(drag);
            let mut number = 0;
            for step in 0..STEPS {
                random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                // Some go far, some only a few frames.
                let reach = if drag % 2 == 0 { shown.len() } else { 7 };
                number = (number + (random >> 8) as usize % reach) % shown.len();
                let intent = [Intent::Drag, Intent::Play, Intent::Reverse][drag % 3];
                self.player.set_intent(intent);
                self.player.want_sample(shown[number]);
                let on_screen = self.player.update(&self.track, &mut self.cache);
                if let Some(frame) = on_screen.frame.filter(|frame| !frame.reduced) {
                    let named = self.track.samples.frame_number(frame.sample);
                    let named = named.context("a frame of no sample")?;
                    let md5 = digest(&frame.frame);
                    ensure!(md5 == truth.md5[named], "#{named} is another picture");
                }
                std::thread::sleep(Duration::from_micros(300 * (step as u64 % 4)));
            }
            self.player.set_intent(Intent::Look);
            let pts = self
                .track
                .samples
                .get(shown[number])
                .context("no sample")?
                .pts;
            let frame = self.frame_at(pts)?;
            let named = self.track.samples.frame_number(frame.sample);
            let named = named.context("a frame of no sample")?;
            ensure!(
                frame.pts == pts && digest(&frame.frame) == truth.md5[named],
                "#{number}"
            );
        }
        Ok(())
    }
}

fn digest(frame: &Frame) -> String {
    let mut md5 = Md5::new();
    for plane in 0..frame.planes().len() {
        frame.rows(plane).for_each(|row| md5.update(row));
    }
    md5.finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The counter burnt into the picture, read from its first plane: luma or green.
fn counter_in(frame: &Frame, counter: &Counter) -> Result<u32> {
    let wide = frame.format().bytes_per_value();
    let step = match frame.format().layout {
        Layout::Rgb => 3 * wide,
        Layout::Rgba => 4 * wide,
        _ => wide,
    };
    let y = (counter.margin + counter.block / 2) as usize;
    let row = frame.rows(0).nth(y).context("the picture is too low")?;
    let white = 1_u32 << (frame.format().depth - 1);
    let mut value = 0;
    for bit in 0..counter.bits {
        let x = (counter.margin + bit * counter.block + counter.block / 2) as usize;
        let bytes = row.get(x * step..x * step + wide).context("too narrow")?;
        let level = bytes
            .iter()
            .rev()
            .fold(0, |level, byte| level << 8 | u32::from(*byte));
        value |= u32::from(level >= white) << bit;
    }
    Ok(value)
}

fn whole_clips() -> Vec<Clip> {
    let mut clips = clips().unwrap();
    clips.retain(|clip| clip.expect == Expect::Whole);
    assert!(clips.len() > 50, "the clips are not there");
    clips
}

fn whole_clip(file: &str) -> Clip {
    let mut clips = whole_clips().into_iter();
    clips.find(|clip| clip.file == file).unwrap()
}

#[test]
fn any_frame_is_reached_from_any_other() {
    let findings = for_each(
        &whole_clips(),
        |clip| clip.file.clone(),
        |clip| Rig::open(0, clip, 64 << 20)?.wish_at_random(clip, |_| {}),
    );
    findings.assert_known("clips_known.txt", "any_frame_is_reached_from_any_other");
}

#[test]
fn nothing_on_screen_is_ever_called_by_another_frames_time() {
    let findings = for_each(
        &whole_clips(),
        |clip| clip.file.clone(),
        |clip| Rig::open(0, clip, 64 << 20)?.drag_at_random(clip, |_| {}),
    );
    findings.assert_known(
        "clips_known.txt",
        "nothing_on_screen_is_ever_called_by_another_frames_time",
    );
}

#[test]
fn any_frame_is_reached_when_almost_none_can_be_kept() {
    let some = [
        "h264_b_frames.mp4",
        "h265_open_gop.mp4",
        "av1.mp4",
        "vp9.mp4",
    ];
    let mut clips = whole_clips();
    clips.retain(|clip| some.contains(&clip.file.as_str()));
    assert_eq!(clips.len(), some.len());
    for clip in clips {
        Rig::open(0, &clip, 1)
            .and_then(|mut rig| rig.wish_at_random(&clip, |_| {}))
            .unwrap();
    }
}

/// The first of the tracks whose decoders are killed; those of other tests in this process are left alone.
#[cfg(target_os = "linux")]
const KILLED: u64 = 77;

/// Kills the FFmpeg processes that the decoder's thread of that track has started.
#[cfg(target_os = "linux")]
fn kill_decoder(track: u64) {
    let thread = format!("decode track {track}");
    for task in std::fs::read_dir("/proc/self/task").unwrap() {
        let task = task.unwrap().path();
        let name = std::fs::read_to_string(task.join("comm")).unwrap_or_default();
        let children = std::fs::read_to_string(task.join("children")).unwrap_or_default();
        if name.trim_end() != thread {
            continue;
        }
        for child in children.split_whitespace() {
            // It may have ended meanwhile.
            let _gone = std::process::Command::new("kill")
                .args(["-9", child])
                .status();
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn no_wish_is_lost_when_the_decoder_is_killed_again_and_again() {
    let clip = whole_clip("h264_b_frames.mp4");
    let mut rig = Rig::open(KILLED, &clip, 1 << 20).unwrap();
    rig.wish_at_random(&clip, |wish| {
        if wish % 4 == 3 {
            kill_decoder(KILLED);
        }
    })
    .unwrap();
}

#[test]
#[cfg(target_os = "linux")]
fn a_drag_comes_to_rest_on_its_frame_though_the_decoder_is_killed_under_it() {
    let clip = whole_clip("h264_open_gop.mp4");
    let mut rig = Rig::open(KILLED + 1, &clip, 1 << 20).unwrap();
    rig.drag_at_random(&clip, |_| kill_decoder(KILLED + 1))
        .unwrap();
}
