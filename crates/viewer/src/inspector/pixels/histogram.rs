//! The histogram: red, green and blue add up where they overlap, luma is a line over them.

use egui::{Align2, Color32, Mesh, Pos2, Rect, Response, Role, Shape, Ui, WidgetInfo, pos2};
use reelscope_render::{SCOPE_LEVELS, ScopeChannel, Scopes};

use super::CHANNELS;
use super::well::{LINE, WORD, Well};
use crate::timecode::grouped;

const HEIGHT: f32 = 96.0;
/// Below the bars, for words.
const FOOT: f32 = 14.0;

/// Draws it; gives what is under the pointer as text.
pub(super) fn ui(ui: &mut Ui, scopes: &Scopes, logarithmic: bool) -> (Response, Option<String>) {
    let well = Well::new(ui, HEIGHT + FOOT);
    let label = format!(
        "Histogram of {} px",
        grouped(i64::try_from(scopes.pixels()).unwrap_or(i64::MAX))
    );
    well.response
        .widget_info(|| WidgetInfo::labeled(Role::Image, true, label.clone()));
    let part = well.rect.with_max_y(well.rect.bottom() - FOOT);
    let part = part.shrink2(egui::vec2(6.0, 4.0));
    let largest = CHANNELS
        .iter()
        .flat_map(|(channel, _)| scopes.histogram(*channel))
        .max();
    let largest = largest.copied().unwrap_or(0).max(1) as f32;
    let height = |count: u32| {
        let count = count as f32;
        if logarithmic {
            count.ln_1p() / largest.ln_1p()
        } else {
            count / largest
        }
    };
    marks(&well, part, scopes);
    for (channel, color) in [
        (ScopeChannel::Red, [150, 30, 30]),
        (ScopeChannel::Green, [20, 120, 30]),
        (ScopeChannel::Blue, [35, 65, 165]),
    ] {
        let [red, green, blue] = color;
        let counts = scopes.histogram(channel);
        let color = Color32::from_rgb_additive(red, green, blue);
        well.painter.add(bars(part, counts, height, color));
    }
    let luma = scopes.histogram(ScopeChannel::Luma);
    let points = luma.iter().enumerate().map(|(level, count)| {
        let middle = (level as f32 + 0.5) / SCOPE_LEVELS as f32;
        point(part, middle, height(*count))
    });
    let stroke = egui::Stroke::new(1.0, WORD);
    well.painter.add(Shape::line(points.collect(), stroke));
    let text = well.pointer(part).map(|[across, _]| {
        let level = ((across * SCOPE_LEVELS as f32) as usize).min(SCOPE_LEVELS - 1);
        let at = point(part, (level as f32 + 0.5) / SCOPE_LEVELS as f32, 0.0);
        well.painter.vline(at.x, part.y_range(), (1.0, WORD));
        words(scopes, level)
    });
    (well.response, text)
}

fn point(part: Rect, across: f32, up: f32) -> Pos2 {
    pos2(
        part.left() + across * part.width(),
        part.bottom() - up * part.height(),
    )
}

/// Where black and white are.
fn marks(well: &Well, part: Rect, scopes: &Scopes) {
    for (level, text) in [(scopes.scale.black, "0 %"), (scopes.scale.white, "100 %")] {
        let at = point(part, (level as f32 + 0.5) / SCOPE_LEVELS as f32, 0.0);
        well.painter.vline(at.x, part.y_range(), (1.0, LINE));
        let align = if level < 128.0 {
            Align2::LEFT_TOP
        } else {
            Align2::RIGHT_TOP
        };
        let place = if level < 128.0 { -3.0 } else { 3.0 };
        well.word(pos2(at.x + place, part.bottom() + 3.0), align, text);
    }
}

fn bars(part: Rect, counts: &[u32], height: impl Fn(u32) -> f32, color: Color32) -> Mesh {
    let mut mesh = Mesh::default();
    let share = |level: usize| level as f32 / SCOPE_LEVELS as f32;
    for (level, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let bar = Rect::from_two_pos(
            point(part, share(level), 0.0),
            point(part, share(level + 1), height(*count)),
        );
        mesh.add_colored_rect(bar, color);
    }
    mesh
}

/// `"level 128 (51.1 %): Y’ 12 px, R’ 3 px, G’ 0 px, B’ 9 px"`.
fn words(scopes: &Scopes, level: usize) -> String {
    let counts = CHANNELS.map(|(channel, name)| {
        let count = scopes.histogram(channel).get(level).copied().unwrap_or(0);
        format!("{name} {} px", grouped(i64::from(count)))
    });
    let percent = scopes.scale.percent(level as f64);
    format!("level {level} ({percent:.1} %): {}", counts.join(", "))
}
