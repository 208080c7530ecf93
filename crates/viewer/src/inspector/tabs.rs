//! The tabs at the top of the inspector.

use egui::{FontId, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use serde::{Deserialize, Serialize};

use crate::command::{Command, Commands};
use crate::theme::Palette;
use crate::widgets::line_galley;

/// Height of the tabs: that of a panel's heading.
const HEIGHT: f32 = 28.0;
/// Width from which names have their usual size.
const ROOM: f32 = 300.0;
/// Around the name of a tab.
const PADDING: f32 = 7.0;

/// What the inspector shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum InspectorTab {
    /// The frame on screen.
    #[default]
    Frame,
    /// The stream it belongs to.
    Stream,
    /// The sizes of the samples around it.
    Gop,
    /// All samples of the stream.
    Samples,
    /// What the frame's sample is made of.
    Bitstream,
    /// The values of its pixels.
    Pixels,
}

impl InspectorTab {
    /// All tabs with their names, from the left.
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::Frame, "Frame"),
        (Self::Stream, "Stream"),
        (Self::Gop, "GOP"),
        (Self::Samples, "Samples"),
        (Self::Bitstream, "Bitstream"),
        (Self::Pixels, "Pixels"),
    ];

    fn hint(self) -> &'static str {
        match self {
            Self::Frame => "The frame on screen: times, sample, picture, colours",
            Self::Stream => "The stream and the file or recording that it is in",
            Self::Gop => "Sizes of the samples in this group of pictures",
            Self::Samples => "All samples as a table",
            Self::Bitstream => "The units that this frame’s sample is made of",
            Self::Pixels => {
                "One pixel’s values; histogram, waveform and vectorscope of what is in view"
            }
        }
    }
}

/// Draws the tabs.
pub(super) fn ui(ui: &mut Ui, chosen: InspectorTab, commands: &mut Commands) {
    let palette = Palette::of(ui.visuals());
    let (bar, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    ui.painter()
        .hline(bar.x_range(), bar.bottom(), (1.0, palette.line));
    let font = FontId::proportional(if bar.width() < ROOM { 11.0 } else { 13.0 });
    let galleys = InspectorTab::ALL.map(|(tab, name)| {
        let color = if tab == chosen {
            palette.text
        } else {
            palette.weak
        };
        line_galley(ui, name, font.clone(), color, f32::INFINITY)
    });
    // In a narrow panel they move together.
    let texts: f32 = galleys.iter().map(|galley| galley.size().x).sum();
    let count = galleys.len() as f32;
    let padding = ((bar.width() - 6.0 - texts) / (2.0 * count)).clamp(1.0, PADDING);
    let mut left = bar.left() + 3.0;
    for ((tab, name), galley) in InspectorTab::ALL.into_iter().zip(galleys) {
        let size = vec2(galley.size().x + 2.0 * padding, HEIGHT);
        let rect = egui::Rect::from_min_size(pos2(left, bar.top()), size);
        left = rect.right();
        let response = ui.interact(rect, ui.scope_id().with(name), Sense::click());
        response.widget_info(|| WidgetInfo::selected(Role::Tab, true, tab == chosen, name));
        if response.has_focus() {
            let stroke = (1.0, palette.accent);
            let inside = egui::StrokeKind::Inside;
            ui.painter()
                .rect_stroke(rect.shrink(2.0), 3.0, stroke, inside);
        } else if response.hovered() && tab != chosen {
            ui.painter()
                .rect_filled(rect.shrink(2.0), 3.0, palette.raised);
        }
        let at = rect.center() - galley.size() / 2.0;
        ui.painter().galley(at.round(), galley, palette.text);
        if tab == chosen {
            let line = rect.shrink2(vec2(padding.min(4.0), 0.0)).x_range();
            ui.painter()
                .hline(line, rect.bottom() - 1.0, (2.0, palette.accent));
        }
        if response.on_hover_text(tab.hint()).clicked() {
            commands.push(Command::ShowTab(tab));
        }
    }
    ui.add_space(2.0);
}
