//! The line above a comparison: what is compared, how, and how alike it is.

use egui::{
    Align, Button, ComboBox, DragValue, Layout, Rect, RichText, Role, Slider, Ui, UiBuilder,
    WidgetInfo, vec2,
};
use reelscope_ingest::Measured;

use super::{Compare, CompareMode, CompareValue, MOST_GAIN};
use crate::command::{Command, Commands};
use crate::icons::Icon;
use crate::theme::{MARGIN, Palette};
use crate::tiles::{Scene, title};
use crate::view_id::ViewId;
use crate::widgets::{elided, hint, icon_button_sized};

/// Characters of a name.
const NAME: usize = 26;

/// Draws the line.
pub(super) fn ui(
    ui: &mut Ui,
    rect: Rect,
    scene: &Scene<'_>,
    compare: &Compare,
    commands: &mut Commands,
) {
    let palette = Palette::of(ui.visuals());
    ui.painter().rect_filled(rect, 0.0, palette.raised);
    let builder = UiBuilder::new()
        .max_rect(rect.shrink2(vec2(f32::from(MARGIN), 0.0)))
        .layout(Layout::left_to_right(Align::Center));
    ui.scope_builder(builder, |ui| {
        ui.set_clip_rect(rect.intersect(ui.clip_rect()));
        names(ui, scene, compare, commands);
        ui.add_space(8.0);
        for mode in CompareMode::ALL {
            let command = Command::Compare(mode);
            let button = Button::selectable(compare.mode == mode, mode.title());
            let tip = hint(ui, mode.title(), &command);
            if ui.add(button).on_hover_text(tip).clicked() && compare.mode != mode {
                commands.push(command);
            }
        }
        ui.add_space(8.0);
        value(ui, compare, commands);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let tip = hint(ui, "Stop comparing", &Command::Compare(compare.mode));
            if icon_button_sized(ui, Icon::Close, "Stop comparing", false, 20.0)
                .on_hover_text(tip)
                .clicked()
            {
                commands.push(Command::StopComparing);
            }
        });
    });
}

fn names(ui: &mut Ui, scene: &Scene<'_>, compare: &Compare, commands: &mut Commands) {
    let palette = Palette::of(ui.visuals());
    for (letter, view) in ["A", "B"].into_iter().zip(compare.sides()) {
        let name = title(scene.session, view);
        let color = if letter == "A" {
            palette.accent
        } else {
            palette.playhead
        };
        ui.label(RichText::new(letter).strong().color(color));
        let others = others(scene, compare);
        if letter == "B" && others.len() > 1 {
            choice(ui, scene, (view, &name), &others, commands);
        } else {
            ui.label(elided(&name, NAME)).on_hover_text(name);
        }
        ui.add_space(6.0);
    }
}

/// What can be B.
fn others(scene: &Scene<'_>, compare: &Compare) -> Vec<ViewId> {
    let [one, _] = compare.sides();
    let mut views = scene.session.visible_views();
    views.retain(|view| *view != one);
    views
}

/// The name of B, which opens a list of all that could be in its place.
fn choice(
    ui: &mut Ui,
    scene: &Scene<'_>,
    (view, name): (ViewId, &str),
    others: &[ViewId],
    commands: &mut Commands,
) {
    let list = ComboBox::from_id_salt("compared with").selected_text(elided(name, NAME));
    let shown = list.show_ui(ui, |ui| {
        for other in others {
            let selected = *other == view;
            if ui
                .selectable_label(selected, title(scene.session, *other))
                .clicked()
            {
                commands.push(Command::SetCompareOther(*other));
            }
        }
    });
    shown
        .response
        .widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, format!("Compared with {name}")));
}

/// What can be changed by hand in the mode that is on.
fn value(ui: &mut Ui, compare: &Compare, commands: &mut Commands) {
    let changed = match compare.mode {
        CompareMode::Wipe => None,
        CompareMode::Difference => {
            let mut gain = compare.gain;
            let label = ui.label("Gain");
            let field = DragValue::new(&mut gain)
                .range(1.0..=MOST_GAIN)
                .speed(0.1)
                .max_decimals(1)
                .suffix("×");
            let response = ui.add(field).labelled_by(label.id);
            let tip = "Differences are multiplied by this; Alt and the wheel change it, too. Of the colours \
                       as shown, red, green and blue each; black where both are equal.";
            response
                .on_hover_text(tip)
                .changed()
                .then_some(CompareValue::Gain(gain))
        }
        CompareMode::Blend => {
            let mut blend = compare.blend;
            let label = ui.label("B");
            let slider = Slider::new(&mut blend, 0.0..=1.0).show_value(false);
            let response = ui.add(slider).labelled_by(label.id);
            response.changed().then_some(CompareValue::Blend(blend))
        }
    };
    commands.extend(changed.map(Command::SetCompareValue));
}

/// How alike the two are.
pub(super) fn likeness(ui: &mut Ui, measured: Option<&Measured>) {
    let palette = Palette::of(ui.visuals());
    let Some(measured) = measured else {
        let text = RichText::new("PSNR –  SSIM –")
            .monospace()
            .color(palette.weak);
        ui.label(text)
            .on_hover_text("Measured of two exact frames of the same size.");
        return;
    };
    let luma = &measured.luma;
    let ssim = luma
        .ssim
        .map_or("–".to_owned(), |ssim| format!("{ssim:.4}"));
    let text = format!("PSNR {}  SSIM {ssim}", decibels(luma.psnr()));
    let of = if measured.luma_as_decoded {
        "luma as decoded"
    } else {
        "luma of the colours shown"
    };
    let [red, green, blue] = measured.rgb.map(|channel| decibels(channel.psnr()));
    let tip = format!(
        "Of {of}. Of the colours shown: red {red}, green {green}, blue {blue}.\n\
         SSIM: Wang et al. 2004, windows of 8 × 8. Click to copy."
    );
    let label = egui::Label::new(RichText::new(&text).monospace()).sense(egui::Sense::click());
    if ui.add(label).on_hover_text(tip).clicked() {
        ui.ctx().copy_text(text);
    }
}

fn decibels(psnr: f64) -> String {
    if psnr.is_infinite() {
        "∞ dB".to_owned()
    } else {
        format!("{psnr:.2} dB")
    }
}

#[cfg(test)]
mod tests {
    use super::decibels;

    #[test]
    fn equal_pictures_have_no_noise() {
        assert_eq!(decibels(f64::INFINITY), "∞ dB");
        assert_eq!(decibels(38.126), "38.13 dB");
    }
}
