//! How large a picture may be. Everything outside has its say on sizes, and none of it is trusted.

use crate::DecodeError;

/// Pixels on a side. As many as JPEG can say.
pub(crate) const MAX_SIDE: u32 = 65_535;
/// Pixels of a picture: a square of sides that today's GPUs take as a texture, four times 4K.
pub(crate) const MAX_PIXELS: u32 = SQUARE * SQUARE;
const SQUARE: u32 = 16_384;
/// Bytes of a decoded picture: the largest picture in 4:2:0 with 16 bits takes 805 MB.
pub(crate) const MAX_FRAME_BYTES: usize = 1 << 30;

/// Refuses a picture that is too large. Zero stands for an unknown side.
pub(crate) fn check_size(width: u32, height: u32) -> Result<(), DecodeError> {
    let limit = if width > MAX_SIDE || height > MAX_SIDE {
        MAX_SIDE
    } else if u64::from(width) * u64::from(height) > u64::from(MAX_PIXELS) {
        SQUARE
    } else {
        return Ok(());
    };
    Err(DecodeError::TooLarge {
        width,
        height,
        limit,
    })
}
