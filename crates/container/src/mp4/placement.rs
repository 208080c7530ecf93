//! How a track's pictures are placed and coloured, as its boxes state it: matrices, pixel shape,
//! clean aperture, colour.

use re_mp4::{MvhdBox, TkhdBox};
use reelscope_media::{ColorInfo, Matrix, Orientation, Primaries, Range, Ratio, Transfer};

use super::boxes::{BoxBytes, Fields};

/// A transformation matrix as `tkhd` and `mvhd` hold it (ISO/IEC 14496-12 §6.2.2): rows of x, y and
/// w parts in 16.16, 16.16 and 2.30 fixed point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Transform([[i32; 3]; 3]);

impl Default for Transform {
    fn default() -> Self {
        Self([[1 << 16, 0, 0], [0, 1 << 16, 0], [0, 0, 1 << 30]])
    }
}

// re_mp4 does not export the name of its matrix type.
impl From<&TkhdBox> for Transform {
    fn from(tkhd: &TkhdBox) -> Self {
        let m = &tkhd.matrix;
        Self([[m.a, m.b, m.u], [m.c, m.d, m.v], [m.x, m.y, m.w]])
    }
}

impl From<&MvhdBox> for Transform {
    fn from(mvhd: &MvhdBox) -> Self {
        let m = &mvhd.matrix;
        Self([[m.a, m.b, m.u], [m.c, m.d, m.v], [m.x, m.y, m.w]])
    }
}

impl Transform {
    /// This one first, then `after`.
    pub(super) fn then(self, after: Self) -> Self {
        let cell = |row: [i32; 3], column: usize| {
            let parts = row.iter().zip(after.0).zip([16, 16, 30]);
            let sum: i64 = parts
                .map(|((a, b), fraction)| {
                    let b = b.get(column).copied().unwrap_or(0);
                    (i64::from(*a) * i64::from(b)) >> fraction
                })
                .sum();
            sum as i32
        };
        Self(self.0.map(|row| [cell(row, 0), cell(row, 1), cell(row, 2)]))
    }

    fn parts(self) -> [i64; 4] {
        let [[a, b, _], [c, d, _], _] = self.0;
        [a, b, c, d].map(i64::from)
    }

    /// The nearest upright orientation.
    pub(super) fn orientation(self) -> Orientation {
        let [a, b, c, d] = self.parts();
        let mirrored = a * d - b * c < 0;
        // Where the picture's left-to-right direction goes, before mirroring.
        let (x, y) = if mirrored { (-a, -b) } else { (a, b) };
        let quarter_turns = match (x.abs() >= y.abs(), x >= 0, y >= 0) {
            (true, true, _) => 0,
            (false, _, true) => 1,
            (true, false, _) => 2,
            (false, _, false) => 3,
        };
        Orientation {
            quarter_turns,
            mirrored,
        }
    }

    /// Shape of a pixel that this stretches, if it is off from square by more than a hundredth.
    /// Taken as FFmpeg does: one length per column.
    fn pixel_aspect(self) -> Option<Ratio> {
        let [a, b, c, d] = self.parts().map(|part| part as f64);
        let (x, y) = (a.hypot(c), b.hypot(d));
        let sane = 1.0..f64::from(1 << 24);
        let stretched = sane.contains(&x) && sane.contains(&y) && (x / y - 1.0).abs() > 0.01;
        if stretched {
            Ratio::new(x.round() as u32, y.round() as u32)
        } else {
            None
        }
    }
}

/// The shape of a pixel, from the most to the least direct statement: `pasp`, a stretching matrix,
/// a track shown at another size than it is coded in.
pub(super) fn pixel_aspect(
    pasp: Option<Ratio>,
    transform: Transform,
    tkhd: Option<&TkhdBox>,
    coded: (u16, u16),
) -> Option<Ratio> {
    let (width, height) = tkhd.map_or((0, 0), |tkhd| (tkhd.width.value(), tkhd.height.value()));
    let sized = width > 0 && height > 0;
    let stretched = if sized {
        transform.pixel_aspect()
    } else {
        None
    };
    let scaled = || {
        let (coded_width, coded_height) = (u32::from(coded.0), u32::from(coded.1));
        let (wide, high) = (
            coded_height * u32::from(width),
            coded_width * u32::from(height),
        );
        if wide == high {
            None
        } else {
            Ratio::new(wide, high)
        }
    };
    pasp.or(stretched).or_else(scaled)
}

/// The ratio in a `pasp` box (§12.1.4).
pub(super) fn pasp(pasp: BoxBytes<'_>) -> Option<Ratio> {
    let mut fields = Fields(pasp.payload);
    Ratio::new(fields.u32()?, fields.u32()?)
}

/// The rectangle of a `clap` box (§12.1.4) in a picture of this size, as `[x, y, width, height]`;
/// `None` if it does not lie in it.
pub(super) fn clean_aperture(clap: BoxBytes<'_>, (width, height): (u16, u16)) -> Option<[u32; 4]> {
    let mut fields = Fields(clap.payload);
    let mut fraction = || {
        let (num, den) = (i64::from(fields.i32()?), i64::from(fields.i32()?));
        (den > 0).then_some((num, den))
    };
    let (clean_width, clean_height) = (fraction()?, fraction()?);
    let (right, down) = (fraction()?, fraction()?);
    // The aperture's centre is `offset` away from the picture's.
    let span = |full: u16, (num, den): (i64, i64), (offset, part): (i64, i64)| {
        let full = i128::from(full);
        let (num, den) = (i128::from(num), i128::from(den));
        let (offset, part) = (i128::from(offset), i128::from(part));
        let len = (2 * num + den).div_euclid(2 * den);
        let twice = (full * den - num) * part + 2 * offset * den;
        let start = (twice + den * part).div_euclid(2 * den * part);
        let inside = start >= 0 && len > 0 && start + len <= full;
        inside.then_some((u32::try_from(start).ok()?, u32::try_from(len).ok()?))
    };
    let (x, w) = span(width, clean_width, right)?;
    let (y, h) = span(height, clean_height, down)?;
    Some([x, y, w, h])
}

/// What a `colr` box (§12.1.5) says of colour; `None` for profiles and unknown kinds.
pub(super) fn color(colr: BoxBytes<'_>) -> Option<ColorInfo> {
    let mut fields = Fields(colr.payload);
    let kind = fields.kind()?;
    if !matches!(&kind, b"nclx" | b"nclc") {
        return None;
    }
    // Numbers that do not fit a byte are not code points.
    let mut code = || fields.u16().map(|code| u8::try_from(code).unwrap_or(2));
    let (primaries, transfer, matrix) = (code()?, code()?, code()?);
    let range = match (&kind, fields.u8()) {
        (b"nclx", Some(flags)) if flags & 0x80 != 0 => Range::Full,
        (b"nclx", Some(_)) => Range::Limited,
        _ => Range::Unspecified,
    };
    Some(ColorInfo {
        range,
        matrix: Matrix(matrix),
        primaries: Primaries(primaries),
        transfer: Transfer(transfer),
        ..ColorInfo::default()
    })
}

/// True if a `colr` box holds an ICC profile.
pub(super) fn is_profile(colr: BoxBytes<'_>) -> bool {
    matches!(
        Fields(colr.payload).kind().as_ref(),
        Some(b"prof" | b"rICC")
    )
}

/// What a `vpcC` box says of colour (VP Codec ISO Media File Format Binding). Its range is left to the
/// key frames, which all state it.
pub(super) fn vpx_color(vpcc: &[u8]) -> Option<ColorInfo> {
    // Version, flags, profile, level, format.
    let [_, _, _, _, _, _, _, primaries, transfer, matrix, ..] = vpcc else {
        return None;
    };
    Some(ColorInfo {
        matrix: Matrix(*matrix),
        primaries: Primaries(*primaries),
        transfer: Transfer(*transfer),
        ..ColorInfo::default()
    })
}
