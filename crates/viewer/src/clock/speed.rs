//! How fast time passes: speeds as a person chooses them, and what an axis counts.

use std::fmt;
use std::str::FromStr;

/// The fastest playback in either direction, in thousandths.
const FASTEST: i32 = 32_000;
/// The slowest.
const SLOWEST: i32 = 10;
/// Speeds that J and L go through.
pub(super) const SHUTTLE: [i32; 4] = [1_000, 2_000, 4_000, 8_000];
/// Speeds that Shift with J and L goes through.
pub(super) const SLOW_SHUTTLE: [i32; 2] = [500, 250];

/// Playback speed in thousandths of real time; negative plays backwards. Never zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Speed(i32);

impl Speed {
    /// Real time.
    pub const NORMAL: Self = Self(1_000);

    /// A speed in thousandths, brought into the range that is offered.
    pub fn from_thousandths(thousandths: i32) -> Self {
        let size = thousandths.saturating_abs().clamp(SLOWEST, FASTEST);
        Self(if thousandths < 0 { -size } else { size })
    }

    /// The speed in thousandths of real time.
    pub fn thousandths(self) -> i32 {
        self.0
    }

    /// True if time runs backwards.
    pub fn is_reverse(self) -> bool {
        self.0 < 0
    }

    /// As fast the other way.
    pub(super) fn reversed(self) -> Self {
        Self(-self.0)
    }

    /// A tenth faster.
    pub(super) fn faster(self) -> Self {
        Self::from_thousandths((self.0 * 11 + 5 * self.0.signum()) / 10)
    }

    /// A tenth slower: undoes [`Speed::faster`].
    pub(super) fn slower(self) -> Self {
        Self::from_thousandths((self.0 * 10 + 5 * self.0.signum()) / 11)
    }
}

impl fmt::Display for Speed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.is_reverse() { "−" } else { "" };
        let size = self.0.unsigned_abs();
        let (whole, hundredths) = (size / 1_000, size % 1_000 / 10);
        match hundredths {
            0 => write!(f, "{sign}{whole}×"),
            tenths if tenths % 10 == 0 => write!(f, "{sign}{whole}.{}×", tenths / 10),
            _ => write!(f, "{sign}{whole}.{hundredths:02}×"),
        }
    }
}

/// A text that is no speed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a speed: write 0.25, 2x or -1")]
pub struct SpeedError;

impl FromStr for Speed {
    type Err = SpeedError;

    /// Takes `0.25`, `2x`, `-1×` and, as some keyboards have it, `0,5`. Zero is none: that is a pause.
    fn from_str(text: &str) -> Result<Self, SpeedError> {
        let text = text.trim();
        let bare = text.strip_suffix(['x', 'X', '×']).unwrap_or(text).trim();
        let bare = bare.replace('−', "-").replace(',', ".");
        let times: f64 = bare.parse().map_err(|_| SpeedError)?;
        let thousandths = (times * 1_000.0).round();
        // Too large ones saturate, and are held below.
        let speed = (thousandths.is_finite() && thousandths != 0.0).then_some(thousandths as i32);
        speed.map(Self::from_thousandths).ok_or(SpeedError)
    }
}

/// How wall time becomes time on an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// The axis counts nanoseconds.
    Nanoseconds,
    /// The axis counts frames or steps: so many per second.
    Steps(u32),
}

impl Pace {
    /// Units of the axis per nanosecond, as numerator and denominator.
    pub(super) fn ratio(self) -> (i128, i128) {
        match self {
            Self::Nanoseconds => (1, 1),
            Self::Steps(per_second) => (i128::from(per_second.max(1)), 1_000_000_000),
        }
    }

    /// How far the axis goes in so many nanoseconds.
    pub(crate) fn units(self, nanos: i64) -> i64 {
        let (units, per) = self.ratio();
        let far = (i128::from(nanos) * units).div_euclid(per);
        i64::try_from(far).unwrap_or(if nanos < 0 { i64::MIN } else { i64::MAX })
    }
}
