//! What the commands do that change how pictures look.

use reelscope_media::ColorInfo;
use reelscope_render::Channel;
use reelscope_store::StreamId;

use super::App;
use crate::command::Command;
use crate::picture_choice::{Exposure, PictureChoice, Stretch};
use crate::settings::StreamName;
use crate::values::ValueChoice;

impl App {
    pub(super) fn apply_look(&mut self, command: Command) {
        match command {
            Command::Brighten(half_stops) => self.choose_look(|choice| {
                choice.exposure = choice.exposure.brighter(half_stops);
            }),
            Command::ResetExposure => self.choose_look(|choice| choice.exposure = Exposure::NONE),
            Command::ToggleClipping => {
                self.choose_look(|choice| choice.marks_clipping = !choice.marks_clipping);
            }
            Command::ShowChannel(channel) => self.show_channel(channel),
            Command::Stretch(stretch) => self.stretch(stretch),
            Command::ToggleLoupe => self.loupe = !self.loupe,
            Command::SetValues(view, values) => self.session.set_values(view, values),
            Command::SetColor(stream, color) => self.correct(stream, color),
            Command::SetChromaFilter(filter) => {
                self.settings.chroma_filter = filter;
                self.session.set_chroma_filter(filter);
            }
            Command::SetPixelText(text) => self.settings.pixel_text = text,
            _ => {}
        }
    }

    /// Changes what is chosen for the focused stream.
    fn choose_look(&mut self, change: impl FnOnce(&mut PictureChoice)) {
        let focused = self.tiles.focused();
        if let Some(choice) = focused.and_then(|id| self.session.picture_mut(id)) {
            change(choice);
        }
    }

    /// Shows a channel of the focused stream, or all if that one is shown already.
    fn show_channel(&mut self, channel: Channel) {
        self.choose_look(|choice| {
            choice.channel = if choice.channel == channel {
                Channel::All
            } else {
                channel
            };
        });
    }

    /// Spreads the focused picture's values over all shades.
    fn stretch(&mut self, stretch: Stretch) {
        let Some(view) = self.tiles.focused() else {
            return;
        };
        let range = self.session.frame(view).map(|it| stretch.range(it));
        if let Some(range) = range {
            let values = self.session.values(view);
            self.session
                .set_values(view, ValueChoice { range, ..values });
        }
    }

    /// Takes the person's word for a stream's colours, and remembers it.
    pub(super) fn correct(&mut self, stream: StreamId, color: ColorInfo) {
        self.session.set_color(stream, color);
        if let Some(name) = self.name_of(stream) {
            self.settings.corrections.set(name, color);
        }
    }

    /// Takes what the person said of a stream's colours when it was open before.
    pub(super) fn remember_colors(&mut self, stream: StreamId) {
        let Some(name) = self.name_of(stream) else {
            return;
        };
        let color = self.settings.corrections.get(&name);
        self.session.set_color(stream, color);
    }

    fn name_of(&self, stream: StreamId) -> Option<StreamName> {
        let (recording, found) = self.session.store.stream(stream)?;
        let source = if recording.is_logged() {
            &recording.name
        } else {
            &recording.origin
        };
        Some(StreamName {
            source: source.clone(),
            entity: found.entity.to_string(),
        })
    }
}
