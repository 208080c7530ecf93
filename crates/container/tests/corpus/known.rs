//! The differences that are known, one by one, each with its reason.

use crate::compare::Kind;

/// A difference that is known.
pub(crate) struct Known {
    /// The file's name.
    pub(crate) file: &'static str,
    /// What differs.
    pub(crate) kind: Kind,
    /// Why that is right, or will stay.
    #[expect(dead_code, reason = "for whoever reads the list")]
    pub(crate) reason: &'static str,
}

const fn known(file: &'static str, kind: Kind, reason: &'static str) -> Known {
    Known { file, kind, reason }
}

/// All of them.
pub(crate) const KNOWN: &[Known] = &[
    known(
        "fate__videotest.ogv",
        Kind::Open,
        "Ogg is not read, and said to be",
    ),
    known(
        "androidx__sample_h262_mpeg_audio.ts",
        Kind::Codec,
        "MPEG-2 video is not read, and said to be",
    ),
    known(
        "libwebm__block_ends_beyond_cluster.mkv",
        Kind::Codec,
        "Microsoft MPEG-4 is not read, and said to be",
    ),
    known(
        "fate__ref_10.avi",
        Kind::Rate,
        "the header's 2397/100; ffprobe rounds to a usual rate",
    ),
    known(
        "dav1d__test5606.obu",
        Kind::Rate,
        "the sequence header's; FFmpeg guesses without times",
    ),
    known(
        "dav1d__test5606.obu",
        Kind::Size,
        "the largest size of the sequence; its frames are smaller",
    ),
    known(
        "dav1d__Syntax_AV1_mainb8ss420_432x240_001_vq_aom_ctest_4.2.stripped.ivf",
        Kind::Aspect,
        "AV1 render size is no statement about pixels",
    ),
    known(
        "fate__frame_size_change.mp4",
        Kind::Size,
        "the first frame's; ffprobe gives the container's",
    ),
    known(
        "mediasdk__test_stream.265",
        Kind::Size,
        "the parameter sets'; FFmpeg does not decode any of it",
    ),
    known(
        "mbrn26x__input-sps-pps-non-idr-sps-pps-idr.h264",
        Kind::Size,
        "the first parameter set's; nothing is decodable",
    ),
    known(
        "mbrn26x__input-sps-pps-non-idr-sps-pps-idr.h264",
        Kind::Shown,
        "nothing is decodable, and only a decoder can know",
    ),
    known(
        "frext__FRExt2_Panasonic.avc",
        Kind::Count,
        "two fields are one sample here",
    ),
    known(
        "frext__FRExt2_Panasonic.avc",
        Kind::Keys,
        "two fields are one sample here",
    ),
    known(
        "frext__HCAFF1_HHI.264",
        Kind::Count,
        "two fields are one sample here",
    ),
    known(
        "frext__freh6.264",
        Kind::Count,
        "two fields are one sample here",
    ),
    known(
        "mdx__Sony ILCE-7M3 (A7M3).mts",
        Kind::Count,
        "two fields are one sample here",
    ),
    known(
        "tsduck__test-026.ts",
        Kind::Count,
        "two fields are one sample here",
    ),
    known(
        "tsduck__test-093.1.ts",
        Kind::Count,
        "two fields are one sample here",
    ),
    known(
        "tsduck__test-093.1.ts",
        Kind::Keys,
        "two fields are one sample here",
    ),
    known(
        "mbrn26x__input-10-no-vps-sps-pps.h265",
        Kind::Keys,
        "without parameter sets decoding can start nowhere",
    ),
    known(
        "mbrn26x__input-irap-pss-no-irap.h265",
        Kind::Keys,
        "its first key frame comes before its parameter sets",
    ),
    known(
        "nestegg__seek_encrypted.webm",
        Kind::Keys,
        "the container's; ffprobe looks into the encrypted bytes",
    ),
    known(
        "nestegg__issue76.webm",
        Kind::Count,
        "its one sample of one byte; FFmpeg stops before",
    ),
    known(
        "nestegg__issue76.webm",
        Kind::Keys,
        "its one sample of one byte; FFmpeg stops before",
    ),
    known(
        "libwebm__cues_before_clusters.webm",
        Kind::Keys,
        "its samples are placeholders, no VP8",
    ),
    known(
        "libwebm__invalid_vp9_bitstream-bug_1416.webm",
        Kind::Keys,
        "its samples are damaged",
    ),
    known(
        "dav1d__asan_dav1d_fuzzer-5634614945644544.ivf",
        Kind::Keys,
        "damaged on purpose",
    ),
    known(
        "dav1d__asan_dav1d_fuzzer-5634614945644544.ivf",
        Kind::Size,
        "damaged on purpose",
    ),
    known(
        "dav1d__asan_dav1d_fuzzer-5673101040287744.ivf",
        Kind::Keys,
        "damaged on purpose",
    ),
    known(
        "dav1d__asan_dav1d_fuzzer-5673101040287744.ivf",
        Kind::Size,
        "damaged on purpose",
    ),
    known(
        "dav1d__msan_dav1d_fuzzer-5657755306688512.ivf",
        Kind::Keys,
        "damaged on purpose",
    ),
    known(
        "dav1d__msan_dav1d_fuzzer-5657755306688512.ivf",
        Kind::Size,
        "damaged on purpose",
    ),
    known(
        "dav1d__ubsan_dav1d_fuzzer-5652082695077888.ivf",
        Kind::Size,
        "damaged on purpose",
    ),
];
