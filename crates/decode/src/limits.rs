//! How large a picture may be. Everything outside has its say on sizes, and none of it is trusted.

use crate::DecodeError;

/// Pixels on a side. What today's GPUs take as a texture, and four times 4K.
pub(crate) const MAX_SIDE: u32 = 16_384;
/// Bytes of a decoded picture: the largest picture in 4:2:0 with 16 bits takes 805 MB.
pub(crate) const MAX_FRAME_BYTES: usize = 1 << 30;

/// Refuses a picture that is too large. Zero stands for an unknown side.
pub(crate) fn check_size(width: u32, height: u32) -> Result<(), DecodeError> {
    if width > MAX_SIDE || height > MAX_SIDE {
        return Err(DecodeError::TooLarge {
            width,
            height,
            limit: MAX_SIDE,
        });
    }
    Ok(())
}
