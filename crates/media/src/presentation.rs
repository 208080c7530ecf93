//! What a picture's values mean to who looks at it: how they are coded says `PixelFormat`.

/// What the values of a track's pictures mean.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Presentation {
    /// Light: colours, or shades of grey.
    #[default]
    Picture,
    /// Distances from the camera. Zero means that nothing was measured there.
    Depth {
        /// The value that stands for one metre, if stated.
        meter: Option<f32>,
    },
    /// Numbers of classes, without order or distance between them. Zero is the background.
    Segmentation,
}
