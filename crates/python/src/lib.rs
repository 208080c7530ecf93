//! The native half of the Python package `reelscope`: rows and where they go, over `reelscope-sdk`; frames of
//! files, over `reelscope-read`; tables, over `reelscope-query`. What a
//! Python program sees of it is in `python/reelscope`; nothing here is meant to be called by others.

mod component;
mod encoder;
mod errors;
mod picture;
mod reading;
mod stream;
mod table;
mod video;

/// The native half of the package `reelscope`.
#[pyo3::pymodule]
mod _native {
    #[pymodule_export]
    use super::component::{Component, ComponentColumn};
    #[pymodule_export]
    use super::encoder::VideoEncoder;
    #[pymodule_export]
    use super::picture::{compress, depth_image, encoded_image, image, segmentation_image};
    #[pymodule_export]
    use super::reading::{Frames, Opened};
    #[pymodule_export]
    use super::stream::{Stream, leave_behind, spawn};
    #[pymodule_export]
    use super::table::{Table, Tables};
    #[pymodule_export]
    use super::video::{asset_video, frame_timestamps};

    #[pymodule_export]
    #[allow(non_upper_case_globals, reason = "this is its name in Python")]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
