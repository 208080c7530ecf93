//! A frame's planes as textures: code values as the decoder left them, in integer texels.

use reelscope_media::{ColorInfo, Frame, Layout, PixelFormat, Primaries};

use crate::color::{Conversion, gamut, resolved_color};
use crate::error::catch;
use crate::{Look, RenderError, ShownValues};

/// Most textures that a picture needs.
pub(crate) const MAX_PLANES: usize = 3;

/// One picture on the GPU. Integer texels are what every backend has, for every depth the same and
/// exact, and for floats too, whose bits they are; filtering is the shader's.
#[derive(Debug)]
pub struct VideoTexture {
    pub(crate) format: PixelFormat,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) color: ColorInfo,
    /// The primaries that colours are converted to the display's from.
    gamut: Primaries,
    pub(crate) value_range: Option<[f32; 2]>,
    shapes: Vec<Shape>,
    textures: Vec<wgpu::Texture>,
    pub(crate) bind_group: wgpu::BindGroup,
}

/// The texture of one plane, or of a third of the rows of packed RGB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shape {
    width: u32,
    height: u32,
    texel: wgpu::TextureFormat,
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
        match self.shown_values(look) {
            None => Conversion::new(self.format, self.color, self.gamut, look),
            // The values are colours by the time they are filtered.
            Some(_) => Conversion::none(),
        }
    }

    /// Bytes of GPU memory.
    pub fn byte_size(&self) -> u64 {
        self.shapes
            .iter()
            .map(|shape| {
                let texel = shape.texel.block_copy_size(None).unwrap_or(0);
                u64::from(shape.width) * u64::from(shape.height) * u64::from(texel)
            })
            .sum()
    }

    /// Puts a frame into textures, those of `reuse` where they have the right shape.
    pub(crate) fn upload(
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        layout: &wgpu::BindGroupLayout,
        reuse: Option<Self>,
        frame: &Frame,
        stated: ColorInfo,
    ) -> Result<Self, RenderError> {
        let (format, width, height) = (frame.format(), frame.width(), frame.height());
        check(device, frame)?;
        let shapes = shapes(format, width, height);
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
                _ => Self::create(device, layout, shapes, frame, (color, gamut)),
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
        layout: &wgpu::BindGroupLayout,
        shapes: Vec<Shape>,
        frame: &Frame,
        (color, gamut): (ColorInfo, Primaries),
    ) -> Self {
        let textures: Vec<_> = shapes.iter().map(|shape| shape.texture(device)).collect();
        let views: Vec<_> = textures
            .iter()
            .map(|texture| texture.create_view(&<_>::default()))
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
            layout,
            entries: &entries,
        });
        let (format, width, height) = (frame.format(), frame.width(), frame.height());
        Self {
            format,
            width,
            height,
            color,
            gamut,
            value_range: frame.value_range,
            shapes,
            textures,
            bind_group,
        }
    }

    fn write(&self, queue: &wgpu::Queue, frame: &Frame) {
        let third = if self.format.layout == Layout::Rgb {
            u64::from(self.width) * self.format.bytes_per_value() as u64
        } else {
            0
        };
        for (index, (shape, texture)) in self.shapes.iter().zip(&self.textures).enumerate() {
            let part = if third > 0 { 0 } else { index };
            let Some(plane) = frame.planes().get(part) else {
                continue;
            };
            queue.write_texture(
                texture.as_image_copy(),
                &plane.data,
                wgpu::TexelCopyBufferLayout {
                    offset: third * index as u64,
                    bytes_per_row: u32::try_from(plane.stride).ok(),
                    rows_per_image: None,
                },
                shape.extent(),
            );
        }
    }
}

/// Refuses what the GPU or the shader could not take.
fn check(device: &wgpu::Device, frame: &Frame) -> Result<(), RenderError> {
    let (width, height, depth) = (frame.width(), frame.height(), frame.format().depth);
    if width == 0 || height == 0 {
        return Err(RenderError::Empty { width, height });
    }
    let limit = device.limits().max_texture_dimension_2d;
    if width > limit || height > limit {
        return Err(RenderError::TooLarge {
            width,
            height,
            limit,
        });
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

/// The textures that a picture needs. There are no textures of three channels, and one of single
/// values would be three times as wide as the picture and soon too wide; so each row of packed RGB
/// is cut into three lengths that go to three textures.
fn shapes(format: PixelFormat, width: u32, height: u32) -> Vec<Shape> {
    if format.layout == Layout::Rgb {
        return vec![
            Shape {
                width,
                height,
                texel: texel(format, 1)
            };
            3
        ];
    }
    (0..format.plane_count())
        .map(|plane| {
            let (width, height) = format.plane_size(plane, width, height);
            Shape {
                width,
                height,
                texel: texel(format, format.values_per_pixel(plane)),
            }
        })
        .collect()
}

fn texel(format: PixelFormat, values: usize) -> wgpu::TextureFormat {
    match (format.bytes_per_value(), values) {
        (1, 1) => wgpu::TextureFormat::R8Uint,
        (1, 2) => wgpu::TextureFormat::Rg8Uint,
        (1, _) => wgpu::TextureFormat::Rgba8Uint,
        (2, 1) => wgpu::TextureFormat::R16Uint,
        (2, 2) => wgpu::TextureFormat::Rg16Uint,
        (2, _) => wgpu::TextureFormat::Rgba16Uint,
        (_, 1) => wgpu::TextureFormat::R32Uint,
        (_, 2) => wgpu::TextureFormat::Rg32Uint,
        (_, _) => wgpu::TextureFormat::Rgba32Uint,
    }
}

impl Shape {
    fn extent(self) -> wgpu::Extent3d {
        wgpu::Extent3d {
            width: self.width,
            height: self.height,
            depth_or_array_layers: 1,
        }
    }

    fn texture(self, device: &wgpu::Device) -> wgpu::Texture {
        device.create_texture(&wgpu::TextureDescriptor {
            label: Some("plane"),
            size: self.extent(),
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: self.texel,
            usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
            view_formats: &[],
        })
    }
}
