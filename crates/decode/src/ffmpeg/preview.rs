//! Small pictures made by FFmpeg itself: a frame of full size that is only to be reduced need not
//! come through the pipe.

use reelscope_media::reduced_size;

use crate::PREVIEW_WIDTH;

/// The filter that reduces frames wider than [`PREVIEW_WIDTH`] by a whole factor.
pub(super) fn filter() -> String {
    let factor = format!("ceil(iw/{PREVIEW_WIDTH})");
    format!(",scale=w=ceil(iw/{factor}):h=ceil(ih/{factor}):flags=fast_bilinear")
}

/// The size of a frame behind [`filter`].
pub(super) fn size(size: (u32, u32)) -> (u32, u32) {
    reduced_size(size, PREVIEW_WIDTH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_divided_by_whole_numbers_and_rounded_up() {
        assert_eq!(size((1_920, 1_080)), (320, 180));
        assert_eq!(size((321, 5)), (161, 3));
        assert_eq!(size((320, 240)), (320, 240));
    }
}
