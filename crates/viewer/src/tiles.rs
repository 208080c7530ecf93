//! The middle of the window: one tile per view, side by side, as tabs, dragged and closed at will.

mod layout;
mod panes;
mod title;

use std::collections::HashMap;

use egui::Ui;
use egui_tiles::{Container, Tile, TileId, Tree};
use reelscope_store::{LogTime, StreamId};

use crate::command::Commands;
use crate::compare::{self, Compare};
use crate::session::Session;
use crate::settings::PixelText;
use crate::theme::Palette;
use crate::tile;
use crate::video_paint::VideoPaint;
use crate::view_id::ViewId;
use crate::zoom::Zoom;

use panes::Panes;
pub(crate) use title::title;

/// The tiles and what is remembered of each.
pub(crate) struct TileArea {
    tree: Tree<ViewId>,
    zooms: HashMap<ViewId, Zoom>,
    focused: Option<ViewId>,
    maximised: Option<ViewId>,
    /// The view that had the focus before.
    before: Option<ViewId>,
    compare: Option<Compare>,
    /// True while pictures of one size are zoomed together.
    linked: bool,
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

impl Scene<'_> {
    /// The time of a view's stream that is shown now.
    pub(crate) fn time_in(&self, view: ViewId) -> LogTime {
        self.session.time_in(view, self.time)
    }
}

impl Default for TileArea {
    fn default() -> Self {
        Self {
            tree: Tree::empty(egui::Id::unique("tiles")),
            zooms: HashMap::new(),
            focused: None,
            maximised: None,
            before: None,
            compare: None,
            linked: true,
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
        self.compare = self.compare.take().filter(|compare| !compare.has(view));
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
        let both = |compare: &Compare| is_shown(&compare.one) && is_shown(&compare.other);
        self.compare = self.compare.take().filter(both);
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
        if self.focused != Some(view) {
            self.before = self.focused;
        }
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

    /// What the view in focus is compared with if nobody says: the one that had the focus before, or
    /// another one on screen.
    pub(crate) fn counterpart(&self) -> Option<ViewId> {
        let one = self.focused?;
        let there: Vec<ViewId> = self.views().filter(|view| *view != one).collect();
        let before = self.before.filter(|view| there.contains(view));
        let on_screen = self.on_screen();
        let seen = on_screen.into_iter().find(|view| *view != one);
        before.or(seen).or(there.first().copied())
    }

    /// Zooms pictures of one size together, or each by itself.
    pub(crate) fn toggle_linked(&mut self) {
        self.linked = !self.linked;
    }

    /// True while pictures of one size are zoomed together.
    pub(crate) fn is_linked(&self) -> bool {
        self.linked
    }

    /// Gives all views of the same size of picture the zoom of one that was changed, if they are linked.
    pub(crate) fn zoomed(&mut self, session: &Session, changed: ViewId) {
        if !self.linked {
            return;
        }
        let (Some(size), Some(zoom)) = (
            session.picture_size(changed),
            self.zooms.get(&changed).copied(),
        ) else {
            return;
        };
        let alike: Vec<ViewId> = self
            .views()
            .filter(|view| session.picture_size(*view) == Some(size))
            .collect();
        for view in alike {
            self.zooms.insert(view, zoom);
        }
    }

    /// What is compared, if anything is.
    pub(crate) fn compare(&self) -> Option<&Compare> {
        self.compare.as_ref()
    }

    /// The same, to be changed.
    pub(crate) fn compare_mut(&mut self) -> Option<&mut Compare> {
        self.compare.as_mut()
    }

    /// Shows two views in one place.
    pub(crate) fn start_comparing(&mut self, compare: Compare) {
        self.compare = Some(compare);
    }

    /// Shows all tiles again.
    pub(crate) fn stop_comparing(&mut self) {
        self.compare = None;
    }

    /// Gives the focused tile the whole place, or gives it back.
    pub(crate) fn toggle_maximised(&mut self) {
        self.maximised = match self.maximised {
            Some(_) => None,
            None => self.focused,
        };
    }

    /// The zoom of a view's tile, to be looked at.
    pub(crate) fn zoom(&self, view: ViewId) -> Zoom {
        self.zooms.get(&view).copied().unwrap_or_default()
    }

    /// The zoom of a view's tile, to be changed.
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
        if let Some(compare) = &self.compare {
            return vec![compare.one, compare.other];
        }
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
        let before = self.zooms.clone();
        self.draw(ui, scene, commands);
        let changed = self
            .zooms
            .iter()
            .find(|(view, zoom)| before.get(view) != Some(zoom));
        if let Some(view) = changed.map(|(view, _)| *view) {
            self.zoomed(scene.session, view);
        }
    }

    fn draw(&mut self, ui: &mut Ui, scene: &mut Scene<'_>, commands: &mut Commands) {
        let focused = self.focused;
        let palette = Palette::of(ui.visuals());
        ui.painter()
            .rect_filled(ui.available_rect_before_wrap(), 0.0, palette.sunken);
        if let Some(compare) = &self.compare {
            let zoom = self.zooms.entry(compare.one).or_default();
            compare::ui(ui, scene, compare, zoom, commands);
            return;
        }
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
