//! Whether a command is possible now, and if not, why: the one place that menus, the palette and keys
//! ask.

use reelscope_media::PixelFormat;
use reelscope_render::Channel;

use super::Command;
use crate::export::Export;

/// As far as it matters for what is possible: what is open, in focus and under way.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Situation {
    /// True if a file or a recording is open.
    pub(crate) has_files: bool,
    /// True while a file is being opened.
    pub(crate) is_opening: bool,
    /// True if there is something to play.
    pub(crate) can_play: bool,
    /// True if a picture has the focus.
    pub(crate) has_focus: bool,
    /// The format of the picture in focus, if it is known.
    pub(crate) format: Option<PixelFormat>,
    /// True if its exposure was changed.
    pub(crate) is_exposed: bool,
    /// True if what is looked at was logged by a program.
    pub(crate) is_logged: bool,
    /// True if something that is open comes from a file.
    pub(crate) has_sources: bool,
    /// True if what is looked at comes from files.
    pub(crate) has_link: bool,
    /// True if the stream in focus is a file that was logged as a whole.
    pub(crate) has_original: bool,
    /// True while a file is being saved.
    pub(crate) is_saving: bool,
    /// True if there is a second picture to compare with.
    pub(crate) can_compare: bool,
    /// True if the picture in focus is shifted in time.
    pub(crate) is_shifted: bool,
    /// True if a frame is pinned.
    pub(crate) has_pin: bool,
    /// True while two are compared.
    pub(crate) compares: bool,
    /// True if a part of the time is looped.
    pub(crate) has_loop: bool,
    /// True if there are marks.
    pub(crate) has_marks: bool,
    /// True while what is looked at keeps growing.
    pub(crate) grows: bool,
}

impl Situation {
    fn needs(holds: bool, otherwise: &'static str) -> Option<&'static str> {
        (!holds).then_some(otherwise)
    }

    fn files(&self) -> Option<&'static str> {
        Self::needs(self.has_files, self.nothing_open())
    }

    fn nothing_open(&self) -> &'static str {
        if self.is_opening {
            "the file is still being opened"
        } else {
            "nothing is open"
        }
    }

    fn playable(&self) -> Option<&'static str> {
        let otherwise = if self.has_files {
            "there is no video to play"
        } else {
            self.nothing_open()
        };
        Self::needs(self.can_play, otherwise)
    }

    fn focus(&self) -> Option<&'static str> {
        let focus = Self::needs(self.has_focus, "no picture has the focus");
        self.files().or(focus)
    }

    fn has_channel(&self, channel: Channel) -> bool {
        let has = |format| Channel::of(format).any(|it| it == channel);
        self.format.is_none_or(has)
    }
}

/// Why a command is not possible now, as the end of a sentence; `None` if it is.
pub(crate) fn why_not(command: &Command, now: &Situation) -> Option<&'static str> {
    match command {
        Command::SaveRecording | Command::Export(_) if now.is_saving => {
            Some("another file is being saved")
        }
        Command::Export(Export::Video | Export::Samples) => now.playable().or(now.focus()),
        Command::Export(Export::Sheet) => now.playable().or(now.focus()),
        Command::Export(Export::Original) => now.focus().or(Situation::needs(
            now.has_original,
            "the stream in focus was not logged as a file",
        )),
        Command::Export(Export::Marks) => now
            .files()
            .or(Situation::needs(now.has_marks, "there are no marks")),
        Command::SaveSession | Command::SaveSessionAs => now.files().or(Situation::needs(
            now.has_sources,
            "what is being logged is in no file; save the recording first",
        )),
        Command::SaveRecording => now.files().or(Situation::needs(
            now.is_logged,
            "only what programs logged can be saved",
        )),
        Command::CloseFile
        | Command::FitTimeline
        | Command::ToggleLanes
        | Command::ToggleBitrate => now.files(),
        Command::CopyLink => now.focus().or(Situation::needs(
            now.has_link,
            "what is being logged is in no file; save the recording first",
        )),
        Command::PlayPause
        | Command::Stop
        | Command::ShuttleForward
        | Command::ShuttleBackward
        | Command::CreepForward
        | Command::CreepBackward
        | Command::StepMillis(_)
        | Command::StepEvents(_)
        | Command::SeekStart
        | Command::LoopFromHere
        | Command::LoopUntilHere
        | Command::AddMarker
        | Command::AddMarkerWithNote
        | Command::SeekEnd => now.playable(),
        Command::StepFrames(_) | Command::StepKeyframes(_) => now.playable().or(now.focus()),
        Command::SetLoopRange(None) => now.playable().or(Situation::needs(
            now.has_loop,
            "no part of the time is looped",
        )),
        Command::StepMarkers(_) => now
            .playable()
            .or(Situation::needs(now.has_marks, "there are no marks")),
        Command::Compare(_) => now.focus().or(Situation::needs(
            now.can_compare,
            "there is no second picture on screen",
        )),
        Command::ResetShift => now
            .focus()
            .or(Situation::needs(now.is_shifted, "it is not shifted")),
        Command::AlignHere => now
            .focus()
            .or(Situation::needs(now.has_pin, "no frame is pinned")),
        Command::FlipCompare => Situation::needs(now.compares, "nothing is compared"),
        Command::GoLive => now
            .playable()
            .or(Situation::needs(now.grows, "nothing new is being logged")),
        Command::SaveFrame
        | Command::SaveFrames
        | Command::CopyFrame
        | Command::DuplicateTile
        | Command::PinFrame
        | Command::ShiftView(_)
        | Command::FitVideo
        | Command::ActualSize
        | Command::MaximiseTile
        | Command::CloseTile
        | Command::Brighten(_)
        | Command::ToggleClipping
        | Command::Stretch(_) => now.focus(),
        Command::ShowChannel(channel) => now.focus().or(Situation::needs(
            now.has_channel(*channel),
            "the focused picture has no such channel",
        )),
        Command::ResetExposure => now
            .focus()
            .or(Situation::needs(now.is_exposed, "it was not changed")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::COMMANDS;

    #[test]
    fn what_needs_a_video_says_so() {
        let nothing = Situation::default();
        let reason = why_not(&Command::StepFrames(1), &nothing);
        assert_eq!(reason, Some("nothing is open"));
        let opening = Situation {
            is_opening: true,
            ..nothing
        };
        let reason = why_not(&Command::PlayPause, &opening);
        assert_eq!(reason, Some("the file is still being opened"));
        assert_eq!(why_not(&Command::Open, &nothing), None);
    }

    #[test]
    fn where_all_is_there_all_is_possible() {
        let all = Situation {
            has_files: true,
            can_play: true,
            has_focus: true,
            is_exposed: true,
            is_logged: true,
            has_sources: true,
            has_link: true,
            has_original: true,
            grows: true,
            can_compare: true,
            has_pin: true,
            compares: true,
            is_shifted: true,
            has_loop: true,
            has_marks: true,
            ..Situation::default()
        };
        for entry in COMMANDS {
            assert_eq!(why_not(&entry.command, &all), None, "{}", entry.name);
        }
    }

    #[test]
    fn a_channel_that_a_format_lacks_cannot_be_shown() {
        let now = Situation {
            has_files: true,
            has_focus: true,
            format: Some(PixelFormat::YUV420P),
            ..Situation::default()
        };
        assert!(why_not(&Command::ShowChannel(Channel::Alpha), &now).is_some());
        assert_eq!(why_not(&Command::ShowChannel(Channel::Luma), &now), None);
    }
}
