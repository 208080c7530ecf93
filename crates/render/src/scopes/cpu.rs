//! Measuring without a GPU, in double precision, pixel by pixel.

use reelscope_media::{ColorInfo, Frame};

use super::meter::Meter;
use super::{Basis, CHANNELS, COUNTS, PLANE, SCOPE_LEVELS, ScopeArea, Scopes, VECTORS, WAVEFORMS};
use crate::color::{apply, resolved_color};
use crate::probe::signal;
use crate::{Look, probe};

/// Pixels that are counted at most.
const MOST: u64 = 1 << 16;

/// Measures a part of a frame as [`Renderer::measure`](crate::Renderer::measure) does, for where
/// there is no GPU that computes. Takes up to a second: not for a thread with a window. `None` if
/// the region has no pixels.
pub fn measure_frame(
    frame: &Frame,
    stated: ColorInfo,
    look: &Look,
    area: &ScopeArea,
) -> Option<Scopes> {
    let size = (frame.width(), frame.height());
    let color = resolved_color(stated, frame.format(), size.0, size.1);
    let about = (frame.format(), size, color);
    let meter = Meter::new(about, frame.value_range, look, area, MOST)?;
    let mut counts = vec![0; COUNTS];
    let [columns, rows] = meter.counted();
    let [left, top, _, _] = meter.region;
    for row in 0..rows {
        for column in 0..columns {
            let (x, y) = (left + column * meter.step, top + row * meter.step);
            let rgb = match meter.basis {
                Basis::Signal => signal(frame, stated, &meter.look, x, y),
                Basis::Displayed => {
                    probe(frame, stated, &meter.look, x, y).map(|values| values.rgb.map(f64::from))
                }
            };
            if let Some(rgb) = rgb {
                count(&mut counts, &meter, [column, row], rgb);
            }
        }
    }
    Some(Scopes::new(&meter, counts))
}

fn count(counts: &mut [u32], meter: &Meter, place: [u32; 2], rgb: [f64; 3]) {
    let [red, green, blue] = rgb;
    let [luma, cb, cr] = apply(meter.components(), rgb);
    let mut add = |index: usize| {
        if let Some(count) = counts.get_mut(index) {
            *count += 1;
        }
    };
    let column = meter.column(place);
    let channels: [f64; CHANNELS] = [red, green, blue, luma];
    for (channel, value) in channels.into_iter().enumerate() {
        let level = meter.level(value);
        add(channel * SCOPE_LEVELS + level);
        add(WAVEFORMS + channel * PLANE + column * SCOPE_LEVELS + level);
    }
    add(VECTORS + meter.chroma_level(cr) * SCOPE_LEVELS + meter.chroma_level(cb));
}
