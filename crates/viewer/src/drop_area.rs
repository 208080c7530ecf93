//! Files dragged over the window: the sign that they can be dropped, and the drop itself.

use std::path::PathBuf;

use egui::{Align2, FontId, LayerId, Order, StrokeKind, Ui};

use crate::command::{Command, Commands};
use crate::theme::Palette;

/// Takes dropped files, and draws a sign over the window while files are held above it.
pub(crate) fn ui(ui: &Ui, commands: &mut Commands) {
    let (dropped, hovered): (Vec<PathBuf>, usize) = ui.input(|input| {
        let dropped = input.raw.dropped_files.iter();
        (
            dropped.map(|file| file.path().to_owned()).collect(),
            input.raw.hovered_files.len(),
        )
    });
    if !dropped.is_empty() {
        commands.push(Command::OpenPaths(dropped));
    }
    if hovered > 0 {
        let palette = Palette::of(ui.visuals());
        let layer = LayerId::new(Order::Foreground, egui::Id::unique("drop"));
        let painter = ui.ctx().layer_painter(layer);
        let rect = ui.ctx().content_rect();
        painter.rect_filled(rect, 0.0, palette.surface.gamma_multiply(0.85));
        painter.rect_stroke(
            rect.shrink(16.0),
            12.0,
            (2.0, palette.accent),
            StrokeKind::Inside,
        );
        let text = match hovered {
            1 => "Drop to open the file".to_owned(),
            count => format!("Drop to open {count} files"),
        };
        painter.text(
            rect.center(),
            Align2::CENTER_CENTER,
            text,
            FontId::proportional(22.0),
            palette.text,
        );
    }
}
