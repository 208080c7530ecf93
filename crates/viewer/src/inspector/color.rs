//! The inspector's section about colours: each value in words with where it is from, and the means to
//! say that it is another one.

use egui::{Align, FontId, Layout, Popup, Response, RichText, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use reelscope_media::ColorInfo;
use reelscope_store::StreamId;

use super::{NAMES, ROW, Subject};
use crate::color_words::{MATRICES, PRIMARIES, RANGES, SITES, TRANSFERS, words};
use crate::command::{Command, Commands};
use crate::theme::{MARGIN, Palette};
use crate::widgets::{line_galley, paint_line};

/// Least width of a menu of values.
const MENU: f32 = 170.0;
/// Room for the mark that says that there is a menu.
const MARK: f32 = 14.0;

/// A value of the colour description.
struct Fact<'a> {
    name: &'static str,
    hint: &'static str,
    value: String,
    /// Where it is from.
    source: String,
    /// True if the person chose it.
    chosen: bool,
    /// What can be chosen, in words, with what would be chosen then.
    choices: Vec<(&'a str, ColorInfo)>,
    /// What would be chosen without this choice.
    without: ColorInfo,
}

/// The section's title, with a button that takes all choices back.
pub(super) fn heading(ui: &mut Ui, subject: &Subject<'_>, title: &str, commands: &mut Commands) {
    let palette = Palette::of(ui.visuals());
    ui.horizontal(|ui| {
        ui.add_space(f32::from(MARGIN));
        ui.label(RichText::new(title).strong().color(palette.text));
        if subject.look.picture.color == ColorInfo::default() {
            return;
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(f32::from(MARGIN));
            let hint = "Believe again what is stated";
            let button = ui.small_button("Reset colours").on_hover_text(hint);
            if button.clicked() {
                let stream = subject.stream.id;
                commands.push(Command::SetColor(stream, ColorInfo::default()));
            }
        });
    });
}

/// The values.
pub(super) fn ui(ui: &mut Ui, subject: &Subject<'_>, commands: &mut Commands) {
    for fact in facts(subject) {
        let response = row(ui, &fact);
        menu(&response, subject.stream.id, &fact, commands);
        response.on_hover_ui(|ui| {
            ui.label(format!("{}, {}", fact.value, fact.source));
            ui.label(fact.hint);
            ui.label(RichText::new("Click to choose another").small().weak());
        });
    }
}
