//! What is wrong with a stream, in words, with what the person can do about it.

use egui::Visuals;
use reelscope_decode::DecodeError;
use reelscope_player::{Absence, PlayerError, Shown, ShownState};
use reelscope_render::RenderError;
use reelscope_store::{Nothing, StreamView};

use crate::command::Command;
use crate::icons::Icon;
use crate::session::View;
use crate::theme::Palette;
use crate::view_id::ViewId;
use crate::widgets::{Action, Message};

/// Something that keeps a stream from being shown.
pub(crate) struct Problem {
    pub(crate) title: String,
    pub(crate) body: String,
    actions: Vec<Action<'static>>,
}

impl Problem {
    /// What is wrong with a stream now, if anything.
    pub(crate) fn of(
        stream: &StreamView<'_>,
        view: &View,
        render: Option<&RenderError>,
    ) -> Option<Self> {
        if let Some(error) = render {
            return Some(Self {
                title: "The picture cannot be drawn".into(),
                body: sentence(&error.to_string()),
                actions: Vec::new(),
            });
        }
        if let Some(nothing) = &view.nothing {
            return Some(Self::nothing(stream, nothing));
        }
        let shown = view.shown.as_ref()?;
        match &shown.state {
            ShownState::Failed(error) => Some(Self::failed(stream, view.id(), error)),
            ShownState::Absent(absence) => Self::absent(shown, absence),
            ShownState::Empty => Some(Self {
                title: "Nothing to show".into(),
                body: "The stream has no frames.".into(),
                actions: Vec::new(),
            }),
            ShownState::Exact | ShownState::Pending => None,
        }
    }

    /// Why there is nothing to see at the playhead's place.
    fn nothing(stream: &StreamView<'_>, nothing: &Nothing) -> Self {
        let (title, body) = match nothing {
            Nothing::NotHere => (
                "Nothing here",
                "Nothing was logged to this entity on this timeline.".to_owned(),
            ),
            Nothing::Cleared => (
                "Cleared",
                "The program cleared this entity before this time, and logged nothing since."
                    .to_owned(),
            ),
            Nothing::WaitsForKeyframe => (
                "Waiting for a keyframe",
                "The samples up to here refer to a keyframe that was not logged. The picture starts \
                 with the next one."
                    .to_owned(),
            ),
            Nothing::NoKeyframe { .. } => (
                "Waiting for a keyframe",
                format!("{} The picture starts with the first one.", sentence(&nothing.to_string())),
            ),
            Nothing::NoVideo { entity } if *entity == stream.entity => (
                "The video has not come yet",
                "Frames of a video are referred to here, but no video was logged to this entity so \
                 far."
                    .to_owned(),
            ),
            Nothing::NoVideo { .. } => (
                "No video to refer to",
                sentence(&format!("{nothing} so far")),
            ),
            Nothing::Circle { .. } => ("No video to refer to", sentence(&nothing.to_string())),
            Nothing::Unreadable { reason } => ("The video cannot be read", sentence(reason)),
        };
        Self {
            title: title.to_owned(),
            body,
            actions: Vec::new(),
        }
    }

    fn failed(stream: &StreamView<'_>, view: ViewId, error: &PlayerError) -> Self {
        let retry = Action {
            label: "Retry",
            command: Command::Retry(view),
        };
        let body = sentence(&error.to_string());
        match error {
            PlayerError::Decode(DecodeError::Ffmpeg(_)) => Self {
                title: format!("{} needs FFmpeg", stream.track.codec.title()),
                body,
                actions: vec![
                    Action {
                        label: "Choose FFmpeg…",
                        command: Command::ChooseFfmpeg,
                    },
                    Action {
                        label: "Download page",
                        command: Command::OpenDownloadPage,
                    },
                    retry,
                ],
            },
            PlayerError::Decode(DecodeError::UnsupportedCodec { .. }) => Self {
                title: "This codec cannot be decoded".into(),
                body: format!(
                    "{body} The container calls it “{}”.",
                    stream.track.codec_string
                ),
                actions: Vec::new(),
            },
            PlayerError::Unplayable { .. } => Self {
                title: "This stream cannot be shown".into(),
                body,
                actions: Vec::new(),
            },
            PlayerError::Decode(_) | PlayerError::KeepsFailing { .. } => Self {
                title: "Decoding failed".into(),
                body,
                actions: vec![retry],
            },
        }
    }

    /// A missing frame is a problem only while there is no other one to show.
    fn absent(shown: &Shown, absence: &Absence) -> Option<Self> {
        if shown.frame.is_some() {
            return None;
        }
        Some(match absence {
            Absence::NoPicture => Self {
                title: "No picture here".into(),
                body:
                    "The decoder gave no frame for this sample, and none nearby. Try another place."
                        .into(),
                actions: Vec::new(),
            },
            Absence::Damaged(error) => Self {
                title: "This frame is damaged".into(),
                body: sentence(&error.to_string()),
                actions: Vec::new(),
            },
        })
    }

    /// The problem as a card shows it.
    pub(crate) fn message(&self, visuals: &Visuals) -> Message<'_> {
        Message {
            icon: Icon::Error,
            color: Palette::of(visuals).error,
            title: &self.title,
            body: &self.body,
            actions: &self.actions,
        }
    }
}

/// An error message as a sentence: with a capital letter and a full stop.
pub(crate) fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut letters = text.chars();
    let mut sentence: String = match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => return String::new(),
    };
    if !sentence.ends_with(['.', '!', '?', ')', '”']) || sentence.ends_with(')') {
        sentence.push('.');
    }
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_become_sentences() {
        assert_eq!(sentence("the file is empty"), "The file is empty.");
        assert_eq!(sentence("No decoder."), "No decoder.");
        assert_eq!(sentence("it failed (3 times)"), "It failed (3 times).");
        assert_eq!(sentence(" "), "");
    }
}
