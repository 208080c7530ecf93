//! Transfer curves between coded values and light: ITU-T H.273 §8.2 (Table 3), and those of displays.

use reelscope_media::Transfer;

/// A curve between a coded value (black 0, white 1) and light. What lies beyond black and white goes
/// on: curves of signed values are odd, others stop at zero light. The shader has the same ones, by
/// the same numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Curve {
    /// Light as it is.
    Linear,
    /// What cameras for BT.709, BT.601 and BT.2020 do.
    Camera,
    /// Cameras of SMPTE ST 240.
    Camera240,
    /// What displays for them do: ITU-R BT.1886 with a black of no light, a power of 2.4.
    Bt1886,
    /// A power of 2.2.
    Gamma22,
    /// A power of 2.8.
    Gamma28,
    /// IEC 61966-2-1.
    Srgb,
    /// SMPTE ST 428-1, a power of 2.6; white is 48 of 52.37 cd/m².
    Cinema,
    /// Two decades below white; zero is black.
    Log,
    /// Two and a half decades below white; zero is black.
    LogSqrt,
    /// SMPTE ST 2084; light 1 is 10000 cd/m².
    Pq,
    /// ITU-R BT.2100 hybrid log-gamma, light of the scene.
    Hlg,
}

/// α and β of ITU-R BT.2020 Table 4, which those of BT.709 are rounded from.
const CAMERA: [f64; 2] = [1.099_296_826_809_442, 0.018_053_968_510_807];
/// The same of SMPTE ST 240, from the condition that the two parts meet smoothly.
const CAMERA_240: [f64; 2] = [1.111_572_195_921_731, 0.022_821_585_529_445];
/// a, b, c of ITU-R BT.2100 Table 5.
const HLG: [f64; 3] = [0.178_832_77, 0.284_668_92, 0.559_910_73];
/// m1, m2, c1, c2, c3 of SMPTE ST 2084.
const PQ: [f64; 5] = [
    2610.0 / 16384.0,
    2523.0 / 32.0,
    3424.0 / 4096.0,
    2413.0 / 128.0,
    2392.0 / 128.0,
];

impl Curve {
    /// The function of H.273 Table 3: what the camera, or whoever made the picture, did.
    pub(crate) fn coded(transfer: Transfer) -> Self {
        match transfer {
            Transfer::SMPTE240M => Self::Camera240,
            _ => match Self::light(transfer) {
                Self::Bt1886 => Self::Camera,
                own => own,
            },
        }
    }

    /// The light that a display made for such pictures gives off.
    pub(crate) fn light(transfer: Transfer) -> Self {
        match transfer {
            Transfer::GAMMA22 => Self::Gamma22,
            Transfer::GAMMA28 => Self::Gamma28,
            Transfer::LINEAR => Self::Linear,
            Transfer::LOG => Self::Log,
            Transfer::LOG_SQRT => Self::LogSqrt,
            Transfer::SRGB => Self::Srgb,
            Transfer::SMPTE428 => Self::Cinema,
            Transfer::PQ => Self::Pq,
            Transfer::HLG => Self::Hlg,
            _ => Self::Bt1886,
        }
    }

    /// Light from a coded value.
    pub(crate) fn to_linear(self, value: f64) -> f64 {
        let odd = |light: &dyn Fn(f64) -> f64| light(value.abs()).copysign(value);
        match self {
            Self::Linear => value,
            Self::Camera => odd(&|v| camera_to_linear(v, CAMERA, 4.5)),
            Self::Camera240 => odd(&|v| camera_to_linear(v, CAMERA_240, 4.0)),
            Self::Bt1886 => odd(&|v| v.powf(2.4)),
            Self::Gamma22 => odd(&|v| v.powf(2.2)),
            Self::Gamma28 => odd(&|v| v.powf(2.8)),
            Self::Srgb => odd(&|v| {
                if v <= 0.04045 {
                    v / 12.92
                } else {
                    ((v + 0.055) / 1.055).powf(2.4)
                }
            }),
            Self::Cinema => odd(&|v| v.powf(2.6) * 52.37 / 48.0),
            Self::Log => log_to_linear(value, 2.0),
            Self::LogSqrt => log_to_linear(value, 2.5),
            Self::Pq => {
                let [m1, m2, c1, c2, c3] = PQ;
                let power = value.clamp(0.0, 1.0).powf(1.0 / m2);
                ((power - c1).max(0.0) / (c2 - c3 * power)).powf(1.0 / m1)
            }
            Self::Hlg => odd(&|v| {
                let [a, b, c] = HLG;
                if v <= 0.5 {
                    v * v / 3.0
                } else {
                    (((v - c) / a).exp() + b) / 12.0
                }
            }),
        }
    }

    /// The coded value of light.
    pub(crate) fn to_coded(self, light: f64) -> f64 {
        let odd = |value: &dyn Fn(f64) -> f64| value(light.abs()).copysign(light);
        match self {
            Self::Linear => light,
            Self::Camera => odd(&|l| camera_to_coded(l, CAMERA, 4.5)),
            Self::Camera240 => odd(&|l| camera_to_coded(l, CAMERA_240, 4.0)),
            Self::Bt1886 => odd(&|l| l.powf(1.0 / 2.4)),
            Self::Gamma22 => odd(&|l| l.powf(1.0 / 2.2)),
            Self::Gamma28 => odd(&|l| l.powf(1.0 / 2.8)),
            Self::Srgb => odd(&|l| {
                if l <= 0.003_130_8 {
                    l * 12.92
                } else {
                    1.055 * l.powf(1.0 / 2.4) - 0.055
                }
            }),
            Self::Cinema => odd(&|l| (l * 48.0 / 52.37).powf(1.0 / 2.6)),
            Self::Log => log_to_coded(light, 2.0),
            Self::LogSqrt => log_to_coded(light, 2.5),
            Self::Pq => {
                let [m1, m2, c1, c2, c3] = PQ;
                let power = light.max(0.0).powf(m1);
                ((c1 + c2 * power) / (1.0 + c3 * power)).powf(m2)
            }
            Self::Hlg => odd(&|l| {
                let [a, b, c] = HLG;
                if l <= 1.0 / 12.0 {
                    (3.0 * l).sqrt()
                } else {
                    a * (12.0 * l - b).ln() + c
                }
            }),
        }
    }
}

fn camera_to_linear(value: f64, [alpha, beta]: [f64; 2], slope: f64) -> f64 {
    if value < slope * beta {
        value / slope
    } else {
        ((value + alpha - 1.0) / alpha).powf(1.0 / 0.45)
    }
}

fn camera_to_coded(light: f64, [alpha, beta]: [f64; 2], slope: f64) -> f64 {
    if light < beta {
        light * slope
    } else {
        alpha * light.powf(0.45) - alpha + 1.0
    }
}

fn log_to_linear(value: f64, decades: f64) -> f64 {
    if value <= 0.0 {
        0.0
    } else {
        10f64.powf(decades * (value - 1.0))
    }
}

fn log_to_coded(light: f64, decades: f64) -> f64 {
    if light <= 10f64.powf(-decades) {
        0.0
    } else {
        1.0 + light.log10() / decades
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Curve; 12] = [
        Curve::Linear,
        Curve::Camera,
        Curve::Camera240,
        Curve::Bt1886,
        Curve::Gamma22,
        Curve::Gamma28,
        Curve::Srgb,
        Curve::Cinema,
        Curve::Log,
        Curve::LogSqrt,
        Curve::Pq,
        Curve::Hlg,
    ];

    #[test]
    fn every_curve_finds_its_way_back() {
        for curve in ALL {
            for step in 1..=100 {
                let value = f64::from(step) / 100.0;
                let back = curve.to_coded(curve.to_linear(value));
                assert!((back - value).abs() < 1e-7, "{curve:?}: {value} to {back}");
            }
        }
    }

    #[test]
    fn reference_levels_are_those_that_the_recommendations_print() {
        // BT.2408 Table 1: HDR reference white is 203 cd/m² at 58 % PQ and 75 % HLG; BT.2390: 75 %
        // PQ is 1000 cd/m² but for rounding.
        for (luminance, value) in [(203.0, 0.5807), (1000.0, 0.7518), (10_000.0, 1.0)] {
            let is = Curve::Pq.to_coded(luminance / 10_000.0);
            assert!((is - value).abs() < 1e-4, "{luminance} cd/m² is {is}");
        }
        assert!((Curve::Hlg.to_linear(0.5) - 1.0 / 12.0).abs() < 1e-9);
        assert!((Curve::Hlg.to_linear(1.0) - 1.0).abs() < 1e-6);
    }
}
