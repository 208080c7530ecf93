//! How `egui_tiles` is to draw panes, and how many stand side by side.

use std::collections::HashMap;

use egui::{Color32, Rect, Stroke, Ui, Vec2, Visuals, WidgetText};
use egui_tiles::{Behavior, SimplificationOptions, TabState, TileId, Tiles, UiResponse};

use super::{Scene, title};
use crate::command::{Command, Commands};
use crate::theme::Palette;
use crate::tile;
use crate::view_id::ViewId;
use crate::zoom::Zoom;

/// Height of the bar with a tile's name.
const TAB_BAR: f32 = 28.0;
/// Shape of the pictures that tiles are laid out for.
const USUAL_SHAPE: f32 = 16.0 / 9.0;

/// Draws panes for `egui_tiles`.
pub(super) struct Panes<'a, 'b> {
    pub(super) scene: &'a mut Scene<'b>,
    pub(super) zooms: &'a mut HashMap<ViewId, Zoom>,
    pub(super) focused: Option<ViewId>,
    pub(super) commands: &'a mut Commands,
}

impl Panes<'_, '_> {
    fn is_focused(&self, tiles: &Tiles<ViewId>, tile: TileId) -> bool {
        self.focused.is_some() && tiles.get_pane(&tile).copied() == self.focused
    }
}

impl Behavior<ViewId> for Panes<'_, '_> {
    fn pane_ui(&mut self, ui: &mut Ui, _tile: TileId, view: &mut ViewId) -> UiResponse {
        let zoom = self.zooms.entry(*view).or_default();
        tile::show(ui, self.scene, *view, zoom, self.commands);
        UiResponse::None
    }

    fn tab_title_for_pane(&mut self, view: &ViewId) -> WidgetText {
        title(self.scene.session, *view).into()
    }

    fn is_tab_closable(&self, tiles: &Tiles<ViewId>, tile: TileId) -> bool {
        tiles.get_pane(&tile).is_some()
    }

    fn on_tab_close(&mut self, tiles: &mut Tiles<ViewId>, tile: TileId) -> bool {
        if let Some(view) = tiles.get_pane(&tile) {
            self.commands.push(Command::CloseView(*view));
        }
        false
    }

    fn on_tab_button(
        &mut self,
        tiles: &mut Tiles<ViewId>,
        tile: TileId,
        response: egui::Response,
    ) -> egui::Response {
        if let Some(view) = tiles.get_pane(&tile) {
            if response.clicked() {
                self.commands.push(Command::Focus(*view));
            }
            if response.double_clicked() {
                self.commands.push(Command::MaximiseTile);
            }
        }
        response
    }

    fn simplification_options(&self) -> SimplificationOptions {
        SimplificationOptions {
            all_panes_must_have_tabs: true,
            ..SimplificationOptions::default()
        }
    }

    fn tab_bar_height(&self, _style: &egui::Style) -> f32 {
        TAB_BAR
    }

    fn gap_width(&self, _style: &egui::Style) -> f32 {
        2.0
    }

    fn min_size(&self) -> f32 {
        96.0
    }

    fn grid_auto_column_count(&self, count: usize, rect: Rect, gap: f32) -> usize {
        columns(count, rect.size(), gap)
    }

    fn tab_title_spacing(&self, _visuals: &Visuals) -> f32 {
        10.0
    }

    fn close_button_outer_size(&self) -> f32 {
        14.0
    }

    fn close_button_inner_margin(&self) -> f32 {
        3.0
    }

    fn tab_bar_color(&self, visuals: &Visuals) -> Color32 {
        Palette::of(visuals).surface
    }

    fn tab_bg_color(
        &self,
        visuals: &Visuals,
        _tiles: &Tiles<ViewId>,
        _tile: TileId,
        state: &TabState,
    ) -> Color32 {
        if state.active {
            Palette::of(visuals).raised
        } else {
            Color32::TRANSPARENT
        }
    }

    fn tab_outline_stroke(
        &self,
        _visuals: &Visuals,
        _tiles: &Tiles<ViewId>,
        _tile: TileId,
        _state: &TabState,
    ) -> Stroke {
        Stroke::NONE
    }

    fn tab_bar_hline_stroke(&self, visuals: &Visuals) -> Stroke {
        Stroke::new(1.0, Palette::of(visuals).line)
    }

    fn tab_text_color(
        &self,
        visuals: &Visuals,
        tiles: &Tiles<ViewId>,
        tile: TileId,
        state: &TabState,
    ) -> Color32 {
        let palette = Palette::of(visuals);
        if self.is_focused(tiles, tile) {
            palette.accent
        } else if state.active {
            palette.text
        } else {
            palette.weak
        }
    }

    fn resize_stroke(&self, style: &egui::Style, state: egui_tiles::ResizeState) -> Stroke {
        let palette = Palette::of(&style.visuals);
        match state {
            egui_tiles::ResizeState::Idle => Stroke::new(2.0, palette.line),
            _ => Stroke::new(2.0, palette.accent),
        }
    }
}

/// Columns for a number of tiles: those with the largest pictures, with a liking for side by side,
/// where the same thing in two pictures is easiest to compare.
fn columns(count: usize, space: Vec2, gap: f32) -> usize {
    const LIKING: f32 = 0.6;
    let value = |columns: usize| {
        let rows = count.div_ceil(columns);
        let share =
            |length: f32, parts: usize| (length - gap * (parts as f32 - 1.0)) / parts as f32;
        let width = share(space.x, columns);
        let height = share(space.y, rows) - TAB_BAR - tile::FOOTER;
        let shown = width.min(height.max(0.0) * USUAL_SHAPE);
        shown * shown * (1.0 + LIKING * (columns as f32 - 1.0))
    };
    (1..=count.max(1))
        .max_by(|a, b| value(*a).total_cmp(&value(*b)))
        .unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_stand_side_by_side_and_more_make_a_grid() {
        let space = Vec2::new(1_060.0, 800.0);
        let layout = [1, 2, 3, 4, 6, 9].map(|count| columns(count, space, 2.0));
        assert_eq!(layout, [1, 2, 2, 2, 3, 3]);
        assert_eq!(
            columns(2, Vec2::new(500.0, 1_200.0), 2.0),
            1,
            "a tall place stacks them"
        );
    }
}
