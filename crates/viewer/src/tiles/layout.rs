//! The tree of tiles as a session file has it, and back.

use egui_tiles::{Container, Grid, GridLayout, Linear, LinearDir, Tabs, Tile, TileId, Tiles, Tree};

use super::TileArea;
use crate::reel::Layout;
use crate::view_id::ViewId;

/// Shares are written with so many parts of one.
const PARTS: f64 = 1_000.0;

impl TileArea {
    /// How the views lie side by side, each by the name that `name` gives; those without one are left
    /// out.
    pub(crate) fn layout(&self, name: &impl Fn(ViewId) -> Option<String>) -> Option<Layout> {
        part(&self.tree.tiles, self.tree.root?, name)
    }

    /// Lays the views out. Those that the layout does not have come beside it.
    pub(crate) fn set_layout(&mut self, layout: &Layout, find: &impl Fn(&str) -> Option<ViewId>) {
        let mut left: Vec<ViewId> = self.views().collect();
        left.sort();
        let mut tiles = Tiles::default();
        let root = insert(&mut tiles, layout, &mut |name| {
            let view = find(name)?;
            let at = left.iter().position(|other| *other == view)?;
            Some(left.remove(at))
        });
        let beside: Vec<TileId> = left.iter().map(|view| tiles.insert_pane(*view)).collect();
        let root = match (root, beside.is_empty()) {
            (root, true) => root,
            (None, false) => Some(tiles.insert_grid_tile(beside)),
            (Some(root), false) => {
                let all = std::iter::once(root).chain(beside).collect();
                Some(tiles.insert_grid_tile(all))
            }
        };
        let id = self.tree.id();
        self.tree = match root {
            Some(root) => Tree::new(id, root, tiles),
            None => Tree::empty(id),
        };
        self.maximised = None;
    }
}

/// A part of the tree; `None` if no view with a name is in it.
fn part(
    tiles: &Tiles<ViewId>,
    id: TileId,
    name: &impl Fn(ViewId) -> Option<String>,
) -> Option<Layout> {
    let parts = |children: &[TileId]| -> Vec<(TileId, Layout)> {
        let part = |child: &TileId| Some((*child, part(tiles, *child, name)?));
        children.iter().filter_map(part).collect()
    };
    let only = |parts: Vec<(TileId, Layout)>| parts.into_iter().map(|(_, it)| it).collect();
    let layout = match tiles.get(id)? {
        Tile::Pane(view) => return name(*view).map(Layout::View),
        Tile::Container(Container::Tabs(tabs)) => {
            let parts = parts(&tabs.children);
            let front = parts.iter().position(|(id, _)| Some(*id) == tabs.active);
            Layout::Tabs {
                front: front.unwrap_or(0),
                tiles: only(parts),
            }
        }
        Tile::Container(Container::Linear(linear)) => {
            let parts = parts(&linear.children);
            let shares = parts.iter().map(|(id, _)| {
                let mut known = linear.shares.iter();
                let found = known.find(|(other, _)| *other == id);
                found.map_or(1.0, |(_, share)| *share)
            });
            let (shares, tiles) = (written(shares), only(parts));
            match linear.dir {
                LinearDir::Horizontal => Layout::Row { shares, tiles },
                LinearDir::Vertical => Layout::Column { shares, tiles },
            }
        }
        Tile::Container(Container::Grid(grid)) => {
            let children: Vec<TileId> = grid.children().copied().collect();
            Layout::Grid {
                columns: match grid.layout {
                    GridLayout::Auto => None,
                    GridLayout::Columns(columns) => Some(columns),
                },
                widths: written(grid.col_shares.iter().copied()),
                heights: written(grid.row_shares.iter().copied()),
                tiles: only(parts(&children)),
            }
        }
    };
    simple(layout)
}

/// Without containers that hold nothing, or one thing alone.
fn simple(layout: Layout) -> Option<Layout> {
    let (Layout::Tabs { tiles, .. }
    | Layout::Row { tiles, .. }
    | Layout::Column { tiles, .. }
    | Layout::Grid { tiles, .. }) = &layout
    else {
        return Some(layout);
    };
    match tiles.as_slice() {
        [] => None,
        [only] => Some(only.clone()),
        _ => Some(layout),
    }
}

/// Shares as they are written: nothing if they are all alike.
fn written(shares: impl Iterator<Item = f32>) -> Vec<f64> {
    let shares: Vec<f64> = shares
        .map(|share| (f64::from(share) * PARTS).round() / PARTS)
        .collect();
    let alike = shares.windows(2).all(|two| two.first() == two.last());
    if alike { Vec::new() } else { shares }
}

/// Shares that were read, as far as they make sense.
fn read(shares: &[f64]) -> Vec<f32> {
    let share = |share: &f64| {
        if (0.001..=1_000.0).contains(share) {
            *share as f32
        } else {
            1.0
        }
    };
    shares.iter().map(share).collect()
}

/// Makes tiles of a layout; `None` if no view of it is there.
fn insert(
    tiles: &mut Tiles<ViewId>,
    layout: &Layout,
    take: &mut impl FnMut(&str) -> Option<ViewId>,
) -> Option<TileId> {
    let parts = match layout {
        Layout::View(name) => return take(name).map(|view| tiles.insert_pane(view)),
        Layout::Tabs { tiles, .. }
        | Layout::Row { tiles, .. }
        | Layout::Column { tiles, .. }
        | Layout::Grid { tiles, .. } => tiles,
    };
    let children: Vec<Option<TileId>> =
        parts.iter().map(|part| insert(tiles, part, take)).collect();
    let there: Vec<TileId> = children.iter().copied().flatten().collect();
    if there.is_empty() {
        return None;
    }
    let linear = |dir, shares: &[f64]| {
        let mut linear = Linear::new(dir, there.clone());
        for (child, share) in children.iter().zip(read(shares)) {
            if let Some(child) = child {
                linear.shares.set_share(*child, share);
            }
        }
        Container::Linear(linear)
    };
    let container = match layout {
        Layout::Row { shares, .. } => linear(LinearDir::Horizontal, shares),
        Layout::Column { shares, .. } => linear(LinearDir::Vertical, shares),
        Layout::Grid {
            columns,
            widths,
            heights,
            ..
        } => {
            let mut grid = Grid::new(there);
            grid.layout = match columns {
                Some(columns) => GridLayout::Columns((*columns).clamp(1, parts.len())),
                None => GridLayout::Auto,
            };
            grid.col_shares = read(widths);
            grid.row_shares = read(heights);
            Container::Grid(grid)
        }
        Layout::View(_) | Layout::Tabs { .. } => {
            let mut tabs = Tabs::new(there.clone());
            if let Layout::Tabs { front, .. } = layout {
                let front = children.get(*front).copied().flatten();
                tabs.active = front.or(there.first().copied());
            }
            Container::Tabs(tabs)
        }
    };
    Some(tiles.insert_container(container))
}

#[cfg(test)]
mod tests {
    use reelscope_store::StreamId;

    use super::*;

    fn area() -> TileArea {
        let mut area = TileArea::default();
        for number in 1..=4 {
            area.add(StreamId(number).into());
        }
        area
    }

    fn name(view: ViewId) -> Option<String> {
        Some(view.stream.0.to_string())
    }

    fn find(name: &str) -> Option<ViewId> {
        Some(StreamId(name.parse().ok()?).into())
    }

    fn view(number: u64) -> Layout {
        Layout::View(number.to_string())
    }

    #[test]
    fn a_layout_is_found_again() {
        let layouts = [
            Layout::Row {
                shares: vec![1.0, 2.5],
                tiles: vec![
                    Layout::Column {
                        shares: Vec::new(),
                        tiles: vec![view(1), view(2)],
                    },
                    Layout::Tabs {
                        front: 1,
                        tiles: vec![view(4), view(3)],
                    },
                ],
            },
            Layout::Grid {
                columns: Some(3),
                widths: vec![1.0, 2.0, 1.0],
                heights: Vec::new(),
                tiles: vec![view(3), view(1), view(2), view(4)],
            },
        ];
        for layout in layouts {
            let mut area = area();
            area.set_layout(&layout, &find);
            assert_eq!(area.layout(&name), Some(layout));
        }
    }

    #[test]
    fn what_a_layout_lacks_stands_beside_it_and_what_is_not_there_is_left_out() {
        let mut area = area();
        let layout = Layout::Row {
            shares: vec![f64::NAN, -1.0, 1e300],
            tiles: vec![view(1), view(9), view(1), view(2)],
        };
        area.set_layout(&layout, &find);
        let Some(Layout::Grid { tiles, .. }) = area.layout(&name) else {
            panic!("the others stand beside it");
        };
        let row = Layout::Row {
            shares: Vec::new(),
            tiles: vec![view(1), view(2)],
        };
        assert_eq!(tiles, [row, view(3), view(4)]);
        area.set_layout(&view(9), &find);
        assert_eq!(area.on_screen().len(), 4);
    }
}
