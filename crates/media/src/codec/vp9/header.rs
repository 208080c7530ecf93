//! VP9 uncompressed headers (VP9 bitstream specification §6.2), up to the frame size.

use super::super::InspectError;
use super::super::bits::BitReader;
use super::super::vui::full_range;
use crate::{Chroma, ColorInfo, Layout, Matrix, PixelFormat, Range};

const REFERENCE_SLOTS: usize = 8;
const REFERENCES_PER_FRAME: usize = 3;
const SYNC_CODE: u32 = 0x49_83_42;

/// `color_space` (§7.2.2).
const CS_RGB: u32 = 7;

/// Format and colours, as key frames state them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ColorConfig {
    pub(crate) format: PixelFormat,
    pub(crate) color: ColorInfo,
}

/// What an uncompressed header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FrameHeader {
    pub(crate) profile: u8,
    pub(crate) key: bool,
    /// Key or intra-only.
    pub(crate) intra: bool,
    pub(crate) shown: bool,
    /// Shows what a slot holds and changes nothing else.
    pub(crate) existing: bool,
    pub(crate) error_resilient: bool,
    /// Which slots it goes to.
    pub(crate) refreshes: u8,
    /// `None` where it is that of a frame that never came.
    pub(crate) size: Option<(u32, u32)>,
    /// Of frames that are intra.
    pub(crate) color: Option<ColorConfig>,
}

/// The sizes of the frames that later ones may refer to.
#[derive(Clone, Debug, Default)]
pub(crate) struct References([Option<(u32, u32)>; REFERENCE_SLOTS]);

impl References {
    /// Reads the header at the start of a frame and does what it does to the references.
    pub(crate) fn next(&mut self, frame: &[u8]) -> Result<FrameHeader, InspectError> {
        let header = self.read(&mut BitReader::new(frame))?;
        for (index, slot) in self.0.iter_mut().enumerate() {
            if header.refreshes >> index & 1 == 1 {
                *slot = header.size;
            }
        }
        Ok(header)
    }

    fn get(&self, index: u32) -> Option<(u32, u32)> {
        self.0.get(index as usize).copied().flatten()
    }

    fn read(&self, reader: &mut BitReader<'_>) -> Result<FrameHeader, InspectError> {
        if reader.bits(2)? != 2 {
            return Err(InspectError::Forbidden { field: "frame_marker" });
        }
        let profile = reader.byte(1)? | reader.byte(1)? << 1;
        if profile == 3 && reader.flag()? {
            return Err(InspectError::Forbidden { field: "reserved_zero" });
        }
        let mut header = FrameHeader {
            profile,
            key: false,
            intra: false,
            shown: true,
            existing: false,
            error_resilient: false,
            refreshes: 0,
            size: None,
            color: None,
        };
        // show_existing_frame
        if reader.flag()? {
            header.existing = true;
            header.size = self.get(reader.bits(3)?);
            return Ok(header);
        }
        header.key = !reader.flag()?;
        header.shown = reader.flag()?;
        header.error_resilient = reader.flag()?;
        if header.key {
            header.intra = true;
            header.refreshes = 0xff;
            read_sync_code(reader)?;
            header.color = Some(ColorConfig::read(reader, profile)?);
            header.size = Some(read_size(reader)?);
            return Ok(header);
        }
        header.intra = !header.shown && reader.flag()?;
        if !header.error_resilient {
            reader.skip(2)?; // reset_frame_context
        }
        if header.intra {
            read_sync_code(reader)?;
            header.color = Some(match profile {
                0 => ColorConfig::PROFILE_0,
                _ => ColorConfig::read(reader, profile)?,
            });
            header.refreshes = reader.byte(8)?;
            header.size = Some(read_size(reader)?);
        } else {
            header.refreshes = reader.byte(8)?;
            header.size = self.read_size_with_references(reader)?;
        }
        Ok(header)
    }

    /// §6.2.5 and the references in front of it.
    fn read_size_with_references(
        &self,
        reader: &mut BitReader<'_>,
    ) -> Result<Option<(u32, u32)>, InspectError> {
        let mut used = [0; REFERENCES_PER_FRAME];
        for slot in &mut used {
            *slot = reader.bits(3)?;
            reader.skip(1)?; // ref_frame_sign_bias
        }
        for slot in used {
            // found_ref
            if reader.flag()? {
                return Ok(self.get(slot));
            }
        }
        read_size(reader).map(Some)
    }
}

fn read_sync_code(reader: &mut BitReader<'_>) -> Result<(), InspectError> {
    match reader.bits(24)? {
        SYNC_CODE => Ok(()),
        _ => Err(InspectError::Forbidden { field: "frame_sync_byte" }),
    }
}

/// §6.2.3.
fn read_size(reader: &mut BitReader<'_>) -> Result<(u32, u32), InspectError> {
    Ok((1 + reader.bits(16)?, 1 + reader.bits(16)?))
}

impl ColorConfig {
    /// What intra-only frames of profile 0 have, which state nothing (§6.2).
    const PROFILE_0: Self = Self {
        format: PixelFormat::YUV420P,
        color: ColorInfo {
            range: Range::Limited,
            matrix: Matrix::BT470BG,
            primaries: crate::Primaries::UNSPECIFIED,
            transfer: crate::Transfer::UNSPECIFIED,
            site: crate::ChromaSite::Unspecified,
        },
    };

    /// §6.2.2.
    fn read(reader: &mut BitReader<'_>, profile: u8) -> Result<Self, InspectError> {
        let depth = match profile {
            0 | 1 => 8,
            _ if reader.flag()? => 12,
            _ => 10,
        };
        let color_space = reader.bits(3)?;
        let stated_subsampling = profile == 1 || profile == 3;
        let mut color = ColorInfo { matrix: matrix(color_space), ..ColorInfo::default() };
        let layout;
        if color_space == CS_RGB {
            if !stated_subsampling {
                return Err(InspectError::Forbidden { field: "color_space" });
            }
            color.range = Range::Full;
            layout = Layout::Gbr;
        } else {
            color.range = full_range(reader.flag()?);
            let chroma = match stated_subsampling.then(|| Ok((reader.flag()?, reader.flag()?))) {
                None => Chroma::Yuv420,
                Some(stated) => match stated? {
                    // Profiles 0 and 2 are for 4:2:0.
                    (true, true) => {
                        return Err(InspectError::Forbidden { field: "subsampling_x" });
                    }
                    (true, false) => Chroma::Yuv422,
                    (false, true) => Chroma::Yuv440,
                    (false, false) => Chroma::Yuv444,
                },
            };
            layout = Layout::Planar(chroma);
        }
        if stated_subsampling {
            reader.skip(1)?; // reserved_zero
        }
        Ok(Self { format: PixelFormat { layout, depth, high_bits: false }, color })
    }
}

/// The matrix that a `color_space` names.
fn matrix(color_space: u32) -> Matrix {
    match color_space {
        1 => Matrix::BT470BG,
        2 => Matrix::BT709,
        3 => Matrix::SMPTE170M,
        4 => Matrix::SMPTE240M,
        5 => Matrix::BT2020_NCL,
        CS_RGB => Matrix::IDENTITY,
        _ => Matrix::UNSPECIFIED,
    }
}
