//! A frame's planes as textures: code values as the decoder left them, in whole texels.

mod shape;

use reelscope_media::{ColorInfo, Frame, Layout, PixelFormat, Primaries};

use crate::color::{Conversion, gamut, resolved_color};
use crate::error::catch;
use crate::look::maps_values;
use crate::pipelines::PlaneLayouts;
use crate::{Look, RenderError, ShownValues};

pub(crate) use shape::Texels;
use shape::{Room, Shape};

/// Most textures that a picture needs.
pub(crate) const MAX_PLANES: usize = 3;

/// One picture on the GPU. Integer texels are what every backend has, for every depth the same and
/// exact, and for floats too, whose bits they are; 16-bit ones are normalised where the device has
/// such, and read as the same words. Filtering is the shader's, so that it goes on across tiles.
#[derive(Debug)]
pub struct VideoTexture {
    pub(crate) format: PixelFormat,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) color: ColorInfo,
    /// The primaries that colours are converted to the display's from.
    gamut: Primaries,
    pub(crate) value_range: Option<[f32; 2]>,
    pub(crate) texels: Texels,
    shapes: Vec<Shape>,
    textures: Vec<wgpu::Texture>,
    pub(crate) bind_group: wgpu::BindGroup,
}

impl VideoTexture {
    /// Format of the planes.
    pub fn format(&self) -> PixelFormat {
        self.format
    }

    /// Width and height in pixels as decoded.
    pub fn size(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    /// The colours it is shown with, nothing left unspecified: see [`resolved_color`].
    pub fn color(&self) -> ColorInfo {
        self.color
    }

    /// The values that it is shown with in a look; `None` if its code values are colours already.
    ///
    /// Automatic are the frame's smallest and largest value: for floats, and for a single channel of
    /// more than 8 bits where the decoder has measured them, from black to white; for depth in
    /// Turbo, where zero is black; for segmentation a colour for each class. Y'CbCr and mosaics are
    /// never mapped, and RGB of integers only where someone chose a range.
    pub fn shown_values(&self, look: &Look) -> Option<ShownValues> {
        look.shown(self.format, self.value_range)
    }

    /// How its code values become what is shown in a look.
    pub(crate) fn conversion(&self, look: &Look) -> Conversion {
        if self.shown_values(look).is_some() && maps_values(self.format) {
            // The values are colours by the time they are filtered.
            return Conversion::none();
        }
        Conversion::new(self.format, self.color, self.gamut, look)
    }

    /// Bytes of GPU memory.
    pub fn byte_size(&self) -> u64 {
        self.shapes.iter().map(|shape| shape.byte_size()).sum()
    }

    /// How many tiles lie side by side in the first plane, and in the others.
    pub(crate) fn tile_columns(&self) -> [u32; 2] {
        [0, 1].map(|plane| self.shapes.get(plane).map_or(1, |shape| shape.tiles[0]))
    }

    /// Puts a frame into textures, those of `reuse` where they have the right shape.
    pub(crate) fn upload(
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        layouts: &PlaneLayouts,
        reuse: Option<Self>,
        frame: &Frame,
        stated: ColorInfo,
    ) -> Result<Self, RenderError> {
        let (format, width, height) = (frame.format(), frame.width(), frame.height());
        check(frame)?;
        let room = Room::of(device);
        let shapes = room
            .shapes(format, width, height)
            .ok_or(RenderError::TooLarge {
                width,
                height,
                limit: room.side,
            })?;
        let color = resolved_color(stated, format, width, height);
        let gamut = gamut(stated, color);
        let uploaded = catch(device, || {
            let texture = match reuse {
                Some(old) if old.shapes == shapes => Self {
                    format,
                    width,
                    height,
                    color,
                    gamut,
                    value_range: frame.value_range,
                    ..old
                },
                _ => Self::create(device, layouts, room, shapes, frame, (color, gamut)),
            };
            texture.write(queue, frame);
            texture
        });
        uploaded.map_err(|source| RenderError::Gpu {
            width,
            height,
            source,
        })
    }

    fn create(
        device: &wgpu::Device,
        layouts: &PlaneLayouts,
        room: Room,
        shapes: Vec<Shape>,
        frame: &Frame,
        (color, gamut): (ColorInfo, Primaries),
    ) -> Self {
        let (format, width, height) = (frame.format(), frame.width(), frame.height());
        let texels = room.texels(format, width, height);
        let textures: Vec<_> = shapes.iter().map(|shape| shape.texture(device)).collect();
        let view = wgpu::TextureViewDescriptor {
            dimension: Some(texels.dimension()),
            ..<_>::default()
        };
        let views: Vec<_> = textures
            .iter()
            .map(|texture| texture.create_view(&view))
            .collect();
        // The layout has as many textures as any picture needs; the shader leaves surplus ones alone.
        let entries: Vec<_> = views
            .iter()
            .cycle()
            .take(MAX_PLANES)
            .zip(0..)
            .map(|(view, binding)| wgpu::BindGroupEntry {
                binding,
                resource: wgpu::BindingResource::TextureView(view),
            })
            .collect();
        let bind_group = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("planes"),
            layout: layouts.of(texels),
            entries: &entries,
        });
        Self {
            format,
            width,
            height,
            color,
            gamut,
            value_range: frame.value_range,
            texels,
            shapes,
            textures,
            bind_group,
        }
    }

    fn write(&self, queue: &wgpu::Queue, frame: &Frame) {
        let in_thirds = matches!(self.format.layout, Layout::Rgb | Layout::Bgr);
        let third = if in_thirds {
            u64::from(self.width) * self.format.bytes_per_value() as u64
        } else {
            0
        };
        for (index, (shape, texture)) in self.shapes.iter().zip(&self.textures).enumerate() {
            let part = if in_thirds { 0 } else { index };
            let Some(plane) = frame.planes().get(part) else {
                continue;
            };
            let start = third * index as u64;
            let texel = u64::from(shape.texel_bytes());
            for tile in shape.tiles() {
                let row = u64::from(tile.y) * plane.stride as u64;
                queue.write_texture(
                    wgpu::TexelCopyTextureInfo {
                        origin: wgpu::Origin3d {
                            x: 0,
                            y: 0,
                            z: tile.layer,
                        },
                        ..texture.as_image_copy()
                    },
                    &plane.data,
                    wgpu::TexelCopyBufferLayout {
                        offset: start + row + u64::from(tile.x) * texel,
                        bytes_per_row: u32::try_from(plane.stride).ok(),
                        rows_per_image: None,
                    },
                    wgpu::Extent3d {
                        width: tile.width,
                        height: tile.height,
                        depth_or_array_layers: 1,
                    },
                );
            }
        }
    }
}

/// Refuses what the GPU or the shader could not take.
fn check(frame: &Frame) -> Result<(), RenderError> {
    let (width, height, depth) = (frame.width(), frame.height(), frame.format().depth);
    if width == 0 || height == 0 {
        return Err(RenderError::Empty { width, height });
    }
    let floats_in_one_plane = frame.format().is_float() && frame.planes().len() == 1;
    if !(8..=16).contains(&depth) && !floats_in_one_plane {
        return Err(RenderError::Depth { depth });
    }
    for (plane, shape) in frame.planes().iter().enumerate() {
        // wgpu rounds rows up to its own alignment in 32 bits, so stay well below.
        if shape.stride > i32::MAX as usize {
            return Err(RenderError::Stride {
                plane,
                stride: shape.stride,
            });
        }
    }
    Ok(())
}
