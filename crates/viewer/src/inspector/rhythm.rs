//! What the inspector says of a stream's GOPs and of how its frames are spaced in time.

use egui::{Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use reelscope_store::TimelineKind;

use super::facts::{bit_rate_text, kind};
use super::{Row, Section, Subject};
use crate::theme::{MARGIN, Palette};
use crate::timecode::grouped;

/// The section that has a chart of distances.
pub(super) const TIMING: &str = "Frame times";
/// Height of the chart.
const CHART: f32 = 36.0;
/// Bars of the chart.
const BARS: usize = 48;

/// Everything, as sections.
pub(super) fn sections(subject: &Subject<'_>) -> Vec<Section> {
    let mut sections = Vec::new();
    if kind(subject) != TimelineKind::Sequence {
        sections.extend(timing(subject));
    }
    sections.extend(gops(subject));
    sections
}

fn timing(subject: &Subject<'_>) -> Option<Section> {
    let track = subject.stream.track;
    let spacing = subject.view.summary.spacing();
    let gaps = spacing.gaps()?;
    let nanos = gaps.map(|gap| track.timescale.to_nanos(gap));
    let millis = nanos.map(millis_text);
    let [least, median, most] = &millis;
    let mut rows = vec![
        if spacing.is_variable() {
            Row::new(
                "Spacing",
                "variable",
                "Distances between frames differ: the rate is variable (VFR)",
            )
        } else {
            Row::new(
                "Spacing",
                "constant",
                "All frames are equally far apart, but for the rounding to ticks",
            )
        },
        Row::new(
            "Least",
            format!("{least} ms"),
            "The shortest distance between two frames, in milliseconds",
        ),
        Row::new(
            "Median",
            format!("{median} ms"),
            "Half of the distances between frames are as long or shorter",
        ),
        Row::new(
            "Greatest",
            format!("{most} ms"),
            "The longest distance between two frames, in milliseconds",
        ),
    ];
    for (row, nanos) in rows.iter_mut().skip(1).zip(nanos) {
        row.raw = Some(format!("{nanos} ns"));
    }
    if let Some(peak) = spacing.peak() {
        rows.push(
            Row::new(
                "Peak rate",
                bit_rate_text(peak, 1_000_000_000),
                "Bit rate in the largest whole second of the timeline",
            )
            .raw((peak.saturating_mul(8)).to_string()),
        );
    }
    Some(Section {
        title: TIMING,
        rows,
    })
}

/// Milliseconds with as many digits as tell frames apart.
fn millis_text(nanos: i64) -> String {
    let micros = (nanos + 500).div_euclid(1_000);
    let text = format!(
        "{}.{:03}",
        grouped(micros / 1_000),
        micros.rem_euclid(1_000)
    );
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn gops(subject: &Subject<'_>) -> Option<Section> {
    let track = subject.stream.track;
    let gops = subject.view.summary.gops();
    let mut rows = Vec::new();
    let samples = |count: usize| grouped(i64::try_from(count).unwrap_or(i64::MAX));
    if let Some(([least, median, most], count)) = gops.lengths() {
        let text = if least == most {
            format!("{} samples each", samples(least))
        } else {
            format!("{} to {}", samples(least), samples(most))
        };
        let mut length = Row::new(
            "GOP length",
            text,
            "Samples from a keyframe to the one before the next; the last GOP, which may go on, is \
             left out",
        );
        length.note = Some("samples");
        if least == most {
            length.note = None;
        }
        rows.push(length);
        rows.push(Row::new(
            "Median",
            format!("{} samples", samples(median)),
            "Half of the GOPs are as long or shorter",
        ));
        rows.push(Row::new("Counted", gops_text(count), "GOPs that are over"));
    }
    if gops.open() > 0 {
        rows.push(
            Row::new(
                "Open",
                gops_text(gops.open()),
                "Open GOPs: frames shown before the keyframe may refer to the GOP before, so that a \
                 cut there loses them",
            )
            .alert(true),
        );
    }
    if let Some(long) = gops.long(track) {
        rows.push(
            Row::new(
                "No keyframe",
                format!("for {:.1} s", long as f64 / 1e9),
                "The longest time without a keyframe. To show a frame at its end, all before it are \
                 decoded.",
            )
            .alert(true),
        );
    }
    if let Some(depth) = track.facts.reorder_depth {
        rows.push(Row::new(
            "B-depth",
            format!("{depth} frames"),
            "Frames that a decoder holds back at most to put them into presentation order, as the \
             bitstream states",
        ));
    }
    (!rows.is_empty()).then_some(Section {
        title: "GOPs",
        rows,
    })
}

fn gops_text(count: u64) -> String {
    let plural = if count == 1 { "" } else { "s" };
    let count = grouped(i64::try_from(count).unwrap_or(i64::MAX));
    format!("{count} GOP{plural}")
}

/// How often each distance between frames occurs, as bars from the shortest to the longest.
pub(super) fn chart(ui: &mut Ui, subject: &Subject<'_>) {
    let spacing = subject.view.summary.spacing();
    let Some([least, _, most]) = spacing.gaps().filter(|_| spacing.is_variable()) else {
        return;
    };
    let palette = Palette::of(ui.visuals());
    let mut bars = [0_u64; BARS];
    let span = (most - least).max(1) as f64;
    for (gap, count) in spacing.distribution() {
        let place = ((gap - least) as f64 / span * (BARS as f64 - 1.0)).round() as usize;
        if let Some(bar) = bars.get_mut(place) {
            *bar += count;
        }
    }
    let highest = bars.iter().copied().max().unwrap_or(0).max(1) as f32;
    ui.add_space(4.0);
    let size = vec2(ui.available_width(), CHART);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let label = "Distances between frames, from the shortest to the longest";
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, label));
    response.on_hover_text(label);
    let rect = rect.shrink2(vec2(f32::from(MARGIN), 0.0));
    ui.painter()
        .hline(rect.x_range(), rect.bottom(), (1.0, palette.line));
    let width = rect.width() / BARS as f32;
    for (place, count) in bars.iter().enumerate().filter(|(_, count)| **count > 0) {
        let left = rect.left() + place as f32 * width;
        // By logarithm: a single long distance is seen beside thousands of short ones.
        let share = (*count as f32).ln_1p() / highest.ln_1p();
        let top = rect.bottom() - (share * (CHART - 2.0)).max(2.0);
        let bar = Rect::from_min_max(
            pos2(left + 0.5, top),
            pos2(left + width - 0.5, rect.bottom()),
        );
        ui.painter().rect_filled(bar, 1.0, palette.accent);
    }
    ui.add_space(4.0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_have_the_digits_that_they_need() {
        let texts = [40_000_000, 33_366_700, 500, 1_234_000_000].map(millis_text);
        assert_eq!(texts, ["40", "33.367", "0.001", "1 234"]);
    }
}
