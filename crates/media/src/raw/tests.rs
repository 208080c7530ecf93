//! Formats by their numbers, with sizes counted by hand.

use super::*;

#[test]
fn every_pixel_format_has_its_size_and_its_colours() {
    // Of a 5 × 3 picture: planes of 15, of 3 × 3, of 3 × 2 values.
    for (number, bytes, name, matrix, range) in [
        (20, 15 + 2 * 6, "yuv420p", Matrix::BT709, Range::Limited),
        (44, 15 + 2 * 6, "yuv420p", Matrix::BT709, Range::Full),
        (49, 15 + 2 * 9, "yuv422p", Matrix::BT709, Range::Limited),
        (50, 15 + 2 * 9, "yuv422p", Matrix::BT709, Range::Full),
        (39, 15 + 2 * 15, "yuv444p", Matrix::BT709, Range::Limited),
        (40, 15 + 2 * 15, "yuv444p", Matrix::BT709, Range::Full),
        (26, 15 + 2 * 6, "nv12", Matrix::SMPTE170M, Range::Limited),
        (27, 3 * 3 * 4, "yuyv422", Matrix::SMPTE170M, Range::Limited),
        (30, 15, "gray", Matrix::UNSPECIFIED, Range::Full),
        (41, 15, "gray", Matrix::UNSPECIFIED, Range::Limited),
        (128, 15, "bayer_rggb8", Matrix::IDENTITY, Range::Full),
        (129, 15, "bayer_bggr8", Matrix::IDENTITY, Range::Full),
        (130, 15, "bayer_gbrg8", Matrix::IDENTITY, Range::Full),
        (131, 15, "bayer_grbg8", Matrix::IDENTITY, Range::Full),
    ] {
        let format = RawFormat::from_numbers(5, 3, Some(number), None, None).unwrap();
        assert_eq!(format.byte_size(), Some(bytes), "{number}");
        assert_eq!(format.frame_format().name(), name);
        assert_eq!(format.color().matrix, matrix, "{number}");
        assert_eq!(format.color().range, range, "{number}");
    }
}

#[test]
fn every_colour_model_and_type_has_its_size_and_its_frames() {
    for (model, channels, names) in [
        (1, 1, ["gray", "gray16le", "grayf32le"]),
        (2, 3, ["rgb24", "rgb48le", "rgbf32le"]),
        (3, 4, ["rgba", "rgba64le", "rgbaf32le"]),
        (4, 3, ["bgr24", "bgr48le", "bgrf32le"]),
        (5, 4, ["bgra", "bgra64le", "bgraf32le"]),
    ] {
        for (ty, bytes, name) in [
            (6, 1, 0),
            (7, 1, 2),
            (8, 2, 1),
            (9, 2, 2),
            (10, 4, 2),
            (11, 4, 2),
            (12, 8, 2),
            (13, 8, 2),
            (33, 2, 2),
            (34, 4, 2),
            (35, 8, 2),
        ] {
            let format = RawFormat::from_numbers(5, 3, None, Some(model), Some(ty)).unwrap();
            assert_eq!(format.byte_size(), Some(15 * channels * bytes));
            assert_eq!(format.frame_format().name(), names[name], "{model} {ty}");
        }
    }
}

#[test]
fn what_is_left_out_is_one_byte_per_pixel_and_a_pixel_format_decides_alone() {
    let grey = RawFormat::from_numbers(4, 4, None, None, None).unwrap();
    let layout = RawLayout::Interleaved(ColorModel::L, ValueType::U8);
    assert_eq!(grey.layout, layout);
    let nv12 = RawFormat::from_numbers(4, 4, Some(26), Some(99), Some(99)).unwrap();
    assert_eq!(nv12.layout, RawLayout::Nv12);
}

#[test]
fn unknown_numbers_are_named_in_the_error() {
    let error = |pixel_format, model, ty| {
        let format = RawFormat::from_numbers(4, 4, pixel_format, model, ty);
        format.unwrap_err().to_string()
    };
    assert_eq!(error(Some(77), None, None), "unsupported pixel format 77");
    assert_eq!(error(None, Some(6), None), "unsupported colour model 6");
    assert_eq!(
        error(None, None, Some(14)),
        "unsupported channel datatype 14"
    );
    let empty = RawFormat::from_numbers(0, 4, None, None, None);
    let (width, height) = (0, 4);
    assert_eq!(empty, Err(RawFormatError::Empty { width, height }));
}

#[test]
fn a_size_that_no_memory_holds_is_none() {
    let largest = |pixel_format, model, ty| {
        let format = RawFormat::from_numbers(u32::MAX, u32::MAX, pixel_format, model, ty);
        format.unwrap().byte_size()
    };
    assert_eq!(largest(None, Some(3), Some(35)), None);
    assert_eq!(largest(Some(39), None, None), None);
    assert_eq!(largest(Some(27), None, None), None);
}

#[test]
fn a_record_states_the_format_it_was_made_from() {
    for (pixel_format, model, ty) in [(Some(131), None, None), (None, Some(5), Some(33))] {
        let format = RawFormat::from_numbers(640, 7, pixel_format, model, ty).unwrap();
        let config = format.config();
        assert_eq!(config.codec, Codec::Raw);
        assert_eq!(RawFormat::from_record(&config.record), Ok(format));
        let (len, needed) = (10, 11);
        let cut = RawFormat::from_record(&config.record[1..]);
        assert_eq!(cut, Err(RawFormatError::Record { len, needed }));
    }
}
