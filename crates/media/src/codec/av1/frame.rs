//! AV1 frame headers (AV1 specification §5.9.2), up to the frame size.

use super::super::bits::BitReader;
use super::super::{InspectError, PictureType};
use super::sequence::{Forced, Sequence};

const REFERENCE_SLOTS: usize = 8;
const REFERENCES_PER_FRAME: usize = 7;

/// `frame_type` (§6.8.2).
const KEY_FRAME: u32 = 0;
const INTRA_ONLY_FRAME: u32 = 2;
const SWITCH_FRAME: u32 = 3;

/// What a reference slot holds, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reference {
    key: bool,
    picture: PictureType,
    /// Width after superresolution, and height; `None` where it could not be found out.
    size: Option<(u32, u32)>,
}

/// The references that later frames may use.
#[derive(Clone, Debug, Default)]
pub(crate) struct References([Option<Reference>; REFERENCE_SLOTS]);

/// What a frame header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FrameHeader {
    /// A new key frame, not one that is shown again.
    pub(crate) key: bool,
    pub(crate) shown: bool,
    pub(crate) picture: PictureType,
    /// Which slots it goes to.
    pub(crate) refreshes: u8,
    pub(crate) size: Option<(u32, u32)>,
}

impl References {
    /// Reads the frame header at the start of `payload` and does what it does to the references.
    /// `layer` is that of the unit.
    pub(crate) fn next(
        &mut self,
        payload: &[u8],
        sequence: &Sequence,
        layer: Option<(u32, u32)>,
    ) -> Result<FrameHeader, InspectError> {
        let mut header = HeaderReader { reader: BitReader::new(payload), sequence, layer };
        let (frame, stored) = header.read(self)?;
        for (index, slot) in self.0.iter_mut().enumerate() {
            if frame.refreshes >> index & 1 == 1 {
                *slot = Some(stored);
            }
        }
        Ok(frame)
    }

    fn get(&self, index: u32) -> Option<Reference> {
        self.0.get(index as usize).copied().flatten()
    }
}

struct HeaderReader<'a> {
    reader: BitReader<'a>,
    sequence: &'a Sequence,
    layer: Option<(u32, u32)>,
}

impl HeaderReader<'_> {
    /// `uncompressed_header()`: the frame, and what goes into the slots that it refreshes.
    fn read(&mut self, references: &References) -> Result<(FrameHeader, Reference), InspectError> {
        let sequence = self.sequence;
        let (mut kind, mut shown, mut error_resilient) = (KEY_FRAME, true, true);
        if !sequence.reduced_still_picture_header {
            // show_existing_frame
            if self.reader.flag()? {
                return self.existing(references);
            }
            kind = self.reader.bits(2)?;
            shown = self.reader.flag()?;
            if shown {
                self.skip_presentation_time()?;
            } else {
                self.reader.skip(1)?; // showable_frame
            }
            let implied = kind == SWITCH_FRAME || kind == KEY_FRAME && shown;
            error_resilient = implied || self.reader.flag()?;
        }
        let intra = matches!(kind, KEY_FRAME | INTRA_ONLY_FRAME);
        let override_size = self.skip_to_order_hint(kind)?;
        self.reader.skip(sequence.order_hint_bits as usize)?; // order_hint
        if !intra && !error_resilient {
            self.reader.skip(3)?; // primary_ref_frame
        }
        self.skip_buffer_removal_times()?;
        let refreshes = if kind == SWITCH_FRAME || kind == KEY_FRAME && shown {
            0xff
        } else {
            self.reader.byte(8)?
        };
        if (!intra || refreshes != 0xff) && error_resilient {
            self.reader.skip(REFERENCE_SLOTS * sequence.order_hint_bits as usize)?; // ref_order_hint
        }
        let size = if intra {
            Some(self.frame_size(override_size)?)
        } else {
            let used = self.references_used()?;
            if override_size && !error_resilient {
                self.size_with_references(&used, references)?
            } else {
                Some(self.frame_size(override_size)?)
            }
        };
        let picture = if intra { PictureType::I } else { PictureType::P };
        let key = kind == KEY_FRAME;
        Ok((FrameHeader { key, shown, picture, refreshes, size }, Reference { key, picture, size }))
    }

    /// The rest of a header with `show_existing_frame`.
    fn existing(
        &mut self,
        references: &References,
    ) -> Result<(FrameHeader, Reference), InspectError> {
        let index = self.reader.bits(3)?;
        let stored = references
            .get(index)
            .ok_or(InspectError::Forbidden { field: "frame_to_show_map_idx" })?;
        let frame = FrameHeader {
            key: false,
            shown: true,
            picture: stored.picture,
            // A key frame that is shown late is loaded into all slots (§7.21).
            refreshes: if stored.key { 0xff } else { 0 },
            size: stored.size,
        };
        Ok((frame, stored))
    }

    /// §5.9.31.
    fn skip_presentation_time(&mut self) -> Result<(), InspectError> {
        match self.sequence.decoder_model {
            Some(model) if !self.sequence.equal_picture_interval => {
                self.reader.skip(model.frame_presentation_time as usize)
            }
            _ => Ok(()),
        }
    }

    /// From `disable_cdf_update` on; gives `frame_size_override_flag`.
    fn skip_to_order_hint(&mut self, kind: u32) -> Result<bool, InspectError> {
        self.reader.skip(1)?; // disable_cdf_update
        let screen_content = match self.sequence.screen_content_tools {
            Forced::PerFrame => self.reader.flag()?,
            Forced::To(value) => value,
        };
        if screen_content && self.sequence.integer_mv == Forced::PerFrame {
            self.reader.skip(1)?; // force_integer_mv
        }
        if let Some((bits, _)) = self.sequence.frame_id_bits {
            self.reader.skip(bits as usize)?; // current_frame_id
        }
        match kind {
            SWITCH_FRAME => Ok(true),
            _ if self.sequence.reduced_still_picture_header => Ok(false),
            _ => self.reader.flag(),
        }
    }

    fn skip_buffer_removal_times(&mut self) -> Result<(), InspectError> {
        let Some(model) = self.sequence.decoder_model else { return Ok(()) };
        // buffer_removal_time_present_flag
        if self.reader.flag()? {
            for point in &self.sequence.operating_points {
                // Units without an extension are in layer 0.
                if point.decoder_model && point.has(Some(self.layer.unwrap_or_default())) {
                    self.reader.skip(model.buffer_removal_time as usize)?;
                }
            }
        }
        Ok(())
    }

    /// The slots of the references in use; `None` for those that only §7.8 would tell.
    fn references_used(
        &mut self,
    ) -> Result<[Option<u32>; REFERENCES_PER_FRAME], InspectError> {
        let mut used = [None; REFERENCES_PER_FRAME];
        let short_signaling = self.sequence.order_hint_bits > 0 && self.reader.flag()?;
        if short_signaling {
            used[0] = Some(self.reader.bits(3)?); // last_frame_idx
            used[3] = Some(self.reader.bits(3)?); // gold_frame_idx
        }
        for slot in &mut used {
            if !short_signaling {
                *slot = Some(self.reader.bits(3)?);
            }
            if let Some((_, delta_bits)) = self.sequence.frame_id_bits {
                self.reader.skip(delta_bits as usize)?; // delta_frame_id_minus_1
            }
        }
        Ok(used)
    }

    /// §5.9.5. Superresolution narrows the coded frame, but not what comes out.
    fn frame_size(&mut self, overridden: bool) -> Result<(u32, u32), InspectError> {
        if !overridden {
            return Ok((self.sequence.facts.width, self.sequence.facts.height));
        }
        let width = 1 + self.reader.bits(self.sequence.frame_width_bits)?;
        let height = 1 + self.reader.bits(self.sequence.frame_height_bits)?;
        Ok((width, height))
    }

    /// §5.9.7.
    fn size_with_references(
        &mut self,
        used: &[Option<u32>],
        references: &References,
    ) -> Result<Option<(u32, u32)>, InspectError> {
        for slot in used {
            // found_ref
            if self.reader.flag()? {
                return Ok(slot.and_then(|slot| references.get(slot)).and_then(|found| found.size));
            }
        }
        self.frame_size(true).map(Some)
    }
}
