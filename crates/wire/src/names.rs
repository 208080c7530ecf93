//! The names of archetypes and components that loggers send, as constants.

/// Names of archetypes, in full.
pub mod archetype {
    /// A video as a sequence of samples.
    pub const VIDEO_STREAM: &str = "rerun.archetypes.VideoStream";
    /// A video file as one blob.
    pub const ASSET_VIDEO: &str = "rerun.archetypes.AssetVideo";
    /// A moment of a video.
    pub const VIDEO_FRAME_REFERENCE: &str = "rerun.archetypes.VideoFrameReference";
    /// An image file as one blob.
    pub const ENCODED_IMAGE: &str = "rerun.archetypes.EncodedImage";
    /// Raw pixels.
    pub const IMAGE: &str = "rerun.archetypes.Image";
    /// Raw depths.
    pub const DEPTH_IMAGE: &str = "rerun.archetypes.DepthImage";
    /// An image file with depths.
    pub const ENCODED_DEPTH_IMAGE: &str = "rerun.archetypes.EncodedDepthImage";
    /// Raw class numbers.
    pub const SEGMENTATION_IMAGE: &str = "rerun.archetypes.SegmentationImage";
    /// From here on, what was logged to the entity before does not count.
    pub const CLEAR: &str = "rerun.archetypes.Clear";
    /// A line of text.
    pub const TEXT_LOG: &str = "rerun.archetypes.TextLog";
    /// Numbers to plot.
    pub const SCALARS: &str = "rerun.archetypes.Scalars";
    /// What is known of the recording as a whole.
    pub const RECORDING_INFO: &str = "rerun.archetypes.RecordingInfo";
}

/// Defines the constants and the table that [`super::full_names`] searches.
macro_rules! components {
    ($($(#[$doc:meta])* $constant:ident = $name:literal, $archetype:ident, $type:literal;)*) => {
        /// Names of components: the archetype's short name, a colon, the field.
        pub mod component {
            $($(#[$doc])* pub const $constant: &str = $name;)*
        }

        /// Component, its archetype, its type.
        const COMPONENTS: &[(&str, &str, &str)] =
            &[$(($name, archetype::$archetype, concat!("rerun.components.", $type))),*];
    };
}

components! {
    /// u32: which codec, a FourCC in big-endian order.
    VIDEO_STREAM_CODEC = "VideoStream:codec", VIDEO_STREAM, "VideoCodec";
    /// Blob: one access unit.
    VIDEO_STREAM_SAMPLE = "VideoStream:sample", VIDEO_STREAM, "VideoSample";
    /// bool: the logger believes that decoding can start here.
    VIDEO_STREAM_IS_KEYFRAME = "VideoStream:is_keyframe", VIDEO_STREAM, "IsKeyframe";
    /// f32: 0 … 1.
    VIDEO_STREAM_OPACITY = "VideoStream:opacity", VIDEO_STREAM, "Opacity";
    /// f32: greater is nearer.
    VIDEO_STREAM_DRAW_ORDER = "VideoStream:draw_order", VIDEO_STREAM, "DrawOrder";
    /// Blob: a whole file.
    ASSET_VIDEO_BLOB = "AssetVideo:blob", ASSET_VIDEO, "Blob";
    /// Text, such as `video/mp4`.
    ASSET_VIDEO_MEDIA_TYPE = "AssetVideo:media_type", ASSET_VIDEO, "MediaType";
    /// i64: nanoseconds from the start of the video.
    VIDEO_FRAME_REFERENCE_TIMESTAMP =
        "VideoFrameReference:timestamp", VIDEO_FRAME_REFERENCE, "VideoTimestamp";
    /// Text: the path of the entity with the video, usually without a leading slash.
    VIDEO_FRAME_REFERENCE_VIDEO_REFERENCE =
        "VideoFrameReference:video_reference", VIDEO_FRAME_REFERENCE, "EntityPath";
    /// f32: 0 … 1.
    VIDEO_FRAME_REFERENCE_OPACITY =
        "VideoFrameReference:opacity", VIDEO_FRAME_REFERENCE, "Opacity";
    /// f32: greater is nearer.
    VIDEO_FRAME_REFERENCE_DRAW_ORDER =
        "VideoFrameReference:draw_order", VIDEO_FRAME_REFERENCE, "DrawOrder";
    /// Blob: a whole file.
    ENCODED_IMAGE_BLOB = "EncodedImage:blob", ENCODED_IMAGE, "Blob";
    /// Text, such as `image/jpeg`.
    ENCODED_IMAGE_MEDIA_TYPE = "EncodedImage:media_type", ENCODED_IMAGE, "MediaType";
    /// f32: 0 … 1.
    ENCODED_IMAGE_OPACITY = "EncodedImage:opacity", ENCODED_IMAGE, "Opacity";
    /// f32: greater is nearer.
    ENCODED_IMAGE_DRAW_ORDER = "EncodedImage:draw_order", ENCODED_IMAGE, "DrawOrder";
    /// Blob: the pixels.
    IMAGE_BUFFER = "Image:buffer", IMAGE, "ImageBuffer";
    /// [`ImageFormat`](crate::ImageFormat).
    IMAGE_FORMAT = "Image:format", IMAGE, "ImageFormat";
    /// f32: 0 … 1.
    IMAGE_OPACITY = "Image:opacity", IMAGE, "Opacity";
    /// f32: greater is nearer.
    IMAGE_DRAW_ORDER = "Image:draw_order", IMAGE, "DrawOrder";
    /// Blob: the depths.
    DEPTH_IMAGE_BUFFER = "DepthImage:buffer", DEPTH_IMAGE, "ImageBuffer";
    /// [`ImageFormat`](crate::ImageFormat).
    DEPTH_IMAGE_FORMAT = "DepthImage:format", DEPTH_IMAGE, "ImageFormat";
    /// f32: how many units are a metre.
    DEPTH_IMAGE_METER = "DepthImage:meter", DEPTH_IMAGE, "DepthMeter";
    /// f32: greater is nearer.
    DEPTH_IMAGE_DRAW_ORDER = "DepthImage:draw_order", DEPTH_IMAGE, "DrawOrder";
    /// Blob: a whole file.
    ENCODED_DEPTH_IMAGE_BLOB = "EncodedDepthImage:blob", ENCODED_DEPTH_IMAGE, "Blob";
    /// Text, such as `image/png`.
    ENCODED_DEPTH_IMAGE_MEDIA_TYPE =
        "EncodedDepthImage:media_type", ENCODED_DEPTH_IMAGE, "MediaType";
    /// f32: how many units are a metre.
    ENCODED_DEPTH_IMAGE_METER = "EncodedDepthImage:meter", ENCODED_DEPTH_IMAGE, "DepthMeter";
    /// f32: greater is nearer.
    ENCODED_DEPTH_IMAGE_DRAW_ORDER =
        "EncodedDepthImage:draw_order", ENCODED_DEPTH_IMAGE, "DrawOrder";
    /// Blob: the class numbers.
    SEGMENTATION_IMAGE_BUFFER = "SegmentationImage:buffer", SEGMENTATION_IMAGE, "ImageBuffer";
    /// [`ImageFormat`](crate::ImageFormat).
    SEGMENTATION_IMAGE_FORMAT = "SegmentationImage:format", SEGMENTATION_IMAGE, "ImageFormat";
    /// f32: 0 … 1.
    SEGMENTATION_IMAGE_OPACITY = "SegmentationImage:opacity", SEGMENTATION_IMAGE, "Opacity";
    /// f32: greater is nearer.
    SEGMENTATION_IMAGE_DRAW_ORDER =
        "SegmentationImage:draw_order", SEGMENTATION_IMAGE, "DrawOrder";
    /// bool: also all entities below.
    CLEAR_IS_RECURSIVE = "Clear:is_recursive", CLEAR, "ClearIsRecursive";
    /// Text.
    TEXT_LOG_TEXT = "TextLog:text", TEXT_LOG, "Text";
    /// Text, such as `WARN`.
    TEXT_LOG_LEVEL = "TextLog:level", TEXT_LOG, "TextLogLevel";
    /// f64.
    SCALARS_SCALARS = "Scalars:scalars", SCALARS, "Scalar";
    /// i64: nanoseconds since the Unix epoch.
    RECORDING_INFO_START_TIME = "RecordingInfo:start_time", RECORDING_INFO, "Timestamp";
    /// Text.
    RECORDING_INFO_NAME = "RecordingInfo:name", RECORDING_INFO, "Name";
}

/// The archetype and the type of a component that is in the table.
pub(crate) fn full_names(component: &str) -> Option<(&'static str, &'static str)> {
    COMPONENTS
        .iter()
        .find(|(name, ..)| *name == component)
        .map(|(_, archetype, kind)| (*archetype, *kind))
}
