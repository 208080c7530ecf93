//! What each command does.

use std::path::PathBuf;

use egui::{OpenUrl, ViewportCommand};
use reelscope_decode::download_page;
use reelscope_ingest::{ListenOptions, WireError};
use reelscope_store::{LogTime, RecordingId, StreamView};

use super::{App, wake};
use crate::aim::Aim;
use crate::clock::Clock;
use crate::command::{Active, Command, entry, why_not};
use crate::keymap::KeyMap;
use crate::link::Link;
use crate::options::Choice;
use crate::paste;
use crate::place::Place;
use crate::session::file_name;
use crate::settings::Listening;
use crate::steps::{step_frames, step_keyframe};
use crate::theme;
use crate::timecode::MILLISECOND;
use crate::view_id::ViewId;

impl App {
    /// Applies all commands that were given. Returns true if there were any.
    pub(super) fn apply_all(&mut self, ctx: &egui::Context) -> bool {
        let commands = self.commands.take();
        let any = !commands.is_empty();
        for command in commands {
            let now = self.situation();
            match entry(&command).and_then(|it| Some((it.name, why_not(&command, &now)?))) {
                Some((name, reason)) => {
                    let wall = ctx.input(|input| input.time);
                    let name = name.trim_end_matches('…');
                    self.notices.done(format!("{name}: {reason}"), wall);
                }
                None => self.apply(ctx, command),
            }
        }
        any
    }

    fn apply(&mut self, ctx: &egui::Context, command: Command) {
        match command {
            Command::Open => self.choose(ctx, Choice::VideoFiles),
            Command::SaveRecording => self.save(ctx),
            Command::SaveRecordingTo(path) => self.save_to(&path),
            Command::SaveFrame
            | Command::SaveFrameTo(_)
            | Command::SaveFrames
            | Command::SaveFramesIn(_)
            | Command::CopyFrame => self.apply_frames_out(ctx, command),
            Command::CancelSaving => {
                if let Some(saver) = &self.saver {
                    saver.cancel();
                }
            }
            Command::Activate(active) => self.session.activate(active),
            Command::ChooseTimeline(name) => self.choose_timeline(&name),
            Command::Listen(port) => self.listen(&ListenOptions { port, bind: None }),
            Command::SetMemoryLimit(mib) => {
                self.settings.memory_limit_mib = mib;
                let bytes = self.settings.memory_limit();
                self.session
                    .set_memory_limit(bytes.unwrap_or(self.default_memory_limit));
            }
            Command::OpenPaths(paths) => paths.into_iter().for_each(|path| self.open_path(path)),
            Command::Paste => ctx.send_viewport_cmd(ViewportCommand::RequestPaste),
            Command::OpenText(text) => self.open_text(&text),
            Command::CloseFile => {
                let focused = self.tiles.focused_stream();
                let recording = focused.and_then(|id| self.session.store.stream(id));
                if let Some(id) = recording.map(|(recording, _)| recording.id) {
                    self.close(id);
                }
            }
            Command::CloseRecording(recording) => self.close(recording),
            Command::Quit => ctx.send_viewport_cmd(ViewportCommand::Close),
            Command::Show(dialog) => {
                let hwaccel = &self.session.env.hwaccel;
                self.dialog.show(dialog, &self.settings, hwaccel);
            }
            Command::CloseDialog => self.dialog.close(),
            Command::ChooseFfmpeg => self.choose(ctx, Choice::FfmpegProgram),
            Command::SetFfmpegPath(path) => {
                self.settings.ffmpeg_path.clone_from(&path);
                self.session.env.ffmpeg.set_path(path);
            }
            Command::SetCacheSize(mib) => {
                self.settings.cache_mib = mib;
                let bytes = self.settings.cache_bytes();
                self.session
                    .cache
                    .set_budget(bytes.unwrap_or(self.default_cache_bytes));
            }
            Command::SetHwAccel(hwaccel) => {
                self.settings.hwaccel.clone_from(&hwaccel);
                self.session.set_hwaccel(hwaccel);
            }
            Command::SetPreviews(previews) => {
                self.settings.previews = previews;
                self.session.set_previews(previews);
            }
            Command::SetTheme(_)
            | Command::SetUiScale(_)
            | Command::ZoomUi(_)
            | Command::SetReducedMotion(_)
            | Command::ToggleHud => self.change_window(ctx, &command),
            Command::SetListening(listening) => self.set_listening(listening),
            Command::OpenDownloadPage => ctx.open_url(OpenUrl::new_tab(download_page())),
            Command::Copy(text) => {
                let wall = ctx.input(|input| input.time);
                let what = match text.lines().count() {
                    0 | 1 => crate::widgets::elided(&text, 60),
                    lines => format!("{lines} lines"),
                };
                self.notices.done(format!("Copied {what}"), wall);
                ctx.copy_text(text);
            }
            Command::DismissNotice(id) => self.notices.dismiss(id),
            Command::ToggleFullScreen => {
                let full = ctx.input(|input| input.viewport().fullscreen.unwrap_or(false));
                ctx.send_viewport_cmd(ViewportCommand::Fullscreen(!full));
            }
            Command::SetKeyPreset(_)
            | Command::SetKeys(..)
            | Command::ResetKeys(_)
            | Command::ResetAllKeys => self.change_keys(ctx, command),
            Command::ShowTab(tab) => {
                self.settings.inspector_tab = tab;
                self.panels.inspector = Some(true);
            }
            Command::ToggleStreams | Command::ToggleInspector => self.toggle_panel(ctx, &command),
            recent => self.apply_recent(ctx, recent),
        }
    }

    pub(super) fn apply_playback(&mut self, command: Command) {
        match command {
            Command::PlayPause => self.clock.toggle(),
            Command::Stop => self.clock.stop(),
            Command::ShuttleForward => self.clock.shuttle(false, false),
            Command::ShuttleBackward => self.clock.shuttle(true, false),
            Command::CreepForward => self.clock.shuttle(false, true),
            Command::CreepBackward => self.clock.shuttle(true, true),
            Command::StepFrames(frames) => {
                self.step(|stream, now| step_frames(stream, now, frames))
            }
            Command::StepKeyframes(count) => {
                self.step(|stream, now| step_keyframe(stream, now, count > 0));
            }
            Command::StepEvents(count) => self.step_events(count > 0),
            Command::StepMillis(millis) => {
                self.go_to(Place::NanosFromHere(millis.saturating_mul(MILLISECOND)));
            }
            Command::SeekStart => self.clock.seek_start(),
            Command::SeekEnd => self.clock.seek_end(),
            Command::GoLive => self.clock.go_live(),
            Command::Seek(time) => self.clock.seek(time),
            Command::BeginScrub => self.clock.begin_drag(),
            Command::EndScrub => self.clock.end_drag(),
            Command::GoTo(place) => self.go_to(place),
            Command::SlowDown => self.clock.slow_down(),
            Command::SpeedUp => self.clock.speed_up(),
            Command::SetSpeed(speed) => self.clock.set_speed(speed),
            Command::SetLoopMode(mode) => self.clock.set_loop_mode(mode),
            Command::SetStepRate(rate) => self.set_step_rate(rate),
            Command::SetWhenSlow(choice) => self.settings.when_slow = choice,
            Command::CycleLoop => self.clock.set_loop_mode(self.clock.loop_mode().next()),
            marks => self.apply_marks(marks),
        }
    }

    pub(super) fn apply_view(&mut self, command: Command) {
        match command {
            Command::FitVideo => {
                if let Some(view) = self.tiles.focused() {
                    self.tiles.zoom_mut(view).fit();
                    self.tiles.zoomed(&self.session, view);
                }
            }
            Command::ActualSize => {
                if let Some(view) = self.tiles.focused() {
                    self.tiles.zoom_mut(view).actual_size();
                    self.tiles.zoomed(&self.session, view);
                }
            }
            Command::MaximiseTile => self.tiles.toggle_maximised(),
            Command::DuplicateTile => {
                let copy = self
                    .tiles
                    .focused()
                    .and_then(|view| self.session.copy_view(view));
                if let Some(copy) = copy {
                    self.tiles.add(copy);
                    self.tiles.focus(copy);
                }
            }
            Command::ShiftView(frames) => self.shift_view(frames),
            Command::ResetShift => {
                if let Some(view) = self.tiles.focused() {
                    self.session.set_offset(view, 0);
                }
            }
            Command::ToggleLinkedZoom => self.tiles.toggle_linked(),
            Command::CloseTile => {
                if let Some(view) = self.tiles.focused() {
                    self.close_view(view);
                }
            }
            Command::Focus(view) => self.tiles.focus(view),
            Command::CloseView(view) => self.close_view(view),
            Command::ShowStream(stream, visible) => self.show_stream(stream, visible),
            Command::FitTimeline => self.timeline.fit(),
            Command::Retry(view) => self.session.retry(view),
            compare => self.apply_compare(compare),
        }
    }

    pub(super) fn show_stream(&mut self, stream: reelscope_store::StreamId, visible: bool) {
        self.session.set_visible(stream, visible);
        self.tiles.set_visible(stream.into(), visible);
    }

    fn close_view(&mut self, view: ViewId) {
        if view.is_own() {
            self.show_stream(view.stream, false);
        } else {
            self.session.close_view(view);
            self.tiles.remove(view);
            self.paint.forget_view(view);
        }
    }

    fn toggle_panel(&mut self, ctx: &egui::Context, command: &Command) {
        let room = ctx.content_rect().width() >= super::ROOM_FOR_PANELS;
        let shown = room && self.session.store.recordings().next().is_some();
        let panel = if *command == Command::ToggleStreams {
            &mut self.panels.streams
        } else {
            &mut self.panels.inspector
        };
        *panel = Some(!panel.unwrap_or(shown));
    }

    fn change_keys(&mut self, ctx: &egui::Context, command: Command) {
        let choice = &mut self.settings.keys;
        match command {
            Command::SetKeyPreset(preset) => {
                choice.preset = preset;
                choice.changes.clear();
            }
            Command::SetKeys(name, keys) => choice.set(name, &keys),
            Command::ResetKeys(name) => choice.reset(name),
            Command::ResetAllKeys => choice.changes.clear(),
            _ => {}
        }
        KeyMap::new(choice).install(ctx);
    }

    pub(super) fn open_path(&mut self, path: PathBuf) {
        if let Err(path) = self.session.open(path) {
            self.notices.error(
                format!("{} was not opened", file_name(&path)),
                "Too many files are being opened already. Try it again in a moment.".into(),
            );
        }
    }

    fn open_text(&mut self, text: &str) {
        if Link::is_one(text.trim()) {
            match text.parse() {
                Ok(link) => self.commands.push(Command::Follow(link)),
                Err(error) => self.refuse_link(&error),
            }
            return;
        }
        let paths = paste::paths(text);
        if paths.is_empty() {
            self.notices.error(
                "Nothing to open in the clipboard".into(),
                "Copy a video file, or the path of one, and paste again.".into(),
            );
        }
        paths.into_iter().for_each(|path| self.open_path(path));
    }

    pub(super) fn close(&mut self, recording: RecordingId) {
        for stream in self.session.close(recording) {
            self.tiles.remove_stream(stream);
            self.paint.forget(stream);
        }
        self.other_clocks.remove(&Active::Run(recording));
        self.clock.set_extent(self.session.extent());
    }

    /// Lets loggers connect, or says why they cannot.
    pub(super) fn listen(&mut self, options: &ListenOptions) {
        if let Err(error) = self.session.listen(options) {
            let taken = matches!(error, WireError::PortTaken { .. });
            let text = crate::problem::sentence(&error.to_string());
            let title = "Programs cannot log to this window".to_owned();
            if taken {
                let offer = ("Use a free port", Command::Listen(0));
                self.notices.offer(title, text, offer);
            } else {
                self.notices.error(title, text);
            }
            return;
        }
        if options.bind.is_some_and(|bind| !bind.is_loopback()) {
            self.notices.error(
                "Other computers can log to this window".to_owned(),
                "There is no authentication: whoever reaches this port can send pictures. The top \
                 bar lists who is connected."
                    .to_owned(),
            );
        }
    }

    fn set_listening(&mut self, listening: Listening) {
        self.settings.listening = listening;
        match listening.options() {
            Some(options) => self.listen(&options),
            None => self.session.stop_listening(),
        }
    }

    fn change_window(&mut self, ctx: &egui::Context, command: &Command) {
        let settings = &mut self.settings;
        match command {
            Command::SetTheme(theme) => settings.theme = *theme,
            Command::SetUiScale(scale) => settings.ui_scale = *scale,
            Command::ZoomUi(larger) => settings.ui_scale = settings.ui_scale.stepped(*larger),
            Command::SetReducedMotion(reduced) => settings.reduced_motion = *reduced,
            Command::ToggleHud => settings.hud = !settings.hud,
            _ => {}
        }
        theme::apply(ctx, &self.settings);
    }

    fn save(&mut self, ctx: &egui::Context) {
        match self.session.name_to_save() {
            Some(name) => self.choose(ctx, Choice::SaveRecording(name)),
            None => self.notices.error(
                "There is no recording to save".to_owned(),
                "Only what programs logged can be saved; video files are there already.".to_owned(),
            ),
        }
    }

    fn save_to(&mut self, path: &std::path::Path) {
        match self.session.save(path) {
            Ok(saver) => self.saver = Some(saver),
            Err(error) => self.notices.error(
                format!("{} was not saved", file_name(path)),
                crate::problem::sentence(&error.to_string()),
            ),
        }
    }

    /// Says how saving ended, once it has.
    pub(super) fn take_saved(&mut self, wall: f64) {
        let Some(saver) = &mut self.saver else {
            return;
        };
        let Some(result) = saver.try_result() else {
            return;
        };
        let name = file_name(saver.path());
        self.saver = None;
        match result {
            Ok(()) => self.notices.done(format!("Saved {name}"), wall),
            Err(error) => self.notices.error(
                format!("{name} was not saved"),
                crate::problem::sentence(&error.to_string()),
            ),
        }
    }

    pub(super) fn choose_timeline(&mut self, name: &str) {
        let Active::Run(id) = self.session.active() else {
            return;
        };
        let Some(recording) = self.session.store.recording_mut(id) else {
            return;
        };
        if recording.choose_timeline(name) {
            let program = recording.name.clone();
            self.settings.note_timeline(&program, name);
            // The same number means another time there.
            let live = self.clock.is_live();
            self.clock = Clock::default();
            self.clock.set_extent(self.session.extent());
            if live {
                self.clock.set_grows(true);
                self.clock.go_live();
            }
            self.timeline.fit();
        }
    }

    pub(super) fn choose(&mut self, ctx: &egui::Context, choice: Choice) {
        match &mut self.file_dialogs {
            Some(dialogs) if dialogs.can_choose() => dialogs.choose(choice, wake(ctx)),
            _ => self.dialog.ask_for_path(choice),
        }
    }

    /// Takes the answers of file dialogs.
    pub(super) fn take_answers(&mut self) {
        while let Some((choice, paths)) = self
            .file_dialogs
            .as_mut()
            .and_then(|dialogs| dialogs.try_answer())
        {
            match choice {
                Choice::VideoFiles => self.commands.push(Command::OpenPaths(paths)),
                Choice::SaveRecording(_) => {
                    if let Some(path) = paths.into_iter().next() {
                        self.commands.push(Command::SaveRecordingTo(path));
                    }
                }
                Choice::SaveSession(_) => {
                    let path = paths.into_iter().next();
                    self.commands.extend(path.map(Command::SaveSessionTo));
                }
                Choice::Locate(lost) => {
                    let path = paths.into_iter().next();
                    self.commands
                        .extend(path.map(|path| Command::Located(lost, path)));
                }
                Choice::SaveFrame(_) => {
                    let path = paths.into_iter().next();
                    self.commands.extend(path.map(Command::SaveFrameTo));
                }
                Choice::FramesFolder => {
                    let path = paths.into_iter().next();
                    self.commands.extend(path.map(Command::SaveFramesIn));
                }
                Choice::FfmpegProgram => {
                    if let Some(path) = paths.into_iter().next() {
                        self.settings.ffmpeg_path = Some(path.clone());
                        self.dialog.set_ffmpeg_text(&self.settings);
                        self.commands.push(Command::SetFfmpegPath(Some(path)));
                    }
                }
            }
        }
    }

    /// Pauses and goes to where `to` leads from the focused stream and the playhead.
    fn step(&mut self, to: impl Fn(&StreamView<'_>, LogTime) -> Option<LogTime>) {
        self.clock.pause();
        let Some(view) = self.tiles.focused() else {
            return;
        };
        let here = self.session.time_in(view, self.clock.now());
        let stream = self.session.store.stream(view.stream);
        if let Some(time) = stream.and_then(|(_, stream)| to(&stream, here)) {
            self.clock.seek(self.session.playhead_for(view, time));
        }
    }

    /// Shows the view in focus so many of its frames later (or earlier).
    fn shift_view(&mut self, frames: i64) {
        let Some(view) = self.tiles.focused() else {
            return;
        };
        let here = self.session.time_in(view, self.clock.now());
        let stream = self.session.store.stream(view.stream);
        // Later by a frame: the one before is shown now.
        if let Some(there) = stream.and_then(|(_, stream)| step_frames(&stream, here, -frames)) {
            let offset = self.clock.now().0.saturating_sub(there.0);
            self.session.set_offset(view, offset);
        }
    }

    /// Goes to a place as a person names it.
    pub(super) fn go_to(&mut self, place: Place) {
        let aim = Aim {
            session: &self.session,
            clock: &self.clock,
            focused: self.tiles.focused(),
        };
        let time = aim.time(place);
        // Whoever names a frame wants to look at it.
        if matches!(place, Place::Frame(_) | Place::FramesFromHere(_)) {
            self.clock.pause();
        }
        if let Ok(time) = time {
            self.clock.seek(time);
        }
    }
}
