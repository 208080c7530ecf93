//! What can go wrong between planes and pixels.

use crate::image::MAX_IMAGE_PIXELS;

/// Why a picture could not be rendered.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// A picture without pixels.
    #[error("a picture of {width}×{height} has no pixels to show")]
    Empty {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
    /// A picture that has more tiles than this adapter can hold.
    #[error(
        "a picture of {width}×{height} is too large for this graphics adapter, even in tiles of up \
         to {limit}×{limit}; choose another adapter"
    )]
    TooLarge {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// The longest side of a tile.
        limit: u32,
    },
    /// An image to render into that is larger than anything is written to.
    #[error(
        "an image of {width}×{height} is too large to be made; up to {MAX_IMAGE_PIXELS} pixels are \
         possible"
    )]
    ImageTooLarge {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
    /// A bit depth that planes cannot have.
    #[error(
        "pictures of {depth} bits per value cannot be shown, only 8 to 16, and floats in one plane"
    )]
    Depth {
        /// Bits per value.
        depth: u8,
    },
    /// Rows too far apart to be copied to the GPU.
    #[error("the rows of plane {plane} lie {stride} bytes apart, which is too far")]
    Stride {
        /// Index of the plane.
        plane: usize,
        /// Bytes from one row to the next.
        stride: usize,
    },
    /// A target that colours cannot be drawn to.
    #[error("cannot draw to a surface of the format {format:?}")]
    Target {
        /// The target's format.
        format: wgpu::TextureFormat,
    },
    /// The driver cannot compile what draws pictures.
    #[error("the graphics driver cannot draw pictures; is it up to date?")]
    Driver {
        /// What the driver said.
        source: wgpu::Error,
    },
    /// There is neither a GPU nor a software adapter.
    #[error(
        "no graphics adapter found; install your GPU's Vulkan driver, or for rendering in \
         software `mesa-vulkan-drivers` (Debian, Ubuntu, Fedora) or `vulkan-swrast` (Arch)"
    )]
    NoAdapter,
    /// The adapter is there but gives no device.
    #[error("the graphics adapter {adapter} cannot be used; is its driver up to date?")]
    NoDevice {
        /// The adapter's name.
        adapter: String,
        /// What the driver said.
        source: wgpu::RequestDeviceError,
    },
    /// The GPU refused, most often for lack of memory.
    #[error("the GPU could not take a picture of {width}×{height}; is its memory full?")]
    Gpu {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// What the driver said.
        source: wgpu::Error,
    },
    /// The GPU did not finish in time, or was lost on the way.
    #[error("the GPU did not finish rendering; was it reset or unplugged?")]
    Unfinished {
        /// What the driver said.
        source: wgpu::PollError,
    },
    /// The rendered pixels could not be read.
    #[error("the rendered pixels could not be read from the GPU; was it reset or unplugged?")]
    ReadBack,
}

/// Runs `work` and gives the first error that the GPU raises in it, instead of letting wgpu panic.
pub(crate) fn catch<T>(device: &wgpu::Device, work: impl FnOnce() -> T) -> Result<T, wgpu::Error> {
    let memory = device.push_error_scope(wgpu::ErrorFilter::OutOfMemory);
    let validation = device.push_error_scope(wgpu::ErrorFilter::Validation);
    let internal = device.push_error_scope(wgpu::ErrorFilter::Internal);
    let done = work();
    let errors = [
        ready(internal.pop()),
        ready(validation.pop()),
        ready(memory.pop()),
    ];
    match errors.into_iter().flatten().next() {
        Some(error) => Err(error),
        None => Ok(done),
    }
}

/// What a future has to say at once. Natively all error scopes are ready when popped; on the web
/// they are not, where waiting would block the page.
fn ready<T>(future: impl Future<Output = Option<T>>) -> Option<T> {
    let mut future = std::pin::pin!(future);
    match future
        .as_mut()
        .poll(&mut std::task::Context::from_waker(std::task::Waker::noop()))
    {
        std::task::Poll::Ready(outcome) => outcome,
        std::task::Poll::Pending => None,
    }
}
