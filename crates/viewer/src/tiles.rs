//! The middle of the window: one tile per view, side by side, as tabs, dragged and closed at will.

use std::collections::HashMap;

use egui::{Color32, Rect, Stroke, Ui, Vec2, Visuals, WidgetText};
use egui_tiles::{
    Behavior, Container, SimplificationOptions, TabState, Tile, TileId, Tiles, Tree, UiResponse,
};
use reelscope_store::{LogTime, StreamId};

use crate::command::{Command, Commands};
use crate::session::Session;
use crate::settings::PixelText;
use crate::theme::Palette;
use crate::tile;
use crate::video_paint::VideoPaint;
use crate::view_id::ViewId;
use crate::widgets::elided;
use crate::zoom::Zoom;

/// Characters of a title that are shown.
const TITLE: usize = 48;

/// Height of the bar with a tile's name.
const TAB_BAR: f32 = 28.0;
/// Shape of the pictures that tiles are laid out for.
const USUAL_SHAPE: f32 = 16.0 / 9.0;

/// The tiles and what is remembered of each.
pub(crate) struct TileArea {
    tree: Tree<ViewId>,
    zooms: HashMap<ViewId, Zoom>,
    focused: Option<ViewId>,
    maximised: Option<ViewId>,
}

/// What drawing tiles needs to see.
pub(crate) struct Scene<'a> {
    pub(crate) session: &'a Session,
    pub(crate) paint: &'a mut VideoPaint,
    pub(crate) time: LogTime,
    /// Seconds, for signs that come late on purpose.
    pub(crate) wall: f64,
    /// The view that keys refer to.
    pub(crate) focused: Option<ViewId>,
    /// True if the loupe is to be at the pointer, whatever is held.
    pub(crate) loupe: bool,
    /// What is written into pixels that are shown very large.
    pub(crate) pixel_text: PixelText,
}

impl Default for TileArea {
    fn default() -> Self {
        Self {
            tree: Tree::empty(egui::Id::unique("tiles")),
            zooms: HashMap::new(),
            focused: None,
            maximised: None,
        }
    }
}

impl TileArea {
    /// Gives a view a tile, beside the others.
    pub(crate) fn add(&mut self, view: ViewId) {
        let tile = self.tree.tiles.insert_pane(view);
        self.zooms.insert(view, Zoom::default());
        self.focused.get_or_insert(view);
        self.maximised = None;
        let Some(root) = self.tree.root else {
            self.tree.root = Some(tile);
            return;
        };
        if let Some(Tile::Container(Container::Grid(grid))) = self.tree.tiles.get_mut(root) {
            grid.add_child(tile);
        } else {
            self.tree.root = Some(self.tree.tiles.insert_grid_tile(vec![root, tile]));
        }
    }

    /// Puts the tiles into an order, as long as the person has not arranged them.
    pub(crate) fn arrange(&mut self, order: &[StreamId]) {
        let Some(root) = self.tree.root else {
            return;
        };
        let Some(Tile::Container(Container::Grid(grid))) = self.tree.tiles.get(root) else {
            return;
        };
        let children: Vec<TileId> = grid.children().copied().collect();
        let view = |tile: &TileId| match self.tree.tiles.get(*tile) {
            Some(Tile::Pane(view)) => Some((view.stream, view.copy)),
            _ => None,
        };
        let places: HashMap<StreamId, usize> = order
            .iter()
            .enumerate()
            .map(|(place, stream)| (*stream, place))
            .collect();
        let place = |tile: &TileId| {
            let (stream, copy) = view(tile)?;
            Some((*places.get(&stream)?, copy))
        };
        let all_panes = children.iter().all(|tile| view(tile).is_some());
        if !all_panes || children.is_sorted_by_key(place) {
            return;
        }
        let mut sorted = children;
        sorted.sort_by_key(|tile| place(tile));
        self.tree.tiles.remove(root);
        self.tree.root = Some(self.tree.tiles.insert_grid_tile(sorted));
    }

    /// Takes a view's tile away for good.
    pub(crate) fn remove(&mut self, view: ViewId) {
        if let Some(tile) = self.tree.tiles.find_pane(&view) {
            self.tree.remove_recursively(tile);
        }
        self.zooms.remove(&view);
        self.maximised = self.maximised.filter(|maximised| *maximised != view);
        if self.focused == Some(view) {
            let next = self.views().next();
            self.focused = next;
        }
    }

    /// Takes the tiles of all views of a stream away.
    pub(crate) fn remove_stream(&mut self, stream: StreamId) {
        let gone: Vec<ViewId> = self.views().filter(|view| view.stream == stream).collect();
        for view in gone {
            self.remove(view);
        }
    }

    fn views(&self) -> impl Iterator<Item = ViewId> + '_ {
        self.tree.tiles.tiles().filter_map(|tile| match tile {
            Tile::Pane(view) => Some(*view),
            Tile::Container(_) => None,
        })
    }

    /// Shows the tiles of these views and no others. The focus moves to one that is shown.
    pub(crate) fn show_only(&mut self, views: &[ViewId]) {
        let all: Vec<ViewId> = self.views().collect();
        for view in all {
            let visible = views.contains(&view);
            if let Some(tile) = self.tree.tiles.find_pane(&view)
                && self.tree.tiles.is_visible(tile) != visible
            {
                self.tree.set_visible(tile, visible);
            }
        }
        let is_shown = |view: &ViewId| views.contains(view);
        self.maximised = self.maximised.filter(is_shown);
        if !self.focused.is_some_and(|focused| is_shown(&focused)) && !views.is_empty() {
            self.focused = views.first().copied();
        }
    }

    /// Shows or hides a view's tile; its place is kept.
    pub(crate) fn set_visible(&mut self, view: ViewId, visible: bool) {
        if let Some(tile) = self.tree.tiles.find_pane(&view) {
            self.tree.set_visible(tile, visible);
        }
        if !visible {
            self.maximised = self.maximised.filter(|maximised| *maximised != view);
            if self.focused == Some(view) {
                self.focused = self.on_screen().first().copied().or(self.focused);
            }
        }
    }

    /// Makes a view the one that steps and the inspector refer to, and brings its tile to front.
    pub(crate) fn focus(&mut self, view: ViewId) {
        self.focused = Some(view);
        if self.maximised.is_some() {
            self.maximised = Some(view);
        }
        self.tree
            .make_active(|_, tile| matches!(tile, Tile::Pane(pane) if *pane == view));
    }

    /// The view that steps and the inspector refer to.
    pub(crate) fn focused(&self) -> Option<ViewId> {
        self.focused
    }

    /// The stream that the view in focus shows.
    pub(crate) fn focused_stream(&self) -> Option<StreamId> {
        self.focused.map(|view| view.stream)
    }

    /// Gives the focused tile the whole place, or gives it back.
    pub(crate) fn toggle_maximised(&mut self) {
        self.maximised = match self.maximised {
            Some(_) => None,
            None => self.focused,
        };
    }

    /// The zoom of a view's tile.
    pub(crate) fn zoom_mut(&mut self, view: ViewId) -> &mut Zoom {
        self.zooms.entry(view).or_default()
    }

    /// The streams that are on screen, each once.
    pub(crate) fn streams_on_screen(&self) -> Vec<StreamId> {
        let mut streams: Vec<StreamId> = self.on_screen().iter().map(|view| view.stream).collect();
        streams.dedup();
        streams
    }

    /// The views whose tiles are on screen, those of one stream after another.
    pub(crate) fn on_screen(&self) -> Vec<ViewId> {
        if let Some(maximised) = self.maximised {
            return vec![maximised];
        }
        let mut views: Vec<ViewId> = self
            .tree
            .active_tiles()
            .into_iter()
            .filter_map(|tile| self.tree.tiles.get_pane(&tile).copied())
            .collect();
        views.sort();
        views
    }

    /// Draws all tiles into the space there is.
    pub(crate) fn ui(&mut self, ui: &mut Ui, scene: &mut Scene<'_>, commands: &mut Commands) {
        let focused = self.focused;
        let palette = Palette::of(ui.visuals());
        ui.painter()
            .rect_filled(ui.available_rect_before_wrap(), 0.0, palette.sunken);
        if let Some(view) = self.maximised {
            let zoom = self.zooms.entry(view).or_default();
            tile::maximised(ui, scene, view, zoom, commands);
            return;
        }
        let several = self.on_screen().len() > 1;
        let mut panes = Panes {
            scene,
            zooms: &mut self.zooms,
            focused: focused.filter(|_| several),
            commands,
        };
        self.tree.ui(&mut panes, ui);
    }
}

/// Draws panes for `egui_tiles`.
struct Panes<'a, 'b> {
    scene: &'a mut Scene<'b>,
    zooms: &'a mut HashMap<ViewId, Zoom>,
    focused: Option<ViewId>,
    commands: &'a mut Commands,
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

/// The name of a view in the window: its stream's, and its number if it is a copy.
pub(crate) fn title(session: &Session, view: impl Into<ViewId>) -> String {
    let view = view.into();
    let name = stream_title(session, view.stream);
    if view.is_own() {
        name
    } else {
        format!("{name} ({})", view.copy.saturating_add(1))
    }
}

/// The name of a stream in the window: its file, and its entity where the file has several.
fn stream_title(session: &Session, stream: StreamId) -> String {
    match session.store.stream(stream) {
        Some((recording, found)) if recording.is_logged() => {
            let name = found.entity.to_string();
            let is_only_kind = session
                .store
                .streams_of(recording)
                .filter(|other| other.entity == found.entity && other.is_there())
                .count()
                < 2;
            match found.kind {
                Some(kind) if !is_only_kind => format!("/{name} · {}", kind.name()),
                _ => format!("/{name}"),
            }
        }
        Some((recording, found)) if recording.streams.len() > 1 => {
            format!(
                "{} · {}",
                elided(&recording.name, TITLE),
                found.entity.name()
            )
        }
        Some((recording, _)) => elided(&recording.name, TITLE),
        None => String::new(),
    }
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
