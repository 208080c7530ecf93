//! What scopes are drawn on. It is dark in both themes: traces are light.

use egui::{Align2, Color32, FontId, Painter, Pos2, Rect, Response, Sense, Ui, vec2};

use crate::theme::MARGIN;

/// Behind traces.
const BACK: Color32 = Color32::from_rgb(0x0c, 0x0d, 0x0f);
/// Lines and words of a graticule.
pub(super) const LINE: Color32 = Color32::from_rgb(0x3a, 0x40, 0x48);
pub(super) const WORD: Color32 = Color32::from_rgb(0xa6, 0xad, 0xb8);

/// A place to draw on, and how the pointer stands to it.
pub(super) struct Well {
    pub(super) rect: Rect,
    pub(super) painter: Painter,
    pub(super) response: Response,
}

impl Well {
    /// A dark place as wide as the panel.
    pub(super) fn new(ui: &mut Ui, height: f32) -> Self {
        let size = vec2(ui.available_width(), height);
        let (rect, response) = ui.allocate_exact_size(size, Sense::click());
        let rect = rect.shrink2(vec2(f32::from(MARGIN), 0.0));
        let painter = ui.painter_at(rect);
        painter.rect_filled(rect, 3.0, BACK);
        Self {
            rect,
            painter,
            response,
        }
    }

    /// Where the pointer is, as shares of the way from the left and from the bottom of a part.
    pub(super) fn pointer(&self, part: Rect) -> Option<[f32; 2]> {
        let at = self.response.hover_pos()?;
        part.contains(at).then(|| {
            let share = (at - part.min) / part.size();
            [share.x, 1.0 - share.y]
        })
    }

    /// Writes a word.
    pub(super) fn word(&self, at: Pos2, align: Align2, text: &str) {
        let font = FontId::proportional(10.0);
        self.painter.text(at, align, text, font, WORD);
    }
}
