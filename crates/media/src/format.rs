//! Pixel formats: how the planes of a frame are laid out in memory, with FFmpeg's names for them.

/// Chroma subsampling of a Y'CbCr picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Chroma {
    /// 4:0:0, luma alone.
    Mono,
    /// 4:2:0, half width and half height.
    Yuv420,
    /// 4:2:2, half width.
    Yuv422,
    /// 4:4:0, half height.
    Yuv440,
    /// 4:1:1, a quarter of the width.
    Yuv411,
    /// 4:4:4, full size.
    Yuv444,
}

impl Chroma {
    /// log2 of the horizontal and vertical subsampling.
    pub const fn shifts(self) -> (u32, u32) {
        match self {
            Self::Mono | Self::Yuv444 => (0, 0),
            Self::Yuv420 => (1, 1),
            Self::Yuv422 => (1, 0),
            Self::Yuv440 => (0, 1),
            Self::Yuv411 => (2, 0),
        }
    }
}

/// Which colours the 2 × 2 cells of a colour filter mosaic have, from left to right, the upper row
/// first (B. E. Bayer, US patent 3,971,065).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BayerPattern {
    /// Red, green; green, blue.
    Rggb,
    /// Blue, green; green, red.
    Bggr,
    /// Green, blue; red, green.
    Gbrg,
    /// Green, red; blue, green.
    Grbg,
}

impl BayerPattern {
    /// Column and row of the red value in a cell, each 0 or 1. Blue lies diagonally across.
    pub const fn red(self) -> (u32, u32) {
        match self {
            Self::Rggb => (0, 0),
            Self::Bggr => (1, 1),
            Self::Gbrg => (0, 1),
            Self::Grbg => (1, 0),
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Rggb => "rggb",
            Self::Bggr => "bggr",
            Self::Gbrg => "gbrg",
            Self::Grbg => "grbg",
        }
    }
}

/// The order of the four values of two pixels in packed 4:2:2; the first Y is the left pixel's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Packing {
    /// Y, Cb, Y, Cr: also known as YUY2.
    Yuyv,
    /// Y, Cr, Y, Cb.
    Yvyu,
    /// Cb, Y, Cr, Y.
    Uyvy,
}

impl Packing {
    /// True if each pair of values starts with chroma.
    pub const fn chroma_first(self) -> bool {
        matches!(self, Self::Uyvy)
    }

    /// True if Cr comes before Cb.
    pub const fn cr_first(self) -> bool {
        matches!(self, Self::Yvyu)
    }

    /// Which of the four values is the left Y (the right one is two further), which Cb, and which Cr.
    pub const fn places(self) -> (usize, usize, usize) {
        match self {
            Self::Yuyv => (0, 1, 3),
            Self::Yvyu => (0, 3, 1),
            Self::Uyvy => (1, 0, 2),
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Yuyv => "yuyv422",
            Self::Yvyu => "yvyu422",
            Self::Uyvy => "uyvy422",
        }
    }
}

/// Which planes there are and what each holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Layout {
    /// One plane each for Y, Cb, Cr (or Y alone).
    Planar(Chroma),
    /// Y, then Cb and Cr interleaved: NV12, NV16, and with `high_bits` P010 and its kin.
    SemiPlanar(Chroma),
    /// Y, then Cr and Cb interleaved: NV21, NV42.
    SemiPlanarCrCb(Chroma),
    /// One plane of Y'CbCr 4:2:2, four values for every two pixels: YUYV, and with `high_bits` Y210
    /// and its kin.
    Packed(Packing),
    /// Planes G, B, R.
    Gbr,
    /// One plane of R, G, B.
    Rgb,
    /// One plane of R, G, B, A, not premultiplied.
    Rgba,
    /// One plane of B, G, R.
    Bgr,
    /// One plane of B, G, R, A, not premultiplied.
    Bgra,
    /// One plane with one colour per pixel, behind a colour filter mosaic.
    Bayer(BayerPattern),
}

/// A pixel format. Values of 9 to 16 bits are little-endian 16-bit words; values of 32 bits are
/// little-endian IEEE 754 single-precision floats, of any range but for alpha, which is 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PixelFormat {
    /// The planes.
    pub layout: Layout,
    /// Significant bits of a value, 8 to 16, or [`PixelFormat::FLOAT_DEPTH`].
    pub depth: u8,
    /// True where the significant bits are the upper ones of the word (P010), false for the lower.
    pub high_bits: bool,
}

impl PixelFormat {
    /// 8-bit 4:2:0 planar, the most common one.
    pub const YUV420P: Self = Self::planar(Chroma::Yuv420, 8);

    /// A planar Y'CbCr format.
    pub const fn planar(chroma: Chroma, depth: u8) -> Self {
        Self {
            layout: Layout::Planar(chroma),
            depth,
            high_bits: false,
        }
    }

    /// The depth that says that values are floats.
    pub const FLOAT_DEPTH: u8 = 32;

    /// A format of single-precision floats.
    pub const fn float(layout: Layout) -> Self {
        Self {
            layout,
            depth: Self::FLOAT_DEPTH,
            high_bits: false,
        }
    }

    /// True if values are floats.
    pub const fn is_float(self) -> bool {
        self.depth == Self::FLOAT_DEPTH
    }

    /// True if a pixel has one value and no colour: brightness, a distance, a class.
    pub const fn is_single_channel(self) -> bool {
        matches!(self.layout, Layout::Planar(Chroma::Mono))
    }

    /// Bytes of one value: 1, 2 or 4.
    pub const fn bytes_per_value(self) -> usize {
        match self.depth {
            0..=8 => 1,
            9..=16 => 2,
            _ => 4,
        }
    }

    /// Number of planes, 1 to 3.
    pub const fn plane_count(self) -> usize {
        match self.layout {
            Layout::Planar(Chroma::Mono)
            | Layout::Packed(_)
            | Layout::Rgb
            | Layout::Rgba
            | Layout::Bgr
            | Layout::Bgra
            | Layout::Bayer(_) => 1,
            Layout::SemiPlanar(_) | Layout::SemiPlanarCrCb(_) => 2,
            Layout::Planar(_) | Layout::Gbr => 3,
        }
    }

    /// Values per pixel position in a plane: 1, or 2 for interleaved chroma, 3 and 4 for RGB(A), 4
    /// for packed 4:2:2, whose positions are of two pixels.
    pub const fn values_per_pixel(self, plane: usize) -> usize {
        match self.layout {
            Layout::Planar(_) | Layout::Gbr | Layout::Bayer(_) => 1,
            Layout::SemiPlanar(_) | Layout::SemiPlanarCrCb(_) => {
                if plane == 0 {
                    1
                } else {
                    2
                }
            }
            Layout::Rgb | Layout::Bgr => 3,
            Layout::Rgba | Layout::Bgra | Layout::Packed(_) => 4,
        }
    }

    /// Width and height in pixel positions of a plane of a `width` × `height` picture.
    /// Subsampled planes round up, and so do the pairs of packed 4:2:2.
    pub const fn plane_size(self, plane: usize, width: u32, height: u32) -> (u32, u32) {
        match self.layout {
            Layout::Planar(_) | Layout::SemiPlanar(_) | Layout::SemiPlanarCrCb(_) if plane > 0 => {
                self.chroma_size(width, height)
            }
            Layout::Packed(_) => self.chroma_size(width, height),
            _ => (width, height),
        }
    }

    /// How many chroma samples a `width` × `height` picture has across and down, wherever they lie;
    /// the picture's own size if it has no chroma.
    pub const fn chroma_size(self, width: u32, height: u32) -> (u32, u32) {
        match self.chroma() {
            Some(chroma) => {
                let (h, v) = chroma.shifts();
                (width.div_ceil(1 << h), height.div_ceil(1 << v))
            }
            None => (width, height),
        }
    }

    /// Bytes of one tightly packed row of a plane.
    pub const fn row_bytes(self, plane: usize, width: u32) -> usize {
        self.plane_size(plane, width, 1).0 as usize
            * self.values_per_pixel(plane)
            * self.bytes_per_value()
    }

    /// Bytes of a tightly packed picture.
    pub fn packed_size(self, width: u32, height: u32) -> usize {
        (0..self.plane_count())
            .map(|plane| {
                self.row_bytes(plane, width)
                    .saturating_mul(self.plane_size(plane, width, height).1 as usize)
            })
            .fold(0, usize::saturating_add)
    }

    /// The chroma subsampling, if this is a Y'CbCr format.
    pub const fn chroma(self) -> Option<Chroma> {
        match self.layout {
            Layout::Planar(chroma)
            | Layout::SemiPlanar(chroma)
            | Layout::SemiPlanarCrCb(chroma) => Some(chroma),
            Layout::Packed(_) => Some(Chroma::Yuv422),
            Layout::Gbr
            | Layout::Rgb
            | Layout::Rgba
            | Layout::Bgr
            | Layout::Bgra
            | Layout::Bayer(_) => None,
        }
    }

    /// True if pixels have an alpha value.
    pub const fn has_alpha(self) -> bool {
        matches!(self.layout, Layout::Rgba | Layout::Bgra)
    }

    /// Meaningless bits below the significant ones of a word.
    pub const fn low_bits(self) -> u32 {
        if self.high_bits && self.depth > 8 && self.depth <= 16 {
            16 - self.depth as u32
        } else {
            0
        }
    }

    /// FFmpeg's name (`"yuv420p10le"`), or one like it where it has none. FFmpeg spells "full range" of some decoders as a format of
    /// its own, `yuvj420p`: see [`PixelFormat::name_with_range`].
    pub fn name(self) -> String {
        let le = |name: &str| match self.depth {
            8 => name.to_owned(),
            Self::FLOAT_DEPTH => format!("{name}f32le"),
            depth => format!("{name}{depth}le"),
        };
        match self.layout {
            Layout::Planar(Chroma::Mono) => le("gray"),
            Layout::Planar(Chroma::Yuv420) => le("yuv420p"),
            Layout::Planar(Chroma::Yuv422) => le("yuv422p"),
            Layout::Planar(Chroma::Yuv440) => le("yuv440p"),
            Layout::Planar(Chroma::Yuv411) => le("yuv411p"),
            Layout::Planar(Chroma::Yuv444) => le("yuv444p"),
            Layout::SemiPlanar(chroma) => {
                let digit = match chroma {
                    Chroma::Yuv422 => 1,
                    Chroma::Yuv444 => 2,
                    _ => 0,
                };
                match self.depth {
                    8 => ["nv12", "nv16", "nv24"][digit].to_owned(),
                    depth => format!("p{digit}{depth}le"),
                }
            }
            Layout::SemiPlanarCrCb(chroma) => match (chroma, self.depth) {
                (Chroma::Yuv444, 8) => "nv42".to_owned(),
                (Chroma::Yuv422, 8) => "nv61".to_owned(),
                _ => le("nv21"),
            },
            Layout::Packed(packing) => match (packing, self.depth) {
                (Packing::Yuyv, depth @ 9..=16) => format!("y2{depth}le"),
                _ => le(packing.name()),
            },
            Layout::Gbr => le("gbrp"),
            Layout::Rgb if self.is_float() => "rgbf32le".to_owned(),
            Layout::Rgba if self.is_float() => "rgbaf32le".to_owned(),
            Layout::Bgr if self.is_float() => "bgrf32le".to_owned(),
            Layout::Bgra if self.is_float() => "bgraf32le".to_owned(),
            Layout::Bayer(pattern) => match self.depth {
                8 => format!("bayer_{}8", pattern.name()),
                _ => le(&format!("bayer_{}", pattern.name())),
            },
            Layout::Rgb if self.depth > 8 => "rgb48le".to_owned(),
            Layout::Rgb => "rgb24".to_owned(),
            Layout::Rgba if self.depth > 8 => "rgba64le".to_owned(),
            Layout::Rgba => "rgba".to_owned(),
            Layout::Bgr if self.depth > 8 => "bgr48le".to_owned(),
            Layout::Bgr => "bgr24".to_owned(),
            Layout::Bgra if self.depth > 8 => "bgra64le".to_owned(),
            Layout::Bgra => "bgra".to_owned(),
        }
    }

    /// The name as FFmpeg's H.264, H.265 and JPEG decoders give it: `yuvj…` for full-range 8-bit
    /// planar Y'CbCr.
    pub fn name_with_range(self, full_range: bool) -> String {
        let name = self.name();
        match self.layout {
            Layout::Planar(Chroma::Yuv420 | Chroma::Yuv422 | Chroma::Yuv444 | Chroma::Yuv440)
                if full_range && self.depth == 8 =>
            {
                name.replacen("yuv", "yuvj", 1)
            }
            _ => name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_sizes_round_chroma_up() {
        assert_eq!(PixelFormat::YUV420P.packed_size(65, 49), 4_835);
        assert_eq!(
            PixelFormat::planar(Chroma::Yuv420, 10).packed_size(65, 49),
            9_670
        );
        let nv12 = PixelFormat {
            layout: Layout::SemiPlanar(Chroma::Yuv420),
            depth: 8,
            high_bits: false,
        };
        assert_eq!(nv12.packed_size(65, 49), 4_835);
        // 33 pairs of 4 bytes in each row.
        assert_eq!(
            integers(Layout::Packed(Packing::Yuyv), 8).packed_size(65, 49),
            6_468
        );
    }

    fn integers(layout: Layout, depth: u8) -> PixelFormat {
        PixelFormat {
            layout,
            depth,
            high_bits: false,
        }
    }

    #[test]
    fn names_are_ffmpegs() {
        assert_eq!(
            PixelFormat::planar(Chroma::Yuv422, 10).name(),
            "yuv422p10le"
        );
        assert_eq!(PixelFormat::planar(Chroma::Mono, 8).name(), "gray");
        assert_eq!(PixelFormat::YUV420P.name_with_range(true), "yuvj420p");
        let p010 = PixelFormat {
            layout: Layout::SemiPlanar(Chroma::Yuv420),
            depth: 10,
            high_bits: true,
        };
        assert_eq!(p010.name(), "p010le");
        let bayer = |depth| PixelFormat {
            layout: Layout::Bayer(BayerPattern::Gbrg),
            depth,
            high_bits: false,
        };
        assert_eq!(bayer(8).name(), "bayer_gbrg8");
        assert_eq!(bayer(16).name(), "bayer_gbrg16le");
        for (layout, depth, name) in [
            (Layout::SemiPlanarCrCb(Chroma::Yuv420), 8, "nv21"),
            (Layout::SemiPlanarCrCb(Chroma::Yuv444), 8, "nv42"),
            (Layout::Packed(Packing::Yuyv), 8, "yuyv422"),
            (Layout::Packed(Packing::Uyvy), 8, "uyvy422"),
            (Layout::Packed(Packing::Yuyv), 10, "y210le"),
            (Layout::Bgr, 8, "bgr24"),
            (Layout::Bgr, 16, "bgr48le"),
            (Layout::Bgra, 8, "bgra"),
            (Layout::Bgra, 16, "bgra64le"),
        ] {
            assert_eq!(integers(layout, depth).name(), name);
        }
        for (layout, name) in [
            (Layout::Planar(Chroma::Mono), "grayf32le"),
            (Layout::Gbr, "gbrpf32le"),
            (Layout::Rgb, "rgbf32le"),
            (Layout::Rgba, "rgbaf32le"),
        ] {
            assert_eq!(PixelFormat::float(layout).name(), name);
        }
    }
}
