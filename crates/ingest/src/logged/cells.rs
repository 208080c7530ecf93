//! A column of the wire as the store's cells.

use reelscope_store::{Cells, Presence};
use reelscope_wire as wire;

pub(super) struct WireCells(pub(super) wire::Column);

impl Cells for WireCells {
    fn presence(&self, row: usize) -> Presence {
        match self.0.presence(row) {
            wire::Presence::Null => Presence::Null,
            wire::Presence::Empty => Presence::Empty,
            wire::Presence::Values(count) => Presence::Values(count),
        }
    }

    fn number(&self, row: usize) -> Option<f64> {
        let column = &self.0;
        column
            .f64(row)
            .or_else(|| column.f32(row).map(f64::from))
            .or_else(|| column.i64(row).map(|value| value as f64))
            .or_else(|| column.u64(row).map(|value| value as f64))
            .or_else(|| column.u32(row).map(f64::from))
            .or_else(|| column.u8(row).map(f64::from))
            .or_else(|| column.bool(row).map(|value| f64::from(u8::from(value))))
    }

    fn text(&self, row: usize) -> Option<String> {
        self.0.text(row).map(str::to_owned)
    }
}
