//! How long a repaint of the whole window takes with very many streams of very many samples: all the
//! program does for it up to the shapes for the GPU. Nothing is decoded.
//!
//! `cargo bench -p reelscope-viewer --bench repaint [-- STREAMS SAMPLES]`

use std::error::Error;
use std::time::Instant;

use egui::{
    Context, Event, Key, Modifiers, MouseWheelUnit, Pos2, RawInput, Rect, TouchPhase, vec2,
};
use reelscope_ingest::OpenedFile;
use reelscope_media::{Codec, Sample, SampleData, SyncKind, Timescale, Track};
use reelscope_store::{Chunk, EntityPath, Rows, Timeline};
use reelscope_viewer::{App, Settings, TimelineRows, ViewerOptions};

/// What a repaint may take, in milliseconds.
const GOAL_MS: f64 = 4.0;
/// Repaints that each figure is made of.
const REPAINTS: usize = 200;
/// Repaints before the first figure, so that all samples were looked at.
const MOST_BEFORE: usize = 5_000;
const SIZE: egui::Vec2 = vec2(1_600.0, 1_000.0);

fn main() -> Result<(), Box<dyn Error>> {
    let mut numbers = std::env::args()
        .skip(1)
        .filter_map(|text| text.parse().ok());
    let streams = numbers.next().unwrap_or(100);
    let samples = numbers.next().unwrap_or(100_000);
    let mut window = Window::open(streams, samples)?;
    let before = window.come_to_rest();
    println!("{streams} streams of {samples} samples, looked at in {before} repaints");
    println!(
        "{:<38}{:>9}{:>9}{:>12}",
        "", "p50 ms", "p95 ms", "p95 / 4 ms"
    );
    window.measure("all tiles, at rest", |_, _| ());
    // The focused tile alone: what is left are the timeline and the panels.
    window.press(Key::Enter);
    window.measure("one tile, at rest", |_, _| ());
    window.measure("one tile, scrubbing", Window::scrub);
    window.measure("one tile, zooming and panning", Window::travel);
    window.press(Key::T);
    window.measure("one tile, focused lane only", Window::travel);
    Ok(())
}

/// The application without a window system and without a GPU.
struct Window {
    ctx: Context,
    app: App,
    time: f64,
    events: Vec<Event>,
}

impl Window {
    fn open(streams: u32, samples: u32) -> Result<Self, Box<dyn Error>> {
        let ctx = Context::default();
        let settings = Settings {
            timeline_rows: TimelineRows {
                compact: false,
                bitrate: true,
            },
            ..Settings::default()
        };
        let mut app = App::new(&ctx, None, settings, ViewerOptions::default())?;
        app.show_opened(OpenedFile {
            path: "stress".into(),
            container: "made up",
            chunks: (0..streams).map(|number| chunk(number, samples)).collect(),
            warnings: Vec::new(),
        });
        Ok(Self {
            ctx,
            app,
            time: 0.0,
            events: Vec::new(),
        })
    }

    /// One repaint. Returns its milliseconds.
    fn repaint(&mut self) -> f64 {
        self.time += 1.0 / 60.0;
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, SIZE)),
            time: Some(self.time),
            events: std::mem::take(&mut self.events),
            focused: true,
            ..RawInput::default()
        };
        let begun = Instant::now();
        let mut output = self.ctx.run_ui(input, |ui| self.app.ui(ui));
        // There is no GPU that would take them.
        output.textures_delta.clear();
        let shapes = self.ctx.tessellate(output.shapes, output.pixels_per_point);
        let ms = begun.elapsed().as_secs_f64() * 1e3;
        drop(shapes);
        ms
    }

    /// Repaints until no repaint asks for another one at once. Returns how many it took.
    fn come_to_rest(&mut self) -> usize {
        for repaints in 0..MOST_BEFORE {
            self.repaint();
            if repaints > 10 && !self.ctx.has_requested_repaint() {
                return repaints;
            }
        }
        MOST_BEFORE
    }

    fn press(&mut self, key: Key) {
        for pressed in [true, false] {
            self.events.push(Event::Key {
                key,
                physical_key: None,
                pressed,
                repeat: false,
                modifiers: Modifiers::NONE,
            });
        }
        for _ in 0..10 {
            self.repaint();
        }
    }

    /// The pointer drags the playhead to and fro.
    fn scrub(&mut self, repaint: usize) {
        let x = 400.0 + (repaint % 100) as f32 * 10.0;
        let at = Pos2::new(x, SIZE.y - 60.0);
        self.events.push(Event::PointerMoved(at));
        if repaint == 0 || repaint + 1 == REPAINTS {
            self.events.push(Event::PointerButton {
                pos: at,
                button: egui::PointerButton::Primary,
                pressed: repaint == 0,
                modifiers: Modifiers::NONE,
            });
        }
    }

    /// The wheel zooms in and out again, from all there is to single frames.
    fn travel(&mut self, repaint: usize) {
        let inwards = repaint % 100 < 50;
        self.events
            .push(Event::PointerMoved(Pos2::new(900.0, SIZE.y - 60.0)));
        self.events
            .push(Event::Zoom(if inwards { 1.25 } else { 0.8 }));
        self.events.push(Event::MouseWheel {
            unit: MouseWheelUnit::Point,
            delta: vec2(0.0, if inwards { 3.0 } else { -3.0 }),
            source: egui::MouseWheelSource::Wheel,
            phase: TouchPhase::Move,
            modifiers: Modifiers::NONE,
        });
    }

    fn measure(&mut self, name: &str, mut act: impl FnMut(&mut Self, usize)) {
        let mut times: Vec<f64> = (0..REPAINTS)
            .map(|repaint| {
                act(self, repaint);
                self.repaint()
            })
            .collect();
        times.sort_by(f64::total_cmp);
        let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or(0.0);
        let (p50, p95) = (at(50), at(95));
        println!("{name:<38}{p50:>9.2}{p95:>9.2}{:>11.2}×", p95 / GOAL_MS);
    }
}

/// A stream of 30 frames a second, each at a time a little off, with a keyframe every 30 frames and a
/// gap every 9 000.
fn chunk(number: u32, samples: u32) -> Chunk {
    let sample = |at: u32| {
        let wobble = i64::from(at.wrapping_mul(2_654_435_761) >> 12) % 5_000_000;
        let gaps = i64::from(at / 9_000) * 7_000_000_000;
        let pts = i64::from(at) * 33_333_333 + wobble + gaps;
        let (sync, len) = if at.is_multiple_of(30) {
            (SyncKind::Closed, 60_000)
        } else {
            (SyncKind::None, 4_000 + at % 900)
        };
        Sample {
            duration: 33_333_333,
            ..Sample::new(pts, pts, sync, SampleData::Range { offset: 0, len })
        }
    };
    let track = Track {
        id: number,
        samples: (0..samples).map(sample).collect(),
        unplayable: Some("It was made up to be counted.".to_owned()),
        ..Track::new(Codec::Unknown, Timescale::NANOS)
    };
    Chunk {
        entity: EntityPath::new(&format!("camera_{number:03}")),
        rows: Rows::Track(Timeline::video_time(), track),
    }
}
