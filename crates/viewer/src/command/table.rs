//! The commands that have a name: menus, the palette, keys and the key sheet read this table.

use egui::Key;
use reelscope_render::Channel;

use super::shortcut::{alt, ctrl, ctrl_shift, key, shift};
use super::{Command, Dialog, Shortcut};
use crate::clock::Speed;
use crate::compare::CompareMode;
use crate::export::Export;
use crate::inspector::InspectorTab;
use crate::picture_choice::Stretch;
use crate::settings::UiScale;

/// A group of commands, as the key sheet shows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Files and the program.
    File,
    /// Playing and stepping.
    Playback,
    /// Tiles and panels.
    View,
    /// How the focused picture looks.
    Picture,
    /// Help.
    Help,
}

impl Group {
    /// All groups in the order of the menu.
    pub const ALL: [Self; 5] = [
        Self::File,
        Self::View,
        Self::Picture,
        Self::Playback,
        Self::Help,
    ];

    /// The heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::File => "File",
            Self::Playback => "Playback",
            Self::View => "View",
            Self::Picture => "Picture",
            Self::Help => "Help",
        }
    }
}

/// A command of the table.
#[derive(Debug)]
pub struct Entry {
    /// The command.
    pub command: Command,
    /// Its name in menus.
    pub name: &'static str,
    /// The keys that it has unless the person chose others; the first one is shown in menus.
    pub keys: &'static [Shortcut],
    /// What it does.
    pub description: &'static str,
    /// Where it belongs.
    pub group: Group,
}

/// Makes the lines of the table short enough to read as one.
macro_rules! table {
    ($($group:ident { $($command:expr, $name:literal, [$($key:expr),*], $description:literal;)+ })+) => {
        &[$($(Entry {
            command: $command,
            name: $name,
            keys: &[$($key),*],
            description: $description,
            group: Group::$group,
        },)+)+]
    };
}

/// All commands with a name. The paste key is not in it: the window system turns it into a paste.
pub static COMMANDS: &[Entry] = table! {
    File {
        Command::Open, "Open…", [ctrl(Key::O)], "Open video files";
        Command::SaveSession, "Save session", [ctrl(Key::S)], "Save which files are open, how they lie, and the marks (.reel)";
        Command::SaveSessionAs, "Save session as…", [ctrl_shift(Key::S)], "Save the session to another file";
        Command::SaveRecording, "Save recording…", [], "Save what was logged (.rrd)";
        Command::Paste, "Paste path", [ctrl(Key::V)], "Open the file paths in the clipboard";
        Command::CopyLink, "Copy link to this moment", [], "A link that opens these files at the playhead";
        Command::SaveFrame, "Save frame…", [key(Key::C)], "Save the frame in focus as PNG, at its own size";
        Command::SaveFrames, "Save all frames…", [ctrl_shift(Key::C)], "Save the frames of all tiles into a folder";
        Command::CopyFrame, "Copy frame", [ctrl(Key::C)], "Put the frame in focus into the clipboard";
        Command::Export(Export::Sheet), "Save contact sheet…", [], "Save frames of all tiles at the marks, or at eight times, as one picture";
        Command::Export(Export::Video), "Save stream as MP4…", [], "Save the stream in focus, or its looped part, without encoding it anew";
        Command::Export(Export::Original), "Save original file…", [], "Save the file in focus, byte for byte as it was logged";
        Command::Export(Export::Marks), "Save marks…", [], "Save the marks and notes as CSV or JSON";
        Command::CloseFile, "Close file", [ctrl(Key::F4)], "Close the file of the focused tile";
        Command::Show(Dialog::Settings), "Settings…", [ctrl(Key::Comma)], "Everything that can be chosen";
        Command::Quit, "Quit", [ctrl(Key::Q)], "Leave reelscope";
    }
    Playback {
        Command::PlayPause, "Play / pause", [key(Key::Space)], "Start or pause playback";
        Command::Stop, "Stop", [key(Key::K)], "Pause, and go back to real time";
        Command::ShuttleForward, "Shuttle forward", [key(Key::L)], "Play forwards: 1, 2, 4, 8 times as fast";
        Command::ShuttleBackward, "Shuttle backward", [key(Key::J)], "Play backwards: 1, 2, 4, 8 times as fast";
        Command::CreepForward, "Slow forward", [shift(Key::L)], "Play forwards at a half, a quarter";
        Command::CreepBackward, "Slow backward", [shift(Key::J)], "Play backwards at a half, a quarter";
        Command::StepFrames(1), "Step forward", [key(Key::ArrowRight), key(Key::Period)], "Next frame of the focused stream";
        Command::StepFrames(-1), "Step back", [key(Key::ArrowLeft), key(Key::Comma)], "Previous frame of the focused stream";
        Command::StepFrames(5), "Forward 5 frames", [], "Five frames of the focused stream on";
        Command::StepFrames(-5), "Back 5 frames", [], "Five frames of the focused stream back";
        Command::StepMillis(100), "Forward 0.1 s", [], "A tenth of a second on";
        Command::StepMillis(-100), "Back 0.1 s", [], "A tenth of a second back";
        Command::StepMillis(1_000), "Forward 1 s", [shift(Key::ArrowRight)], "One second on";
        Command::StepMillis(-1_000), "Back 1 s", [shift(Key::ArrowLeft)], "One second back";
        Command::StepMillis(5_000), "Forward 5 s", [], "Five seconds on";
        Command::StepMillis(-5_000), "Back 5 s", [], "Five seconds back";
        Command::StepMillis(60_000), "Forward 1 min", [], "One minute on";
        Command::StepMillis(-60_000), "Back 1 min", [], "One minute back";
        Command::StepKeyframes(1), "Next keyframe", [alt(Key::ArrowRight)], "Next keyframe of the focused stream";
        Command::StepKeyframes(-1), "Previous keyframe", [alt(Key::ArrowLeft)], "Previous keyframe of the focused stream";
        Command::StepEvents(1), "Next event", [ctrl(Key::ArrowRight)], "The next thing that was logged to a stream on screen";
        Command::StepEvents(-1), "Previous event", [ctrl(Key::ArrowLeft)], "The thing before that was logged to a stream on screen";
        Command::SeekStart, "Go to start", [key(Key::Home)], "First frame";
        Command::SeekEnd, "Go to end", [key(Key::End)], "Last frame";
        Command::GoLive, "Follow live", [shift(Key::End)], "Stay at the newest frame";
        Command::Show(Dialog::GoTo), "Go to…", [key(Key::G), ctrl(Key::G), key(Key::Colon)], "Go to a frame number or a time";
        Command::SlowDown, "Slower", [key(Key::OpenBracket)], "A tenth slower";
        Command::SpeedUp, "Faster", [key(Key::CloseBracket)], "A tenth faster";
        Command::SetSpeed(Speed::NORMAL), "Normal speed", [key(Key::Backspace)], "Real time";
        Command::CycleLoop, "Loop mode", [key(Key::P)], "At the end: stop, start over, or turn round";
        Command::LoopFromHere, "Loop from here", [key(Key::I)], "Start the loop at the playhead";
        Command::LoopUntilHere, "Loop until here", [key(Key::O)], "End the loop with the frame at the playhead";
        Command::SetLoopRange(None), "Clear loop", [key(Key::Backslash)], "Play all there is again";
        Command::AddMarker, "Mark", [key(Key::M)], "Put a mark at the playhead";
        Command::AddMarkerWithNote, "Mark with note…", [shift(Key::M)], "Put a mark at the playhead and say why";
        Command::StepMarkers(1), "Next mark", [key(Key::PageDown)], "Go to the next mark";
        Command::StepMarkers(-1), "Previous mark", [key(Key::PageUp)], "Go to the previous mark";
    }
    View {
        Command::MaximiseTile, "Maximise tile", [key(Key::Enter)], "Give the focused tile the whole place";
        Command::Compare(CompareMode::Wipe), "Wipe", [key(Key::W)], "Compare two tiles at a split: the one in focus and the one before it";
        Command::Compare(CompareMode::Difference), "Difference", [key(Key::D)], "Show how far two tiles are from each other";
        Command::Compare(CompareMode::Blend), "Blend", [key(Key::B)], "Show one tile through another";
        Command::FlipCompare, "Flip A and B", [key(Key::Tab)], "Exchange the two that are compared";
        Command::DuplicateTile, "Duplicate tile", [ctrl(Key::D)], "Show the same stream in another tile, which can be shifted in time";
        Command::ShiftView(-1), "Shift one frame earlier", [key(Key::Semicolon)], "Show the focused stream a frame ahead of the playhead";
        Command::ShiftView(1), "Shift one frame later", [key(Key::Quote)], "Show the focused stream a frame behind the playhead";
        Command::PinFrame, "Pin frame", [key(Key::N)], "Remember the frame that the focused tile shows, to align it";
        Command::AlignHere, "Align here", [shift(Key::N)], "Shift the tile with the pinned frame so that it shows it at the playhead";
        Command::ResetShift, "Reset shift", [], "Show the focused stream as it was logged";
        Command::ToggleLinkedZoom, "Link zoom", [shift(Key::Z)], "Zoom and move pictures of one size together";
        Command::CloseTile, "Hide tile", [key(Key::Delete), ctrl(Key::W)], "Hide the focused tile";
        Command::FitTimeline, "Show whole timeline", [shift(Key::F)], "Zoom the timeline out";
        Command::ToggleLanes, "Timeline lanes", [key(Key::T)], "Lanes of all streams, or of the focused one alone";
        Command::ToggleBitrate, "Bitrate", [shift(Key::T)], "The bitrate of the focused stream along the timeline";
        Command::ToggleStreams, "Streams", [ctrl(Key::B)], "Show or hide the stream list";
        Command::ToggleInspector, "Inspector", [ctrl(Key::I)], "Show or hide the inspector";
        Command::ShowTab(InspectorTab::Frame), "Inspect frame", [], "Facts of the frame on screen";
        Command::ShowTab(InspectorTab::Stream), "Inspect stream", [], "Facts of the focused stream";
        Command::ShowTab(InspectorTab::Gop), "Inspect GOP", [], "Sizes of the samples around the frame";
        Command::ShowTab(InspectorTab::Samples), "Inspect samples", [], "All samples of the focused stream";
        Command::ShowTab(InspectorTab::Bitstream), "Inspect bitstream", [], "What the frame’s sample is made of";
        Command::ShowTab(InspectorTab::Pixels), "Inspect pixels", [], "Values of a pixel; histogram, waveform, vectorscope";
        Command::ToggleHud, "Performance figures", [key(Key::H)], "How well playback and seeks keep up, and what takes memory";
        Command::ZoomUi(true), "Larger window text", [ctrl(Key::Plus), ctrl(Key::Equals)], "Make everything in the window larger";
        Command::ZoomUi(false), "Smaller window text", [ctrl(Key::Minus)], "Make everything in the window smaller";
        Command::SetUiScale(UiScale::NORMAL), "Normal window text", [ctrl(Key::Num0)], "The size that the system asks for";
        Command::ToggleFullScreen, "Full screen", [key(Key::F11)], "Use the whole screen";
    }
    Picture {
        Command::FitVideo, "Fit", [key(Key::F)], "Make the picture fill its tile";
        Command::ActualSize, "Actual size", [key(Key::Z)], "One picture pixel per screen pixel";
        Command::ToggleLoupe, "Loupe", [key(Key::X)], "Keep the loupe at the pointer";
        Command::Brighten(1), "Brighter", [key(Key::E)], "Half a stop more exposure";
        Command::Brighten(-1), "Darker", [shift(Key::E)], "Half a stop less exposure";
        Command::ResetExposure, "Reset exposure", [alt(Key::E)], "Back to the exposure as it is";
        Command::ToggleClipping, "Mark clipping", [shift(Key::C)], "Mark what the display cannot show";
        Command::ShowChannel(Channel::All), "Colour", [], "All channels together";
        Command::ShowChannel(Channel::Red), "Red", [key(Key::R)], "Red alone; again for colour";
        Command::ShowChannel(Channel::Green), "Green", [shift(Key::G)], "Green alone; again for colour";
        Command::ShowChannel(Channel::Blue), "Blue", [shift(Key::B)], "Blue alone; again for colour";
        Command::ShowChannel(Channel::Alpha), "Alpha", [key(Key::A)], "Alpha alone; again for colour";
        Command::ShowChannel(Channel::Luma), "Luma (Y’)", [key(Key::Y)], "Luma alone; again for colour";
        Command::ShowChannel(Channel::Cb), "Chroma Cb (U)", [key(Key::U)], "Blue difference alone; again for colour";
        Command::ShowChannel(Channel::Cr), "Chroma Cr (V)", [key(Key::V)], "Red difference alone; again for colour";
        Command::Stretch(Stretch::None), "No stretch", [], "The values as they are";
        Command::Stretch(Stretch::Extremes), "Smallest to largest", [], "Spread the values that this picture has over all shades";
        Command::Stretch(Stretch::Most), "1 % to 99 %", [], "Spread most of the values of this picture over all shades";
    }
    Help {
        Command::Show(Dialog::Palette), "All commands…", [ctrl(Key::K), ctrl(Key::P)], "Find a command by a few letters of its name";
        Command::Show(Dialog::Keys), "Keys", [key(Key::Questionmark), key(Key::F1)], "All keys";
        Command::Show(Dialog::KeyMap), "Change keys…", [], "Which command is on which key";
        Command::Show(Dialog::About), "About reelscope", [], "Version and licence";
    }
};

/// The table's entry of a command.
pub fn entry(command: &Command) -> Option<&'static Entry> {
    COMMANDS.iter().find(|entry| entry.command == *command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_commands_share_a_key() {
        let all: Vec<(&str, &Shortcut)> = COMMANDS
            .iter()
            .flat_map(|entry| entry.keys.iter().map(move |keys| (entry.name, keys)))
            .collect();
        for (at, (name, keys)) in all.iter().enumerate() {
            for (other, other_keys) in all.iter().skip(at + 1) {
                assert!(
                    !keys.matches(other_keys.key, other_keys.modifiers),
                    "{name} and {other} are both on {}",
                    keys.text()
                );
            }
        }
    }

    #[test]
    fn every_command_is_in_the_table_once() {
        for (at, entry) in COMMANDS.iter().enumerate() {
            let twin = COMMANDS
                .iter()
                .skip(at + 1)
                .find(|other| other.command == entry.command || other.name == entry.name);
            assert!(twin.is_none(), "{}", entry.name);
            assert!(!entry.description.is_empty());
        }
    }
}
