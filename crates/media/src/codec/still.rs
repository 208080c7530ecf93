//! What still pictures share: each sample is a picture of its own, and all is in its header.

use super::{InspectError, Inspector, PictureType, SampleFacts, StreamFacts, SyncKind};
use crate::{ColorInfo, Layout, Matrix, PixelFormat, Primaries, Range, Transfer};

/// Said of pictures with a colour profile.
pub const PROFILE_REMARK: &str = "its colour profile (ICC) is not applied";

/// Reads the header of a still picture.
pub(crate) type ReadHeader = fn(&[u8]) -> Result<StreamFacts, InspectError>;

/// An inspector of independent pictures.
pub(crate) struct Stills {
    read: ReadHeader,
    facts: Option<StreamFacts>,
}

impl Stills {
    pub(crate) fn new(read: ReadHeader) -> Self {
        Self { read, facts: None }
    }
}

impl Inspector for Stills {
    fn facts(&self) -> Option<&StreamFacts> {
        self.facts.as_ref()
    }

    fn inspect(&mut self, access_unit: &[u8]) -> Result<SampleFacts, InspectError> {
        let facts = (self.read)(access_unit)?;
        let sample = SampleFacts {
            sync: SyncKind::Closed,
            droppable: true,
            shown: true,
            size: Some((facts.width, facts.height)),
            picture: PictureType::I,
            ..SampleFacts::default()
        };
        self.facts = Some(facts);
        Ok(sample)
    }
}

/// What is to be said of a picture of 8-bit sRGB.
pub(crate) fn rgb_facts(
    width: u32,
    height: u32,
    layout: Layout,
) -> Result<StreamFacts, InspectError> {
    if width == 0 || height == 0 {
        return Err(InspectError::Forbidden {
            field: "width or height",
        });
    }
    Ok(StreamFacts {
        width,
        height,
        format: Some(PixelFormat {
            layout,
            depth: 8,
            high_bits: false,
        }),
        color: ColorInfo {
            range: Range::Full,
            matrix: Matrix::IDENTITY,
            primaries: Primaries::BT709,
            transfer: Transfer::SRGB,
            ..ColorInfo::default()
        },
        ..StreamFacts::default()
    })
}
