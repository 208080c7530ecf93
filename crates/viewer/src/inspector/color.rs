//! The inspector's section about colours: each value in words with where it is from, and the means to
//! say that it is another one.

use egui::{
    Align, Color32, FontId, Layout, Popup, Pos2, Response, RichText, Role, Sense, Shape, Stroke,
    Ui, WidgetInfo, pos2, vec2,
};
use reelscope_media::{ColorInfo, ColorReport, ColorSource, PixelFormat};
use reelscope_render::{ColorValue, color_report};
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
struct Fact {
    name: &'static str,
    hint: &'static str,
    value: String,
    source: ColorSource,
    /// Where it is from, in words.
    reason: String,
    /// What can be chosen, in words, with all that would be chosen then.
    choices: Vec<(&'static str, ColorInfo)>,
    /// All that would be chosen without this choice.
    without: ColorInfo,
    /// All that is chosen.
    chosen: ColorInfo,
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
            ui.label(format!("{}, {}", fact.value, fact.reason));
            ui.label(fact.hint);
            ui.label(RichText::new("Click to choose another").small().weak());
        });
    }
}

/// The colours of the picture on screen. Nothing if there is none.
fn facts(subject: &Subject<'_>) -> Vec<Fact> {
    let shown = subject.view.shown.as_ref();
    let Some(frame) = shown.and_then(|shown| shown.frame.as_ref()) else {
        return Vec::new();
    };
    let (track, chosen) = (subject.stream.track, subject.look.picture.color);
    let bitstream = frame.frame.color.or(track.facts.color);
    let stated = ColorReport::new(chosen, track.color, bitstream);
    let format = frame.frame.format();
    let (width, height) = subject
        .view
        .picture_size(track)
        .unwrap_or((frame.frame.width(), frame.frame.height()));
    let report = color_report(&stated, format, width, height);
    let nothing = ColorInfo::default();
    vec![
        fact(
            (
                "Range",
                "Which code values are black and white (H.273 §8.4)",
            ),
            &report.range,
            &RANGES,
            || report.range.value.name().to_owned(),
            |range| ColorInfo { range, ..chosen },
            (nothing.range, chosen),
        ),
        fact(
            ("Matrix", "How Y’CbCr becomes R’G’B’ (H.273 §8.3)"),
            &report.matrix,
            &MATRICES,
            || code(report.matrix.value.0),
            |matrix| ColorInfo { matrix, ..chosen },
            (nothing.matrix, chosen),
        ),
        fact(
            ("Primaries", "Which red, green and blue (H.273 §8.1)"),
            &report.primaries,
            &PRIMARIES,
            || code(report.primaries.value.0),
            |primaries| ColorInfo {
                primaries,
                ..chosen
            },
            (nothing.primaries, chosen),
        ),
        fact(
            ("Transfer", "How codes become light (H.273 §8.2)"),
            &report.transfer,
            &TRANSFERS,
            || code(report.transfer.value.0),
            |transfer| ColorInfo { transfer, ..chosen },
            (nothing.transfer, chosen),
        ),
    ]
    .into_iter()
    .chain(has_smaller_chroma(format).then(|| {
        fact(
            (
                "Chroma site",
                "Where chroma samples lie between those of luma (H.273 §8.7)",
            ),
            &report.site,
            &SITES,
            || "not stated".to_owned(),
            |site| ColorInfo { site, ..chosen },
            (nothing.site, chosen),
        )
    }))
    .collect()
}

fn fact<T: PartialEq + Copy>(
    (name, hint): (&'static str, &'static str),
    value: &ColorValue<T>,
    list: &[(T, &'static str)],
    other: impl FnOnce() -> String,
    choose: impl Fn(T) -> ColorInfo,
    (nothing, chosen): (T, ColorInfo),
) -> Fact {
    let known = words(list, &value.value);
    Fact {
        name,
        hint,
        value: known.map_or_else(other, str::to_owned),
        source: value.source,
        reason: match value.source {
            ColorSource::Chosen => "chosen".to_owned(),
            ColorSource::Container => "container".to_owned(),
            ColorSource::Bitstream => "bitstream".to_owned(),
            ColorSource::Guess => value.reason.to_string(),
        },
        choices: list
            .iter()
            .map(|(value, words)| (*words, choose(*value)))
            .collect(),
        without: choose(nothing),
        chosen,
    }
}

fn code(code: u8) -> String {
    format!("code {code}")
}

fn has_smaller_chroma(format: PixelFormat) -> bool {
    format
        .chroma()
        .is_some_and(|chroma| chroma.shifts() != (0, 0))
}

/// One line: name, value, where it is from, and a mark that says that there is a menu.
fn row(ui: &mut Ui, fact: &Fact) -> Response {
    let palette = Palette::of(ui.visuals());
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    response.widget_info(|| {
        let text = format!("{}: {}, {}", fact.name, fact.value, fact.reason);
        WidgetInfo::labeled(Role::ComboBox, true, text)
    });
    if response.hovered() || response.has_focus() {
        ui.painter()
            .rect_filled(rect.shrink2(vec2(4.0, 0.0)), 3.0, palette.raised);
    }
    let inner = rect.shrink2(vec2(f32::from(MARGIN), 0.0));
    let name = inner.with_max_x(inner.left() + NAMES);
    paint_line(
        ui,
        name,
        fact.name,
        FontId::proportional(12.0),
        palette.weak,
    );
    let mut place = inner.with_min_x(inner.left() + NAMES + 4.0);
    mark(
        ui,
        pos2(place.right() - 4.0, place.center().y),
        palette.weak,
    );
    place.max.x -= MARK;
    let font = FontId::proportional(12.0);
    let value = line_galley(ui, &fact.value, font, palette.text, place.width());
    let width = value.size().x;
    let at = pos2(
        place.left(),
        (place.center().y - value.size().y / 2.0).round(),
    );
    ui.painter().galley(at, value, palette.text);
    let color = match fact.source {
        ColorSource::Chosen => palette.accent,
        _ => palette.weak,
    };
    let room = (place.width() - width - 8.0).max(0.0);
    let reason = line_galley(ui, &fact.reason, FontId::proportional(11.0), color, room);
    let at = pos2(
        place.right() - reason.size().x,
        (place.center().y - reason.size().y / 2.0).round(),
    );
    ui.painter().galley(at, reason, color);
    response
}

/// A small triangle that points down.
fn mark(ui: &Ui, center: Pos2, color: Color32) {
    let corners = [vec2(-3.5, -2.0), vec2(3.5, -2.0), vec2(0.0, 2.5)];
    let corners = corners.map(|corner| center + corner).to_vec();
    ui.painter()
        .add(Shape::convex_polygon(corners, color, Stroke::NONE));
}

fn menu(response: &Response, stream: StreamId, fact: &Fact, commands: &mut Commands) {
    Popup::menu(response).show(|ui| {
        ui.set_min_width(MENU);
        let is_chosen = fact.chosen != fact.without;
        if ui.radio(!is_chosen, "As stated").clicked() {
            commands.push(Command::SetColor(stream, fact.without));
        }
        ui.separator();
        for (words, color) in &fact.choices {
            if ui.radio(*color == fact.chosen, *words).clicked() {
                commands.push(Command::SetColor(stream, *color));
            }
        }
    });
}
