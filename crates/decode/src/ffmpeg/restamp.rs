//! Times that survive FFmpeg's muxer, which insists that they rise. Frames whose times do not (a file
//! may contradict its own bitstream) get a rising time that still tells which one they had.

/// Ticks of the output to a second. A token is a whole number of seconds; what is between two
/// seconds is free for frames that come too late.
pub(super) const TICKS: u64 = 1 << 16;

/// The filters that give frames their times on the way out.
///
/// A frame whose time has passed goes one tick behind the frame before it, and one more for each
/// second that it comes too late.
pub(super) fn filter() -> String {
    let rises = "isnan(PREV_OUTPTS)+gt(PTS\\,PREV_OUTPTS)";
    let behind = format!("PREV_OUTPTS+1+floor(PREV_OUTPTS/{TICKS})-floor(PTS/{TICKS})");
    format!("settb=1/{TICKS},setpts=if({rises}\\,PTS\\,{behind})")
}

/// Reads the times that [`filter`] writes.
#[derive(Debug, Default)]
pub(super) struct Restamped {
    last: Option<u64>,
}

impl Restamped {
    /// The token of the next frame, from its time in ticks. Not always one that was given: FFmpeg
    /// may have changed the time.
    pub(super) fn token(&mut self, ticks: u64) -> Option<u64> {
        let last = self.last.replace(ticks);
        if ticks.is_multiple_of(TICKS) {
            return Some(ticks / TICKS);
        }
        let last = last?;
        let late = ticks.checked_sub(last)?.checked_sub(1)?;
        (last / TICKS).checked_sub(late)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_that_come_too_late_are_still_named() {
        let mut restamped = Restamped::default();
        let mut last: Option<u64> = None;
        for token in [800, 824, 816, 832, 808, 840, 841] {
            let pts = token * TICKS;
            // What the filter's expression gives.
            let out = match last {
                Some(last) if pts <= last => last + 1 + last / TICKS - pts / TICKS,
                _ => pts,
            };
            assert!(last < Some(out));
            assert_eq!(restamped.token(out), Some(token));
            last = Some(out);
        }
    }

    #[test]
    fn a_time_that_fell_back_names_nothing() {
        let mut restamped = Restamped::default();
        assert_eq!(restamped.token(5), None);
        restamped.token(10 * TICKS);
        assert_eq!(restamped.token(9 * TICKS + 3), None);
        restamped.token(10 * TICKS);
        assert_eq!(restamped.token(10 * TICKS + 1_000), None);
    }
}
