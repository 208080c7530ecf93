//! The textures that a picture's planes lie in: their texels, and the tiles of those that are larger
//! than a texture can be.

use reelscope_media::{Layout, PixelFormat};

/// What the shader has to know of textures to read from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Texels {
    /// Planes are cut into tiles, which are layers of one texture.
    pub(crate) tiled: bool,
    /// Texels are 16-bit words that are read as shares of the largest one.
    pub(crate) normalised: bool,
}

impl Texels {
    /// The dimension that the shader sees.
    pub(crate) fn dimension(self) -> wgpu::TextureViewDimension {
        if self.tiled {
            wgpu::TextureViewDimension::D2Array
        } else {
            wgpu::TextureViewDimension::D2
        }
    }

    /// What the shader reads.
    pub(crate) fn sample_type(self) -> wgpu::TextureSampleType {
        if self.normalised {
            wgpu::TextureSampleType::Float { filterable: false }
        } else {
            wgpu::TextureSampleType::Uint
        }
    }
}

/// The texture of one plane, or of a third of the rows of packed RGB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    /// Texels of the plane.
    pub(super) width: u32,
    pub(super) height: u32,
    /// Texels of a tile.
    pub(super) tile: [u32; 2],
    /// Tiles across and down.
    pub(super) tiles: [u32; 2],
    pub(super) texel: wgpu::TextureFormat,
}

/// What a device can hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    /// Longest side of a texture.
    pub(super) side: u32,
    /// Most layers of a texture.
    pub(super) layers: u32,
    /// There are normalised textures of 16 bits.
    pub(super) normalised: bool,
}

impl Room {
    pub(super) fn of(device: &wgpu::Device) -> Self {
        let limits = device.limits();
        let features = device.features();
        Self {
            side: limits.max_texture_dimension_2d.max(1),
            layers: limits.max_texture_array_layers,
            normalised: features.contains(wgpu::Features::TEXTURE_FORMAT_16BIT_NORM),
        }
    }

    /// How textures for pictures of this format and size are read.
    pub(super) fn texels(self, format: PixelFormat, width: u32, height: u32) -> Texels {
        Texels {
            tiled: plane_sizes(format, width, height)
                .any(|(width, height)| width > self.side || height > self.side),
            normalised: self.normalised && format.bytes_per_value() == 2,
        }
    }

    /// The textures that a picture needs; `None` if they would need too many layers.
    pub(super) fn shapes(self, format: PixelFormat, width: u32, height: u32) -> Option<Vec<Shape>> {
        let Texels { tiled, normalised } = self.texels(format, width, height);
        plane_sizes(format, width, height)
            .enumerate()
            .map(|(plane, (width, height))| {
                let mut tiles = [width, height].map(|side| side.div_ceil(self.side));
                // Some drivers take a texture of one layer for one that has no layers.
                if tiled && tiles == [1, 1] {
                    tiles = if width > height { [2, 1] } else { [1, 2] };
                }
                let shape = Shape {
                    width,
                    height,
                    tile: [width.div_ceil(tiles[0]), height.div_ceil(tiles[1])],
                    tiles,
                    texel: match format.layout {
                        Layout::Rgb | Layout::Bgr => texel(format, 1, normalised),
                        _ => texel(format, format.values_per_pixel(plane), normalised),
                    },
                };
                (shape.layers() <= self.layers.into()).then_some(shape)
            })
            .collect()
    }
}

/// Texels of each texture of a picture. There are no textures of three channels, and one of single
/// values would be three times as wide as the picture and soon too wide; so each row of packed RGB
/// is cut into three lengths that go to three textures.
fn plane_sizes(format: PixelFormat, width: u32, height: u32) -> impl Iterator<Item = (u32, u32)> {
    let count = match format.layout {
        Layout::Rgb | Layout::Bgr => 3,
        _ => format.plane_count(),
    };
    (0..count).map(move |plane| format.plane_size(plane, width, height))
}

fn texel(format: PixelFormat, values: usize, normalised: bool) -> wgpu::TextureFormat {
    match (format.bytes_per_value(), values) {
        (1, 1) => wgpu::TextureFormat::R8Uint,
        (1, 2) => wgpu::TextureFormat::Rg8Uint,
        (1, _) => wgpu::TextureFormat::Rgba8Uint,
        (2, 1) if normalised => wgpu::TextureFormat::R16Unorm,
        (2, 2) if normalised => wgpu::TextureFormat::Rg16Unorm,
        (2, _) if normalised => wgpu::TextureFormat::Rgba16Unorm,
        (2, 1) => wgpu::TextureFormat::R16Uint,
        (2, 2) => wgpu::TextureFormat::Rg16Uint,
        (2, _) => wgpu::TextureFormat::Rgba16Uint,
        (_, 1) => wgpu::TextureFormat::R32Uint,
        (_, 2) => wgpu::TextureFormat::Rg32Uint,
        (_, _) => wgpu::TextureFormat::Rgba32Uint,
    }
}

/// A tile of a plane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tile {
    pub(super) layer: u32,
    /// Its first texel.
    pub(super) x: u32,
    pub(super) y: u32,
    /// As far as the plane reaches.
    pub(super) width: u32,
    pub(super) height: u32,
}

impl Shape {
    /// Tiles from left to right, row after row.
    pub(super) fn tiles(self) -> impl Iterator<Item = Tile> {
        let [columns, rows] = self.tiles;
        let [width, height] = self.tile;
        (0..columns * rows).filter_map(move |layer| {
            let (x, y) = (layer % columns * width, layer / columns * height);
            let tile = Tile {
                layer,
                x,
                y,
                width: width.min(self.width.checked_sub(x)?),
                height: height.min(self.height.checked_sub(y)?),
            };
            (tile.width > 0 && tile.height > 0).then_some(tile)
        })
    }

    /// Layers of the texture. Some drivers take square textures of six layers for cubes, so those
    /// get one more.
    fn layers(self) -> u64 {
        let layers = u64::from(self.tiles[0]) * u64::from(self.tiles[1]);
        let looks_like_cubes = self.tile[0] == self.tile[1] && layers.is_multiple_of(6);
        layers + u64::from(looks_like_cubes)
    }

    /// Bytes of a texel.
    pub(super) fn texel_bytes(self) -> u32 {
        self.texel.block_copy_size(None).unwrap_or(0)
    }

    /// Bytes of the texture.
    pub(super) fn byte_size(self) -> u64 {
        let [width, height] = self.tile.map(u64::from);
        width * height * self.layers() * u64::from(self.texel_bytes())
    }

    pub(super) fn texture(self, device: &wgpu::Device) -> wgpu::Texture {
        device.create_texture(&wgpu::TextureDescriptor {
            label: Some("plane"),
            size: wgpu::Extent3d {
                width: self.tile[0],
                height: self.tile[1],
                depth_or_array_layers: u32::try_from(self.layers()).unwrap_or(u32::MAX),
            },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: self.texel,
            usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
            view_formats: &[],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: Room = Room {
        side: 8192,
        layers: 256,
        normalised: false,
    };

    fn shapes(width: u32, height: u32) -> Vec<Shape> {
        ROOM.shapes(PixelFormat::YUV420P, width, height).unwrap()
    }

    #[test]
    fn a_picture_that_fits_is_not_cut() {
        let all = shapes(8192, 4320);
        assert_eq!([all[0].tile, all[1].tile], [[8192, 4320], [4096, 2160]]);
        assert!(all.iter().all(|shape| shape.layers() == 1));
        assert!(!ROOM.texels(PixelFormat::YUV420P, 8192, 8192).tiled);
    }

    #[test]
    fn a_larger_one_is_cut_into_tiles_of_nearly_the_same_size() {
        assert!(ROOM.texels(PixelFormat::YUV420P, 16384, 8640).tiled);
        let all = shapes(16384, 8640);
        assert_eq!((all[0].tile, all[0].tiles), ([8192, 4320], [2, 2]));
        // Chroma alone would fit into one, but textures are all of one kind.
        assert_eq!((all[1].tile, all[1].tiles), ([4096, 4320], [2, 1]));
        let bytes: u64 = all.iter().map(|shape| shape.byte_size()).sum();
        assert_eq!(bytes, 16384 * 8640 * 3 / 2);
    }

    #[test]
    fn tiles_cover_each_texel_once() {
        let room = Room { side: 7, ..ROOM };
        for (width, height) in [(8, 1), (1, 8), (20, 15), (29, 36)] {
            let format = PixelFormat::planar(reelscope_media::Chroma::Mono, 8);
            let shape = room.shapes(format, width, height).unwrap()[0];
            let mut seen = vec![0; (width * height) as usize];
            for tile in shape.tiles() {
                assert!(tile.width <= 7 && tile.height <= 7);
                for y in tile.y..tile.y + tile.height {
                    for x in tile.x..tile.x + tile.width {
                        seen[(y * width + x) as usize] += 1;
                    }
                }
            }
            assert!(seen.iter().all(|times| *times == 1), "{width} × {height}");
        }
    }

    #[test]
    fn a_picture_of_too_many_tiles_has_no_room() {
        let format = PixelFormat::YUV420P;
        assert!(ROOM.shapes(format, u32::MAX, u32::MAX).is_none());
        assert!(ROOM.shapes(format, 8192 * 256, 1).is_some());
        assert!(ROOM.shapes(format, 8192 * 256 + 1, 1).is_none());
    }
}
