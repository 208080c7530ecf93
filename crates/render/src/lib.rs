//! Planes to correct pixels on wgpu. Nothing in here knows a decoder, a clock or a GUI toolkit.
//!
//! A [`media::Frame`](reelscope_media::Frame) goes to the GPU as it is ([`Renderer::upload`] makes a
//! [`VideoTexture`]); one shader turns code values into R'G'B' and those into what the target shows,
//! for a [`Placement`] and a [`Look`] ([`Renderer::prepare`] makes a [`Draw`], [`Draw::paint`] draws it into a
//! render pass that someone else owns). [`Renderer::render_image`] does the same without a window.

mod color;
mod difference;
mod error;
mod headless;
mod image;
mod look;
mod pipelines;
mod placement;
mod probe;
mod renderer;
mod scopes;
mod signal;
mod siting;
mod texture;
mod uniform;
mod variant;

pub use color::{Clipped, ColorValue, ShownColor, assumed_color, color_report, resolved_color};
pub use difference::Side;
pub use error::RenderError;
pub use headless::{device_description, headless_device};
pub use image::{PendingImage, RgbaImage};
pub use look::{Channel, ChromaFilter, Look, ShownValues, ValueColors, ValueMap};
pub use placement::Placement;
pub use probe::{CodeValue, PixelValues, probe};
pub use renderer::{Draw, Renderer};
pub use scopes::{
    Basis, Measuring, SCOPE_LEVELS, ScopeArea, ScopeChannel, ScopeScale, ScopeTarget, Scopes,
    measure_frame,
};
pub use texture::VideoTexture;
