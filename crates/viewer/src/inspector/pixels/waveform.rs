//! The waveform: levels upwards, over the columns of the region in view.

use egui::{Align2, Color32, Rect, Response, Role, Ui, WidgetInfo, pos2, vec2};
use reelscope_render::{SCOPE_LEVELS, Scopes};

use super::trace::Traces;
use super::well::{LINE, WORD, Well};

const HEIGHT: f32 = 140.0;
/// At the left, for words.
const WORDS: f32 = 28.0;
/// Between the channels of a parade.
const GAP: f32 = 4.0;

/// Draws it; gives what is under the pointer as text.
pub(super) fn ui(ui: &mut Ui, scopes: &Scopes, traces: &Traces) -> (Response, Option<String>) {
    let well = Well::new(ui, HEIGHT);
    let count = traces.waveforms.len().max(1);
    let label = if count > 1 {
        "Waveforms of R’, G’ and B’"
    } else {
        "Waveform of luma"
    };
    well.response
        .widget_info(|| WidgetInfo::labeled(Role::Image, true, label));
    let part = well.rect.with_min_x(well.rect.left() + WORDS);
    let part = part.shrink2(vec2(4.0, 6.0));
    let y = |level: f64| {
        let up = (level as f32 + 0.5) / SCOPE_LEVELS as f32;
        part.bottom() - up * part.height()
    };
    for quarter in 0..=4 {
        let share = f64::from(quarter) / 4.0;
        let level = scopes.scale.black + share * (scopes.scale.white - scopes.scale.black);
        well.painter.hline(part.x_range(), y(level), (1.0, LINE));
        let at = pos2(part.left() - 5.0, y(level));
        let text = format!("{} %", quarter * 25);
        well.word(at, Align2::RIGHT_CENTER, &text);
    }
    let width = (part.width() - GAP * (count as f32 - 1.0)) / count as f32;
    for (number, texture) in traces.waveforms.iter().enumerate() {
        let left = part.left() + number as f32 * (width + GAP);
        let place = Rect::from_min_size(pos2(left, part.top()), vec2(width, part.height()));
        let all = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        well.painter.image(texture.id(), place, all, Color32::WHITE);
    }
    let text = well.pointer(part).map(|[_, up]| {
        let level = ((up * SCOPE_LEVELS as f32) as usize).min(SCOPE_LEVELS - 1);
        well.painter
            .hline(part.x_range(), y(level as f64), (1.0, WORD));
        let percent = scopes.scale.percent(level as f64);
        format!("level {level} ({percent:.1} %)")
    });
    (well.response, text)
}
