//! Everything a person can do, as one enum. Those that have a name are in `table`, whether one is
//! possible in `possible`, what it does in `app`, and which keys the person gave it in `keymap`.

mod possible;
mod shortcut;
mod table;

use std::path::PathBuf;
use std::sync::Arc;

use reelscope_decode::HwAccel;
use reelscope_media::ColorInfo;
use reelscope_render::{Channel, ChromaFilter};
use reelscope_store::{LogTime, RecordingId, StreamId};

use crate::clock::{LoopMode, Speed};
use crate::compare::{CompareMode, CompareValue};
use crate::inspector::InspectorTab;
use crate::keymap::KeyPreset;
use crate::link::Link;
use crate::markers::MarkerId;
use crate::picture_choice::Stretch;
use crate::place::Place;
use crate::settings::{Listening, PixelText, ThemeChoice, UiScale, WhenSlow};
use crate::values::ValueChoice;
use crate::view_id::ViewId;

pub(crate) use possible::{Situation, why_not};
pub use shortcut::Shortcut;
pub use table::{COMMANDS, Entry, Group, entry};

/// What the person did.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Choose files to open.
    Open,
    /// Open these files.
    OpenPaths(Vec<PathBuf>),
    /// Open the paths in the clipboard.
    Paste,
    /// Open the paths in a text.
    OpenText(String),
    /// Open what a link asks for, and go to its moment.
    Follow(Link),
    /// Put a link to what is looked at into the clipboard.
    CopyLink,
    /// Keep a file in the list of those opened lately, whatever else is opened, or no longer.
    PinRecent(String, bool),
    /// Take a file from that list.
    RemoveRecent(String),
    /// Take all files from that list.
    ClearRecents,
    /// Close the file that the focused tile shows.
    CloseFile,
    /// Close one file.
    CloseRecording(RecordingId),
    /// Save the session to its file; ask for one if it has none.
    SaveSession,
    /// Choose where to save the session.
    SaveSessionAs,
    /// Save the session there.
    SaveSessionTo(PathBuf),
    /// Choose where a file of the session is now.
    Locate(PathBuf),
    /// Take another file for one that the session has and that is missing.
    Located(PathBuf, PathBuf),
    /// Leave, and save the session before, or do not.
    Leave(AndSave),
    /// Choose where to save the recording that is looked at.
    SaveRecording,
    /// Save it there.
    SaveRecordingTo(PathBuf),
    /// Stop saving.
    CancelSaving,
    /// Look at something else.
    Activate(Active),
    /// Look along another timeline of the recording.
    ChooseTimeline(Arc<str>),
    /// Let loggers connect at this port; 0 is any that is free.
    Listen(u16),
    /// Let loggers connect there from now on, or do not, and remember it.
    SetListening(Listening),
    /// Choose where to save the frame in focus.
    SaveFrame,
    /// Save it there.
    SaveFrameTo(PathBuf),
    /// Choose a folder for the frames of all tiles.
    SaveFrames,
    /// Save them there.
    SaveFramesIn(PathBuf),
    /// Put the frame in focus into the clipboard.
    CopyFrame,
    /// Leave.
    Quit,

    /// Start or pause playback.
    PlayPause,
    /// Pause, and go back to real time.
    Stop,
    /// Play forwards, faster each time.
    ShuttleForward,
    /// Play backwards, faster each time.
    ShuttleBackward,
    /// Play forwards slowly.
    CreepForward,
    /// Play backwards slowly.
    CreepBackward,
    /// Go so many frames of the focused stream on (or back).
    StepFrames(i64),
    /// Go so many milliseconds on (or back).
    StepMillis(i64),
    /// Go to the next (or previous) keyframe of the focused stream.
    StepKeyframes(i64),
    /// Go to the next (or previous) thing that was logged to a stream on screen.
    StepEvents(i64),
    /// Go to the start.
    SeekStart,
    /// Go to the end.
    SeekEnd,
    /// Go to the end and stay there, whatever comes.
    GoLive,
    /// Go to a time.
    Seek(LogTime),
    /// Take hold of the playhead.
    BeginScrub,
    /// Let go of the playhead.
    EndScrub,
    /// Go to a place as a person names it.
    GoTo(Place),
    /// Slower.
    SlowDown,
    /// Faster.
    SpeedUp,
    /// Play at a speed.
    SetSpeed(Speed),
    /// Play so many steps of this timeline in a second.
    SetStepRate(u32),
    /// What gives way where decoding is slower than playback.
    SetWhenSlow(WhenSlow),
    /// Stop at the end, start over, or turn round: the next of them.
    CycleLoop,
    /// What playback does at the end.
    SetLoopMode(LoopMode),
    /// Start the range that is played again and again at the playhead.
    LoopFromHere,
    /// End it with the frame at the playhead.
    LoopUntilHere,
    /// Set it, the end exclusive, or take it away.
    SetLoopRange(Option<(LogTime, LogTime)>),
    /// Put a mark at the playhead.
    AddMarker,
    /// Put a mark at the playhead and ask for a note.
    AddMarkerWithNote,
    /// Put a mark with a note somewhere.
    AddMarkerAt(LogTime, String),
    /// Write another note at a mark.
    SetMarkerNote(MarkerId, String),
    /// Put a mark elsewhere.
    MoveMarker(MarkerId, LogTime),
    /// Take a mark away.
    RemoveMarker(MarkerId),
    /// Go to the next (or previous) mark.
    StepMarkers(i64),

    /// Make the focused picture fill its tile.
    FitVideo,
    /// Show the focused picture pixel for pixel.
    ActualSize,
    /// Give the focused tile the whole place, or give it back.
    MaximiseTile,
    /// Show the stream in focus in another tile as well.
    DuplicateTile,
    /// Show the view in focus so many of its frames later (or earlier) than it was logged.
    ShiftView(i64),
    /// Show it as it was logged.
    ResetShift,
    /// Zoom pictures of one size together, or each by itself.
    ToggleLinkedZoom,
    /// Hide the focused tile.
    CloseTile,
    /// Focus a view's tile.
    Focus(ViewId),
    /// Show or hide a stream's own view.
    ShowStream(StreamId, bool),
    /// Hide a stream's own view, or take a copy away.
    CloseView(ViewId),
    /// Make the focused picture brighter (or darker) by half stops.
    Brighten(i8),
    /// Show the focused picture as bright as it is.
    ResetExposure,
    /// Show this of each pixel of the focused picture; all of it if that is shown already.
    ShowChannel(Channel),
    /// Spreads the values of the focused picture over all shades, or no longer.
    Stretch(Stretch),
    /// Mark what the display cannot show of the focused picture, or do not.
    ToggleClipping,
    /// Keep the loupe at the pointer, or put it away.
    ToggleLoupe,
    /// Show the whole timeline.
    FitTimeline,
    /// Compare the view in focus with another in this way, or no longer.
    Compare(CompareMode),
    /// Stop comparing.
    StopComparing,
    /// Exchange the two that are compared.
    FlipCompare,
    /// Change how they are compared.
    SetCompareValue(CompareValue),
    /// Full screen, or not.
    ToggleFullScreen,
    /// Show the stream list, or not.
    ToggleStreams,
    /// Show the inspector, or not.
    ToggleInspector,
    /// Show this in the inspector.
    ShowTab(InspectorTab),
    /// Show how well the window keeps up, or do not.
    ToggleHud,
    /// Change colours.
    SetTheme(ThemeChoice),
    /// Change the size of everything.
    SetUiScale(UiScale),
    /// Make everything larger (or smaller).
    ZoomUi(bool),
    /// Let nothing move by itself, or do.
    SetReducedMotion(bool),

    /// Show a dialog.
    Show(Dialog),
    /// Close the dialog that is open.
    CloseDialog,
    /// Choose an FFmpeg program.
    ChooseFfmpeg,
    /// Use this FFmpeg program, or search for one.
    SetFfmpegPath(Option<PathBuf>),
    /// Use that much memory for decoded frames, in MiB, or what suits the machine.
    SetCacheSize(Option<u32>),
    /// Let logged rows take that much memory, in MiB, or what suits the machine.
    SetMemoryLimit(Option<u32>),
    /// Decode in this hardware, if any.
    SetHwAccel(HwAccel),
    /// Decode small previews of the whole file in idle time, or do not.
    SetPreviews(bool),
    /// Open the page to download FFmpeg from.
    OpenDownloadPage,
    /// Choose how values become colours in a view.
    SetValues(ViewId, ValueChoice),
    /// Say which colours a stream has, whatever is stated; unspecified to believe what is stated.
    SetColor(StreamId, ColorInfo),
    /// Choose how chroma is interpolated.
    SetChromaFilter(ChromaFilter),
    /// Choose what is written into pixels that are shown very large.
    SetPixelText(PixelText),
    /// Take the keys of a preset, and forget what was changed about another.
    SetKeyPreset(KeyPreset),
    /// Give the named command these keys, and take them from others.
    SetKeys(&'static str, Vec<Shortcut>),
    /// Give the named command the keys of the preset again.
    ResetKeys(&'static str),
    /// Give all commands the keys of the preset again.
    ResetAllKeys,
    /// Try to decode again what a view shows.
    Retry(ViewId),
    /// Put a text into the clipboard.
    Copy(String),
    /// Take a notice away.
    DismissNotice(u64),
}

/// What the window shows at a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Active {
    /// All opened video files, side by side.
    #[default]
    Files,
    /// What one run of a program logged.
    Run(RecordingId),
}

/// Whether the session is saved before the window is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AndSave {
    /// It is.
    Yes,
    /// What was changed is lost.
    No,
}

/// A dialog of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// Settings.
    Settings,
    /// All commands, to be found by a few letters.
    Palette,
    /// All keys.
    Keys,
    /// Which command is on which key.
    KeyMap,
    /// Go to a frame or time.
    GoTo,
    /// Write the note of a mark.
    Note,
    /// Save the session before leaving?
    Unsaved,
    /// Which version this is.
    About,
}

/// What the person did since the last repaint, in order.
#[derive(Debug, Default)]
pub(crate) struct Commands(Vec<Command>);

impl Commands {
    /// Notes a command.
    pub(crate) fn push(&mut self, command: Command) {
        self.0.push(command);
    }

    /// Notes a command, if there is one.
    pub(crate) fn extend(&mut self, commands: impl IntoIterator<Item = Command>) {
        self.0.extend(commands);
    }

    /// Takes all commands noted so far.
    pub(crate) fn take(&mut self) -> Vec<Command> {
        std::mem::take(&mut self.0)
    }
}
