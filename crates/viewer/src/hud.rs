//! The figures over the pictures: how well the window keeps up, and what takes its memory. Nothing in
//! here measures.

use egui::{Area, Color32, FontId, Frame, Id, Order, Rect, RichText, Ui, pos2, vec2};

use crate::meter::SeekTimes;
use crate::theme::Palette;
use crate::timecode::bytes_text;

/// Width of the panel within its margin.
const WIDTH: f32 = 196.0;
/// From the corner of the pictures.
const INSET: f32 = 12.0;
/// How much of what is below is hidden.
const OPACITY: f32 = 0.86;

/// What is shown.
pub(crate) struct Figures {
    /// While playing.
    pub(crate) rate: Option<Rate>,
    /// Frames dropped since playback started.
    pub(crate) dropped: usize,
    pub(crate) seeks: Option<SeekTimes>,
    /// Samples that decoders hold.
    pub(crate) queued: usize,
    /// The share of frames that were at hand, from 0 to 1.
    pub(crate) hit_rate: Option<f64>,
    pub(crate) memory: Memory,
}

/// Frames in a second.
pub(crate) struct Rate {
    pub(crate) shown: Option<f64>,
    pub(crate) due: Option<f64>,
}

/// What takes how many bytes.
pub(crate) struct Memory {
    pub(crate) frames: usize,
    pub(crate) previews: usize,
    pub(crate) rows: usize,
    /// On the graphics adapter.
    pub(crate) textures: usize,
    /// The program in all, where that is known.
    pub(crate) program: Option<usize>,
}

/// Draws the panel into the corner of the pictures.
pub(crate) fn ui(ui: &Ui, pictures: Rect, figures: &Figures) {
    let palette = Palette::of(ui.visuals());
    let frame = Frame::new()
        .fill(palette.surface.gamma_multiply(OPACITY))
        .stroke((1.0, palette.line))
        .corner_radius(6)
        .inner_margin(10);
    // What is below can be clicked all the same.
    Area::new(Id::unique("hud"))
        .order(Order::Middle)
        .interactable(false)
        .fixed_pos(pos2(
            pictures.right() - WIDTH - 20.0 - INSET,
            pictures.top() + INSET,
        ))
        .constrain(false)
        .show(ui.ctx(), |ui| {
            frame.show(ui, |ui| {
                ui.set_width(WIDTH);
                ui.spacing_mut().item_spacing.y = 3.0;
                for row in rows(figures) {
                    row.ui(ui, &palette);
                }
            });
        });
}

/// A name and a figure.
struct Row {
    name: &'static str,
    value: String,
    /// True where the figure says that something is wrong.
    warns: bool,
    /// True where a new group begins.
    begins: bool,
}

impl Row {
    fn new(name: &'static str, value: impl Into<String>) -> Self {
        Self {
            name,
            value: value.into(),
            warns: false,
            begins: false,
        }
    }

    fn ui(&self, ui: &mut Ui, palette: &Palette) {
        if self.begins {
            ui.add_space(3.0);
        }
        let color: Color32 = if self.warns {
            palette.warning
        } else {
            palette.text
        };
        ui.horizontal(|ui| {
            ui.set_min_width(WIDTH);
            ui.label(RichText::new(self.name).small().color(palette.weak));
            let right = egui::Layout::right_to_left(egui::Align::Center);
            ui.with_layout(right, |ui| {
                // All digits are of one width: nothing moves while they change.
                let font = FontId::monospace(11.5);
                ui.label(RichText::new(&self.value).font(font).color(color));
            });
        });
        ui.allocate_space(vec2(0.0, 0.0));
    }
}

fn rows(figures: &Figures) -> Vec<Row> {
    let memory = &figures.memory;
    let bytes = |name, bytes: usize| Row::new(name, bytes_text(bytes as u64));
    let mut rows = vec![
        Row::new("Shown / due", rate_text(figures.rate.as_ref())),
        Row {
            warns: figures.dropped > 0,
            ..Row::new("Dropped", figures.dropped.to_string())
        },
        Row {
            begins: true,
            ..Row::new("Seek p50", millis(figures.seeks.map(|it| it.half)))
        },
        Row::new("Seek p95", millis(figures.seeks.map(|it| it.most))),
        Row::new(
            "Seeks measured",
            figures.seeks.map_or(0, |it| it.count).to_string(),
        ),
        Row::new("Frame at hand", percent(figures.hit_rate)),
        Row::new("In decoders", format!("{} samples", figures.queued)),
        Row {
            begins: true,
            ..bytes("Decoded frames", memory.frames)
        },
        bytes("Previews", memory.previews),
        bytes("Logged rows", memory.rows),
        bytes("Textures", memory.textures),
    ];
    rows.extend(memory.program.map(|program| bytes("Program", program)));
    rows
}

fn rate_text(rate: Option<&Rate>) -> String {
    let whole = |rate: Option<f64>| rate.map_or("–".to_owned(), |it| format!("{it:.0}"));
    match rate {
        Some(rate) => format!("{} / {} fps", whole(rate.shown), whole(rate.due)),
        None => "paused".to_owned(),
    }
}

fn millis(seconds: Option<f64>) -> String {
    seconds.map_or("–".to_owned(), |it| format!("{:.1} ms", it * 1_000.0))
}

fn percent(share: Option<f64>) -> String {
    share.map_or("–".to_owned(), |it| format!("{:.0} %", it * 100.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_that_are_not_known_yet_are_dashes() {
        assert_eq!(millis(None), "–");
        assert_eq!(millis(Some(0.0125)), "12.5 ms");
        assert_eq!(percent(Some(0.995)), "100 %");
        let rate = Rate {
            shown: None,
            due: Some(29.97),
        };
        assert_eq!(rate_text(Some(&rate)), "– / 30 fps");
    }
}
