//! What is told about a whole stream (bytes, how frames are spaced, how long GOPs are), found little by
//! little so that no repaint walks all samples.

mod gops;
mod spacing;

use reelscope_media::Track;

pub(crate) use gops::Gops;
pub(crate) use spacing::Spacing;

/// Samples that one call of [`Summary::advance`] looks at.
const STEP: usize = 20_000;

/// Facts about all samples of a track.
#[derive(Clone, Debug, Default)]
pub(crate) struct Summary {
    /// Shown samples that were looked at.
    seen: usize,
    /// Their bytes.
    bytes: u64,
    spacing: Spacing,
    gops: Gops,
}

impl Summary {
    /// Looks at some more samples. Returns true once all were looked at.
    pub(crate) fn advance(&mut self, track: &Track) -> bool {
        let shown = track.samples.shown();
        let rest = shown.get(self.seen..).unwrap_or_default();
        for id in rest.iter().take(STEP) {
            let Some(sample) = track.samples.get(*id) else {
                continue;
            };
            let bytes = sample.data.len() as u64;
            self.bytes = self.bytes.saturating_add(bytes);
            let nanos = track.nanos(sample.pts);
            self.spacing.add(sample.pts.0, nanos, bytes);
        }
        self.seen = self.seen.saturating_add(STEP).min(shown.len());
        let all_gops = self.gops.advance(track);
        self.seen == shown.len() && all_gops
    }

    /// Bytes of the samples looked at so far.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// How the frames looked at so far are spaced.
    pub(crate) fn spacing(&self) -> &Spacing {
        &self.spacing
    }

    /// The GOPs looked at so far.
    pub(crate) fn gops(&self) -> &Gops {
        &self.gops
    }
}

/// Mean frame rate of a track in thousandths of a hertz; `None` with fewer than two frames.
pub(crate) fn frame_rate_millihertz(track: &Track) -> Option<u64> {
    let shown = track.samples.shown();
    let pts = |id| track.samples.get(id).map(|sample| sample.pts);
    let (first, last) = (pts(*shown.first()?)?, pts(*shown.last()?)?);
    let ticks = u128::try_from(last.0.checked_sub(first.0)?).ok()?;
    let frames = (shown.len() as u128).checked_sub(1)?;
    let scale = u128::from(track.timescale.ticks_per_second());
    let rate = (frames * scale * 1_000 + ticks / 2).checked_div(ticks)?;
    u64::try_from(rate).ok().filter(|rate| *rate > 0)
}

/// A frame rate as people write it: `"25 fps"`, `"29.97 fps"`.
pub(crate) fn frame_rate_text(millihertz: u64) -> String {
    let hundredths = (millihertz + 5) / 10;
    let (whole, fraction) = (hundredths / 100, hundredths % 100);
    if fraction == 0 {
        format!("{whole} fps")
    } else if fraction % 10 == 0 {
        format!("{whole}.{} fps", fraction / 10)
    } else {
        format!("{whole}.{fraction:02} fps")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frame_rates_are_written_as_people_do() {
        assert_eq!(frame_rate_text(25_000), "25 fps");
        assert_eq!(frame_rate_text(29_970), "29.97 fps");
        assert_eq!(frame_rate_text(12_500), "12.5 fps");
        assert_eq!(frame_rate_text(59_940), "59.94 fps");
        assert_eq!(frame_rate_text(23_976), "23.98 fps");
    }
}
