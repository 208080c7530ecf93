//! The application: owns what is open and what is remembered, draws the window, applies commands.

mod align;
mod apply;
mod compare;
mod contact_sheet;
mod exports;
mod frames_out;
mod links;
mod looks;
mod marks;
mod measure;
mod news;
mod pace;
mod recents;
mod reel;
mod repaint;
mod status;
mod steps;

use egui::{CentralPanel, Frame, Panel, Ui, ViewportCommand};
use reelscope_ingest::{Measurer, Saver};
use reelscope_player::{Intent, ShownState};
use reelscope_store::LogTime;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use self::compare::Likenesses;
use self::exports::Exports;
use self::frames_out::FramesOut;
use self::links::Wish;
use self::marks::MarkBook;
use self::measure::Measure;
use self::reel::OpenReel;
use crate::aim::Aim;
use crate::clock::Clock;
use crate::command::{Active, Commands};
use crate::dialogs::{DialogState, Facts};
use crate::inspector::{Inspector, Subject};
use crate::keymap::KeyMap;
use crate::notices::Notices;
use crate::options::{Dialogs, ViewerError, ViewerOptions};
use crate::recent::RecentFiles;
use crate::screenshot::Shot;
use crate::session::{Gaze, Session, decode_env};
use crate::settings::Settings;
use crate::theme::{self, Palette};
use crate::tiles::{Scene, TileArea};
use crate::timeline::{self, Timeline};
use crate::video_paint::{Spot, VideoPaint};
use crate::view_id::ViewId;
use crate::{drop_area, empty, hud, keys, motion, streams, top_bar};

/// Threads of one decoder where nobody says.
const DECODER_THREADS: usize = 2;
/// Memory for decoded frames where nobody says.
const DEFAULT_CACHE_BYTES: usize = 1 << 30;
/// What the window takes by itself, about.
const OWN_BYTES: usize = 160 << 20;
/// Memory for logged rows where nobody says.
const DEFAULT_MEMORY_LIMIT: usize = 4 << 30;
/// A longer time than this between two repaints is not played through: the computer slept.
const LONGEST_LEAP: f64 = 1.0;
/// Below this width of the window the side panels make way for the pictures at first.
const ROOM_FOR_PANELS: f32 = 1_000.0;
/// Below this height there is no strip of thumbnails.
const ROOM_FOR_STRIP: f32 = 700.0;

/// The application, drawn into whatever [`egui::Ui`] it is given.
pub struct App {
    pub(crate) session: Session,
    clock: Clock,
    /// The playheads of what is not looked at now.
    other_clocks: BTreeMap<Active, Clock>,
    /// What nobody has looked at since it was there: it is followed once it grows.
    not_looked_at: BTreeSet<Active>,
    /// When the last news had been taken.
    news_taken_at: Option<std::time::Instant>,
    /// What the playhead belongs to.
    clock_of: Active,
    /// The marks of each timeline that was looked at.
    marks: MarkBook,
    measure: Measure,
    saver: Option<Saver>,
    frames_out: FramesOut,
    exports: Exports,
    likenesses: Likenesses,
    tiles: TileArea,
    timeline: Timeline,
    inspector: Inspector,
    paint: VideoPaint,
    settings: Settings,
    dialog: DialogState,
    notices: Notices,
    commands: Commands,
    /// True while the loupe stays at the pointer.
    loupe: bool,
    file_dialogs: Option<Box<dyn Dialogs>>,
    /// Memory for decoded frames where nobody chose.
    default_cache_bytes: usize,
    /// Memory for logged rows where nobody chose.
    default_memory_limit: usize,
    shot: Option<Shot>,
    /// Where to go once the files are open.
    wish: Option<Wish>,
    recent: RecentFiles,
    reel: OpenReel,
    /// Time of the last repaint, in seconds.
    last_wall: Option<f64>,
    /// The title that the window was given.
    title: String,
}

impl App {
    /// The application with its files being opened. Without a GPU no pictures are drawn.
    ///
    /// # Errors
    /// If there is no thread to load files on, or the GPU cannot draw pictures.
    pub fn new(
        ctx: &egui::Context,
        gpu: Option<&egui_wgpu::RenderState>,
        settings: Settings,
        options: ViewerOptions,
    ) -> Result<Self, ViewerError> {
        theme::install(ctx);
        theme::apply(ctx, &settings);
        KeyMap::new(&settings.keys).install(ctx);
        let threads = match options.decoder_threads {
            0 => DECODER_THREADS,
            threads => threads,
        };
        let ffmpeg = options.ffmpeg.or_else(|| settings.ffmpeg_path.clone());
        let hwaccel = options.hwaccel.unwrap_or_else(|| settings.hwaccel.clone());
        let env = decode_env(ffmpeg, threads, hwaccel);
        let default_memory_limit = options.default_memory_limit.unwrap_or(DEFAULT_MEMORY_LIMIT);
        let memory_limit = options
            .memory_limit
            .or(settings.memory_limit())
            .unwrap_or(default_memory_limit);
        // Decoded frames count against the limit as well.
        let default_cache_bytes = options
            .default_cache_bytes
            .unwrap_or(DEFAULT_CACHE_BYTES)
            .min(memory_limit.saturating_sub(OWN_BYTES) / 3);
        let cache_bytes = options
            .cache_bytes
            .or(settings.cache_bytes())
            .unwrap_or(default_cache_bytes);
        let mut session = Session::new(env, cache_bytes, memory_limit, wake(ctx))
            .map_err(|source| ViewerError::Thread { source })?;
        session.set_previews(settings.previews);
        session.set_chroma_filter(settings.chroma_filter);
        let paint = match gpu {
            Some(gpu) => VideoPaint::new(gpu)?,
            None => VideoPaint::default(),
        };
        let mut app = Self {
            session,
            clock: Clock::default(),
            other_clocks: BTreeMap::new(),
            not_looked_at: BTreeSet::new(),
            news_taken_at: None,
            clock_of: Active::default(),
            marks: MarkBook::default(),
            measure: Measure::default(),
            saver: None,
            likenesses: Likenesses::new(
                Measurer::start(wake(ctx)).map_err(|source| ViewerError::Thread { source })?,
            ),
            exports: Exports::default(),
            frames_out: FramesOut::new(wake(ctx))
                .map_err(|source| ViewerError::Thread { source })?,
            tiles: TileArea::default(),
            timeline: Timeline::default(),
            inspector: Inspector::new(wake(ctx))
                .map_err(|source| ViewerError::Thread { source })?,
            paint,
            settings,
            dialog: DialogState::default(),
            notices: Notices::default(),
            commands: Commands::default(),
            loupe: false,
            file_dialogs: options.dialogs,
            default_cache_bytes,
            default_memory_limit,
            shot: options.screenshot.map(Shot::new),
            wish: Wish::of(&options.moment),
            recent: RecentFiles::start(options.cache_folder, wake(ctx))
                .map_err(|source| ViewerError::Thread { source })?,
            reel: OpenReel::default(),
            last_wall: None,
            title: String::new(),
        };
        let chosen = app.settings.listening.options();
        let chosen = chosen.filter(|_| options.listen_as_chosen);
        if let Some(listen) = options.listen.or(chosen) {
            app.listen(&listen);
        }
        if let Some(address) = options.handover {
            // Without it every launch has its own window, which works as well.
            let _unreachable = app.session.receive(&address);
        }
        for path in options.files {
            app.open_path(path);
        }
        Ok(app)
    }

    /// What the person chose, to be kept for the next time.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The playhead.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The port at which programs can log, if they can.
    pub fn listening_port(&self) -> Option<u16> {
        self.session.listening_port()
    }

    /// Times of the frames that the tiles show exactly, on the timeline, by title of the tile.
    pub fn shown_exactly(&self) -> BTreeMap<String, LogTime> {
        let exact = |id: &ViewId| {
            let (_, stream) = self.session.store.stream(id.stream)?;
            let shown = self.session.view(*id)?.shown.as_ref()?;
            matches!(shown.state, ShownState::Exact).then_some(())?;
            let here = self.session.time_in(*id, self.clock.now());
            let number = stream.moment_at(here).unwrap_or(0);
            let title = crate::tiles::title(&self.session, *id);
            Some((title, stream.moment(number)?.time))
        };
        self.tiles.on_screen().iter().filter_map(exact).collect()
    }

    /// True if every tile shows the exact frame for the playhead, or why it has none.
    pub fn is_settled(&self) -> bool {
        self.session.is_settled(&self.tiles.on_screen())
            && self.wish.is_none()
            && self.session.env.ffmpeg.known().is_some()
    }

    /// If a screenshot was asked for and has been delivered: whether it was complete.
    pub(crate) fn advance_screenshot(&mut self, ctx: &egui::Context) -> Option<bool> {
        let settled = self.is_settled();
        let wall = ctx.input(|input| input.time);
        let prepared = !self.session.is_preparing();
        self.shot.as_mut()?.advance(ctx, settled, prepared, wall)
    }

    /// Handles input and draws the window.
    pub fn ui(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        motion::calm(&ctx, self.settings.reduced_motion);
        let wall = ui.input(|input| input.time);
        self.take_news(&ctx, wall);
        self.recent.take(&ctx);
        self.take_answers();
        self.take_saved(wall);
        self.watch_reel(&ctx, wall);
        if !self.dialog.is_open() {
            let timeline = self.timeline.id().unwrap_or(egui::Id::NULL);
            let compares = self.tiles.compare().is_some();
            keys::collect(&ctx, timeline, compares, &mut self.commands);
        }
        drop_area::ui(ui, &mut self.commands);
        self.apply_all(&ctx);
        self.pass_time(wall);
        self.update(wall);
        self.upload();
        self.recent
            .advance(&ctx, &self.session, self.clock.now(), &mut self.paint);
        self.note_shown();
        self.advance_frames_out(&ctx);
        self.measure_likeness();
        self.draw(ui, wall);
        if self.apply_all(&ctx) {
            // The decoders hear of it now, the screen with the next repaint.
            self.update(wall);
            ctx.request_repaint();
        }
        self.plan_repaint(&ctx, wall);
    }

    fn pass_time(&mut self, wall: f64) {
        let passed = self.last_wall.map_or(0.0, |last| wall - last);
        self.last_wall = Some(wall);
        let on_screen = self.tiles.on_screen();
        if !self.is_held(&on_screen) {
            let nanos = passed.clamp(0.0, LONGEST_LEAP) * 1e9;
            let from = self.clock.now();
            self.clock.advance(nanos.round() as i64);
            self.measure.note_glide(from, self.clock.now());
        }
    }

    /// Brings what the players answer up to date with the playhead.
    fn update(&mut self, wall: f64) {
        let on_screen = self.tiles.on_screen();
        let gaze = Gaze {
            on_screen: &on_screen,
            focused: self.tiles.focused(),
            time: self.clock.now(),
            intent: self.intent(),
        };
        self.session.update(&gaze, wall);
        self.note_wishes();
    }

    /// What the playhead's moves are for.
    fn intent(&self) -> Intent {
        if self.clock.is_dragged() {
            Intent::Drag
        } else if !self.clock.is_playing() {
            Intent::Look
        } else if self.clock.speed().is_reverse() {
            Intent::Reverse
        } else {
            Intent::Play
        }
    }

    /// Hands the frames to the GPU. Only before drawing: a picture handed over between drawing and
    /// the GPU's work would appear under the words about the one before.
    fn upload(&mut self) {
        for id in self.tiles.on_screen() {
            let Some((_, stream)) = self.session.store.stream(id.stream) else {
                continue;
            };
            let shown = self.session.view(id).and_then(|view| view.shown.as_ref());
            if let Some(frame) = shown.and_then(|shown| shown.frame.as_ref()) {
                let stated = self.session.stated_color(id, stream.track, &frame.frame);
                self.paint.take(id, Spot::Tile, &frame.frame, stated);
            }
        }
    }

    /// The time of the focused view's stream that is shown.
    fn shown_time(&self) -> LogTime {
        let now = self.clock.now();
        let focused = self.tiles.focused();
        focused.map_or(now, |view| self.session.time_in(view, now))
    }

    /// The title that the window should have: the focused file's name.
    fn wanted_title(&self) -> String {
        let focused = self.tiles.focused_stream();
        match focused.and_then(|id| self.session.store.stream(id)) {
            Some((recording, _)) => self.reel.title(Some(&recording.name)),
            None => self.reel.title(None),
        }
    }

    fn draw(&mut self, ui: &mut Ui, wall: f64) {
        let title = self.wanted_title();
        // Remembered here: not every window system says what it has, and each command repaints.
        if self.title != title {
            self.title.clone_from(&title);
            ui.ctx().send_viewport_cmd(ViewportCommand::Title(title));
        }
        let palette = Palette::of(ui.visuals());
        let bar = Frame::new()
            .fill(palette.surface)
            .inner_margin(egui::Margin::symmetric(8, 4));
        let plain = Frame::new().fill(palette.surface);
        let (streams, inspector) = self.panels_shown(ui);
        let ffmpeg = self.session.env.ffmpeg.known();
        Panel::top("menu").frame(bar).show(ui, |ui| {
            let status = self.status(ffmpeg.as_ref(), (streams, inspector), wall);
            let mut commands = Commands::default();
            top_bar::ui(ui, &status, &mut commands);
            self.commands.extend(commands.take());
        });
        let lanes = self.session.streams().count();
        let tall = ui.ctx().content_rect().height() >= ROOM_FOR_STRIP;
        let rows = self.settings.timeline_rows;
        let strip = tall && self.settings.previews && !rows.compact;
        // Also where a timeline without video was chosen: it has the others.
        if self.session.has_video() {
            Panel::bottom("timeline")
                .frame(plain)
                .exact_size(Timeline::height(lanes, strip, rows))
                .show(ui, |ui| {
                    let view = timeline::View {
                        session: &self.session,
                        clock: &self.clock,
                        focused: self.tiles.focused_stream(),
                        shown: self.shown_time(),
                        on_screen: &self.tiles.streams_on_screen(),
                        markers: self.marks.of(&self.session),
                        strip,
                        rows,
                        kind: self.session.timeline_kind(),
                        dropped: self.measure.dropped(),
                    };
                    self.timeline
                        .ui(ui, &view, &mut self.paint, &mut self.commands);
                });
        }
        let list = streams.then(|| {
            Panel::left("streams")
                .frame(plain)
                .default_size(220.0)
                .size_range(160.0..=420.0)
                .show(ui, |ui| {
                    let focused = self.tiles.focused_stream();
                    streams::ui(ui, &self.session, focused, &mut self.commands);
                })
        });
        self.timeline
            .align(list.map(|list| list.response.rect.width()));
        if inspector {
            Panel::right("inspector")
                .frame(plain)
                .default_size(316.0)
                .size_range(220.0..=520.0)
                .show(ui, |ui| self.inspector(ui));
        }
        let center = CentralPanel::no_frame().show(ui, |ui| self.center(ui, wall));
        if self.settings.hud {
            hud::ui(ui, center.response.rect, &self.figures());
        }
        self.notices
            .ui(ui, center.response.rect, wall, &mut self.commands);
        let facts = Facts {
            settings: &self.settings,
            cache_bytes: self.session.cache.budget(),
            memory_limit: self.session.memory_limit(),
            hwaccel: &self.session.env.hwaccel,
            ffmpeg: ffmpeg.as_ref(),
            listens_at: self.session.live_status().addrs,
            situation: self.situation(),
            markers: self.marks.of(&self.session),
            session_name: self.reel.name(),
            aim: Aim {
                session: &self.session,
                clock: &self.clock,
                focused: self.tiles.focused(),
            },
        };
        self.dialog.ui(ui.ctx(), &facts, &mut self.commands);
    }

    fn center(&mut self, ui: &mut Ui, wall: f64) {
        if self.session.store.recordings().next().is_none() {
            let port = self.listening_port();
            self.recent.see(&self.settings.recents, true);
            let recents = (&self.settings.recents, &self.recent);
            empty::ui(ui, port, recents, &mut self.commands);
            return;
        }
        self.recent.see(&self.settings.recents, false);
        if self.tiles.on_screen().is_empty() {
            empty::message(ui, self.session.why_empty());
            return;
        }
        let situation = self.situation();
        let mut scene = Scene {
            situation,
            session: &self.session,
            paint: &mut self.paint,
            time: self.clock.now(),
            wall,
            focused: self.tiles.focused(),
            loupe: self.loupe,
            pixel_text: self.settings.pixel_text,
        };
        self.tiles.ui(ui, &mut scene, &mut self.commands);
    }

    fn inspector(&mut self, ui: &mut Ui) {
        let subject = self.tiles.focused().and_then(|id| {
            let (recording, stream) = self.session.store.stream(id.stream)?;
            let here = self.session.time_in(id, self.clock.now());
            let look = self.session.look_in(id, &stream, here);
            Some(Subject {
                recording,
                stream,
                id,
                view: self.session.view(id)?,
                cache: &self.session.cache,
                values: self.paint.values(id, &look),
                look,
            })
        });
        let tab = self.settings.inspector_tab;
        let shown = (tab, &mut self.paint);
        self.inspector
            .ui(ui, subject.as_ref(), shown, &mut self.commands);
    }
}

/// A repaint of the window, from any thread.
fn wake(ctx: &egui::Context) -> reelscope_decode::Wake {
    let ctx = ctx.clone();
    Arc::new(move || ctx.request_repaint())
}
