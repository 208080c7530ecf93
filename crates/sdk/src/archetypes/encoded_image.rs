//! A picture as a file: JPEG, PNG, …

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use reelscope_wire::component::{
    ENCODED_IMAGE_BLOB, ENCODED_IMAGE_DRAW_ORDER, ENCODED_IMAGE_MEDIA_TYPE, ENCODED_IMAGE_OPACITY,
};

use super::layer::{Layer, layered};
use super::{AsComponents, Component, ComponentValue, push};
use crate::SdkError;

/// The first bytes of image files, and what they are (WHATWG MIME Sniffing §6.1).
const SIGNATURES: [(&[u8], &str); 6] = [
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
];

/// A picture as the bytes of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct EncodedImage {
    blob: Bytes,
    media_type: Option<Arc<str>>,
    pub(super) layer: Layer,
}

impl EncodedImage {
    /// The bytes of a file. What it is follows from its first bytes.
    pub fn from_file_contents(blob: impl Into<Bytes>) -> Self {
        let blob = blob.into();
        let media_type = sniffed(&blob).map(Into::into);
        Self {
            blob,
            media_type,
            layer: Layer::default(),
        }
    }

    /// A file.
    ///
    /// # Errors
    /// [`SdkError::File`] if it cannot be read.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, SdkError> {
        let path = path.as_ref();
        let bytes = std::fs::read(path).map_err(|source| SdkError::File {
            path: path.to_owned(),
            source,
        })?;
        Ok(Self::from_file_contents(bytes))
    }

    /// Says what it is: `image/jpeg`, `image/png`, …
    #[must_use]
    pub fn with_media_type(mut self, media_type: &str) -> Self {
        self.media_type = Some(media_type.into());
        self
    }

    /// The bytes of the file.
    pub fn contents(&self) -> &Bytes {
        &self.blob
    }
}

fn sniffed(blob: &[u8]) -> Option<&'static str> {
    if blob.starts_with(b"RIFF") && blob.get(8..12) == Some(b"WEBP") {
        return Some("image/webp");
    }
    let known = SIGNATURES.iter().find(|(start, _)| blob.starts_with(start));
    known.map(|(_, name)| *name)
}

layered!(EncodedImage);

impl AsComponents for EncodedImage {
    fn components(&self) -> Vec<Component> {
        let blob = ComponentValue::Blob(self.blob.clone());
        let mut all = vec![Component::new(ENCODED_IMAGE_BLOB, blob)];
        let media_type = self.media_type.clone().map(ComponentValue::Text);
        push(&mut all, ENCODED_IMAGE_MEDIA_TYPE, media_type);
        let layer = self.layer;
        layer.push(&mut all, ENCODED_IMAGE_OPACITY, ENCODED_IMAGE_DRAW_ORDER);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::sniffed;

    #[test]
    fn files_are_known_by_their_first_bytes() {
        assert_eq!(sniffed(b"\xff\xd8\xff\xe0"), Some("image/jpeg"));
        assert_eq!(sniffed(b"RIFF\0\0\0\0WEBPVP8 "), Some("image/webp"));
        assert_eq!(sniffed(b"RIFF\0\0\0\0WAVE"), None);
        assert_eq!(sniffed(b""), None);
    }
}
